"""Who reads which application, what she makes of it, sheets brought on paper, and files to calibrate by."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.selection import AssignmentOrigin, Recommendation, ReviewState, SheetSource
from trainer.models.types import UTCDateTime, enum_column


class Assignment(Base):
    """An evaluator reads an application in a round; `position` is her own reading order."""

    __tablename__ = "assignments"
    __table_args__ = (
        UniqueConstraint("round_id", "application_id", "account_id"),
        Index("ix_assignments_account_round", "account_id", "round_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    position: Mapped[int]
    origin: Mapped[AssignmentOrigin] = mapped_column(enum_column(AssignmentOrigin), default=AssignmentOrigin.AUTO)
    wave: Mapped[int] = mapped_column(default=1)
    # Why staff gave it to her; never shown to her.
    reason: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})
    created_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    # Taken from her (a conflict, a replacement): what she wrote stays and does not count.
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_reason: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})


class Review(Base):
    """One evaluator's score sheet: a draft she may change, then the number of its last submitted version."""

    __tablename__ = "reviews"

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), primary_key=True)
    state: Mapped[ReviewState] = mapped_column(enum_column(ReviewState))
    # domain.selection.SheetDraft as JSON: levels, abstentions, strengths, risks, confidence, recommendation.
    draft: Mapped[dict] = mapped_column(JSON, info={"pii": "S1"})
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    submitted_version: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class ReviewVersion(Base):
    """A submitted sheet; append-only."""

    __tablename__ = "review_versions"
    __table_args__ = (
        UniqueConstraint("assignment_id", "number"),
        CheckConstraint("confidence IS NULL OR confidence BETWEEN 1 AND 3", name="confidence"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"))
    number: Mapped[int]
    levels: Mapped[dict] = mapped_column(JSON, info={"pii": "S1"})
    strengths: Mapped[str] = mapped_column(Text, default="", info={"pii": "S1"})
    risks: Mapped[str] = mapped_column(Text, default="", info={"pii": "S1"})
    reason: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})
    # {criterion code: why she abstains}
    abstentions: Mapped[dict] = mapped_column(JSON, default=dict, info={"pii": "S1"})
    # 1 not sure, 2 fairly, 3 sure.
    confidence: Mapped[int | None]
    recommendation: Mapped[Recommendation | None] = mapped_column(enum_column(Recommendation))
    source: Mapped[SheetSource] = mapped_column(enum_column(SheetSource), default=SheetSource.SCREEN)
    # Each version seals the one before it; nothing on what was submitted before there were seals.
    sha256: Mapped[str | None] = mapped_column(String(64))
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime)


class PaperEntry(Base):
    """A sheet filled in on paper as one person typed it; when a second one typed the same, it is submitted."""

    __tablename__ = "paper_entries"
    __table_args__ = (UniqueConstraint("assignment_id", "entered_by"), CheckConstraint("entry IN (1, 2)", name="entry"))

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), primary_key=True)
    entry: Mapped[int] = mapped_column(primary_key=True)
    # As in reviews.draft.
    content: Mapped[dict] = mapped_column(JSON, info={"pii": "S1"})
    entered_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CalibrationFile(Base):
    """An invented application that every evaluator of a round scores first, with what the organisers hold to be right."""

    __tablename__ = "calibration_files"
    __table_args__ = (UniqueConstraint("round_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text, info={"pii": "S0"})
    # {criterion code: level}, and why.
    levels: Mapped[dict] = mapped_column(JSON, info={"pii": "S0"})
    words: Mapped[str] = mapped_column(String(400), default="", info={"pii": "S0"})


class CalibrationSheet(Base):
    """An evaluator's levels for a calibration file; given once."""

    __tablename__ = "calibration_sheets"

    calibration_id: Mapped[int] = mapped_column(ForeignKey("calibration_files.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, index=True)
    levels: Mapped[dict] = mapped_column(JSON, info={"pii": "S1"})
    at: Mapped[datetime] = mapped_column(UTCDateTime)
