"""Months of sales by county: which are locked, and how far each is approved."""

from datetime import date, datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.days import CHINA
from trainer.domain.sales_period import PeriodStage
from trainer.models.sales_period import SalesPeriod

# From a moment on, up to another one.
Span = tuple[datetime, datetime]


def month_span(month: date) -> Span:
    """The month's first moment and that of the next one, in China."""
    begin = datetime(month.year, month.month, 1, tzinfo=CHINA)
    return begin, begin.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


def locked_spans(region_code: str) -> list[Span]:
    """The months of a county whose sales do not change any more. One statement."""
    months = db.session.scalars(
        select(SalesPeriod.month)
        .where(SalesPeriod.region_code == region_code, SalesPeriod.stage != PeriodStage.OPEN)
        .order_by(SalesPeriod.month)
    )
    return [month_span(month) for month in months]
