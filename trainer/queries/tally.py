"""Tallies as of a day: the history of enrolments read as it stood then, in a few statements whatever the size."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    distinct,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    true,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.actors import Actor, region_prefix
from trainer.domain.attendance import ATTENDED
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.programme import Track
from trainer.domain.sign_up import SignUpState
from trainer.domain.tally import (
    ALL,
    BROADCAST,
    CAME,
    CERTIFICATES,
    SHOP,
    SOLD,
    WAITING,
    Count,
    Level,
    Question,
    Tally,
    TallyBy,
)
from trainer.models.attendance import Attendance
from trainer.models.certificate import Certificate
from trainer.models.enrolment import Enrolment, EnrolmentEvent
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.region import Region
from trainer.models.sales import Livestream, OrderLine, Shop
from trainer.models.sign_up import SignUp
from trainer.models.site import Site
from trainer.permissions import Permission
from trainer.queries.cohort import visible_cohorts
from trainer.queries.scoping import visible

_Kept = aliased(Person)  # the record that speaks for one that was merged
_Twin = aliased(Enrolment)


def count_as_of(actor: Actor, question: Question) -> Tally:
    """Four statements."""
    tally = Tally()
    places = as_of_places(actor, question).cte("places")
    _add(tally, db.session.execute(union_all(*roll_up(places, *_parts(places), with_all=True))))
    valid = certificates_as_of(actor, question).cte("valid")
    _add(tally, db.session.execute(union_all(*roll_up(valid, *_parts(valid)))))
    _add_waiting(tally, db.session.execute(_waiting(actor, question)))
    _add_sites(tally, question, db.session.execute(_sites(actor, question)))
    return tally


def as_of_places(actor: Actor, question: Question) -> Select:
    """Every enrolment that existed by the end of the day: its group, its stage, the person who holds it.

    Of a woman whose two records were put together the kept one counts, also for days before; where both had a place
    in one cohort, only the kept one's.
    """
    status = stage_at(question)
    doubled = exists().where(_Twin.cohort_id == Enrolment.cohort_id, _Twin.person_id == Person.merged_into_id)
    return (
        _of_people(
            select(*_head(question), status.label("stage"), _person(), Enrolment.id.label("enrolment"), _seated()),
            question,
        )
        .where(Enrolment.cohort_id.in_(cohorts_asked_for(actor, question)), status.is_not(None))
        .where(or_(Person.merged_into_id.is_(None), ~doubled))
    )


def stage_at(question: Question) -> ColumnElement[str | None]:
    """Where an enrolment stood at the end of the day; None where there was none. Admitted counts with in training."""
    last = (
        select(type_coerce(EnrolmentEvent.status, String))
        .where(EnrolmentEvent.enrolment_id == Enrolment.id, EnrolmentEvent.at < question.until)
        .order_by(EnrolmentEvent.at.desc(), EnrolmentEvent.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return func.replace(last, EnrolmentStatus.ADMITTED.value, EnrolmentStatus.ACTIVE.value)


def roll_up(rows: CTE, *parts: tuple[str, ColumnElement | None], with_all: bool = False) -> list[Select]:
    """For each part (its name, the column that groups it): person-times and people by stage, and with `with_all` once
    more whatever the stage."""
    counts = (func.count(), func.count(distinct(rows.c.person)))
    selects = []
    for name, key in parts:
        grouped = [key] if key is not None else []
        head = (literal(name), cast(key, String) if key is not None else cast(null(), String))
        selects.append(select(*head, rows.c.stage, *counts).group_by(*grouped, rows.c.stage))
        if with_all:
            selects.append(select(*head, literal(ALL), *counts).select_from(rows).group_by(*grouped))
    return selects


def _parts(rows: CTE) -> list[tuple[str, ColumnElement | None]]:
    return [("group", rows.c.key), ("cadre", rows.c.cadre), ("together", None)]


def _add(tally: Tally, rows: Iterable) -> None:
    for part, key, stage, times, people in rows:
        if times:
            _row_of(tally, part, key)[stage] = Count(times, people)


def _row_of(tally: Tally, part: str, key: str | None) -> dict[str, Count]:
    if part == "group":
        return tally.groups.setdefault(key or "", {})
    if part == "cadre":
        return tally.cadres if key == Track.CADRE else tally.trainees
    return tally.together


def _head(question: Question) -> tuple[ColumnElement, ColumnElement]:
    cadre = case((Cohort.track == Track.CADRE, literal(Track.CADRE.value)), else_=literal(""))
    return group_of(question, _kept(Person.kind, _Kept.kind), _kept(Person.region_code, _Kept.region_code)).label(
        "key"
    ), cadre.label("cadre")


def group_of(question: Question, kind: ColumnElement, home: ColumnElement) -> ColumnElement[str | None]:
    """The key of the group that a row falls into; `kind` and `home` are hers."""
    columns = {
        TallyBy.TRACK: type_coerce(Cohort.track, String),
        TallyBy.REGION: area(Cohort.region_code, question.level),
        TallyBy.HOME: area(home, question.level),
        TallyBy.KIND: type_coerce(kind, String),
        TallyBy.SITE: cast(Cohort.site_id, String),
    }
    return columns[question.by]


def area(code: ColumnElement[str], level: Level) -> ColumnElement[str]:
    return func.substr(code, 1, 4).concat("00") if level is Level.CITY else code


def _kept(own: ColumnElement, kept: ColumnElement) -> ColumnElement:
    return case((Person.merged_into_id.is_(None), own), else_=kept)


def _person() -> ColumnElement[int]:
    return func.coalesce(Person.merged_into_id, Person.id).label("person")


def _seated() -> ColumnElement[bool]:
    """Whether she came on the roll, also where she left it again."""
    return Enrolment.seat_number.is_not(None).label("seated")


def _of_people(statement: Select, question: Question) -> Select:
    statement = statement.select_from(Enrolment).join(Cohort, Cohort.id == Enrolment.cohort_id)
    statement = statement.join(Person, Person.id == Enrolment.person_id)
    if question.by in (TallyBy.KIND, TallyBy.HOME):
        statement = statement.outerjoin(_Kept, _Kept.id == Person.merged_into_id)
    return statement


def cohorts_asked_for(actor: Actor, question: Question) -> Select:
    """Those within her reach that the question is about. Asked for as a list, so that their places are found by cohort
    and not among all there are."""
    ids = select(Cohort.id).where(visible_cohorts(actor, Permission.VIEW_TALLIES))
    if question.programme_id:
        ids = ids.where(Cohort.programme_id == question.programme_id)
    if question.region_code:
        ids = ids.where(Cohort.region_code.startswith(region_prefix(question.region_code)))
    if question.track:
        ids = ids.where(Cohort.track == question.track)
    if question.year:
        ids = ids.where(Cohort.starts_on.between(date(question.year, 1, 1), date(question.year, 12, 31)))
    return ids.correlate(None)


def certificates_as_of(actor: Actor, question: Question) -> Select:
    of_people = _of_people(select(*_head(question), literal(CERTIFICATES).label("stage"), _person()), question)
    return of_people.join(Certificate, Certificate.enrolment_id == Enrolment.id).where(
        Enrolment.cohort_id.in_(cohorts_asked_for(actor, question)), *_valid(question)
    )


def _valid(question: Question) -> tuple[ColumnElement[bool], ...]:
    """Issued by then, and neither replaced nor revoked yet at the end of the day."""
    return (
        Certificate.issued_on <= question.as_of,
        or_(Certificate.ended_at.is_(None), Certificate.ended_at >= question.until),
    )


def _waiting(actor: Actor, question: Question) -> Select:
    """Sent in and not settled at the end of the day."""
    key = group_of(question, SignUp.kind, SignUp.region_code).label("key")
    cadre = (Cohort.track == Track.CADRE).label("is_cadre")
    still = or_(SignUp.state == SignUpState.OPEN, SignUp.settled_at >= question.until)
    return (
        select(key, cadre, func.count())
        .select_from(SignUp)
        .join(Cohort, Cohort.id == SignUp.cohort_id)
        .where(SignUp.cohort_id.in_(cohorts_asked_for(actor, question)), SignUp.at < question.until, still)
        .group_by("key", "is_cadre")
    )


def _add_waiting(tally: Tally, rows: Iterable) -> None:
    for key, cadre, number in rows:
        for row in (tally.groups.setdefault(key or "", {}), tally.cadres if cadre else tally.trainees, tally.together):
            row[WAITING] = Count(row.get(WAITING, Count()).times + number, None)


def _sites(actor: Actor, question: Question) -> Select:
    """Within her area: opened by then and not closed on the day or before."""
    wanted = Site.region_code.startswith(region_prefix(question.region_code)) if question.region_code else true()
    return (
        select(area(Site.region_code, question.level).label("area"), Site.kind, func.count())
        .where(
            *(visible(actor, Permission.VIEW_TALLIES, region=Site.region_code), wanted),
            *(Site.opened_on <= question.as_of, or_(Site.closed_on.is_(None), Site.closed_on > question.as_of)),
        )
        .group_by("area", Site.kind)
    )


def _add_sites(tally: Tally, question: Question, rows: Iterable) -> None:
    for code, kind, number in rows:
        tally.sites_by_kind[kind] = tally.sites_by_kind.get(kind, 0) + number
        if question.by in (TallyBy.REGION, TallyBy.HOME):
            tally.sites[code] = tally.sites.get(code, 0) + number
            tally.groups.setdefault(code, {})


def regions_to_tally(actor: Actor) -> list[tuple[str, str]]:
    """(code, name) of the cities and counties where a cohort of hers is held."""
    held = select(Cohort.region_code).where(visible_cohorts(actor, Permission.VIEW_TALLIES))
    cities = select(area(Cohort.region_code, Level.CITY)).where(visible_cohorts(actor, Permission.VIEW_TALLIES))
    rows = select(Region.code, Region.name).where(or_(Region.code.in_(held), Region.code.in_(cities)))
    return [tuple(row) for row in db.session.execute(rows.order_by(Region.code))]


def behind(column: str, places, question: Question) -> ColumnElement[bool]:
    """Which of the places a column of a tally or of the board counts."""
    with_place = places.stage.in_([EnrolmentStatus.ACTIVE, EnrolmentStatus.COMPLETED, EnrolmentStatus.NOT_COMPLETED])
    sellers = select(Shop.person_id)
    came = exists().where(Attendance.enrolment_id == places.enrolment, Attendance.status.in_(list(ATTENDED)))
    clauses = {
        ALL: true(),
        CERTIFICATES: exists().where(Certificate.enrolment_id == places.enrolment, *_valid(question)),
        CAME: came,
        SHOP: and_(with_place, places.person.in_(sellers)),
        BROADCAST: and_(with_place, places.person.in_(sellers.join(Livestream, Livestream.shop_id == Shop.id))),
        SOLD: and_(
            with_place,
            places.person.in_(sellers.join(OrderLine, OrderLine.shop_id == Shop.id).where(OrderLine.paid_fen > 0)),
        ),
    }
    return clauses.get(column, places.stage == column)
