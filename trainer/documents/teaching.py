"""授课学时表: what an instructor taught, by month and class, as a workbook."""

from collections.abc import Sequence

from trainer.documents.workbook import Column, Sheet, write_workbook
from trainer.domain.teaching import TaughtHours
from trainer.wording.teaching import HEADINGS, TITLE, TO_SIGN, TOTAL

KINDS = {"month": ("text", 12), "cohort": ("text", 30)}


def hours_workbook(title_rows: tuple[str, ...], hours: Sequence[TaughtHours]) -> bytes:
    """One line a class and month, the sums, and room for two signatures."""
    columns = [Column(str(words), *KINDS.get(name, ("number", 12))) for name, words in HEADINGS.items()]
    rows = [(f"{line.month:%Y-%m}", line.cohort_name, line.given, *_in_hours(line), line.planned) for line in hours]
    sums = [sum(row[column] for row in rows) for column in range(2, len(columns))]
    totals = (str(TOTAL), "", *sums) if rows else ()
    return write_workbook([Sheet(str(TITLE), columns, rows, title_rows, totals=totals, foot_rows=(str(TO_SIGN),))])


def _in_hours(line: TaughtHours) -> tuple[float, float]:
    return line.credit_minutes / 60, line.clock_minutes / 60
