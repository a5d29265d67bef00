"""Exceptions from the completion rule: proposed with a reason by one person, signed by another."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.completion_exception import ExceptionState
from trainer.models.types import EncryptedText, UTCDateTime, enum_column


class CompletionException(Base):
    """She completes although the rule says no; of one woman only one is proposed or approved at a time."""

    __tablename__ = "completion_exceptions"
    __table_args__ = (
        Index(
            "uq_completion_exceptions_live",
            "enrolment_id",
            unique=True,
            sqlite_where=text("state IN ('proposed', 'approved')"),
            postgresql_where=text("state IN ('proposed', 'approved')"),
        ),
        Index("ix_completion_exceptions_state", "state", "id"),
        CheckConstraint("state <> 'approved' OR decided_by <> proposed_by", name="two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), index=True)
    state: Mapped[ExceptionState] = mapped_column(enum_column(ExceptionState))
    reason: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S1"})
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    answer: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S1"})
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
