"""Order lines to the broadcasts they were sold in: by what their file says first, by the time of payment second."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, case, func, not_, or_, select, union, update

from trainer.database import db
from trainer.domain.attribution import Slice, cut, window
from trainer.domain.sales import Attribution, ShopRole
from trainer.models.sales import OrderLine, Shop, ShopAlias
from trainer.queries.sales_figures import BROADCAST, ORDER, PAID

MOST_AT_ONCE = 1000
# Said by the file: in so many words, or by naming a broadcast.
IS_LIVE = or_(ORDER.is_live, ORDER.session_key.is_not(None))


def attribute(shop_id: int, _at: datetime) -> None:
    """Say anew of every paid line of a shop of which broadcast it is; only rows for which that changes are written.

    1. The file names a broadcast that is known: of that one. 2. The file says that it was not sold live, or by another
    host than this shop: NOT_LIVE. 3. Else the time of payment (of the order where none is known) decides, as
    `domain.attribution.cut` says; a line whose file names a broadcast that no list has can only be of one of which the
    list prints no number.
    """
    hers, named = ORDER.shop_id == shop_id, _named(shop_id)
    _write(and_(hers, not_(PAID)), None, None)
    _write(and_(hers, PAID, ORDER.session_key == named.c.key), named.c.livestream_id, Attribution.FILE)
    is_unnamed = or_(ORDER.session_key.is_(None), ORDER.session_key.not_in(select(named.c.key)))
    elsewhere = _sold_elsewhere(shop_id)
    _write(and_(hers, PAID, is_unnamed, elsewhere), None, Attribution.NOT_LIVE)
    broadcasts = _broadcasts(shop_id)
    unnumbered = [row for row in broadcasts if row.session_key is None]
    rest = and_(hers, PAID, not_(elsewhere))
    _write_by_time(and_(rest, ORDER.session_key.is_(None)), _slices(broadcasts))
    _write_by_time(and_(rest, ORDER.session_key.not_in(select(named.c.key))), _slices(unnumbered))


def let_go(livestream_ids: Collection[int]) -> None:
    """Before broadcasts are deleted: their lines are of none, until they are attributed anew."""
    ids = list(livestream_ids)
    for first in range(0, len(ids), MOST_AT_ONCE):
        some = ids[first : first + MOST_AT_ONCE]
        db.session.execute(
            update(OrderLine).where(OrderLine.livestream_id.in_(some)).values(livestream_id=None, attribution=None),
            execution_options={"synchronize_session": False},
        )


def _named(shop_id: int):
    """Every name by which a file may call a broadcast of the shop: (key, livestream_id)."""
    keys = union(
        *(
            select(column.label("key"), BROADCAST.id.label("livestream_id")).where(
                BROADCAST.shop_id == shop_id, column.is_not(None)
            )
            for column in (BROADCAST.session_key, BROADCAST.natural_key)
        )
    ).subquery()
    return select(keys.c.key, func.min(keys.c.livestream_id).label("livestream_id")).group_by(keys.c.key).cte("named")


def _sold_elsewhere(shop_id: int) -> ColumnElement[bool]:
    """Short video, product card, shop; or in the room of a host whom the file names and who is not this shop. Of a
    commission account's own file the host is she."""
    shop = db.session.get_one(Shop, shop_id)
    not_live = ORDER.is_live.is_(False)
    if shop.role is ShopRole.HOST:
        return not_live
    aliases = db.session.scalars(select(ShopAlias.name).where(ShopAlias.shop_id == shop_id))
    names = [name for name in (shop.name, shop.account_uid, *aliases) if name]
    return or_(not_live, and_(ORDER.host.is_not(None), *(ORDER.host != name for name in names)))


def _broadcasts(shop_id: int):
    columns = (BROADCAST.id, BROADCAST.started_at, BROADCAST.ended_at, BROADCAST.duration_s, BROADCAST.session_key)
    return db.session.execute(select(*columns).where(BROADCAST.shop_id == shop_id)).all()


def _slices(broadcasts: Iterable) -> list[Slice]:
    windows = (window(row.id, row.started_at, row.ended_at, row.duration_s) for row in broadcasts)
    return cut(one for one in windows if one)


def _write(which: ColumnElement[bool], livestream, attribution, rows: list[dict] | None = None) -> None:
    differs = or_(ORDER.livestream_id.is_distinct_from(livestream), ORDER.attribution.is_distinct_from(attribution))
    statement = update(OrderLine.__table__).where(which, differs)
    statement = statement.values(livestream_id=livestream, attribution=attribution)
    db.session.connection().execute(statement, rows)


def _write_by_time(which: ColumnElement[bool], slices: list[Slice]) -> None:
    """A statement for each stretch of time, twice: of the lines with a day of payment, and of the few without one."""
    rows = [
        {
            **{"at_least": one.begins, "before": one.until, "broadcast": one.livestream_id},
            **{"if_live": one.if_live, "if_untold": one.if_untold},
        }
        for one in slices
    ]
    kind = ORDER.attribution.type
    attribution = case((IS_LIVE, bindparam("if_live", type_=kind)), else_=bindparam("if_untold", type_=kind))
    broadcast = bindparam("broadcast", type_=ORDER.livestream_id.type)
    unpaid_day = and_(which, ORDER.paid_at.is_(None))
    _write(and_(which, _between(ORDER.paid_at)), broadcast, attribution, rows)
    if db.session.scalar(select(ORDER.id).where(unpaid_day).limit(1)) is None:
        return
    _write(and_(unpaid_day, _between(ORDER.ordered_at)), broadcast, attribution, rows)
    unlisted = case((IS_LIVE, Attribution.UNKNOWN_BROADCAST), else_=Attribution.OPEN)
    _write(and_(unpaid_day, ORDER.ordered_at.is_(None)), None, unlisted)


def _between(moment) -> ColumnElement[bool]:
    kind = ORDER.paid_at.type
    return and_(moment >= bindparam("at_least", type_=kind), moment < bindparam("before", type_=kind))
