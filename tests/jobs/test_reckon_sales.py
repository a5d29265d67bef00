"""Reckoning sales that changed: a shop that cannot be reckoned holds up no other."""

import pytest

from tests import factories
from tests.factories import AT
from trainer.database import db, transaction
from trainer.jobs import reckon_sales
from trainer.models import Shop
from trainer.services import sales_reckoning
from trainer.services.shop_lock import touch


def test_a_shop_that_fails_holds_up_no_other(app, monkeypatch):
    broken, whole = (factories.shop(factories.person(), name=name).id for name in ("坏", "好"))
    with transaction():
        for shop_id in (broken, whole):
            touch(db.session.get(Shop, shop_id), at=AT)

    def attribute(shop_id, _at):
        if shop_id == broken:
            raise RuntimeError("no luck")

    monkeypatch.setattr(sales_reckoning, "STEPS", (attribute,))
    with pytest.raises(reckon_sales.SomeFailed, match=f"1/2; shop {broken}: RuntimeError"):
        reckon_sales.run({})
    assert sales_reckoning.list_waiting() == [broken]
