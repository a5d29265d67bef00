"""Materials of lessons: as staff see them, as a trainee may open them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

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


_MATERIALS = (
    select(
        *(LessonFile.id, LessonFile.lesson_id, LessonFile.title, LessonFile.link, StoredFile.mime, StoredFile.size),
        *(LessonFile.added_at, Account.name, LessonFile.removed_at),
    )
    .outerjoin(StoredFile, StoredFile.id == LessonFile.file_id)
    .outerjoin(Account, Account.id == LessonFile.added_by)
    .where(LessonFile.kind == LessonFileKind.MATERIAL)
    .order_by(LessonFile.lesson_id, LessonFile.id)
)


def list_materials(lesson_id: int) -> list[Material]:
    """All of a lesson, those taken away too."""
    rows = db.session.execute(_MATERIALS.where(LessonFile.lesson_id == lesson_id))
    return [Material(*row) for row in rows]


def materials_by_lesson(lesson_ids: Collection[int]) -> Mapping[int, list[Material]]:
    """What the women of these lessons can open: one statement, none where there are no lessons."""
    if not lesson_ids:
        return {}
    found: dict[int, list[Material]] = {}
    which = (LessonFile.lesson_id.in_(sorted(lesson_ids)), LessonFile.removed_at.is_(None))
    for row in db.session.execute(_MATERIALS.where(*which)):
        found.setdefault(row.lesson_id, []).append(Material(*row))
    return found


def get_material(lesson_id: int, material_id: int) -> LessonFile | None:
    """A material of the lesson, one taken away too."""
    return db.session.scalar(
        select(LessonFile).where(
            LessonFile.id == material_id,
            LessonFile.lesson_id == lesson_id,
            LessonFile.kind == LessonFileKind.MATERIAL,
        )
    )


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
