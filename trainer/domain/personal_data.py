"""All that is held about one person, in parts: what her page shows and what she can take away."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum, unique


@unique
class PartName(StrEnum):
    """The parts, in the order they are shown."""

    REGISTER = "register"
    CONSENTS = "consents"
    SIGN_UPS = "sign_ups"
    ENROLMENTS = "enrolments"
    ENROLMENT_HISTORY = "enrolment_history"
    LESSONS = "lessons"
    MARKS = "marks"
    ATTENDANCE_REQUESTS = "attendance_requests"
    WALK_INS = "walk_ins"
    CALLS = "calls"
    SPOT_CHECKS = "spot_checks"
    HAND_INS = "hand_ins"
    SCORES = "scores"
    EXCEPTIONS = "exceptions"
    CERTIFICATES = "certificates"
    SERVICE_HOURS = "service_hours"
    HONOURS = "honours"
    SHOPS = "shops"
    SALES = "sales"
    LIVESTREAMS = "livestreams"
    ORDERS = "orders"
    SETTLEMENTS = "settlements"
    SALES_ENTRIES = "sales_entries"
    SALES_CHECKS = "sales_checks"
    DONATIONS = "donations"
    SALES_FILES = "sales_files"
    APPLICATIONS = "applications"
    RESULTS = "results"
    MESSAGES = "messages"
    DISCLOSURES = "disclosures"
    REQUESTS = "requests"
    FILES = "files"
    SIGN_INS = "sign_ins"


@dataclass(frozen=True)
class Part:
    """Rows of the same kind; each value under the name of its field. Money in fen, moments in UTC."""

    name: PartName
    rows: tuple[Mapping[str, object], ...] = field(repr=False)


def json_ready(value: object) -> object:
    """Moments and days as ISO 8601; what JSON knows stays as it is."""
    return value.isoformat() if hasattr(value, "isoformat") else value
