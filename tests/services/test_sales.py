"""Taking a platform's file in: what it writes, what it refuses, what undoing leaves."""

from dataclasses import asdict
from datetime import timedelta

import pytest

from tests import factories
from tests.factories import AT
from tests.platforms.makers import as_csv, sample
from tests.sales_files import reading
from trainer.database import db, transaction
from trainer.domain.days import CHINA
from trainer.domain.imports import BatchState, RowAction
from trainer.errors import NotFound, UnreadableFile
from trainer.models import AuditEvent, ImportBatch, ImportRow, Livestream, OrderLine, OrderLineVersion, Settlement
from trainer.services import sales

pytestmark = pytest.mark.postgresql

KUAISHOU = "kuaishou_live_sessions_SYNTHETIC.xlsx"
DOUYIN_ORDERS = "douyin_orders_SYNTHETIC_tabids.csv"
NOW = AT + timedelta(days=60)
BY = factories.Actor(None, "tests")

HEADINGS = (
    "订单编号",
    "买家应付货款",
    "买家应付邮费",
    "买家实付金额",
    "订单状态",
    "订单创建时间",
    "订单付款时间",
    "商品标题",
    "退款金额",
    "确认收货打款金额",
)
PAID, SHIPPED, DONE, CLOSED = "买家已付款,等待卖家发货", "卖家已发货，等待买家确认", "交易成功", "交易关闭"


def order(
    number, *, paid="100.00", state=DONE, refund="0.00", settled="0.00", day="2026-03-20 10:00:00", title="沁州黄小米"
):
    return (f"26030000000000{number:04d}", paid, "0.00", paid, state, day, day, title, refund, settled)


def orders_file(*orders) -> bytes:
    return as_csv([HEADINGS, *orders])


def preview(shop, content: bytes, *, at=NOW, filename="orders.csv"):
    read = reading(content, at)
    with transaction():
        return sales.preview(shop.id, filename, read, by=BY, at=at)


def commit(batch, *, at=NOW, **options):
    with transaction():
        return sales.commit(batch.id, by=BY, at=at, **{"is_of_shop": True, **options})


def take_in(shop, content: bytes, *, at=NOW, **options):
    return commit(preview(shop, content, at=at), at=at, **options)


def undo(batch, *, at=NOW):
    with transaction():
        return sales.undo(batch.id, by=BY, at=at)


def counts(batch) -> dict[str, int]:
    return {name: count for name, count in batch.summary["counts"].items() if count}


def lines() -> dict[str, OrderLine]:
    db.session.rollback()
    return {row.order_key[-4:]: row for row in db.session.scalars(db.select(OrderLine))}


@pytest.fixture
def taobao(app):
    return factories.shop(factories.person(), "taobao", "秀芳杂粮")


def test_a_broadcast_list_is_previewed_then_written(app):
    shop = factories.shop(factories.person(), "kuaishou")
    batch = preview(shop, sample(KUAISHOU))
    assert counts(batch) == {"new": 6}
    assert batch.summary["totals"]["gmv_fen"] == 1778050
    assert db.session.scalar(db.select(db.func.count(Livestream.id))) == 0
    commit(batch)
    rows = db.session.scalars(db.select(Livestream)).all()
    assert sum(row.gmv_fen for row in rows) == 1778050
    assert sum(row.refund_fen or 0 for row in rows) == 143940
    assert {row.refund_basis for row in rows if row.refund_fen is not None} == {"refund_day"}
    assert {(row.trust, row.batch_id, row.shop_id) for row in rows} == {(2, batch.id, shop.id)}
    assert [e.action for e in db.session.scalars(db.select(AuditEvent))] == ["sales.preview", "sales.import"]


def test_orders_are_trusted_by_their_age(taobao):
    fresh = (NOW - timedelta(days=29)).astimezone(CHINA)
    take_in(
        taobao,
        orders_file(
            order(1, day="2026-03-20 10:00:00"),
            order(2, day=f"{fresh:%Y-%m-%d %H:%M:%S}", state=SHIPPED),
            order(3, day=f"{fresh:%Y-%m-%d %H:%M:%S}", settled="95.00"),
        ),
    )
    assert {key: row.trust for key, row in lines().items()} == {"0001": 3, "0002": 2, "0003": 3}


def test_the_same_file_twice_changes_nothing(taobao):
    content = orders_file(order(1), order(2))
    first = take_in(taobao, content)
    with pytest.raises(sales.AlreadyImported) as refused:
        preview(taobao, content)
    assert refused.value.values == {"batch": first.id, "on": "2026-05-09 09:00"}
    assert db.session.scalar(db.select(db.func.count(ImportBatch.id))) == 1


def test_the_same_rows_in_another_file_are_unchanged(taobao):
    take_in(taobao, orders_file(order(1), order(2)))
    again = preview(taobao, orders_file(order(2), order(1)))
    assert counts(again) == {"same": 2}
    with pytest.raises(sales.NothingToTakeIn):
        commit(again)
    assert db.session.get(ImportBatch, again.id).state is BatchState.PREVIEWED


def test_a_refund_that_came_later_is_taken_from_the_newer_file(taobao):
    take_in(taobao, orders_file(order(1, state=SHIPPED), order(2)))
    batch = take_in(taobao, orders_file(order(1, state=DONE, refund="30.00"), order(2), order(3)))
    assert counts(batch) == {"new": 1, "update": 1, "same": 1}
    changed = lines()["0001"]
    assert (changed.refunded_fen, changed.status, changed.batch_id) == (3000, "settled", batch.id)
    assert lines()["0002"].batch_id != batch.id


def test_an_older_export_does_not_overwrite_a_newer_one(taobao):
    take_in(taobao, orders_file(order(1, state=DONE, refund="30.00")))
    batch = preview(taobao, orders_file(order(1, state=SHIPPED), order(2)))
    assert counts(batch) == {"new": 1, "same": 1}
    commit(batch)
    assert (lines()["0001"].refunded_fen, lines()["0001"].status) == (3000, "settled")


def test_where_nothing_tells_which_is_newer_a_person_is_asked(taobao):
    take_in(taobao, orders_file(order(1), order(2)))
    content = orders_file(order(1, paid="90.00"), order(3))
    batch = preview(taobao, content)
    assert counts(batch) == {"new": 1, "needs_person": 1}
    commit(batch)
    assert lines()["0001"].paid_fen == 10000
    undo(batch)
    take_in(taobao, content, take_unclear=True)
    assert lines()["0001"].paid_fen == 9000


def test_undoing_puts_back_and_deletes(taobao):
    take_in(taobao, orders_file(order(1, state=SHIPPED), order(2)))
    before = {key: (row.status, row.refunded_fen, row.batch_id) for key, row in lines().items()}
    content = orders_file(order(1, refund="30.00"), order(3))
    batch = take_in(taobao, content)
    undone = undo(batch)
    assert {key: (row.status, row.refunded_fen, row.batch_id) for key, row in lines().items()} == before
    assert undone.state is BatchState.UNDONE
    assert undone.summary["undo"] == {"restored": 1, "deleted": 1, "kept": []}
    assert undo(batch).summary["undo"]["deleted"] == 1  # a second click changes nothing
    assert counts(take_in(taobao, content)) == {"new": 1, "update": 1}
    assert lines()["0001"].refunded_fen == 3000


def test_undoing_leaves_what_a_later_file_changed(taobao):
    first = take_in(taobao, orders_file(order(1, state=SHIPPED), order(2)), at=NOW)
    second = take_in(taobao, orders_file(order(1, refund="30.00")), at=NOW + timedelta(hours=1))
    undone = undo(first)
    assert undone.summary["undo"] == {"restored": 0, "deleted": 1, "kept": [2]}
    assert lines().keys() == {"0001"}
    assert lines()["0001"].refunded_fen == 3000
    undo(second)  # no file that still stands holds the order
    assert lines() == {}


def test_undoing_leaves_what_another_standing_file_says(taobao):
    first = take_in(taobao, orders_file(order(1, state=SHIPPED)), at=NOW)
    second = take_in(taobao, orders_file(order(1, refund="30.00")), at=NOW + timedelta(hours=1))
    undo(first)
    third = take_in(taobao, orders_file(order(1, state=SHIPPED), order(2)), at=NOW + timedelta(hours=2))
    undo(second)
    assert (lines()["0001"].refunded_fen, lines()["0001"].status, lines()["0001"].batch_id) == (0, "shipped", third.id)


def test_undoing_goes_back_to_what_was_known_before_any_file(taobao):
    take_in(taobao, orders_file(order(1, state=SHIPPED)))
    with transaction() as session:  # a row that no file brought
        session.execute(db.update(OrderLine).values(batch_id=None))
        session.execute(db.delete(OrderLineVersion))
        session.execute(db.delete(ImportBatch))
    take_in(taobao, orders_file(order(1, state=SHIPPED), order(2)))
    undo(take_in(taobao, orders_file(order(1, refund="30.00"))))
    known = lines()["0001"]
    assert (known.status, known.refunded_fen, known.batch_id) == ("shipped", 0, None)


def test_a_row_of_another_shop_is_a_conflict(taobao):
    take_in(taobao, orders_file(order(1)))
    other = factories.shop(factories.person("李梅"), "taobao", "李梅家")
    batch = preview(other, orders_file(order(1), order(2)))
    assert counts(batch) == {"new": 1, "conflict": 1}
    commit(batch)
    assert {key: row.shop_id for key, row in lines().items()} == {"0001": taobao.id, "0002": other.id}


def test_broadcasts_without_ids_of_two_shops_do_not_meet(app):
    header = ("开播时间", "直播标题", "直播时长", "累计观众数", "累计订单数", "累计成交金额(元)", "退款金额(退款日)")
    content = as_csv([header, ("2026-03-01 19:00", "晚场", "1小时", "100", "3", "90.00", "0")])
    for name in ("王秀芳", "李梅"):
        batch = take_in(factories.shop(factories.person(name), "kuaishou"), content)
        assert counts(batch) == {"new": 1}


def broadcasts(*days: int, numbered: bool) -> bytes:
    """A list of evenings, named by their number or by their minute alone."""
    header = ("直播ID", "开播时间", "直播标题", "直播时长", "累计观众数", "累计订单数", "累计成交金额(元)")
    rows = [(f"8800{day}", f"2026-03-0{day} 19:00:2{day}", "晚场", "1小时", "100", "3", "90.00") for day in days]
    return as_csv([row if numbered else row[1:] for row in (header, *rows)])


@pytest.mark.parametrize("numbered", [True, False])
def test_a_broadcast_named_by_its_number_and_by_its_minute_counts_once(app, numbered):
    shop = factories.shop(factories.person(), "kuaishou")
    begun = take_in(shop, broadcasts(1, numbered=numbered))
    with pytest.raises(sales.NothingToTakeIn):
        take_in(shop, broadcasts(1, numbered=not numbered))
    assert counts(take_in(shop, broadcasts(1, 2, numbered=not numbered))) == {"new": 1, "same": 1}
    undo(begun)  # the file that stands says so too
    assert db.session.scalars(db.select(Livestream.gmv_fen)).all() == [9000, 9000]


def test_a_hosts_file_is_not_taken_in_for_goods_of_her_own(app):
    content = sample("douyin_affiliate_SYNTHETIC.csv")
    with pytest.raises(sales.HostsFile):
        preview(factories.shop(factories.person(), "douyin"), content)
    preview(factories.shop(factories.person("李梅"), "douyin", "李梅带货", role="host"), content)


def test_years_are_asked_for_and_answered(app):
    shop = factories.shop(factories.person(), "wechat_channels")
    batch = preview(shop, sample("wechat_channels_live_SYNTHETIC.csv"))
    assert counts(batch) == {"needs_person": 5}
    with pytest.raises(sales.YearOpen):
        commit(batch)
    with transaction():
        sales.settle_year(batch.id, 1, by=BY, at=NOW)
    commit(batch)
    years = {row.started_at.astimezone(CHINA).year for row in db.session.scalars(db.select(Livestream))}
    assert years == {2025}
    assert db.session.scalar(db.select(db.func.sum(Livestream.gmv_fen))) == 861720


def test_refused_and_repeated_rows_are_kept_with_their_reasons(taobao):
    batch = preview(taobao, orders_file(order(1), order(1), order(2, paid="很多"), order(3)))
    assert counts(batch) == {"new": 2, "rejected": 1, "duplicate": 1}
    rows = {row.row_number: row for row in db.session.scalars(db.select(ImportRow))}
    assert rows[3].action is RowAction.DUPLICATE
    assert rows[4].problems[0][1] == "bad_money"
    assert commit(batch).summary["counts"]["rejected"] == 1


def test_a_file_of_another_platform_is_refused(app):
    shop = factories.shop(factories.person(), "taobao")
    with pytest.raises(sales.OtherPlatform):
        preview(shop, sample(KUAISHOU))
    assert db.session.scalar(db.select(db.func.count(ImportBatch.id))) == 0


def test_settlements_are_taken_in_and_undone(app):
    kuaishou = factories.shop(factories.person(), "kuaishou")
    header = (
        "订单号",
        "商品ID",
        "订单实付(元)",
        "合计收入(元)",
        "订单退款(元)",
        "合计支出(元)",
        "实际结算金额(元)",
        "实际结算时间",
        "商家ID",
    )
    row = ("2600000001", "1", "10", "10", "0", "1", "9", "2026-03-01 10:00:00", "5")
    batch = take_in(kuaishou, as_csv([header, row]))
    known = db.session.scalar(db.select(Settlement))
    assert (known.order_key, known.income_fen, known.fees_fen, known.settled_fen) == ("2600000001", 1000, 100, 900)
    newer = preview(kuaishou, as_csv([header, (*row[:5], "2", "8", *row[7:]), ("2600000002", *row[1:])]))
    assert counts(newer) == {"new": 1, "needs_person": 1}
    undo(batch)
    assert db.session.scalars(db.select(Settlement)).all() == []


def test_what_is_no_file_of_a_platform_is_refused(app):
    refused = sales.read_file("姓名,电话\n王,1\n".encode(), platform="taobao", at=NOW)
    with pytest.raises(UnreadableFile), refused:
        pass


def test_reading_goes_through_the_child_process(app):
    expected = reading(sample(KUAISHOU), NOW)
    with sales.read_file(sample(KUAISHOU), platform="kuaishou", at=NOW) as found:
        assert asdict(found.inspection) == asdict(expected.inspection)
        assert list(found.chunks()) == list(expected.chunks())


def test_an_unknown_shop_or_batch_is_not_found(app):
    read = reading(sample(KUAISHOU), NOW)
    for act in (
        lambda: sales.preview(7, "x.xlsx", read, by=BY, at=NOW),
        lambda: sales.commit(7, by=BY, at=NOW),
        lambda: sales.undo(7, by=BY, at=NOW),
    ):
        with pytest.raises(NotFound), transaction():
            act()


def test_confirming_twice_writes_once(taobao):
    batch = take_in(taobao, orders_file(order(1)))
    again = commit(batch)
    assert again.committed_at == NOW
    assert len(lines()) == 1
    assert [e.action for e in db.session.scalars(db.select(AuditEvent))] == ["sales.preview", "sales.import"]


def test_what_is_discarded_or_undone_is_not_confirmed(taobao):
    batch = preview(taobao, orders_file(order(1)))
    with transaction():
        sales.discard(batch.id, by=BY, at=NOW)
    assert db.session.scalar(db.select(db.func.count()).select_from(OrderLineVersion)) == 0
    with pytest.raises(sales.BatchClosed):
        commit(batch)
    with pytest.raises(sales.BatchClosed):
        undo(batch)
    done = take_in(taobao, orders_file(order(1)))
    undo(done)
    with pytest.raises(sales.BatchClosed):
        commit(done)


def test_two_previews_of_one_file_are_confirmed_once(taobao):
    content = orders_file(order(1))
    one, two = preview(taobao, content), preview(taobao, content)
    commit(one)
    with pytest.raises(sales.AlreadyImported):
        commit(two)


def test_a_preview_is_decided_again_when_confirmed(taobao):
    waiting = preview(taobao, orders_file(order(1, state=SHIPPED), order(2)))
    take_in(taobao, orders_file(order(1, state=DONE, refund="30.00")))
    assert counts(commit(waiting)) == {"new": 1, "same": 1}
    assert lines()["0001"].refunded_fen == 3000


@pytest.mark.parametrize("act", [preview, take_in])
def test_statements_do_not_grow_with_the_rows(taobao, count_statements, act):
    used = []
    for size, first in ((3, 1), (300, 1000)):
        content = orders_file(*(order(first + number) for number in range(size)))
        with count_statements() as seen:
            act(taobao, content, at=NOW + timedelta(minutes=size))
        used.append(len(seen))
    assert used[0] == used[1]
    assert used[1] <= 38


def test_an_update_of_many_rows_takes_no_more_statements(taobao, count_statements):
    used = []
    for size, first in ((3, 1), (300, 1000)):
        numbers = range(first, first + size)
        take_in(taobao, orders_file(*(order(number, state=SHIPPED) for number in numbers)))
        newer = preview(taobao, orders_file(*(order(number, refund="5.00") for number in numbers)))
        with count_statements() as seen:
            commit(newer)
        with count_statements() as seen_undoing:
            undo(newer)
        used.append((len(seen), len(seen_undoing)))
    assert used[0] == used[1]


def test_buyers_data_never_reach_the_database(app, tmp_path):
    secrets = {
        "收件人": "欧阳买家",
        "收件人手机号": "14000008888",
        "详细地址": "幸福里八号楼",
        "买家留言": "请快些寄出",
    }
    rows = [line.split(",") for line in sample(DOUYIN_ORDERS).decode("utf-8-sig").splitlines()]
    for label, value in secrets.items():
        at = rows[0].index(label)
        for row in rows[1:]:
            row[at] = value
    rows[3][rows[0].index("订单应付金额")] = "不详"
    shop = factories.shop(factories.person(), "douyin")
    batch = take_in(shop, as_csv(rows))
    assert counts(batch)["rejected"] == 1
    said = [
        f"{value}" for table in db.metadata.sorted_tables for row in db.session.execute(table.select()) for value in row
    ]
    assert any("杂粮" in value or "小米" in value for value in said)  # the scan does read what is kept
    assert not [value for value in said for secret in secrets.values() if secret in value]


LINE_HEADINGS = (
    "子订单编号",
    "主订单编号",
    "商品标题",
    "购买数量",
    "买家实付金额",
    "订单状态",
    "退款状态",
    "退款金额",
    "订单创建时间",
    "订单付款时间",
)


def lines_file(*lines) -> bytes:
    return as_csv([LINE_HEADINGS, *lines])


def line(number, part, *, paid, day="2026-03-20 10:00:00"):
    main = f"26030000000000{number:04d}"
    return (f"{main[:-1]}{part}9", main, "沁州黄小米", "1", paid, DONE, "没有申请退款", "0.00", day, day)


@pytest.mark.parametrize("whole_first", [True, False])
def test_an_order_counts_once_whether_it_came_whole_or_line_by_line(taobao, whole_first):
    whole = orders_file(order(1), order(2))
    parts = lines_file(line(1, 1, paid="60.00"), line(1, 2, paid="40.00"))
    first, second = (whole, parts) if whole_first else (parts, whole)
    take_in(taobao, first)
    if whole_first:
        with pytest.raises(sales.NothingToTakeIn):
            take_in(taobao, second)
    else:
        assert counts(take_in(taobao, second)) == {"new": 1, "same": 1}
    assert db.session.scalar(db.select(db.func.sum(OrderLine.paid_fen))) == 20_000
    notes = db.session.scalars(db.select(OrderLineVersion.problems)).all()
    assert any(note[1] == "counted_in_another_file" for problems in notes for note in problems or ())
