"""Migrations end where the models are, on both databases, up and down."""

import flask_migrate
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Column, Integer, MetaData, Table, inspect, text

from tests.house.floors import ROOT
from trainer.database import db, on_postgresql


def differences(metadata: MetaData) -> list:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, metadata)


def test_the_migrated_database_is_what_the_models_say(app):
    assert differences(db.metadata) == []


CHECKS_ON_POSTGRESQL = "SELECT conname FROM pg_constraint WHERE contype = 'c'"
TABLES_ON_SQLITE = "SELECT sql FROM sqlite_master WHERE type = 'table'"


def test_no_check_was_lost_on_the_way(app):
    """The comparison above does not look at checks, and on SQLite a table whose columns change is made anew."""
    named = {str(rule.name) for table in db.metadata.sorted_tables for rule in table.constraints if is_check(rule)}
    held = db.session.scalars(text(CHECKS_ON_POSTGRESQL if on_postgresql() else TABLES_ON_SQLITE)).all()
    assert {name for name in named if not any(name in sql for sql in held)} == set()


def is_check(rule) -> bool:
    return isinstance(rule, CheckConstraint) and rule.name is not None


def test_a_planted_table_is_found(app):
    planted = MetaData()
    for table in db.metadata.sorted_tables:
        table.to_metadata(planted)
    Table("forgotten", planted, Column("id", Integer, primary_key=True))
    assert differences(planted)


def test_there_is_one_head():
    assert len(ScriptDirectory(str(ROOT / "migrations")).get_heads()) == 1


def test_down_to_nothing_and_up_again(app):
    flask_migrate.downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    flask_migrate.upgrade()
    assert differences(db.metadata) == []


SQLITE_TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
POSTGRESQL_TRIGGERS = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"


def test_the_guards_of_the_audit_trail_are_still_there(app):
    """SQLite loses a table's triggers where a migration makes it anew (`batch_alter_table`)."""
    found = set(db.session.scalars(text(POSTGRESQL_TRIGGERS if on_postgresql() else SQLITE_TRIGGERS)))
    kinds = ("guarded", "kept") if on_postgresql() else ("at_the_end", "unchanged", "kept")
    assert found == {f"{table}_{kind}" for table in ("audit_events", "audit_segments") for kind in kinds}


def test_upgrading_twice_is_harmless(app):
    flask_migrate.upgrade()
    assert differences(db.metadata) == []
