"""What is in a month of sales, county by county: by source and trust, who still lacks data, what is left open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)

from trainer.database import db, on_postgresql
from trainer.domain.anomaly import WAITING
from trainer.domain.days import Span
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.imports import BatchState, RowAction
from trainer.domain.sales import GmvMeasure, RefundBasis, SalesKind
from trainer.domain.sales_entry import EntryState
from trainer.domain.sales_period import Figures, PeriodLine, in_order
from trainer.models.anomaly import Anomaly
from trainer.models.enrolment import Enrolment
from trainer.models.imports import ImportBatch
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.sales import (
    Livestream,
    LivestreamVersion,
    OrderLine,
    OrderLineVersion,
    Settlement,
    SettlementVersion,
    Shop,
)
from trainer.models.sales_entry import SalesEntry
from trainer.queries.sales_figures import SOLD
from trainer.queries.sales_period import is_counted, month_span

# A month's files are in time up to this day of the next one.
DUE_DAY = 15
# Typed and handed in: it says something of the month.
TYPED = (EntryState.SUBMITTED, EntryState.CHECKED, EntryState.REPLACED)
# What a preview would still change.
TO_COME = (RowAction.NEW, RowAction.UPDATE, RowAction.NEEDS_PERSON, RowAction.CONFLICT)


@dataclass(frozen=True)
class Reporter:
    """A woman with a shop, and whether anything is known of her month; `came_at` is when it first came in."""

    person_id: int
    name: str
    county: str
    shops: int
    has_data: bool
    came_at: datetime | None
    shop_id: int

    def is_timely(self, month: date) -> bool:
        return self.has_data and (self.came_at is None or self.came_at < due_before(month))


def due_before(month: date) -> datetime:
    return month_span(month)[1] + timedelta(days=DUE_DAY)


def get_figures(month: date, homes: ColumnElement[bool], reporters: Iterable[Reporter]) -> dict[str, Figures]:
    """By county where one of `reporters` lives, all of `homes`. Two statements."""
    found: dict[str, Figures] = {}
    for woman in reporters:
        county = found.setdefault(woman.county, Figures())
        county.shops += woman.shops
        county.women += 1
        county.with_data += woman.has_data
        county.timely += woman.is_timely(month)
    shops, span = _shops(homes), month_span(month)
    for code, *facts in db.session.execute(union_all(*_lines(shops, span))):
        found[code].lines.append(_line(*facts))
    for code, name, number in db.session.execute(union_all(*_left_open(shops, span))):
        setattr(found[code], name, number)
    for figures in found.values():
        figures.lines = in_order(figures.lines)
    return found


def list_reporters(month: date, homes: ColumnElement[bool]) -> list[Reporter]:
    """Everybody with a shop, by name. One statement."""
    shops, span = _shops(homes), month_span(month)
    known = union_all(*_arrivals(shops, span)).subquery()
    rows = (
        select(
            *(Person.id, Person.name, Person.region_code, func.count(Shop.id.distinct())),
            *(func.count(known.c.shop_id) > 0, func.min(known.c.came_at), func.min(Shop.id)),
        )
        .join(Shop, Shop.person_id == Person.id)
        .outerjoin(known, known.c.shop_id == Shop.id)
        .where(homes, is_counted())
        .group_by(Person.id, Person.name, Person.region_code, Person.name_pinyin)
        .order_by(Person.name_pinyin, Person.id)
    )
    return [Reporter(*row) for row in db.session.execute(rows)]


def _shops(homes: ColumnElement[bool]):
    """Whose sales are asked about: shop, what it is, county."""
    of = select(Shop.id.label("id"), Shop.role.label("role"), Person.region_code.label("county")).join(
        Person, Person.id == Shop.person_id
    )
    return of.where(homes, is_counted()).subquery()


def _within(moment, span: Span) -> ColumnElement[bool]:
    return and_(moment >= span[0], moment < span[1])


def of_month(line, span: Span) -> ColumnElement[bool]:
    """An order is of the month of its payment; where none is known, of the order itself."""
    return or_(_within(line.paid_at, span), and_(line.paid_at.is_(None), _within(line.ordered_at, span)))


def _arrivals(shops, span: Span) -> list[Select]:
    times = (
        (Livestream, _within(Livestream.started_at, span)),
        (OrderLine, of_month(OrderLine, span)),
        (Settlement, _within(Settlement.settled_at, span)),
    )
    from_files = [
        select(table.shop_id, func.min(ImportBatch.committed_at).label("came_at"))
        .outerjoin(ImportBatch, ImportBatch.id == table.batch_id)
        .where(table.shop_id.in_(select(shops.c.id)), when)
        .group_by(table.shop_id)
        for table, when in times
    ]
    typed = (
        select(SalesEntry.shop_id, func.min(SalesEntry.submitted_at))
        .where(SalesEntry.shop_id.in_(select(shops.c.id)), SalesEntry.state.in_(TYPED))
        .where(_within(SalesEntry.started_at, span))
        .group_by(SalesEntry.shop_id)
    )
    return [*from_files, typed]


def _lines(shops, span: Span) -> list[Select]:
    return [_of_broadcasts(shops, span), _of_orders(shops, span), _of_flows(shops, span)]


_NOTHING = literal("", String)


def _of_broadcasts(shops, span: Span) -> Select:
    """Net only where every one of them says its refunds, of what was paid in it."""
    live = Livestream
    basis, source = func.coalesce(live.refund_basis, ""), literal(SalesKind.LIVE_SESSION.value, String)
    all_said = and_(basis == RefundBasis.PAYMENT_DAY.value, func.count(live.refund_fen) == func.count())
    net = case((and_(all_said, func.count(live.gmv_fen) == func.count()), func.sum(live.gmv_fen - live.refund_fen)))
    return (
        select(
            *(shops.c.county, shops.c.role, source, live.platform, live.trust, live.gmv_measure, basis),
            *(func.count(), func.sum(live.gmv_fen), func.sum(live.refund_fen), net),
        )
        .join(shops, shops.c.id == live.shop_id)
        .where(_within(live.started_at, span))
        .group_by(shops.c.county, shops.c.role, live.platform, live.trust, live.gmv_measure, basis)
    )


def _of_orders(shops, span: Span) -> Select:
    order, source = OrderLine, literal(SalesKind.ORDER.value, String)
    return (
        select(
            *(shops.c.county, shops.c.role, source, order.platform, order.trust, _NOTHING, _NOTHING),
            *(func.count(order.order_key.distinct()), func.sum(order.paid_fen), func.sum(order.refunded_fen)),
            func.sum(order.paid_fen - order.refunded_fen),
        )
        .join(shops, shops.c.id == order.shop_id)
        .where(of_month(order, span), SOLD)
        .group_by(shops.c.county, shops.c.role, order.platform, order.trust)
    )


def _of_flows(shops, span: Span) -> Select:
    flow, source = Settlement, literal(SalesKind.SETTLEMENT.value, String)
    return (
        select(
            *(shops.c.county, shops.c.role, source, flow.platform, literal(4, Integer), _NOTHING, _NOTHING),
            *(func.count(), func.sum(flow.income_fen), func.sum(flow.refund_fen), func.sum(flow.settled_fen)),
        )
        .join(shops, shops.c.id == flow.shop_id)
        .where(_within(flow.settled_at, span))
        .group_by(shops.c.county, shops.c.role, flow.platform)
    )


def _line(role, source, platform, trust, measure, basis, count, gross, refund, net) -> PeriodLine:
    money = (None if fen is None else int(fen) for fen in (gross, refund, net))
    of = {"measure": GmvMeasure(measure) if measure else None, "basis": RefundBasis(basis) if basis else None}
    of["role"] = role
    return PeriodLine(SalesKind(source), platform, trust, count, *money, **of)


def _left_open(shops, span: Span) -> list[Select]:
    undecided = and_(Anomaly.state.in_(WAITING), Anomaly.id.in_(_about(span)))
    typed = and_(SalesEntry.state == EntryState.SUBMITTED, _within(SalesEntry.started_at, span))
    waiting = and_(ImportBatch.state == BatchState.PREVIEWED, or_(*_previewed(span)))
    kinds = (("findings", Anomaly, undecided), ("unchecked", SalesEntry, typed), ("previews", ImportBatch, waiting))
    return [
        select(shops.c.county, literal(name, String), func.count())
        .select_from(table)
        .join(shops, shops.c.id == table.shop_id)
        .where(which)
        .group_by(shops.c.county)
        for name, table, which in kinds
    ]


def _about(span: Span) -> Select:
    """Findings that rest on a broadcast, an order or an entry of the month."""
    rests = (
        ("livestreams", Livestream, _within(Livestream.started_at, span)),
        ("order_lines", OrderLine, of_month(OrderLine, span)),
        ("entries", SalesEntry, _within(SalesEntry.started_at, span)),
    )
    about = []
    for name, table, when in rests:
        if on_postgresql():
            rows = func.json_array_elements_text(Anomaly.evidence[name]).table_valued("value")
        else:
            rows = func.json_each(Anomaly.evidence, f"$.{name}").table_valued("value")
        of = select(Anomaly.id).join(rows, true()).join(table, table.id == cast(rows.c.value, Integer))
        about.append(of.where(Anomaly.state.in_(WAITING), when))
    return union_all(*about)


def _previewed(span: Span) -> list[ColumnElement[bool]]:
    rows = (
        (LivestreamVersion, _within(LivestreamVersion.started_at, span)),
        (OrderLineVersion, of_month(OrderLineVersion, span)),
        (SettlementVersion, _within(SettlementVersion.settled_at, span)),
    )
    return [
        select(table.row_number).where(table.batch_id == ImportBatch.id, table.action.in_(TO_COME), when).exists()
        for table, when in rows
    ]


@dataclass(frozen=True)
class CohortQuality:
    """Of the women of a cohort who live here: how many of their months are known, and known in time."""

    cohort_id: int
    name: str
    expected: int
    with_shop: int
    with_data: int
    timely: int


def list_cohort_quality(month: date, homes: ColumnElement[bool], reporters: Iterable[Reporter]) -> list[CohortQuality]:
    """Of cohorts that had begun by the end of the month; women on the roll, with a shop or without. One statement."""
    after = month_span(month)[1].date()
    rows = (
        select(Cohort.id, Cohort.name, Person.id)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(homes, is_counted(), Cohort.starts_on < after, Enrolment.status.in_(list(ON_THE_ROLL)))
        .order_by(Cohort.starts_on.desc(), Cohort.id)
    )
    by_person = {woman.person_id: woman for woman in reporters}
    cohorts: dict[tuple[int, str], list[int]] = {}
    for cohort_id, name, person_id in db.session.execute(rows):
        cohorts.setdefault((cohort_id, name), []).append(person_id)
    return [_quality(*key, month, women, by_person) for key, women in cohorts.items()]


def _quality(cohort_id: int, name: str, month: date, women: list[int], known: dict[int, Reporter]) -> CohortQuality:
    sellers = [known[one] for one in women if one in known]
    with_data = sum(one.has_data for one in sellers)
    return CohortQuality(
        cohort_id, name, len(women), len(sellers), with_data, sum(one.is_timely(month) for one in sellers)
    )
