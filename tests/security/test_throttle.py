"""Guessing at the doors: slow for whoever guesses, open for everybody else."""

import subprocess
import sys
from datetime import timedelta

import pytest

from tests import factories
from tests.conftest import KEYS
from tests.house.floors import ROOT
from trainer import clock
from trainer.crypto import hash_token
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM, Role
from trainer.domain.visitor import Visitor
from trainer.services import session as sessions
from trainer.services import throttle, trainee_access

HERE, ELSEWHERE = {"REMOTE_ADDR": "10.1.1.1"}, {"REMOTE_ADDR": "10.2.2.2"}


def sign_in(client, row, password=factories.PASSWORD, place=HERE) -> int:
    typed = {"username": row.username, "password": password}
    return client.post("/sign-in", data=typed, environ_base=place).status_code


def try_code(client, phone: str, code: str, place=HERE) -> int:
    return client.post("/code", data={"phone": phone, "code": code}, environ_base=place).status_code


def test_another_place_cannot_shut_an_account(client):
    row = factories.account(Role.SYSTEM_ADMINISTRATOR)
    for _ in range(12):
        assert sign_in(client, row, "nonsense", ELSEWHERE) == 422
    assert sign_in(client, row, place=ELSEWHERE) == 422
    assert sign_in(client, row) == 302


def test_the_lock_opens_by_itself(client, monkeypatch):
    row, now = factories.account(Role.MANAGER), clock.now()
    for _ in range(sessions.FAILURES_ALLOWED):
        sign_in(client, row, "nonsense")
    assert sign_in(client, row) == 422
    monkeypatch.setattr(clock, "now", lambda: now + throttle.WINDOW + timedelta(seconds=5))
    assert sign_in(client, row) == 302


def test_a_right_password_forgives_the_slips_before(client):
    row = factories.account(Role.MANAGER)
    for _ in range(3):
        for _ in range(sessions.FAILURES_ALLOWED - 1):
            sign_in(client, row, "nonsense")
        assert sign_in(client, row) == 302


def test_one_password_tried_on_many_names_is_stopped(client, monkeypatch):
    monkeypatch.setattr(throttle, "FROM_ONE_ADDRESS", 6)
    rows = [factories.account(Role.MANAGER) for _ in range(7)]
    assert [sign_in(client, row, "Spring-2026-x") for row in rows] == [422] * 6 + [429]
    assert sign_in(client, rows[0], place=ELSEWHERE) == 302


@pytest.fixture
def class_of_women(app):
    """(phone, code) of each of six women whose codes were just read to them."""
    cohort, made = factories.cohort(), []
    for number in range(6):
        phone = f"1400000777{number}"
        _enrolment, account = factories.trainee(cohort, phone=phone)
        with transaction():
            made.append((phone, trainee_access.issue_trainee_code(account, by=SYSTEM, at=clock.now())))
    return made


def test_one_code_tried_on_many_phones_is_stopped(client, class_of_women, monkeypatch):
    monkeypatch.setattr(throttle, "FROM_ONE_ADDRESS", 4)
    wrong = next(f"{n:06d}" for n in range(10) if f"{n:06d}" not in dict(class_of_women).values())
    assert [try_code(client, phone, wrong) for phone, _ in class_of_women] == [422] * 4 + [429] * 2
    phone, code = class_of_women[5]
    assert try_code(client, phone, code) == 429
    assert try_code(app_client(client), phone, code, ELSEWHERE) == 302


def app_client(client):
    return client.application.test_client()


def test_a_class_behind_one_address_gets_in(client, class_of_women):
    for phone, code in class_of_women:
        for _ in range(4):
            assert try_code(client, phone, "000000" if code != "000000" else "111111") == 422
        assert try_code(app_client(client), phone, code) == 302


def test_phones_nobody_has_count_too(client, monkeypatch):
    monkeypatch.setattr(throttle, "FROM_ONE_ADDRESS", 2)
    assert [try_code(client, "14000008888", "123456") for _ in range(3)] == [422, 422, 429]


def test_no_address_is_kept(client):
    try_code(client, "14000008888", "123456")
    sign_in(client, factories.account(Role.MANAGER), "nonsense")
    kept = db.session.scalars(db.text("SELECT subject FROM wrong_tries")).all()
    assert len(kept) == 3
    assert all(len(subject) == 64 for subject in kept)


def test_one_house_is_one_address_in_ipv6(client, monkeypatch):
    monkeypatch.setattr(throttle, "FROM_ONE_ADDRESS", 2)
    places = [{"REMOTE_ADDR": f"2001:db8:1:2::{n}"} for n in (1, 2, 3)]
    assert [try_code(client, "14000008888", "123456", place) for place in places] == [422, 422, 429]
    assert try_code(client, "14000008888", "123456", {"REMOTE_ADDR": "2001:db8:1:3::1"}) == 422


def test_the_digits_cannot_be_reckoned_back_from_the_database(class_of_women):
    """A million hashes are nothing: without the key the table must not say which code is open."""
    kept = set(db.session.scalars(db.text("SELECT token_hash FROM access_tokens WHERE kind = 'trainee_code'")))
    assert len(kept) == 6
    assert kept.isdisjoint(hash_token(code) for _, code in class_of_women)


def test_a_flood_from_the_shared_address_leaves_known_browsers_alone(app, monkeypatch):
    monkeypatch.setattr(throttle, "FROM_ONE_ADDRESS", 4)
    row, known, stranger = factories.account(Role.MANAGER), app.test_client(), app.test_client()
    assert sign_in(known, row) == 302
    for number in range(4):
        assert sign_in(stranger, factories.account(Role.MANAGER), f"guess {number}") == 422
    assert sign_in(stranger, row) == 429
    assert sign_in(known, row) == 302


def test_a_colleague_cannot_shut_an_account_for_its_owners_browser(app):
    row, known, colleague = factories.account(Role.MANAGER), app.test_client(), app.test_client()
    assert sign_in(known, row) == 302
    for _ in range(sessions.FAILURES_ALLOWED):
        assert sign_in(colleague, row, "nonsense") == 422
    assert sign_in(colleague, row) == 422
    assert sign_in(known, row) == 302
    for _ in range(sessions.FAILURES_ALLOWED):
        assert sign_in(known, row, "nonsense") == 422
    assert sign_in(known, row) == 422


def test_whoever_signs_in_as_herself_buys_no_guesses_at_others(app, monkeypatch):
    monkeypatch.setattr(throttle, "FROM_ONE_ADDRESS", 3)
    own, insider = factories.account(Role.MANAGER), app.test_client()
    assert sign_in(insider, own) == 302
    others = [factories.account(Role.MANAGER) for _ in range(4)]
    assert [sign_in(insider, row, "Spring-2026-x") for row in others] == [422] * 3 + [429]


def test_a_planted_browser_cookie_is_not_taken_over(client):
    row = factories.account(Role.MANAGER)
    client.set_cookie("device", "planted-by-a-stranger")
    assert sign_in(client, row) == 302
    assert client.get_cookie("device").value != "planted-by-a-stranger"
    assert db.session.scalars(db.text("SELECT token_hash FROM devices")).all() == [
        hash_token(client.get_cookie("device").value)
    ]


@pytest.mark.parametrize(
    ("tries_here", "tries_elsewhere", "name", "password", "place", "status"),
    [
        (4, 0, "hers", factories.PASSWORD, HERE, 302),
        (5, 0, "hers", factories.PASSWORD, HERE, 422),  # the right one waits too
        (5, 0, "hers", "nonsense", HERE, 422),
        (5, 0, "other", factories.PASSWORD, HERE, 302),  # a colleague at the same address
        (5, 0, "hers", factories.PASSWORD, ELSEWHERE, 302),  # the owner at home
        (0, 50, "hers", factories.PASSWORD, HERE, 302),  # nobody is shut out from afar
        (99, 0, "other", factories.PASSWORD, HERE, 302),
        (100, 0, "other", factories.PASSWORD, HERE, 429),  # a hundred from one address
        (100, 0, "other", factories.PASSWORD, ELSEWHERE, 302),
    ],
)
def test_point_13_who_waits_after_how_many(client, tries_here, tries_elsewhere, name, password, place, status):
    rows = {"hers": factories.account(Role.SYSTEM_ADMINISTRATOR), "other": factories.account(Role.MANAGER)}
    for address, tries in ((HERE, tries_here), (ELSEWHERE, tries_elsewhere)):
        for _ in range(tries):
            with transaction():
                sessions.count_failure(rows["hers"].id, at=clock.now(), visitor=Visitor(address["REMOTE_ADDR"]))
    assert sign_in(client, rows[name], password, place) == status


def test_point_13_workers_count_together(client, databases, tmp_path):
    """Three wrong tries at one worker and two at another make five."""
    row = factories.account(Role.MANAGER)
    command = [sys.executable, "-m", "tests.security.guessing", databases.uri, KEYS]
    workers = [
        subprocess.Popen([*command, str(tmp_path / str(number)), row.username, str(tries)], cwd=ROOT)
        for number, tries in enumerate((3, 2))
    ]
    assert [worker.wait(300) for worker in workers] == [0, 0]
    assert sign_in(client, row) == 422
    assert sign_in(client, row, place=ELSEWHERE) == 302
