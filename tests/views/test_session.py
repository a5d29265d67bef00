"""Signing in: right, wrong, locked, by link, by code; and what a session is good for."""

from datetime import timedelta

from tests import factories
from trainer import clock
from trainer.crypto import keyring
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM, Role
from trainer.models import SignInSession
from trainer.services import account as accounts
from trainer.services import trainee_access


def post_sign_in(client, username, password, **more):
    return client.post("/sign-in", data={"username": username, "password": password, **more})


def test_staff_sign_in_with_name_and_password(client, app):
    row = factories.account(Role.SYSTEM_ADMINISTRATOR)
    answer = post_sign_in(client, row.username, factories.PASSWORD)
    assert answer.status_code == 302
    assert client.get("/accounts").status_code == 200


def test_wrong_name_and_wrong_password_get_the_same_sentence(client):
    row = factories.account(Role.MANAGER)
    wrong = post_sign_in(client, row.username, "nonsense")
    unknown = post_sign_in(client, "nobody", "nonsense")
    assert wrong.status_code == unknown.status_code == 422
    assert "不正确" in wrong.text
    assert "不正确" in unknown.text


def test_five_failures_lock_the_account_for_the_right_password_too(client):
    row, other = factories.account(Role.SYSTEM_ADMINISTRATOR), factories.account(Role.SYSTEM_ADMINISTRATOR)
    for _ in range(5):
        post_sign_in(client, row.username, "nonsense")
    assert post_sign_in(client, row.username, factories.PASSWORD).status_code == 422
    assert post_sign_in(client, other.username, factories.PASSWORD).status_code == 302


def test_sign_out_ends_the_session_on_the_server(signed_in):
    client = signed_in(factories.account(Role.SYSTEM_ADMINISTRATOR))
    cookie = client.get_cookie("sid").value
    client.post("/sign-out")
    client.set_cookie("sid", cookie)
    assert client.get("/accounts").status_code == 302


def test_an_idle_session_is_over(signed_in):
    client = signed_in(factories.account(Role.SYSTEM_ADMINISTRATOR))
    with transaction():
        db.session.execute(db.update(SignInSession).values(last_seen_at=clock.now() - timedelta(minutes=31)))
    assert client.get("/accounts").status_code == 302


def test_going_on_never_leaves_the_site(client):
    row = factories.account(Role.SYSTEM_ADMINISTRATOR)
    for target in (
        "//evil.example",
        "https:evil",
        "/\\evil",
        "javascript:1",
        "/%0d%0aX: 1\r\n",
        "https://evil.example/",
    ):
        assert post_sign_in(client, row.username, factories.PASSWORD, next=target).location == "/"
    assert (
        post_sign_in(client, row.username, factories.PASSWORD, next="/accounts?page=2").location == "/accounts?page=2"
    )


def test_set_up_link_makes_the_first_administrator_once(client, app):
    with transaction():
        token = accounts.issue_setup_link(by=SYSTEM, at=clock.now())
    form = {"name": "陈主任", "username": "chen", "password": "Seven-hills-77", "again": "Seven-hills-77"}
    assert client.get(f"/set-up/{token}").status_code == 200
    assert client.post(f"/set-up/{token}", data=form).status_code == 302
    assert client.post(f"/set-up/{token}", data=form).status_code == 422
    assert post_sign_in(client, "chen", "Seven-hills-77").status_code == 302


def test_looking_at_an_invitation_does_not_spend_it(client, signed_in):
    administrator = signed_in(factories.account(Role.SYSTEM_ADMINISTRATOR))
    page = administrator.post(
        "/accounts/new", data={"name": "赵评委", "username": "zhao", "role": "evaluator", "region_code": "140200"}
    )
    link = page.text.split("/invitation/")[1].split("<")[0]
    for _ in range(3):
        assert client.get(f"/invitation/{link}").status_code == 200
    weak = client.post(f"/invitation/{link}", data={"password": "short", "again": "short"})
    assert weak.status_code == 422
    good = {"password": "Wide-river-12", "again": "Wide-river-12"}
    assert client.post(f"/invitation/{link}", data=good).status_code == 302
    assert client.post(f"/invitation/{link}", data=good).status_code == 422


def test_a_trainee_signs_in_with_the_code_once(client, app):
    cohort = factories.cohort()
    _enrolment, account = factories.trainee(cohort, phone="14000001234")
    with transaction():
        code = trainee_access.issue_trainee_code(account, by=SYSTEM, at=clock.now())
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert client.post("/code", data={"phone": "140 0000 1234", "code": wrong}).status_code == 422
    assert client.post("/code", data={"phone": "140 0000 1234", "code": code}).status_code == 302
    assert client.post("/code", data={"phone": "14000001234", "code": code}).status_code == 422


def test_a_code_dies_after_five_wrong_tries(client, app):
    _enrolment, account = factories.trainee(factories.cohort(), phone="14000001234")
    with transaction():
        code = trainee_access.issue_trainee_code(account, by=SYSTEM, at=clock.now())
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        client.post("/code", data={"phone": "14000001234", "code": wrong})
    assert client.post("/code", data={"phone": "14000001234", "code": code}).status_code == 422


def test_phone_index_is_keyed(app):
    assert keyring().blind_index("phone", "14000001234") != keyring().blind_index("id_number", "14000001234")
