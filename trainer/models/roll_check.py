"""Checks on the marker: what was found on closed rolls, and what looking into it came to."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.roll_check import RollCheckAnswer, RollCheckKind
from trainer.models.types import UTCDateTime, enum_column


class RollCheck(Base):
    """One thing about one closed roll; `gone_at`: a later closing no longer shows it."""

    __tablename__ = "roll_checks"
    __table_args__ = (
        UniqueConstraint("lesson_id", "kind"),
        Index("ix_roll_checks_open", "answered_at", "found_at"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"))
    kind: Mapped[RollCheckKind] = mapped_column(enum_column(RollCheckKind))
    # Counts and seconds, never a name: {"headcount": 30, "in_the_room": 33}
    facts: Mapped[dict] = mapped_column(JSON, info={"pii": "S0"})
    found_at: Mapped[datetime] = mapped_column(UTCDateTime)
    gone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answer: Mapped[RollCheckAnswer | None] = mapped_column(enum_column(RollCheckAnswer))
    words: Mapped[str] = mapped_column(String(300), default="", info={"pii": "S1"})
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
