"""Shops: put right, and the names under which files speak of them."""

import pytest

from tests import factories
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.sales import ShopRole
from trainer.domain.sales_upload import unknown_accounts as unknown_among
from trainer.models import AuditEvent, Shop
from trainer.platforms.mapping import FIELDS
from trainer.services import shop as shops
from trainer.wording.sales_mapping import FIELDS as WORDS

pytestmark = pytest.mark.postgresql
BY = factories.Actor(None, "tests")


@pytest.fixture
def shop(app):
    return factories.shop(factories.person(), "taobao", "秀芳杂粮", account_uid="TB-77")


@pytest.mark.parametrize(
    ("accounts", "unknown"),
    [
        ([], ()),
        (["秀芳杂粮"], ()),
        (["ＴＢ－77", "别的店"], ()),
        ([" 秀 芳杂粮 "], ()),
        (["别的店", "又一家"], ("别的店", "又一家")),
    ],
)
def test_an_account_is_the_shops_however_it_is_written(accounts, unknown):
    assert unknown_among(["秀芳杂粮", "TB-77"], accounts) == unknown


def test_a_name_said_once_to_be_the_shops_is_not_asked_about_again(shop):
    assert shops.unknown_accounts(shop, ["秀芳土特产"]) == ("秀芳土特产",)
    for _twice in range(2):
        with transaction() as session:
            shops.accept_alias(session.get(Shop, shop.id), ["秀芳土特产", "秀芳杂粮"], by=BY, at=AT)
    assert shops.unknown_accounts(shop, ["秀芳土特产"]) == ()
    [event] = db.session.scalars(db.select(AuditEvent))
    assert (event.action, event.object_id) == ("shop.accept_alias", str(shop.id))


def test_a_shop_is_put_right_and_its_sales_reckoned_anew(shop):
    other = factories.shop(db.session.get(Shop, shop.id).person, "taobao", "另一家", account_uid="TB-88")
    facts = {"name": "秀芳土特产", "account_uid": "", "role": ShopRole.HOST, "opened_on": None}
    for _twice in range(2):
        with transaction():
            shops.update_shop(shop.id, **facts, by=BY, at=AT)
    row = db.session.get(Shop, shop.id, populate_existing=True)
    assert (row.name, row.account_uid, row.role, row.changed_at) == ("秀芳土特产", None, ShopRole.HOST, AT)
    [event] = db.session.scalars(db.select(AuditEvent))
    assert "秀芳" not in str(event.details)
    for taken, refusal in (
        (facts | {"name": other.name}, shops.ShopExists),
        (facts | {"account_uid": "TB-88"}, shops.AccountTaken),
    ):
        with transaction(), pytest.raises(refusal):
            shops.update_shop(shop.id, **taken, by=BY, at=AT)


def test_every_figure_a_person_may_name_has_words():
    assert {name for known in FIELDS.values() for name in known.fields} <= WORDS.keys()
