"""What women sold and broadcast, all shops of each together, out of the sums by day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import BigInteger, Select, and_, case, cast, func, or_, select

from trainer.database import db
from trainer.domain.imports import BatchState
from trainer.domain.outcomes import MONTH, Day
from trainer.domain.sales import ShopRole
from trainer.models.imports import ImportBatch
from trainer.models.outcomes import ShopDay
from trainer.models.sales import Shop
from trainer.queries.sales_figures import day_of

DAY, SHOP, BATCH = ShopDay.__table__.c, Shop.__table__.c, ImportBatch.__table__.c
# How far before the end of a course single days are looked at: its last weeks, and the same days a year earlier.
LOOKING_BACK = timedelta(days=400)


@dataclass(frozen=True)
class Selling:
    """Of one woman up to a day: first days, the days that are known of, and the single days (newer than LOOKING_BACK).

    A file tells of the days from its first row to its last, or to the day that was named when it was taken in.
    """

    opened_on: date | None = None
    broadcast_on: date | None = None
    paid_on: date | None = None
    settled_on: date | None = None
    known_from: date | None = None
    known_until: date | None = None
    days: tuple[Day, ...] = ()
    file_months: frozenset[int] = frozenset()
    typed_months: frozenset[int] = frozenset()


NO_SELLING = Selling()


def list_selling(people: Collection[int], course_end: date, as_of: date) -> dict[int, Selling]:
    """By person; months are counted from the end of the course. Three statements."""
    if not people:
        return {}
    days = _days(people, course_end - LOOKING_BACK, as_of)
    stated = _stated(people, as_of)
    found = {}
    for person_id, opened_on, *firsts in db.session.execute(_firsts(people, as_of)):
        broadcast_on, paid_on, settled_on, known_from, known_until, file_from, file_until = firsts
        said_until = stated.get(person_id)
        file_until = max(filter(None, (file_until, said_until)), default=None)
        single, typed = days.get(person_id, ((), ()))
        found[person_id] = Selling(
            *(opened_on, broadcast_on, paid_on, settled_on),
            known_from=known_from or (said_until and course_end),
            known_until=max(filter(None, (known_until, said_until)), default=None),
            days=single,
            file_months=_months_within(file_from or (said_until and course_end), file_until, course_end),
            typed_months=frozenset(_month_of(day, course_end) for day in typed if day > course_end),
        )
    return found


def _month_of(day: date, course_end: date) -> int:
    """1 for the first thirty days after the course."""
    return ((day - course_end).days + MONTH.days - 1) // MONTH.days


def _months_within(first: date | None, last: date | None, course_end: date) -> frozenset[int]:
    """The months that end within what files tell of."""
    if first is None or last is None:
        return frozenset()
    months = range(1, (last - course_end).days // MONTH.days + 1)
    return frozenset(number for number in months if course_end + number * MONTH >= first)


def _firsts(people: Collection[int], as_of: date) -> Select:
    """A row a woman with a shop, over all her days up to `as_of`."""
    opened = func.min(func.coalesce(SHOP.opened_on, day_of(SHOP.created_at)))
    anything = or_(DAY.orders > 0, DAY.broadcasts > 0, DAY.flow_settled_fen != 0)
    in_file = or_(DAY.orders > 0, DAY.broadcasts > DAY.typed_broadcasts, DAY.flow_settled_fen != 0)
    conditions = (DAY.broadcasts > 0, DAY.orders > 0, or_(DAY.flow_settled_fen > 0, DAY.order_settled_fen > 0))
    firsts = [func.min(case((condition, DAY.day))) for condition in conditions]
    spans = [edge(case((condition, DAY.day))) for condition in (anything, in_file) for edge in (func.min, func.max)]
    return (
        select(SHOP.person_id, opened, *firsts, *spans)
        .outerjoin(ShopDay.__table__, and_(DAY.shop_id == SHOP.id, DAY.day <= as_of))
        .where(SHOP.person_id.in_(people), func.coalesce(SHOP.opened_on, day_of(SHOP.created_at)) <= as_of)
        .group_by(SHOP.person_id)
    )


def _stated(people: Collection[int], as_of: date) -> dict[int, date]:
    """Until when files that were taken in tell of her sales, where somebody named the day."""
    rows = db.session.execute(
        select(SHOP.person_id, func.max(case((BATCH.reaches_on > as_of, as_of), else_=BATCH.reaches_on)))
        .join(ImportBatch.__table__, BATCH.shop_id == SHOP.id)
        .where(SHOP.person_id.in_(people), BATCH.state == BatchState.COMMITTED, BATCH.reaches_on.is_not(None))
        .group_by(SHOP.person_id)
    )
    return dict(rows.all())


def _days(people: Collection[int], since: date, as_of: date) -> dict[int, tuple[tuple[Day, ...], tuple[date, ...]]]:
    """Person → (her days, those of them on which something was typed in)."""
    firm = case((SHOP.role == ShopRole.HOST, DAY.firm_commission_fen), else_=DAY.firm_paid_fen - DAY.firm_refunded_fen)
    sums = (DAY.qualifying, DAY.broadcasts, DAY.orders, DAY.paid_fen, DAY.refunded_fen, firm, DAY.typed_broadcasts)
    rows = db.session.execute(
        select(SHOP.person_id, DAY.day, *(cast(func.sum(column), BigInteger) for column in sums))
        .join(Shop.__table__, SHOP.id == DAY.shop_id)
        .where(SHOP.person_id.in_(people), DAY.day > since, DAY.day <= as_of)
        .group_by(SHOP.person_id, DAY.day)
        .order_by(SHOP.person_id, DAY.day)
    )
    found = {}
    for person_id, of_hers in groupby(rows, lambda row: row[0]):
        hers = [row[1:] for row in of_hers]
        found[person_id] = (
            tuple(Day(*row[:-1]) for row in hers),
            tuple(day for day, *_, typed in hers if typed),
        )
    return found
