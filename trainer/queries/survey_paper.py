"""Questionnaires copied from paper: what waits for a second person."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, select

from trainer.domain.actors import Actor
from trainer.domain.survey import SheetState, Wave
from trainer.models.account import Account
from trainer.models.enrolment import Enrolment
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.survey import SurveySheet
from trainer.permissions import Permission
from trainer.queries.scoping import Page, fetch_page
from trainer.queries.survey_sheet import reach


@dataclass(frozen=True)
class PaperRow:
    """A sheet that one person copied from paper; `is_own`: whoever looks did, and so cannot be the second.
    `is_checked`: there is a second copy, and it differs."""

    id: int
    wave: Wave
    answered_on: date
    name: str
    seat: int | None
    cohort_id: int
    cohort: str
    entered_name: str | None
    is_checked: bool
    is_own: bool


def papers_page(actor: Actor, *, page: int = 1, per_page: int = 20) -> Page[PaperRow]:
    """Sheets that wait for a second person, the longest first: two statements."""
    own = case((SurveySheet.entered_by == actor.account_id, 1), else_=0)
    statement = (
        select(
            *(SurveySheet.id, SurveySheet.wave, SurveySheet.answered_on, Person.name, Enrolment.seat_number),
            *(Cohort.id.label("cohort_id"), Cohort.name.label("cohort"), Account.name.label("by")),
            *(SurveySheet.checked_by.is_not(None), own.label("own")),
        )
        .join(Enrolment, Enrolment.id == SurveySheet.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(Account, Account.id == SurveySheet.entered_by)
        .where(SurveySheet.state == SheetState.ENTERED, reach(actor, Permission.CONDUCT_SURVEYS))
        .order_by(SurveySheet.answered_at, SurveySheet.id)
    )
    return fetch_page(statement, lambda row: PaperRow(*row[:-1], bool(row[-1])), page=page, per_page=per_page)
