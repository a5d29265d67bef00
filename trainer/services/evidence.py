"""Evidence beside a row: looked at and sealed before the act, kept within it."""

from datetime import datetime

from trainer.domain.actors import Actor
from trainer.domain.file import FilePurpose
from trainer.domain.material import MaterialKind, clean_name, file_type
from trainer.errors import UnreadableFile
from trainer.services.file import Sealed, keep_sealed, seal
from trainer.services.picture import LARGEST, redraw


def seal_evidence(content: bytes, file_name: str) -> Sealed:
    """A picture, drawn anew, or a PDF, whatever it is called; before the act that keeps it. Raises UnreadableFile."""
    found = file_type(content)
    if found.kind not in (MaterialKind.PICTURE, MaterialKind.PDF):
        raise UnreadableFile("evidence_type")
    if len(content) > LARGEST:
        raise UnreadableFile("picture_too_large", most=LARGEST >> 20)
    if found.kind is MaterialKind.PICTURE:
        content = redraw(content)
    return seal(content, clean_name(file_name, found.ending), found.mime)


def keep_evidence(
    evidence: Sealed | None, purpose: FilePurpose, *, person_id: int | None = None, by: Actor, at: datetime
) -> int | None:
    """What the row is to point at; nothing where nothing came."""
    if evidence is None:
        return None
    return keep_sealed(evidence, purpose=purpose, person_id=person_id, by=by, at=at).id
