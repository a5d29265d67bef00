"""Words for service hours."""

from flask_babel import lazy_gettext as _

from trainer.domain.service_hours import ServiceKind, ServiceState

LABELS = {
    ServiceKind: {
        ServiceKind.MENTORING: _("Mentoring"),
        ServiceKind.VOLUNTEERING: _("Volunteering"),
        ServiceKind.PEER_HELP: _("Helping another woman"),
        ServiceKind.SITE_VISIT: _("Guiding visitors"),
        ServiceKind.OTHER: _("Other help"),
    },
    ServiceState: {
        ServiceState.PROPOSED: _("To be approved"),
        ServiceState.APPROVED: _("Approved"),
        ServiceState.REFUSED: _("Not approved"),
        ServiceState.TAKEN_BACK: _("Taken back"),
    },
}

TONES = {
    ServiceState: {
        ServiceState.PROPOSED: "attention",
        ServiceState.APPROVED: "good",
        ServiceState.REFUSED: "bad",
        ServiceState.TAKEN_BACK: "quiet",
    },
}

SENTENCES: dict[str, object] = {}
