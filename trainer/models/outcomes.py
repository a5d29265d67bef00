"""Sums kept up as sales come in, and what follows from them: by shop and day, by woman, by cohort. All of it derived."""

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.models.types import UTCDateTime


class ShopDay(Base):
    """What a shop sold and broadcast on one day in China; money in fen. What is excluded by a decision is not in it.

    Orders are counted on their day of payment (of the order where none is known), gifts left out; `firm_*` are of lines
    that count as settled or mature (trust 3 and more). `flow_settled_fen` is of settlement files on the day of settlement,
    `order_settled_fen` of order files: both tell of the same money, so they are never added.
    """

    __tablename__ = "shop_days"

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    orders: Mapped[int] = mapped_column(default=0)
    paid_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    refunded_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    firm_paid_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    firm_refunded_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    commission_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    firm_commission_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    order_settled_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    flow_settled_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    broadcasts: Mapped[int] = mapped_column(default=0)
    # Of them, those that no file knows: typed in and checked.
    typed_broadcasts: Mapped[int] = mapped_column(default=0)
    # Long enough, watched by enough, and more than a word: see domain/outcomes.QUALIFYING.
    qualifying: Mapped[int] = mapped_column(default=0)


class ProductDay(Base):
    """What of one product a shop sold on one day in China; together they are the money of ShopDay."""

    __tablename__ = "product_days"

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    product_key: Mapped[str] = mapped_column(String(80), primary_key=True, info={"pii": "S1"})
    paid_fen: Mapped[int] = mapped_column(BigInteger)
    refunded_fen: Mapped[int] = mapped_column(BigInteger)


class EnrolmentOutcome(Base):
    """How far one woman of a cohort has come, and on which days: what stands behind each number of the tracker."""

    __tablename__ = "enrolment_outcomes"
    __table_args__ = (Index("ix_enrolment_outcomes_cohort", "cohort_id"),)

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    # Of counted lesson time, in hundredths of a percent; None before a lesson was closed.
    attendance_bp: Mapped[int | None]
    # The last day of the course, for whoever completed; days after it are counted from here.
    completed_on: Mapped[date | None]
    # The last day that her own data reach.
    reach_on: Mapped[date | None]
    # Stage → the day on which it was reached (domain/outcomes.Stage).
    stages: Mapped[dict] = mapped_column(JSON, info={"pii": "S1"})
    # Day after the course → state there (domain/outcomes.Activity), of the days that have come.
    activity: Mapped[dict] = mapped_column(JSON, info={"pii": "S1"})
    # Number of a 30-day month after the course → where its data come from (domain/outcomes.DataSource).
    sources: Mapped[dict] = mapped_column(JSON, info={"pii": "S1"})
    # Of the first ninety days after the course: paid, refunded; firm net only where her data reach so far.
    paid_90_fen: Mapped[int] = mapped_column(BigInteger)
    refunded_90_fen: Mapped[int] = mapped_column(BigInteger)
    net_90_fen: Mapped[int | None] = mapped_column(BigInteger)


class CohortOutcomes(Base):
    """A cohort's figures as last reckoned (domain/outcomes.CohortFigures), and whether something changed since."""

    __tablename__ = "cohort_outcomes"
    __table_args__ = (Index("ix_cohort_outcomes_changed", "changed_at"),)

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), primary_key=True)
    # None: the figures say all that is known.
    changed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reckoned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    as_of: Mapped[date | None]
    figures: Mapped[dict | None] = mapped_column(JSON(none_as_null=True), info={"pii": "S0"})
    # Where a full recomputation came to something else than what was kept up: what differed, and when.
    difference: Mapped[list | None] = mapped_column(JSON(none_as_null=True), info={"pii": "S0"})
    differed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
