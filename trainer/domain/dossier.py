"""The training dossier of a cohort: what it may hold, in the order in which offices file it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trainer.domain.attendance import AttendanceStatus, MarkChannel


class DossierPart(StrEnum):
    PLAN = "plan"
    REGISTER = "register"
    SIGN_IN = "sign_in"
    ATTENDANCE = "attendance"
    MARKS = "marks"
    PICTURES = "pictures"
    COMPLETION = "completion"
    CERTIFICATES = "certificates"
    FEEDBACK = "feedback"


# Pictures together are at most so many bytes: the file is put together in memory, and a mailbox has to take it.
MOST_OF_PICTURES = 100 << 20


@dataclass(frozen=True)
class Enclosure:
    """One file of the dossier: its place in the archive, and what it is."""

    path: str
    content: bytes
    note: str = ""


@dataclass(frozen=True)
class MarkLine:
    """One mark as it was made."""

    starts_at: datetime
    lesson: str
    seat: int | None
    name: str
    status: AttendanceStatus | None
    channel: MarkChannel
    at: datetime
    said_at: datetime | None
    by: str | None
    is_office: bool
    rules: bool
    reason: str


@dataclass(frozen=True)
class Picture:
    """A picture of a class or of a signed sheet; `number` counts within its lesson."""

    starts_at: datetime
    lesson: str
    is_sheet: bool
    number: int
    stored_as: str
    size: int
