"""Logs: numbers of requests and kinds of errors, nothing of people."""

import logging

from tests import factories
from trainer import clock, logs
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM, Role
from trainer.services import trainee_access

PHONE, ID_NUMBER, NAME = "14000004321", "140299199311028401", "欧阳春晓"


def test_an_error_of_the_database_does_not_quote_what_it_was_given(app, monkeypatch, caplog):
    def lock(*_args, **_values):
        db.session.execute(db.text("SELECT :name, :phone FROM nowhere"), {"name": NAME, "phone": PHONE})

    monkeypatch.setattr("trainer.views.home.database_answers", lock)
    assert app.test_client().get("/healthz").status_code >= 500
    assert "nowhere" in caplog.text
    for secret in (NAME, PHONE):
        assert secret not in caplog.text


def test_what_is_written_has_no_numbers_of_people(capsys):
    stream, logger = logging.StreamHandler(), logging.getLogger("masked")
    stream.setFormatter(logs.Masked("%(message)s"))
    logger.addHandler(stream)
    try:
        int(f"{PHONE}x{ID_NUMBER}")
    except ValueError:
        logger.exception("order 6923456780706251116 of %s failed", PHONE)
    logger.removeHandler(stream)
    written = capsys.readouterr().err
    assert "ValueError" in written
    assert "6923456780706251116" in written
    assert PHONE not in written
    assert ID_NUMBER not in written


def test_refused_and_broken_requests_leave_no_person_and_no_token(app, client, signed_in, caplog, monkeypatch):
    _enrolment, trainee = factories.trainee(factories.cohort(), name=NAME, phone=PHONE, id_number=ID_NUMBER)
    with transaction():
        code = trainee_access.issue_trainee_code(trainee, by=SYSTEM, at=clock.now())
    caplog.set_level("DEBUG")
    client.post("/code", data={"phone": PHONE, "code": "000000" if code != "000000" else "111111"})
    client.get("/invitation/a-token-of-somebody")
    client.post("/sign-in", data={"username": NAME, "password": "Pass-word-123"})
    manager = signed_in(factories.account(Role.MANAGER))
    monkeypatch.setattr("trainer.views.person.people_page", lambda *_args, **_values: 1 / 0)
    assert manager.get("/people", query_string={"q": NAME}).status_code == 500
    assert "ZeroDivisionError" in caplog.text
    for secret in (NAME, PHONE, ID_NUMBER, "a-token-of-somebody", "Pass-word-123", manager.get_cookie("sid").value):
        assert secret not in caplog.text


def test_nothing_typed_begins_a_line_of_its_own(capsys):
    """A name with a line break forges no entry; an exception's own lines are set in."""
    forged = "王\n2026-01-01 00:00:00 INFO root: all is well\x1b[2J\u202e\u2028x"
    stream, logger = logging.StreamHandler(), logging.getLogger("one line")
    stream.setFormatter(logs.Masked("%(levelname)s %(message)s"))
    logger.addHandler(stream)
    try:
        raise ValueError(forged)
    except ValueError:
        logger.exception("refused %s", forged)
    logger.removeHandler(stream)
    written = capsys.readouterr().err
    first, *rest = written.splitlines()
    assert first == r"ERROR refused 王\n2026-01-01 00:00:00 INFO root: all is well\x1b[2J\u202e\u2028x"
    assert rest
    assert all(line.startswith("    ") for line in rest)
    assert not {"\x1b", "\u202e", "\u2028"} & set(written)
