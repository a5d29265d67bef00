"""Findings in sales as pages: neutral words with evidence, filters, the walk of two people, who only looks."""

import io

import openpyxl
import pytest

from tests import factories
from tests.factories import DATONG, LINFEN, SHANXI
from tests.services.test_anomaly_findings import broadcast, burst, kept, look
from trainer.domain.actors import Role
from trainer.domain.anomaly import AnomalyCheck, AnomalyState, Decision

C = AnomalyCheck


@pytest.fixture
def shop(app):
    return factories.shop(factories.person(), "douyin")


@pytest.fixture
def staff(signed_in, app):
    return signed_in(factories.account(Role.COHORT_STAFF, region=DATONG))


@pytest.fixture
def manager(signed_in, app):
    return signed_in(factories.account(Role.MANAGER, region=SHANXI))


@pytest.fixture
def bursting(shop) -> int:
    burst(shop, 1)
    look(shop)
    return kept(shop)[C.BURST][0].id


def test_the_queue_tells_what_was_seen_and_accuses_nobody(shop, bursting, staff):
    page = staff.get("/anomalies").text
    for words in ("几分钟内多笔相同订单", "付款 5 笔", "寄往山西", "待核实", shop.name, "不是下结论"):
        assert words in page, words
    one = staff.get(f"/anomalies/{bursting}").text
    for words in ("需核实", "团购", "沁州黄小米", "¥39.90", "没有找到原因"):
        assert words in one, words
    for words in ("造假", "作弊", "刷单", "虚假", "违规"):
        assert words not in page + one


def test_one_explains_another_decides_and_it_can_be_taken_back(bursting, staff, manager):
    url = f"/anomalies/{bursting}"
    nothing = staff.post(f"{url}/explanation", data={"version": factories.version(staff, url), "explanation": "other"})
    assert nothing.status_code == 422
    assert "请简单写下您问了什么" in nothing.text
    data = {"version": factories.version(staff, url), "explanation": "group_purchase", "words": "问过村支书"}
    assert staff.post(f"{url}/explanation", data=data | {"version": "77"}).status_code == 409
    assert staff.post(f"{url}/explanation", data=data).status_code == 303
    assert "等另一位同事作决定" in staff.get(url).text
    assert f'href="{url}"' in manager.get("/needs/anomaly_explained").text
    assert "付款 5 笔" in manager.get("/anomalies?mine=1").text
    data = {"version": factories.version(manager, url), "decision": "exclude", "reason": "货没有发"}
    assert manager.post(f"{url}/decision", data=data | {"reason": ""}).status_code == 422
    assert manager.post(f"{url}/decision", data=data).status_code == 303
    page = manager.get(url).text
    assert page.count("不计入评分</a>") == 5
    for words in ("有 5 行数据不计入评分", "货没有发", "问过村支书"):
        assert words in page
    assert "付款 5 笔" in manager.get("/anomalies?state=excluded").text
    data = {"version": factories.version(manager, url), "reason": "补到了快递单"}
    assert manager.post(f"{url}/reopening", data=data).status_code == 303
    page = staff.get(url).text
    assert "不计入评分</a>" not in page
    assert "补到了快递单" in page


def test_a_question_to_her(bursting, staff, shop):
    url = f"/anomalies/{bursting}/question"
    assert staff.post(url, data={"question": ""}).status_code == 422
    assert staff.post(url, data={"question": "那天是谁一起订的？"}).status_code == 303
    assert "那天是谁一起订的" in staff.get(f"/anomalies/{bursting}").text


def test_the_other_shop_is_named_to_whoever_may_see_it(shop, manager, staff):
    far = factories.shop(factories.person("李芳", region=LINFEN), "douyin", "远方")
    said = [["claims_orders", {"count": 3, "shop": far.id}]]
    evidence = {"said": said, "livestreams": [], "order_lines": [], "entries": [], "whole": True}
    row = factories.anomaly(shop, C.DOUBLE_CLAIM, evidence=evidence)
    assert f'/shops/{far.id}">远方</a>' in manager.get(f"/anomalies/{row.id}").text
    page = staff.get(f"/anomalies/{row.id}").text
    assert "有 3 行订单已登记在另一个店铺名下" in page
    assert "远方" not in page


def test_filters_and_the_workbook(shop, bursting, manager):
    broadcast(shop, 1, peak_online=50, viewers=20)
    look(shop)
    far = factories.shop(factories.person("李芳", region=LINFEN), "taobao", "远方")
    factories.anomaly(far, state=AnomalyState.DECIDED, decision=Decision.ACCEPT)
    words = ("付款 5 笔", "数字互相对不上</a>", "远方</a>")
    for query, there in {
        "": [1, 1, 0],
        "?check=burst": [1, 0, 0],
        "?check=shipping": [0, 0, 0],
        "?state=decided": [0, 1, 1],
        f"?region={LINFEN}&state=": [0, 1, 1],
        "?state=back_check": [0, 0, 0],
        f"?shop={far.id}&state=": [0, 1, 1],
        "?state=nonsense&check=x&shop=y": [1, 2, 1],
    }.items():
        page = manager.get(f"/anomalies{query}").text
        assert [page.count(one) for one in words] == there, query
    book = openpyxl.load_workbook(io.BytesIO(manager.get("/anomalies/export?check=burst").data))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value]
    assert any("付款 5 笔" in cell for cell in cells)
    assert not any("总共只有" in cell for cell in cells)


def test_who_only_looks_and_who_sees_nothing(bursting, signed_in):
    auditor = signed_in(factories.account(Role.AUDITOR, region=DATONG))
    page = auditor.get(f"/anomalies/{bursting}").text
    assert "保存原因" not in page
    assert "签署决定" not in page
    far = signed_in(factories.account(Role.MANAGER, region=LINFEN))
    assert far.get(f"/anomalies/{bursting}").status_code == 404
    assert "付款 5 笔" not in far.get("/anomalies").text
    assert far.post(f"/anomalies/{bursting}/decision", data={"decision": "accept"}).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_statements(shop, manager, rows, count_statements):
    for n in range(rows):
        burst(shop, 100 * (n + 1))
    look(shop)
    one = kept(shop)[C.BURST][0].id
    for url, most in (("/anomalies", 5), (f"/anomalies/{one}", 6)):
        manager.get(url)
        with count_statements() as seen:
            assert manager.get(url).status_code == 200
        assert len(seen) == most, seen
