"""How Alembic reaches the database: an engine of its own, since a table rebuild on SQLite needs foreign keys off."""

from alembic import context
from flask import current_app
from sqlalchemy import create_engine, event, pool

from trainer.database import db

# Flask-Migrate keeps its settings here; the metadata is the models'.
config = context.config
metadata = db.metadata


def make_engine():
    engine = create_engine(db.engine.url, poolclass=pool.NullPool)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def connect(connection, _record):
            connection.isolation_level = None
            connection.execute("PRAGMA foreign_keys=OFF")
            connection.execute("PRAGMA busy_timeout=10000")
            connection.execute("PRAGMA journal_mode=WAL")

        @event.listens_for(engine, "begin")
        def begin(connection):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def run() -> None:
    """All of the upgrade in one transaction, on both databases; on SQLite the references are checked at its end."""
    with make_engine().connect() as connection:
        options = current_app.extensions["migrate"].configure_args
        context.configure(connection=connection, target_metadata=metadata, **options)
        with context.begin_transaction():
            context.run_migrations()
            if connection.dialect.name == "sqlite":
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise RuntimeError(f"the migration breaks references: {broken[:5]}")


run()
