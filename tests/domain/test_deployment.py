"""What is wrong with an installation: one row a bad setting, each red or a warning by itself."""

import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from trainer.domain.deployment import CHECKS, Place, find_faults, is_weak, why_not_start
from trainer.wording.deployment import SENTENCES

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
GOOD = {
    "MODE": "production",
    "SECRET_KEY": secrets.token_hex(32),
    "HTTPS": True,
    "BEHIND_PROXY": True,
    "BASE_URL": "https://peixun.example.cn",
    "TRUSTED_HOSTS": ["peixun.example.cn"],
    "REQUIRE_2FA_ROLES": ("system_administrator", "finance"),
    "BACKUP_FOLDER": "/srv/backups",
    "ICP_NUMBER": "晋ICP备1号",
    "ORGANISATION": "省妇联",
    "PRIVACY_CONTACT": "0351-1234567",
}
PLACE = Place(
    database="postgresql",
    keys_beside_database=False,
    readable=(),
    newest_backup=NOW - timedelta(hours=3),
    last_job=NOW - timedelta(hours=2),
    is_migrated=True,
    is_demonstration=False,
    audit_guards=4,
    may_change_audit=False,
    debug=False,
    now=NOW,
)
# (code, red?, the bad settings, the bad facts)
BAD = [
    ("deploy_mode", True, {"MODE": "demo"}, {}),
    ("deploy_debug", True, {}, {"debug": True}),
    ("deploy_demonstration", True, {}, {"is_demonstration": True}),
    ("deploy_migrations", True, {}, {"is_migrated": False}),
    ("deploy_secret", True, {"SECRET_KEY": "x7#kQ2"}, {}),
    ("deploy_https", True, {"HTTPS": False}, {}),
    ("deploy_base_url_http", True, {"BASE_URL": "http://peixun.example.cn"}, {}),
    ("deploy_base_url_host", True, {"BASE_URL": "https://other.example.cn"}, {}),
    ("deploy_base_url_host", True, {"BASE_URL": "https://"}, {}),
    ("deploy_any_host", True, {"TRUSTED_HOSTS": ["peixun.example.cn", "*"]}, {}),
    ("deploy_second_factor", True, {"REQUIRE_2FA_ROLES": ("finance",)}, {}),
    ("deploy_readable", True, {}, {"readable": ("field_keys",)}),
    ("deploy_no_backup", True, {}, {"newest_backup": None}),
    ("deploy_old_backup", True, {}, {"newest_backup": NOW - timedelta(days=3)}),
    ("deploy_scheduler", True, {}, {"last_job": None}),
    ("deploy_scheduler", True, {}, {"last_job": NOW - timedelta(hours=27)}),
    ("deploy_audit_guards", True, {}, {"audit_guards": 3}),
    ("deploy_audit_role", False, {}, {"may_change_audit": True}),
    ("deploy_sqlite", False, {}, {"database": "sqlite", "audit_guards": 6}),
    ("deploy_keys", False, {}, {"keys_beside_database": True}),
    ("deploy_proxy", False, {"BEHIND_PROXY": False}, {}),
    ("deploy_icp", False, {"ICP_NUMBER": ""}, {}),
    ("deploy_organisation", False, {"PRIVACY_CONTACT": ""}, {}),
]


def test_a_good_place_has_no_fault():
    assert find_faults(GOOD, PLACE) == []


@pytest.mark.parametrize(("code", "red", "settings", "facts"), BAD)
def test_each_bad_setting_is_found_alone(code, red, settings, facts):
    (finding,) = find_faults({**GOOD, **settings}, replace(PLACE, **facts))
    assert (finding.code, finding.red) == (code, red)
    assert str(SENTENCES[code]) % finding.values


def test_every_check_stands_in_the_table():
    assert {(code, red) for code, red, _is_so in CHECKS} == {(code, red) for code, red, _settings, _facts in BAD}
    assert set(SENTENCES) == {code for code, _red, _is_so in CHECKS}


def test_the_red_come_first():
    found = find_faults({**GOOD, "ICP_NUMBER": "", "HTTPS": False}, replace(PLACE, audit_guards=0))
    assert [finding.red for finding in found] == [True, True, False]


@pytest.mark.parametrize(
    "secret", ["", "short-But-Random-9#", "change-me" * 8, "abcdefghij" * 5, "01" * 40, "x" * 64, "only-for-tests"]
)
def test_a_secret_that_nobody_drew_is_weak(secret):
    assert is_weak(secret)


def test_a_drawn_secret_is_not():
    drawn = [draw() for _ in range(200) for draw in (lambda: secrets.token_hex(32), lambda: secrets.token_urlsafe(32))]
    assert not any(is_weak(secret) for secret in drawn)


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({}, None),
        ({"BASE_URL": "http://peixun.example.cn"}, "deploy_base_url_http"),
        ({"TRUSTED_HOSTS": ["127.0.0.1"]}, "deploy_base_url_host"),
        # A laptop over http starts, whatever else is missing.
        ({"HTTPS": False, "BASE_URL": "http://127.0.0.1:8000", "TRUSTED_HOSTS": ["localhost"]}, None),
        ({"MODE": "demo", "BASE_URL": "http://127.0.0.1:8000"}, None),
    ],
)
def test_only_a_site_that_contradicts_itself_does_not_start(settings, code):
    assert why_not_start({**GOOD, **settings}) == code
