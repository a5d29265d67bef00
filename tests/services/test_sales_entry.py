"""Typed broadcasts: kept, handed in, checked by a second person, taken over by a file and given back, the same picture twice."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from tests import factories
from tests.factories import AT
from tests.races import overlap
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM, Role
from trainer.domain.imports import BatchState, ImportKind
from trainer.domain.sales_entry import EntryState, Typed
from trainer.domain.sales_period import PeriodStage
from trainer.errors import Conflict, NotFound
from trainer.models import AuditEvent, Delivery, ImportBatch, Livestream, PictureTwin, SalesEntry, Shop, StoredFile
from trainer.queries.sales_entry import list_similar_pairs, list_twins
from trainer.services import sales_entry as entries
from trainer.services.picture_look import look_at
from trainer.services.sales_entry_file import give_back, take_over
from trainer.services.sales_entry_picture import Picture

pytestmark = pytest.mark.sqlite_is_enough

EVENING = AT - timedelta(hours=14)
LIMIT = 10**9
STATE = EntryState


@pytest.fixture
def she(cohort):
    return factories.actor_of(factories.trainee(cohort)[1])


@pytest.fixture
def shop(she):
    return factories.shop(db.session.get(factories.Person, she.person_id))


@pytest.fixture
def checker(app):
    return factories.actor(Role.COHORT_STAFF, region=factories.DATONG)


def picture_of(content: bytes) -> Picture:
    return Picture(content, look_at(content))


def typed(**values) -> Typed:
    facts = {"started_at": EVENING, "duration_s": 5400, "viewers": 300, "orders": 12, "gmv_fen": 58_800}
    return Typed(**facts | values)


def begin(shop, by, nonce="n1", picture=None, **values) -> int:
    with transaction():
        return entries.begin(shop.id, typed(**values), nonce=nonce, picture=picture, keep_years=3, by=by, at=AT)


def submit(entry_id, by):
    with transaction():
        entries.submit(entry_id, by=by, at=AT)


def entry(entry_id) -> SalesEntry:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get(SalesEntry, entry_id)


def accept(entry_id, by, retyped=None, limit=LIMIT, seen=None):
    seen = seen or entry(entry_id).version
    with transaction():
        return entries.accept(entry_id, seen=seen, retyped_fen=retyped, retype_from_fen=limit, by=by, at=AT)


def turn_back(entry_id, by, reason="图上是 388 元"):
    with transaction():
        entries.turn_back(entry_id, reason, seen=db.session.get(SalesEntry, entry_id).version, by=by, at=AT)


def broadcasts() -> list[tuple[str, int, int | None]]:
    db.session.rollback()
    db.session.expire_all()
    rows = db.session.execute(
        db.select(Livestream.natural_key, Livestream.trust, Livestream.gmv_fen).order_by(Livestream.id)
    )
    return [tuple(row) for row in rows]


@pytest.fixture(autouse=True)
def _nobody_is_drawn(monkeypatch):
    monkeypatch.setattr(entries, "wants_retyping", lambda _id, fen, limit: fen >= limit)


def test_a_draft_takes_anything_and_a_double_click_makes_one(shop, she):
    first = begin(shop, she, started_at=None, gmv_fen=None)
    assert begin(shop, she, orders=13) == first
    assert (entry(first).state, entry(first).orders, broadcasts()) == (STATE.DRAFT, 13, [])
    with pytest.raises(entries.EntryUnfit) as refused:
        submit(first, she)
    assert refused.value.code == "sales_entry_no_picture"
    other = factories.shop(factories.person())
    with pytest.raises(Conflict):
        begin(other, she)


def test_the_way_of_an_entry(shop, she, checker):
    key = f"shop:{shop.id}/start:{EVENING:%Y-%m-%dT%H:%MZ}"
    first = begin(shop, she, picture=picture_of(factories.screen()), rounded=("viewers",))
    submit(first, she)
    submit(first, she)  # a second click
    assert broadcasts() == [(key, 0, 58_800)]
    assert db.session.scalar(db.select(Livestream.viewers_exact)) is False
    assert accept(first, checker) is STATE.CHECKED
    assert broadcasts() == [(key, 1, 58_800)]
    turn_back(first, checker)  # a mistake seen later
    row = entry(first)
    assert (row.state, row.answer, row.checked_by, broadcasts()) == (
        STATE.RETURNED,
        "图上是 388 元",
        checker.account_id,
        [],
    )
    assert (
        db.session.scalar(db.select(db.func.count()).select_from(Delivery).where(Delivery.person_id == she.person_id))
        == 1
    )
    with transaction():
        facts = {"seen": row.version, "keep_years": 3, "by": she, "at": AT}
        entries.change(first, typed(gmv_fen=38_800), **facts)
    submit(first, she)
    assert (entry(first).answer, entry(first).checked_by, broadcasts()) == (None, None, [(key, 0, 38_800)])
    with transaction():
        entries.take_back(first, by=she, at=AT)
    assert (entry(first).state, broadcasts()) == (STATE.TAKEN_BACK, [])
    done = list(
        db.session.scalars(
            db.select(AuditEvent.action).where(AuditEvent.object_type == "sales_entry").order_by(AuditEvent.seq)
        )
    )
    assert done == [
        f"sales_entry.{verb}" for verb in ("begin", "submit", "accept", "return", "change", "submit", "take_back")
    ]
    assert db.session.get(Shop, shop.id).changed_at == AT


def test_a_draft_thrown_away_leaves_nothing(shop, she):
    first = begin(shop, she, picture=picture_of(factories.screen()))
    begin(shop, she, picture=picture_of(factories.screen(1)))
    assert db.session.scalar(db.select(db.func.count()).select_from(StoredFile)) == 1
    with transaction():
        entries.take_back(first, by=she, at=AT)
    assert entry(first) is None
    assert db.session.scalar(db.select(db.func.count()).select_from(StoredFile)) == 0


def test_who_may_check(shop, she, checker):
    colleague = factories.actor(Role.COHORT_STAFF, region=factories.DATONG)
    first = begin(shop, checker, picture=picture_of(factories.screen()))
    with pytest.raises(NotFound):
        submit(first, colleague)
    submit(first, she)
    for one in (checker, she):
        with pytest.raises(entries.OwnEntryToCheck):
            accept(first, one)
    with pytest.raises(entries.EntryReasonMissing):
        turn_back(first, colleague, "")
    with pytest.raises(NotFound), transaction():
        entries.take_back(first, by=colleague, at=AT)
    accept(first, colleague)
    with pytest.raises(entries.EntryMoved), transaction():
        entries.take_back(first, by=she, at=AT)


def test_a_large_amount_is_read_twice(shop, checker):
    first = factories.sales_entry(shop)
    with pytest.raises(entries.AmountNotRetyped):
        accept(first, checker, limit=58_800)
    assert accept(first, checker, retyped=85_800, limit=58_800) is STATE.RETURNED
    assert (entry(first).retyped_fen, entry(first).answer, broadcasts()) == (85_800, None, [])
    again = factories.sales_entry(shop)
    assert accept(again, checker, retyped=58_800, limit=58_800) is STATE.CHECKED


def test_one_broadcast_is_not_typed_twice_nor_beside_a_file(shop, she):
    factories.sales_entry(shop)
    again = begin(shop, she, picture=picture_of(factories.screen()), started_at=EVENING + timedelta(minutes=9))
    with pytest.raises(entries.EntryKnown) as refused:
        submit(again, she)
    assert refused.value.code == "sales_entry_typed_before"
    with transaction():
        db.session.execute(db.update(Livestream).values(batch_id=batch(shop)))
    with pytest.raises(entries.EntryKnown) as refused:
        submit(again, she)
    assert refused.value.code == "sales_entry_in_file"
    assert len(broadcasts()) == 1


def test_a_locked_month_takes_nothing(shop, checker):
    first = factories.sales_entry(shop)
    factories.sales_period(month=EVENING.date().replace(day=1), stage=PeriodStage.COUNTY)
    for act in (lambda: accept(first, checker), lambda: turn_back(first, checker)):
        with pytest.raises(entries.EntryMonthLocked):
            act()
    again = factories.shop(db.session.get(factories.Person, shop.person_id), name="二店")
    with pytest.raises(entries.EntryMonthLocked):
        factories.sales_entry(again)


def test_two_checkers_at_once(app, shop, checker):
    first, colleague = factories.sales_entry(shop), factories.actor(Role.MANAGER, region=factories.DATONG)
    seen = entry(first).version

    def act(by):
        return lambda: entries.accept(first, seen=seen, retyped_fen=None, retype_from_fen=LIMIT, by=by, at=AT)

    done, refused = overlap(app, act(checker), act(colleague))
    assert (done, type(refused)) == (STATE.CHECKED, entries.EntryMoved)
    assert len(broadcasts()) == 1


def test_two_handing_in_the_same_broadcast_at_once(app, shop, she):
    pictures = [picture_of(factories.screen(n)) for n in (1, 2)]
    first, second = (begin(shop, she, nonce=f"n{n}", picture=picture) for n, picture in enumerate(pictures))
    acts = [lambda id_=id_: entries.submit(id_, by=she, at=AT) for id_ in (first, second)]
    _done, refused = overlap(app, *acts)
    assert (type(refused), len(broadcasts())) == (entries.EntryKnown, 1)


def batch(shop) -> int:
    row = ImportBatch(kind=ImportKind.SALES, shop_id=shop.id, filename="直播.xlsx", sha256="0" * 64, created_at=AT)
    row.state, row.summary = BatchState.COMMITTED, {}
    db.session.add(row)
    db.session.flush()
    return row.id


def said(minutes: int, key: str, **values):
    facts = {"natural_key": key, "started_at": EVENING + timedelta(minutes=minutes), "gmv_fen": 60_000, "trust": 2}
    return facts | {"title": "晚场", "viewers": 321, "duration_s": 5000} | values


@pytest.mark.parametrize("is_checked", [True, False])
def test_a_file_takes_over_and_gives_back(shop, checker, is_checked):
    first = factories.sales_entry(shop)
    if is_checked:
        accept(first, checker)
    typed_key, trust, _fen = broadcasts()[0]
    with transaction():
        number = batch(shop)
        taken = take_over(shop.id, [said(3, "live-1"), said(45, "live-2")], batch_id=number, at=AT)
    row = entry(first)
    assert taken == {"live-1": row.livestream_id}
    assert (row.state, row.replaced_at, row.gmv_fen, broadcasts()) == (
        STATE.REPLACED,
        AT,
        58_800,
        [("live-1", 2, 60_000)],
    )
    live = db.session.get(Livestream, row.livestream_id)
    assert (live.title, live.viewers, live.orders, live.batch_id) == ("晚场", 321, None, number)
    with transaction():
        assert give_back([row.livestream_id, 999]) == {row.livestream_id}
    row, live = entry(first), db.session.get(Livestream, row.livestream_id)
    assert (row.state, row.replaced_at) == (STATE.CHECKED if is_checked else STATE.SUBMITTED, None)
    assert (live.natural_key, live.trust, live.title, live.viewers, live.batch_id) == (typed_key, trust, "", 300, None)


def test_taking_over_costs_the_same_for_many(shop, count_statements):
    for number in range(3):
        factories.sales_entry(shop, started_at=EVENING - timedelta(days=number))
    with transaction():
        number, new = batch(shop), [said(-n * 1440, f"live-{n}") for n in range(3)]
        with count_statements() as counted:
            assert len(take_over(shop.id, new, batch_id=number, at=AT)) == 3
    assert len(counted) == 3


def resaved(content: bytes, *, scale: float = 1, cut: float = 0) -> bytes:
    with Image.open(io.BytesIO(content)) as opened:
        width, height = opened.size
        cropped = opened.crop(
            (round(width * cut), round(height * cut), width - round(width * cut), height - round(height * cut))
        )
        smaller, out = cropped.resize((round(cropped.width * scale), round(cropped.height * scale))), io.BytesIO()
    smaller.save(out, "JPEG", quality=50)
    return out.getvalue()


@pytest.mark.parametrize(("scale", "cut"), [(1, 0), (0.6, 0), (1, 0.01)])
def test_the_same_picture_is_found_in_another_county(shop, checker, scale, cut):
    away = factories.shop(factories.person(region=factories.LINFEN), platform="douyin")
    content = factories.screen(5)
    first = factories.sales_entry(shop, content=content)
    for seed in (6, 7, 8):
        factories.sales_entry(factories.shop(factories.person(), name=f"店{seed}"), content=factories.screen(seed))
    second = factories.sales_entry(away, content=resaved(content, scale=scale, cut=cut))
    [twin] = list_twins(checker, first)
    assert (twin.id, twin.within_reach, twin.name) == (second, False, None)
    [pair] = list_similar_pairs(away.id)
    assert (pair.entry_id, pair.other_id, pair.other_shop) == (second, first, shop.id)


def test_what_was_returned_may_come_again_with_its_picture(shop, checker):
    content = factories.screen(5)
    turn_back(factories.sales_entry(shop, content=content), checker)
    factories.sales_entry(shop, content=content)
    assert db.session.scalar(db.select(db.func.count()).select_from(PictureTwin)) == 1
    assert list_similar_pairs(shop.id) == []
    factories.sales_entry(shop, content=content, started_at=EVENING - timedelta(days=1), by=SYSTEM)
    assert len(list_similar_pairs(shop.id)) == 2
