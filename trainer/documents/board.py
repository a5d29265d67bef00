"""The board as a workbook: a row a county below its city, and what each figure means."""

from collections.abc import Sequence
from datetime import date

from trainer.documents.tally import definitions_sheet
from trainer.documents.workbook import Column, Sheet, write_workbook
from trainer.domain.board import PEOPLE, SUMS, BoardLine
from trainer.domain.tally import Hidden
from trainer.wording import label
from trainer.wording.tally import BOARD_HEADS, HEADS, SHEET


def board_title(day: date) -> str:
    return str(SHEET["board_title"]) % {"day": day}


def board_workbook(title_rows: tuple[str, ...], lines: Sequence[tuple[str, str, BoardLine]]) -> bytes:
    """`lines`: (city, county or nothing, figures)."""
    words = {name: str(BOARD_HEADS[name]) for name in BOARD_HEADS}
    columns = [Column(words["city"], width=16), Column(words["county"], width=16)]
    columns += [Column(words[name], "number", 9) for name in ("planned", "running", "finished")]
    columns += [Column(str(HEADS[name]), "number", 11) for name in PEOPLE]
    columns += [Column(words["completed_of"], width=12), Column(words["completion"], "percent", 10)]
    columns += [Column(words["attendance"], "percent", 10)]
    columns += [Column(words[name], "number", 12) for name in SUMS]
    columns += [Column(words["last"], "date", 12)]
    rows = [[city, county, *_cells(line)] for city, county, line in lines]
    return write_workbook([Sheet(str(SHEET["board"]), columns, rows, title_rows), definitions_sheet()])


def _cells(line: BoardLine) -> list[object]:
    sums, ended = line.sums, line.completion
    return [
        *(sums.planned, sums.running, sums.finished),
        *(_number(line, name) for name in PEOPLE),
        f"{ended[0]}/{ended[1]}" if ended else label(Hidden.WITHHELD),
        ended[0] / ended[1] if ended and ended[1] else None,
        sums.attendance,
        *(_number(line, name) for name in SUMS),
        sums.last_closed_at.date() if sums.last_closed_at else None,
    ]


def _number(line: BoardLine, column: str) -> object:
    count = line.count(column)
    return label(count) if isinstance(count, Hidden) else count.size
