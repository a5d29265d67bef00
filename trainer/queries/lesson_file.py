"""Files and addresses of a lesson, whatever they are for: one of them, and how many there are."""

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.lesson_file import LessonFileKind
from trainer.models.lesson import LessonFile


def get_lesson_file(kind: LessonFileKind, lesson_id: int, file_id: int) -> LessonFile | None:
    """One taken away too."""
    wanted = (LessonFile.id == file_id, LessonFile.lesson_id == lesson_id, LessonFile.kind == kind)
    return db.session.scalar(select(LessonFile).where(*wanted))


def count_lesson_files(kind: LessonFileKind, lesson_id: int) -> int:
    """Without those taken away."""
    there = (LessonFile.lesson_id == lesson_id, LessonFile.kind == kind, LessonFile.removed_at.is_(None))
    return db.session.scalar(select(func.count()).where(*there))
