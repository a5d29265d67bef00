"""Mentors as a workbook: postings with their progress, and their visits."""

from collections.abc import Iterable
from datetime import date

from trainer.documents.workbook import worded_sheet, write_workbook
from trainer.wording import label
from trainer.wording.mentor import SHEET

_POSTINGS = (
    *(("region", "text", 14), ("name", "text", 12), ("organisation", "text", 24), ("starts_on", "date", 12)),
    *(("ends_on", "date", 12), ("state", "text", 16), ("ended_on", "date", 12), ("ended_because", "text", 24)),
    *(("planned_visits", "number", 10), ("done", "number", 10), ("hours", "number", 10), ("last_visit", "date", 12)),
    ("plan", "text", 50),
)
_VISITS = (
    *(("day", "date", 12), ("region", "text", 14), ("name", "text", 12), ("minutes", "number", 10)),
    *(("place", "text", 20), ("women", "number", 10), ("has_evidence", "text", 10), ("recorded_by", "text", 12)),
)
# Only for whoever may read of women by name.
_TOLD = (("words", "text", 50), ("taken_back", "text", 24))


def mentors_title(programme: str) -> str:
    return str(SHEET["title"]) % {"programme": programme}


def mentors_workbook(
    above: tuple[str, ...], postings: Iterable, visits: Iterable, *, is_told: bool, today: date
) -> bytes:
    """Rows as the pages list them; `above`: the lines above each table."""
    rows = [_posting(one, today, is_told=is_told) for one in postings]
    shown = [_visit(one, is_told=is_told) for one in visits if is_told or not one.taken_back_at]
    sheets = (("postings", _POSTINGS, rows), ("visits", (*_VISITS, *_TOLD) if is_told else _VISITS, shown))
    return write_workbook([worded_sheet(SHEET, *sheet, above) for sheet in sheets])


def _posting(one, today: date, *, is_told: bool) -> tuple[object, ...]:
    days = (one.starts_on, one.ends_on, label(one.state(today)), one.ended_on, one.ended_because if is_told else "")
    done = (one.planned_visits, one.visits, round(one.minutes / 60, 1), one.last_visit)
    return (one.region, one.name, one.organisation, *days, *done, one.plan)


def _visit(one, *, is_told: bool) -> tuple[object, ...]:
    """What was taken back is listed with its reason and without its numbers, so that a sum over the column is right."""
    counts = (None, None) if one.taken_back_at else (one.minutes, one.women)
    said = (one.day, one.region, one.mentor, counts[0], one.place, counts[1], "✓" if one.has_evidence else "")
    return (*said, one.recorded_by, *((one.words, one.taken_back_because) if is_told else ()))
