"""County indicators as a workbook: before and after, and all readings behind it."""

from collections.abc import Iterable

from trainer.documents.workbook import worded_sheet, write_workbook
from trainer.domain.county_indicator import BeforeAfter
from trainer.wording import label
from trainer.wording.county_indicator import NOT_BEFORE, NOTES, SHEET

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


def indicators_workbook(above: tuple[str, ...], pairs: Iterable[BeforeAfter], readings: Iterable) -> bytes:
    """`readings` as the page lists them; `above`: the lines above each table."""
    sheets = (("compared", _COMPARED, [*map(_pair, pairs)]), ("readings", _READINGS, [*map(_reading, readings)]))
    foot = tuple(map(str, NOTES))
    return write_workbook([worded_sheet(SHEET, *sheet, above, foot_rows=foot) for sheet in sheets])


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
