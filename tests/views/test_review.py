"""An evaluator's pages: hers alone, blind, kept drafts, and no way round the rules."""

import re

import pytest

from tests import factories, selections
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.models import Review, ReviewVersion, RoleGrant
from trainer.services import round as rounds
from trainer.services import selection as services


@pytest.fixture
def made(app):
    return selections.opened(3, 2)


@pytest.fixture
def client(made, signed_in):
    return signed_in(made.evaluators[0])


def url_of(made, woman: int = 0, evaluator: int = 0) -> str:
    return f"/reviews/{made.assignment(woman, evaluator).id}"


def sheet(version: int = 0, *levels, act: str = "submit", **more) -> dict:
    return {
        "version": version,
        "act": act,
        **{f"level_c{k}": level for k, level in enumerate(levels, start=1)},
        **more,
    }


def test_anothers_sheet_is_not_there(client, made):
    url = url_of(made, evaluator=1)
    assert client.get(url).status_code == 404
    assert client.post(url, data=sheet(0, 3, 3)).status_code == 404
    assert client.post(f"{url}/draft", data=sheet(0, 3, 3)).status_code == 404
    assert client.get("/reviews/99999").status_code == 404
    assert db.session.scalar(db.select(Review)) is None


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR, Role.COHORT_STAFF])
def test_staff_see_no_sheets(signed_in, made, role):
    client = signed_in(factories.account(role))
    assert client.get("/reviews").status_code == 404
    assert client.get(url_of(made)).status_code == 404


def test_a_revoked_evaluator_is_out_at_once(client, made):
    assert client.get(url_of(made)).status_code == 200
    with transaction():
        db.session.execute(
            db.update(RoleGrant).where(RoleGrant.account_id == made.evaluators[0].id).values(revoked_at=AT)
        )
    assert client.get(url_of(made)).status_code == 404


def test_nothing_says_who_a_candidate_is(client, made):
    made.submit(1, 0, 3, 3)
    pages = [client.get("/reviews"), *(client.get(url_of(made, woman)) for woman in range(3))]
    pages.append(client.post(url_of(made), data=sheet(0, "", 3)))
    for page in pages:
        for secret in (*selections.NAMES, "大西沟村", "1400000", made.cohort.name, made.cohort.code):
            assert secret not in page.text


def test_nothing_says_what_others_scored(signed_in, made):
    made.submit(0, 1, 3, 3, strengths="另一位评委写的优点")
    client = signed_in(made.evaluators[0])
    assert "另一位评委写的优点" not in client.get(url_of(made)).text
    assert "已提交 0 / 3 份" in client.get("/reviews").text


def test_a_round_being_prepared_is_not_there(signed_in, app):
    made = selections.ready(2, 1)
    client = signed_in(made.evaluators[0])
    assert client.get(url_of(made)).status_code == 404
    assert "/reviews/" not in client.get("/reviews").text


def test_a_withdrawn_application_is_not_there(client, made):
    url, application = url_of(made), made.applications()[0]
    with transaction():
        services.withdraw(application.id, application.version, "外出务工", by=made.by, at=AT)
    assert client.get(url).status_code == 404
    assert url not in client.get("/reviews").text


def test_a_draft_is_kept_and_found_again(client, made):
    url = url_of(made)
    answer = client.post(url, data=sheet(0, 2, "", act="save", strengths="踏实肯干"))
    assert answer.location == url
    page = client.get(url).text
    assert "踏实肯干" in page
    assert re.search(r'name="level_c1"[^>]*value="2"', re.search(r"<input[^>]*checked[^>]*level_c1[^>]*>", page)[0])
    assert "草稿" in client.get("/reviews").text


def test_the_script_keeps_a_draft_and_learns_its_version(client, made):
    url = url_of(made)
    first = client.post(f"{url}/draft", data=sheet(0, 3, ""), headers={"Accept": "application/json"})
    assert first.json["version"] == 1
    second = client.post(f"{url}/draft", data=sheet(1, 3, 2), headers={"Accept": "application/json"})
    assert second.json["version"] == 2
    stale = client.post(f"{url}/draft", data=sheet(1, 1, 1), headers={"Accept": "application/json"})
    assert stale.status_code == 409
    assert stale.json["error"]
    wrong = client.post(f"{url}/draft", data=sheet(2, 9, 1), headers={"Accept": "application/json"})
    assert wrong.status_code == 422


def test_submitting_leads_to_the_next_one_and_then_home(client, made):
    seen = []
    at = re.search(r'href="(/reviews/\d+)"', client.get("/reviews").text)[1]
    while at != "/reviews":
        seen.append(at)
        at = client.post(at, data=sheet(0, 3, 3)).location
    assert len(set(seen)) == 3
    assert "已提交 3 / 3 份" in client.get("/reviews").text


def test_what_is_not_answered_is_named_and_kept(client, made):
    url = url_of(made)
    answer = client.post(url, data=sheet(0, 3, "", strengths="踏实"))
    assert answer.status_code == 422
    assert "还没有作答：带动作用" in answer.text
    assert "踏实" in answer.text
    assert 'name="abstaining"' in answer.text
    assert client.post(url, data=sheet(1, 3, "", abstaining="y")).status_code == 302
    assert db.session.scalar(db.select(ReviewVersion.levels)) == {"c1": 3, "c2": None}


def test_less_than_sixty_percent_is_refused_with_a_sentence(client, made):
    answer = client.post(url_of(made), data=sheet(0, "", 3, abstaining="y"))
    assert answer.status_code == 422
    assert "不足 60%" in answer.text
    assert db.session.scalar(db.select(Review)).draft["levels"] == {"c1": None, "c2": 3}


def test_a_stale_window_keeps_what_was_typed(client, made):
    url = url_of(made)
    client.post(url, data=sheet(0, 3, 3, act="save"))
    stale = client.post(url, data=sheet(0, 1, 1, act="save", risks="物流不稳"))
    assert stale.status_code == 409
    assert "物流不稳" in stale.text
    assert db.session.scalar(db.select(Review)).draft["levels"] == {"c1": 3, "c2": 3}


def test_a_submitted_sheet_is_read_and_changed_with_a_reason(client, made):
    url = url_of(made)
    client.post(url, data=sheet(0, 3, 3))
    page = client.get(url).text
    assert "修改我的评分" in page
    assert "<fieldset" not in page
    assert "<fieldset" in client.get(f"{url}?change=1").text
    refused = client.post(url, data=sheet(1, 1, 3))
    assert refused.status_code == 422
    assert client.post(url, data=sheet(1, 1, 3, reason="看错了")).status_code == 409  # the refused one is kept
    assert client.post(url, data=sheet(2, 1, 3, reason="看错了")).status_code == 302
    assert "看错了" in client.get(url).text


def test_a_closed_round_is_only_read(client, made):
    url = url_of(made)
    made.submit(0, 0, 3, 3)
    made.act(rounds.close_round)
    page = client.get(f"{url}?change=1").text
    assert "<fieldset" not in page
    assert "修改我的评分" not in page
    assert client.post(url, data=sheet(1, 1, 1)).status_code == 422
    assert "不计入结果" in client.get(url_of(made, 1)).text
    assert client.get("/selections").status_code == 404


def test_levels_that_are_no_choice_are_refused(client, made):
    for level in ("4", "0", "abc"):
        assert client.post(url_of(made), data=sheet(0, level, 3)).status_code == 422
    assert db.session.scalar(db.select(Review)) is None


def test_what_a_form_does_not_ask_for_is_ignored(client, made):
    client.post(url_of(made), data=sheet(0, 3, 3, account_id=made.evaluators[1].id, state="submitted", level_c9="3"))
    assert db.session.scalar(db.select(ReviewVersion.levels)) == {"c1": 3, "c2": 3}


@pytest.mark.parametrize("women", [1, 3])
def test_statements_do_not_grow(signed_in, count_statements, women):
    made = selections.opened(women, women)
    client, url = signed_in(made.evaluators[0]), url_of(made)
    for path, number in (("/reviews", 2), (url, 4)):
        with count_statements() as seen:
            assert client.get(path).status_code == 200
        assert len(seen) == number, (path, len(seen))
    with count_statements() as seen:
        assert client.post(url, data=sheet(0, 3, 3)).status_code == 302
    assert len([s for s in seen if "pg_advisory" not in s]) == 10
