"""`flask check-deploy`: a line each, exit 1 on red; and what does not start at all."""

import json
import os

import pytest

from trainer.app import create_app
from trainer.cli.check import look_around
from trainer.database import db, on_postgresql, transaction

HTTPS = {"MODE": "production", "HTTPS": True}


@pytest.fixture
def run(app):
    return lambda *args: app.test_cli_runner().invoke(args=["check-deploy", *args])


def test_a_fresh_place_is_red_in_plain_sentences(app, run):
    told = run()
    assert told.exit_code == 1
    lines = told.stdout.strip().splitlines()
    assert lines[-1] == "not ready"
    assert any(line.startswith("RED     deploy_https: 未启用 HTTPS") for line in lines)
    assert any(line.startswith("warning deploy_icp: ") for line in lines)
    assert all(": " in line for line in lines[:-1])


def test_the_same_as_json(run):
    told = run("--json")
    assert told.exit_code == 1
    answer = json.loads(told.stdout)
    assert answer["ready"] is False
    https = next(finding for finding in answer["findings"] if finding["code"] == "deploy_https")
    assert (https["red"], https["values"]) == (True, {})


def codes(run) -> set[str]:
    return {finding["code"] for finding in json.loads(run("--json").stdout)["findings"]}


def test_it_looks_at_the_place_itself(app, run, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "INSTANCE_PATH", tmp_path)
    monkeypatch.setitem(app.config, "BACKUP_FOLDER", str(tmp_path))
    os.chmod(tmp_path, 0o755)
    (tmp_path / "field_keys").touch(mode=0o644)
    assert {"deploy_readable", "deploy_no_backup", "deploy_scheduler"} <= codes(run)
    assert not {"deploy_migrations", "deploy_audit_guards", "deploy_demonstration"} & codes(run)
    os.chmod(tmp_path, 0o750)
    assert "deploy_readable" not in codes(run)


def test_lost_guards_and_a_database_behind_are_seen(app, run):
    with transaction():
        db.session.execute(db.text("DROP TRIGGER audit_events_kept" + (" ON audit_events" if on_postgresql() else "")))
        db.session.execute(db.text("UPDATE alembic_version SET version_num = 'e4f9eeb131cd'"))
    assert {"deploy_audit_guards", "deploy_migrations"} <= codes(run)


def test_the_owner_of_the_tables_is_told_apart_from_a_role_of_the_application(app):
    assert look_around().may_change_audit is on_postgresql()


def test_an_empty_database_is_looked_at_too(tmp_path):
    app = create_app({"INSTANCE_PATH": tmp_path, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path}/new.sqlite3"})
    with app.app_context():
        told = app.test_cli_runner().invoke(args=["check-deploy", "--json"])
    assert told.exit_code == 1
    assert "deploy_migrations" in told.stdout


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        (HTTPS | {"BASE_URL": "http://a.example.cn", "TRUSTED_HOSTS": ["a.example.cn"]}, "deploy_base_url_http"),
        (HTTPS | {"BASE_URL": "https://a.example.cn", "TRUSTED_HOSTS": ["localhost"]}, "deploy_base_url_host"),
        ({"PASSWORD_POLICY": "none"}, "PASSWORD_POLICY"),
        ({"REQUIRE_2FA_ROLES": ("boss",)}, "REQUIRE_2FA_ROLES"),
        ({"ADMIN_ALLOWED_NETS": ("10.1.0.0/99",)}, "ADMIN_ALLOWED_NETS"),
    ],
)
def test_what_does_not_start(tmp_path, settings, word):
    place = {"INSTANCE_PATH": tmp_path, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path}/x.sqlite3"}
    with pytest.raises(SystemExit, match=word):
        create_app(place | {"FROM_COMMAND_LINE": False} | settings)


def test_a_laptop_over_http_starts(tmp_path):
    place = {"INSTANCE_PATH": tmp_path, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path}/x.sqlite3"}
    assert create_app(place | {"MODE": "production", "FROM_COMMAND_LINE": False})
