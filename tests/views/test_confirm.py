"""The guard of acts on her own data: when it asks, where it leads back to, and what a wrong answer costs."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from tests import factories
from trainer.database import db, transaction
from trainer.models import SignInSession
from trainer.permissions import Permission
from trainer.views.confirm import freshly_confirmed
from trainer.views.guards import requires


@pytest.fixture
def woman(app):
    _enrolment, account = factories.trainee(factories.cohort(), name="王秀芳", phone="14000001234")
    return account


@pytest.fixture
def phone(woman, signed_in):
    return signed_in(woman)


def set_confirmed(moment) -> None:
    with transaction():
        db.session.execute(db.update(SignInSession).values(confirmed_at=moment))


@pytest.fixture
def guarded(app: Flask, monkeypatch):
    """An address behind the guard: an existing one of hers gets it for the test."""

    @requires(Permission.VIEW_OWN_PROGRESS)
    @freshly_confirmed
    def view():
        return "her data"

    monkeypatch.setitem(app.view_functions, "trainee.lessons", view)
    return "/me/lessons?year=2026"


def test_it_asks_and_leads_back_to_where_she_was(phone, guarded):
    set_confirmed(None)
    answer = phone.get(guarded)
    assert answer.location == "/me/confirm?next=/me/lessons?year%3D2026"
    page = phone.get(answer.location)
    assert "王*芳" in page.text
    assert "王秀芳" not in page.text
    assert phone.post(answer.location, data={"digits": "1234"}).location == guarded
    assert phone.get(guarded).text == "her data"


@pytest.mark.parametrize(("minutes", "asks"), [(9, False), (11, True)])
def test_ten_minutes_are_fresh(phone, guarded, minutes, asks):
    set_confirmed(datetime.now(UTC) - timedelta(minutes=minutes))
    assert (phone.get(guarded).status_code == 302) is asks


def test_wrong_digits_are_told_and_counted(phone):
    for _ in range(5):
        answer = phone.post("/me/confirm", data={"digits": "9999"})
        assert answer.status_code == 422
        assert "不是您手机号或身份证号的后四位" in answer.text
    answer = phone.post("/me/confirm", data={"digits": "1234"})
    assert answer.status_code == 429
    assert "请等 15 分钟" in answer.text
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=16)):
        assert phone.post("/me/confirm", data={"digits": "1234"}).status_code == 302


@pytest.mark.parametrize("digits", ["", "12", "12345", "abcd"])
def test_what_is_no_four_digits_costs_no_try(phone, digits):
    for _ in range(6):
        assert phone.post("/me/confirm", data={"digits": digits}).status_code == 422
    assert phone.post("/me/confirm", data={"digits": "1234"}).status_code == 302


@pytest.mark.parametrize("target", ["//evil.example", "https:evil", "/\\evil", "javascript:1", "%0d%0a"])
def test_it_leads_nowhere_else(phone, target):
    answer = phone.post(f"/me/confirm?next={target}", data={"digits": "1234"})
    assert answer.location == "/me"


def test_staff_have_no_such_page(signed_in):
    assert signed_in(factories.account(factories.Role.MANAGER)).get("/me/confirm").status_code == 404
