"""Passwords and ways in: nothing tells a stranger who exists, nobody hands out a lasting password, none comes with the house."""

import ast
import re
import time
from datetime import timedelta

import pytest

from tests import factories
from tests.house.floors import PACKAGE
from trainer import clock, crypto
from trainer.app import create_app
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM, Role
from trainer.models import AccessToken, Account
from trainer.services import account as accounts

TRIES = 6


def sign_in(client, name, password="nonsense", **more):
    return client.post("/sign-in", data={"username": name, "password": password, **more})


@pytest.fixture
def cases(app):
    """What a stranger may type: a name nobody has, a wrong password, and accounts that let nobody in."""
    return {
        "unknown name": "nobody",
        "unknown phone": "13900009999",
        "wrong password": factories.account(Role.MANAGER).username,
        "disabled": factories.account(Role.MANAGER, active=False).username,
        "invited, no password yet": factories.account(Role.MANAGER, password_hash=None).username,
        "with a second factor": _with_second_factor(),
    }


def _with_second_factor() -> str:
    row = factories.account(Role.MANAGER)
    factories.second_factor(row)
    return row.username


def test_point_14_every_wrong_sign_in_reads_the_same(app, cases):
    answers = {}
    for case, name in cases.items():
        answer = sign_in(app.test_client(), name)
        answers[case] = (answer.status_code, answer.text.replace(name, "NAME"))
    assert len(set(answers.values())) == 1, {case: status for case, (status, _page) in answers.items()}


def test_point_14_every_wrong_sign_in_takes_one_slow_hash(app, cases, monkeypatch):
    hashed, real = [], crypto._passwords.verify

    class Counting:
        def verify(self, stored, password):
            hashed.append(stored)
            return real(stored, password)

    monkeypatch.setattr(crypto, "_passwords", Counting())
    for name in cases.values():
        hashed.clear()
        sign_in(app.test_client(), name)
        assert len(hashed) == 1, name


def test_point_14_an_unknown_name_takes_as_long_as_a_wrong_password(app, cases):
    taken: dict[str, float] = {}
    for case in ("unknown name", "wrong password"):
        times = []
        for _ in range(TRIES):
            client, start = app.test_client(), time.perf_counter()
            sign_in(client, cases[case])
            times.append(time.perf_counter() - start)
        taken[case] = min(times)
    assert 0.5 < taken["unknown name"] / taken["wrong password"] < 2, taken


def test_a_disabled_account_stays_out_with_the_right_password(client):
    row = factories.account(Role.MANAGER, active=False)
    assert sign_in(client, row.username, factories.PASSWORD).status_code == 422


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_point_15_looking_at_a_link_spends_nothing(client, method):
    with transaction():
        _account, token = accounts.invite("new", "新人", "", factories.Grant(Role.MANAGER), by=SYSTEM, at=clock.now())
    for _ in range(3):
        assert client.open(f"/invitation/{token}", method=method, headers={"Purpose": "prefetch"}).status_code == 200
    assert db.session.scalar(db.select(AccessToken.used_at).where(AccessToken.kind == "invitation")) is None


def test_point_16_an_administrator_neither_sees_nor_chooses_a_password(app, client, signed_in):
    row, administrator = factories.account(Role.MANAGER), signed_in(factories.account(Role.SYSTEM_ADMINISTRATOR))
    before = row.password_hash
    chosen = {"password": "Chosen-by-me-1", "password_hash": crypto.hash_password("Chosen-by-me-1")}
    page = administrator.post(f"/accounts/{row.id}/invitation", data=chosen).text
    db.session.expire_all()
    assert db.session.get(Account, row.id).password_hash == before
    assert "Chosen-by-me-1" not in page
    link = re.search(r"/invitation/[\w-]+", page)[0]
    typed = {"password": "Wide-river-12", "again": "Wide-river-12"}
    assert client.post(link, data=typed).status_code == 302
    assert client.post(link, data=typed).status_code == 422, "once"
    assert sign_in(client, row.username, "Chosen-by-me-1").status_code == 422
    assert sign_in(client, row.username, "Wide-river-12").status_code == 302


ELSEWHERE = (
    "//evil.example",
    "///evil.example",
    "https:evil",
    "https://evil.example/",
    "/\\evil",
    "\\/evil",
    "javascript:alert(1)",
    "data:text/html,x",
    "/%0d%0aX: 1\r\n",
    "/x\tx",
    " //evil.example",
    "evil.example",
    "/\x00",
)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_point_18_no_page_after_the_sign_in_is_elsewhere(client, target):
    row = factories.account(Role.MANAGER)
    assert sign_in(client, row.username, factories.PASSWORD, next=target).location == "/"


def test_point_19_an_empty_installation_lets_nobody_in(client):
    assert db.session.scalars(db.select(Account)).all() == []
    for name in ("admin", "root", "administrator", "test", "demo", "chen"):
        for password in ("", "admin", "password", "123456", "Demo-2026-she"):
            assert sign_in(client, name, password).status_code == 422
    assert client.get("/sign-in").status_code == 200


def test_point_19_the_set_up_link_is_one_at_a_time_used_once_and_runs_out(client, monkeypatch):
    def link():
        with transaction():
            return accounts.issue_setup_link(by=SYSTEM, at=clock.now())

    typed = {"name": "陈", "username": "chen", "password": "Wide-river-12", "again": "Wide-river-12"}
    first, second = link(), link()
    assert client.post(f"/set-up/{first}", data=typed).status_code == 422, "a newer one is out"
    now = clock.now()
    with monkeypatch.context() as later:
        later.setattr(clock, "now", lambda: now + accounts.INVITATION_LIFE + timedelta(seconds=1))
        assert client.post(f"/set-up/{second}", data=typed).status_code == 422
    assert client.post(f"/set-up/{second}", data=typed).status_code == 302
    assert client.post(f"/set-up/{second}", data=typed | {"username": "li"}).status_code == 422
    assert db.session.scalars(db.select(Account.username)).all() == ["chen"]


@pytest.mark.parametrize(
    "setting",
    [{"PASSWORD_POLICY": "none"}, {"REQUIRE_2FA_ROLES": ("boss",)}, {"ADMIN_ALLOWED_NETS": ("10.1.0.0/99",)}],
)
def test_a_rule_of_signing_in_that_cannot_be_read_stops_the_start(tmp_path, setting):
    with pytest.raises(SystemExit, match="cannot be read"):
        create_app({"MODE": "testing", "INSTANCE_PATH": tmp_path, **setting})


# Names of things whose comparison must not tell by its length how much of it was right.
SECRET = re.compile(r"(^|_)(token|secret|digest|hmac|mac|signature|password|otp|code_hash|token_hash)$")
# Compared in the database, by an index over hashes of random tokens; or not a secret of anybody's.
NO_SECRET = re.compile(r"^(cls|self)?\.?[A-Z]")
# What a row of an order file says, to find it again in another file.
OF_CONTENT = {"_digest(values) == first[1]"}


def secret_comparisons(source: str) -> list[str]:
    """`==` and `!=` between values of which one is named like a secret."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq | ast.NotEq):
            continue
        sides = [ast.unparse(side) for side in (node.left, node.comparators[0])]
        in_database = any(NO_SECRET.match(side) for side in sides)
        names = [re.sub(r"\(.*\)$", "", side, flags=re.S).split(".")[-1] for side in sides]
        if any(SECRET.search(name) for name in names) and not in_database:
            found.append(" == ".join(sides))
    return found


def test_point_20_secrets_are_compared_in_constant_time():
    found = {path: set(secret_comparisons(path.read_text())) - OF_CONTENT for path in PACKAGE.rglob("*.py")}
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "line", ["if token == given: pass", "ok = row.token_hash != digest(x)", "return_ = self.secret == other"]
)
def test_point_20_a_planted_comparison_is_found(line):
    assert len(secret_comparisons(line)) == 1


def test_point_20_a_lookup_in_the_database_is_none():
    assert secret_comparisons("select(S).where(S.token_hash == hash_token(token))") == []
