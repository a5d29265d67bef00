"""Who may apply: every woman of the cohorts in a selection's area with how she stands to its conditions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select, true
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.actors import Actor, region_prefix
from trainer.domain.certificate import CertificateState
from trainer.domain.eligibility import (
    Condition,
    Eligibility,
    Facts,
    Standing,
    Verdict,
    is_near_miss,
    judge,
    overall,
)
from trainer.domain.selection import ApplicationState
from trainer.models.application import Application
from trainer.models.certificate import Certificate
from trainer.models.enrolment import Enrolment
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.region import Region
from trainer.models.sales import Livestream, Shop
from trainer.permissions import Permission
from trainer.queries.candidate import MAY_APPLY
from trainer.queries.figures import attended_minutes, net_sales
from trainer.queries.scoping import visible
from trainer.queries.selection import Stage

# From here upwards a platform's own file says that there was a broadcast.
FROM_A_FILE = 2


@dataclass(frozen=True)
class Woman:
    """A woman who is in training or has completed it: by the enrolment whose attendance is looked at."""

    enrolment_id: int
    person_id: int
    cohort_id: int
    joined_on: date
    name: str
    village: str | None
    cohort: str
    region_code: str
    region: str
    application_id: int | None = None
    code: str | None = None
    state: ApplicationState | None = None
    certificates: int = 0
    listed: int = 0
    typed: int = 0


@dataclass(frozen=True)
class EligibilityRow:
    """A woman with her verdicts, in the order of the conditions."""

    woman: Woman
    verdicts: tuple[Verdict, ...]

    @property
    def overall(self) -> Standing:
        return overall(self.verdicts)

    @property
    def is_near_miss(self) -> bool:
        return is_near_miss(self.verdicts)

    @property
    def is_candidate(self) -> bool:
        return self.woman.state is ApplicationState.SUBMITTED


def list_eligibility(
    selection_id: int,
    region_code: str,
    asked: Eligibility,
    *,
    at: datetime,
    only: ColumnElement[bool] | None = None,
) -> list[EligibilityRow]:
    """By name; a woman of several cohorts once, by the enrolment she applied with, else the newest one. One statement
    for the women, three more where attendance is asked about, two where sales are."""
    women = _once_each(db.session.execute(_women(selection_id, region_code, asked, only, at)))
    facts = _facts(women, asked, at=at)
    return [EligibilityRow(woman, judge(asked, facts[woman.person_id])) for woman in women]


def get_eligibility(
    selection_id: int, region_code: str, eligibility: Mapping, person_id: int, *, at: datetime
) -> EligibilityRow | None:
    """One woman's standing; None where she is in no cohort of the area, in training or having completed it."""
    asked, hers = Eligibility.of(eligibility), Enrolment.person_id == person_id
    return next(iter(list_eligibility(selection_id, region_code, asked, at=at, only=hers)), None)


def get_by_enrolment(stage: Stage, enrolment_id: int, *, at: datetime) -> EligibilityRow | None:
    """The woman of an enrolment in the selection's area."""
    asked, one = Eligibility.of(stage.eligibility), Enrolment.id == enrolment_id
    return next(iter(list_eligibility(stage.id, stage.region_code, asked, at=at, only=one)), None)


def list_in_reach(actor: Actor, stage: Stage, *, at: datetime, enrolment_id: int | None = None) -> list[EligibilityRow]:
    """Women whom the actor may fill an application in for, or the one of an enrolment."""
    which = within_reach(actor)
    if enrolment_id is not None:
        which = and_(which, Enrolment.id == enrolment_id)
    return list_eligibility(stage.id, stage.region_code, Eligibility.of(stage.eligibility), at=at, only=which)


def within_reach(actor: Actor):
    """Women whom the actor may fill an application in for: their cohort lies within reach."""
    return visible(actor, Permission.FILE_APPLICATIONS, region=Cohort.region_code, cohort=Cohort.id)


def _women(selection_id: int, region_code: str, asked: Eligibility, only, at: datetime) -> Select:
    """With certificates and broadcasts beside each, where they are asked about."""
    applied = case((Application.enrolment_id == Enrolment.id, 0), else_=1)
    wanted, nothing = set(asked.asked), literal(0)
    certificates = _certificates() if Condition.CERTIFICATE in wanted else nothing
    listed, typed = _broadcasts(at) if Condition.BROADCASTS in wanted else (nothing, nothing)
    return (
        select(
            *(Enrolment.id, Enrolment.person_id, Enrolment.cohort_id, Enrolment.joined_on),
            *(Person.name, Person.village, Cohort.name, Person.region_code, Region.name),
            *(Application.id, Application.code, Application.state, certificates, listed, typed),
        )
        .join(Person, Person.id == Enrolment.person_id)
        .join(Region, Region.code == Person.region_code)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(
            Application, (Application.person_id == Enrolment.person_id) & (Application.selection_id == selection_id)
        )
        .where(
            Cohort.region_code.startswith(region_prefix(region_code)),
            Enrolment.status.in_(MAY_APPLY),
            Person.merged_into_id.is_(None),
            true() if only is None else only,
        )
        .order_by(Person.name_pinyin, Person.id, applied, Cohort.starts_on.desc(), Cohort.id.desc())
    )


def _certificates():
    place = aliased(Enrolment)
    return (
        select(func.count())
        .select_from(Certificate)
        .join(place, place.id == Certificate.enrolment_id)
        .where(place.person_id == Person.id, Certificate.state == CertificateState.VALID)
        .correlate(Person)
        .scalar_subquery()
    )


def _broadcasts(at: datetime):
    """Those from platforms' files, those typed in; what a decision took out does not count."""
    hers = (
        select(func.count())
        .select_from(Livestream)
        .join(Shop, Shop.id == Livestream.shop_id)
        .where(Shop.person_id == Person.id, Livestream.excluded_by.is_(None), Livestream.started_at <= at)
        .correlate(Person)
    )
    listed = hers.where(Livestream.trust >= FROM_A_FILE)
    return listed.scalar_subquery(), hers.where(Livestream.trust < FROM_A_FILE).scalar_subquery()


def _once_each(rows) -> list[Woman]:
    found: dict[int, Woman] = {}
    for row in rows:
        found.setdefault(row.person_id, Woman(*row))
    return list(found.values())


def _facts(women: Sequence[Woman], asked: Eligibility, *, at: datetime) -> dict[int, Facts]:
    """By person, only what is asked about."""
    people, wanted = [woman.person_id for woman in women], set(asked.asked)
    minutes = attended_minutes(women) if Condition.ATTENDANCE in wanted and women else {}
    sales = net_sales(people, at=at) if Condition.NET_SALES in wanted else {}
    found = {}
    for woman in women:
        attended, counted = minutes.get(woman.enrolment_id, (0, 0))
        net = sales.get(woman.person_id, (None,))[0]
        found[woman.person_id] = Facts(
            woman.region_code, attended, counted, woman.certificates, woman.listed, woman.typed, net
        )
    return found
