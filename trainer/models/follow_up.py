"""Calls and visits after the course, costs of a cohort, and who was paid for how many days by a woman's business."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.cost import CostKind
from trainer.domain.follow_up import FollowUpKind, FollowUpOutcome, FollowUpPurpose
from trainer.models.types import EncryptedText, UTCDateTime, enum_column


class TakenDown:
    """Written down once, under the number of its form; taken back with a reason, never deleted."""

    id: Mapped[int] = mapped_column(primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    taken_back_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    taken_back_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    taken_back_because: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S1"})


class FollowUp(TakenDown, Base):
    """Somebody called or visited a graduate."""

    __tablename__ = "follow_ups"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes"),
        Index("ix_follow_ups_enrolment", "enrolment_id", "day"),
    )

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    kind: Mapped[FollowUpKind] = mapped_column(enum_column(FollowUpKind))
    purpose: Mapped[FollowUpPurpose] = mapped_column(enum_column(FollowUpPurpose))
    outcome: Mapped[FollowUpOutcome] = mapped_column(enum_column(FollowUpOutcome))
    day: Mapped[date]
    # The staff's time, way included.
    minutes: Mapped[int]
    # What she said of herself: whether she broadcast in the thirty days before; None where nobody asked.
    broadcasts_still: Mapped[bool | None]
    words: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S3"})


class CohortCost(TakenDown, Base):
    """Money spent on a cohort."""

    __tablename__ = "cohort_costs"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount"),
        Index("ix_cohort_costs_cohort", "cohort_id", "spent_on"),
    )

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    kind: Mapped[CostKind] = mapped_column(enum_column(CostKind))
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    spent_on: Mapped[date]
    note: Mapped[str] = mapped_column(String(300), default="", info={"pii": "S1"})
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))


class PaidWork(TakenDown, Base):
    """Days for which a woman's business paid one worker, by name."""

    __tablename__ = "paid_works"
    __table_args__ = (
        CheckConstraint("paid_days > 0", name="days"),
        CheckConstraint("until_on >= from_on", name="dates"),
        Index("ix_paid_works_person", "person_id", "from_on"),
    )

    # Whose business it is.
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    worker: Mapped[str] = mapped_column(EncryptedText, info={"pii": "S1"})
    is_woman: Mapped[bool]
    is_seasonal: Mapped[bool]
    from_on: Mapped[date]
    until_on: Mapped[date]
    paid_days: Mapped[int]
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
