"""A process that dies in the middle of putting a backup back: run by test_backup_live with a place and a backup."""

import os
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from trainer.app import create_app
from trainer.backup import copies


def _die(*_given, **_named) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _put_back_half_sqlite(source: Path, engine) -> None:
    with closing(sqlite3.connect(source)) as copied, closing(sqlite3.connect(engine.url.database)) as live:
        copied.backup(live, pages=200, progress=lambda status, left, total: left < total / 2 and _die())


if __name__ == "__main__":
    uri, keys, instance, tools, backup = sys.argv[1:]
    settings = {"MODE": "testing", "SQLALCHEMY_DATABASE_URI": uri, "FIELD_KEYS": keys, "INSTANCE_PATH": instance}
    app = create_app(settings | {"SECRET_KEY": "x" * 60, "POSTGRESQL_BIN": tools})
    # On SQLite with half of the pages written; on PostgreSQL with the files put back and the tool not begun.
    copies.put_back_sqlite = _put_back_half_sqlite
    copies.put_back_postgresql = _die
    app.test_cli_runner().invoke(args=["restore", backup])
