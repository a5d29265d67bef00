"""Applications as staff read them: what was written, by whom, its pictures, its history and where she was referred to."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.application import Content, uses_of
from trainer.domain.selection import ApplicationState, ReferralKind, RoundState
from trainer.models.account import Account
from trainer.models.application import Application, ApplicationEvent, ApplicationFile, Referral
from trainer.models.enrolment import Enrolment
from trainer.models.file import StoredFile
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.selection import Round, Selection
from trainer.queries.eligibility import within_reach
from trainer.queries.region import region_above


@dataclass(frozen=True)
class FileRow:
    position: int
    words: str
    added_at: datetime


@dataclass(frozen=True)
class Written:
    """An application with its pictures; `filled_in_by`: who wrote it for her, nobody where she did herself."""

    id: int
    version: int
    code: str | None
    state: ApplicationState
    content: Content
    created_at: datetime
    submitted_at: datetime | None
    filled_in_by: str | None
    files: tuple[FileRow, ...]


def get_written(selection_id: int, person_id: int) -> Written | None:
    """Two statements."""
    row = db.session.execute(
        select(Application, Account.name, Account.person_id)
        .outerjoin(Account, Account.id == Application.created_by)
        .where(Application.selection_id == selection_id, Application.person_id == person_id)
    ).one_or_none()
    if row is None:
        return None
    found, filled_in_by, account_of = row
    return Written(
        id=found.id,
        version=found.version,
        code=found.code,
        state=found.state,
        content=Content(found.title, found.plan, found.amount_fen, uses_of(found.uses)),
        created_at=found.created_at,
        submitted_at=found.submitted_at,
        filled_in_by=None if account_of == person_id else filled_in_by,
        files=_files(found.id),
    )


def _files(application_id: int) -> tuple[FileRow, ...]:
    rows = db.session.execute(
        select(ApplicationFile.position, ApplicationFile.words, ApplicationFile.added_at)
        .where(
            ApplicationFile.application_id == application_id,
            ApplicationFile.removed_at.is_(None),
            ApplicationFile.file_id.is_not(None),
        )
        .order_by(ApplicationFile.position)
    )
    return tuple(FileRow(*row) for row in rows)


def get_file(selection_id: int, person_id: int, position: int) -> StoredFile | None:
    return db.session.scalar(
        select(StoredFile)
        .join(ApplicationFile, ApplicationFile.file_id == StoredFile.id)
        .join(Application, Application.id == ApplicationFile.application_id)
        .where(
            Application.selection_id == selection_id,
            Application.person_id == person_id,
            ApplicationFile.position == position,
            ApplicationFile.removed_at.is_(None),
        )
    )


@dataclass(frozen=True)
class EventRow:
    """A step of an application; `by` is nobody where she took it herself or the system did."""

    state: ApplicationState
    at: datetime
    by: str | None
    reason: str


def list_events(application_id: int) -> list[EventRow]:
    rows = db.session.execute(
        select(ApplicationEvent.state, ApplicationEvent.at, Account.name, ApplicationEvent.reason)
        .outerjoin(Account, Account.id == ApplicationEvent.by)
        .where(ApplicationEvent.application_id == application_id)
        .order_by(ApplicationEvent.id)
    )
    return [EventRow(*row) for row in rows]


@dataclass(frozen=True)
class ReferralRow:
    """Where a woman was led to; `outcome` is empty as long as nobody has said what came of it."""

    id: int
    application_id: int
    code: str
    name: str
    village: str | None
    cohort: str
    kind: ReferralKind
    to_whom: str
    note: str
    at: datetime
    outcome: str
    outcome_at: datetime | None


def list_referrals(selection_id: int, *, person_id: int | None = None) -> list[ReferralRow]:
    """The newest first."""
    statement = (
        select(
            *(Referral.id, Referral.application_id, Application.code, Person.name, Person.village, Cohort.name),
            *(Referral.kind, Referral.to_whom, Referral.note, Referral.at, Referral.outcome, Referral.outcome_at),
        )
        .join(Application, Application.id == Referral.application_id)
        .join(Person, Person.id == Application.person_id)
        .join(Enrolment, Enrolment.id == Application.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Application.selection_id == selection_id)
        .order_by(Referral.at.desc(), Referral.id.desc())
    )
    if person_id is not None:
        statement = statement.where(Application.person_id == person_id)
    return [ReferralRow(*row) for row in db.session.execute(statement)]


@dataclass(frozen=True)
class Tally:
    """How many applications of a selection stand where; `open_referrals`: nobody has said what came of them."""

    drafts: int
    submitted: int
    referrals: int
    open_referrals: int


def count_applications(selection_id: int) -> Tally:
    """One statement."""
    of_state = [
        select(func.count()).where(Application.selection_id == selection_id, Application.state == state)
        for state in (ApplicationState.DRAFT, ApplicationState.SUBMITTED)
    ]
    referrals = (
        select(func.count())
        .select_from(Referral)
        .join(Application, Application.id == Referral.application_id)
        .where(Application.selection_id == selection_id)
    )
    counts = (*of_state, referrals, referrals.where(Referral.outcome_at.is_(None)))
    return Tally(*db.session.execute(select(*(count.scalar_subquery() for count in counts))).one())


@dataclass(frozen=True)
class FilingRow:
    """A selection for which staff may fill applications in, with how many women in their reach have one."""

    id: int
    name: str
    programme_id: int
    applies_from: datetime
    applies_until: datetime
    first_state: RoundState
    drafts: int
    submitted: int


def list_filing(actor: Actor) -> list[FilingRow]:
    """Selections with a window whose area holds a cohort in the actor's reach, those that end last first."""
    reach = within_reach(actor)
    in_reach = (
        select(Application.id)
        .join(Enrolment, Enrolment.id == Application.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Application.selection_id == Selection.id, reach)
    )
    counts = [
        select(func.count()).where(Application.id.in_(in_reach), Application.state == state).scalar_subquery()
        for state in (ApplicationState.DRAFT, ApplicationState.SUBMITTED)
    ]
    rows = db.session.execute(
        select(
            *(Selection.id, Selection.name, Selection.programme_id, Selection.applies_from, Selection.applies_until),
            *(Round.state, *counts),
        )
        .join(Round, (Round.selection_id == Selection.id) & (Round.number == 1))
        .where(
            Selection.applies_from.is_not(None),
            Selection.applies_until.is_not(None),
            select(Cohort.id).where(region_above(Selection.region_code, Cohort.region_code), reach).exists(),
        )
        .order_by(Selection.applies_until.desc(), Selection.id.desc())
    )
    return [FilingRow(*row) for row in rows]
