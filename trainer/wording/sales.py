"""Words for platforms, shops and sales figures."""

from flask_babel import lazy_gettext as _

PLATFORMS = {
    "kuaishou": _("Kuaishou"),
    "douyin": _("Douyin"),
    "taobao": _("Taobao"),
    "wechat_channels": _("WeChat Channels"),
    "pinduoduo": _("Pinduoduo"),
}

LABELS: dict[type, dict] = {}

TONES: dict[type, dict] = {}

SENTENCES: dict[str, object] = {
    "cell_missing": _("This cell must not be empty."),
    "bad_money": _("“%(value)s” cannot be read as an amount of money."),
    "bad_number": _("“%(value)s” cannot be read as a number; the figure was left out."),
    "bad_duration": _("“%(value)s” cannot be read as a length of time; it was left out."),
    "bad_moment": _("“%(value)s” cannot be read as a date and time."),
    "bad_id": _("“%(value)s” cannot be read as a number of an order or broadcast."),
    "figure_too_big": _("“%(value)s” is too large to be right."),
    "id_is_number": _(
        "The spreadsheet has turned this number into a figure and lost its last digits. Download the "
        "original file again and upload it unopened."
    ),
    "amount_negative": _("This amount must not be below zero."),
    "key_twice": _("The same number stands in row %(first)s with other figures. Only that row was taken."),
    "duplicate_row": _("This repeats row %(first)s; it was counted once."),
    "year_assumed": _("The date has no year; %(year)s was taken. Check it."),
    "refund_basis_unknown": _(
        "The heading does not say whether refunds are counted by the day of payment or of refund. They "
        "are kept apart until somebody knows."
    ),
    "longer_than_a_day": _("The broadcast would have lasted longer than a day. Check it."),
    "ends_before_it_starts": _("The broadcast would have ended before it began. Check it."),
    "figure_above": _("This figure is above “%(other)s”, which cannot be. Check it."),
    "unknown_status": _("The order status “%(value)s” is not known; nothing was concluded from it."),
    "unknown_after_sale": _("The after-sale status “%(value)s” is not known; no refund was taken off."),
    "paid_time_missing": _("The order is on its way but has no time of payment; it was not counted as paid."),
    "closed_taken_as_refunded": _(
        "The order was paid and then closed without a refund amount; all of it was taken as refunded."
    ),
    "partial_refund_taken_as_whole": _("Part of it was refunded, but not how much; all of it was taken as refunded."),
    "order_amount_repeated": _(
        "The amount of the whole order stands on each of its %(lines)s lines; it was shared out and counted once."
    ),
    "gift_money_not_counted": _("This is a gift line; its amount was not counted."),
    "date_from_order_id": _("There is no time; the day %(date)s was read from the order number."),
    "unknown_movement": _("The kind of movement “%(value)s” is not known. Check whether it is income or cost."),
    "settlement_sum_differs": _(
        "Income less refund and fees does not give the settled amount. The settled amount was taken."
    ),
    "total_differs": _(
        "The file's total row differs from the sum of the rows that were read. Rows may be missing or faulty."
    ),
    "note_row": _("This row holds only a note and was passed over."),
    "sheet_not_read": _("The sheet “%(sheet)s” looks alike and was not read. Upload it as a file of its own."),
    "column_twice": _("This heading occurs twice; the first column was read."),
    "formula_like_text": _("This text begins like a formula. It is kept as plain text."),
}
