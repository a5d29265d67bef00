"""Assessments: theory and practice of a cohort, and every score that was entered."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.assessment import AssessmentKind
from trainer.models.types import UTCDateTime, enum_column


class Assessment(Base):
    """Scores are hundredths of a point."""

    __tablename__ = "assessments"
    __table_args__ = (CheckConstraint("max_score > 0", name="max_score"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    name: Mapped[str] = mapped_column(String(120), info={"pii": "S0"})
    kind: Mapped[AssessmentKind] = mapped_column(enum_column(AssessmentKind))
    max_score: Mapped[int]
    held_on: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    # Given up: no rule demands it and no page asks for scores.
    dropped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class AssessmentScore(Base):
    """One score as it was entered; append-only, the last one counts, and None takes it away."""

    __tablename__ = "assessment_scores"
    __table_args__ = (Index("ix_assessment_scores_one", "assessment_id", "enrolment_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    score: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
