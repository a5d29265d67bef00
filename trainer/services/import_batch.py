"""An import's batch, whatever is imported: held for one act, and given up before anything of it was taken in."""

from datetime import datetime

from sqlalchemy import delete, select

from trainer.database import LockKey, db, take_turns
from trainer.domain.actors import Actor
from trainer.domain.imports import BatchClosed, BatchState, ImportKind
from trainer.errors import NotFound
from trainer.models.imports import ImportBatch, ImportRow
from trainer.services import audit


def hold_batch(batch_id: int, kind: ImportKind) -> ImportBatch:
    """To be changed by us alone, and by no erasure beside us. Lists are written one after the other: two files that name
    the same new woman would otherwise both make her, where she has no ID number. Raises NotFound."""
    take_turns(LockKey.ROSTER)
    held = select(ImportBatch).where(ImportBatch.id == batch_id, ImportBatch.kind == kind).with_for_update()
    batch = db.session.scalar(held.execution_options(populate_existing=True))
    if batch is None:
        raise NotFound()
    return batch


def discard_batch(batch: ImportBatch, action: str, *, by: Actor, at: datetime) -> None:
    """What its rows said is forgotten. Doing it twice is harmless. Raises BatchClosed."""
    if batch.state is BatchState.DISCARDED:
        return
    if batch.state is not BatchState.PREVIEWED:
        raise BatchClosed()
    batch.state = BatchState.DISCARDED
    db.session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))
    audit.record(action, "import_batch", batch.id, by=by, at=at)
