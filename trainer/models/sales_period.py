"""Months of sales of a county: approved and locked by county, city and province, unlocked with a reason."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.database import Base
from trainer.domain.sales_period import PeriodStage
from trainer.models.types import UTCDateTime, enum_column


class SalesPeriod(Base):
    """One month of one county; without a row it is open. From the first approval on its sales do not change."""

    __tablename__ = "sales_periods"
    __table_args__ = (UniqueConstraint("region_code", "month"), Index("ix_sales_periods_month", "month", "stage"))

    id: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"))
    # Its first day.
    month: Mapped[date]
    stage: Mapped[PeriodStage] = mapped_column(enum_column(PeriodStage))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class SalesPeriodEvent(Base):
    """One approval or unlocking, with the figures as they were then."""

    __tablename__ = "sales_period_events"
    __table_args__ = (
        CheckConstraint("from_stage <> to_stage", name="moved"),
        Index("ix_sales_period_events_period", "period_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("sales_periods.id"))
    from_stage: Mapped[PeriodStage] = mapped_column(enum_column(PeriodStage))
    to_stage: Mapped[PeriodStage] = mapped_column(enum_column(PeriodStage))
    figures: Mapped[dict | None] = mapped_column(JSON, info={"pii": "S0"})
    reason: Mapped[str] = mapped_column(String(300), default="", info={"pii": "S1"})
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
