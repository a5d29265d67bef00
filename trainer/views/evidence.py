"""Evidence beside a row: looked at before the act that keeps it, and handed out with a word in the audit trail."""

import io

from flask import Response, send_file

from trainer import clock
from trainer.database import transaction
from trainer.services import audit
from trainer.services.evidence import seal_evidence
from trainer.services.file import Sealed, read_file
from trainer.services.reading_room import place
from trainer.views.guards import actor


def sealed(file) -> Sealed | None:
    """What came with a form, looked at in a place of the reading room, before any transaction. Raises UnreadableFile."""
    if not file:
        return None
    with place():
        return seal_evidence(file.read(), file.filename or "")


def evidence_response(stored, kind: str, id_: int) -> Response:
    """A picture or a PDF; that it was looked at is written down."""
    content = read_file(stored)
    with transaction():
        audit.record(f"{kind}.show_evidence", kind, id_, by=actor(), at=clock.now())
    return send_file(io.BytesIO(content), mimetype=stored.mime, download_name=stored.file_name)
