"""A woman's own sales after the course: month against month, beside her class, what reached her, and the facts that
advice rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import bindparam, select

from trainer.database import db
from trainer.domain.advice import AdviceFacts
from trainer.domain.advice_facts import Live, gather, main_platform
from trainer.domain.days import day_begins
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.own_outcomes import Comparison, DaySums, Measure, OwnDays, Waterfall, compare, waterfall
from trainer.domain.sales import GmvMeasure, Platform, ShopRole, TrustBasis
from trainer.models.enrolment import Enrolment
from trainer.models.outcomes import EnrolmentOutcome, ShopDay
from trainer.models.programme import Cohort
from trainer.models.sales import Livestream, Shop
from trainer.queries.own_advice import get_order_facts, get_worst_product
from trainer.queries.own_class import Reaches, list_peers, list_reaches
from trainer.queries.sales_figures import get_figures
from trainer.queries.shop import Broadcast, ShopHead, broadcast_of, list_shops_of, roles_of, select_broadcasts

# A year, and the months that it begins and ends in.
KEPT_DAYS = timedelta(days=400)
# More than two months of daily broadcasts.
MOST_BROADCASTS = 70


@dataclass(frozen=True)
class OwnClass:
    """The class of hers that she is compared with, and the days on which she reached the stages after it."""

    id: int
    name: str
    ends_on: date
    stages: Mapping[str, date]


@dataclass(frozen=True)
class ShopMonths:
    """A shop of hers, month against month; what nothing is known of is not there."""

    shop: ShopHead
    comparisons: Sequence[Comparison]

    @property
    def is_partial(self) -> bool:
        return any(not one.this.is_whole_month for one in self.comparisons)

    @property
    def stands_alone(self) -> bool:
        """Of one figure at least there are too few others."""
        return any(one.typical is None for one in self.comparisons)

    @property
    def lacks_commission(self) -> bool:
        return any(one.figure(one.now) is None for one in self.comparisons)


@dataclass(frozen=True)
class OwnOutcomes:
    """`broadcasts`: (shop's name, broadcast) of the last few, the newest first."""

    shops: Sequence[ShopMonths]
    own_class: OwnClass | None
    broadcasts: Sequence[tuple[str, Broadcast]]
    facts: AdviceFacts

    @property
    def compares(self) -> bool:
        return any(one.comparisons for one in self.shops)

    @property
    def has_typical(self) -> bool:
        return any(one.typical is not None for shop in self.shops for one in shop.comparisons)


def get_own_outcomes(person_id: int, *, today: date, last: int = 3) -> OwnOutcomes:
    """Nine statements; one where she has no shop."""
    shops = list_shops_of(person_id)
    if not shops:
        return OwnOutcomes((), None, (), AdviceFacts())
    own_class, days = _own_class(person_id, today), _days([shop.id for shop in shops], today)
    peers = list_peers(own_class.id if own_class else 0, {shop.platform for shop in shops}, but=person_id)
    reaches = list_reaches([*(shop.id for shop in shops), *peers.shops], today)
    hers = {shop.id: _own_days(shop, days, reaches) for shop in shops}
    compared = {shop.id: [one for measure in Measure if (one := compare(hers[shop.id], measure))] for shop in shops}
    peers = peers.summed_up([one.this for some in compared.values() for one in some], reaches, today)
    broadcasts, lives = _broadcasts(person_id)
    by_platform: dict[Platform, list[OwnDays]] = {}
    for shop in shops:
        by_platform.setdefault(Platform(shop.platform), []).append(hers[shop.id])
    return OwnOutcomes(
        [ShopMonths(shop, peers.beside(shop, compared[shop.id])) for shop in shops],
        own_class,
        broadcasts[:last],
        gather(
            by_platform,
            lives,
            today=today,
            files=sum(reaches.files.get(shop.id, 0) for shop in shops),
            orders=get_order_facts([shop.id for shop in shops], _settled_until(days), today),
            product=get_worst_product([shop.id for shop in shops], today),
            class_refund_bp=peers.refund_bp(main_platform(by_platform, today)),
            stages=own_class.stages if own_class else {},
        ),
    )


# Made once, over the tables: every seller opens the page.
COHORT, ENROLMENT, OUTCOME = Cohort.__table__.c, Enrolment.__table__.c, EnrolmentOutcome.__table__.c
_OWN_CLASSES = (
    select(COHORT.id, COHORT.name, COHORT.ends_on, OUTCOME.stages)
    .join(Enrolment.__table__, ENROLMENT.cohort_id == COHORT.id)
    .outerjoin(EnrolmentOutcome.__table__, OUTCOME.enrolment_id == ENROLMENT.id)
    .where(ENROLMENT.person_id == bindparam("person"), ENROLMENT.status.in_(ON_THE_ROLL))
    .order_by(COHORT.ends_on.desc(), COHORT.id.desc())
)
DAY = ShopDay.__table__.c
_DAY_SUMS = [getattr(DAY, name) for name in DaySums.__dataclass_fields__]
_DAYS = (
    select(DAY.shop_id, *_DAY_SUMS)
    .where(
        DAY.shop_id.in_(bindparam("shops", expanding=True)),
        DAY.day >= bindparam("since"),
        DAY.day <= bindparam("today"),
    )
    .order_by(DAY.shop_id, DAY.day)
)


def _own_class(person_id: int, today: date) -> OwnClass | None:
    """The last that is over, else the one she is in."""
    rows = db.session.execute(_OWN_CLASSES, {"person": person_id}).all()
    row = next((row for row in rows if row.ends_on < today), rows[0] if rows else None)
    if row is None:
        return None
    stages = {stage: date.fromisoformat(day) for stage, day in (row.stages or {}).items()}
    return OwnClass(row.id, row.name, row.ends_on, stages)


def _days(shop_ids: Sequence[int], today: date) -> dict[int, list[DaySums]]:
    found: dict[int, list[DaySums]] = {}
    for shop_id, *sums in db.session.execute(_DAYS, {"shops": shop_ids, "since": today - KEPT_DAYS, "today": today}):
        found.setdefault(shop_id, []).append(DaySums(*sums))
    return found


def _settled_until(days: Mapping[int, Sequence[DaySums]]) -> dict[int, date]:
    """By shop with settlement files, the last day on which money was paid out."""
    paid_out = {shop_id: [one.day for one in some if one.flow_settled_fen] for shop_id, some in days.items()}
    return {shop_id: max(some) for shop_id, some in paid_out.items() if some}


def _own_days(shop: ShopHead, days: Mapping[int, Sequence[DaySums]], reaches: Reaches) -> OwnDays:
    stated = {measure: day for measure in Measure if (day := reaches.stated.get((shop.id, measure)))}
    return OwnDays(days.get(shop.id, ()), shop.role is ShopRole.HOST, stated)


_BROADCASTS = (
    select_broadcasts()
    .add_columns(Shop.name, Livestream.new_followers, Livestream.ad_spend_fen)
    .join(Shop)
    .where(Shop.person_id == bindparam("person"))
    .limit(MOST_BROADCASTS)
)


def _broadcasts(person_id: int) -> tuple[list[tuple[str, Broadcast]], list[Live]]:
    """Her last broadcasts, to be read; and to be reckoned with, those that the sums by day have too."""
    shown, lives = [], []
    for *facts, shop, followers, ad_spend in db.session.execute(_BROADCASTS, {"person": person_id}):
        row = broadcast_of(facts)
        shown.append((shop, row))
        if row.trust is TrustBasis.SELF_REPORT or row.excluded_by:
            continue
        gmv = row.gmv_fen if row.gmv_measure is GmvMeasure.ROOM else None
        lives.append(Live(row.started_at, row.duration_s, row.viewers, row.orders, gmv, followers, ad_spend))
    return shown, lives


@dataclass(frozen=True)
class ReceivedMonth:
    """One month, shop by shop; `earlier` and `later`: the nearest months with anything in them."""

    month: date | None
    earlier: date | None
    later: date | None
    shops: Sequence[tuple[ShopHead, Waterfall]]


def get_received(person_id: int, month: date | None, *, today: date) -> ReceivedMonth:
    """What of a month reached her; without a month, the last one with a settlement, else the last one that is over, else
    the last one. Five statements, fewer where nothing is known."""
    shops = list_shops_of(person_id)
    days = [day for some in _days([shop.id for shop in shops], today).values() for day in some] if shops else []
    months = sorted({one.day.replace(day=1) for one in days})
    if not months:
        return ReceivedMonth(None, None, None, ())
    chosen = month if month in months else _telling(days, today) or months[-1]
    figures = get_figures(roles_of(shops), _span(chosen))
    at = months.index(chosen)
    return ReceivedMonth(
        chosen,
        months[at - 1] if at else None,
        months[at + 1] if chosen != months[-1] else None,
        [
            (shop, waterfall(figures[shop.id], Platform(shop.platform)))
            for shop in shops
            if not figures[shop.id].is_empty
        ],
    )


def _telling(days: Sequence[DaySums], today: date) -> date | None:
    settled = [one.day for one in days if one.flow_settled_fen]
    over = [one.day for one in days if one.orders and one.day < today.replace(day=1)]
    found = settled or over
    return max(found).replace(day=1) if found else None


def _span(month: date):
    """The moments of a month in China."""
    return day_begins(month), day_begins((month + timedelta(days=31)).replace(day=1))
