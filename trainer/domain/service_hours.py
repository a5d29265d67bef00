"""Service hours: kinds of help, and where an entry of the ledger stands."""

from enum import StrEnum


class ServiceKind(StrEnum):
    MENTORING = "mentoring"
    VOLUNTEERING = "volunteering"
    PEER_HELP = "peer_help"
    SITE_VISIT = "site_visit"
    OTHER = "other"


class ServiceState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
