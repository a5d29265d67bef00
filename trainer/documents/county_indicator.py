"""County indicators as a workbook: before and after, and all readings behind it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from trainer.documents.workbook import Column, Sheet, export_lines, write_workbook
from trainer.domain.county_indicator import BeforeAfter
from trainer.wording import label
from trainer.wording.county_indicator import NOT_BEFORE, NOTES, SHEET
from trainer.wording.people import UNIT

_SERIES = (("region", "text", 14), ("kind", "text", 18), ("subject", "text", 14), ("unit", "text", 10))
_COMPARED = (
    *(*_SERIES, ("before", "number", 12), ("before_on", "date", 12), ("began_before", "text", 14)),
    *(("before_source", "text", 30), ("after", "number", 12), ("after_on", "date", 12), ("after_source", "text", 30)),
    *(("change", "number", 12), ("share", "percent", 12)),
)
_READINGS = (
    *(*_SERIES, ("value", "number", 12), ("measured_on", "date", 12), ("source", "text", 40)),
    *(("has_evidence", "text", 12), ("recorded_by", "text", 12)),
)


def indicators_title(programme: str) -> str:
    return str(SHEET["title"]) % {"programme": programme}


def indicators_workbook(
    title: str, pairs: Iterable[BeforeAfter], readings: Iterable, *, unit: str, by: str, at: datetime
) -> bytes:
    """`readings` as the page lists them; `at` by China's clock."""
    above = export_lines(title, unit=unit or str(UNIT), at=at, by=by)
    sheets = (("compared", _COMPARED, [*map(_pair, pairs)]), ("readings", _READINGS, [*map(_reading, readings)]))
    return write_workbook([_sheet(name, columns, rows, above) for name, columns, rows in sheets])


def _sheet(name: str, columns: Iterable, rows: Sequence, above: tuple[str, ...]) -> Sheet:
    heads = [Column(str(SHEET[key]), kind, width) for key, kind, width in columns]
    return Sheet(str(SHEET[name]), heads, rows, above, foot_rows=tuple(map(str, NOTES)))


def _series(one) -> tuple[object, ...]:
    return (one.region, label(one.kind), one.subject, one.unit)


def _pair(pair: BeforeAfter) -> tuple[object, ...]:
    before, after = pair.before, pair.after
    first = (before.value_hundredths / 100, before.measured_on, "" if pair.began_before else str(NOT_BEFORE))
    then = (after.value_hundredths / 100, after.measured_on, after.source) if after else (None, None, None)
    change = None if pair.change_hundredths is None else pair.change_hundredths / 100
    return (*_series(before), *first, before.source, *then, change, pair.change_share)


def _reading(one) -> tuple[object, ...]:
    value = (one.value_hundredths / 100, one.measured_on, one.source)
    return (*_series(one), *value, "✓" if one.has_evidence else "", one.recorded_by)
