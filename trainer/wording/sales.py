"""Words for platforms, shops, sales figures, how far they can be trusted, and what is odd in a platform's file."""

from flask_babel import lazy_gettext as _

from trainer.domain.sales import OrderStatus, Platform, RefundBasis, SalesKind, ShopRole, TrustBasis

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
    ShopRole: {
        ShopRole.OWN: _("Her own goods"),
        ShopRole.HOST: _("Goods of others, for a commission"),
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
        OrderStatus.CLOSED: _("Order closed"),
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
    "natural_key": _("Number on the platform"),
    "session_key": _("Number of the broadcast"),
    "ended_at": _("Ended at"),
    "gmv_exact": _("Gross printed exactly"),
    "gmv_measure": _("What the gross counts"),
    "buyers": _("Buyers"),
    "items": _("Pieces sold"),
    "views": _("Visits"),
    "peak_online": _("Most at once"),
    "avg_online": _("Present on average"),
    "product_exposed": _("Saw a product"),
    "product_clickers": _("Clicked a product"),
    "new_followers": _("New followers"),
    "ad_spend_fen": _("Spent on traffic"),
    "stated_gpm_fen": _("Gross per 1,000 visits as stated"),
    "stated_per_buyer_fen": _("Gross per buyer as stated"),
    "stated_buyer_rate_bp": _("Buyers of viewers as stated, 1/100 %"),
    "product_key": _("Product number"),
    "sku": _("Variant"),
    "shipped_at": _("Shipped at"),
    "received_at": _("Received at"),
    "commission_fen": _("Commission"),
    "is_gift": _("A gift"),
    "host": _("Commission host"),
    "parcel": _("Parcel (digest)"),
    "empty_parcel": _("Remark names an empty parcel"),
    "settled_at": _("Settled at"),
    "income_fen": _("Income"),
    "fees_fen": _("Fees"),
    "trust": _("Trust level"),
}

SENTENCES: dict[str, object] = {
    # Refusals.
    "shop_exists": _("She already has a shop named %(name)s on this platform."),
    "shop_account_taken": _("This account number already stands with a shop. One account belongs to one shop."),
    "sales_other_platform": _(
        "This is a file of %(file)s, but the shop is on %(shop)s. Open the shop it belongs to and upload it there."
    ),
    "sales_already_imported": _(
        "This very file was taken in on %(on)s already (import %(batch)s). Nothing was changed."
    ),
    "sales_reach_impossible": _(
        "A file of orders or broadcasts tells of days from its last row (%(first)s) up to the day on which it was sent in (%(last)s). Please name one of them, or leave the field empty."
    ),
    "sales_nothing_to_take_in": _(
        "Everything in this file is known already, or cannot be taken in. Nothing was changed."
    ),
    "sales_year_open": _("The list prints no year. Say first when these broadcasts were."),
    "sales_file_of_host": _(
        "This file lists orders of other shops, sold for a commission; “%(shop)s” sells its own goods. Take it in for her "
        "account that sells for a commission, or change the kind of this shop first."
    ),
    "sales_accounts_unknown": _(
        "The file names the account %(accounts)s; this shop is called %(shop)s. Tick that it is hers, or give the file up."
    ),
    "sales_month_locked": _(
        "What this file brought lies in a month whose figures are approved. The month has to be unlocked first."
    ),
    "month_locked": _(
        "The figures of this month are approved; nothing in it is changed. Have the month unlocked first."
    ),
    "replaces_typed": _(
        "This broadcast was typed in; the file's figures take its place, what was typed stays readable."
    ),
    "import_not_open": _("This import is no longer waiting for that: %(state)s."),
    "no_such_shop": _("There is no shop with the number %(shop)s."),
    # What the import itself finds of a row.
    "belongs_to_another_shop": _(
        "This stands with another shop already. Find out whose it is before anything is counted."
    ),
    "older_or_newer": _(
        "Differs from what is known, and the file does not show which is the newer one. "
        "Nothing is changed unless you say so."
    ),
    "counted_in_another_file": _(
        "This order came in with another kind of file, which counts it in another way; it is not counted twice."
    ),
    "older_than_known": _("An older state than the one known; the newer one was kept."),
    "abnormal_share": _(
        "The platform counts %(percent)s%% of the amount as abnormal trades. To be looked at; "
        "group purchases and festivals can be the reason."
    ),
    # What reading a file finds in its cells and rows.
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
