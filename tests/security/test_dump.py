"""The database read by somebody who holds the file but not the key: no phone, no ID number, nothing of a buyer."""

import io
import itertools
import re

import openpyxl
import pytest

from tests import factories
from tests.factories import DATONG
from tests.rosters import ID_1, ID_2, SAMPLE, roster_file
from trainer.database import db
from trainer.domain.actors import Role

BUYER, BUYER_PHONE, STREET = "欧阳买家", "14999998888", "学府路七十七号"
TAOBAO = SAMPLE.with_name("taobao_orders_SYNTHETIC.xlsx")
PHONES = [f"1400000{n:04d}" for n in range(9001, 9009)]


def send(client, path: str, content: bytes, name: str) -> str:
    key = re.search(r'name="idempotency_key"[^>]*value="([^"]+)"', client.get(path).text)[1]
    answer = client.post(path, data={"file": (io.BytesIO(content), name), "idempotency_key": key})
    assert answer.status_code == 303, answer.text
    return answer.location


def orders_with_buyers() -> bytes:
    """The platform's file as a shop sees it before masking, one row of it unreadable."""
    book = openpyxl.load_workbook(TAOBAO)
    sheet = book.worksheets[0]
    column = {cell.value: cell.column for cell in sheet[1]}
    extra = sheet.max_column + 1
    for place, heading in enumerate(("联系手机", "买家会员名", "买家留言")):
        sheet.cell(1, extra + place, heading)
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, column["收货人姓名"], BUYER)
        sheet.cell(row, column["收货地址"], STREET)
        sheet.cell(row, column["商家备注"], f"送到{STREET}，找{BUYER}")
        for place, value in enumerate((BUYER_PHONE, BUYER, f"{BUYER}{BUYER_PHONE}")):
            sheet.cell(row, extra + place, value)
    sheet.cell(3, column["买家实付金额"], f"问{BUYER_PHONE}")
    sheet.cell(4, column["商品标题"], f"小米 加微信{BUYER_PHONE}")
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def everything() -> list[tuple[str, str]]:
    """(table.column, text) of every cell, as the database itself holds it."""
    cells = []
    for table in db.metadata.sorted_tables:
        if table.name == "regions":
            continue
        result = db.session.execute(db.text(f'SELECT * FROM "{table.name}"'))
        names = list(result.keys())
        # The class teacher's phone is on each trainee's page: she is to be called.
        names = ["" if name == "teacher_phone" else name for name in names]
        cells += [(f"{table.name}.{n}", str(v)) for row in result for n, v in zip(names, row, strict=True) if n]
    return cells


@pytest.fixture
def walked(app, signed_in):
    """A cohort's roster and a shop's orders went through every station there is."""
    cohort = factories.cohort(region=DATONG)
    manager = signed_in(factories.account(Role.MANAGER, region=DATONG))
    path = f"/cohorts/{cohort.id}/roster"
    first = roster_file(
        ("王小花", ID_1, PHONES[0], "云州区", "大西沟村"),
        ("李月娥", None, PHONES[1], "云州区", "大西沟村"),
        ("张桂兰", "140299197002140700", PHONES[2], "云州区"),
        ("", ID_2, "1400000900", "云州区"),
    )
    again = roster_file(
        ("李月俄", None, PHONES[1], "云州区", "小西沟村"),
        ("王小花", ID_1, PHONES[4], "云州区", "大西沟村"),
        ("赵翠平", None, f"{PHONES[5]}/{PHONES[6]}", "云州区"),
    )
    for content, name in ((first, f"王小花{PHONES[7]}.xlsx"), (again, "again.xlsx"), (SAMPLE.read_bytes(), "r.xlsx")):
        batch = send(manager, path, content, name)
        page = manager.get(batch).text
        for row, who in itertools.product(range(1, 12), ("new", "leave_out")):
            manager.post(f"{batch}/rows/{row}", data={"decision": who})
        day = re.search(r'name="joined_on"[^>]*value="([^"]+)"', page)
        manager.post(f"{batch}/commit", data={"joined_on": day[1] if day else ""})
        manager.get(f"{batch}/rejected")
    manager.post(f"{batch}/undo")
    shop = factories.shop(factories.person(phone=PHONES[3], id_number=ID_2), platform="taobao")
    orders = send(manager, f"/shops/{shop.id}/files", orders_with_buyers(), f"订单{BUYER_PHONE}.xlsx")
    manager.get(f"{orders}/rejected")
    manager.post(f"{orders}/commit", data={"take_unclear": "y"})
    people = list(db.session.scalars(db.text("SELECT id FROM people")))
    for person_id in people[:3]:
        manager.post(f"/people/{person_id}/code")
    manager.get("/people/export")
    manager.get(f"/cohorts/{cohort.id}/attendance.xlsx")
    app.test_client().post("/code", data={"phone": PHONES[1], "code": "123456"})
    db.session.rollback()
    return people


def test_a_dump_tells_no_phone_no_id_number_and_nothing_of_buyers(walked):
    assert len(walked) >= 3
    secret = re.compile(rf"(?<!\d)1[34]0000\d{{5}}(?!\d)|1402991\d{{10}}|{BUYER_PHONE}|{BUYER}|{STREET}")
    found = {(where, secret.search(text)[0]) for where, text in everything() if secret.search(text)}
    assert found == set()
