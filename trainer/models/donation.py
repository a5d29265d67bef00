"""Donation funds: what a shop gives for each completed order, and what was paid in."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.models.types import UTCDateTime


class DonationFund(Base):
    """A fund that completed orders feed, kept by the office of a region."""

    __tablename__ = "donation_funds"
    __table_args__ = (UniqueConstraint("region_code", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"))
    name: Mapped[str] = mapped_column(String(120), info={"pii": "S0"})
    purpose: Mapped[str] = mapped_column(String(300), default="", info={"pii": "S0"})
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    closed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class DonationPledge(Base):
    """So many fen of each completed order that was paid within these days."""

    __tablename__ = "donation_pledges"
    __table_args__ = (
        CheckConstraint("per_order_fen > 0", name="per_order"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="days"),
        Index("ix_donation_pledges_fund", "fund_id", "id"),
        Index("ix_donation_pledges_shop", "shop_id", "starts_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("donation_funds.id"))
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    per_order_fen: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class DonationPayment(Base):
    """Money that arrived in a fund; a mistake is taken back, not deleted."""

    __tablename__ = "donation_payments"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount"),
        Index("ix_donation_payments_fund", "fund_id", "paid_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("donation_funds.id"))
    shop_id: Mapped[int | None] = mapped_column(ForeignKey("shops.id"), index=True)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    paid_on: Mapped[date]
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    note: Mapped[str] = mapped_column(String(300), default="", info={"pii": "S1"})
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    taken_back_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    taken_back_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str] = mapped_column(String(300), default="", info={"pii": "S1"})
