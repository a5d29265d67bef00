"""Pages of selections and their candidates: who may, what is refused, and how many statements they take."""

import re

import pytest

from tests import factories, selections
from trainer.database import db
from trainer.domain.actors import Role
from trainer.domain.selection import RoundState
from trainer.models import Application, Selection
from trainer.services import round as rounds


@pytest.fixture
def manager(signed_in):
    return lambda made: signed_in(made.manager)


def version(client, url: str) -> str:
    return re.search(r'name="version"[^>]*value="(\d+)"', client.get(url).text)[1]


def pages_of(made) -> list[str]:
    return [made.url, f"{made.url}/rubric", f"{made.url}/candidates"]


def acts_of(made) -> list[str]:
    id_ = made.applications()[0].id
    plain = ["evaluators", "open", "close", "reopen", "candidates/new"]
    return [f"{made.url}/{p}" for p in (*plain, f"candidates/{id_}", f"candidates/{id_}/withdraw")]


def test_a_stranger_is_sent_to_the_sign_in(client, app):
    made = selections.ready()
    for url in pages_of(made):
        assert client.get(url).status_code == 302


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.FINANCE])
def test_whoever_may_look_may_not_act(signed_in, app, role):
    made = selections.ready()
    client = signed_in(factories.account(role))
    for url in pages_of(made):
        assert client.get(url).status_code == 200
    assert "开始评分" not in client.get(made.url).text
    for url in acts_of(made):
        assert client.post(url, data={"version": made.version, "reason": "x"}).status_code == 404
    assert made.state is RoundState.DRAFT


@pytest.mark.parametrize("role", [Role.COHORT_STAFF, Role.INSTRUCTOR, Role.EVALUATOR, Role.PARTNER])
def test_others_find_nothing(signed_in, app, role):
    made = selections.ready()
    client = signed_in(factories.account(role))
    for url in ["/selections", "/selections/new", *pages_of(made), *acts_of(made)]:
        assert client.get(url).status_code == 404


def test_a_manager_of_another_area_finds_nothing(signed_in, app):
    made = selections.ready()
    client = signed_in(factories.account(Role.MANAGER, region=factories.LINFEN))
    for url in [*pages_of(made), *acts_of(made)]:
        assert client.get(url).status_code == 404
        assert client.post(url, data={"version": made.version}).status_code in (404, 405)
    assert "重点扶持培训" not in client.get("/selections").text


def test_a_candidate_is_found_only_under_her_selection(signed_in, app):
    made, other = selections.ready(), selections.ready()
    client = signed_in(factories.account(Role.MANAGER))
    assert client.get(f"{other.url}/candidates/{made.applications()[0].id}").status_code == 404


def test_a_selection_is_made_once_and_only_in_her_area(signed_in, app):
    programme = factories.programme()
    client = signed_in(factories.account(Role.MANAGER, region=factories.DATONG))
    data = {
        "idempotency_key": "k",
        "programme_id": programme.id,
        "name": "重点扶持",
        "kind": "advanced_training",
        "region_code": factories.DATONG,
        "seats": 20,
        "round_kind": "expert",
    }
    assert client.post("/selections/new", data={**data, "region_code": factories.LINFEN}).status_code == 422
    first, second = (client.post("/selections/new", data=data) for _ in range(2))
    assert first.location == second.location
    assert db.session.scalar(db.select(db.func.count()).select_from(Selection)) == 1
    assert client.post("/selections/new", data={**data, "seats": 0}).status_code == 422


def test_ticked_women_are_added(manager, app):
    made = selections.make(3)
    client, url = manager(made), f"{made.url}/candidates/new?cohort={made.cohort.id}"
    data = {"version": version(client, url), "enrolment_ids": [made.enrolments[1].id]}
    assert client.post(url, data=data).status_code == 302
    assert [row.enrolment_id for row in db.session.scalars(db.select(Application))] == [made.enrolments[1].id]
    assert "A-001" in client.get(url).text


def test_a_plan_that_names_her_is_shown_again(manager, app):
    made = selections.ready()
    url = f"{made.url}/candidates/{made.applications()[0].id}"
    client = manager(made)
    answer = client.post(url, data={"version": version(client, url), "plan": "我是王秀芳"})
    assert answer.status_code == 422
    assert "我是王秀芳" in answer.text
    assert client.post(url, data={"version": version(client, url), "plan": "卖黄花菜"}).status_code == 302
    assert made.applications()[0].plan == "卖黄花菜"


def test_the_next_step_follows_the_state(manager, app):
    made = selections.make()
    client = manager(made)
    assert "先写评分表" in client.get(made.url).text
    made = selections.ready()
    client = manager(made)
    assert f"{made.url}/open" in client.get(made.url).text
    made.act(rounds.open_round)
    made.submit(0, 0, 3, 3)
    assert "6 份评分表已收回 1 份" in client.get(made.url).text
    assert "还差 5 份" in client.get(f"{made.url}/close").text
    assert client.post(f"{made.url}/close", data={"version": made.version}).status_code == 302
    assert made.state is RoundState.CLOSED
    assert f"{made.url}/freeze" in client.get(made.url).text
    client.post(f"{made.url}/rank-again", data={"version": made.version})
    page = client.get(f"{made.url}/freeze").text
    run = re.search(r'name="run" value="(\d+)"', page)[1]
    assert client.post(f"{made.url}/freeze", data={"version": made.version, "run": "1"}).status_code == 422
    assert client.post(f"{made.url}/freeze", data={"version": made.version, "run": run}).status_code == 302
    assert made.state is RoundState.FROZEN


def test_one_asks_to_open_again_and_another_answers(manager, app, signed_in):
    made = selections.opened()
    made.submit(0, 0, 3, 3)
    made.act(rounds.close_round)
    client, url = manager(made), f"{made.url}/reopen"
    assert client.post(url, data={"reason": ""}).status_code == 422
    assert client.post(url, data={"reason": "补交一份"}).status_code == 302
    page = client.get(url).text
    assert 'name="answer"' not in page
    other = signed_in(factories.account(Role.MANAGER))
    answer = re.search(rf'action="({url}/\d+)"', other.get(url).text)[1]
    assert client.post(answer, data={"answer": "同意", "act": "grant"}).status_code == 422
    assert other.post(answer, data={"answer": "同意", "act": "anything"}).status_code == 422
    assert made.state is RoundState.CLOSED
    assert other.post(answer, data={"answer": "核对过", "act": "grant"}).status_code == 302
    assert made.state is RoundState.OPEN
    assert "补交一份" in signed_in(factories.account(Role.AUDITOR)).get(url).text


def test_the_best_go_on_into_the_next_round_and_one_is_named(manager, app):
    made = selections.opened(3, 2)
    for place in range(3):
        made.submit(place, 0, 3 - place, 2)
    made.act(rounds.close_round)
    made.freeze()
    client = manager(made)
    page = client.get(f"{made.url}/next-round").text
    assert "王秀芳" in page
    assert "李月娥" not in page
    data = {"version": made.version, "kind": "final", "advances": "1"}
    assert client.post(f"{made.url}/next-round", data=data).status_code == 302
    page = client.get(made.url).text
    assert f"{made.url}?round=1" in page
    assert "王秀芳" in client.get(f"{made.url}/candidates").text
    left = made.applications()[1].id
    form = {"version": "1", "application_id": left, "reason": "少数民族村代表"}
    assert client.post(f"{made.url}/name", data={**form, "reason": ""}).status_code == 422
    assert client.post(f"{made.url}/name", data=form).status_code == 302
    assert client.get(f"{made.url}/ranking").status_code == 404
    assert client.get(f"{made.url}/ranking?round=1").status_code == 200
    assert client.get(f"{made.url}?round=3").status_code == 404


def test_opening_says_what_is_missing(manager, app):
    made = selections.make()
    answer = manager(made).post(f"{made.url}/open", data={"version": made.version})
    assert answer.status_code == 422
    assert "还没有评分表" in answer.text


def test_an_evaluator_who_is_none_cannot_be_chosen(manager, app):
    made = selections.ready()
    data = {"version": made.version, "account_ids": [made.manager.id], "readers": 1, "anchors": 0, "cross": 0}
    assert manager(made).post(f"{made.url}/evaluators", data=data).status_code == 422


@pytest.mark.parametrize("women", [1, 3])
def test_statements_do_not_grow(signed_in, count_statements, women):
    made = selections.ready(women, women)
    client = signed_in(made.manager)
    for path, most in (
        ("/selections", 3),
        (made.url, 8),
        (f"{made.url}/candidates", 5),
        (f"{made.url}/candidates/new?cohort={made.cohort.id}", 5),
        (f"{made.url}/evaluators", 6),
        (f"{made.url}/open", 7),
    ):
        with count_statements() as seen:
            assert client.get(path).status_code == 200
        assert len(seen) == most, (path, len(seen))
