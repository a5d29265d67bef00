"""Putting a backup back into an empty place: everything is looked at before anything is touched."""

import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from trainer import storage
from trainer.backup import archive, copies
from trainer.crypto import keyring
from trainer.errors import Refused


class PlaceNotEmpty(Refused):
    code = "restore_place_not_empty"


class OtherDatabase(Refused):
    code = "restore_other_database"


class NewerRelease(Refused):
    code = "restore_newer_release"


class KeysMissing(Refused):
    """Without them phone numbers, ID numbers and stored files cannot be read."""

    code = "restore_keys_missing"


class InventedAndReal(Refused):
    code = "restore_other_mode"


class CountsDiffer(Exception):
    """What was put back is not what the manifest says."""


def refuse_unless_empty(engine: Engine) -> None:
    """Raises PlaceNotEmpty where anybody has an account."""
    if not inspect(engine).has_table("accounts"):
        return
    with engine.connect() as connection:
        if connection.execute(text("SELECT 1 FROM accounts LIMIT 1")).scalar():
            raise PlaceNotEmpty()


@contextmanager
def unpacked(path: Path, near: Path) -> Iterator[tuple[archive.Manifest, Path]]:
    """The backup's manifest and its parts in a folder inside `near`, every hash compared; gone afterwards."""
    for left in near.glob("restoring-*"):  # by a process that was killed
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix="restoring-", dir=near) as folder:
        yield archive.unpack(path, Path(folder)), Path(folder)


def missing_keys(manifest: archive.Manifest) -> list[str]:
    """Ids of the keys that the backup's values are encrypted with and this place has not, or has another of."""
    ours = keyring().check_values()
    return sorted(key_id for key_id, value in manifest.keys.items() if ours.get(key_id) != value)


def look_over(manifest: archive.Manifest, engine: Engine, *, known: Collection[str], demonstration: bool) -> None:
    """Whether this release, this database and this place can take it; raises one of the above."""
    if manifest.database != copies.kind_of(engine):
        raise OtherDatabase(theirs=manifest.database, ours=copies.kind_of(engine))
    if manifest.revision not in known:
        raise NewerRelease(revision=manifest.revision)
    if manifest.demonstration != demonstration:
        raise InventedAndReal()


def put_back(manifest: archive.Manifest, folder: Path, engine: Engine, *, tools: str) -> None:
    """The files, then the database in one transaction: killed before its end, the place is as empty as it was.

    On PostgreSQL the database must hold no tables. Raises copies.CopyFailed, CountsDiffer.
    """
    copied = folder / copies.PART_NAMES[manifest.database]
    if manifest.database == copies.SQLITE:
        compare(manifest, copies.check_sqlite(copied))
    for part in sorted((folder / "files").glob("??/*")):
        target = storage.folder() / part.parent.name / part.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(part, target)
    if manifest.database == copies.SQLITE:
        copies.put_back_sqlite(copied, engine)
    else:
        copies.put_back_postgresql(copied, engine, tools=tools)
    with engine.connect() as connection:
        compare(manifest, copies.get_facts(connection))


def compare(manifest: archive.Manifest, facts: copies.Facts) -> None:
    """Raises CountsDiffer with the first few tables that do."""
    pairs = {name: (manifest.tables.get(name), facts.tables.get(name)) for name in {*manifest.tables, *facts.tables}}
    differing = [f"{name} {said} → {found}" for name, (said, found) in sorted(pairs.items()) if said != found]
    if differing or manifest.revision != facts.revision:
        raise CountsDiffer("; ".join(differing[:5]) or f"revision {manifest.revision} → {facts.revision}")


def may_create_databases(engine: Engine) -> bool:
    with engine.connect() as connection:
        return bool(
            connection.execute(
                text("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
            ).scalar()
        )


@contextmanager
def temporary_database(engine: Engine, name: str) -> Iterator[Engine]:
    """A database of the same server, gone afterwards."""
    server = create_engine(engine.url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    temporary = create_engine(engine.url.set(database=name), poolclass=NullPool)
    try:
        with server.connect() as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE template0')
        yield temporary
    finally:
        with server.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
