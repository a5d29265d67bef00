"""Paid work as a name list to be signed: who paid whom for how many days, and what it comes to in jobs."""

from collections.abc import Sequence

from trainer.documents.workbook import worded_sheet, write_workbook
from trainer.domain.outcome_effort import jobs
from trainer.wording.paid_work import NOTES, SHEET

_COLUMNS = (
    *(("number", "number", 6), ("employer", "text", 12), ("worker", "text", 12), ("sex", "text", 8)),
    *(("seasonal", "text", 8), ("from_on", "date", 12), ("until_on", "date", 12), ("days", "number", 8)),
    *(("evidence", "text", 8), ("sign", "text", 22)),
)


def paid_work_title(cohort: str) -> str:
    return str(SHEET["title"]) % {"cohort": cohort}


def paid_work_workbook(above: tuple[str, ...], rows: Sequence) -> bytes:
    """`rows` without what was taken back; `above`: the lines above the table."""
    together = jobs(row.days for row in rows)
    totals = [None] * len(_COLUMNS)
    totals[1], totals[7] = str(SHEET["together"]), sum(row.paid_days for row in rows)
    figures = (("jobs", together.fte), ("women_jobs", together.women_fte), ("seasonal_jobs", together.seasonal_fte))
    foot = "    ".join(f"{SHEET[name]}: {fte:.2f}" for name, fte in figures)
    sheet = worded_sheet(
        *(SHEET, "list", _COLUMNS, [_row(number, row) for number, row in enumerate(rows, 1)], above),
        totals=totals,
        foot_rows=(foot, *map(str, NOTES), "", str(SHEET["signed"])),
        row_height=24,
    )
    return write_workbook([sheet])


def _row(number: int, one) -> tuple[object, ...]:
    sex, seasonal = ("woman" if one.is_woman else "man"), ("yes" if one.is_seasonal else "no")
    there = str(SHEET["yes"]) if one.has_evidence else None
    return (
        *(number, one.employer, one.worker, str(SHEET[sex]), str(SHEET[seasonal])),
        *(one.from_on, one.until_on, one.paid_days, there, ""),
    )
