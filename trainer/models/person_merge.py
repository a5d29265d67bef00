"""Merges: two records that were one woman, and how to part them again; pairs that are two women after all."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.models.types import EncryptedText, UTCDateTime


class PersonMerge(Base):
    """`kept` speaks for `gone` from then on; `moved` (table → ids) went over, `before` is what undoing puts back."""

    __tablename__ = "person_merges"
    __table_args__ = (CheckConstraint("kept_id <> gone_id", name="two"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    reason: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S1"})
    moved: Mapped[dict] = mapped_column(JSON, info={"pii": "S0"})
    before: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S3"})
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    undo_reason: Mapped[str | None] = mapped_column(EncryptedText, info={"pii": "S1"})
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class DistinctPair(Base):
    """Two people whom somebody looked at side by side and found to be two; the smaller number first."""

    __tablename__ = "distinct_pairs"
    __table_args__ = (UniqueConstraint("first_id", "second_id"), CheckConstraint("first_id < second_id", name="order"))

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
