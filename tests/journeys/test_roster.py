"""A county's roster from the e-mail to the roll: sent, confirmed, its bad rows mended, sent again."""

import io
import re

import openpyxl

from tests import factories
from tests.rosters import SAMPLE
from trainer.domain.actors import Role
from trainer.domain.people import id_check_digit

PHONE = "14000000215"
ID_LOST, ID_WRONG = (number + id_check_digit(number) for number in ("14029919800916742", "14029920010727132"))


def send(client, cohort, content: bytes, name: str) -> str:
    page = client.get(f"/cohorts/{cohort.id}/roster").text
    key = re.search(r'name="idempotency_key"[^>]*value="([^"]+)"', page)[1]
    data = {"file": (io.BytesIO(content), name), "idempotency_key": key}
    answer = client.post(f"/cohorts/{cohort.id}/roster", data=data)
    assert answer.status_code == 303, answer.text
    return answer.location


def figures(client, url: str) -> dict[str, int]:
    page = client.get(url).text
    pairs = re.findall(r"<dt>([^<]+)</dt><dd>(?:<a [^>]*>)?(\d+)", page)
    return {word: int(number) for word, number in pairs if int(number)}


def confirm(client, url: str) -> None:
    day = re.search(r'name="joined_on"[^>]*value="([^"]+)"', client.get(url).text)[1]
    assert client.post(f"{url}/commit", data={"joined_on": day}).status_code == 303


def mended(content: bytes) -> bytes:
    """As staff would: each coloured cell is put right, nothing else is touched."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.active
    right = {"联系电话": PHONE, "姓 名": "张桂花"}
    ids = iter((ID_LOST, ID_WRONG))
    headings = {cell.column: cell.value for cell in sheet[3]}
    coloured = [c for row in sheet.iter_rows(min_row=4) for c in row if c.fill.fgColor.rgb == "FFF9D9DE"]
    assert [headings[cell.column] for cell in coloured] == ["联系电话", "身份证号码", "身份证号码", "姓 名"]
    for cell in coloured:
        cell.value = right.get(headings[cell.column]) or next(ids)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def test_a_roster_comes_in(app, signed_in):
    cohort = factories.cohort()
    staff = signed_in(factories.account(Role.COHORT_STAFF, region=factories.DATONG))
    assert f"/cohorts/{cohort.id}/roster" in staff.get(f"/cohorts/{cohort.id}").text

    url = send(staff, cohort, SAMPLE.read_bytes(), "花名册.xlsx")
    assert figures(staff, url) == {"新增": 95, "未通过": 4, "文件内重复": 1, "请留意": 1}
    confirm(staff, url)
    assert "95 人加入培训班" in staff.get(url).text

    bad_rows = staff.get(f"{url}/rejected").data
    second = send(staff, cohort, mended(bad_rows), "花名册_改正.xlsx")
    assert figures(staff, second) == {"新增": 4}
    confirm(staff, second)

    again = send(staff, cohort, SAMPLE.read_bytes(), "花名册.xlsx")
    assert figures(staff, again)["无变化"] == 95
    assert "不需要操作" in staff.get(again).text

    people = staff.get("/people?per_page=100").text
    assert "共 99 人" in people
    assert "张桂花" in people
    assert cohort.name in people
