"""A cohort's tracker beside a bare page of the same kept figures, with 200,000 order lines in the database and with ten
million; and how long it takes until a day's sales stand in the figures."""

import argparse
import gc
import statistics
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path

import flask_migrate
from flask import Flask
from sqlalchemy import text

from benchmarks.twins import create_twin
from benchmarks.visitor import Visitor, serve
from trainer import clock
from trainer.app import create_app
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.days import CHINA
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.programme import Track
from trainer.models import (
    Account,
    Cohort,
    CompletionRuleVersion,
    Enrolment,
    Livestream,
    OrderLine,
    Person,
    Programme,
    RoleGrant,
    Shop,
)
from trainer.services import outcomes, sales_reckoning
from trainer.services import session as sessions
from trainer.services.region import load_regions
from trainer.services.shop_days import sum_up_days
from trainer.services.shop_lock import touch

WOMEN, LINES_EACH = 100, 2_000
TEN_MILLION = 10_000_000
END = date(2026, 3, 13)
HEAD, LINE = "{:<58}{:>10}{:>10}{:>8}{:>7}", "{:<58}{:>10.1f}{:>10.1f}{:>8.2f}{:>7}"


def show(lines: int = TEN_MILLION, rounds: int = 60) -> None:
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        app, database, cohort_id, token = build(Path(folder))
        ours, twin = Visitor(serve(app), {"sid": token}), Visitor(serve(create_twin(database)))
        gc.freeze()
        print("\n" + HEAD.format("outcomes of a cohort of 100", "ours ms", "twin ms", "ratio", "goal"))
        with app.app_context():
            small, refreshed = measure(ours, twin, cohort_id, rounds), refresh(cohort_id)
            print(
                LINE.format(
                    f"tracker, {WOMEN * LINES_EACH:,} order lines in the database", *small, small[0] / small[1], 2.5
                )
            )
            began = time.perf_counter()
            multiply(lines // (WOMEN * LINES_EACH) - 1)
            took = time.perf_counter() - began
            large, refreshed_then = measure(ours, twin, cohort_id, rounds), refresh(cohort_id)
        print(LINE.format(f"tracker, {lines:,} order lines", *large, large[0] / large[1], 2.5))
        print(
            f"{'the same page, then against before':<58}{large[0]:>10.1f}{small[0]:>10.1f}{large[0] / small[0]:>8.2f}{1.5:>7}"
        )
        print(
            f"a day's sales of one woman in the figures of her cohort: {refreshed:.3f} s before, {refreshed_then:.3f} s with"
        )
        print(f"{lines:,} lines (goal: under 1); the lines were written in {took:.0f} s")


def build(folder: Path) -> tuple[Flask, str, int, str]:
    """A finished cohort whose women sold for half a year, and a manager's session."""
    database = f"sqlite:///{folder / 'benchmark.sqlite3'}"
    app = create_app({"MODE": "testing", "INSTANCE_PATH": folder, "SQLALCHEMY_DATABASE_URI": database})
    with app.app_context():
        flask_migrate.upgrade()
        with transaction() as session:
            load_regions()
            cohort_id, shops = _add_cohort(session)
            manager = Account(username="manager", name="郝建英", active=True, created_at=clock.now(), version=1)
            session.add(manager)
            session.flush()
            session.add(RoleGrant(account_id=manager.id, role=Role.MANAGER, granted_at=clock.now()))
            account_id = manager.id
            for shop_id in shops:
                _sell(session, shop_id)
        with transaction():
            for shop_id in shops:
                sum_up_days(shop_id, clock.now())
            outcomes.reckon_cohort(cohort_id, at=clock.now())
        with transaction() as session:
            manager = session.get(Account, account_id)
            token = sessions.open_session(manager, at=clock.now(), life=timedelta(hours=12))
    return app, database, cohort_id, token


def _add_cohort(session) -> tuple[int, list[int]]:
    at = datetime(2026, 3, 1, tzinfo=CHINA)
    programme = Programme(
        name="b", region_code="140000", starts_on=date(2026, 1, 1), ends_on=date(2027, 12, 31), created_at=at
    )
    session.add(programme)
    session.flush()
    facts = {
        "code": "B-100",
        "name": "b",
        "track": Track.FOUNDATION,
        "region_code": "140200",
        "place": "b",
        "capacity": 100,
    }
    days = {"starts_on": END - timedelta(days=5), "ends_on": END, "created_at": at}
    cohort = Cohort(programme_id=programme.id, teacher_name="b", teacher_phone="1", **facts, **days)
    session.add(cohort)
    session.flush()
    session.add(
        CompletionRuleVersion(cohort_id=cohort.id, number=1, min_rate_bp=8000, excused_counts="absent", set_at=at)
    )
    shops = []
    for seat in range(1, WOMEN + 2):  # one more, who sells beside the cohort
        named = {"name": f"王{seat}", "name_pinyin": f"wang{seat}", "name_initials": "w", "region_code": "140215"}
        person = Person(**named, created_at=at, updated_at=at)
        session.add(person)
        session.flush()
        shop = Shop(person_id=person.id, platform="douyin", name=f"店{seat}", created_at=at)
        session.add(shop)
        session.flush()
        if seat <= WOMEN:
            status = {"status": EnrolmentStatus.COMPLETED, "joined_on": cohort.starts_on, "seat_number": seat}
            session.add(Enrolment(cohort_id=cohort.id, person_id=person.id, **status))
            shops.append(shop.id)
    return cohort.id, shops


def _sell(session, shop_id: int) -> None:
    begin = datetime(END.year, END.month, END.day, 12, tzinfo=CHINA)
    rows = [
        {
            **{
                "shop_id": shop_id,
                "platform": "douyin",
                "natural_key": f"{shop_id}:{number}",
                "order_key": f"{shop_id}:{number}",
            },
            **{"product": "小米", "product_key": f"p{number % 9}", "status": "received", "trust": 3, "quantity": 1},
            **{"paid_at": begin + timedelta(hours=2.4 * number), "paid_fen": 1990 + number % 3000, "refunded_fen": 0},
        }
        for number in range(LINES_EACH)
    ]
    session.execute(OrderLine.__table__.insert(), rows)
    shows = [
        {
            **{"shop_id": shop_id, "platform": "douyin", "natural_key": f"l{shop_id}:{number}", "trust": 2},
            **{"started_at": begin + timedelta(days=2 * number), "duration_s": 5400, "viewers": 200, "gmv_fen": 9900},
        }
        for number in range(90)
    ]
    session.execute(Livestream.__table__.insert(), shows)


def multiply(times: int) -> None:
    """So many times as many lines again, in shops that have nothing to do with the cohort."""
    columns = [column.name for column in OrderLine.__table__.columns if column.name != "id"]
    changed = {
        "shop_id": f"{WOMEN + 1}",
        "natural_key": "natural_key || '-' || n.k",
        "order_key": "order_key || '-' || n.k",
    }
    copied = ", ".join(changed.get(name, f"order_lines.{name}") for name in columns)
    copy = (
        f"INSERT INTO order_lines ({', '.join(columns)}) SELECT {copied} FROM order_lines, n WHERE shop_id <= {WOMEN}"
    )
    for first in range(0, times, 5):
        upto = min(first + 5, times)
        with transaction() as session:
            numbers = f"WITH RECURSIVE n(k) AS (SELECT {first + 1} UNION ALL SELECT k + 1 FROM n WHERE k < {upto}) "
            session.execute(text(numbers + copy))


def measure(ours: Visitor, twin: Visitor, cohort_id: int, rounds: int) -> tuple[float, float]:
    """Medians in ms, taken in turns."""
    spent: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 3):
        for visitor, path, times in (
            (ours, f"/cohorts/{cohort_id}/outcomes", spent[0]),
            (twin, f"/outcomes/{cohort_id}", spent[1]),
        ):
            began = time.perf_counter()
            answer = visitor.get(path)
            took = 1000 * (time.perf_counter() - began)
            if answer.status != 200:
                raise SystemExit(f"{path} answered {answer.status}")
            if number >= 3:
                times.append(took)
    return statistics.median(spent[0]), statistics.median(spent[1])


def refresh(cohort_id: int) -> float:
    """Seconds from a day's orders of one shop to figures that say them; as both jobs do it."""
    shop_id = db.session.scalar(db.select(db.func.min(Shop.id)))
    with transaction() as session:
        number = session.scalar(db.select(db.func.count()).where(OrderLine.shop_id == shop_id))
        facts = {"platform": "douyin", "product": "小米", "product_key": "p1", "status": "paid", "trust": 2}
        rows = [
            {
                **facts,
                "shop_id": shop_id,
                "natural_key": f"new{one}",
                "order_key": f"new{one}",
                "paid_at": clock.now(),
                "paid_fen": 990,
            }
            for one in range(number, number + 100)
        ]
        session.execute(OrderLine.__table__.insert(), rows)
        touch(session.get(Shop, shop_id), at=clock.now())
    began = time.perf_counter()
    with transaction():
        sales_reckoning.reckon(shop_id, at=clock.now())
    with transaction():
        outcomes.reckon_cohort(cohort_id, at=clock.now())
    return time.perf_counter() - began


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.outcomes", description=__doc__)
    parser.add_argument("--lines", type=int, default=TEN_MILLION)
    parser.add_argument("--rounds", type=int, default=60)
    arguments = parser.parse_args()
    show(arguments.lines, arguments.rounds)
