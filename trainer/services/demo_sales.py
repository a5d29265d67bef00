"""The demonstration's shops as rows: broadcasts and order lines, each from a file that was taken in and can be undone."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from trainer.domain.days import CHINA, day_begins
from trainer.domain.demo_people import pick
from trainer.domain.demo_platforms import PAYS_OUT_IN_ORDERS, SILENT_ON_SOURCE, goods, more_of_broadcast, session_key
from trainer.domain.demo_sales import PLATFORMS, Broadcast, Order, Seller, trade
from trainer.domain.demonstration import CohortPlan, stream
from trainer.domain.imports import BatchState, ImportKind, RowAction
from trainer.domain.sales import (
    BROADCAST_TRUST,
    OrderStatus,
    Platform,
    SalesKind,
    ShopRole,
    total,
    trust_of_order,
)
from trainer.domain.sales_import import Facts, start_key
from trainer.models import (
    ImportBatch,
    Livestream,
    LivestreamVersion,
    OrderLine,
    OrderLineVersion,
    Settlement,
    SettlementVersion,
    Shop,
)
from trainer.services.demo_people import Member
from trainer.services.demo_place import Place
from trainer.services.demo_rows import Rows

MODELS = {SalesKind.LIVE_SESSION: Livestream, SalesKind.ORDER: OrderLine, SalesKind.SETTLEMENT: Settlement}
SAID = {
    SalesKind.LIVE_SESSION: LivestreamVersion,
    SalesKind.ORDER: OrderLineVersion,
    SalesKind.SETTLEMENT: SettlementVersion,
}
FILE_NAMES = {
    SalesKind.LIVE_SESSION: "直播场次_{}.xlsx",
    SalesKind.ORDER: "订单导出_{}.xlsx",
    SalesKind.SETTLEMENT: "结算明细_{}.xlsx",
}
# From here on a platform prints 1.2万.
PRINTED_IN_WAN = 10_000
# Shares of the shops: commission accounts; of those that sell steadily, whoever sends what was settled too.
HOSTS, SEND_SETTLEMENTS = 0.04, 0.08
COMMISSION, FEES = 0.15, 0.05


@dataclass(frozen=True)
class _TakenIn:
    """A shop, and when and by whom its files were taken in."""

    shop_id: int
    platform: Platform
    role: ShopRole
    name: str
    at: datetime
    by: int


def add_shops(rows: Rows, plan: CohortPlan, members: Sequence[Member], place: Place) -> None:
    """The shops of a cohort's women, with all that their files say."""
    chance, files = stream(plan.name, "sales"), stream(plan.name, "files")
    for member in members:
        if member.opened_on is None:
            continue
        # What the women with parts sold since then was typed in.
        days = chance.randrange(1, 12) if member.part is None else 10
        taken_at = day_begins(place.today - timedelta(days=days)) + timedelta(hours=18)
        shop = _add_shop(rows, chance, files, member, plan, place, taken_at)
        plant = member.part.plant if member.part else None
        done = trade(chance, member.seller, member.woman.business, member.opened_on, taken_at, plant)
        numbers = _numbers(shop, done.broadcasts)
        orders = [_order_facts(shop, n, each, numbers.get(id(each))) for n, each in enumerate(done.orders)]
        _add_file(rows, shop, SalesKind.LIVE_SESSION, [_broadcast_facts(shop, each) for each in done.broadcasts])
        _add_file(rows, shop, SalesKind.ORDER, orders)
        if _sends_settlements(files, member):
            settled = [facts for facts in orders if facts["status"] == OrderStatus.SETTLED]
            _add_file(rows, shop, SalesKind.SETTLEMENT, [_settlement_facts(facts) for facts in settled])
    rows.write_when_many()


def _numbers(shop: _TakenIn, broadcasts: Sequence[Broadcast]) -> dict[int, str | None]:
    """Of orders whose file names the broadcast: which one."""
    if shop.platform is not Platform.TAOBAO:
        return {}
    return {id(order): session_key(shop.platform, shop.shop_id, one) for one in broadcasts for order in one.orders}


def _sends_settlements(files: Random, member: Member) -> bool:
    """Everybody with a part of her own, and some of the others who sell often."""
    sells = member.seller in (Seller.STEADY, Seller.STRONG, Seller.STAR)
    return sells and (files.random() < SEND_SETTLEMENTS or member.part is not None)


def _add_shop(
    rows: Rows, chance: Random, files: Random, member: Member, plan: CohortPlan, place: Place, taken_at: datetime
) -> _TakenIn:
    if member.part:
        platform, role = member.part.platform, member.part.shop_role
    else:
        platform = Platform(pick(chance, PLATFORMS))
        role = ShopRole.HOST if files.random() < HOSTS else ShopRole.OWN
    name = f"{member.woman.name[-2:]}{member.woman.business}"
    shop_id = rows.add(
        Shop,
        person_id=member.person_id,
        platform=platform,
        role=role,
        name=name,
        account_uid=f"demo{member.person_id:07d}",
        opened_on=member.opened_on,
        created_at=taken_at,
        changed_at=taken_at,
    )
    return _TakenIn(shop_id, platform, role, name, taken_at, place.accounts[plan.staff])


def _broadcast_facts(shop: _TakenIn, broadcast: Broadcast) -> Facts:
    exact = broadcast.viewers < PRINTED_IN_WAN
    number = session_key(shop.platform, shop.shop_id, broadcast)
    return more_of_broadcast(shop.platform, broadcast) | {
        "natural_key": number or start_key(shop.shop_id, broadcast.at),
        "session_key": number,
        "title": broadcast.title,
        "started_at": broadcast.at,
        "duration_s": broadcast.duration_s,
        "orders": sum(1 for order in broadcast.orders if order.paid_at),
        "viewers": broadcast.viewers if exact else round(broadcast.viewers, -3),
        "viewers_exact": exact,
        "trust": BROADCAST_TRUST,
    }


def _order_facts(shop: _TakenIn, number: int, order: Order, broadcast: str | None) -> Facts:
    key = f"{order.at:%y%m%d}{shop.shop_id:06d}{number:05d}"
    is_host = shop.role is ShopRole.HOST
    kept_fen = order.paid_fen - order.refunded_fen
    commission_fen = round(kept_fen * COMMISSION) if is_host else None
    paid_out = order.status is OrderStatus.SETTLED and shop.platform in PAYS_OUT_IN_ORDERS
    income_fen = kept_fen - round(kept_fen * FEES) if commission_fen is None else commission_fen
    return goods(shop.platform, shop.shop_id, order) | {
        "natural_key": key,
        "order_key": key,
        "session_key": broadcast,
        "quantity": order.quantity,
        "ordered_at": order.at,
        "paid_at": order.paid_at,
        "shipped_at": order.shipped_at,
        "received_at": order.received_at,
        "paid_fen": order.paid_fen,
        "refunded_fen": order.refunded_fen,
        "settled_fen": income_fen if paid_out else None,
        "commission_fen": commission_fen,
        "status": order.status.value,
        "is_live": None if shop.platform in SILENT_ON_SOURCE else order.is_live,
        "host": shop.name if is_host else None,
        "province": order.province,
        "trust": trust_of_order(order.paid_at, None, order.status, shop.at),
    }


def _settlement_facts(order: Facts) -> Facts:
    """A week after it arrived: the commission, or what was not given back less the platform's part."""
    kept_fen = order["paid_fen"] - order["refunded_fen"]
    income_fen, refund_fen, fees_fen = order["paid_fen"], order["refunded_fen"], round(kept_fen * FEES)
    if order["commission_fen"] is not None:
        income_fen, refund_fen, fees_fen = order["commission_fen"], 0, 0
    return {
        "natural_key": f"{order['order_key']}/{order['product_key']}",
        "order_key": order["order_key"],
        "settled_at": order["received_at"] + timedelta(days=7),
        "income_fen": income_fen,
        "refund_fen": refund_fen,
        "fees_fen": fees_fen,
        "settled_fen": income_fen - refund_fen - fees_fen,
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
        "totals": TOTALS[kind](facts),
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
        **_sums(facts, "gmv_fen", "gmv_incl_abnormal_fen", "refund_fen", "orders", "viewers", "duration_s"),
        "refund_basis": facts[0]["refund_basis"],
        "viewers_exact": all(each["viewers_exact"] for each in facts),
    }


def _order_totals(facts: Sequence[Facts]) -> dict[str, object]:
    paid, refunded = (sum(each[name] for each in facts) for name in ("paid_fen", "refunded_fen"))
    return {
        "main_orders": len(facts),
        "paid_fen": paid,
        "refunded_fen": refunded,
        "net_fen": paid - refunded,
        "settled_fen": total(each["settled_fen"] for each in facts),
        "closed_rows": sum(1 for each in facts if each["status"] == OrderStatus.CLOSED),
    }


def _settlement_totals(facts: Sequence[Facts]) -> dict[str, object]:
    return _sums(facts, "income_fen", "refund_fen", "fees_fen", "settled_fen")


def _sums(facts: Sequence[Facts], *names: str) -> dict[str, object]:
    """Of what is said; None where nothing is."""
    return {name: total(each[name] for each in facts) for name in names}


TOTALS = {
    SalesKind.LIVE_SESSION: _broadcast_totals,
    SalesKind.ORDER: _order_totals,
    SalesKind.SETTLEMENT: _settlement_totals,
}
