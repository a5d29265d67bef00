"""A cohort's attendance in the forms that offices file: the summary with its corrections, and the sign-in sheet."""

from collections.abc import Sequence

from trainer.documents.workbook import Column, Kind, Sheet, write_workbook
from trainer.domain.at_risk import ABSENCES_TO_CALL
from trainer.domain.attendance import AttendanceStatus, AttendanceSummary, WomanAttendance
from trainer.domain.attendance_table import AttendanceTable, Correction, Signatory, TableLesson
from trainer.domain.days import CHINA
from trainer.domain.people import Sex
from trainer.wording import label
from trainer.wording.attendance import NOT_APPLICABLE_SIGN, REMARKS, SHEET, TO_SIGN, YES_OR_NO, half_day

# So many signatures find room beside the particulars on A4 across.
HALF_DAYS_A_SHEET = 8
COUNTS = ("expected", "attended", "late", "left_early", "excused", "absent", "made_up", "unmarked")


def summary_workbook(
    title_rows: tuple[str, ...], women: Sequence[WomanAttendance], corrections: Sequence[Correction]
) -> bytes:
    """The women in the order given with their totals, and a second sheet with what the office corrected."""
    columns = [
        _column("number", "number", 6),
        _column("name", width=12),
        _column("county", width=12),
        *(_column(name, "number", 8) for name in COUNTS),
        _column("hours", "number", 8),
        _column("rate", "percent", 9),
        _column("meets_rule", width=10),
        _column("remark", width=26),
    ]
    rows = [[number, *_row(woman)] for number, woman in enumerate(women, start=1)]
    summary = Sheet(
        str(SHEET["summary"]),
        columns,
        rows,
        title_rows,
        totals=_totals(women) if women else (),
        foot_rows=(str(TO_SIGN),),
    )
    return write_workbook([summary, _corrections(title_rows, corrections)])


def _column(name: str, kind: Kind = "text", width: float = 9, field: str = "") -> Column:
    return Column(str(SHEET[name]), kind, width, field=field)


def _row(woman: WomanAttendance) -> list[object]:
    sums = woman.summary
    return [
        woman.name,
        woman.county,
        *(getattr(sums, name) for name in COUNTS),
        sums.minutes / 60,
        sums.rate,
        str(YES_OR_NO[sums.meets_rule]),
        _remark(sums),
    ]


def _remark(sums: AttendanceSummary) -> str:
    remarks = []
    if sums.not_applicable:
        remarks.append(str(REMARKS["joined_later"]) % {"count": sums.not_applicable})
    if sums.consecutive_absences >= ABSENCES_TO_CALL:
        remarks.append(str(REMARKS["in_a_row"]) % {"count": sums.consecutive_absences})
    if not sums.can_reach:
        remarks.append(str(REMARKS["out_of_reach"]))
    return str(REMARKS["and"]).join(remarks)


def _totals(women: Sequence[WomanAttendance]) -> list[object]:
    sums = [woman.summary for woman in women]
    counted = sum(s.counted_minutes for s in sums)
    reaching = sum(1 for s in sums if s.meets_rule)
    return [
        *(None, str(SHEET["total"]), None),
        *(sum(getattr(s, name) for s in sums) for name in COUNTS),
        sum(s.minutes for s in sums) / 60,
        sum(s.minutes for s in sums) / counted if counted else None,
        f"{reaching}/{len(sums)}",
        None,
    ]


def _corrections(title_rows: tuple[str, ...], corrections: Sequence[Correction]) -> Sheet:
    columns = [
        _column("seat", "number", 6),
        _column("name", width=12),
        _column("lesson", width=28),
        _column("when", "moment", 17),
        *(_column(name, width=14) for name in ("marker", "office", "by")),
        _column("at", "moment", 17),
        _column("reason", width=36),
    ]
    rows = [
        [
            *(line.seat, line.name, line.lesson, line.starts_at.astimezone(CHINA), _said(line.marker_status)),
            *(label(line.office_status), line.by, line.at.astimezone(CHINA), line.reason),
        ]
        for line in corrections
    ]
    return Sheet(str(SHEET["corrections"]), columns, rows, (str(SHEET["corrections"]), *title_rows[1:]))


def _said(status: AttendanceStatus | None) -> str:
    return label(status) if status else ""


def sign_in_workbook(
    title_rows: tuple[str, ...], people: Sequence[Signatory], table: AttendanceTable, *, filled: bool
) -> bytes:
    """Paper to sign, eight half days a sheet; with `filled`, what was marked stands in the boxes."""
    sheets = [
        _sign_in_sheet(title_rows, people, table, table.lessons[start : start + HALF_DAYS_A_SHEET], filled)
        for start in range(0, max(len(table.lessons), 1), HALF_DAYS_A_SHEET)
    ]
    return write_workbook(sheets)


def _sign_in_sheet(title_rows, people, table, lessons, filled: bool) -> Sheet:
    columns = [
        _column("number", "number", 5),
        _column("name", width=10),
        _column("sex", width=5),
        _column("phone", width=14, field="phone"),
        _column("village", width=16),
        *(Column(half_day(lesson.starts_at.astimezone(CHINA)), width=11) for lesson in lessons),
    ]
    rows = [
        [
            *(number, woman.name, label(Sex(woman.sex)) if woman.sex else "", woman.phone, woman.village),
            *(_box(woman, lesson, table, filled) for lesson in lessons),
        ]
        for number, woman in enumerate(people, start=1)
    ]
    return Sheet(str(SHEET["sign_in"]), columns, rows, title_rows, foot_rows=(str(TO_SIGN),), row_height=24)


def _box(woman: Signatory, lesson: TableLesson, table: AttendanceTable, filled: bool) -> str:
    """Nothing where it is to be signed."""
    if woman.joined_on > lesson.day:
        return NOT_APPLICABLE_SIGN
    cell = table.cells.get((woman.enrolment_id, lesson.id)) if filled else None
    return label(cell.status) if cell else ""
