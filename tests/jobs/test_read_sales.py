"""Sales files handed in together: read beside the pages, each to its end, and nothing kept that need not be."""

import pytest

from tests import factories
from tests.factories import AT, LINFEN, YUNZHOU
from tests.platforms.makers import as_csv
from tests.services.test_sales import HEADINGS, order, orders_file, take_in
from trainer import clock, storage
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.sales_upload import KEPT_FOR, UploadState
from trainer.jobs import worker
from trainer.models import AuditEvent, BackgroundTask, ImportBatch, SalesUpload, StoredFile
from trainer.services import reading_room, retention
from trainer.services import sales_upload as uploads
from trainer.services.erasure import erase_person
from trainer.services.file import delete_files

pytestmark = pytest.mark.postgresql
UNKNOWN = as_csv([("单子", "货名", "到手价", "成交时刻"), ("A1", "小米", "10.00", "2026-03-20 10:00:00")])
PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 50


def named(account: str, *numbers: int) -> bytes:
    """Orders of a file that says whose it is."""
    return as_csv([(*HEADINGS, "店铺名称"), *((*order(number), account) for number in numbers)])


@pytest.fixture
def staff(app):
    return factories.account(Role.COHORT_STAFF, region=YUNZHOU)


@pytest.fixture
def shop(app):
    return factories.shop(factories.person(), "taobao", "秀芳土特产")


def hand_in(shop, staff, *files: bytes) -> str:
    shop_id = shop.id if shop else None
    arrived = uploads.receive(shop_id, ((f"{n}.csv", content) for n, content in enumerate(files)), count=len(files))
    with transaction():
        return uploads.hand_in(shop_id, arrived, by=factories.actor_of(staff), at=clock.now())


def rows() -> list[SalesUpload]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(db.select(SalesUpload).order_by(SalesUpload.id)))


def states() -> list[str]:
    return [row.state.value for row in rows()]


def test_every_file_comes_to_its_own_end_and_only_what_waits_for_a_person_is_kept(app, shop, staff):
    first = orders_file(order(1))
    hand_in(shop, staff, first, UNKNOWN, PICTURE, first, orders_file(order(2), order(3)))
    assert states() == ["waiting"] * 4
    assert len(list(storage.names())) == 4
    assert worker.run_next(app)
    assert states() == ["read", "to_map", "refused", "read"]
    read, to_map, refused, _other = rows()
    assert db.session.get(ImportBatch, read.batch_id).summary["counts"]["new"] == 1
    assert refused.problem == {"code": "picture", "values": {}}
    assert [row.file_id for row in rows() if row is not to_map] == [None] * 3
    kept = db.session.scalars(db.select(StoredFile)).one()
    assert (kept.id, kept.person_id, kept.expires_at) == (to_map.file_id, shop.person_id, kept.created_at + KEPT_FOR)
    assert list(storage.names()) == [kept.stored_as]
    assert db.session.get(BackgroundTask, 1).outcome == "sales_files_read"
    assert "到手价" not in str([event.details for event in db.session.scalars(db.select(AuditEvent))])


def test_a_file_known_already_is_told_so_before_it_is_read_or_kept(app, shop, staff):
    content = orders_file(order(1))
    take_in(shop, content, at=AT)
    hand_in(shop, staff, content)
    [row] = rows()
    assert (row.state, row.problem["code"], row.file_id) == (UploadState.REFUSED, "sales_file_known", None)
    assert not list(storage.names())
    assert db.session.scalar(db.select(db.func.count(BackgroundTask.id))) == 0


def test_a_killed_reading_is_begun_anew(app, shop, staff):
    hand_in(shop, staff, orders_file(order(1)), orders_file(order(2)))
    with transaction():
        assert uploads.begin(1)
    assert worker.run_next(app)
    assert states() == ["read", "read"]
    assert db.session.scalar(db.select(db.func.count(ImportBatch.id))) == 2


def test_busy_readers_are_waited_for_and_a_fault_of_ours_spoils_one_file_only(app, shop, staff, monkeypatch):
    answers = iter([reading_room.ReadersBusy(), None, RuntimeError("broken"), None])
    keep = uploads.reading

    def now_and_then(*args, **options):
        if (answer := next(answers)) is not None:
            raise answer
        return keep(*args, **options)

    monkeypatch.setattr(uploads, "reading", now_and_then)
    hand_in(shop, staff, *(orders_file(order(number)) for number in (1, 2, 3)))
    assert worker.run_next(app)
    assert states() == ["read", "refused", "read"]
    assert rows()[1].problem["code"] == "sales_reading_broke"


def test_files_of_several_women_find_their_shops_and_the_rest_are_asked_about(app, shop, staff):
    factories.shop(factories.person("李梅"), "taobao", "李梅杂粮", account_uid="tb-77")
    factories.shop(factories.person("赵兰", region=LINFEN), "taobao", "临汾的店")
    hand_in(
        None, staff, named("秀芳土特产", 1), named("tb-77", 2), named("临汾的店", 3), orders_file(order(4)), UNKNOWN
    )
    assert worker.run_next(app)
    assert states() == ["read", "read", "to_assign", "to_assign", "to_assign"]
    assert [row.shop_id for row in rows()][:4] == [1, 2, None, None]
    assert rows()[2].problem["accounts"] == ["临汾的店"]
    with transaction():
        uploads.assign(4, shop.id, by=factories.actor_of(staff), at=clock.now())
    assert worker.run_next(app)
    assert rows()[3].state is UploadState.READ
    with transaction(), pytest.raises(uploads.UploadClosed):
        uploads.assign(4, shop.id, by=factories.actor_of(staff), at=clock.now())


def test_a_shop_that_left_her_reach_is_not_read_for_her(app, shop, staff):
    hand_in(shop, staff, orders_file(order(1)))
    with transaction() as session:
        session.get(type(shop), shop.id).person.region_code = LINFEN
    assert worker.run_next(app)
    [row] = rows()
    assert (row.state, row.problem["code"], row.file_id) == (UploadState.REFUSED, "task_owner_may_not", None)


def test_given_up_or_left_alone_the_content_goes(app, shop, staff):
    hand_in(shop, staff, UNKNOWN, UNKNOWN + b"\n")
    worker.run_next(app)
    with transaction():
        gone = uploads.give_up(1, by=factories.actor_of(staff), at=clock.now())
    delete_files(gone)
    assert len(list(storage.names())) == 1
    later = clock.now() + KEPT_FOR
    with transaction():
        purged = retention.purge(retention.Kept.SALES_FILES, before=later, at=later)
    assert (purged.count, list(storage.names())) == (1, list(purged.files))
    assert states() == ["given_up", "given_up"]
    assert rows()[1].problem["code"] == "sales_file_expired"
    with transaction():
        assert retention.purge(retention.Kept.UPLOADS, before=later, at=later).count == 2


def test_more_than_twenty_are_too_many(app, shop):
    with pytest.raises(uploads.TooManyFiles):
        uploads.receive(shop.id, iter(()), count=21)


def test_erasing_her_takes_the_file_that_waits(app, shop, staff):
    hand_in(shop, staff, UNKNOWN)
    worker.run_next(app)
    with transaction():
        erased = erase_person(shop.person_id, why="asked", by=factories.actor_of(staff), at=clock.now())
    assert (rows(), list(erased.files)) == ([], list(storage.names()))
