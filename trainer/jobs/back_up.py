"""Make a backup, and delete the oldest that are too many."""

import logging
from collections.abc import Mapping
from pathlib import Path

from trainer import clock
from trainer.backup.archive import file_name
from trainer.backup.making import Made, keep_only, make_backup
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM
from trainer.domain.jobs import tell
from trainer.services import audit

log = logging.getLogger(__name__)


class FilesMissing(Exception):
    """The backup was made, without files that the database names: the storage folder has lost them."""


def make(settings: Mapping[str, object], folder: Path) -> Made:
    """A backup in `folder`, and its trace in the audit."""
    now = clock.now()
    name = file_name(clock.local(now))
    made = make_backup(db.engine, folder, tools=settings["POSTGRESQL_BIN"], name=name, at=now)
    with transaction():
        audit.record(
            "backup.make", "backup", name, by=SYSTEM, at=clock.now(), rows=made.rows, missing=len(made.missing)
        )
    return made


def run(settings: Mapping[str, object]) -> str:
    """Raises FilesMissing after a backup that is not complete."""
    folder = Path(settings["BACKUP_FOLDER"])
    made = make(settings, folder)
    gone = keep_only(folder, settings["BACKUPS_KEPT"])
    if made.missing:
        raise FilesMissing(f"{made.path.name}: {len(made.missing)} files missing, the first is {made.missing[0]}")
    size = {"megabytes": f"{made.size / 2**20:.1f}", "rows": made.rows, "files": made.files}
    return tell("job_backed_up", {"name": made.path.name, **size, "deleted": len(gone)})
