"""Words for panels: invitations to evaluators and conflicts of interest."""

from flask_babel import lazy_gettext as _

from trainer.domain.panel import ConflictKind, ConflictSource, ConflictState, HintKind, SeatState

LABELS = {
    SeatState: {
        SeatState.INVITED: _("Invited, no answer yet"),
        SeatState.ACCEPTED: _("Takes part"),
        SeatState.DECLINED: _("Declined"),
        SeatState.REMOVED: _("Taken off the panel"),
    },
    ConflictKind: {
        ConflictKind.FAMILY: _("Relative or family"),
        ConflictKind.FINANCIAL: _("Money between them"),
        ConflictKind.EMPLOYER: _("Same employer, or one works for the other"),
        ConflictKind.MENTOR_OR_TRAINER: _("Has taught or mentored her"),
        ConflictKind.SAME_VILLAGE: _("Same village"),
        ConflictKind.SUPPLIER_BUYER: _("Sells to her or buys from her"),
        ConflictKind.OTHER: _("Another reason"),
    },
    ConflictSource: {
        ConflictSource.SELF: _("The evaluator herself"),
        ConflictSource.APPLICANT: _("The candidate"),
        ConflictSource.STAFF: _("Staff"),
        ConflictSource.DETECTED: _("Staff, after a hint of the records"),
    },
    HintKind: {
        HintKind.SAME_PERSON: _("The same person in the register"),
        HintKind.SAME_PHONE: _("The same phone number"),
        HintKind.SURNAME_AND_VILLAGE: _("Same surname and same village"),
        HintKind.VILLAGE: _("From the same village"),
        HintKind.TAUGHT_HER: _("Taught or cared for her class"),
        HintKind.MENTOR_OF_COUNTY: _("Mentor of her county"),
        HintKind.ORGANISATION: _("Works at the station she belongs to"),
    },
    ConflictState: {
        ConflictState.RAISED: _("Raised, holds for now"),
        ConflictState.DISPUTED: _("Disputed, holds for now"),
        ConflictState.UPHELD: _("Holds"),
        ConflictState.REJECTED: _("Found to be none"),
    },
}

TONES = {
    SeatState: {
        SeatState.INVITED: "attention",
        SeatState.ACCEPTED: "good",
        SeatState.DECLINED: "bad",
        SeatState.REMOVED: "quiet",
    },
    ConflictState: {
        ConflictState.RAISED: "attention",
        ConflictState.DISPUTED: "attention",
        ConflictState.UPHELD: "bad",
        ConflictState.REJECTED: "quiet",
    },
}

SENTENCES: dict[str, object] = {
    "already_on_panel": _("She was asked already. Make her link anew if she has not answered yet."),
    "panel_settled": _("The result of this round is frozen: who judged in it stands."),
    "asked_herself": _("You prepare this round and know the names. Ask somebody else to judge."),
    "declined_without_reason": _("Please write a reason in a few words."),
    "conflict_held": _("A conflict keeps this evaluator from this candidate already."),
    "own_conflict": _("You raised this conflict yourself, or it is about you. Somebody else must decide."),
    "conflict_decided": _("This was decided already. Nothing was changed."),
    "decision_without_reason": _("Please write why: the reason stays with the decision."),
    "nobody_named": _("Say first which evaluator the candidate means."),
}
