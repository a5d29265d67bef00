"""Lessons: the half-day units of a cohort's timetable, and the files that belong to them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainer.database import Base
from trainer.domain.actors import Scope
from trainer.domain.attendance import LessonKind, LessonState
from trainer.domain.lesson_file import LessonFileKind
from trainer.models.file import StoredFile
from trainer.models.programme import Cohort
from trainer.models.types import UTCDateTime, enum_column


class Lesson(Base):
    """One lesson; `credit_minutes` is what attending it is worth, not the time on the clock."""

    __tablename__ = "lessons"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="times"),
        CheckConstraint("credit_minutes > 0", name="credit"),
        CheckConstraint("state <> 'closed' OR (headcount IS NOT NULL AND closed_at IS NOT NULL)", name="closing"),
        Index("ix_lessons_cohort_starts", "cohort_id", "starts_at"),
        Index("ix_lessons_instructor_starts", "instructor_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    title: Mapped[str] = mapped_column(String(120), info={"pii": "S0"})
    kind: Mapped[LessonKind] = mapped_column(enum_column(LessonKind))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    credit_minutes: Mapped[int]
    place: Mapped[str] = mapped_column(String(120), info={"pii": "S0"})
    # Where a lesson is held online, or what the women should open: an address of the web.
    link: Mapped[str] = mapped_column(String(300), default="", info={"pii": "S0"})
    instructor_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    instructor_name: Mapped[str] = mapped_column(String(60), default="", info={"pii": "S1"})
    state: Mapped[LessonState] = mapped_column(enum_column(LessonState), default=LessonState.PLANNED)
    headcount: Mapped[int | None]
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    # Who stands for the roll with her name, where that is not whoever closed it.
    signer: Mapped[str] = mapped_column(String(60), default="", info={"pii": "S1"})
    cancel_reason: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S0"})
    # The same for all that one act of copying or repeating made, so that the whole of it can be taken back.
    batch: Mapped[str] = mapped_column(String(32), default="", info={"pii": "S0"})
    version: Mapped[int] = mapped_column(default=1)

    cohort: Mapped[Cohort] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def scope(self) -> Scope:
        return Scope.of_lesson(self.cohort.region_code, self.cohort_id, self.instructor_id)


class LessonFile(Base):
    """Something that belongs to a lesson: a file or an address for the women, or a picture of the class.

    Taken away by `removed_at`, and put back by taking that away.
    """

    __tablename__ = "lesson_files"
    __table_args__ = (
        CheckConstraint("(file_id IS NULL) <> (link IS NULL)", name="file_or_link"),
        Index("ix_lesson_files_lesson", "lesson_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"))
    kind: Mapped[LessonFileKind] = mapped_column(enum_column(LessonFileKind))
    title: Mapped[str] = mapped_column(String(120), info={"pii": "S1"})
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    link: Mapped[str | None] = mapped_column(String(300), info={"pii": "S0"})
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    file: Mapped[StoredFile | None] = relationship()
