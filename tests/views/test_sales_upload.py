"""Sending several sales files on the pages: how far they are, whose they are, which column is which."""

from io import BytesIO

import pytest

from tests import factories
from tests.factories import LINFEN, YUNZHOU
from tests.jobs.test_read_sales import PICTURE, UNKNOWN, named
from tests.services.test_sales import order, orders_file
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.background_task import TaskState
from trainer.jobs import worker
from trainer.models import AuditEvent, BackgroundTask, ColumnMapping, ImportBatch, OrderLine, SalesUpload

COLUMNS = {"column_order_id": "单子", "column_paid": "到手价", "column_paid_at": "成交时刻", "column_product": "货名"}


@pytest.fixture
def shop(app):
    return factories.shop(factories.person(), "taobao", "秀芳土特产")


@pytest.fixture
def client(app, signed_in):
    return signed_in(factories.account(Role.COHORT_STAFF, region=YUNZHOU))


def send(client, path: str, *files: bytes, key="k" * 24):
    sent = [(BytesIO(content), f"{number}.csv") for number, content in enumerate(files)]
    return client.post(path, data={"file": sent, "idempotency_key": key})


def work(app) -> None:
    """Everything that was asked for."""
    while worker.run_next(app):
        pass
    db.session.rollback()
    db.session.expire_all()


def count(model) -> int:
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count()).select_from(model))


def test_a_folder_of_files_is_sent_once_read_looked_through_and_taken_in_with_one_click(app, client, shop):
    path = f"/shops/{shop.id}/files"
    files = (
        orders_file(order(1)),
        orders_file(order(2), order(3)),
        orders_file(order(4), order(5, paid="很多")),
        PICTURE,
    )
    first, again = (send(client, path, *files) for _twice in range(2))
    assert (first.status_code, first.location) == (303, again.location)
    assert (count(SalesUpload), count(BackgroundTask)) == (4, 1)
    page = client.get(first.location)
    assert page.headers["Refresh"] == "3"
    assert "已读完 0 / 4 个文件" in page.text
    assert "0.csv" in client.get(path).text  # what is under way stands beside the form
    work(app)
    page = client.get(first.location)
    assert "Refresh" not in page.headers
    assert "这是图片" in page.text or "图片" in page.text
    assert (
        "还有 2 个文件没有写入，其中没有需要核对的地方：一共新增 3 行，更改 0 行" in page.text
    )  # not the one with a bad row
    assert "表头依据公开程序代码整理" in page.text
    client.post(first.location.replace(f"/shops/{shop.id}", "/sales") + "/take-in")
    page = client.get(first.location)
    assert page.headers["Refresh"] == "3"
    assert "正在导入 2 个文件" in page.text
    assert "导入这 2 个文件" not in page.text
    work(app)
    assert count(OrderLine) == 3
    page = client.get(first.location)
    assert "Refresh" not in page.headers
    assert page.text.count("已导入") == 2


def test_a_file_nobody_knows_is_mapped_once_and_the_next_needs_no_click(app, client, shop):
    sent = send(client, f"/shops/{shop.id}/files", UNKNOWN)
    page = client.get(sent.location).text
    assert "指定各列含义" in page
    columns = "/sales/uploads/1/columns?kind=order"
    page = client.get(columns).text
    assert "到手价（例：10.00）" in page
    answer = client.post(columns, data={**COLUMNS, "column_paid_at": ""})
    assert answer.status_code == 422
    assert "支付时间 / 订单状态" in answer.text
    trial = client.post(columns, data=COLUMNS)
    assert (trial.status_code, count(ColumnMapping)) == (200, 0)
    assert "能统计 1 行" in trial.text
    assert "¥10.00" in trial.text
    assert client.post(columns, data={**COLUMNS, "save": "1"}).status_code == 303
    work(app)
    assert "人工指定" in client.get(sent.location).text
    assert client.get(columns).status_code == 303
    later = send(client, f"/shops/{shop.id}/files", UNKNOWN.replace(b"A1", b"A2"), key="later" * 5)
    assert later.location.startswith("/imports/sales/")
    assert count(ImportBatch) == 2
    assert "单子 → 订单号" in client.get("/sales/mappings").text
    assert client.post("/sales/mappings/1/forget").status_code == 303
    assert count(ColumnMapping) == 0
    acts = set(db.session.scalars(db.select(AuditEvent.action)))
    assert acts >= {"sales_upload.create", "column_mapping.set", "column_mapping.forget"}


def test_files_of_several_women_are_sent_together_and_one_is_asked_about(app, client, shop):
    sent = send(client, "/sales/files", named("秀芳土特产", 1), named("不认识的店", 2))
    work(app)
    page = client.get(sent.location).text
    assert "文件里的账号：不认识的店。" in page
    assert f'href="/shops/{shop.id}"' in page
    whose = client.get("/sales/uploads/2/shop?q=秀芳")
    assert "秀芳土特产" in whose.text
    elsewhere = factories.shop(factories.person("赵兰", region=LINFEN), "taobao", "临汾的店")
    assert client.post("/sales/uploads/2/shop", data={"shop_id": elsewhere.id}).status_code == 404
    assert client.post("/sales/uploads/2/shop", data={"shop_id": shop.id}).status_code == 303
    work(app)
    page = client.get(sent.location).text
    # The account is not the shop's: it is not among those taken in without a look.
    assert "还有 1 个文件没有写入，其中没有需要核对的地方" in page


def test_given_up_and_read_again(app, client, shop):
    sent = send(client, "/sales/files", named("不认识的店", 2), orders_file(order(3)))
    work(app)
    assert "已删除" in client.post("/sales/uploads/1/give-up", follow_redirects=True).text
    assert "已放弃" in client.get(sent.location).text


def test_what_waits_though_its_task_is_over_is_read_on_request(app, client, shop):
    sent = send(client, f"/shops/{shop.id}/files", orders_file(order(1)), orders_file(order(2)))
    with transaction() as session:
        session.get(BackgroundTask, 1).state = TaskState.FAILED
    assert "读取中途停下了" in client.get(sent.location).text
    assert client.post(sent.location.replace(f"/shops/{shop.id}", "/sales") + "/again").status_code == 303
    work(app)
    assert "都读完了" not in client.get(sent.location).text


def test_a_bundle_of_another_area_is_not_there(app, client, shop, signed_in):
    sent = send(client, f"/shops/{shop.id}/files", UNKNOWN)
    other = signed_in(factories.account(Role.MANAGER, region=LINFEN))
    assert other.get(sent.location).status_code == 404
    for path in ("shop", "give-up", "columns"):
        assert other.post(f"/sales/uploads/1/{path}").status_code == 404
    for path in ("take-in", "again"):
        assert other.post(f"/sales/files/{sent.location.split('/')[-1]}/{path}").status_code == 404


@pytest.mark.parametrize("files", [1, 3])
def test_statements_do_not_grow_with_the_files(app, client, shop, count_statements, files):
    sent = send(client, "/sales/files", *(named("秀芳土特产", number) for number in range(files)))
    work(app)
    client.get("/shops")
    for path, statements in ((sent.location, 3), (f"/shops/{shop.id}/files", 4), ("/sales/mappings", 2)):
        with count_statements() as seen:
            client.get(path)
        assert len(seen) == statements, path
