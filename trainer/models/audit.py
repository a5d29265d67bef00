"""The audit trail: append-only and hash-chained."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.models.types import UTCDateTime


class AuditEvent(Base):
    """Who did what to which thing, with the values before and after (S2/S3 values only masked or hashed)."""

    __tablename__ = "audit_events"
    __table_args__ = (Index("ix_audit_events_object", "object_type", "object_id"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    actor_name: Mapped[str] = mapped_column(String(60), info={"pii": "S1"})
    action: Mapped[str] = mapped_column(String(60), index=True, info={"pii": "S0"})
    object_type: Mapped[str] = mapped_column(String(40), info={"pii": "S0"})
    object_id: Mapped[str] = mapped_column(String(60), info={"pii": "S0"})
    success: Mapped[bool] = mapped_column(default=True)
    details: Mapped[dict] = mapped_column(JSON, info={"pii": "S1"})
    # Where the request came from; none for commands and jobs.
    address: Mapped[str | None] = mapped_column(String(45), info={"pii": "S2"})
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditSegment(Base):
    """Old events that were sealed and moved into a file; the chain goes on from their closing hash.

    The database lets events be deleted only where a segment covers them, and nothing be changed at all
    (triggers of the migration).
    """

    __tablename__ = "audit_segments"

    first_seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_seq: Mapped[int] = mapped_column(unique=True)
    closing_hash: Mapped[str] = mapped_column(String(64))
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"))
    sealed_at: Mapped[datetime] = mapped_column(UTCDateTime)
