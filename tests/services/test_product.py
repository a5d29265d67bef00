"""Products: what order lines name stands in the list, a person's word stays, files that go take theirs along."""

import pytest

from tests import factories
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.product import ProductCategory, Season, Sorting
from trainer.errors import NotFound
from trainer.models import AuditEvent, OrderLine, Product, Shop
from trainer.queries.product import WantedProducts, list_products, list_products_of
from trainer.services import product as products

pytestmark = pytest.mark.postgresql

FRUIT, GRAIN = ProductCategory.FRUIT, ProductCategory.GRAIN_AND_OIL


@pytest.fixture
def shop(app):
    return factories.shop(factories.person())


@pytest.fixture
def staff(app):
    return factories.actor_of(factories.account(Role.COHORT_STAFF, region=factories.DATONG))


def keep(shop) -> list[tuple[str, ProductCategory | None]]:
    with transaction():
        products.keep_products(shop.id, AT)
    rows = db.select(Product.name, Product.category).where(Product.shop_id == shop.id).order_by(Product.key)
    return [tuple(row) for row in db.session.execute(rows)]


def ids() -> list[int]:
    return list(db.session.scalars(db.select(Product.id).order_by(Product.key)))


def sort(wanted, sorting, by) -> int:
    with transaction():
        return products.sort_products(wanted, sorting, by=by, at=AT)


def test_products_follow_the_order_lines(shop):
    factories.order_line(shop)
    factories.order_line(shop, product="吉县苹果", product_key="p2")
    factories.order_line(shop, product="", product_key="")
    assert keep(shop) == keep(shop) == [("沁州黄小米", GRAIN), ("吉县苹果", FRUIT)]
    with transaction():
        db.session.execute(db.update(OrderLine).where(OrderLine.product_key == "p1").values(product="补差价"))
        db.session.execute(db.delete(OrderLine).where(OrderLine.product_key == "p2"))
    assert keep(shop) == [("补差价", None)]


def test_what_a_person_said_stays(shop, staff):
    factories.order_line(shop)
    keep(shop)
    assert sort(ids(), Sorting(ProductCategory.DRIED_GOODS, Season(9, 2)), staff) == 1
    assert db.session.get(Shop, shop.id).changed_at == AT  # the checks compare by category
    with transaction():
        db.session.execute(db.update(OrderLine).values(product="吉县苹果"))
    assert keep(shop) == [("吉县苹果", ProductCategory.DRIED_GOODS)]
    with transaction():
        db.session.execute(db.delete(OrderLine))
    assert keep(shop) == [("吉县苹果", ProductCategory.DRIED_GOODS)]
    sort(ids(), Sorting("", ""), staff)
    assert [(row.category, row.season) for row in list_products_of(shop.id)] == [(None, None)]
    assert db.session.scalars(db.select(AuditEvent.action)).all() == ["product.sort"] * 2


@pytest.mark.parametrize(
    ("wanted", "sorting", "problem"),
    [
        ([], Sorting(FRUIT), products.NothingTicked),
        ([1], Sorting(), products.NothingSaid),
        ([99], Sorting(FRUIT), NotFound),
    ],
)
def test_what_is_refused(app, staff, wanted, sorting, problem):
    with pytest.raises(problem):
        sort(wanted, sorting, staff)


def test_figures_are_of_paid_lines_within_reach(shop, staff):
    factories.order_line(shop, quantity=3, refunded_fen=2_500)
    factories.order_line(shop, paid_on=None, fen=0, status="unpaid")
    factories.order_line(shop, is_gift=True)
    foreign = factories.shop(factories.person(region=factories.LINFEN))
    factories.order_line(foreign)
    keep(foreign), keep(shop)
    [row] = list_products(staff, WantedProducts(category=GRAIN, region_code=factories.DATONG))
    assert (row.sold.pieces, row.sold.net_fen, row.sold.refund_rate, row.shop_id) == (3, 7_500, 0.25, shop.id)
    sort([row.id], Sorting(None, Season(11, 2)), staff)
    found = {month: len(list_products(staff, WantedProducts(month=month))) for month in (2, 3, 10, 11)}
    assert found == {2: 1, 3: 0, 10: 0, 11: 1}
