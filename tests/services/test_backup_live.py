"""Backups of a database that others write to, restores that are killed, and the backup of an older release."""

import signal
import subprocess
import sys

import flask_migrate
import pytest

from tests import factories
from tests.conftest import KEYS
from tests.services.places import empty_place
from tests.services.test_backup import back_up_now, filled, folder, restore  # noqa: F401 (fixtures)
from trainer.backup import archive, copies
from trainer.backup.making import make_backup
from trainer.database import db
from trainer.domain.audit import first_broken
from trainer.models import SiteFlag
from trainer.queries.audit import walk_chain

pytestmark = pytest.mark.postgresql

WRITERS = ("a", "b", "c")


@pytest.fixture
def writers(app, databases, tmp_path):
    """Three processes that write without end."""
    command = [sys.executable, "-m", "tests.services.writing", databases.uri, KEYS]
    running = [subprocess.Popen([*command, str(tmp_path / name), name], stdout=subprocess.PIPE) for name in WRITERS]
    try:
        for process in running:
            assert process.stdout.readline() == b"writing\n"
        yield running
    finally:
        for process in running:
            process.kill()
            process.communicate()


def flags() -> dict[str, int]:
    rows = db.session.execute(db.select(SiteFlag.name, SiteFlag.value).where(SiteFlag.name.like("_ %")))
    return {name: int(value) for name, value in rows}


def test_a_copy_is_of_one_moment_while_three_processes_write(app, folder, writers, databases, tmp_path):  # noqa: F811
    backups = []
    for number in range(3):
        made = back_up_now(app)
        backups.append(made.path.rename(tmp_path / f"{number}.tar.gz"))
    assert [process.poll() for process in writers] == [None] * 3
    sums = []
    for number, path in enumerate(backups):
        with empty_place(databases, tmp_path / f"place{number}") as other:
            answer = restore(other, path)
            assert answer.exit_code == 0, answer.output
            with other.app_context():
                found = flags()
                events = db.session.scalar(db.text("SELECT count(*) FROM audit_events WHERE action = 'thing.touch'"))
                assert first_broken(walk_chain()) is None
                db.session.remove()
        assert [found[f"{name} left"] for name in WRITERS] == [found[f"{name} right"] for name in WRITERS]
        assert sum(found.values()) == 2 * events
        sums.append(events)
    assert 9 <= sums[0] < sums[1] < sums[2]


def test_a_restore_that_is_killed_leaves_an_empty_place_and_is_done_again(app, filled, databases, tmp_path):  # noqa: F811
    made = back_up_now(app)
    with empty_place(databases, tmp_path / "place") as other:
        settings = other.config
        child = subprocess.run(
            [
                *(sys.executable, "-m", "tests.services.dying_restore", settings["SQLALCHEMY_DATABASE_URI"], KEYS),
                *(str(tmp_path / "place"), settings["POSTGRESQL_BIN"], str(made.path)),
            ],
            capture_output=True,
            timeout=300,
            check=False,
        )
        assert child.returncode == -signal.SIGKILL, child.stderr.decode()[-2000:]
        with other.app_context():
            assert "accounts" not in db.inspect(db.engine).get_table_names()
            db.engine.dispose()
        assert list((tmp_path / "place").glob("restoring-*"))
        answer = restore(other, made.path)
        assert answer.exit_code == 0, answer.output
        assert not list((tmp_path / "place").glob("restoring-*"))


def test_the_backup_of_an_older_release_is_brought_up_to_date(app, folder, databases, tmp_path):  # noqa: F811
    factories.account(factories.Role.MANAGER)
    db.session.remove()
    flask_migrate.downgrade(revision="e4f9eeb131cd")
    made = back_up_now_without_trace(app, folder)
    assert archive.unpack(made, tmp_path / "unpacked").revision == "e4f9eeb131cd"
    with empty_place(databases, tmp_path / "place") as other:
        answer = restore(other, made)
        assert answer.exit_code == 0, answer.output
        with other.app_context(), db.engine.connect() as connection:
            facts = copies.get_facts(connection)
            assert facts.revision not in ("", "e4f9eeb131cd")
            assert facts.tables["accounts"] == 1
            assert facts.tables["stored_files"] == 0


def back_up_now_without_trace(app, folder):  # noqa: F811
    """As the older release's command would: its tables have no room for our events."""
    return make_backup(db.engine, folder, tools=app.config["POSTGRESQL_BIN"], name="old.tar.gz", at=factories.AT).path
