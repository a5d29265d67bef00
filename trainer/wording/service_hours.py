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

SENTENCES: dict[str, object] = {
    "service_nobody": _("Tick at least one name."),
    "service_future": _("%(day)s has not come yet. Help is entered when it was given."),
    "service_day_too_long": _(
        "With what is entered for %(day)s already, this would be more than 24 hours in one day: %(names)s. Look at the "
        "day and the hours."
    ),
    "service_entered_already": _(
        "The same kind of help with the same hours on %(day)s is entered already: %(names)s. If it was given twice, tick "
        "“It was so” and send again."
    ),
    "service_own_entry": _(
        "Two people: whoever entered it and whoever helped cannot decide. Somebody else has to: %(names)s."
    ),
    "service_decided": _("This is dealt with already: %(state)s. Open it again to see by whom."),
    "service_too_many_to_export": _(
        "These are more than %(most)s entries. Choose a year, a county or a kind, then export."
    ),
    "service_reason_missing": _("Please write a reason: she reads it, and it stays in the ledger."),
    "service_tariff_too_early": _(
        "Help of this kind is approved up to %(day)s, and its points are fixed. The new rate has to begin after that day."
    ),
}

TITLE = _("Ledger of service hours")
APPROVED_SUM = _("Approved in all")
HEADINGS = {
    "number": _("No."),
    "day": _("Day"),
    "name": _("Name"),
    "region": _("County"),
    "kind": _("Kind of help"),
    "hours": _("Hours of help"),
    "points": _("Service points"),
    "state": _("State"),
    "cohort": _("Cohort that was helped"),
    "words": _("What was done"),
    "entered_by": _("Entered by"),
    "decided_by": _("Approved or refused by"),
}
DEFINITIONS = (
    _(
        "Hours: as entered. The sum counts approved entries only; what waits, was refused or taken back is listed, not counted."
    ),
    _(
        "Points: hours × points an hour by the tariff of the day of the help, half a point up, fixed when it was approved."
    ),
    _("Approved by two people: never by whoever entered it or whoever helped."),
)
