"""Words for people."""

from flask_babel import lazy_gettext as _

from trainer.domain.person import PersonKind

LABELS = {
    PersonKind: {
        PersonKind.FARMER: _("Farmer"),
        PersonKind.RETURNEE: _("Came back to start a business"),
        PersonKind.SHOPKEEPER: _("Keeps a shop"),
        PersonKind.COMMUNITY_WORKER: _("Community worker"),
        PersonKind.MEDICAL_WORKER: _("Village health worker"),
        PersonKind.CADRE: _("Federation cadre"),
        PersonKind.OTHER: _("Other"),
    },
}

TONES = {}

SENTENCES: dict[str, object] = {}
