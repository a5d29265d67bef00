"""One broadcast: what is known of it, what was typed, what each file said, and the orders found for it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from trainer.database import db
from trainer.domain.broadcast_ratios import BroadcastFacts
from trainer.domain.imports import BatchState, RowAction
from trainer.domain.sales import Attribution, GmvMeasure, RefundBasis, SalesKind, TrustBasis, trust_basis
from trainer.domain.sales_entry import EntryState
from trainer.models.imports import ImportBatch
from trainer.models.sales import Livestream, LivestreamVersion, OrderLine
from trainer.models.sales_entry import SalesEntry
from trainer.queries.sales_figures import SOLD

_FACTS = tuple(BroadcastFacts.__dataclass_fields__)


@dataclass(frozen=True)
class LivestreamView:
    """`facts` are those that ratios are made of."""

    id: int
    natural_key: str
    title: str
    started_at: datetime
    ended_at: datetime | None
    items: int | None
    peak_online: int | None
    avg_online: int | None
    new_followers: int | None
    ad_spend_fen: int | None
    gmv_exact: bool
    viewers_exact: bool
    excluded_by: int | None
    trust: TrustBasis
    facts: BroadcastFacts


_VIEW = tuple(name for name in LivestreamView.__dataclass_fields__ if name not in ("trust", "facts"))


def get_livestream(shop_id: int, livestream_id: int) -> LivestreamView | None:
    columns = [getattr(Livestream, name) for name in (*_VIEW, "trust", *_FACTS)]
    row = db.session.execute(
        select(*columns).where(Livestream.shop_id == shop_id, Livestream.id == livestream_id)
    ).one_or_none()
    if row is None:
        return None
    view, trust, facts = row[: len(_VIEW)], row[len(_VIEW)], dict(zip(_FACTS, row[len(_VIEW) + 1 :], strict=True))
    facts["gmv_measure"] = GmvMeasure(facts["gmv_measure"])
    facts["refund_basis"] = RefundBasis(facts["refund_basis"]) if facts["refund_basis"] else None
    return LivestreamView(*view, trust_basis(trust, SalesKind.LIVE_SESSION), BroadcastFacts(**facts))


@dataclass(frozen=True)
class Attributed:
    """The paid lines found for a broadcast; `inferred_fen`: by time alone."""

    orders: int
    paid_fen: int
    refunded_fen: int
    inferred_fen: int
    trust: TrustBasis


def get_attributed(livestream_id: int) -> Attributed | None:
    """None where no order was found for it."""
    inferred = case((OrderLine.attribution == Attribution.TIME, OrderLine.paid_fen), else_=0)
    orders, *sums, trust = db.session.execute(
        select(
            func.count(OrderLine.order_key.distinct()),
            *(func.sum(figure) for figure in (OrderLine.paid_fen, OrderLine.refunded_fen, inferred)),
            func.min(OrderLine.trust),
        ).where(OrderLine.livestream_id == livestream_id, SOLD)
    ).one()
    return Attributed(orders, *map(int, sums), trust_basis(trust, SalesKind.ORDER)) if orders else None


@dataclass(frozen=True)
class Said:
    """What a file, or whoever typed it, said of the broadcast, and when."""

    source: str | None
    state: BatchState | EntryState
    action: RowAction | None
    at: datetime | None
    gmv_fen: int | None
    refund_fen: int | None
    orders: int | None
    viewers: int | None
    duration_s: int | None


_SAID = ("gmv_fen", "refund_fen", "orders", "viewers", "duration_s")


def list_said_by_files(shop_id: int, natural_key: str) -> list[Said]:
    """The files that were taken in, undone ones too; the newest first."""
    rows = db.session.execute(
        select(
            *(ImportBatch.filename, ImportBatch.state, LivestreamVersion.action, ImportBatch.committed_at),
            *(getattr(LivestreamVersion, name) for name in _SAID),
        )
        .join(ImportBatch, ImportBatch.id == LivestreamVersion.batch_id)
        .where(LivestreamVersion.natural_key == natural_key, ImportBatch.shop_id == shop_id)
        .where(ImportBatch.state.in_((BatchState.COMMITTED, BatchState.UNDONE)))
        .order_by(ImportBatch.committed_at.desc(), ImportBatch.id.desc())
    )
    return [Said(*row) for row in rows]


def list_typed(livestream_id: int) -> list[Said]:
    """What was typed for it, whether a file replaced it or not; the newest first."""
    rows = db.session.execute(
        select(SalesEntry.state, SalesEntry.entered_at, *(getattr(SalesEntry, name) for name in _SAID))
        .where(SalesEntry.livestream_id == livestream_id)
        .order_by(SalesEntry.entered_at.desc(), SalesEntry.id.desc())
    )
    return [Said(None, state, None, *row) for state, *row in rows]
