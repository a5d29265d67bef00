"""`people import`: the contract's keys and figures, and the exit for what cannot be taken."""

import json
from pathlib import Path

import pytest

from tests import factories
from tests.rosters import ID_1, SAMPLE, roster_file
from trainer.database import db
from trainer.domain.actors import Role
from trainer.models import Enrolment, ImportBatch, Person

EXPECTED = json.loads((SAMPLE.parent / "EXPECTED.json").read_text(encoding="utf-8"))[SAMPLE.name]


@pytest.fixture
def cohort(app):
    return factories.cohort("DT-2026-01")


def run(app, file: Path, *options: str):
    return app.test_cli_runner().invoke(args=["people", "import", str(file), "--cohort", "DT-2026-01", *options])


def told(app, file: Path, *options: str) -> dict:
    result = run(app, file, "--json", *options)
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


def test_the_sample(app, cohort):
    answer = told(app, SAMPLE)
    assert list(answer) == [
        *("data_rows", "accepted", "new", "updated", "unchanged", "rejected", "warnings", "duplicates_in_file"),
        "needs_a_person",
    ]
    figures = {name: answer[name] for name in ("data_rows", "accepted", "new", "updated", "unchanged")}
    assert figures == {"data_rows": 100, "accepted": 95, "new": 95, "updated": 0, "unchanged": 0}
    assert (answer["data_rows"], answer["accepted"]) == (EXPECTED["data_rows"], EXPECTED["accepted"])
    for kind in ("rejected", "warnings"):
        assert [line[:2] for line in answer[kind]] == [line[:2] for line in EXPECTED[kind]]
    assert [line[2] for line in answer["rejected"]] == [
        *("phone_digits", "id_lost_digits", "id_check_digit", "name_missing"),
    ]
    assert answer["rejected"][0][3] == "手机号是 10 位数字，应为 11 位。"
    assert (answer["duplicates_in_file"], answer["needs_a_person"]) == (EXPECTED["duplicates_in_file"], [])
    assert db.session.scalar(db.select(db.func.count()).select_from(Enrolment)) == 95


def test_again_changes_nothing(app, cohort):
    told(app, SAMPLE)
    answer = told(app, SAMPLE)
    figures = [answer[name] for name in ("accepted", "new", "updated", "unchanged")]
    assert figures == [95, 0, 0, 95]
    assert db.session.scalar(db.select(db.func.count()).select_from(ImportBatch)) == 1


def test_a_dry_run_writes_nothing(app, cohort):
    assert told(app, SAMPLE, "--dry-run")["new"] == 95
    assert db.session.scalar(db.select(Person)) is None
    assert db.session.scalar(db.select(ImportBatch)) is None


def test_a_row_that_needs_a_person_is_left_out_and_listed(app, cohort, tmp_path):
    factories.person("王芳", phone="14000000009", village="上庄村")
    file = tmp_path / "名册.xlsx"
    file.write_bytes(roster_file(("王芳", ID_1, "14000000001", "", "上庄村"), ("李红", "", "14000000002")))
    answer = told(app, file)
    assert (answer["accepted"], answer["new"], answer["needs_a_person"]) == (1, 1, [[2, "same_name_and_village"]])


def test_without_json_it_speaks_in_lines(app, cohort):
    lines = run(app, SAMPLE).stdout.splitlines()
    assert "new 95" in lines
    assert "rejected 19 phone: 手机号是 10 位数字，应为 11 位。" in lines


def test_what_cannot_be_taken(app, cohort, tmp_path):
    torn = tmp_path / "x.xlsx"
    torn.write_bytes(b"PK\x03\x04 torn")
    for file, words in [(tmp_path / "nowhere.xlsx", "找不到文件"), (torn, "文件已损坏"), (tmp_path, "找不到文件")]:
        result = run(app, file, "--json")
        assert (result.exit_code, result.stdout) == (2, "")
        assert words in result.stderr
        assert result.stderr.count("\n") == 1


def test_an_unknown_cohort(app):
    result = run(app, SAMPLE, "--json")
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", "没有编号为 DT-2026-01 的培训班。\n")


def test_the_command_is_nobodys_account(app, cohort):
    told(app, SAMPLE)
    assert db.session.scalar(db.select(ImportBatch.created_by)) is None
    assert factories.actor(Role.MANAGER).account_id is not None
