"""Disclosures: who saw or took out whose protected values in full, and why."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.disclosure import DisclosureReason
from trainer.models.types import UTCDateTime, enum_column


class Disclosure(Base):
    """One look at a value, or one export of many; `fields` names `ProtectedField`s."""

    __tablename__ = "disclosures"
    __table_args__ = (Index("ix_disclosures_account", "account_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    fields: Mapped[list] = mapped_column(JSON, info={"pii": "S0"})
    reason: Mapped[DisclosureReason] = mapped_column(enum_column(DisclosureReason))
    note: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})
    # Who gets an export (PIPL art. 23); empty for a look on the page.
    recipient: Mapped[str] = mapped_column(String(120), default="", info={"pii": "S0"})
    is_export: Mapped[bool] = mapped_column(default=False)


class DisclosedPerson(Base):
    """A person whose values a disclosure showed; she sees this on her own page."""

    __tablename__ = "disclosed_people"
    __table_args__ = (Index("ix_disclosed_people_person", "person_id", "disclosure_id"),)

    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosures.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
