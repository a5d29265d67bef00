"""Words for saying which column is which: what each figure is called, and why something said cannot be."""

from flask_babel import lazy_gettext as _

LABELS: dict[type, dict] = {}
TONES: dict[type, dict] = {}

FIELDS = {
    "order_id": _("Order number"),
    "sub_order_id": _("Number of the order line"),
    "paid": _("Amount paid"),
    "paid_at": _("Time of payment"),
    "status": _("State of the order"),
    "ordered_at": _("Time of the order"),
    "refund": _("Amount refunded"),
    "after_sale": _("State of after-sale or refund"),
    "settled": _("Amount settled"),
    "product": _("Name of the product"),
    "product_id": _("Number of the product"),
    "spec": _("Variant of the product"),
    "sku_id": _("Number of the variant"),
    "quantity": _("How many pieces"),
    "unit_price": _("Price of one piece"),
    "shipped_at": _("Time of dispatch"),
    "received_at": _("Time of receipt"),
    "live_source": _("Sold in a broadcast or elsewhere"),
    "session_id": _("Number of the broadcast"),
    "host": _("Name of the commission host"),
    "commission": _("Commission"),
    "province": _("Province of the receiver"),
    "started_at": _("When the broadcast began"),
    "ended_at": _("When the broadcast ended"),
    "duration": _("Length of the broadcast"),
    "title": _("Title of the broadcast"),
    "gmv": _("Sold in the broadcast (amount)"),
    "gmv_incl_abnormal": _("Sold, with abnormal trades"),
    "orders": _("Orders of the broadcast"),
    "items": _("Pieces sold in the broadcast"),
    "buyers": _("Buyers of the broadcast"),
    "viewers": _("Viewers (people)"),
    "views": _("Views (times)"),
    "peak_online": _("Most people online"),
    "avg_online": _("People online on average"),
    "product_exposed": _("People who saw a product"),
    "product_clickers": _("People who clicked a product"),
    "new_followers": _("New followers"),
    "ad_spend": _("Spent on traffic"),
    "gpm": _("Amount per thousand views"),
    "per_buyer": _("Amount per buyer"),
    "buyer_rate": _("Share of viewers who bought"),
    "settled_at": _("Time of settlement"),
    "flow_id": _("Number of the movement"),
    "direction": _("Income or expense"),
    "income": _("Income"),
    "expense": _("Fees and costs"),
}

SENTENCES: dict[str, object] = {
    "mapping_unknown_field": _("“%(field)s” is no figure that is read from such a file."),
    "mapping_unknown_heading": _("The file has no column “%(heading)s”. Choose one from the list."),
    "mapping_personal_heading": _(
        "“%(heading)s” is about a person, and such columns are never read. Choose another one, or leave it open."
    ),
    "mapping_heading_twice": _("“%(heading)s” was chosen for two figures: %(fields)s. Leave one of them open."),
    "mapping_field_missing": _("Choose the column for %(fields)s: without it the file cannot be counted."),
    "mapping_not_used": _("The file is not read by what you chose. Look at the kind of file and its columns again."),
}


def field_name(field: str) -> str:
    return str(FIELDS.get(field, field))


def field_names(fields) -> str:
    """One or several fields, where one of them is enough."""
    return " / ".join(field_name(field) for field in ([fields] if isinstance(fields, str) else fields))
