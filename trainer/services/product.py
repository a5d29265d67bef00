"""Products: kept in step with the order lines that name them, sorted by their names until a person sorts them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.product import ProductCategory, Season, Sorting, suggest
from trainer.errors import NotFound, Refused
from trainer.models.product import Product
from trainer.models.sales import Shop
from trainer.queries.product import KnownProduct, list_known_products, list_named_products
from trainer.services import audit
from trainer.services.shop_lock import touch


class NothingTicked(Refused):
    code = "product_none_ticked"


class NothingSaid(Refused):
    """Neither a category nor a season."""

    code = "product_nothing_said"


def keep_products(shop_id: int, _at: datetime) -> None:
    """What its order lines name, and nothing else unless a person sorted it; three statements and what changed."""
    known, named = list_known_products(shop_id), list_named_products(shop_id)
    new = [(key, name) for key, name in named.items() if key not in known]
    if new:
        rows = [{"key": key, "name": name, "category": suggest(name)} for key, name in new]
        facts = {"shop_id": shop_id, "version": 1}
        db.session.execute(insert(Product.__table__), [row | facts for row in rows])
    if gone := [one.id for key, one in known.items() if key not in named and not one.is_sorted]:
        db.session.execute(delete(Product).where(Product.id.in_(gone), Product.sorted_by.is_(None)))
    _rename(named, known)


def _rename(named: dict[str, str], known: dict[str, KnownProduct]) -> None:
    """The name follows the files; the category follows the name only where nobody has said one."""
    for key, one in known.items():
        name = named.get(key, one.name)
        if one.is_sorted:
            facts: dict = {"name": name} if name != one.name else {}
        else:
            said = {"name": name, "category": suggest(name)}
            facts = said if (name, said["category"]) != (one.name, one.category) else {}
        if facts:
            unsorted = () if one.is_sorted else (Product.sorted_by.is_(None),)
            db.session.execute(update(Product).where(Product.id == one.id, *unsorted).values(**facts))


def sort_products(product_ids: Iterable[int], sorting: Sorting, *, by: Actor, at: datetime) -> int:
    """Category, season or both of several at once; from here on the names say nothing. Returns how many changed.

    Raises NothingTicked, NothingSaid, NotFound.
    """
    wanted = sorted(set(product_ids))
    if not wanted:
        raise NothingTicked()
    if sorting.says_nothing:
        raise NothingSaid()
    shops, products = _hold(wanted)
    before = {one.id: _facts(one) for one in products}
    for one in products:
        _sort(one, sorting)
        one.sorted_by = by.account_id
    changed = [one for one in products if _facts(one) != before[one.id]]
    for shop in shops:
        if any(one.shop_id == shop.id and one.category != before[one.id]["category"] for one in changed):
            touch(shop, at=at)  # the checks compare by category: they are reckoned anew
    shown = {"category": _said(sorting.category), "season": _said(sorting.season)}
    was = [[one_id, *facts.values()] for one_id, facts in before.items()]
    audit.record("product.sort", "product", wanted[0], by=by, at=at, before={"products": was}, after=shown)
    return len(changed)


def _hold(product_ids: Sequence[int]) -> tuple[list[Shop], list[Product]]:
    """Their shops first, as the reckoning does that keeps them in step."""
    of_them = select(Product.shop_id).where(Product.id.in_(product_ids))
    shops = select(Shop).where(Shop.id.in_(of_them)).order_by(Shop.id).with_for_update(of=Shop)
    held = list(db.session.scalars(shops, execution_options={"populate_existing": True}))
    rows = select(Product).where(Product.id.in_(product_ids)).order_by(Product.id).with_for_update()
    products = list(db.session.scalars(rows, execution_options={"populate_existing": True}))
    if len(products) != len(product_ids):
        raise NotFound()
    return held, products


def _sort(one: Product, sorting: Sorting) -> None:
    if sorting.category is not None:
        one.category = sorting.category if isinstance(sorting.category, ProductCategory) else None
    if sorting.season is not None:
        season = sorting.season if isinstance(sorting.season, Season) else None
        one.season_from, one.season_to = (season.first, season.last) if season else (None, None)


def _facts(one: Product) -> dict[str, object]:
    return {"category": one.category, "season_from": one.season_from, "season_to": one.season_to}


def _said(value: object) -> object:
    return [value.first, value.last] if isinstance(value, Season) else value
