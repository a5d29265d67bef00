"""Candidates of a selection as staff know them, and the women who may become one."""

from dataclasses import dataclass

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.actors import Actor, region_prefix
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.selection import ApplicationState
from trainer.models.application import Application
from trainer.models.enrolment import Enrolment
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.review import Assignment
from trainer.models.selection import Candidacy
from trainer.permissions import Permission
from trainer.queries.scoping import Page, contains, fetch_page, visible
from trainer.queries.selection import Stage

MAY_APPLY = (EnrolmentStatus.ACTIVE, EnrolmentStatus.COMPLETED)


@dataclass(frozen=True)
class CandidateRow:
    """A line of the list of candidates: for staff, who know her name."""

    id: int
    code: str | None
    name: str
    village: str | None
    cohort: str
    has_plan: bool
    state: ApplicationState
    readers: int


def candidates_page(
    stage: Stage, *, text: str = "", without_plan: bool = False, page: int = 1, per_page: int = 20
) -> Page[CandidateRow]:
    readers = (
        select(func.count())
        .where(
            Assignment.application_id == Application.id,
            Assignment.round_id == stage.round.id,
            Assignment.withdrawn_at.is_(None),
        )
        .scalar_subquery()
    )
    statement = (
        select(
            Application.id,
            Application.code,
            Person.name,
            Person.village,
            Cohort.name,
            Application.plan != "",
            Application.state,
            readers,
        )
        .join(Person, Person.id == Application.person_id)
        .join(Enrolment, Enrolment.id == Application.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Candidacy, (Candidacy.application_id == Application.id) & (Candidacy.round_id == stage.round.id))
        .order_by(Application.id)
    )
    if text:
        statement = statement.where(
            contains(Person.name, text) | contains(Person.name_initials, text.lower()) | (Application.code == text)
        )
    if without_plan:
        statement = statement.where(Application.plan == "")
    return fetch_page(statement, lambda row: CandidateRow(*row), page=page, per_page=per_page)


@dataclass(frozen=True)
class CandidateView:
    """One candidate for staff, with the text the evaluators read."""

    id: int
    version: int
    code: str | None
    title: str
    plan: str
    state: ApplicationState
    person_id: int
    enrolment_id: int
    name: str
    village: str | None
    cohort: str


def get_candidate(selection_id: int, application_id: int) -> CandidateView | None:
    row = db.session.execute(
        select(
            Application.id,
            Application.version,
            Application.code,
            Application.title,
            Application.plan,
            Application.state,
            Person.id,
            Application.enrolment_id,
            Person.name,
            Person.village,
            Cohort.name,
        )
        .join(Person, Person.id == Application.person_id)
        .join(Enrolment, Enrolment.id == Application.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Application.id == application_id, Application.selection_id == selection_id)
    ).one_or_none()
    return None if row is None else CandidateView(*row)


@dataclass(frozen=True)
class CohortChoice:
    id: int
    code: str
    name: str
    region_code: str
    eligible: int


def list_cohorts_for(actor: Actor, region_code: str) -> list[CohortChoice]:
    """Cohorts within the selection's area that the actor may see, with how many women could be candidates."""
    rows = db.session.execute(
        select(Cohort.id, Cohort.code, Cohort.name, Cohort.region_code, func.count(Enrolment.id))
        .outerjoin(Enrolment, (Enrolment.cohort_id == Cohort.id) & Enrolment.status.in_(MAY_APPLY))
        .where(
            Cohort.region_code.startswith(region_prefix(region_code)),
            visible(actor, Permission.VIEW_COHORT, region=Cohort.region_code, cohort=Cohort.id),
        )
        .group_by(Cohort.id, Cohort.code, Cohort.name, Cohort.region_code)
        .order_by(Cohort.code)
    )
    return [CohortChoice(*row) for row in rows]


@dataclass(frozen=True)
class EligibleRow:
    """A woman of a cohort who may become a candidate, or is one; `state`: of the application she has."""

    enrolment_id: int
    person_id: int
    seat_number: int
    name: str
    village: str | None
    status: EnrolmentStatus
    code: str | None
    state: ApplicationState | None

    @property
    def is_free(self) -> bool:
        """Neither a candidate nor led to other support."""
        return self.state not in (ApplicationState.SUBMITTED, ApplicationState.REFERRED)


def list_eligible(selection_id: int, cohort_id: int) -> list[EligibleRow]:
    rows = db.session.execute(
        select(
            Enrolment.id,
            Enrolment.person_id,
            Enrolment.seat_number,
            Person.name,
            Person.village,
            Enrolment.status,
            Application.code,
            Application.state,
        )
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(
            Application, (Application.person_id == Enrolment.person_id) & (Application.selection_id == selection_id)
        )
        .where(Enrolment.cohort_id == cohort_id, Enrolment.status.in_(MAY_APPLY), Person.merged_into_id.is_(None))
        .order_by(Enrolment.seat_number)
    )
    return [EligibleRow(*row) for row in rows]
