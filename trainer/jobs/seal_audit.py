"""Seal the events of the audit trail that are older than the settings keep at hand."""

from collections.abc import Mapping
from datetime import timedelta

from trainer import clock
from trainer.database import transaction
from trainer.domain.actors import SYSTEM
from trainer.domain.jobs import tell
from trainer.services.audit_segment import seal


def run(settings: Mapping[str, object]) -> str:
    """A file a transaction, until none is old enough: what a kill interrupts is done by the next run."""
    now, sealed, files = clock.now(), 0, 0
    while True:
        with transaction():
            count = seal(older_than=now - timedelta(days=settings["AUDIT_RETENTION_DAYS"]), by=SYSTEM, at=now)
        if not count:
            return tell("job_sealed", {"events": sealed, "files": files}) if files else tell("job_nothing_to_do", {})
        sealed, files = sealed + count, files + 1
