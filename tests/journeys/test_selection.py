"""A whole selection as its people walk it: manager, two evaluators, committee."""

import io
import re

import pytest
from openpyxl import load_workbook

from tests import factories, selections
from tests.factories import version
from trainer.domain.actors import Role
from trainer.domain.attendance import LessonState


@pytest.fixture
def place(app):
    """A cohort of four, two of whom attended its one closed lesson."""
    cohort = factories.cohort()
    lesson = factories.lesson(cohort, state=LessonState.CLOSED)
    women = [factories.enrolment(cohort, factories.person(name)) for name in ("王秀芳", "李月娥", "张桂兰", "赵翠平")]
    for enrolment, status in zip(women, ("present", "present", "absent", "absent"), strict=True):
        selections.attended(lesson, enrolment, status)
    return cohort, women


def add(manager, home: str, kind: str, points: int, **data) -> None:
    """A criterion, by its own page."""
    page = f"{home}/rubric/new?kind={kind}"
    sent = {"version": version(manager, page), "points": points, **data}
    assert manager.post(page, data=sent).status_code == 302


def ask(manager, home: str, judge, signed_in, client) -> None:
    """She is asked by a link, accepts, and knows none of the candidates."""
    page = manager.post(f"{home}/panel/invite", data={"account_id": judge.id, "max_load": "30"}).text
    link = re.search(r'class="secret-link">[^<]*?(/panel/[^<]+)<', page)[1]
    assert client.post(link, data={"act": "accept"}).status_code == 302
    hers = signed_in(judge)
    declaration = re.search(r'href="(/reviews/rounds/\d+/declaration)"', hers.get("/reviews").text)[1]
    said = {"none": "y", "silent": "y", **hidden_fields(hers.get(declaration).text)}
    assert hers.post(declaration, data=said).status_code == 302


def hidden_fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))


def test_from_a_new_selection_to_the_file_that_is_reckoned_again(place, signed_in, client, app, tmp_path):
    cohort, _women = place
    manager = signed_in(factories.account(Role.MANAGER, region=factories.DATONG))
    judges = [factories.account(Role.EVALUATOR) for _ in range(2)]

    made = manager.post(
        "/selections/new",
        data={
            "idempotency_key": "k1",
            "programme_id": cohort.programme_id,
            "name": "重点扶持培训",
            "kind": "advanced_training",
            "region_code": factories.DATONG,
            "seats": 2,
            "round_kind": "expert",
        },
    )
    home = made.location
    assert "先写评分表" in manager.get(home).text
    levels = "没有想法\n有初步想法\n计划可行"
    add(manager, home, "judged", 50, name="创业计划", levels=levels)
    add(manager, home, "judged", 30, name="带动作用", levels=levels)
    add(manager, home, "weighted", 20, name="出勤率", field="attendance_rate", of=100)
    assert "接着添加候选人" in manager.get(home).text

    chosen = f"{home}/candidates/new?cohort={cohort.id}"
    added = manager.post(chosen, data={"version": version(manager, chosen), "everybody": "yes"})
    assert added.status_code == 302
    for judge in judges:
        ask(manager, home, judge, signed_in, client)
    terms = {"account_ids": [judge.id for judge in judges], "everybody": "y", "anchors": "0", "cross": "0"}
    seen = manager.post(
        f"{home}/evaluators", data={**terms, "act": "preview", "version": version(manager, f"{home}/evaluators")}
    )
    shown = hidden_fields(seen.text)
    dealt = manager.post(f"{home}/evaluators", data={**shown, **terms, "act": "deal"})
    assert dealt.status_code == 302
    for waiting in re.findall(rf'href="({home}/blinding/\d+)"', manager.get(f"{home}/blinding").text):
        confirmed = {**hidden_fields(manager.get(waiting).text), "title": "", "plan": "", "act": "confirm"}
        assert manager.post(waiting, data=confirmed).status_code == 302
    assert manager.post(f"{home}/open", data={"version": version(manager, f"{home}/open")}).status_code == 302

    for judge, level in zip(judges, (3, 2), strict=True):
        score_everything(signed_in(judge), level)
    assert "8 / 8" in manager.get(home).text or "已收回 8 份" in manager.get(home).text

    assert "全部 8 份" in manager.get(f"{home}/close").text
    assert manager.post(f"{home}/close", data={"version": version(manager, f"{home}/close")}).status_code == 302
    ranking = manager.get(f"{home}/ranking").text
    # Judged mean of everybody: (100 + 50) / 2 = 75; with attendance 1 or 0 at 20 %: 80 and 60.
    # Two women each, in the plain and in the adjusted column.
    assert (ranking.count("<td>80.00</td>"), ranking.count("<td>60.00</td>")) == (4, 4)
    assert "王秀芳" in ranking
    freezing = f"{home}/freeze"
    run = re.search(r'name="run" value="(\d+)"', manager.get(freezing).text)[1]
    assert manager.post(freezing, data={"version": version(manager, freezing), "run": run}).status_code == 302
    workbook = load_workbook(io.BytesIO(manager.get(f"{home}/ranking/export.xlsx").data))
    assert "排名" in workbook.sheetnames
    written = str([list(sheet.values) for sheet in workbook])
    assert not any(judge.name in written for judge in judges)
    export = tmp_path / "run.json"
    export.write_bytes(manager.get(f"{home}/ranking/{run}/run.json").data)
    assert app.test_cli_runner().invoke(args=["selection", "recompute", str(export)]).exit_code == 0


def score_everything(client, level: int) -> None:
    """Her four sheets, the first of them through a draft."""
    assert "开始" in client.get("/reviews").text
    at = re.search(r'href="(/reviews/\d+)"', client.get("/reviews").text)[1]
    answers = {
        "level_c1": level,
        "level_c2": level,
        "strengths": "踏实",
        "risks": "",
        "recommendation": "support",
        "confidence": "3",
    }
    kept = client.post(at, data={"version": version(client, at), "act": "save", **answers})
    assert kept.location == at
    assert "草稿" in client.get("/reviews").text
    for _ in range(4):
        answer = client.post(at, data={"version": version(client, at), "act": "submit", **answers})
        assert answer.status_code == 302
        at = answer.location
    assert at.startswith("/reviews#")  # what waited on the device for it is forgotten
