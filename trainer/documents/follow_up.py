"""Calls and visits after the course as a workbook: what was made, and whom to call next."""

from collections.abc import Sequence

from trainer.documents.workbook import worded_sheet, write_workbook
from trainer.wording import label
from trainer.wording.follow_up import SHEET, STILL

_MADE = (
    *(("day", "date", 12), ("seat", "number", 6), ("name", "text", 12), ("kind", "text", 10), ("purpose", "text", 16)),
    *(("outcome", "text", 14), ("minutes", "number", 8), ("still", "text", 10), ("words", "text", 40)),
    *(("by", "text", 12), ("taken_back", "text", 24)),
)
_TO_CALL = (
    *(("number", "number", 6), ("seat", "number", 6), ("name", "text", 12), ("village", "text", 18)),
    *(("tries", "number", 10), ("last_on", "date", 12), ("sign", "text", 30)),
)


def follow_up_title(cohort: str) -> str:
    return str(SHEET["title"]) % {"cohort": cohort}


def follow_up_workbook(above: tuple[str, ...], rows: Sequence, to_call: Sequence) -> bytes:
    """`rows` and `to_call` as the page of the class lists them; `above`: the lines above each table."""
    minutes = sum(one.minutes for one in rows if not one.taken_back_at)
    totals = [None] * len(_MADE)
    totals[0], totals[6] = str(SHEET["together"]), minutes
    left = [
        (number, one.seat, one.name, one.village, one.tries, one.last_on, "") for number, one in enumerate(to_call, 1)
    ]
    return write_workbook(
        [
            worded_sheet(SHEET, "made", _MADE, [*map(_made, rows)], above, totals=totals, foot_rows=(str(STILL),)),
            worded_sheet(SHEET, "to_call", _TO_CALL, left, above, row_height=24),
        ]
    )


def _made(one) -> tuple[object, ...]:
    """What was taken back is listed with its reason and without its minutes, so that a sum over the column is right."""
    still = None if one.broadcasts_still is None else str(SHEET["yes" if one.broadcasts_still else "no"])
    minutes = None if one.taken_back_at else one.minutes
    return (
        *(one.day, one.seat, one.name, label(one.kind), label(one.purpose), label(one.outcome), minutes),
        *(still, one.words, one.by, one.taken_back_because),
    )
