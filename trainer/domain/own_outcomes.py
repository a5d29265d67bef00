"""What a woman sees of her own sales after the course: month against month, beside the others of her class, and how much
of what was sold reached her."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

from trainer.domain.outcomes import FEWEST
from trainer.domain.sales import Platform, SalesKind, TrustBasis
from trainer.domain.sales_figures import OrderTotals, SettlementTotals, ShopFigures
from trainer.domain.sales_guide import INSTEAD

# Typical money of a class is said in whole tens of yuan: a median may be the very figure of one woman.
ROUND_FEN = 1_000


class Measure(StrEnum):
    """What is compared: how often she broadcast; what her orders left (of goods sold for others: her commission)."""

    BROADCASTS = "broadcasts"
    SALES = "sales"


@dataclass(frozen=True)
class Stretch:
    """From a day up to another one, both in it."""

    since: date
    until: date

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def is_whole_month(self) -> bool:
        return self.since.day == 1 and self.until == month_end(self.until)

    def holds(self, day: date) -> bool:
        return self.since <= day <= self.until


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def month_and_before(reach: date) -> tuple[Stretch, Stretch]:
    """The month up to the day that her data reach, and the same days of the month before; two whole months where it is
    over, though one has more days."""
    last = reach.replace(day=1) - timedelta(days=1)
    same = month_end(last) if reach == month_end(reach) else last.replace(day=min(reach.day, last.day))
    return Stretch(reach.replace(day=1), reach), Stretch(last.replace(day=1), same)


@dataclass(frozen=True)
class DaySums:
    """Of one shop and day, as models.outcomes.ShopDay has it."""

    day: date
    orders: int = 0
    paid_fen: int = 0
    refunded_fen: int = 0
    firm_paid_fen: int = 0
    commission_fen: int = 0
    flow_settled_fen: int = 0
    broadcasts: int = 0
    typed_broadcasts: int = 0

    @property
    def net_fen(self) -> int:
        return self.paid_fen - self.refunded_fen

    def tells(self, measure: Measure) -> bool:
        return bool(self.broadcasts if measure is Measure.BROADCASTS else self.orders)


_SUMMED = tuple(one.name for one in fields(DaySums) if one.name != "day")


def sum_up(days: Iterable[DaySums], stretch: Stretch) -> DaySums:
    """All days of the stretch as one, under its last day."""
    within = [one for one in days if stretch.holds(one.day)]
    return DaySums(stretch.until, **{name: sum(getattr(one, name) for one in within) for name in _SUMMED})


@dataclass(frozen=True)
class OwnDays:
    """Of one shop: its days in order, and the last day that files of each measure were said to tell of."""

    days: Sequence[DaySums]
    is_host: bool = False
    stated: dict[Measure, date] | None = None

    def known(self, measure: Measure) -> Stretch | None:
        """From the first day that tells of it to the last one that is known; None where nothing is."""
        telling = [one.day for one in self.days if one.tells(measure)]
        stated = (self.stated or {}).get(measure)
        if not telling:
            return None
        return Stretch(telling[0], max(telling[-1], stated or telling[-1]))


@dataclass(frozen=True)
class Comparison:
    """`then`: None where nothing is known of the month before; `known_from`: where what is known begins within it.
    `typical`: the median of `peers` other women of her class, None of fewer than FEWEST."""

    measure: Measure
    this: Stretch
    before: Stretch
    now: DaySums
    then: DaySums | None
    known_from: date | None
    is_host: bool
    typical: int | None = None
    peers: int = 0

    @property
    def trust(self) -> TrustBasis:
        """What the figure of this month rests on."""
        if self.measure is Measure.BROADCASTS:
            typed = self.now.broadcasts and self.now.typed_broadcasts == self.now.broadcasts
            return TrustBasis.SCREENSHOT if typed else TrustBasis.BROADCAST_EXPORT
        is_firm = self.now.firm_paid_fen == self.now.paid_fen
        return TrustBasis.MATURE_ORDERS if is_firm else TrustBasis.FRESH_ORDERS

    def figure(self, sums: DaySums) -> int | None:
        """A host whose files name no commission has no figure: the goods are not her money."""
        if self.measure is Measure.BROADCASTS:
            return sums.broadcasts
        if self.is_host:
            return sums.commission_fen or (None if sums.net_fen else 0)
        return sums.net_fen


def compare(shop: OwnDays, measure: Measure) -> Comparison | None:
    """None where nothing is known of it."""
    known = shop.known(measure)
    if known is None:
        return None
    this, before = month_and_before(known.until)
    then = sum_up(shop.days, before) if known.since <= before.until else None
    begins = known.since if then and known.since > before.since else None
    return Comparison(measure, this, before, sum_up(shop.days, this), then, begins, shop.is_host)


def typical(figures: Sequence[int], *, is_money: bool) -> int | None:
    """The median of others, None of too few."""
    if len(figures) < FEWEST:
        return None
    middle = median(figures)
    return round(middle / ROUND_FEN) * ROUND_FEN if is_money else int(middle + 0.5)


class StepKind(StrEnum):
    """From what was sold to what reached her, each with its words in wording/own_outcomes."""

    SOLD = "sold"
    GOODS = "goods"
    SETTLED_SALES = "settled_sales"
    EARNED = "earned"
    REFUND = "refund"
    FEES = "fees"
    GIVEN_TO_HOSTS = "given_to_hosts"
    FEES_OR_LATER = "fees_or_later"
    SUBSIDY = "subsidy"
    LEFT = "left"
    COMMISSION = "commission"
    RECEIVED = "received"

    @property
    def takes_off(self) -> bool:
        return self in (StepKind.REFUND, StepKind.FEES, StepKind.GIVEN_TO_HOSTS, StepKind.FEES_OR_LATER)

    @property
    def is_hers(self) -> bool:
        return self in (StepKind.LEFT, StepKind.COMMISSION, StepKind.RECEIVED)


class Missing(StrEnum):
    """The file without which the way to her account is not known."""

    SETTLEMENT = "settlement"
    # Of a platform whose order file says it, once the buyer has the parcel.
    LATER_ORDERS = "later_orders"
    ORDERS = "orders"


@dataclass(frozen=True)
class Waterfall:
    """Steps of one source alone; what does not add up of one definition is not in it."""

    steps: tuple[tuple[StepKind, int], ...] = ()
    trust: TrustBasis | None = None
    missing: Missing | None = None

    @property
    def whole_fen(self) -> int:
        """What the longest bar stands for."""
        return max((abs(fen) for _kind, fen in self.steps), default=0)

    @property
    def is_settled(self) -> bool:
        return self.trust is TrustBasis.SETTLEMENT


SETTLED_IN_ORDERS = frozenset(one.platform for one in INSTEAD if one.kind is SalesKind.SETTLEMENT)


def waterfall(figures: ShopFigures, platform: Platform) -> Waterfall:
    """From the settlement file where there is one, else from the order file as far as it says."""
    if figures.settlements:
        return _of_settlements(figures.settlements, is_host=figures.is_host)
    if figures.orders is None:
        return Waterfall(missing=Missing.ORDERS)
    missing = Missing.LATER_ORDERS if platform in SETTLED_IN_ORDERS else Missing.SETTLEMENT
    return _of_host(figures.orders, missing) if figures.is_host else _of_orders(figures.orders, missing)


def _of_settlements(flows: SettlementTotals, *, is_host: bool) -> Waterfall:
    """From a commission mostly nothing is taken off; of a sale it is said even so."""
    begin = StepKind.EARNED if is_host else StepKind.SETTLED_SALES
    taken = ((StepKind.REFUND, flows.refund_fen), (StepKind.FEES, flows.fees_fen))
    taken = tuple(step for step in taken if step[1] or not is_host)
    return Waterfall(((begin, flows.income_fen), *taken, (StepKind.RECEIVED, flows.settled_fen)), flows.trust)


def _of_host(orders: OrderTotals, missing: Missing) -> Waterfall:
    """The goods are others': only the commission is hers, and it is not taken off the goods here."""
    steps = [(StepKind.GOODS, orders.paid_fen), (StepKind.REFUND, orders.refunded_fen)]
    if orders.commission_fen is not None:
        steps.append((StepKind.COMMISSION, orders.commission_fen))
    return Waterfall(tuple(steps), orders.trust, missing)


def _of_orders(orders: OrderTotals, missing: Missing) -> Waterfall:
    """Where these same orders say what was paid out, the rest of them is fees or still to come; a platform may add to it."""
    steps = [(StepKind.SOLD, orders.paid_fen), (StepKind.REFUND, orders.refunded_fen)]
    if orders.settled_fen:
        rest = orders.net_fen - orders.settled_fen
        steps.append((StepKind.FEES_OR_LATER, rest) if rest >= 0 else (StepKind.SUBSIDY, -rest))
        steps.append((StepKind.RECEIVED, orders.settled_fen))
        return Waterfall(tuple(steps), orders.trust)
    if orders.commission_fen:
        steps.append((StepKind.GIVEN_TO_HOSTS, orders.commission_fen))
    left = orders.net_fen - (orders.commission_fen or 0)
    return Waterfall((*steps, (StepKind.LEFT, left)), orders.trust, missing)
