"""Sales files on the pages: sent, looked through, confirmed, undone; who may, and what is shown when it cannot be."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest

from tests import factories
from tests.factories import LINFEN, YUNZHOU
from tests.platforms.makers import sample
from tests.services.test_sales import SHIPPED, order, orders_file, preview, take_in
from trainer.database import db
from trainer.domain.actors import Role
from trainer.models import ImportBatch, Livestream, OrderLine


@pytest.fixture
def shop(app):
    return factories.shop(factories.person(), "taobao", "秀芳土特产")


@pytest.fixture
def client(app, signed_in):
    return signed_in(factories.account(Role.COHORT_STAFF, region=YUNZHOU))


def send(client, shop, content: bytes, filename="orders.csv", key="k" * 24):
    data = {"file": (BytesIO(content), filename), "idempotency_key": key}
    return client.post(f"/shops/{shop.id}/files", data=data)


def test_a_file_is_sent_once_however_often_the_button_is_pressed(client, shop):
    first, again = (send(client, shop, orders_file(order(1))) for _ in range(2))
    assert (first.status_code, first.location) == (303, again.location)
    assert db.session.scalar(db.select(db.func.count(ImportBatch.id))) == 1


def test_the_page_says_which_files_and_what_came(client, shop):
    take_in(shop, orders_file(order(1)), at=factories.AT)
    page = client.get(f"/shops/{shop.id}/files").text
    assert "/sales/guides/taobao" in page
    assert "新增 1" in page


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "文件是空的"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 50, "图片"),
        (sample("kuaishou_live_sessions_SYNTHETIC.xlsx"), "这是快手的文件，而这家店铺在淘宝"),
    ],
)
def test_what_cannot_be_taken_in_is_said_in_a_sentence(client, shop, content, sentence):
    answer = send(client, shop, content)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.scalar(db.select(db.func.count(ImportBatch.id))) == 0


def test_no_file_chosen(client, shop):
    answer = client.post(f"/shops/{shop.id}/files", data={})
    assert answer.status_code == 422
    assert "请选择文件" in answer.text


def test_the_same_file_again_is_said_to_be_known(client, shop):
    content = orders_file(order(1))
    take_in(shop, content, at=factories.AT)
    answer = send(client, shop, content)
    assert answer.status_code == 422
    assert "这个文件已于 2026-03-10 09:00 导入过" in answer.text


def test_the_preview_shows_old_and_new_and_what_is_wrong(client, shop):
    take_in(shop, orders_file(order(1, state=SHIPPED), order(4)), at=factories.AT)
    batch = preview(
        shop, orders_file(order(1, refund="30.00"), order(2, paid="很多"), order(3), order(4, paid="90.00"))
    )
    page = client.get(f"/imports/sales/{batch.id}").text
    assert "已退款：¥0.00 → ¥30.00" in page
    assert "订单状态：已发货 → 已结算" in page
    assert "确认后新增 1 行，更改 1 行" in page
    assert "这个文件更新：这些行也按它改</label> (1)" in page.replace(" (1)</label>", "</label> (1)")
    only = client.get(f"/imports/sales/{batch.id}?action=rejected").text
    assert "买家实付金额：“很多”看不出是多少钱。" in only
    assert "沁州黄小米" not in only


def test_a_line_without_any_day_stands_in_the_preview(app, signed_in):
    client = signed_in(factories.account(Role.MANAGER))
    answer = send(client, factories.shop(factories.person(), "kuaishou"), sample("kuaishou_orders_SYNTHETIC.xlsx"))
    page = client.get(answer.location)
    assert page.status_code == 200
    assert "2600000000003" in page.text


def test_rejected_rows_come_as_a_workbook_that_can_be_mended_and_sent(client, shop):
    batch = preview(shop, orders_file(order(1, paid="很多"), order(2)))
    page = client.get(f"/imports/sales/{batch.id}").text
    assert "另有 1 行不能导入" in page
    assert "可以导入的" in page  # the row that cannot stands under its own word
    answer = client.get(f"/imports/sales/{batch.id}/rejected")
    book = openpyxl.load_workbook(BytesIO(answer.data))
    rows = [list(row) for row in book.active.values]
    header = next(at for at, row in enumerate(rows) if "买家实付金额" in row)
    assert rows[header + 1][:2] == [2, "买家实付金额：“很多”看不出是多少钱。"]
    sheet = book.active
    bad = sheet.cell(header + 2, rows[header].index("买家实付金额") + 1)
    assert bad.fill.fgColor.rgb == "FFF9D9DE"
    bad.value = "88.00"
    mended = BytesIO()
    book.save(mended)
    page = client.get(send(client, shop, mended.getvalue(), "mended.xlsx").location).text
    assert "确认后新增 1 行，更改 0 行" in page
    assert "¥88.00" in page


def test_confirmed_undone_and_taken_in_again(client, shop):
    content = orders_file(order(1), order(2))
    path = send(client, shop, content).location
    assert client.post(f"{path}/commit").status_code == 303
    assert "新增 2 行，更改 0 行，未变 0 行" in client.get(path).text
    assert "撤销，共 2 行" in client.get(f"{path}/undo").text
    assert db.session.scalar(db.select(db.func.count(OrderLine.id))) == 2
    assert client.post(f"{path}/undo").status_code == 303
    assert "删除 2 行，恢复原样 0 行" in client.get(path).text
    assert db.session.scalar(db.select(db.func.count(OrderLine.id))) == 0
    assert client.get(f"{path}/undo").status_code == 303
    assert client.post(f"{path}/commit").status_code == 422
    again = send(client, shop, content, key="other" * 5).location
    assert client.post(f"{again}/commit").status_code == 303
    assert db.session.scalar(db.select(db.func.count(OrderLine.id))) == 2


def test_a_file_of_an_approved_month_is_not_undone_and_says_so_on_its_page(client, shop):
    path = send(client, shop, orders_file(order(1))).location
    client.post(f"{path}/commit")
    factories.sales_period(YUNZHOU, date(2026, 3, 1))
    answer = client.post(f"{path}/undo")
    assert answer.status_code == 422
    assert "orders.csv" in answer.text
    assert "要先解锁这个月" in answer.text
    more = send(client, shop, orders_file(order(2)), key="other" * 5).location
    assert "另有 1 行所在月份已经审定，不会改动" in client.get(more).text


def test_discarding_writes_nothing(client, shop):
    path = send(client, shop, orders_file(order(1))).location
    assert client.post(f"{path}/discard").location.endswith(f"/shops/{shop.id}/files")
    assert "已放弃" in client.get(path).text
    assert client.post(f"{path}/commit").status_code == 422
    assert client.post(f"{path}/discard").status_code == 303


def test_the_year_is_asked_for_on_the_page(app, signed_in):
    shop = factories.shop(factories.person(), "wechat_channels")
    client = signed_in(factories.account(Role.MANAGER))
    path = send(client, shop, sample("wechat_channels_live_SYNTHETIC.csv")).location
    page = client.get(path).text
    assert "表里的日期没有写年份" in page
    assert "确认导入" not in page
    assert client.post(f"{path}/commit").status_code == 422
    assert client.post(f"{path}/year", data={"years_back": "77"}).status_code == 422
    assert client.post(f"{path}/year", data={"years_back": "1"}).status_code == 303
    assert client.post(f"{path}/commit").status_code == 303
    assert db.session.scalar(db.select(db.func.count(Livestream.id))) == 5
    assert client.post(f"{path}/year", data={"years_back": "1"}).status_code == 303  # nothing is left to ask


def test_the_total_row_and_odd_shares_are_shown_neutrally(app, signed_in):
    client = signed_in(factories.account(Role.MANAGER))
    kuaishou = factories.shop(factories.person(), "kuaishou")
    page = client.get(send(client, kuaishou, sample("kuaishou_live_sessions_SYNTHETIC.xlsx")).location).text
    assert "合计一致" in page
    assert "当日发生的退款，含以前的订单（退款日口径）" in page
    douyin = factories.shop(factories.person("李梅"), "douyin")
    sent = send(client, douyin, sample("douyin_live_sessions_SYNTHETIC_gbk.csv"), key="other" * 5)
    page = client.get(sent.location).text
    assert "平台把其中 34.3% 的金额算作异常交易，需核实" in page


@pytest.mark.parametrize("act", ["", "/commit", "/discard", "/year", "/undo", "/rejected"])
def test_a_batch_of_another_area_is_not_there(app, signed_in, shop, act):
    batch = preview(shop, orders_file(order(1)))
    for account in (factories.account(Role.MANAGER, region=LINFEN), factories.account(Role.INSTRUCTOR)):
        client = signed_in(account)
        method = client.get if act in ("", "/rejected") else client.post
        assert method(f"/imports/sales/{batch.id}{act}").status_code == 404
    assert db.session.get(ImportBatch, batch.id).state.value == "previewed"


def test_an_auditor_sees_a_batch_and_cannot_act(app, signed_in, shop):
    batch = preview(shop, orders_file(order(1)))
    client = signed_in(factories.account(Role.AUDITOR))
    page = client.get(f"/imports/sales/{batch.id}")
    assert page.status_code == 200
    assert "确认导入" not in page.text
    assert client.post(f"/imports/sales/{batch.id}/commit").status_code == 404


def test_a_roster_batch_is_no_sales_batch(app, client):
    assert client.get("/imports/sales/12345").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_statements_do_not_grow_with_the_rows(client, shop, count_statements, rows):
    batch = preview(shop, orders_file(*(order(number) for number in range(rows))))
    client.get("/shops")
    for path, statements in ((f"/imports/sales/{batch.id}", 5), (f"/shops/{shop.id}/files", 4)):
        with count_statements() as seen:
            client.get(path)
        assert len(seen) == statements, path


@pytest.mark.parametrize("path", ["", "/undo"])
def test_pages_stand_in_english_too(client, shop, path):
    batch = take_in(shop, orders_file(order(1)))
    answer = client.get(f"/imports/sales/{batch.id}{path}?lang=en")
    assert answer.status_code == 200
    assert "Undo" in answer.text
