"""Sales at unlucky moments: what is written of a woman while she is erased, and what is left of it."""

from contextlib import contextmanager

import pytest

from tests import factories
from tests.factories import YUNZHOU
from tests.jobs.test_read_sales import hand_in, named, states
from tests.races import overlap
from tests.sales_files import reading
from tests.services.test_sales import NOW, order, orders_file, preview
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM, Role
from trainer.domain.background_task import TaskState
from trainer.domain.sales_entry import Typed
from trainer.errors import NotFound
from trainer.jobs import worker
from trainer.models import BackgroundTask, ImportBatch, OrderLine, OrderLineVersion, SalesEntry, SalesUpload, StoredFile
from trainer.services import sales
from trainer.services import sales_entry as entries
from trainer.services import sales_upload as uploads
from trainer.services.erasure import erase_person
from trainer.services.picture_look import look_at
from trainer.services.sales_entry_picture import Picture

pytestmark = pytest.mark.postgresql


@pytest.fixture
def staff(app):
    return factories.account(Role.COHORT_STAFF, region=YUNZHOU)


@pytest.fixture
def shop(app):
    return factories.shop(factories.person(), "taobao", "秀芳土特产")


def commit(shop, staff):
    batch_id = preview(shop, orders_file(order(1))).id
    return lambda: sales.commit(batch_id, is_of_shop=True, by=SYSTEM, at=NOW)


def look(shop, staff):
    shop_id, read = shop.id, reading(orders_file(order(1)), NOW)
    return lambda: sales.preview(shop_id, "王秀芳.csv", read, by=SYSTEM, at=NOW)


def send(shop, staff):
    shop_id, by = shop.id, factories.actor_of(staff)
    arrived = uploads.receive(shop_id, [("王秀芳.csv", b"a,b,c\n1,2,3\n")], count=1)
    return lambda: uploads.hand_in(shop_id, arrived, by=by, at=NOW)


def type_in(shop, staff):
    shop_id, typed, content = shop.id, Typed(started_at=NOW, gmv_fen=100), factories.screen()
    picture = Picture(content, look_at(content))
    return lambda: entries.begin(shop_id, typed, nonce="n1", picture=picture, keep_years=3, by=SYSTEM, at=NOW)


@pytest.mark.parametrize("erased_first", [True, False])
@pytest.mark.parametrize("writing", [commit, look, send, type_in])
def test_nothing_is_written_of_her_beside_her_erasure(app, shop, staff, writing, erased_first):
    person_id = shop.person_id
    acts = [writing(shop, staff), lambda: erase_person(person_id, why="request", by=SYSTEM, at=clock.now())]
    results = overlap(app, *(reversed(acts) if erased_first else acts))
    assert isinstance(results[1], NotFound) is erased_first, results
    for table in (ImportBatch, OrderLineVersion, SalesUpload, StoredFile):
        assert db.session.scalars(db.select(table)).all() == []
    assert {line.product for line in db.session.scalars(db.select(OrderLine))} <= {""}
    assert {entry.picture_hash for entry in db.session.scalars(db.select(SalesEntry))} <= {None}


def test_one_erased_while_her_file_is_read_does_not_stop_the_others(app, shop, staff, monkeypatch):
    factories.shop(factories.person("李梅"), "taobao", "李梅杂粮")
    hand_in(shop, staff, orders_file(order(1)))
    bundle = db.session.scalar(db.select(SalesUpload.bundle))
    hand_in(None, staff, named("李梅杂粮", 2))
    with transaction():  # both in one bundle and one task
        db.session.execute(db.update(SalesUpload).values(bundle=bundle, task_id=1))
    read, person_id = uploads.reading, shop.person_id

    @contextmanager
    def erased_meanwhile(*args, **options):
        with read(*args, **options) as found:
            with transaction():
                erase_person(person_id, why="request", by=SYSTEM, at=clock.now())
            yield found

    monkeypatch.setattr(uploads, "reading", erased_meanwhile)
    assert worker.run_next(app)
    assert (states(), db.session.get(BackgroundTask, 1).state) == (["read"], TaskState.DONE)
