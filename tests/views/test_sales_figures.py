"""The pages behind a shop's sums: one broadcast, the order lines, what a figure is worth; and a trainee's own sales."""

import gzip
from datetime import timedelta

import pytest

from tests import factories
from tests.queries.test_sales_figures import EVENING, live, settlement, sold
from trainer.database import transaction
from trainer.domain.actors import Role
from trainer.domain.imports import BatchState, ImportKind
from trainer.domain.sales import ShopRole
from trainer.models import ImportBatch, LivestreamVersion, SalesEntry
from trainer.services.attribution import attribute

pytestmark = pytest.mark.postgresql


@pytest.fixture
def manager(app):
    return factories.account(Role.MANAGER, region=factories.YUNZHOU)


def filled(shop, orders: int = 1):
    """A broadcast of 300 yuan with orders of 20 each found by time, one order before it and one after, one settlement."""
    one = live(shop, "s-1", gmv_fen=30_000, viewers=100, orders=9, title="小米专场")
    for minutes in (-60, *range(1, orders + 1), 600):
        sold(shop, 2_000, minutes, product="小米")
    settlement(shop, 777, EVENING + timedelta(days=20), "f-1")
    with transaction():
        attribute(shop.id, EVENING)
    return one


@pytest.mark.parametrize("orders", [1, 3])
def test_pages_take_as_many_statements_for_one_as_for_three(signed_in, manager, count_statements, orders):
    shop = factories.shop(factories.person())
    one = filled(shop, orders)
    client = signed_in(manager)
    client.get("/shops")
    pages = ((f"/shops/{shop.id}", 12), (f"/shops/{shop.id}/livestreams/{one.id}", 8), (f"/shops/{shop.id}/orders", 5))
    for path, statements in pages:
        with count_statements() as seen:
            assert client.get(path).status_code == 200
        assert len(seen) == statements, path


@pytest.mark.parametrize(("orders", "said"), [(4, "两边对不上，需核实"), (5, "两边相符")])
def test_a_broadcast_says_whether_its_orders_agree_and_how_many_were_inferred(signed_in, manager, orders, said):
    """Two hundred yuan of three hundred say nothing yet."""
    shop = factories.shop(factories.person())
    one = filled(shop, orders)
    page = signed_in(manager).get(f"/shops/{shop.id}/livestreams/{one.id}").text
    assert f"归到这场的订单合计¥{20 * orders}.00，场次表写的是¥300.00，{said}" in page
    assert "其中100.0%只是按付款时间推断的" in page


def test_what_was_typed_stands_beside_what_files_said(signed_in, manager):
    shop = factories.shop(factories.person())
    one = filled(shop)
    with transaction() as session:
        session.add(
            SalesEntry(
                **{"shop_id": shop.id, "state": "replaced", "started_at": EVENING, "gmv_fen": 12_345, "nonce": "n"},
                **{"entered_at": EVENING, "livestream_id": one.id},
            )
        )
    page = signed_in(manager).get(f"/shops/{shop.id}/livestreams/{one.id}").text
    assert ("手工填写的" in page, "¥123.45" in page) == (True, True)


def test_another_shops_broadcast_is_not_there(signed_in, manager):
    shop, other = factories.shop(factories.person()), factories.shop(factories.person(), name="另一家")
    one = filled(shop)
    client = signed_in(manager)
    assert client.get(f"/shops/{other.id}/livestreams/{one.id}").status_code == 404
    assert client.get(f"/shops/{shop.id}/livestreams/{one.id}").status_code == 200


def test_order_lines_are_cut_to_what_is_asked_for(signed_in, manager):
    shop = factories.shop(factories.person())
    one = filled(shop)
    sold(shop, 4_200, 3, product="核桃", status="closed")
    client, path = signed_in(manager), f"/shops/{shop.id}/orders"

    def amounts(query: str) -> tuple[int, int]:
        page = client.get(f"{path}?{query}").text
        return page.count("¥20.00"), page.count("¥42.00")

    assert amounts("") == (3, 1)
    assert amounts("q=核桃") == (0, 1)
    assert amounts("status=closed&month=2026-03") == (0, 1)
    assert amounts(f"livestream={one.id}") == (1, 0)
    assert amounts("attribution=time") == (1, 0)
    assert "没有符合条件的订单" in client.get(f"{path}?month=2020-01").text


def test_the_sources_stand_apart_with_what_they_rest_on(signed_in, manager):
    shop = factories.shop(factories.person(), role=ShopRole.HOST)
    filled(shop)
    page = signed_in(manager).get(f"/shops/{shop.id}").text
    for words in ("T2 场次表", "T3 订单，已满30天", "T4 平台结算", "¥7.77", "货款", "从成交到结算"):
        assert words in page


def test_the_ladder_is_explained_to_staff_and_to_trainees(signed_in, manager):
    page = signed_in(manager).get("/sales/trust").text
    assert all(f"T{level} " in page for level in range(5))
    assert "千次观看成交额（GPM）" in page
    trainee = factories.trainee(factories.cohort())[1]
    own = signed_in(trainee).get("/me/sales/trust").text
    assert "来自平台订单文件，付款已满30天" in own
    assert not any(f"T{level}" in own for level in range(5))


def test_her_own_sales_are_words_without_codes_and_small(signed_in):
    enrolment, account = factories.trainee(factories.cohort())
    shop = factories.shop(enrolment.person)
    filled(shop)
    answer = signed_in(account).get("/me/sales/all")
    for words in ("成交", "退款", "到手", "¥7.77", "来自平台的直播场次表"):
        assert words in answer.text
    assert not any(f"T{level} " in answer.text for level in range(5))
    assert len(gzip.compress(answer.data)) < 8_000


def test_a_version_of_each_file_stands_with_its_day(signed_in, manager):
    shop = factories.shop(factories.person())
    one = filled(shop)
    assert "各文件是怎么说的" not in signed_in(manager).get(f"/shops/{shop.id}/livestreams/{one.id}").text
    with transaction() as session:
        batch = ImportBatch(
            **{"kind": ImportKind.SALES, "shop_id": shop.id, "filename": "场次.xlsx", "sha256": "0" * 64},
            **{"state": BatchState.COMMITTED, "summary": {"kind": "live_session", "counts": {}, "rows": 1}},
            **{"created_at": EVENING, "committed_at": EVENING},
        )
        session.add(batch)
        session.flush()
        said = {"natural_key": "s-1", "started_at": EVENING, "gmv_fen": 9_900, "trust": 2}
        session.add(LivestreamVersion(batch_id=batch.id, row_number=2, action="new", **said))
    page = signed_in(manager).get(f"/shops/{shop.id}/livestreams/{one.id}").text
    assert ("场次.xlsx" in page, "¥99.00" in page) == (True, True)
