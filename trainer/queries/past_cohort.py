"""Files of classes held before this system: one, a programme's, and what became of its classes."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.imports import BatchState, ImportKind
from trainer.models.account import Account
from trainer.models.enrolment import Enrolment
from trainer.models.imports import ImportBatch
from trainer.models.programme import Cohort


@dataclass(frozen=True)
class PastFile:
    """One file of a programme."""

    id: int
    filename: str
    state: BatchState
    summary: dict
    created_at: datetime
    created_by: str | None


def list_past_files(programme_id: int) -> list[PastFile]:
    """The newest first."""
    rows = db.session.execute(
        select(*(ImportBatch.id, ImportBatch.filename, ImportBatch.state, ImportBatch.summary, ImportBatch.created_at))
        .add_columns(Account.name)
        .outerjoin(Account, Account.id == ImportBatch.created_by)
        .where(ImportBatch.programme_id == programme_id, ImportBatch.kind == ImportKind.PAST)
        .order_by(ImportBatch.id.desc())
    )
    return [PastFile(*row) for row in rows]


def get_past_batch(batch_id: int) -> ImportBatch | None:
    return db.session.scalar(select(ImportBatch).where(ImportBatch.id == batch_id, ImportBatch.kind == ImportKind.PAST))


@dataclass(frozen=True)
class MadeCohort:
    """A class that a file made, with the list that fills it."""

    id: int
    name: str
    starts_on: date
    ends_on: date
    enrolled: int
    roster_id: int
    roster_state: BatchState


def list_made(batch: ImportBatch) -> list[MadeCohort]:
    """In the order of the file; nothing once it was undone."""
    lists = [roster_id for _cohort, roster_id, _new in batch.summary.get("made", ())]
    enrolled = select(func.count()).where(Enrolment.cohort_id == Cohort.id, Enrolment.status.in_(ON_THE_ROLL))
    rows = db.session.execute(
        select(*(Cohort.id, Cohort.name, Cohort.starts_on, Cohort.ends_on, enrolled.scalar_subquery()))
        .add_columns(ImportBatch.id, ImportBatch.state)
        .join(ImportBatch, ImportBatch.cohort_id == Cohort.id)
        .where(ImportBatch.id.in_(lists))
        .order_by(ImportBatch.id)
    )
    return [MadeCohort(*row) for row in rows]
