"""Order lines find their broadcasts: by the file's own columns first, by time second, anew whenever sales change."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from tests import factories
from trainer.database import db, transaction
from trainer.domain.sales import ShopRole
from trainer.models import Livestream, OrderLine, ShopAlias
from trainer.services import attribution

pytestmark = pytest.mark.postgresql
EVENING = datetime(2026, 3, 8, 11, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return EVENING + timedelta(minutes=minutes)


def broadcast(shop, key: str, begins: float, minutes: int | None = 60, **facts) -> int:
    duration = None if minutes is None else minutes * 60
    with transaction() as session:
        row = Livestream(
            **{"shop_id": shop.id, "platform": shop.platform, "natural_key": key, "started_at": at(begins)},
            **{"duration_s": duration, "trust": 2, **facts},
        )
        session.add(row)
    return row.id


def lines(shop, *facts: dict) -> list[int]:
    same = {"shop_id": shop.id, "platform": shop.platform, "status": "paid", "paid_fen": 1_000, "trust": 2}
    with transaction() as session:
        rows = [
            OrderLine(**{**same, "natural_key": f"k{n}", "order_key": f"o{n}", **one}) for n, one in enumerate(facts)
        ]
        session.add_all(rows)
    return [row.id for row in rows]


def attribute(shop) -> None:
    with transaction():
        attribution.attribute(shop.id, EVENING)


def found(ids: list[int]) -> list[tuple]:
    rows = db.session.execute(db.select(OrderLine.id, OrderLine.attribution, OrderLine.livestream_id)).all()
    by_id = {row[0]: (row[1] and row[1].value, row[2]) for row in rows}
    return [by_id[one] for one in ids]


# What the file says of a line, and what follows where broadcast 0 (number "s-1", 19:00 to 20:00), 1 (without a number,
# 21:00 to 22:00) and 2 (the same, from 21:30 on) are known; "paid": minutes after 19:00.
CASES = [
    ({"paid": 5}, "time", 0),
    ({"paid": 5, "is_live": True}, "time", 0),
    ({"paid": 90}, "time", 0),
    ({"paid": 90.5}, "not_live", None),
    ({"paid": 90.5, "is_live": True}, "unknown_broadcast", None),
    ({"paid": 155}, "open", None),
    ({"paid": -60}, "open", None),
    ({"paid": -60, "is_live": True}, "unknown_broadcast", None),
    ({"paid": 5, "is_live": False}, "not_live", None),
    ({"paid": 5, "host": "别人家"}, "not_live", None),
    ({"paid": 5, "host": "秀芳杂粮"}, "time", 0),
    ({"paid": 5, "host": "ks-77"}, "time", 0),
    ({"paid": 5, "host": "芳姐"}, "time", 0),  # an alias
    ({"paid": 500, "session_key": "s-1", "is_live": False}, "file", 0),  # its number wins over everything
    ({"paid": 5, "session_key": "start-2"}, "file", 2),
    ({"paid": 5, "session_key": "s-9"}, "unknown_broadcast", None),  # the list of that time has another number
    ({"paid": 125, "session_key": "s-9"}, "time", 1),  # the list of that time has none
    ({"ordered": 5}, "time", 0),  # the file prints no time of payment
    ({}, "open", None),
    ({"is_live": True}, "unknown_broadcast", None),
    ({"ordered": 5, "paid_fen": 0}, None, None),  # never paid: of no broadcast
]


@pytest.fixture
def shop(app):
    shop = factories.shop(factories.person(), account_uid="ks-77")
    with transaction() as session:
        session.add(ShopAlias(shop_id=shop.id, name="芳姐", created_at=factories.AT))
    return shop


def test_what_the_file_says_comes_first_and_the_time_second(shop):
    ids = [
        broadcast(shop, "s-1", 0, session_key="s-1"),
        broadcast(shop, "start-1", 120),
        broadcast(shop, "start-2", 150),
        broadcast(shop, "start-3", 170, None),  # without an end nobody knows which orders could be its
    ]
    elsewhere = factories.shop(factories.person(), name="别人的店")
    broadcast(elsewhere, "s-9", 0, session_key="s-9")
    said = []
    for case, _attribution, _broadcast in CASES:
        moments = {"paid_at": case.get("paid"), "ordered_at": case.get("ordered")}
        facts = {name: value for name, value in case.items() if name not in ("paid", "ordered")}
        said.append(facts | {name: at(minutes) for name, minutes in moments.items() if minutes is not None})
    made = lines(shop, *said)
    attribute(shop)
    assert found(made) == [(how, None if number is None else ids[number]) for _case, how, number in CASES]


def test_the_host_in_the_file_of_a_commission_account_is_herself(app):
    shop = factories.shop(factories.person(), role=ShopRole.HOST)
    one = broadcast(shop, "s-1", 0)
    made = lines(shop, {"paid_at": at(5), "host": "她的号", "is_live": True})
    attribute(shop)
    assert found(made) == [("time", one)]


def test_nothing_is_written_twice_and_a_broadcast_that_goes_lets_its_lines_go(shop):
    one = broadcast(shop, "s-1", 0)
    made = lines(shop, {"paid_at": at(5)}, {"paid_at": at(600), "is_live": True}, {"is_live": False})
    attribute(shop)
    written = []

    def count(_connection, cursor, statement, *_rest) -> None:
        written.append(cursor.rowcount if statement.startswith("UPDATE") else 0)

    event.listen(db.engine, "after_cursor_execute", count)
    attribute(shop)
    event.remove(db.engine, "after_cursor_execute", count)
    assert (len(written) > 5, sum(max(rows, 0) for rows in written)) == (True, 0)
    with transaction() as session:
        attribution.let_go([one])
        session.delete(session.get(Livestream, one))
    assert found(made[:1]) == [(None, None)]
    attribute(shop)
    assert found(made) == [("open", None), ("unknown_broadcast", None), ("not_live", None)]
