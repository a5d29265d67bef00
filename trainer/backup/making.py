"""Making a backup: the database first, then the files that its rows name, then the manifest."""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, bindparam, text

from trainer import storage
from trainer.backup import archive, copies
from trainer.crypto import keyring
from trainer.errors import Refused


class NoRoom(Refused):
    code = "backup_no_room"


@dataclass(frozen=True)
class Made:
    """A backup; `missing` are files that rows name and the storage folder has not."""

    path: Path
    rows: int
    files: int
    size: int
    missing: list[str]


def make_backup(engine: Engine, folder: Path, *, tools: str, name: str, at: datetime) -> Made:
    """Safe while the site runs. Raises NoRoom, ToolMissing, ToolTooOld, copies.CopyFailed."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _clear_away_broken_off(folder, at)
    _look_for_room(engine, folder)
    path = folder / name
    with tempfile.TemporaryDirectory(prefix="making-", dir=folder) as staging, archive.writing(path) as writer:
        copied = Path(staging) / copies.PART_NAMES[copies.kind_of(engine)]
        facts = copies.copy(engine, copied, tools=tools)
        writer.add_file(copied.name, copied)
        missing = _still_named(engine, _add_stored(writer, facts.stored))
        writer.add_manifest(_describe(engine, facts, missing, at))
    files = len(facts.stored) - len(missing)
    return Made(path, sum(facts.tables.values()), files, path.stat().st_size, missing)


def keep_only(folder: Path, count: int) -> list[Path]:
    """Delete the oldest backups but `count`, at least one stays; returns the deleted."""
    gone = archive.list_backups(folder)[: -max(count, 1)]
    for path in gone:
        path.unlink()
    return gone


def _describe(engine: Engine, facts: copies.Facts, missing: list[str], at: datetime) -> archive.Manifest:
    return archive.Manifest(
        made_at=at.astimezone(UTC).isoformat(timespec="seconds"),
        database=copies.kind_of(engine),
        server=copies.server_version(engine),
        revision=facts.revision,
        demonstration=facts.demonstration,
        tables=facts.tables,
        keys=keyring().check_values(),
        missing=missing,
    )


def _add_stored(writer: archive.Writer, names: list[str]) -> list[str]:
    """Files are written before the row that names them, so a row of the copy has its file; returns those that are not there."""
    missing = []
    for name in names:
        try:
            writer.add(f"files/{name[:2]}/{name}", storage.read(name))
        except FileNotFoundError:
            missing.append(name)
    return missing


def _still_named(engine: Engine, names: list[str]) -> list[str]:
    """Those of `names` whose row is there now too: the others were deleted between the database's copy and the files'."""
    if not names:
        return []
    statement = text("SELECT stored_as FROM stored_files WHERE stored_as IN :names ORDER BY stored_as")
    with engine.connect() as connection:
        found = connection.execute(statement.bindparams(bindparam("names", names, expanding=True)))
        return list(found.scalars())


def _look_for_room(engine: Engine, folder: Path) -> None:
    """The copy and the archive of it stand side by side for a while."""
    stored = sum(path.stat().st_size for path in storage.folder().glob("??/*"))
    needed, free = 2 * copies.database_size(engine) + stored, shutil.disk_usage(folder).free
    if free < needed:
        raise NoRoom(folder=folder, needed=-(-needed // 2**20), free=free // 2**20)


def _clear_away_broken_off(folder: Path, at: datetime) -> None:
    """What a killed process left: older than a day, it is nobody's work any more."""
    for path in [*folder.glob("trainer_*.part"), *folder.glob("making-*")]:
        if at.timestamp() - path.stat().st_mtime > 24 * 3600:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
