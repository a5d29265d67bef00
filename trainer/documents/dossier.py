"""The training dossier: one archive of a cohort's papers with an index, and the lists that stand only there."""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Protocol

from trainer.documents.timetable import TimetableLesson, timetable_sheet
from trainer.documents.workbook import Column, Kind, Sheet, write_workbook
from trainer.domain.days import CHINA
from trainer.domain.dossier import DossierPart, Enclosure, MarkLine, Picture
from trainer.domain.programme import Track
from trainer.wording import label
from trainer.wording.dossier import (
    ABOUT,
    CLASS_PICTURE,
    FILE_GONE,
    FOLDERS,
    HEADINGS,
    INDEX,
    LEFT_OUT,
    SHEET_PICTURE,
    TAKEN_BACK,
    TITLE,
    YES,
)

ZIP = "application/zip"


class PlannedCohort(Protocol):
    """What the plan tells of a cohort."""

    name: str
    track: Track
    place: str
    starts_on: date
    ends_on: date
    capacity: int
    teacher_name: str
    teacher_phone: str
    programme: object


# What is compressed already.
PACKED = (".jpg", ".xlsx", ".pdf")


# What a name inside the archive cannot hold on every office machine.
UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


def dossier_title(cohort: str) -> str:
    return TITLE % {"cohort": cohort}


def place_in(part: DossierPart, name: str) -> str:
    """Where a file of this part stands in the archive; `name` with its ending."""
    return f"{FOLDERS[part]}/{UNFIT.sub(' ', name)[:100]}"


def picture_place(picture: Picture) -> str:
    kind, begins = SHEET_PICTURE if picture.is_sheet else CLASS_PICTURE, picture.starts_at.astimezone(CHINA)
    lesson = UNFIT.sub(" ", picture.lesson)[:40]
    return place_in(DossierPart.PICTURES, f"{begins:%Y%m%d-%H%M} {lesson} {kind}{picture.number}.jpg")


def lost_picture(picture: Picture) -> Enclosure:
    """In the place of a picture whose file is gone: said in the index, not passed over."""
    return Enclosure(picture_place(picture).removesuffix(".jpg") + ".txt", FILE_GONE.encode(), FILE_GONE)


def left_out(count: int, most: int) -> str:
    """For the index: so many pictures found no room; `most` in bytes."""
    return LEFT_OUT % {"count": count, "most": most >> 20}


def build_dossier(title_rows: tuple[str, ...], enclosures: Sequence[Enclosure], *, at: datetime) -> bytes:
    """The archive. Its index names each file with its hash, so that a file changed later is told; `at` by China's clock."""
    index = Enclosure(f"{INDEX}.xlsx", _index(title_rows, enclosures))
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for one in (index, *enclosures):
            how = zipfile.ZIP_STORED if one.path.endswith(PACKED) else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(one.path, at.timetuple()[:6]), one.content, how)
    return output.getvalue()


def _index(title_rows: tuple[str, ...], enclosures: Sequence[Enclosure]) -> bytes:
    columns = [_column("number", "number", 6), _column("path", width=48), _column("size", "number", 12)]
    columns += [_column("sha256", width=68), _column("note", width=40)]
    rows = [
        (number, one.path, len(one.content), hashlib.sha256(one.content).hexdigest(), one.note)
        for number, one in enumerate(enclosures, 1)
    ]
    return write_workbook([Sheet(INDEX, columns, rows, title_rows)])


def about_cohort(
    cohort: PlannedCohort, *, partners: Sequence[str], region: str, enrolled: int, minutes: int
) -> list[tuple[str, object]]:
    """What the plan says of the class, by the names of ABOUT; `minutes` are those of its lessons."""
    return [
        *(("programme", cohort.programme.name), ("partners", "、".join(partners)), ("cohort", cohort.name)),
        *(("track", label(cohort.track)), ("region", region), ("place", cohort.place)),
        *(("dates", f"{cohort.starts_on} – {cohort.ends_on}"), ("capacity", str(cohort.capacity))),
        *(("enrolled", str(enrolled)), ("teacher", f"{cohort.teacher_name} {cohort.teacher_phone}")),
        ("hours", f"{minutes / 60:g}"),
    ]


def plan_workbook(
    title_rows: tuple[str, ...],
    about: Iterable[tuple[str, object]],
    timetable_rows: tuple[str, ...],
    lessons: Sequence[TimetableLesson],
) -> bytes:
    """What the cohort is, as pairs of a name of ABOUT and its value, and its timetable under a title of its own."""
    columns = [_column("what", width=18), _column("said", width=80)]
    rows = [(str(ABOUT[name]), said) for name, said in about]
    return write_workbook(
        [Sheet(title_rows[0], columns, rows, title_rows, portrait=True), timetable_sheet(timetable_rows, lessons)]
    )


def marks_workbook(title_rows: tuple[str, ...], marks: Sequence[MarkLine]) -> bytes:
    """Every mark there is, also those that a later one superseded."""
    columns = [
        *(_column("starts_at", "moment", 17), _column("lesson", width=28), _column("seat", "number", 6)),
        *(_column("name"), _column("status", width=9), _column("channel", width=16), _column("at", "moment", 17)),
        *(_column("said_at", "moment", 17), _column("by"), _column("is_office", width=9), _column("rules", width=7)),
        _column("reason", width=36),
    ]
    return write_workbook([Sheet(title_rows[0], columns, [_mark_row(mark) for mark in marks], title_rows)])


def _mark_row(mark: MarkLine) -> tuple[object, ...]:
    return (
        *(mark.starts_at.astimezone(CHINA), mark.lesson, mark.seat, mark.name),
        *(label(mark.status) if mark.status else str(TAKEN_BACK), label(mark.channel), mark.at.astimezone(CHINA)),
        *(mark.said_at.astimezone(CHINA) if mark.said_at else None, mark.by),
        *(str(YES) if mark.is_office else "", str(YES) if mark.rules else "", mark.reason),
    )


def _column(name: str, kind: Kind = "text", width: float = 12) -> Column:
    return Column(str(HEADINGS[name]), kind, width)
