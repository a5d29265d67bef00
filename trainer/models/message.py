"""Messages, the templates they are written from, and each one's way to each person."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.message import DeliveryState, MessageKind
from trainer.models.types import UTCDateTime, enum_column


class MessageTemplate(Base):
    """Words staff use again; `{name}`, `{cohort}` and the like are filled in for each woman."""

    __tablename__ = "message_templates"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), info={"pii": "S0"})
    subject: Mapped[str] = mapped_column(String(120), info={"pii": "S0"})
    body: Mapped[str] = mapped_column(Text, info={"pii": "S0"})
    # Whose it is: staff of this subtree may use and change it; None: everybody's.
    region_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"), index=True)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Message(Base):
    """A notice of the site (`code`, `values`) or a letter somebody wrote (`subject`, `body`)."""

    __tablename__ = "messages"
    __table_args__ = (CheckConstraint("(code IS NULL) <> (body IS NULL)", name="one_form"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[MessageKind] = mapped_column(enum_column(MessageKind))
    code: Mapped[str | None] = mapped_column(String(60), info={"pii": "S0"})
    values: Mapped[dict] = mapped_column(JSON, default=dict, info={"pii": "S1"})
    subject: Mapped[str | None] = mapped_column(String(120), info={"pii": "S1"})
    body: Mapped[str | None] = mapped_column(Text, info={"pii": "S1"})
    # A path of this site that the message is about.
    link: Mapped[str | None] = mapped_column(String(200), info={"pii": "S0"})
    # What the same notice has in common, so that it is sent once: `job_failed:2026-11-22`.
    once_key: Mapped[str | None] = mapped_column(String(120), unique=True, info={"pii": "S0"})
    audience: Mapped[dict] = mapped_column(JSON, default=dict, info={"pii": "S0"})
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohorts.id"), index=True)
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    # A letter that its writer took back: whoever had not read it then finds it no longer.
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Delivery(Base):
    """One message on one channel to one person: staff by account, a trainee by her record in the register."""

    __tablename__ = "deliveries"
    __table_args__ = (
        CheckConstraint("(account_id IS NULL) <> (person_id IS NULL)", name="one_reader"),
        UniqueConstraint("message_id", "channel", "account_id"),
        UniqueConstraint("message_id", "channel", "person_id"),
        Index("ix_deliveries_account_inbox", "account_id", "read_at"),
        Index("ix_deliveries_person_inbox", "person_id", "read_at"),
        Index("ix_deliveries_due", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    channel: Mapped[str] = mapped_column(String(30), info={"pii": "S0"})
    state: Mapped[DeliveryState] = mapped_column(enum_column(DeliveryState))
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    error: Mapped[str] = mapped_column(String(300), default="", info={"pii": "S1"})
