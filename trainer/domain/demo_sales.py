"""What the demonstration's women sell: products with their seasons, broadcasts, order lines, refunds."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from trainer.domain.days import CHINA, china_day
from trainer.domain.sales import OrderStatus, Platform

PLATFORMS = (
    (Platform.KUAISHOU, 72),
    (Platform.DOUYIN, 14),
    (Platform.WECHAT_CHANNELS, 7),
    (Platform.TAOBAO, 4),
    (Platform.PINDUODUO, 3),
)
PROVINCES = (
    ("山西省", 34),
    ("河北省", 12),
    ("北京市", 11),
    ("山东省", 10),
    ("河南省", 9),
    ("广东省", 9),
    ("江苏省", 8),
)


@dataclass(frozen=True)
class Product:
    """A thing sold at `fen`; `months` are when it is asked for most (empty: all the year)."""

    name: str
    fen: int
    months: frozenset[int] = frozenset()
    variants: tuple[str, str] = ("标准装", "礼袋装")

    def demand(self, day: date) -> float:
        """Relative to an ordinary day: five times in season, a little before the New Year for everything."""
        season = (5.0 if day.month in self.months else 0.5) if self.months else 1.0
        return season * (1.6 if day.month in (1, 12) else 1.0)


BUSINESSES: dict[str, tuple[Product, ...]] = {
    "黄花菜": (
        Product("大同黄花菜 500g", 4590, frozenset({7, 8, 9})),
        Product("黄花菜礼盒 4袋装", 9900, frozenset({1, 8, 9, 12})),
    ),
    "小杂粮": (Product("沁州黄小米 5斤", 3990), Product("杂粮组合 10斤", 6880), Product("莜面 5斤", 2990)),
    "苹果": (
        Product("吉县苹果 10斤", 5990, frozenset({10, 11, 12})),
        Product("苹果礼盒 12枚", 7800, frozenset({1, 11, 12})),
    ),
    "核桃红枣": (Product("左权核桃 5斤", 4980, frozenset({9, 10, 11})), Product("红枣夹核桃 500g", 2980)),
    "土豆粉条": (Product("手工土豆粉条 3斤", 2880, frozenset({10, 11, 12, 1})),),
    "鲜桃": (Product("运城水蜜桃 6斤", 4580, frozenset({6, 7, 8})),),
    "剪纸": (Product("手工剪纸 福字", 2600, frozenset({12, 1, 2})), Product("剪纸摆件", 8800)),
    "养殖": (Product("农家散养土鸡蛋 40枚", 5890),),
    "陈醋胡麻油": (Product("三年陈酿老陈醋 2瓶", 3680), Product("压榨胡麻油 2.5L", 8980, frozenset({11, 12, 1}))),
    "手工布艺": (Product("虎头鞋 一双", 6800), Product("布老虎", 4800, frozenset({1, 2, 5, 6}))),
}


class Seller(StrEnum):
    """How far a woman has come with her shop."""

    BEGINNER = "beginner"
    OCCASIONAL = "occasional"
    STEADY = "steady"
    STRONG = "strong"
    STAR = "star"


SELLERS = ((Seller.BEGINNER, 18), (Seller.OCCASIONAL, 50), (Seller.STEADY, 27), (Seller.STRONG, 5))
# (fewest, most) orders, broadcasts, and viewers of an ordinary broadcast.
ORDERS = {
    Seller.BEGINNER: (0, 0),
    Seller.OCCASIONAL: (1, 12),
    Seller.STEADY: (20, 70),
    Seller.STRONG: (90, 200),
    Seller.STAR: (900, 900),
}
BROADCASTS = {
    Seller.BEGINNER: (0, 2),
    Seller.OCCASIONAL: (1, 6),
    Seller.STEADY: (6, 28),
    Seller.STRONG: (60, 100),
    Seller.STAR: (110, 110),
}
VIEWERS = {
    Seller.BEGINNER: 40,
    Seller.OCCASIONAL: 120,
    Seller.STEADY: 420,
    Seller.STRONG: 1_500,
    Seller.STAR: 6_500,
}


class Plant(StrEnum):
    """Something in a shop's sales that deserves a question, put there on purpose."""

    BURST = "burst"
    BULK_REFUNDS = "bulk_refunds"
    ABNORMAL_TRADES = "abnormal_trades"


# Days before the filling, orders, and seconds between them.
PLANTED = {Plant.BURST: (12, 7, 20), Plant.BULK_REFUNDS: (40, 5, 96)}
# What the platform counts as abnormal of a broadcast's trades.
ABNORMAL_SHARE = 0.12


@dataclass(slots=True)
class Order:
    """One order line."""

    at: datetime
    paid_at: datetime | None
    product: str
    quantity: int
    paid_fen: int
    refunded_fen: int
    status: OrderStatus
    is_live: bool
    province: str

    @property
    def shipped_at(self) -> datetime | None:
        """Within two days, if it was paid."""
        if self.status in (OrderStatus.PAID, OrderStatus.UNPAID) or not self.paid_at:
            return None
        return self.paid_at + timedelta(hours=4 + self.at.minute % 36, minutes=self.at.second)

    @property
    def received_at(self) -> datetime | None:
        """Two to five days later; what was given back never arrived."""
        if self.status not in (OrderStatus.RECEIVED, OrderStatus.SETTLED):
            return None
        return self.shipped_at + timedelta(days=2, hours=self.at.second)


@dataclass(slots=True)
class Broadcast:
    """One livestream with the orders placed in it."""

    at: datetime
    duration_s: int
    title: str
    viewers: int
    orders: list[Order] = field(default_factory=list)
    abnormal_share: float = 0.0

    @property
    def gmv_fen(self) -> int:
        return sum(order.paid_fen for order in self.orders)

    @property
    def refund_fen(self) -> int:
        return sum(order.refunded_fen for order in self.orders)


@dataclass(slots=True)
class Trade:
    """All that one shop did."""

    broadcasts: list[Broadcast]
    orders: list[Order]


def trade(
    stream: Random, seller: Seller, business: str, opened: date, until: datetime, plant: Plant | None = None
) -> Trade:
    """A shop's broadcasts and orders from `opened` on, all on days that are over by `until`."""
    products = BUSINESSES[business]
    days = _days(opened, china_day(until))
    if not days:
        return Trade([], [])
    weights = [sum(p.demand(day) for p in products) for day in days]
    count = min(stream.randint(*BROADCASTS[seller]), len(days))
    broadcasts = [_broadcast(stream, seller, business, day) for day in _distinct(stream, days, weights, count)]
    refunds = stream.uniform(0.10, 0.30)
    orders = []
    for _ in range(stream.randint(*ORDERS[seller])):
        live = stream.choice(broadcasts) if broadcasts and stream.random() < 0.65 else None
        moment = _moment_in(stream, live) if live else _moment_of(stream, stream.choices(days, weights)[0])
        order = _order(stream, products, moment, until, refunds, is_live=live is not None)
        orders.append(order)
        if live:
            live.orders.append(order)
    for broadcast in broadcasts:
        broadcast.viewers = max(broadcast.viewers, 4 * len(broadcast.orders))
    if plant is Plant.ABNORMAL_TRADES:
        max(broadcasts, key=lambda one: one.gmv_fen).abnormal_share = ABNORMAL_SHARE
    elif plant:
        orders += _planted(plant, products[0], until)
    return Trade(broadcasts, sorted(orders, key=lambda order: order.at))


def _days(opened: date, until: date) -> list[date]:
    """Whole days that are over."""
    return [opened + timedelta(days=n) for n in range((until - opened).days)]


def _distinct(stream: Random, days: Sequence[date], weights: Sequence[float], count: int) -> list[date]:
    """`count` different days, likelier where the weight is high (each gets a random key; the greatest keys win)."""
    keys = [math.log(max(stream.random(), 1e-12)) / weight for weight in weights]
    best = sorted(range(len(days)), key=lambda at: -keys[at])[:count]
    return sorted(days[at] for at in best)


def _broadcast(stream: Random, seller: Seller, business: str, day: date) -> Broadcast:
    begins = time(stream.choice((10, 15, 19, 19, 20, 20)), stream.choice((0, 0, 5, 30)))
    minutes = max(20, round(stream.gauss(95, 40)))
    viewers = round(VIEWERS[seller] * stream.lognormvariate(0, 0.7))
    title = stream.choice((f"{business}产地直播", f"{business}专场", "姐妹们进来看看", "助农直播", "今天给大家带货"))
    return Broadcast(datetime.combine(day, begins, CHINA), 60 * min(minutes, 200), title, viewers)


def _moment_in(stream: Random, live: Broadcast) -> datetime:
    return live.at + timedelta(seconds=stream.randrange(60, live.duration_s))


def _moment_of(stream: Random, day: date) -> datetime:
    return datetime.combine(day, time(stream.randint(7, 22), stream.randrange(60), stream.randrange(60)), CHINA)


def _order(
    stream: Random, products: Sequence[Product], at: datetime, until: datetime, refunds: float, *, is_live: bool
) -> Order:
    product = stream.choices(products, [p.demand(at.date()) for p in products])[0]
    quantity = stream.choices((1, 2, 3, 5), (78, 14, 5, 3))[0]
    age = until - at
    paid = stream.random() > 0.05
    paid_fen = product.fen * quantity if paid else 0
    refunded = 0
    if paid and age > timedelta(days=2) and stream.random() < refunds:
        refunded = paid_fen if stream.random() < 0.85 else paid_fen // 2
    return Order(
        at=at,
        paid_at=at + timedelta(seconds=stream.randint(5, 300)) if paid else None,
        product=product.name,
        quantity=quantity,
        paid_fen=paid_fen,
        refunded_fen=refunded,
        status=_status(age, paid, refunded == paid_fen),
        is_live=is_live,
        province=stream.choices([name for name, _ in PROVINCES], [weight for _, weight in PROVINCES])[0],
    )


def _planted(plant: Plant, product: Product, until: datetime) -> list[Order]:
    """Orders of one thing within minutes: all to one place, or given back one and all."""
    days, orders, seconds = PLANTED[plant]
    first = datetime.combine(china_day(until) - timedelta(days=days), time(14, 5), CHINA)
    gone = plant is Plant.BULK_REFUNDS
    return [
        Order(
            at=first + timedelta(seconds=seconds * number),
            paid_at=first + timedelta(seconds=seconds * number + 8),
            product=product.name,
            quantity=1,
            paid_fen=product.fen,
            refunded_fen=product.fen if gone else 0,
            status=OrderStatus.CLOSED if gone else OrderStatus.RECEIVED,
            is_live=False,
            province=PROVINCES[number % len(PROVINCES)][0] if gone else "北京市",
        )
        for number in range(orders)
    ]


def _status(age: timedelta, paid: bool, gone: bool) -> OrderStatus:
    """An order is closed when it was never paid or all of it was given back."""
    if not paid:
        return OrderStatus.UNPAID if age < timedelta(days=1) else OrderStatus.CLOSED
    if gone:
        return OrderStatus.CLOSED
    for days, status in ((2, OrderStatus.PAID), (8, OrderStatus.SHIPPED), (20, OrderStatus.RECEIVED)):
        if age < timedelta(days=days):
            return status
    return OrderStatus.SETTLED
