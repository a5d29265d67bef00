"""Shops, the livestreams they held and the order lines they sold; no buyer data."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainer.database import Base
from trainer.models.person import Person
from trainer.models.types import UTCDateTime


class Shop(Base):
    """A woman's selling account on a platform."""

    __tablename__ = "shops"
    __table_args__ = (UniqueConstraint("platform", "account_uid"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    platform: Mapped[str] = mapped_column(String(20), info={"pii": "S0"})
    name: Mapped[str] = mapped_column(String(120), info={"pii": "S1"})
    account_uid: Mapped[str | None] = mapped_column(String(80), info={"pii": "S1"})
    opened_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship()


class Livestream(Base):
    """One broadcast as the platform reports it; money in fen."""

    __tablename__ = "livestreams"
    __table_args__ = (
        UniqueConstraint("platform", "natural_key"),
        Index("ix_livestreams_shop_started", "shop_id", "started_at"),
        CheckConstraint("trust BETWEEN 0 AND 4", name="trust"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    platform: Mapped[str] = mapped_column(String(20), info={"pii": "S0"})
    natural_key: Mapped[str] = mapped_column(String(160), info={"pii": "S1"})
    title: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    duration_s: Mapped[int | None]
    gmv_fen: Mapped[int | None] = mapped_column(BigInteger)
    gmv_incl_abnormal_fen: Mapped[int | None] = mapped_column(BigInteger)
    refund_fen: Mapped[int | None] = mapped_column(BigInteger)
    refund_basis: Mapped[str | None] = mapped_column(String(20), info={"pii": "S0"})
    orders: Mapped[int | None]
    viewers: Mapped[int | None]
    viewers_exact: Mapped[bool] = mapped_column(default=True)
    trust: Mapped[int]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batches.id"), index=True)

    shop: Mapped[Shop] = relationship()


class OrderLine(Base):
    """One line of a platform order; money in fen."""

    __tablename__ = "order_lines"
    __table_args__ = (
        UniqueConstraint("platform", "natural_key"),
        Index("ix_order_lines_shop_paid", "shop_id", "paid_at"),
        CheckConstraint("trust BETWEEN 0 AND 4", name="trust"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    platform: Mapped[str] = mapped_column(String(20), info={"pii": "S0"})
    natural_key: Mapped[str] = mapped_column(String(160), info={"pii": "S1"})
    order_key: Mapped[str] = mapped_column(String(80), index=True, info={"pii": "S1"})
    product: Mapped[str] = mapped_column(String(200), default="", info={"pii": "S1"})
    quantity: Mapped[int | None]
    ordered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    paid_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    paid_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    refunded_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    settled_fen: Mapped[int | None] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(String(20), info={"pii": "S0"})
    is_live: Mapped[bool | None]
    province: Mapped[str | None] = mapped_column(String(30), info={"pii": "S1"})
    trust: Mapped[int]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batches.id"), index=True)

    shop: Mapped[Shop] = relationship()
