"""Background work: the proof bundle of the audit trail for whoever may read it."""

import hashlib
from collections.abc import Iterator

from trainer import clock
from trainer.database import transaction
from trainer.documents.audit import build_bundle
from trainer.domain.audit import Event, Filter
from trainer.domain.background_task import Product
from trainer.jobs.work import Work
from trainer.queries.audit import get_head
from trainer.services import audit
from trainer.services.audit_segment import walk_everything


def run(work: Work) -> Product:
    """Every event up to now is walked once; reports by the way."""
    head, wanted, now = get_head(), Filter.of(work.params["filter"]), clock.now()
    content = build_bundle(_told(work, head.seq if head else 0), wanted, by=work.by.name, at=now)
    with transaction():
        told = {"filter": wanted.words(), "sha256": hashlib.sha256(content).hexdigest()}
        audit.record("audit.bundle", "audit_trail", "-", by=work.by, at=now, **told)
    name = f"审计证明包-{clock.local(now):%Y%m%d-%H%M}.zip"
    return Product(content, "application/zip", name)


def _told(work: Work, last: int) -> Iterator[Event]:
    """Up to the head there was at the beginning: the reports and other people go on writing."""
    for event in walk_everything():
        if event.seq > last:
            return
        if event.seq % 5000 == 0:
            work.report(event.seq, last)
        yield event
