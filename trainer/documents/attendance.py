"""A cohort's attendance as a workbook: a row a woman."""

from collections.abc import Sequence

from trainer.documents.workbook import Column, Kind, Sheet, write_workbook
from trainer.domain.attendance import AttendanceStatus, WomanAttendance
from trainer.wording import label
from trainer.wording.attendance import SHEET, YES_OR_NO


def attendance_workbook(title_rows: tuple[str, ...], women: Sequence[WomanAttendance]) -> bytes:
    """The women in the order given; a rate nobody can give yet is an empty cell."""
    columns = [
        _column("seat"),
        _column("name", "text", 14),
        *(Column(label(status), "number", 7) for status in AttendanceStatus),
        _column("unmarked"),
        _column("not_applicable"),
        _column("hours"),
        _column("hours_counted"),
        _column("rate", "percent", 10),
        _column("max_possible_rate", "percent", 14),
        _column("may_still_miss", width=14),
        _column("consecutive_absences", width=10),
        _column("meets_rule", "text", 14),
    ]
    return write_workbook([Sheet(title_rows[0], columns, [_row(woman) for woman in women], title_rows)])


def _column(name: str, kind: Kind = "number", width: float = 9) -> Column:
    return Column(str(SHEET[name]), kind, width)


def _row(woman: WomanAttendance) -> list[object]:
    summary = woman.summary
    return [
        woman.seat,
        woman.name,
        *(getattr(summary, status.value) for status in AttendanceStatus),
        summary.unmarked,
        summary.not_applicable,
        summary.minutes / 60,
        summary.counted_minutes / 60,
        summary.rate,
        summary.max_possible_rate,
        summary.may_still_miss,
        summary.consecutive_absences,
        str(YES_OR_NO[summary.meets_rule]),
    ]
