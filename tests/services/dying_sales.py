"""A process that is killed at random moments while it stages, takes in and undoes a sales file, again and again.

`python -m tests.services.dying_sales URI KEYS INSTANCE TIMES` over an empty migrated database: after every death nothing
half done is left, and the act done again comes out as if nothing had happened. Prints how many deaths came in the middle.
"""

import os
import random
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from time import perf_counter

from tests import factories
from tests.sales_files import reading
from tests.services.test_sales import BY, DONE, NOW, SHIPPED, order, orders_file
from trainer.app import create_app
from trainer.database import db, transaction
from trainer.domain.imports import BatchState
from trainer.models import ImportBatch, ImportRow, OrderLine, OrderLineVersion
from trainer.services import sales

ORDERS = 400
FIRST = orders_file(*(order(number, state=SHIPPED) for number in range(0, ORDERS, 2)))
LATER = orders_file(*(order(number, state=DONE, refund="5.00") for number in range(ORDERS)), order(ORDERS, paid="很多"))


def lines() -> list[tuple]:
    """All that is known of orders, save by which of the files."""
    db.session.rollback()
    columns = [column for column in OrderLine.__table__.columns if column.name not in ("id", "batch_id")]
    return [tuple(row) for row in db.session.execute(db.select(*columns).order_by(OrderLine.natural_key))]


def staged(batch_id: int | None) -> tuple[int, int]:
    db.session.rollback()
    return tuple(
        db.session.scalar(db.select(db.func.count()).select_from(model).where(model.batch_id == batch_id))
        for model in (OrderLineVersion, ImportRow)
    )


def act_in(act: Callable[[], object]) -> Callable[[], object]:
    def acted():
        with transaction():
            return act()

    return acted


def killed(act: Callable[[], object], seconds: float) -> bool:
    """Whether a process of its own died of the alarm while it acted; it shares no connection with us."""
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        signal.setitimer(signal.ITIMER_REAL, seconds)  # nobody listens to it: the process dies where it stands
        act()
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def batches() -> dict[int, BatchState]:
    db.session.rollback()
    return dict(db.session.execute(db.select(ImportBatch.id, ImportBatch.state)).all())


def run(times: int) -> dict[str, int]:
    shop_id = factories.shop(factories.person(), "taobao").id
    first, later = reading(FIRST, NOW), reading(LATER, NOW)
    chance, deaths, takes = random.Random(7), dict.fromkeys(("preview", "commit", "undo"), 0), {}
    state: dict[str, int] = {}

    def stage():
        return sales.preview(shop_id, "later.csv", later, by=BY, at=NOW + timedelta(hours=1)).id

    def commit():
        return sales.commit(state["batch"], by=BY, at=NOW + timedelta(hours=1))

    def undo():
        return sales.undo(state["batch"], by=BY, at=NOW + timedelta(hours=2))

    with transaction():
        begun = sales.preview(shop_id, "first.csv", first, by=BY, at=NOW).id
    with transaction():
        sales.commit(begun, by=BY, at=NOW)
    empty, expected = lines(), {}
    for act, name in ((stage, "preview"), (commit, "commit"), (undo, "undo")):  # undisturbed, to know how long it takes
        began = perf_counter()
        answer = act_in(act)()
        takes[name] = perf_counter() - began
        state["batch"] = answer if name == "preview" else state["batch"]
        expected[name] = lines()
    assert expected["undo"] == expected["preview"] == empty != expected["commit"]
    for _ in range(times):
        before = batches()
        deaths["preview"] += killed(act_in(stage), takes["preview"] * chance.uniform(0.05, 1.1))
        for left in batches().keys() - before.keys():
            assert staged(left) == (ORDERS, 1), "a preview is whole or is not there"
        assert lines() == empty
        state["batch"] = act_in(stage)()
        assert staged(state["batch"]) == (ORDERS, 1)
        for act, name, was, done in (
            (commit, "commit", BatchState.PREVIEWED, BatchState.COMMITTED),
            (undo, "undo", BatchState.COMMITTED, BatchState.UNDONE),
        ):
            earlier = lines()
            deaths[name] += killed(act_in(act), takes[name] * chance.uniform(0.05, 1.1))
            standing = batches()[state["batch"]]
            assert standing in (was, done)
            assert lines() == (earlier if standing is was else expected[name]), "all of it or nothing"
            act_in(act)()
            assert lines() == expected[name]
    return deaths


if __name__ == "__main__":
    uri, keys, instance, times = sys.argv[1:]
    settings = {"MODE": "testing", "SQLALCHEMY_DATABASE_URI": uri, "FIELD_KEYS": keys, "INSTANCE_PATH": instance}
    app = create_app(settings | {"SECRET_KEY": "x" * 60})
    with app.app_context():
        sys.stdout.write(f"{run(int(times))}\n")
