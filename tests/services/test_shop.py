"""Entering a shop: once, with an account number that nobody else holds."""

import pytest

from tests import factories
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.sales import Platform
from trainer.models import AuditEvent, Shop
from trainer.services.shop import AccountTaken, ShopExists, create_shop


def create(person, name="秀芳杂粮", platform=Platform.KUAISHOU, uid=None):
    with transaction():
        return create_shop(person.id, platform, name, uid, None, by=factories.actor(Role.MANAGER), at=AT)


def test_a_shop_is_entered_and_audited(app):
    shop = create(factories.person(), uid="ks-1")
    assert (shop.platform, shop.name, shop.account_uid) == ("kuaishou", "秀芳杂粮", "ks-1")
    assert db.session.scalars(db.select(AuditEvent.action)).all()[-1] == "shop.create"


def test_the_same_shop_is_not_entered_twice(app):
    person = factories.person()
    create(person)
    with pytest.raises(ShopExists):
        create(person)
    create(person, platform=Platform.DOUYIN)
    assert db.session.scalar(db.select(db.func.count(Shop.id))) == 2


def test_one_account_belongs_to_one_shop(app):
    create(factories.person(), uid="ks-1")
    with pytest.raises(AccountTaken):
        create(factories.person("李梅"), uid="ks-1")
    create(factories.person("李梅"), uid="ks-1", platform=Platform.DOUYIN)
    create(factories.person("赵兰"), name="无号一")
    create(factories.person("赵兰"), name="无号二")
    assert db.session.scalar(db.select(db.func.count(Shop.id))) == 4
