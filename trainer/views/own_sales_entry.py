"""A woman's own typed broadcasts: the list, one typed and handed in, put right, taken back."""

from flask import Blueprint, redirect, render_template, url_for

from trainer.errors import NotFound, Refused
from trainer.forms.sales_entry import build_entry_form
from trainer.permissions import Permission
from trainer.queries.sales_entry import get_own_entry, get_picture, list_own_entries
from trainer.queries.shop import list_shops_of
from trainer.services.file import read_file
from trainer.views.downloads import picture_response
from trainer.views.guards import actor, found, herself, requires
from trainer.views.sales_entry import keep_entry, picture_lost, retract
from trainer.wording import say

pages = Blueprint("own_sales_entry", __name__, url_prefix="/me/sales/entries")


@pages.get("")
@requires(Permission.VIEW_OWN_PROGRESS)
def index():
    """Those to put right first."""
    return render_template(
        "own_sales_entry/index.html", entries=list_own_entries(herself()), has_shop=bool(list_shops_of(herself()))
    )


@pages.route("/new", methods=["GET", "POST"])
@requires(Permission.VIEW_OWN_PROGRESS)
def new():
    """Six numbers and a screenshot, as far as she has them."""
    shops = {shop.id: shop.name for shop in list_shops_of(herself())}
    if not shops:
        return redirect(url_for("own_sales_entry.index"), 303)
    form = build_entry_form(shops=shops.items())
    return _typed_page(form, shop_id=lambda: form.shop_id.data if "shop_id" in form else next(iter(shops)))


@pages.get("/<int:typed_id>")
@requires(Permission.VIEW_OWN_PROGRESS)
def show(typed_id: int):
    row = found(get_own_entry(herself(), typed_id))
    return render_template("own_sales_entry/show.html", row=row, may_change=row.is_changeable_by(actor()))


@pages.route("/<int:typed_id>/edit", methods=["GET", "POST"])
@requires(Permission.VIEW_OWN_PROGRESS)
def edit(typed_id: int):
    row = found(get_own_entry(herself(), typed_id))
    if not row.is_changeable_by(actor()):
        return redirect(url_for("own_sales_entry.show", typed_id=typed_id), 303)
    return _typed_page(build_entry_form(entry=row), row=row)


def _typed_page(form, *, row=None, shop_id=lambda: 0):
    error = None
    if form.validate_on_submit():
        try:
            entry_id, refused = keep_entry(form, shop_id=shop_id(), entry_id=row and row.id)
        except NotFound:
            raise
        except Refused as refusal:
            error = refusal
        else:
            place = "own_sales_entry.edit" if refused else "own_sales_entry.show"
            return redirect(url_for(place, typed_id=entry_id), 303)
    page = render_template(
        "own_sales_entry/form.html",
        **{"form": form, "row": row, "picture_lost": picture_lost(form, error)},
        error=say(error) if error else None,
    )
    return page, error.status if error else 422 if form.errors else 200


@pages.post("/<int:typed_id>/take-back")
@requires(Permission.VIEW_OWN_PROGRESS)
def take_back(typed_id: int):
    found(get_own_entry(herself(), typed_id))
    retract(typed_id)
    return redirect(url_for("own_sales_entry.index"), 303)


@pages.get("/<int:typed_id>/picture")
@requires(Permission.VIEW_OWN_PROGRESS)
def picture(typed_id: int):
    found(get_own_entry(herself(), typed_id))
    return picture_response(read_file(found(get_picture(typed_id))), f"broadcast-{typed_id}")
