"""Words for products: categories, seasons in words, refusals."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from trainer.domain.product import ProductCategory, Season

LABELS = {
    ProductCategory: {
        ProductCategory.FRUIT: _("Fruit"),
        ProductCategory.VEGETABLES: _("Vegetables and mushrooms"),
        ProductCategory.GRAIN_AND_OIL: _("Grain and oil"),
        ProductCategory.MEAT_AND_EGGS: _("Meat, eggs and milk"),
        ProductCategory.DRIED_GOODS: _("Dried goods and nuts"),
        ProductCategory.TEA_AND_HERBS: _("Tea, herbs and honey"),
        ProductCategory.PREPARED_FOOD: _("Prepared food"),
        ProductCategory.HANDICRAFT: _("Handicraft"),
        ProductCategory.CLOTHING: _("Clothing and bedding"),
        ProductCategory.OTHER: _("Other goods"),
    },
}

TONES: dict[type, dict] = {}

SENTENCES: dict[str, object] = {
    "product_none_ticked": _("Tick at least one product, then choose a category or a season."),
    "product_nothing_said": _("Choose a category or a season for the products you ticked."),
}

MONTHS = (
    *(_("January"), _("February"), _("March"), _("April"), _("May"), _("June"), _("July"), _("August")),
    *(_("September"), _("October"), _("November"), _("December")),
)


def month_words(month: int) -> str:
    return str(MONTHS[month - 1])


def season_words(season: Season | None) -> str:
    """9月—次年2月; a dash where none is known."""
    if season is None:
        return "—"
    if season.is_whole_year:
        return gettext("the whole year")
    first, last = month_words(season.first), month_words(season.last)
    if season.first == season.last:
        return first
    if season.crosses_new_year:
        return gettext("%(first)s–%(last)s of the next year", first=first, last=last)
    return gettext("%(first)s–%(last)s", first=first, last=last)
