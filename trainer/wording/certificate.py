"""Words for certificates."""

from flask_babel import lazy_gettext as _

from trainer.domain.certificate import CertificateState

LABELS = {
    CertificateState: {
        CertificateState.VALID: _("Valid"),
        CertificateState.REPLACED: _("Replaced"),
        CertificateState.REVOKED: _("Revoked"),
    },
}

TONES = {
    CertificateState: {
        CertificateState.VALID: "good",
        CertificateState.REPLACED: "quiet",
        CertificateState.REVOKED: "bad",
    },
}

SENTENCES: dict[str, object] = {}
