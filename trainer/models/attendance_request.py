"""Requests about attendance, and what was answered."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.attendance import AttendanceStatus
from trainer.domain.attendance_request import AttendanceRequestKind, AttendanceRequestState
from trainer.models.types import EncryptedText, UTCDateTime, enum_column


class AttendanceRequest(Base):
    """Somebody asks for another status of one woman at one lesson; granting it makes a mark (a leave: at the closing).

    `lesson_starts_at` is the lesson's time as it was asked: a leave holds only as long as the lesson is not moved.
    """

    __tablename__ = "attendance_requests"
    __table_args__ = (
        Index(
            "uq_attendance_requests_open",
            *("lesson_id", "enrolment_id", "kind"),
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_attendance_requests_enrolment", "enrolment_id"),
        Index("ix_attendance_requests_lesson", "lesson_id", "enrolment_id"),
        Index("ix_attendance_requests_state", "state"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[AttendanceRequestKind] = mapped_column(enum_column(AttendanceRequestKind))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    lesson_starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    wished: Mapped[AttendanceStatus] = mapped_column(enum_column(AttendanceStatus))
    words: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S3"})
    # The moment that a signed screen code is of, or that the device's clock said.
    said_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    device: Mapped[str] = mapped_column(String(16), default="", info={"pii": "S1"})
    nonce: Mapped[str] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    state: Mapped[AttendanceRequestState] = mapped_column(
        enum_column(AttendanceRequestState), default=AttendanceRequestState.OPEN
    )
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    answer: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})
