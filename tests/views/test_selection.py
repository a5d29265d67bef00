"""Pages of selections and their candidates: who may, what is refused, and how many statements they take."""

import re

import pytest

from tests import factories, selections
from trainer.database import db
from trainer.domain.actors import Role
from trainer.domain.selection import RoundState
from trainer.models import Application, Selection
from trainer.queries.selection import round_criteria
from trainer.services import round as rounds

LEVELS = "没有想法\n有初步想法\n计划可行"


@pytest.fixture
def manager(signed_in):
    return lambda made: signed_in(made.manager)


def version(client, url: str) -> str:
    return re.search(r'name="version"[^>]*value="(\d+)"', client.get(url).text)[1]


def rubric(*weights: object, **more) -> dict:
    """Judged criteria of these weights, as the editor sends them."""
    data = {"act": "save", **more}
    for k, weight in enumerate(weights):
        data |= {f"criteria-{k}-name": f"指标{k}", f"criteria-{k}-kind": "judged"}
        data |= {f"criteria-{k}-weight": str(weight), f"criteria-{k}-levels": LEVELS}
    return data


def pages_of(made) -> list[str]:
    return [made.url, f"{made.url}/rubric", f"{made.url}/candidates"]


def acts_of(made) -> list[str]:
    id_ = made.applications()[0].id
    plain = ["rubric", "evaluators", "open", "close", "reopen", "candidates/new"]
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


def test_the_rubric_is_kept_as_typed_when_it_is_wrong(manager, app):
    made = selections.make()
    client, url = manager(made), f"{made.url}/rubric"
    answer = client.post(url, data=rubric(60, "abc", version=made.version))
    assert answer.status_code == 422
    assert "指标1" in answer.text
    for levels in ("只有一档", "\n".join("一二三四五六七八九十甲"), "长" * 201 + "\n短"):
        data = rubric(100, version=made.version) | {"criteria-0-levels": levels}
        assert client.post(url, data=data).status_code == 422
    assert client.post(url, data=rubric(33.333, version=made.version)).status_code == 422
    assert round_criteria(made.round_id) == ()


def test_a_rubric_that_does_not_sum_up_is_kept_with_a_warning(manager, app):
    made = selections.make()
    client = manager(made)
    assert client.post(f"{made.url}/rubric", data=rubric(40, 25.5, version=made.version)).status_code == 302
    assert "65.5%" in client.get(f"{made.url}/rubric").text
    assert [c.weight_bp for c in round_criteria(made.round_id)] == [4000, 2550]


def test_more_rows_saves_nothing(manager, app):
    made = selections.make()
    answer = manager(made).post(f"{made.url}/rubric", data=rubric(40, version=made.version, act="more"))
    assert answer.text.count("<fieldset") == 4
    assert "指标0" in answer.text
    assert round_criteria(made.round_id) == ()


def test_two_who_write_the_rubric_do_not_overwrite_each_other(manager, app):
    made = selections.make()
    client, seen = manager(made), made.version
    client.post(f"{made.url}/rubric", data=rubric(40, version=seen))
    late = client.post(f"{made.url}/rubric", data=rubric(70, version=seen))
    assert late.status_code == 409
    assert 'value="70"' in late.text
    assert [c.weight_bp for c in round_criteria(made.round_id)] == [4000]


def test_a_locked_rubric_is_shown_and_not_written(manager, app):
    made = selections.opened()
    client = manager(made)
    shown = client.get(f"{made.url}/rubric").text
    assert "计划可行" in shown
    assert "<form method" not in shown.split("<main")[1]
    assert client.post(f"{made.url}/rubric", data=rubric(100, version=made.version)).status_code == 422


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
    assert f"{made.url}/ranking" in client.get(made.url).text
    assert client.post(f"{made.url}/reopen", data={"version": made.version, "reason": ""}).status_code == 422
    assert client.post(f"{made.url}/reopen", data={"version": made.version, "reason": "补交"}).status_code == 302
    assert made.state is RoundState.OPEN


def test_opening_says_what_is_missing(manager, app):
    made = selections.make()
    answer = manager(made).post(f"{made.url}/open", data={"version": made.version})
    assert answer.status_code == 422
    assert "还没有评分表" in answer.text


def test_an_evaluator_who_is_none_cannot_be_chosen(manager, app):
    made = selections.ready()
    data = {"version": made.version, "evaluator_ids": [made.manager.id], "readers": 1}
    assert manager(made).post(f"{made.url}/evaluators", data=data).status_code == 422


@pytest.mark.parametrize("women", [1, 3])
def test_statements_do_not_grow(signed_in, count_statements, women):
    made = selections.ready(women, women)
    client = signed_in(made.manager)
    for path, most in (
        ("/selections", 3),
        (made.url, 6),
        (f"{made.url}/rubric", 4),
        (f"{made.url}/candidates", 4),
        (f"{made.url}/candidates/new?cohort={made.cohort.id}", 4),
        (f"{made.url}/evaluators", 4),
        (f"{made.url}/open", 5),
    ):
        with count_statements() as seen:
            assert client.get(path).status_code == 200
        assert len(seen) == most, (path, len(seen))
