"""Words for honours."""

from flask_babel import lazy_gettext as _

from trainer.domain.honour import HonourKind

LABELS = {
    HonourKind: {
        HonourKind.PERSON: _("Person"),
        HonourKind.PROJECT: _("Project"),
    },
}

TONES = {}

SENTENCES: dict[str, object] = {}
