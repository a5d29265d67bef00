"""The database keeps its promises: no lost update among processes, no write outside a transaction, nothing half done."""

import multiprocessing

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from tests import factories
from trainer.app import create_app
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.models import Account, SiteFlag

PROCESSES, ROUNDS = 6, 60


def _count_up(uri: str, instance: str) -> None:
    app = create_app({"MODE": "testing", "SQLALCHEMY_DATABASE_URI": uri, "INSTANCE_PATH": instance})
    with app.app_context():
        for _ in range(ROUNDS):
            with transaction() as session:
                counter = session.get(SiteFlag, "counter", with_for_update=True, populate_existing=True)
                counter.value = str(int(counter.value) + 1)


@pytest.mark.sqlite_is_enough
def test_six_processes_lose_no_update(app, databases, tmp_path):
    with transaction() as session:
        session.add(SiteFlag(name="counter", value="0"))
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=_count_up, args=(databases.uri, str(tmp_path))) for _ in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    db.session.rollback()
    assert db.session.scalar(db.select(SiteFlag.value)) == str(PROCESSES * ROUNDS)


def test_writing_outside_a_transaction_fails(app):
    db.session.add(SiteFlag(name="stray", value="1"))
    with pytest.raises(DBAPIError):
        db.session.commit()
    db.session.rollback()
    assert db.session.get(SiteFlag, "stray") is None


def test_a_broken_act_leaves_nothing(app):
    def act() -> None:
        with transaction() as session:
            session.add(SiteFlag(name="half", value="1"))
            session.flush()
            raise RuntimeError("killed in the middle")

    with pytest.raises(RuntimeError):
        act()
    assert db.session.get(SiteFlag, "half") is None


def test_an_act_reads_what_others_committed_before_it(app, databases):
    """`transaction()` ends the reading transaction: what was read before is read again."""
    account = factories.account(Role.MANAGER)
    assert db.session.get(Account, account.id).name
    other = create_engine(databases.uri)
    with other.begin() as connection:
        connection.execute(text("UPDATE accounts SET name = '改名' WHERE id = :id"), {"id": account.id})
    other.dispose()
    with transaction() as session:
        assert session.get(Account, account.id).name == "改名"


def test_encrypted_columns_hold_no_plain_value(app):
    person = factories.person(phone="14000007777", id_number="140299199001011234")
    row = db.session.execute(text("SELECT phone, id_number FROM people WHERE id = :id"), {"id": person.id}).one()
    assert "14000007777" not in row.phone
    assert "140299199001011234" not in row.id_number
    again = factories.person(phone="14000007777")
    other = db.session.execute(text("SELECT phone FROM people WHERE id = :id"), {"id": again.id}).scalar_one()
    assert other != row.phone
