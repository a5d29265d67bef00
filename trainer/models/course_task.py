"""Tasks of a cohort, and what its women hand in."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.course_task import CourseTaskKind, HandInState, Proof
from trainer.models.types import EncryptedText, UTCDateTime, enum_column


class CourseTask(Base):
    """Such as “one broadcast of 30 minutes”."""

    __tablename__ = "course_tasks"

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    title: Mapped[str] = mapped_column(String(120), info={"pii": "S0"})
    what_to_do: Mapped[str] = mapped_column(Text, default="", info={"pii": "S0"})
    kind: Mapped[CourseTaskKind] = mapped_column(enum_column(CourseTaskKind))
    proof: Mapped[Proof] = mapped_column(enum_column(Proof))
    # Where set, she is asked how many minutes it was, and whoever marks it sees this beside.
    min_minutes: Mapped[int | None]
    due_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    dropped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class HandIn(Base):
    """What she handed in, attempt by attempt; the last that was not taken back counts."""

    __tablename__ = "hand_ins"
    __table_args__ = (
        UniqueConstraint("course_task_id", "enrolment_id", "number"),
        Index("ix_hand_ins_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_task_id: Mapped[int] = mapped_column(ForeignKey("course_tasks.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    number: Mapped[int]
    state: Mapped[HandInState] = mapped_column(enum_column(HandInState))
    words: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S1"})
    link: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S1"})
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    minutes: Mapped[int | None]
    # Somebody handed it in for her: a cadre, a daughter. That is help, and recorded as such.
    helper_name: Mapped[str | None] = mapped_column(String(60), info={"pii": "S1"})
    nonce: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    marked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    marked_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    remark: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S1"})
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
