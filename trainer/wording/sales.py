"""Words for platforms, shops, sales figures, how far they can be trusted, and what is odd in a platform's file."""

from flask_babel import lazy_gettext as _

from trainer.domain.sales import OrderStatus, Platform, RefundBasis, SalesKind, TrustBasis

PLATFORMS = {
    "kuaishou": _("Kuaishou"),
    "douyin": _("Douyin"),
    "taobao": _("Taobao"),
    "wechat_channels": _("WeChat Channels"),
    "pinduoduo": _("Pinduoduo"),
}

LABELS: dict[type, dict] = {
    Platform: {platform: PLATFORMS[platform.value] for platform in Platform},
    SalesKind: {
        SalesKind.LIVE_SESSION: _("Broadcast list"),
        SalesKind.ORDER: _("Order file"),
        SalesKind.SETTLEMENT: _("Settlement file"),
    },
    RefundBasis: {
        RefundBasis.PAYMENT_DAY: _("refunds of what these broadcasts sold"),
        RefundBasis.REFUND_DAY: _("refunds made on those days, of earlier sales too"),
    },
    OrderStatus: {
        OrderStatus.UNKNOWN: _("Not stated"),
        OrderStatus.UNPAID: _("Unpaid"),
        OrderStatus.PAID: _("Paid"),
        OrderStatus.SHIPPED: _("Shipped"),
        OrderStatus.RECEIVED: _("Received"),
        OrderStatus.SETTLED: _("Settled"),
        OrderStatus.CLOSED: _("Closed"),
    },
    TrustBasis: {
        TrustBasis.SELF_REPORT: _("T0 told by herself"),
        TrustBasis.SCREENSHOT: _("T1 typed in, screenshot checked"),
        TrustBasis.BROADCAST_EXPORT: _("T2 broadcast list of the platform"),
        TrustBasis.FRESH_ORDERS: _("T2 order file, some paid less than 30 days ago"),
        TrustBasis.MATURE_ORDERS: _("T3 order file, 30 days after payment"),
        TrustBasis.SETTLEMENT: _("T4 settled by the platform"),
    },
}

TONES: dict[type, dict] = {
    TrustBasis: {
        TrustBasis.SELF_REPORT: "bad",
        TrustBasis.SCREENSHOT: "attention",
        TrustBasis.BROADCAST_EXPORT: "attention",
        TrustBasis.FRESH_ORDERS: "attention",
        TrustBasis.MATURE_ORDERS: "good",
        TrustBasis.SETTLEMENT: "good",
    },
}

# What the columns of a broadcast or an order line are called.
FACTS = {
    "title": _("Title"),
    "started_at": _("Began at"),
    "duration_s": _("Duration"),
    "gmv_fen": _("Gross"),
    "gmv_incl_abnormal_fen": _("Gross with abnormal trades"),
    "refund_fen": _("Refund"),
    "refund_basis": _("Refunds counted by"),
    "orders": _("Orders"),
    "viewers": _("Viewers"),
    "viewers_exact": _("Viewers printed exactly"),
    "product": _("Product"),
    "quantity": _("Pieces"),
    "ordered_at": _("Ordered at"),
    "paid_at": _("Paid at"),
    "paid_fen": _("Paid"),
    "refunded_fen": _("Refunded"),
    "settled_fen": _("Settled"),
    "status": _("State of the order"),
    "is_live": _("Sold in a broadcast"),
    "province": _("Province"),
    "order_key": _("Order number"),
    "trust": _("Trust level"),
}

SENTENCES: dict[str, object] = {
    # Refusals.
    "shop_exists": _("She already has a shop named %(name)s on this platform."),
    "shop_account_taken": _("This account number already stands with a shop. One account belongs to one shop."),
    "sales_other_platform": _(
        "This is a file of %(file)s, but the shop is on %(shop)s. Open the shop it belongs to and upload it there."
    ),
    "sales_settlement_file": _(
        "A settlement file can only be looked into for now (command sales inspect). "
        "Please upload the order file or the broadcast list."
    ),
    "sales_already_imported": _(
        "This very file was taken in on %(on)s already (import %(batch)s). Nothing was changed."
    ),
    "sales_nothing_to_take_in": _(
        "Everything in this file is known already, or cannot be taken in. Nothing was changed."
    ),
    "sales_year_open": _("The list prints no year. Say first when these broadcasts were."),
    "import_not_open": _("This import is no longer waiting for that: %(state)s."),
    "no_such_shop": _("There is no shop with the number %(shop)s."),
    # Rows that are refused.
    "amount_negative": _("An amount below zero. Download the file again from the platform."),
    "bad_id": _("“%(value)s” is no order or broadcast number."),
    "bad_money": _("“%(value)s” cannot be read as an amount of money."),
    "bad_moment": _("“%(value)s” cannot be read as a date and time."),
    "cell_missing": _("This cell is empty, and the row cannot be taken in without it."),
    "figure_too_big": _("“%(value)s” is too large to be right."),
    "id_is_number": _(
        "In the spreadsheet the number has become %(value)s and its last digits are lost. "
        "Download the original file again and upload it without opening and saving it."
    ),
    "key_twice": _("The same number as row %(first)s, but with other figures."),
    # Rows that are left out or need a look.
    "bad_duration": _("“%(value)s” cannot be read as a duration; it was left out."),
    "bad_number": _("“%(value)s” cannot be read as a count; it was left out."),
    "duplicate_row": _("The same as row %(first)s; counted once."),
    "belongs_to_another_shop": _(
        "This stands with another shop already. Find out whose it is before anything is counted."
    ),
    "older_or_newer": _(
        "Differs from what is known, and the file does not show which is the newer one. Nothing is changed unless you say so."
    ),
    "older_than_known": _("An older state than the one known; the newer one was kept."),
    "year_assumed": _("The file prints no year; %(year)s was assumed."),
    "abnormal_share": _(
        "The platform counts %(percent)s%% of the amount as abnormal trades. To be looked at; "
        "group purchases and festivals can be the reason."
    ),
    "closed_taken_as_refunded": _("The order is closed: what was paid is counted as refunded."),
    "column_twice": _("This heading stands over two columns; the first was read."),
    "date_from_order_id": _("No time of payment; the day %(date)s was read from the order number."),
    "ends_before_it_starts": _("It ends before it begins."),
    "figure_above": _("The figure is larger than “%(other)s”, which cannot be."),
    "formula_like_text": _("The text begins like a formula. It is kept as plain text."),
    "gift_money_not_counted": _("A gift: its amount is not counted."),
    "longer_than_a_day": _("Longer than 24 hours."),
    "note_row": _("A line with a note; it was skipped."),
    "order_amount_repeated": _(
        "The amount of the whole order stands on each of its %(lines)s lines; it was shared out."
    ),
    "paid_time_missing": _("The state says paid, but there is no time of payment; the order is not counted as paid."),
    "partial_refund_taken_as_whole": _(
        "Refunded in part, but the file does not say how much: the whole is counted as refunded."
    ),
    "refund_basis_unknown": _("The file does not say whether refunds are counted by day of payment or of refund."),
    "settlement_sum_differs": _("Income less refunds less fees is not what was settled."),
    "sheet_not_read": _("The sheet “%(sheet)s” looks like the same kind of list; it was not read."),
    "total_differs": _(
        "The file's own total is not the sum of its rows. Look whether rows are missing or filtered out."
    ),
    "unknown_after_sale": _("“%(value)s” is not known as a state of an after-sale; nothing was taken as refunded."),
    "unknown_movement": _("“%(value)s” is not known as a kind of money movement."),
    "unknown_status": _("“%(value)s” is not known as a state of an order."),
}
