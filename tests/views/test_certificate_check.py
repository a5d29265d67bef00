"""The public check page: what a number says, and what it never says."""

from urllib.parse import quote

import pytest

from tests import factories
from tests.factories import AT
from tests.services.test_certificate import ISSUER, all_of_them, completed, issue
from trainer.database import transaction
from trainer.services import certificate as certificates
from trainer.services import certificate_check as checks
from trainer.services.erasure import erase_person


@pytest.fixture
def boss(cohort):
    return factories.actor(factories.Role.MANAGER, region=factories.DATONG)


@pytest.fixture
def number(cohort, boss) -> str:
    issue(completed(cohort, "王秀芳"), by=boss)
    return all_of_them()[0].number


def test_a_valid_one(client, cohort, number):
    answer = client.get(f"/check/{number}")
    assert answer.status_code == 200
    for words in ("这份证书有效", "王*芳", cohort.name, "大同市妇女联合会", "2026-03-09"):
        assert words in answer.text
    assert "王秀芳" not in answer.text
    title = answer.text.split("</title>")[0]
    assert number not in title
    assert "王" not in title
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "Set-Cookie" not in answer.headers


def test_typed_as_people_type(client, number):
    typed = client.get("/check", query_string={"number": f" 第{number.lower().replace('-', ' ')}号 "})
    assert typed.location == f"/check/{number}"
    assert client.get(f"/check/{number.lower()}").location == f"/check/{number}"
    assert client.get("/check", query_string={"number": " "}).status_code == 200


def test_a_wrong_figure_is_not_looked_up(client, number, count_statements):
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    with count_statements() as seen:
        answer = client.get(f"/check/{wrong}")
    assert (answer.status_code, seen) == (422, [])
    assert "编号里有数字不对" in answer.text


@pytest.mark.parametrize("unknown", ["SX2026-000001-4", "晋妇培字〔2022〕第9号", "'; DROP TABLE", "9" * 200, "a/b"])
def test_an_unknown_number_gets_one_neutral_sentence(client, number, unknown):
    answer = client.get(f"/check/{quote(unknown)}", follow_redirects=True)
    assert answer.status_code == 404
    assert "这里查不到这个编号的证书" in answer.text


def test_replaced_and_revoked_with_the_day_and_without_the_new_number(client, boss, number):
    with transaction():
        certificates.replace_certificate(all_of_them()[0].id, "错字", version=1, issuer=ISSUER, by=boss, at=AT)
    new = all_of_them()[1]
    page = client.get(f"/check/{number}").text
    assert "已于 2026-03-10 换发" in page
    assert new.number not in page
    assert "错字" not in page
    with transaction():
        certificates.revoke(new.id, "代签", version=1, by=boss, at=AT)
    page = client.get(f"/check/{new.number}").text
    assert "已于 2026-03-10 撤销" in page
    assert "代签" not in page


def test_one_from_before_this_system(client, cohort):
    _id, number = factories.certificate(factories.enrolment(cohort))
    page = client.get(f"/check/{quote(number)}").text
    assert "本系统启用前发放，学时以当时记录为准" in page


def test_of_whoever_was_erased_only_that_the_number_was_given(client, boss, number):
    with transaction():
        certificate = all_of_them()[0]
        erase_person(person_of(certificate), why="request", by=boss, at=AT)
    page = client.get(f"/check/{number}").text
    assert "这个编号的证书确实发放过" in page
    assert "王" not in page.split("<main>")[1].split("</main>")[0]


def person_of(certificate) -> int:
    return factories.db.session.get(factories.Enrolment, certificate.enrolment_id).person_id


def test_looking_everything_up_gets_slow_and_a_known_browser_goes_on(app, client, number, signed_in, monkeypatch):
    monkeypatch.setattr(checks, "FROM_ONE_ADDRESS", 3)
    assert [client.get(f"/check/{number}").status_code for _ in range(4)] == [200, 200, 200, 429]
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert client.get(f"/check/{number}", environ_base=elsewhere).status_code == 200


def test_statements_of_a_look(client, number, count_statements):
    with count_statements() as seen:
        client.get(f"/check/{number}")
    assert len(seen) == 4
