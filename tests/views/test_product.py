"""Products at their pages: of one shop, across shops, sorted many at once."""

import pytest

from tests import factories
from tests.factories import AT, DATONG, LINFEN
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.product import ProductCategory
from trainer.domain.sales import ShopRole
from trainer.models import Product
from trainer.services.product import keep_products

SORT = {"into": "dried_goods", "season_from": "9", "season_to": "2"}


def shop_with(*names: str, region: str = DATONG, **values):
    shop = factories.shop(factories.person(region=region), **values)
    for number, name in enumerate(names):
        factories.order_line(shop, product=name, product_key=f"p{number}")
    with transaction():
        keep_products(shop.id, AT)
    return shop


def test_many_are_sorted_at_once(staff, app):
    shop = shop_with("黄花菜", "补差价", "小米")
    first, second, _third = db.session.scalars(db.select(Product).order_by(Product.key))
    sent = {**SORT, "product": [first.id, second.id], "next": f"/shops/{shop.id}/products"}
    answer = staff.post("/products/sort", data=sent)
    assert (answer.status_code, answer.location) == (303, f"/shops/{shop.id}/products")
    assert "9月—次年2月" in staff.get(f"/shops/{shop.id}/products").text
    sorted_ = {one.name: (one.category, one.season_from) for one in db.session.scalars(db.select(Product))}
    assert sorted_ == {
        "黄花菜": (ProductCategory.DRIED_GOODS, 9),
        "补差价": (ProductCategory.DRIED_GOODS, 9),
        "小米": (ProductCategory.GRAIN_AND_OIL, None),
    }
    page = staff.get("/products?category=dried_goods").text
    assert "补差价" in page
    assert "小米" not in page
    assert "小米" in staff.get(f"/products?region={DATONG}&q=小").text


def test_goods_sold_for_others_stand_apart_from_her_own(staff, app):
    shop_with("小米")
    shop_with("小米", role=ShopRole.HOST)
    page = staff.get("/products").text
    assert page.count("¥100.00") == 4  # two sums, two products
    assert "¥200.00" not in page
    assert "快手 · 替别人带货拿佣金（达人）" in page


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({**SORT, "season_to": ""}, "开始月份和结束月份"),
        ({**SORT, "product": []}, "请至少勾选一件商品"),
        ({"into": "", "season_from": "", "season_to": ""}, "请为勾选的商品选择"),
    ],
)
def test_what_is_refused_is_said_on_the_page(staff, app, sent, words):
    shop_with("小米")
    sent = {"product": db.session.scalar(db.select(Product.id)), **sent}
    assert words in staff.post("/products/sort", data=sent, follow_redirects=True).text


def test_what_is_not_hers(staff, signed_in, app):
    shop = shop_with("小米", region=LINFEN)
    product = db.session.scalar(db.select(Product.id))
    assert staff.get(f"/shops/{shop.id}/products").status_code == 404
    assert staff.post("/products/sort", data={**SORT, "product": product}).status_code == 404
    auditor = signed_in(factories.account(Role.AUDITOR, region=LINFEN))
    assert "小米" in auditor.get("/products").text
    assert auditor.post("/products/sort", data={**SORT, "product": product}).status_code == 404


@pytest.mark.parametrize("things", [1, 3])
def test_pages_take_the_same_statements(staff, app, count_statements, things):
    shop, *_others = [shop_with(*("小米", "苹果", "核桃")[:things]) for _one in range(things)]
    for address, statements in ((f"/shops/{shop.id}/products", 3), ("/products", 3)):
        staff.get(address)
        with count_statements() as seen:
            assert staff.get(address).status_code == 200
        assert (address, len(seen)) == (address, statements)
