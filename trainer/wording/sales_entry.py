"""Words for typed broadcasts."""

from flask_babel import lazy_gettext as _

from trainer.domain.sales_entry import EntryState

LABELS = {
    EntryState: {
        EntryState.DRAFT: _("Draft"),
        EntryState.SUBMITTED: _("Waits for a second person"),
        EntryState.CHECKED: _("Checked with the picture"),
        EntryState.RETURNED: _("To be put right"),
        EntryState.REPLACED: _("Replaced by a file"),
        EntryState.TAKEN_BACK: _("Taken back"),
    },
}

TONES = {
    EntryState: {
        EntryState.DRAFT: "quiet",
        EntryState.SUBMITTED: "attention",
        EntryState.CHECKED: "good",
        EntryState.RETURNED: "bad",
        EntryState.REPLACED: "good",
        EntryState.TAKEN_BACK: "quiet",
    },
}

SENTENCES: dict[str, object] = {
    "sales_entry_no_start": _("The day and the time at which the broadcast began are missing. Please fill them in."),
    "sales_entry_no_amount": _("The amount sold is missing. If nothing was sold, type 0."),
    "sales_entry_no_picture": _("The screenshot is missing. Please choose the picture with the figures."),
    "sales_entry_future": _("This moment has not come yet. Look at the day and the time once more."),
    "sales_entry_still_on": _("By this duration the broadcast is not over yet. Type the figures when it is over."),
    "sales_entry_too_early": _("This is before 2016. Look at the year once more."),
    "sales_entry_duration": _(
        "A broadcast lasts at least a minute and at most 24 hours. Look at the duration once more."
    ),
    "sales_entry_orders_above_viewers": _(
        "These are more orders than people who watched. Look at both numbers once more."
    ),
    "sales_entry_in_file": _(
        "A file of the platform has brought this broadcast already (%(start)s). It need not be typed in: nothing was counted "
        "twice."
    ),
    "sales_entry_typed_before": _(
        "This broadcast (%(start)s) was typed in before. Look at that one; nothing was counted twice."
    ),
    "sales_entry_month_locked": _(
        "The sales of this month are approved and do not change any more. If something is wrong, ask the office to open the "
        "month again."
    ),
    "sales_entry_moved": _("This cannot be done any more: it stands as “%(state)s” now."),
    "sales_entry_own": _("It is yours, or you typed it. Somebody else compares it with the picture."),
    "sales_entry_reason_missing": _("Write what is wrong: she reads it."),
    "sales_entry_retype": _("Type the amount that you read on the picture first."),
}
