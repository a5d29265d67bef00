"""The women to remind of their sales data as a workbook, phones masked."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo

from trainer.documents.workbook import Column, Sheet, export_lines, write_workbook
from trainer.domain.reporting import SilentWoman
from trainer.wording import label
from trainer.wording.reporting import HEADS, TITLE


def reporting_title(day: date) -> str:
    return str(TITLE) % {"day": day}


def reporting_workbook(
    title: str, women: Sequence[SilentWoman], staff: Mapping[int, Sequence[str]], *, unit: str, by: str, at: datetime
) -> bytes:
    """`at` by China's clock; `staff`: by person, who reminds her."""
    columns = [Column(str(HEADS["number"]), "number", 6), Column(str(HEADS["name"]))]
    columns += [Column(str(HEADS["phone"]), width=14, field="phone"), Column(str(HEADS["county"]))]
    columns += [Column(str(HEADS["cohort"]), width=30), Column(str(HEADS["state"]), width=16)]
    columns += [Column(str(HEADS["reach_on"]), "date"), Column(str(HEADS["reminded_at"]), "moment", 16)]
    columns += [Column(str(HEADS["teacher"]), width=20), Column(str(HEADS["staff"]), width=24)]
    rows = [(number, *_row(one, staff, at.tzinfo)) for number, one in enumerate(women, 1)]
    return write_workbook([Sheet(title, columns, rows, export_lines(title, unit=unit, at=at, by=by))])


def _row(one: SilentWoman, staff: Mapping[int, Sequence[str]], zone: tzinfo | None) -> tuple[object, ...]:
    return (
        *(one.name, one.phone, one.county, one.cohort, label(one.state), one.reach_on),
        one.reminded_at and one.reminded_at.astimezone(zone),
        f"{one.teacher_name} {one.teacher_phone}",
        "、".join(staff.get(one.person_id, ())),
    )
