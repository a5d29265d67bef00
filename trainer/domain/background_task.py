"""Background tasks: work too long for a request, its kinds and states, and what it ends in."""

from dataclasses import dataclass
from enum import StrEnum


class TaskKind(StrEnum):
    PEOPLE_EXPORT = "people_export"
    ROSTER_COMMIT = "roster_commit"
    SALES_READ = "sales_read"
    SALES_COMMIT = "sales_commit"
    SLIPS = "slips"
    AUDIT_BUNDLE = "audit_bundle"
    LETTER = "letter"
    CERTIFICATES = "certificates"
    CERTIFICATE_SHEETS = "certificate_sheets"
    DOSSIER = "dossier"


class TaskState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CALLED_OFF = "called_off"


LIVE = (TaskState.WAITING, TaskState.RUNNING)


@dataclass(frozen=True)
class Product:
    """The file that a task ends in."""

    content: bytes
    mime: str
    file_name: str
