"""The first release's database with data, brought up to date, broken off on the way, and taken back."""

import signal
import subprocess
import sys

import flask_migrate
import pytest
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from tests.conftest import KEYS
from tests.factories import PASSWORD
from tests.house.test_migrations import differences
from tests.migrations import first_release
from tests.migrations.first_release import AT, ID_NUMBER, PHONE, REVISION, TOKEN
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM
from trainer.domain.audit import first_broken
from trainer.domain.consent import ConsentChannel, ConsentScope
from trainer.models import Account, Consent, ImportRow, Person
from trainer.queries.audit import walk_chain
from trainer.services import audit

pytestmark = pytest.mark.postgresql


@pytest.fixture
def old(app):
    """The first release's database."""
    return first_release.build()


def missing(before: dict, after: dict) -> list[str]:
    """What of `before` is not in `after`: tables, rows, values. New columns and tables do not count."""
    faults = [name for name in before if name not in after]
    for name, rows in before.items():
        pairs = list(zip(rows, after.get(name, []), strict=False))
        faults += [name for row, now in pairs if row != {column: now.get(column, now) for column in row}]
        faults += [f"{name}: {len(rows)} → {len(after.get(name, []))}"] if len(rows) != len(after.get(name, [])) else []
    return faults


def test_nothing_is_lost_on_the_way_up(old):
    before = first_release.everything()
    assert len(before["people"]) == len(before["consents"]) == 2
    flask_migrate.upgrade()
    assert differences(db.metadata) == []
    assert missing(before, first_release.everything()) == []


def test_a_planted_loss_is_found(old):
    before = first_release.everything()
    with transaction() as session:
        session.execute(db.text("UPDATE people SET note = 'x' WHERE version = 3"))
        session.execute(db.text("DELETE FROM import_rows"))
    assert missing(before, first_release.everything()) == ["people", "people", "import_rows: 1 → 0"]


def test_what_was_encrypted_is_read_and_what_is_new_has_its_value(old):
    flask_migrate.upgrade()
    woman = db.session.get(Person, old.ids["woman"])
    assert (woman.phone, woman.id_number, woman.version, woman.erased_at) == (PHONE, ID_NUMBER, 3, None)
    assert db.session.scalar(db.select(ImportRow.content)) == '{"phone": "14000005555"}'
    manager, trainee = (db.session.get(Account, old.ids[name]) for name in ("manager", "trainee"))
    assert (manager.password_set_at, manager.shut_because) == (AT, "")
    assert trainee.password_set_at is None


def test_the_chain_holds_goes_on_and_is_guarded(old):
    flask_migrate.upgrade()
    assert first_broken(walk_chain()) is None
    with transaction():
        audit.record("thing.touch", "thing", 1, by=SYSTEM, at=clock.now())
    assert first_broken(walk_chain()) is None
    assert [event.seq for event in walk_chain()] == [1, 2, 3, 4, 5, 6]
    for statement in ("UPDATE audit_events SET success = NOT success", "DELETE FROM audit_events WHERE seq = 3"):
        with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
            session.execute(db.text(statement))


def test_sessions_and_passwords_of_before_open_the_door(old, client, app):
    flask_migrate.upgrade()
    client.set_cookie("sid", TOKEN)
    assert client.get("/cohorts").status_code == 200
    answer = app.test_client().post("/sign-in", data={"username": "manager", "password": PASSWORD})
    assert answer.status_code == 302


def give(scope: ConsentScope, person_id: int) -> None:
    with transaction() as session:
        given = {"notice_version": "1", "channel": ConsentChannel.PAPER, "given_at": clock.now()}
        session.add(Consent(person_id=person_id, scope=scope, **given))


def test_a_consent_withdrawn_before_can_be_given_again_and_one_in_force_not(old):
    flask_migrate.upgrade(revision="c0cc0321050d")  # the one that will not be taken back
    give(ConsentScope.PUBLICATION, old.ids["woman"])
    with pytest.raises(DBAPIError):
        give(ConsentScope.BASIC, old.ids["woman"])


@pytest.mark.parametrize(
    "deadly",
    ["CREATE TABLE messages", pytest.param("password_set_at = created_at", marks=pytest.mark.sqlite_is_enough)],
)
def test_an_upgrade_that_is_killed_leaves_the_old_database(old, databases, tmp_path, deadly):
    before = first_release.everything()
    db.engine.dispose()
    child = subprocess.run(
        [sys.executable, "-m", "tests.migrations.dying_upgrade", databases.uri, KEYS, str(tmp_path), deadly],
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert child.returncode == -signal.SIGKILL, child.stderr.decode()[-2000:]
    assert first_release.everything() == before
    assert db.session.execute(db.text("SELECT version_num FROM alembic_version")).scalar() == REVISION
    db.session.remove()
    flask_migrate.upgrade()
    assert missing(before, first_release.everything()) == []


def test_taken_back_it_is_what_it_was(old):
    before = first_release.everything()
    flask_migrate.upgrade()
    flask_migrate.downgrade(revision=REVISION)
    assert first_release.everything() == before
    assert "messages" not in inspect(db.engine).get_table_names()


def test_what_the_first_release_cannot_hold_is_not_thrown_away(old, caplog):
    flask_migrate.upgrade(revision="c0cc0321050d")  # the one that will not be taken back
    give(ConsentScope.PUBLICATION, old.ids["woman"])
    before = first_release.everything()
    with pytest.raises(SystemExit):
        flask_migrate.downgrade(revision=REVISION)
    assert "no room for what is in consents" in caplog.text
    assert first_release.everything() == before
