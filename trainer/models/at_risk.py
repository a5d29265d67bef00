"""Women at risk: since which closed lesson and why, and the calls that were made."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.at_risk import ContactOutcome, RiskReason
from trainer.models.types import EncryptedText, UTCDateTime, enum_column


class Risk(Base):
    """One reason about one woman, from the closing that showed it to the closing that no longer does."""

    __tablename__ = "risks"
    __table_args__ = (
        Index(
            "uq_risks_in_force",
            *("enrolment_id", "reason"),
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_risks_found", "ended_at", "found_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    reason: Mapped[RiskReason] = mapped_column(enum_column(RiskReason))
    # The closed lesson after which it was found.
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"))
    found_at: Mapped[datetime] = mapped_column(UTCDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Contact(Base):
    """Somebody called her: when, and what it came to; append-only."""

    __tablename__ = "contacts"
    __table_args__ = (Index("ix_contacts_enrolment", "enrolment_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    outcome: Mapped[ContactOutcome] = mapped_column(enum_column(ContactOutcome))
    words: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S3"})
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
