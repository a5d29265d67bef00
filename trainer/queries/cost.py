"""Costs of a cohort: the list and one with its evidence. What they come to by a day: see queries/effort.py."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, select

from trainer.database import db
from trainer.domain.cost import CostKind
from trainer.models.account import Account
from trainer.models.file import StoredFile
from trainer.models.follow_up import CohortCost
from trainer.queries.scoping import Page, fetch_page


@dataclass(frozen=True)
class CostRow:
    """Money spent; taken back it stays to be read. `by`: who entered it."""

    id: int
    cohort_id: int
    kind: CostKind
    amount_fen: int
    spent_on: date
    note: str
    has_evidence: bool
    by: str | None
    at: datetime
    taken_back_at: datetime | None
    taken_back_because: str | None


def costs_page(cohort_id: int, *, kind: CostKind | None = None, page: int = 1, per_page: int = 20) -> Page[CostRow]:
    """The last spent first. Two statements."""
    cut = [CohortCost.kind == kind] if kind else []
    return fetch_page(_costs(CohortCost.cohort_id == cohort_id, *cut), _row, page=page, per_page=per_page)


def list_costs(cohort_id: int) -> list[CostRow]:
    """All of a cohort, the last spent first."""
    return [_row(row) for row in db.session.execute(_costs(CohortCost.cohort_id == cohort_id))]


def get_cost(cost_id: int) -> CostRow | None:
    row = db.session.execute(_costs(CohortCost.id == cost_id)).one_or_none()
    return _row(row) if row else None


def _costs(*which: ColumnElement[bool]) -> Select:
    return (
        select(
            *(CohortCost.id, CohortCost.cohort_id, CohortCost.kind, CohortCost.amount_fen, CohortCost.spent_on),
            *(CohortCost.note, CohortCost.evidence_id.is_not(None), Account.name, CohortCost.at),
            *(CohortCost.taken_back_at, CohortCost.taken_back_because),
        )
        .outerjoin(Account, Account.id == CohortCost.by)
        .where(*which)
        .order_by(CohortCost.spent_on.desc(), CohortCost.id.desc())
    )


def _row(row) -> CostRow:
    return CostRow(*row)


def get_evidence(cost_id: int) -> StoredFile | None:
    of = select(StoredFile).join(CohortCost, CohortCost.evidence_id == StoredFile.id)
    return db.session.scalar(of.where(CohortCost.id == cost_id))
