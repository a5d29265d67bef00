"""Put the newest backup back into a temporary place, and see whether everything is there."""

import secrets
from collections.abc import Mapping
from pathlib import Path

from trainer.backup import copies
from trainer.backup.archive import Manifest, list_backups
from trainer.backup.restoring import (
    CountsDiffer,
    KeysMissing,
    compare,
    may_create_databases,
    missing_keys,
    temporary_database,
    unpacked,
)
from trainer.database import db
from trainer.domain.audit import first_broken
from trainer.domain.jobs import tell
from trainer.errors import Refused
from trainer.queries.audit import get_sealed_end, walk_chain


class NoBackup(Refused):
    code = "backup_none"


class ChainBroken(Exception):
    """The audit chain of the backup does not hold."""


def run(settings: Mapping[str, object]) -> str:
    """Raises what is wrong with the newest backup: none there, damaged, keys or rows missing, the chain broken."""
    folder = Path(settings["BACKUP_FOLDER"])
    backups = list_backups(folder)
    if not backups:
        raise NoBackup(folder=folder)
    with unpacked(backups[-1], near=folder) as (manifest, parts):
        if lost := missing_keys(manifest):
            raise KeysMissing(keys=", ".join(lost))
        code = _rehearse(manifest, parts, settings["POSTGRESQL_BIN"])
    return tell(code, {"name": backups[-1].name, "rows": manifest.rows})


def _rehearse(manifest: Manifest, parts: Path, tools: str) -> str:
    """Which sentence tells how far it could be tried."""
    copied = parts / copies.PART_NAMES[manifest.database]
    if manifest.database == copies.SQLITE:
        compare(manifest, copies.check_sqlite(copied))
        with copies.open_sqlite(copied) as connection:
            return _look_at_chain(manifest, connection)
    if not may_create_databases(db.engine):
        return _look_at_contents(manifest, copied, tools)
    with temporary_database(db.engine, f"rehearsal_{secrets.token_hex(4)}") as temporary:
        copies.put_back_postgresql(copied, temporary, tools=tools)
        with temporary.connect() as connection:
            compare(manifest, copies.get_facts(connection))
            return _look_at_chain(manifest, connection)


def _look_at_chain(manifest: Manifest, connection: copies.Connection) -> str:
    with db.engine.connect() as live:
        if copies.get_facts(live).revision != manifest.revision:
            return "job_rehearsed_without_chain"
    broken = first_broken(walk_chain(connection), get_sealed_end(connection))
    if broken is not None:
        raise ChainBroken(f"broken at {broken}")
    return "job_rehearsed"


def _look_at_contents(manifest: Manifest, copied: Path, tools: str) -> str:
    listed = copies.list_dumped_tables(copied, db.engine, tools=tools)
    if listed != set(manifest.tables):
        raise CountsDiffer(f"tables {', '.join(sorted(listed ^ set(manifest.tables)))}")
    return "job_rehearsed_by_contents"
