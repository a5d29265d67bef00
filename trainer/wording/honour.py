"""Words for honours."""

from flask_babel import lazy_gettext as _

from trainer.domain.honour import HonourKind, HonourState

LABELS = {
    HonourKind: {
        HonourKind.PERSON: _("Person"),
        HonourKind.PROJECT: _("Project"),
    },
    HonourState: {
        HonourState.DRAFT: _("Not published yet"),
        HonourState.PUBLISHED: _("On the public list"),
        HonourState.WITHDRAWN: _("Taken from the list"),
    },
}

TONES = {
    HonourState: {
        HonourState.DRAFT: "attention",
        HonourState.PUBLISHED: "good",
        HonourState.WITHDRAWN: "quiet",
    },
}

SENTENCES: dict[str, object] = {
    "honour_stands": _("“%(title)s” of %(year)s is entered already for the same name."),
    "honour_not_draft": _(
        "It is settled already: %(state)s. Take it from the list and enter it anew where words are wrong."
    ),
    "honour_withdrawn": _("It was taken from the list. Enter it anew where it should stand there again."),
    "honour_reason_missing": _("Please write why it is taken from the list."),
}
