"""What reading a sheet leaves besides its rows: what was refused, warnings, sums, the total row beside them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from trainer.domain.sales import Problem
from trainer.platforms import bounds
from trainer.platforms.headers import Match
from trainer.platforms.normalise import Figure
from trainer.platforms.profile import ASIDE_FIELDS, MONEY_FIELDS, NEVER_SHOWN

MOST_WARNINGS = 20_000
MOST_REJECTED_CELLS = 5_000
PHONE = re.compile(r"(?<!\d)1\d{10}(?!\d)")
AMOUNTS = frozenset(MONEY_FIELDS).difference(ASIDE_FIELDS)
# People are left out: the platform's total counts each once, the rows once a broadcast.
SUMMED = AMOUNTS | {"orders", "items", "duration", "quantity"}


@dataclass(frozen=True)
class Control:
    """A figure of the file's own total row beside the sum of its rows; `name` is our field: its unit is known."""

    row: int
    field: str
    stated: int
    summed: int
    agrees: bool
    name: str


@dataclass
class Sheet:
    """What reading leaves besides the rows themselves. A bad file must not fill the memory with what is wrong in it."""

    match: Match
    data_rows: int = 0
    rejected: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    warning_count: int = 0
    rejected_cells: dict[int, dict[str, str]] = field(default_factory=dict)
    totals: list[tuple[int, dict[str, object]]] = field(default_factory=list)
    sums: dict[str, Figure] = field(default_factory=dict)
    accounts: dict[str, None] = field(default_factory=dict)
    # The row being read.
    cells: Sequence[object] = ()

    def written(self, name: str) -> str:
        """The heading a person finds in the file for a field."""
        column = self.match.columns.get(name)
        return column.heading.written if column else ""

    def warn(self, row: int, name: str, code: str, **values: object) -> None:
        self.note(Problem(row, self.written(name), code, values))

    def note(self, problem: Problem) -> None:
        """A warning kept, as long as there are few; all are counted."""
        self.warning_count += 1
        if len(self.warnings) < MOST_WARNINGS:
            self.warnings.append(problem)

    def reject(self, row: int, name: str, code: str, **values: object) -> None:
        self.refuse(Problem(row, self.written(name), code, values))

    def refuse(self, problem: Problem) -> None:
        """The row being read is left out for this reason: one at least is kept of every row, its cells of the first."""
        if problem.row != self._refused_last() or len(self.rejected) < MOST_WARNINGS:
            self.rejected.append(problem)
        if len(self.rejected_cells) < MOST_REJECTED_CELLS:
            self.rejected_cells.setdefault(problem.row, self._shown_cells())

    def _refused_last(self) -> int | None:
        return self.rejected[-1].row if self.rejected else None

    def _shown_cells(self) -> dict[str, str]:
        """The columns that are read, as written, for the workbook of rows to be mended."""
        cells = bounds.trimmed(self.cells)
        return {
            column.heading.written: shown(cells[column.index])
            for name, column in self.match.columns.items()
            if name not in NEVER_SHOWN and column.index < len(cells) and cells[column.index] is not None
        }

    def controls(self) -> list[Control]:
        """Every figure of the last total row that can be compared."""
        if not self.totals:
            return []
        row, stated = self.totals[-1]
        found = []
        for name in sorted(SUMMED & stated.keys() & self.sums.keys()):
            figure, sum_of_rows = as_figure(stated[name]), self.sums[name]
            if figure is not None:
                # Rounded figures (1.2万) can only agree roughly.
                allowed = 0 if figure.exact and sum_of_rows.exact else max(abs(figure.number) // 20, 1)
                agrees = abs(figure.number - sum_of_rows.number) <= allowed
                found.append(Control(row, self.written(name), figure.number, sum_of_rows.number, agrees, name))
        return found


def as_figure(value: object) -> Figure | None:
    if isinstance(value, Figure):
        return value
    return Figure(value, True) if isinstance(value, int) else None


def starred(said: str) -> str:
    """Without the phone numbers that slipped into a text."""
    return PHONE.sub("1**********", said)


def shown(cell: object) -> str:
    """A cell as it may be shown and kept in a report: short, and no phone number."""
    return starred(str(bounds.whole(cell)).strip())[:40]
