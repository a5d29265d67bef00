"""Who sends sales data: women by county and by cohort, those to remind, and the staff who are near them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, Text, case, cast, distinct, exists, func, or_, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.actors import Actor, Role, regions_above
from trainer.domain.days import day_begins
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.people import mask_phone
from trainer.domain.programme import Track
from trainer.domain.reporting import (
    RECENT,
    REMINDER,
    SILENT,
    Duty,
    Reporting,
    ReportingLine,
    SilentWoman,
    lines_of,
    nearest,
)
from trainer.models.account import Account, RoleGrant
from trainer.models.enrolment import Enrolment
from trainer.models.message import Delivery, Message
from trainer.models.outcomes import EnrolmentOutcome
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.region import Region
from trainer.models.sales import Shop
from trainer.permissions import Permission
from trainer.queries.cohort import visible_cohorts
from trainer.queries.person import is_here
from trainer.queries.region import region_names
from trainer.queries.scoping import Page, fetch_page


@dataclass(frozen=True)
class Wanted:
    """What the board is cut to."""

    programme_id: int | None = None
    cohort_id: int | None = None
    county: str = ""
    state: Reporting | None = None


def list_counties(actor: Actor, wanted: Wanted, today: date) -> list[tuple[str, ReportingLine]]:
    """(city and county, women) by where they live, each woman once; where most are silent first."""
    state = _state(today).label("state")
    rows = _women(actor, wanted).add_columns(Person.region_code, state, func.count(distinct(Person.id)))
    lines = lines_of(db.session.execute(rows.group_by(Person.region_code, state).order_by(Person.region_code)))
    names = region_names({code for line in lines for code in (line.key, regions_above(line.key)[1])})
    lines.sort(key=lambda line: -line.silent)
    return [(_place(line.key, names), line) for line in lines]


def _place(code: str, names: dict[str, str]) -> str:
    """大同市 云州区: four cities have a 城区."""
    return " ".join(
        dict.fromkeys(names.get(one, one) for one in (regions_above(code)[1], code) if one in names or one == code)
    )


def cohorts_page(actor: Actor, wanted: Wanted, today: date, *, page: int, per_page: int) -> Page:
    """(name, women) by cohort, the latest course first."""
    state = _state(today)
    counts = [func.count(case((state == one, 1))) for one in Reporting]
    rows = _women(actor, wanted).add_columns(Cohort.id, Cohort.name, *counts).group_by(Cohort.id, Cohort.name)
    rows = rows.order_by(func.max(Cohort.ends_on).desc(), Cohort.id.desc())
    return fetch_page(rows, _cohort_line, page=page, per_page=per_page)


def _cohort_line(row) -> tuple[str, ReportingLine]:
    id_, name, *counts = row
    return name, ReportingLine(id_, dict(zip(Reporting, counts, strict=True)))


def silent_page(actor: Actor, wanted: Wanted, today: date, *, page: int, per_page: int) -> Page[SilentWoman]:
    """Those who have sent nothing first, then whose data are oldest."""
    return fetch_page(_silent(actor, wanted, today), _silent_woman, page=page, per_page=per_page)


def list_silent(actor: Actor, wanted: Wanted, today: date, *, limit: int) -> list[SilentWoman]:
    rows = db.session.execute(_silent(actor, wanted, today).limit(limit))
    return [_silent_woman(row) for row in rows]


def list_to_remind(actor: Actor, wanted: Wanted, today: date, *, limit: int) -> list[SilentWoman]:
    """Of them those to whom she may write and who have not been reminded in this month."""
    fresh = (
        select(Delivery.id)
        .join(Message, Message.id == Delivery.message_id)
        .where(Delivery.person_id == Person.id, Message.code == REMINDER)
        .where(Message.created_at >= day_begins(today.replace(day=1)))
    )
    rows = _silent(actor, wanted, today).where(visible_cohorts(actor, Permission.SEND_MESSAGES), ~exists(fresh))
    return [_silent_woman(row) for row in db.session.execute(rows.limit(limit))]


def _women(actor: Actor, wanted: Wanted) -> Select:
    """Graduates, and women on a roll who have a shop: of whom there can be data. Cadres do not learn to sell."""
    sells = exists().where(Shop.person_id == Enrolment.person_id)
    graduate = EnrolmentOutcome.completed_on.is_not(None) & (Cohort.track != Track.CADRE)
    of_them = or_(graduate, Enrolment.status.in_(ON_THE_ROLL) & sells)
    rows = (
        select()
        .select_from(EnrolmentOutcome)
        .join(Enrolment, Enrolment.id == EnrolmentOutcome.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == EnrolmentOutcome.cohort_id)
        .where(visible_cohorts(actor, Permission.VIEW_OUTCOMES), of_them, is_here())
    )
    if wanted.programme_id:
        rows = rows.where(Cohort.programme_id == wanted.programme_id)
    if wanted.cohort_id:
        rows = rows.where(Cohort.id == wanted.cohort_id)
    return rows.where(Person.region_code == wanted.county) if wanted.county else rows


def _state(today: date) -> ColumnElement[str]:
    reach, sources = EnrolmentOutcome.reach_on, cast(EnrolmentOutcome.sources, Text)
    only_typed = sources.contains('"typed"') & ~sources.contains('"files"')
    return case(
        (reach.is_(None), Reporting.NONE.value),
        (reach < today - RECENT, Reporting.OLDER.value),
        (only_typed, Reporting.TYPED.value),
        else_=Reporting.RECENT.value,
    )


def _silent(actor: Actor, wanted: Wanted, today: date) -> Select:
    reach, twin, figures = EnrolmentOutcome.reach_on, aliased(Enrolment), aliased(EnrolmentOutcome)
    # Once, in her latest cohort: the one with the highest number among those that have figures.
    later = exists().where(
        twin.person_id == Enrolment.person_id, twin.id > Enrolment.id, figures.enrolment_id == twin.id
    )
    reminded = (
        select(func.max(Message.created_at))
        .join(Delivery, Delivery.message_id == Message.id)
        .where(Delivery.person_id == Person.id, Message.code == REMINDER)
        .scalar_subquery()
    )
    state = _state(today)
    silent = [wanted.state] if wanted.state in SILENT else SILENT
    return (
        _women(actor, wanted)
        .join(Region, Region.code == Person.region_code)
        .add_columns(
            *(Person.id, Enrolment.id, Person.name, Person.phone, Person.region_code, Region.name),
            *(Cohort.id, Cohort.name, Cohort.region_code, Cohort.teacher_name, Cohort.teacher_phone),
            *(state, reach, reminded),
        )
        .where(or_(reach.is_(None), reach < today - RECENT), state.in_(silent), ~later)
        .order_by(reach.is_not(None), reach, Person.name_pinyin, Person.id)
    )


def _silent_woman(row) -> SilentWoman:
    person, enrolment, name, phone, region, county, *rest, state, reach_on, reminded_at = row
    shown = mask_phone(phone) if phone else ""
    return SilentWoman(person, enrolment, name, shown, region, county, *rest, Reporting(state), reach_on, reminded_at)


def list_duties() -> list[Duty]:
    """Staff of classes and areas who can sign in."""
    rows = db.session.execute(
        select(Account.name, RoleGrant.region_code, RoleGrant.cohort_id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.role == Role.COHORT_STAFF, Account.active)
    )
    return [Duty(*row) for row in rows]


def who_reminds(women: list[SilentWoman]) -> dict[int, list[str]]:
    """By person: the staff nearest to her; one statement."""
    duties = list_duties() if women else []
    return {one.person_id: nearest(duties, one.cohort_id, (one.region_code, one.cohort_region)) for one in women}
