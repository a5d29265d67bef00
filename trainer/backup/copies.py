"""Copies of a database: SQLite by its online backup, PostgreSQL by pg_dump and pg_restore; what a copy holds."""

import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from trainer.errors import Refused

SQLITE, POSTGRESQL = "sqlite", "postgresql"
PART_NAMES = {SQLITE: "database.sqlite3", POSTGRESQL: "database.dump"}


class ToolMissing(Refused):
    code = "backup_tool_missing"


class ToolTooOld(Refused):
    """pg_dump and pg_restore read servers of their own release and older ones."""

    code = "backup_tool_too_old"


class CopyFailed(Exception):
    """The database or its tool did not do it; the message is theirs."""


@dataclass(frozen=True)
class Facts:
    """What a database holds, by which two copies are compared."""

    revision: str
    demonstration: bool
    tables: dict[str, int]
    stored: list[str]


def get_facts(connection: Connection) -> Facts:
    """Read in the connection's transaction; of a database of any release."""
    names = sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})
    counts = {name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar() for name in names}  # noqa: S608
    flags = text("SELECT count(*) FROM site_flags WHERE name = 'demonstration'")
    stored = text("SELECT stored_as FROM stored_files ORDER BY stored_as")
    return Facts(
        revision=connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "",
        demonstration="site_flags" in counts and bool(connection.execute(flags).scalar()),
        tables=counts,
        stored=list(connection.execute(stored).scalars()) if "stored_files" in counts else [],
    )


def kind_of(engine: Engine) -> str:
    return engine.dialect.name


def database_size(engine: Engine) -> int:
    """In bytes, about."""
    if kind_of(engine) == SQLITE:
        path = Path(engine.url.database)
        return sum(p.stat().st_size for p in (path, path.with_name(f"{path.name}-wal")) if p.exists())
    with engine.connect() as connection:
        return connection.execute(text("SELECT pg_database_size(current_database())")).scalar()


def server_version(engine: Engine) -> str:
    return ".".join(str(part) for part in _version(engine))


def _version(engine: Engine) -> tuple[int, ...]:
    with engine.connect():  # asks the server, the first time
        return engine.dialect.server_version_info


@contextmanager
def open_sqlite(path: Path) -> Iterator[Connection]:
    """A copy that nobody else uses."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def copy(engine: Engine, target: Path, *, tools: str) -> Facts:
    """A consistent copy of the live database in the file `target`. Raises CopyFailed, ToolMissing, ToolTooOld."""
    return _copy_sqlite(engine, target) if kind_of(engine) == SQLITE else _dump(engine, target, tools)


def _copy_sqlite(engine: Engine, target: Path) -> Facts:
    with closing(sqlite3.connect(engine.url.database)) as live, closing(sqlite3.connect(target)) as made:
        live.backup(made)  # in one step: from one moment, while others write on
        made.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    return check_sqlite(target)


def check_sqlite(path: Path) -> Facts:
    """Raises CopyFailed where the file is damaged."""
    with open_sqlite(path) as connection:
        verdict = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
        if verdict != "ok":
            raise CopyFailed(f"integrity_check says {verdict}")
        return get_facts(connection)


def _dump(engine: Engine, target: Path, tools: str) -> Facts:
    dump = _tool("pg_dump", tools, engine)
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar()
        with _address(engine) as address:
            # Uncompressed: the archive compresses it.
            _run(dump, "--format=custom", "--compress=0", f"--snapshot={snapshot}", f"--file={target}", address)
        return get_facts(connection)  # of the same moment


def put_back_sqlite(source: Path, engine: Engine) -> None:
    """In one transaction of SQLite's own: a process killed in the middle leaves what was there before."""
    engine.dispose()
    with closing(sqlite3.connect(source)) as copied, closing(sqlite3.connect(engine.url.database)) as live:
        live.execute("PRAGMA busy_timeout=10000")
        copied.backup(live, pages=256)


def put_back_postgresql(dump: Path, engine: Engine, *, tools: str) -> None:
    """All in one transaction, into a database without tables. Raises CopyFailed, ToolMissing, ToolTooOld."""
    restore = _tool("pg_restore", tools, engine)
    with _address(engine) as address:
        _run(
            *(restore, "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"),
            *(f"--dbname={address}", str(dump)),
        )


def list_dumped_tables(dump: Path, engine: Engine, *, tools: str) -> set[str]:
    """The tables whose rows a dump holds, as its own contents say."""
    contents = _run(_tool("pg_restore", tools, engine), "--list", str(dump))
    return set(re.findall(r"TABLE DATA \S+ (\S+)", contents)) - {"alembic_version"}


def _tool(name: str, folder: str, engine: Engine) -> str:
    found = shutil.which(name, path=folder or None)
    if found is None:
        raise ToolMissing(tool=name)
    [tool] = re.findall(r"\) (\d+)", _run(found, "--version"))
    server = _version(engine)[0]
    if int(tool) < server:
        raise ToolTooOld(tool=name, release=int(tool), server=server)
    return found


@contextmanager
def _address(engine: Engine) -> Iterator[str]:
    """How libpq reaches the database; the password stands in a file of ours, not in the list of processes."""
    with tempfile.NamedTemporaryFile("w", prefix="pgpass-") as file:
        password = (engine.url.password or "").replace("\\", "\\\\").replace(":", "\\:")
        file.write(f"*:*:*:*:{password}\n")
        file.flush()
        url = engine.url.set(drivername="postgresql")._replace(password=None)  # `set` would keep it
        if password:
            url = url.update_query_dict({"passfile": file.name})
        yield url.render_as_string(hide_password=False)


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (no shell, our own tools)
    if done.returncode:
        raise CopyFailed(f"{Path(command[0]).name}: {done.stderr.strip()[-500:]}")
    return done.stdout
