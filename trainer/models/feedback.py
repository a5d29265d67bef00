"""Satisfaction: anonymous answers, and, apart from them, who has answered."""

from sqlalchemy import CheckConstraint, ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.models.types import EncryptedText


class FeedbackAnswer(Base):
    """One answer of somebody of the cohort, from 1 (bad) to 3 (good); random ids and no time, so that no order tells."""

    __tablename__ = "feedback_answers"
    __table_args__ = (
        CheckConstraint("content BETWEEN 1 AND 3", name="content"),
        CheckConstraint("teaching BETWEEN 1 AND 3", name="teaching"),
        CheckConstraint("organisation BETWEEN 1 AND 3", name="organisation"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, info={"pii": "S0"})
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    content: Mapped[int]
    teaching: Mapped[int]
    organisation: Mapped[int]
    words: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S1"})
    # Told of while the form is open; they come in groups, so that no single one is seen arriving.
    told: Mapped[bool] = mapped_column(default=False, server_default=false())


class FeedbackGiven(Base):
    """That she has answered, never what: nobody answers twice, and no answer leads back to her."""

    __tablename__ = "feedback_given"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), primary_key=True, autoincrement=False)
