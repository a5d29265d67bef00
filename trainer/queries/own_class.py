"""The other women of a class who sell on the same platform: how far their data reach, and what they come to together."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import and_, bindparam, case, func, select

from trainer.database import db
from trainer.domain.advice_facts import old_orders
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.imports import BatchState
from trainer.domain.own_outcomes import Comparison, Measure, Stretch, typical
from trainer.domain.sales import Platform, SalesKind, ShopRole
from trainer.domain.sales_figures import share_bp
from trainer.models.enrolment import Enrolment
from trainer.models.imports import ImportBatch
from trainer.models.outcomes import ShopDay
from trainer.models.sales import Shop
from trainer.queries.shop import ShopHead

# Fewer old orders of a woman say nothing of how much comes back.
FEWEST_ORDERS = 10
MEASURES = {SalesKind.LIVE_SESSION: Measure.BROADCASTS, SalesKind.ORDER: Measure.SALES}


@dataclass(frozen=True)
class Reaches:
    """By shop, how many files were taken in; by shop and measure, the last day that they were said to tell of."""

    files: Mapping[int, int]
    stated: Mapping[tuple[int, Measure], date]


BATCH, SHOP, ENROLMENT, DAY = (
    ImportBatch.__table__.c,
    Shop.__table__.c,
    Enrolment.__table__.c,
    ShopDay.__table__.c,
)
_KIND = BATCH.summary["kind"].as_string().label("what_kind")
_REACHES = (
    select(BATCH.shop_id, _KIND, func.count(), func.max(BATCH.reaches_on))
    .where(BATCH.shop_id.in_(bindparam("shops", expanding=True)), BATCH.state == BatchState.COMMITTED)
    .group_by(BATCH.shop_id, "what_kind")
)


def list_reaches(shop_ids: Collection[int], today: date) -> Reaches:
    """One statement."""
    files: dict[int, int] = {}
    stated: dict[tuple[int, Measure], date] = {}
    for shop_id, kind, count, reaches_on in db.session.execute(_REACHES, {"shops": list(shop_ids)}):
        files[shop_id] = files.get(shop_id, 0) + count
        measure = MEASURES.get(SalesKind(kind))
        if measure and reaches_on:
            stated[shop_id, measure] = min(reaches_on, today)
    return Reaches(files, stated)


@dataclass(frozen=True)
class PeerShop:
    id: int
    person_id: int
    platform: str
    role: ShopRole
    opened_on: date | None


@dataclass(frozen=True)
class _Sums:
    """Of one shop in one stretch."""

    broadcasts: int = 0
    orders: int = 0
    paid_fen: int = 0
    refunded_fen: int = 0
    commission_fen: int = 0

    def figure(self, measure: Measure, role: ShopRole) -> int:
        if measure is Measure.BROADCASTS:
            return self.broadcasts
        return self.commission_fen if role is ShopRole.HOST else self.paid_fen - self.refunded_fen


_PEERS = (
    select(SHOP.id, SHOP.person_id, SHOP.platform, SHOP.role, SHOP.opened_on)
    .join(Enrolment.__table__, ENROLMENT.person_id == SHOP.person_id)
    .where(
        ENROLMENT.cohort_id == bindparam("cohort"),
        ENROLMENT.status.in_(ON_THE_ROLL),
        SHOP.person_id != bindparam("but"),
        SHOP.platform.in_(bindparam("platforms", expanding=True)),
    )
)


def list_peers(cohort_id: int, platforms: Collection[str], *, but: int) -> "Peers":
    """The shops of the others on the roll of a class on these platforms, her own left out: she is compared with others.
    One statement."""
    rows = db.session.execute(_PEERS, {"cohort": cohort_id, "platforms": sorted(platforms), "but": but})
    return Peers({row.id: PeerShop(*row) for row in rows})


@dataclass(frozen=True)
class Peers:
    """`sums` by stretch and shop; `reach` by shop and measure: the last day that is known of."""

    shops: Mapping[int, PeerShop]
    sums: Mapping[Stretch, Mapping[int, _Sums]] = field(default_factory=dict)
    reach: Mapping[tuple[int, Measure], date] = field(default_factory=dict)
    old: Stretch | None = None

    def summed_up(self, stretches: Iterable[Stretch], reaches: Reaches, today: date) -> "Peers":
        """With what they did in these stretches, and in that of old orders. One statement."""
        old = old_orders(today)
        wanted = sorted({old, *stretches}, key=lambda one: (one.since, one.until))
        sums: dict[Stretch, dict[int, _Sums]] = {stretch: {} for stretch in wanted}
        reach = dict(reaches.stated)
        for shop_id, broadcast_on, order_on, *figures in db.session.execute(_sums_of(self.shops, wanted)):
            for measure, day in ((Measure.BROADCASTS, broadcast_on), (Measure.SALES, order_on)):
                if day:
                    reach[shop_id, measure] = max(day, reach.get((shop_id, measure), day))
            for number, stretch in enumerate(wanted):
                sums[stretch][shop_id] = _Sums(*map(int, figures[5 * number : 5 * number + 5]))
        return replace(self, sums=sums, reach=reach, old=old)

    def beside(self, shop: ShopHead, comparisons: Sequence[Comparison]) -> list[Comparison]:
        """Each with the median of the women whose own data reach the end of its stretch on the same platform; money only
        beside that of the same role: a commission is not a sale."""
        return [self._beside(shop, one) for one in comparisons]

    def _beside(self, shop: ShopHead, compared: Comparison) -> Comparison:
        is_money = compared.measure is Measure.SALES
        by_woman: dict[int, int] = {}
        for peer in self._on(shop.platform):
            if self._reach(peer.id, compared.measure) < compared.this.until:
                continue
            not_yet = peer.opened_on is not None and peer.opened_on > compared.this.until
            if not_yet or (is_money and peer.role is not shop.role):
                continue
            figure = self.sums[compared.this].get(peer.id, _Sums()).figure(compared.measure, peer.role)
            by_woman[peer.person_id] = by_woman.get(peer.person_id, 0) + figure
        middle = typical(list(by_woman.values()), is_money=is_money)
        return replace(compared, typical=middle, peers=len(by_woman))

    def _reach(self, shop_id: int, measure: Measure) -> date:
        """Whose files tell of orders up to a day brought them on that day or later: her list of broadcasts ends no
        earlier, though its last row may. What no file and no day tells of at all reaches nowhere."""
        if (shop_id, measure) not in self.reach:
            return date.min
        return max(self.reach.get((shop_id, one), date.min) for one in Measure)

    def refund_bp(self, platform: Platform | None) -> int | None:
        """The median share that came back of old orders, of the others with enough of them on the platform."""
        by_woman: dict[int, tuple[int, int, int]] = {}
        for peer in self._on(platform):
            sums = self.sums.get(self.old, {}).get(peer.id, _Sums())
            orders, paid, refunded = by_woman.get(peer.person_id, (0, 0, 0))
            by_woman[peer.person_id] = orders + sums.orders, paid + sums.paid_fen, refunded + sums.refunded_fen
        shares = [share_bp(refunded, paid) for orders, paid, refunded in by_woman.values() if orders >= FEWEST_ORDERS]
        return typical([share for share in shares if share is not None], is_money=False)

    def _on(self, platform: str | None) -> Iterable[PeerShop]:
        return (peer for peer in self.shops.values() if peer.platform == platform)


def _sums_of(shop_ids: Collection[int], stretches: Sequence[Stretch]):
    """A row a shop: its last days with a broadcast and with an order, then the sums of each stretch."""
    figures = []
    for one in stretches:
        within = and_(DAY.day >= one.since, DAY.day <= one.until)
        columns = (DAY.broadcasts, DAY.orders, DAY.paid_fen, DAY.refunded_fen, DAY.commission_fen)
        figures += [func.sum(case((within, column), else_=0)) for column in columns]
    lasts = (func.max(case((column > 0, DAY.day))) for column in (DAY.broadcasts, DAY.orders))
    return (
        select(DAY.shop_id, *lasts, *figures)
        .where(DAY.shop_id.in_(shop_ids), DAY.day >= min(one.since for one in stretches))
        .group_by(DAY.shop_id)
    )
