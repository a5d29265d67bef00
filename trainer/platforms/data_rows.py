"""Which rows under the headings are data: headings repeated, total rows, examples and notes are told apart."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from trainer.platforms import bounds
from trainer.platforms.cells import Bad
from trainer.platforms.headers import Match
from trainer.platforms.normalise import heading
from trainer.platforms.sheet import AMOUNTS, SUMMED, Sheet, as_figure

TOTAL = re.compile(r"(合计|总计|汇总|整体|小计|总和)[:：]?(\(.*\))?")
TOTAL_SIGNS = frozenset("计总汇整")
SURE_TOTAL = ("合计", "总计")
COMPARED = (*SURE_TOTAL, "汇总", "整体", "总和")
# How the example in our templates begins (domain/sales_guide.py).
EXAMPLE = "示例："
SIGNS = (*TOTAL_SIGNS, EXAMPLE)


class Look:
    """At rows as they are and as they were read: nearly all are told to be data by one cheap look."""

    def __init__(self, match: Match, names: list[str]) -> None:
        self.names = names
        self.columns = len(match.columns)
        self.labels = [found.label if (found := heading(cell)) else None for cell in match.table.rows[match.row]]
        # A row with a figure under its heading is no second row of headings.
        figures = [at for at, name in enumerate(names) if name in AMOUNTS]
        self.figure = figures[0] if figures else None
        self.other = next((at for at in range(len(names)) if at != self.figure), None)

    def is_plain(self, read: Sequence[object]) -> bool:
        """Data, unless a sign of something else is in its cells; False only says that a closer look is needed."""
        if self.figure is None or self.other is None or read[self.other] is None:
            return False
        figure = read[self.figure]
        return figure is not None and figure.__class__ is not Bad

    def is_no_data(self, sheet: Sheet, number: int, read: Sequence[object]) -> bool:
        """The close look, at the row that `sheet` is at; keeps what a total row states."""
        cells = bounds.trimmed(sheet.cells)
        if self._is_heading_again(cells):
            return True
        if label := _total_label(cells):
            if label.startswith(COMPARED):
                # What cannot be read in a total row is not asked for.
                stated = zip(self.names, read, strict=True)
                sheet.totals.append(
                    (number, {name: value for name, value in stated if name in SUMMED and as_figure(value)})
                )
            return True
        if _is_example(cells):
            return True
        if self._is_note(cells):
            sheet.warn(number, "", "note_row")
            return True
        return False

    def _is_heading_again(self, cells: Sequence[object]) -> bool:
        return len(cells) == len(self.labels) and all(
            label == (found.label if (found := heading(cell)) else None)
            for label, cell in zip(self.labels, cells, strict=True)
        )

    def _is_note(self, cells: Sequence[object]) -> bool:
        """One filled cell, a sentence, under a table of many columns: a footnote."""
        filled = [cell for cell in cells if cell is not None]
        return len(filled) == 1 and isinstance(filled[0], str) and self.columns > 2


def has_signs(cells: Iterable[object]) -> bool:
    """Whether a total row or an example may be among those that the cells are of."""
    try:
        said = "".join(cells)
    except TypeError:
        said = "".join([cell for cell in cells if cell.__class__ is str])
    return any(sign in said for sign in SIGNS)


def _is_example(cells: Sequence[object]) -> bool:
    """The row that our templates show how to fill in with."""
    return str(next((cell for cell in cells if cell is not None), "")).startswith(EXAMPLE)


def _total_label(cells: tuple[object, ...]) -> str | None:
    """合计 or 总计 alone in a cell; other words for it, which may be names too, only in one of the first filled cells."""
    filled = [cell for cell in cells if cell is not None]
    for at, cell in enumerate(filled):
        if isinstance(cell, str) and len(cell) < 12 and not TOTAL_SIGNS.isdisjoint(cell):
            said = re.sub(r"\s", "", unicodedata.normalize("NFKC", cell))
            if TOTAL.fullmatch(said) and (at < 3 or said.startswith(SURE_TOTAL)):
                return said
    return None
