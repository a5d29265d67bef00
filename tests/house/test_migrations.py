"""Migrations end where the models are, on both databases, up and down."""

import flask_migrate
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Integer, MetaData, Table, inspect

from tests.house.floors import ROOT
from trainer.database import db


def differences(metadata: MetaData) -> list:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, metadata)


def test_the_migrated_database_is_what_the_models_say(app):
    assert differences(db.metadata) == []


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


def test_upgrading_twice_is_harmless(app):
    flask_migrate.upgrade()
    assert differences(db.metadata) == []
