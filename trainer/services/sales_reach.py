"""How far a sales file tells: to its last row, or to a later day that whoever takes it in names."""

from datetime import date

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.days import china_day
from trainer.domain.sales import SalesKind
from trainer.errors import Refused
from trainer.models.imports import ImportBatch
from trainer.models.sales import LivestreamVersion, OrderLineVersion


class ReachImpossible(Refused):
    """A file tells neither less than its rows nor of days after it was sent in; settlements tell of other days."""

    code = "sales_reach_impossible"


def check_reach(batch: ImportBatch, kind: SalesKind, day: date) -> date:
    """The day, where it may be. Raises ReachImpossible."""
    first, last = _last_row(batch.id, kind), china_day(batch.created_at)
    if kind is SalesKind.SETTLEMENT or not (first or day) <= day <= last:
        raise ReachImpossible(first=first or "—", last=last)
    return day


def _last_row(batch_id: int, kind: SalesKind) -> date | None:
    moments = {
        SalesKind.LIVE_SESSION: LivestreamVersion.started_at,
        SalesKind.ORDER: func.coalesce(OrderLineVersion.paid_at, OrderLineVersion.ordered_at),
    }
    if kind not in moments:
        return None
    table = LivestreamVersion if kind is SalesKind.LIVE_SESSION else OrderLineVersion
    moment = func.max(moments[kind], type_=LivestreamVersion.started_at.type)
    last = db.session.scalar(select(moment).where(table.batch_id == batch_id))
    return china_day(last) if last else None
