"""Materials of lessons: as staff see them, as a trainee may open them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from trainer.database import db
from trainer.domain.lesson_file import LessonFileKind
from trainer.domain.material import BY_MIME, OFFICE, MaterialKind
from trainer.models.account import Account
from trainer.models.file import StoredFile
from trainer.models.lesson import Lesson, LessonFile
from trainer.queries.lesson import lessons_of_hers


@dataclass(frozen=True)
class Material:
    """A file or an address; `link` is None for a file, `size` for an address."""

    id: int
    lesson_id: int
    title: str
    link: str | None
    mime: str | None
    size: int | None
    added_at: datetime
    added_by: str | None
    removed_at: datetime | None

    @property
    def kind(self) -> MaterialKind:
        return BY_MIME[self.mime].kind if self.mime else MaterialKind.LINK

    @property
    def opens_outside(self) -> bool:
        """WeChat hands it to the phone's own browser."""
        return self.kind in OFFICE or self.kind is MaterialKind.VIDEO


FILE, STORED, ACCOUNT = LessonFile.__table__.c, StoredFile.__table__.c, Account.__table__.c
_MATERIALS = (
    select(
        *(FILE.id, FILE.lesson_id, FILE.title, FILE.link, STORED.mime, STORED.size),
        *(FILE.added_at, ACCOUNT.name, FILE.removed_at),
    )
    .select_from(LessonFile.__table__)
    .outerjoin(StoredFile.__table__, STORED.id == FILE.file_id)
    .outerjoin(Account.__table__, ACCOUNT.id == FILE.added_by)
    .where(FILE.kind == LessonFileKind.MATERIAL)
    .order_by(FILE.lesson_id, FILE.id)
)


# Of the page of lessons that every phone opens: made once.
_OPEN_TO_WOMEN = _MATERIALS.where(FILE.lesson_id.in_(bindparam("lessons", expanding=True)), FILE.removed_at.is_(None))


def list_materials(lesson_id: int) -> list[Material]:
    """All of a lesson, those taken away too."""
    rows = db.session.execute(_MATERIALS.where(FILE.lesson_id == lesson_id))
    return [Material(*row) for row in rows]


def materials_by_lesson(lesson_ids: Collection[int]) -> Mapping[int, list[Material]]:
    """What the women of these lessons can open: one statement, none where there are no lessons."""
    if not lesson_ids:
        return {}
    found: dict[int, list[Material]] = {}
    for row in db.session.execute(_OPEN_TO_WOMEN, {"lessons": sorted(lesson_ids)}):
        found.setdefault(row.lesson_id, []).append(Material(*row))
    return found


def get_material_for(person_id: int, material_id: int) -> LessonFile | None:
    """One that she may open: of a lesson of a cohort on whose roll she is."""
    return db.session.scalar(
        select(LessonFile)
        .join(Lesson, Lesson.id == LessonFile.lesson_id)
        .where(
            LessonFile.id == material_id,
            LessonFile.kind == LessonFileKind.MATERIAL,
            LessonFile.removed_at.is_(None),
            lessons_of_hers(person_id),
        )
    )


def get_open_material(material_id: int) -> LessonFile | None:
    """One that has not been taken away, for whoever brings a pass for it."""
    return db.session.scalar(
        select(LessonFile).where(
            LessonFile.id == material_id,
            LessonFile.kind == LessonFileKind.MATERIAL,
            LessonFile.removed_at.is_(None),
            LessonFile.file_id.is_not(None),
        )
    )


def get_file_of(material: LessonFile) -> StoredFile | None:
    return db.session.get(StoredFile, material.file_id) if material.file_id else None
