"""Words for paper sheets."""

from flask_babel import lazy_gettext as _

from trainer.domain.paper_sheet import SheetState

LABELS = {
    SheetState: {
        SheetState.WAITING: _("waits for a second person"),
        SheetState.CONFIRMED: _("confirmed"),
        SheetState.RETURNED: _("returned"),
        SheetState.UNDONE: _("taken back"),
    },
}
TONES = {
    SheetState: {
        SheetState.WAITING: "attention",
        SheetState.CONFIRMED: "good",
        SheetState.RETURNED: "quiet",
        SheetState.UNDONE: "quiet",
    },
}
SENTENCES: dict[str, object] = {
    "sheet_number_wrong": _("No sheet has this number. Compare it digit by digit with the paper."),
    "sheet_two_words": _("%(count)s women are ticked both as without a signature and as unclear. Tick one of the two."),
    "sheet_count_differs": _(
        "You counted %(counted)s signatures; by your ticks there are %(ticked)s. Look at the paper once more."
    ),
    "sheet_not_on_the_page": _(
        "The women of this page have changed meanwhile. Open the page afresh and look at the list again."
    ),
    "sheet_entered": _("%(name)s has entered this page already (%(state)s). Look at that entry first."),
    "sheet_photo_missing": _("Take a photograph of this very page first."),
    "sheet_second_person": _("You entered this sheet yourself. Somebody else has to compare and confirm it."),
    "sheet_settled": _("This sheet does not wait any more: %(state)s (%(name)s). Nothing was changed."),
    "sheet_not_confirmed": _("This sheet is not confirmed (any more): there is nothing to take back."),
}
