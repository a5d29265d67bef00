"""Files taken in for a cohort, whatever they are of: one as lists and pages show it, and the newest ones."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from trainer.domain.imports import BatchState, ImportKind, RowAction
from trainer.models.account import Account
from trainer.models.imports import ImportBatch


@dataclass(frozen=True)
class BatchHead:
    """One file of a cohort; `batch_heads` selects its columns."""

    id: int
    cohort_id: int
    filename: str
    sha256: str
    state: BatchState
    summary: dict
    created_at: datetime
    created_by: str | None
    committed_at: datetime | None
    undone_at: datetime | None

    def count(self, action: RowAction) -> int:
        return self.summary["counts"].get(action, 0)


def batch_heads(kind: ImportKind) -> Select:
    """The newest first."""
    return (
        select(
            *(ImportBatch.id, ImportBatch.cohort_id, ImportBatch.filename, ImportBatch.sha256, ImportBatch.state),
            *(ImportBatch.summary, ImportBatch.created_at, Account.name, ImportBatch.committed_at),
            ImportBatch.undone_at,
        )
        .outerjoin(Account, Account.id == ImportBatch.created_by)
        .where(ImportBatch.kind == kind)
        .order_by(ImportBatch.id.desc())
    )
