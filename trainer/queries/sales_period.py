"""Months of sales by county: which are locked, how far each is approved, by whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select

from trainer.database import db
from trainer.domain.actors import Actor, region_prefix
from trainer.domain.days import CHINA, Span
from trainer.domain.sales_period import Figures, PeriodStage, PeriodStep, month_after
from trainer.models.account import Account
from trainer.models.person import Person
from trainer.models.sales_period import SalesPeriod, SalesPeriodEvent
from trainer.permissions import Permission
from trainer.queries.scoping import visible


def month_span(month: date) -> Span:
    """The month's first moment and that of the next one, in China."""
    after = month_after(month)
    return datetime(month.year, month.month, 1, tzinfo=CHINA), datetime(after.year, after.month, 1, tzinfo=CHINA)


def locked_spans(region_code: str) -> list[Span]:
    """The months of a county whose sales do not change any more. One statement."""
    months = db.session.scalars(
        select(SalesPeriod.month)
        .where(SalesPeriod.region_code == region_code, SalesPeriod.stage != PeriodStage.OPEN)
        .order_by(SalesPeriod.month)
    )
    return [month_span(month) for month in months]


def homes_within(region_code: str) -> ColumnElement[bool]:
    """A WHERE clause over Person: who lives in a county, a city, a province."""
    return Person.region_code.startswith(region_prefix(region_code))


def homes_seen(actor: Actor) -> ColumnElement[bool]:
    """The same of everywhere whose months she may look at."""
    return visible(actor, Permission.VIEW_PERIODS, region=Person.region_code)


def is_counted() -> ColumnElement[bool]:
    """A record that was merged into another one is nobody: that one speaks for her. An erased one's sales stay."""
    return Person.merged_into_id.is_(None)


def get_stages(counties: Iterable[str], months: Iterable[date]) -> dict[tuple[str, date], PeriodStage]:
    """By county and month; what is not there is open."""
    rows = select(SalesPeriod.region_code, SalesPeriod.month, SalesPeriod.stage).where(
        SalesPeriod.region_code.in_(list(counties)), SalesPeriod.month.in_(list(months))
    )
    return {(code, month): stage for code, month, stage in db.session.execute(rows)}


def list_steps(period_ids: Iterable[int]) -> dict[int, list[PeriodStep]]:
    """By period, the oldest first."""
    rows = select(
        *(SalesPeriodEvent.period_id, SalesPeriodEvent.from_stage),
        *(SalesPeriodEvent.to_stage, SalesPeriodEvent.by),
    ).where(SalesPeriodEvent.period_id.in_(list(period_ids)))
    found: dict[int, list[PeriodStep]] = {}
    for period_id, *step in db.session.execute(rows.order_by(SalesPeriodEvent.id)):
        found.setdefault(period_id, []).append(PeriodStep(*step))
    return found


@dataclass(frozen=True)
class PeriodEvent:
    """A line of the history of a month."""

    step: PeriodStep
    figures: Figures | None
    reason: str
    at: datetime
    by: str | None


def list_events(county: str, month: date) -> list[PeriodEvent]:
    """The oldest first."""
    rows = db.session.execute(
        select(
            *(SalesPeriodEvent.from_stage, SalesPeriodEvent.to_stage, SalesPeriodEvent.by),
            *(SalesPeriodEvent.figures, SalesPeriodEvent.reason, SalesPeriodEvent.at, Account.name),
        )
        .join(SalesPeriod, SalesPeriod.id == SalesPeriodEvent.period_id)
        .outerjoin(Account, Account.id == SalesPeriodEvent.by)
        .where(SalesPeriod.region_code == county, SalesPeriod.month == month)
        .order_by(SalesPeriodEvent.id)
    )
    return [
        PeriodEvent(PeriodStep(*step), Figures.kept(figures) if figures else None, reason, at, name)
        for *step, figures, reason, at, name in rows
    ]
