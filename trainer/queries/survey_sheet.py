"""One sheet of a questionnaire as staff see it: its woman, how it came about, the calls made about it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.actors import Actor, Scope
from trainer.domain.enrolment import ON_THE_ROLL, EnrolmentStatus
from trainer.domain.follow_up import FollowUpKind, FollowUpOutcome, FollowUpPurpose
from trainer.domain.people import mask_phone
from trainer.domain.survey import SheetState, SurveyMode, Wave
from trainer.models.account import Account
from trainer.models.enrolment import Enrolment
from trainer.models.follow_up import FollowUp
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.survey import SurveySheet
from trainer.permissions import Permission
from trainer.queries.person import is_here
from trainer.queries.scoping import visible

_caller, _entered_by = aliased(Account), aliased(Account)


@dataclass(frozen=True)
class SheetHead:
    """One sheet as the pages of staff show it; her phone masked."""

    id: int
    wave: Wave
    state: SheetState
    mode: SurveyMode | None
    due_on: date
    answered_on: date | None
    entry: int
    entered_by: int | None
    checked_by: int | None
    caller_id: int | None
    reminders: int
    reason: str | None
    version: int
    enrolment_id: int
    seat: int | None
    status: EnrolmentStatus
    person_id: int
    name: str
    phone: str
    village: str | None
    cohort_id: int
    cohort: str
    region_code: str
    caller: str | None
    entered_name: str | None
    starts_on: date
    ends_on: date

    @property
    def last_on(self) -> date:
        """The last day on which she may answer."""
        return self.wave.span(self.starts_on, self.ends_on)[1]

    @property
    def scope(self) -> Scope:
        return Scope(region_code=self.region_code, cohort_id=self.cohort_id)

    @property
    def is_compared(self) -> bool:
        return self.status not in ON_THE_ROLL


@dataclass(frozen=True)
class CallLine:
    """One call about a questionnaire."""

    day: date
    outcome: FollowUpOutcome
    minutes: int
    words: str | None
    by: str | None


def reach(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """Sheets of classes in which she may do it, of women who were not erased."""
    within = visible(actor, permission, region=Cohort.region_code, cohort=Cohort.id)
    return and_(within, is_here())


def get_sheet_for(actor: Actor, permission: Permission, sheet_id: int) -> SheetHead | None:
    row = db.session.execute(
        select(
            *(SurveySheet.id, SurveySheet.wave, SurveySheet.state, SurveySheet.mode, SurveySheet.due_on),
            *(SurveySheet.answered_on, SurveySheet.entry, SurveySheet.entered_by, SurveySheet.checked_by),
            *(SurveySheet.caller_id, SurveySheet.reminders, SurveySheet.reason, SurveySheet.version),
            *(Enrolment.id, Enrolment.seat_number, Enrolment.status),
            *(Person.id, Person.name, Person.phone, Person.village),
            *(
                Cohort.id,
                Cohort.name,
                Cohort.region_code,
                _caller.name,
                _entered_by.name,
                Cohort.starts_on,
                Cohort.ends_on,
            ),
        )
        .join(Enrolment, Enrolment.id == SurveySheet.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(_caller, _caller.id == SurveySheet.caller_id)
        .outerjoin(_entered_by, _entered_by.id == SurveySheet.entered_by)
        .where(SurveySheet.id == sheet_id, reach(actor, permission))
    ).one_or_none()
    return SheetHead(*row[:18], mask_phone(row[18]), *row[19:]) if row else None


def list_calls_about(sheet_id: int) -> list[CallLine]:
    """The newest first."""
    rows = db.session.execute(
        select(FollowUp.day, FollowUp.outcome, FollowUp.minutes, FollowUp.words, Account.name)
        .select_from(SurveySheet)
        .join(FollowUp, about_sheet())
        .outerjoin(Account, Account.id == FollowUp.by)
        .where(SurveySheet.id == sheet_id)
        .order_by(FollowUp.id.desc())
    )
    return [CallLine(*row) for row in rows]


def list_names(account_ids: Collection[int | None]) -> dict[int, str]:
    """Of those who entered something."""
    return dict(db.session.execute(select(Account.id, Account.name).where(Account.id.in_(account_ids))).all())


def about_sheet(of=FollowUp) -> ColumnElement[bool]:
    """Calls about a questionnaire since the sheet was opened; of one that was taken back nobody knows any more."""
    return and_(
        of.enrolment_id == SurveySheet.enrolment_id,
        of.kind == FollowUpKind.CALL,
        of.purpose == FollowUpPurpose.SURVEY,
        of.taken_back_at.is_(None),
        of.at >= SurveySheet.opened_at,
    )
