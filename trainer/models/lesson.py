"""Lessons: the half-day units of a cohort's timetable."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainer.database import Base
from trainer.domain.attendance import LessonKind, LessonState
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
    instructor_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    instructor_name: Mapped[str] = mapped_column(String(60), default="", info={"pii": "S1"})
    state: Mapped[LessonState] = mapped_column(enum_column(LessonState), default=LessonState.PLANNED)
    headcount: Mapped[int | None]
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    cancel_reason: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S0"})
    version: Mapped[int] = mapped_column(default=1)

    cohort: Mapped[Cohort] = relationship()

    __mapper_args__ = {"version_id_col": version}
