"""The demonstration's shops as rows: broadcasts and order lines, each from a file that was taken in and can be undone."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from trainer.domain.days import CHINA, day_begins
from trainer.domain.demo_people import pick
from trainer.domain.demo_sales import PLATFORMS, Broadcast, Order, trade
from trainer.domain.demonstration import CohortPlan, stream
from trainer.domain.imports import BatchState, ImportKind, RowAction
from trainer.domain.sales import BROADCAST_TRUST, OrderStatus, Platform, RefundBasis, SalesKind, trust_of_order
from trainer.domain.sales_import import Facts, product_key, start_key
from trainer.models import ImportBatch, Livestream, LivestreamVersion, OrderLine, OrderLineVersion, Shop
from trainer.services.demo_people import Member
from trainer.services.demo_place import Place
from trainer.services.demo_rows import Rows

MODELS = {SalesKind.LIVE_SESSION: Livestream, SalesKind.ORDER: OrderLine}
SAID = {SalesKind.LIVE_SESSION: LivestreamVersion, SalesKind.ORDER: OrderLineVersion}
FILE_NAMES = {SalesKind.LIVE_SESSION: "直播场次_{}.xlsx", SalesKind.ORDER: "订单导出_{}.xlsx"}
# From here on a platform prints 1.2万.
PRINTED_IN_WAN = 10_000


@dataclass(frozen=True)
class _TakenIn:
    """A shop, and when and by whom its files were taken in."""

    shop_id: int
    platform: Platform
    at: datetime
    by: int


def add_shops(rows: Rows, plan: CohortPlan, members: Sequence[Member], place: Place) -> None:
    """The shops of a cohort's women, with all that their files say."""
    chance = stream(plan.name, "sales")
    for member in members:
        if member.opened_on is None:
            continue
        taken_at = day_begins(place.today - timedelta(days=chance.randrange(1, 12))) + timedelta(hours=18)
        shop = _add_shop(rows, chance, member, plan, place, taken_at)
        done = trade(chance, member.seller, member.woman.business, member.opened_on, taken_at)
        _add_file(rows, shop, SalesKind.LIVE_SESSION, [_broadcast_facts(shop, each) for each in done.broadcasts])
        _add_file(rows, shop, SalesKind.ORDER, [_order_facts(shop, n, each) for n, each in enumerate(done.orders)])
    rows.write_when_many()


def _add_shop(
    rows: Rows, chance: Random, member: Member, plan: CohortPlan, place: Place, taken_at: datetime
) -> _TakenIn:
    platform = Platform.KUAISHOU if member.part else Platform(pick(chance, PLATFORMS))
    shop_id = rows.add(
        Shop,
        person_id=member.person_id,
        platform=platform,
        name=f"{member.woman.name[-2:]}{member.woman.business}",
        account_uid=f"demo{member.person_id:07d}",
        opened_on=member.opened_on,
        created_at=taken_at,
        changed_at=taken_at,
    )
    return _TakenIn(shop_id, platform, taken_at, place.accounts[plan.staff])


def _broadcast_facts(shop: _TakenIn, broadcast: Broadcast) -> Facts:
    exact = broadcast.viewers < PRINTED_IN_WAN
    return {
        "natural_key": start_key(shop.shop_id, broadcast.at),
        "title": broadcast.title,
        "started_at": broadcast.at,
        "duration_s": broadcast.duration_s,
        "gmv_fen": broadcast.gmv_fen,
        "gmv_incl_abnormal_fen": None,
        "refund_fen": broadcast.refund_fen,
        "refund_basis": RefundBasis.PAYMENT_DAY.value,
        "orders": sum(1 for order in broadcast.orders if order.paid_at),
        "viewers": broadcast.viewers if exact else round(broadcast.viewers, -3),
        "viewers_exact": exact,
        "trust": BROADCAST_TRUST,
    }


def _order_facts(shop: _TakenIn, number: int, order: Order) -> Facts:
    key = f"{order.at:%y%m%d}{shop.shop_id:06d}{number:05d}"
    return {
        "natural_key": key,
        "order_key": key,
        "product": order.product,
        "product_key": product_key(None, order.product),
        "quantity": order.quantity,
        "ordered_at": order.at,
        "paid_at": order.paid_at,
        "paid_fen": order.paid_fen,
        "refunded_fen": order.refunded_fen,
        "settled_fen": None,
        "status": order.status.value,
        "is_live": order.is_live,
        "province": order.province,
        "trust": trust_of_order(order.paid_at, None, order.status, shop.at),
    }


def _add_file(rows: Rows, shop: _TakenIn, kind: SalesKind, facts: Sequence[Facts]) -> None:
    """An import batch that was taken in, its staged rows, and what they made."""
    if not facts:
        return
    batch_id = rows.add(
        ImportBatch,
        kind=ImportKind.SALES,
        shop_id=shop.shop_id,
        cohort_id=None,
        filename=FILE_NAMES[kind].format(f"{shop.at.astimezone(CHINA):%Y%m%d}"),
        sha256=hashlib.sha256(f"demonstration:{shop.shop_id}:{kind}".encode()).hexdigest(),
        state=BatchState.COMMITTED,
        summary=_summary(shop, kind, facts),
        created_at=shop.at,
        created_by=shop.by,
        committed_at=shop.at + timedelta(minutes=3),
    )
    for number, values in enumerate(facts, start=2):
        rows.add(MODELS[kind], shop_id=shop.shop_id, platform=shop.platform, batch_id=batch_id, **values)
        rows.put(SAID[kind], batch_id=batch_id, row_number=number, action=RowAction.NEW, **values)


def _summary(shop: _TakenIn, kind: SalesKind, facts: Sequence[Facts]) -> dict[str, object]:
    """What taking in a file keeps of it as a whole."""
    return {
        "platform": shop.platform.value,
        "kind": kind.value,
        "header_row": 1,
        "data_rows": len(facts),
        "totals": _broadcast_totals(facts) if kind is SalesKind.LIVE_SESSION else _order_totals(facts),
        "evidence": "unverified",
        "sheet": None,
        "notes": [],
        "controls": [],
        "accounts": [],
        "unknown_columns": [],
        "counts": {action.value: 0 for action in RowAction} | {RowAction.NEW.value: len(facts)},
    }


def _broadcast_totals(facts: Sequence[Facts]) -> dict[str, object]:
    return {
        **{name: sum(each[name] for each in facts) for name in ("gmv_fen", "refund_fen", "orders", "viewers")},
        "duration_s": sum(each["duration_s"] for each in facts),
        "gmv_incl_abnormal_fen": None,
        "refund_basis": RefundBasis.PAYMENT_DAY.value,
        "viewers_exact": all(each["viewers_exact"] for each in facts),
    }


def _order_totals(facts: Sequence[Facts]) -> dict[str, object]:
    paid, refunded = (sum(each[name] for each in facts) for name in ("paid_fen", "refunded_fen"))
    return {
        "main_orders": len(facts),
        "paid_fen": paid,
        "refunded_fen": refunded,
        "net_fen": paid - refunded,
        "settled_fen": None,
        "closed_rows": sum(1 for each in facts if each["status"] == OrderStatus.CLOSED),
    }
