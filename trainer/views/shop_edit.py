"""Putting right what is known of a shop: its name, its account, what it sells, since when."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.errors import NotFound, Refused
from trainer.forms.shop import ShopFacts
from trainer.permissions import Permission
from trainer.queries.shop import get_shop_for
from trainer.services import shop as shops
from trainer.views.guards import actor, found, requires
from trainer.wording import say

pages = Blueprint("shop_edit", __name__)


@pages.route("/shops/<int:shop_id>/edit", methods=["GET", "POST"])
@requires(Permission.IMPORT_SALES)
def edit(shop_id: int):
    shop = found(get_shop_for(actor(), Permission.IMPORT_SALES, shop_id))
    form, error = ShopFacts(obj=shop), None
    if form.validate_on_submit():
        facts = {name: form[name].data for name in ("name", "account_uid", "role", "opened_on")}
        try:
            with transaction():
                shops.update_shop(shop.id, **facts, by=actor(), at=clock.now())
        except NotFound:
            raise
        except Refused as refused:
            error = say(refused)
        else:
            flash(_("Saved."))
            return redirect(url_for("shop.show", shop_id=shop.id), 303)
    return render_template("shop/edit.html", form=form, error=error, shop=shop), 422 if form.errors or error else 200
