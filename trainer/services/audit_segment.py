"""Sealing: old events of the audit trail go into encrypted files, and the chain goes on from their closing hash."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import delete, select

from trainer.database import LockKey, db, take_turns
from trainer.domain.actors import Actor
from trainer.domain.audit import Event, Link, first_broken
from trainer.domain.file import FilePurpose
from trainer.errors import Refused
from trainer.models.audit import AuditEvent, AuditSegment
from trainer.models.file import StoredFile
from trainer.queries.audit import Segment, get_sealed_end, last_seq_before, list_segments, walk_chain
from trainer.services import audit
from trainer.services.file import keep_file, read_file

MOST_IN_A_FILE = 20_000


class ChainBroken(Refused):
    """What is not whole is not put away: it is looked into first."""

    code = "audit_chain_broken"


def seal(*, older_than: datetime, by: Actor, at: datetime) -> int:
    """Put the oldest events, at most a file full, into a file; how many, 0 where none is old enough.

    The newest event always stays: the next one is chained to it. Raises ChainBroken.
    """
    take_turns(LockKey.AUDIT)
    last = last_seq_before(older_than, most=MOST_IN_A_FILE)
    if last is None:
        return 0
    events = list(_events_up_to(last))
    start = get_sealed_end()
    broken = first_broken(events, start)
    if broken is not None or not events:
        raise ChainBroken(number=broken or start.seq + 1)
    first, closing = events[0], events[-1]
    content = "".join(event.as_json() + "\n" for event in events).encode()
    name = f"audit-{first.seq}-{closing.seq}.jsonl"
    stored = keep_file(content, name, "application/jsonl", purpose=FilePurpose.AUDIT_SEGMENT, by=by, at=at)
    db.session.add(
        AuditSegment(
            first_seq=first.seq,
            last_seq=closing.seq,
            closing_hash=closing.hash,
            last_at=closing.at,
            file_id=stored.id,
            sealed_at=at,
        )
    )
    told = {"first": first.seq, "last": closing.seq, "closing_hash": closing.hash, "sha256": stored.sha256}
    audit.record("audit.seal", "audit_trail", "-", by=by, at=at, **told)
    db.session.execute(
        delete(AuditEvent).where(AuditEvent.seq <= closing.seq).execution_options(synchronize_session=False)
    )
    return len(events)


def _events_up_to(last: int) -> Iterator[Event]:
    for event in walk_chain():
        if event.seq > last:
            return
        yield event


def read_segment(segment: Segment) -> list[Event]:
    """The events of a sealed file. Raises NotFound where the file is gone, and what decryption raises."""
    stored = db.session.scalar(select(StoredFile).where(StoredFile.id == segment.file_id))
    return [Event.from_json(line) for line in read_file(stored).decode().split("\n")[:-1]]


def walk_everything() -> Iterator[Event]:
    """The whole chain from its first event: the sealed files, then the table."""
    for segment in list_segments():
        yield from read_segment(segment)
    yield from walk_chain()


def first_broken_sealed() -> int | None:
    """The number of the first event in the sealed files that is missing or altered; None where they hold."""
    end = Link()
    for segment in list_segments():
        try:
            events = read_segment(segment)
        except Exception:  # gone, or altered so that it cannot be decrypted
            return segment.first_seq
        broken = first_broken(events, end)
        if broken is not None:
            return broken
        if not events or (events[-1].seq, events[-1].hash) != (segment.last_seq, segment.closing_hash):
            return segment.first_seq
        end = Link(segment.last_seq, segment.closing_hash)
    return None
