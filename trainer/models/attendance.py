"""Marks as append-only facts, and the attendance resolved from them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.attendance import AttendanceStatus, MarkChannel
from trainer.models.types import UTCDateTime, enum_column


class Mark(Base):
    """Somebody said this about one woman at one lesson; never changed, a later mark supersedes it."""

    __tablename__ = "marks"
    __table_args__ = (Index("ix_marks_lesson_enrolment", "lesson_id", "enrolment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    # None takes an earlier mark back: she is 未点名 again.
    status: Mapped[AttendanceStatus | None] = mapped_column(enum_column(AttendanceStatus))
    channel: Mapped[MarkChannel] = mapped_column(enum_column(MarkChannel))
    by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    # When it was said by the clock of the device, where that may be long before it arrived.
    said_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # A keyed hash of the browser's cookie: the same browser, whoever uses it.
    device: Mapped[str] = mapped_column(String(16), default="", info={"pii": "S1"})
    # Said after the closing: the office's word, beside that of whoever took the roll.
    is_office: Mapped[bool] = mapped_column(default=False)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batches.id"), index=True)
    nonce: Mapped[str] = mapped_column(String(64), unique=True)
    reason: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})


class Attendance(Base):
    """The resolved status of one woman at one lesson; no row is 未点名."""

    __tablename__ = "attendances"
    __table_args__ = (Index("ix_attendances_enrolment", "enrolment_id"),)

    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    status: Mapped[AttendanceStatus] = mapped_column(enum_column(AttendanceStatus))
    mark_id: Mapped[int] = mapped_column(ForeignKey("marks.id"))
    # What the roll said, and what the office said after the closing; `status` is the later of the two.
    marker_status: Mapped[AttendanceStatus | None] = mapped_column(enum_column(AttendanceStatus))
    office_status: Mapped[AttendanceStatus | None] = mapped_column(enum_column(AttendanceStatus))
    # A mark by somebody who had not seen the one that rules, and said something else: a person decides.
    conflict_mark_id: Mapped[int | None] = mapped_column(ForeignKey("marks.id"))
