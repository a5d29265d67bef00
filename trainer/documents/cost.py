"""Costs of a cohort as a workbook: every row, the sums by kind, what each graduate cost."""

from collections.abc import Iterable

from trainer.documents.workbook import worded_sheet, write_workbook
from trainer.domain.cost import CostKind
from trainer.domain.outcomes import Costs
from trainer.wording import label
from trainer.wording.cost import NOTES, SHEET

_ROWS = (
    *(("spent_on", "date", 12), ("kind", "text", 18), ("amount", "money", 16), ("note", "text", 40)),
    *(("evidence", "text", 10), ("by", "text", 12), ("taken_back", "text", 30)),
)
_KINDS = (("kind", "text", 30), ("amount", "money", 18), ("share", "percent", 10))


def cost_title(cohort: str) -> str:
    return str(SHEET["title"]) % {"cohort": cohort}


def cost_workbook(above: tuple[str, ...], rows: Iterable, sums: Costs) -> bytes:
    """`rows` as the page lists them; `above`: the lines above each table."""
    together = str(SHEET["together"])
    return write_workbook(
        [
            worded_sheet(
                *(SHEET, "costs", _ROWS, [*map(_row, rows)], above),
                totals=(together, "", sums.total_fen, *[""] * 4),
            ),
            worded_sheet(
                *(SHEET, "kinds", _KINDS, _by_kind(sums), above),
                totals=(together, sums.total_fen, 1 if sums.total_fen else None),
                foot_rows=(*_each(sums), *map(str, NOTES)),
                portrait=True,
            ),
        ]
    )


def _row(one) -> tuple[object, ...]:
    """What was taken back is listed with its reason and without its amount, so that a sum over the column is right."""
    amount = None if one.taken_back_at else one.amount_fen
    there = str(SHEET["with_evidence"]) if one.has_evidence else None
    return (one.spent_on, label(one.kind), amount, one.note, there, one.by, one.taken_back_because)


def _by_kind(sums: Costs) -> list[tuple[object, ...]]:
    """In the order in which the kinds stand on the page."""
    spent = [(kind, sums.by_kind[kind]) for kind in CostKind if kind in sums.by_kind]
    return [(label(kind), fen, fen / sums.total_fen) for kind, fen in spent]


def _each(sums: Costs) -> list[str]:
    """What each woman cost, below the total: no part of it."""
    each = ((SHEET["per_completed"], sums.per_completed_fen), (SHEET["per_sustained"], sums.per_sustained_fen))
    return [f"{words}: {'—' if fen is None else f'{fen / 100:,.2f}'}" for words, fen in each]
