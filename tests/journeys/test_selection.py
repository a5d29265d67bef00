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


def rubric_data(version: str, **more) -> dict:
    levels = "没有想法\n有初步想法\n计划可行"
    return {
        "version": version,
        "act": "save",
        "criteria-0-name": "创业计划",
        "criteria-0-kind": "judged",
        "criteria-0-weight": "50",
        "criteria-0-levels": levels,
        "criteria-1-name": "带动作用",
        "criteria-1-kind": "judged",
        "criteria-1-weight": "30",
        "criteria-1-levels": levels,
        "criteria-2-name": "",
        "criteria-2-kind": "attendance_rate",
        "criteria-2-weight": "20",
        "criteria-2-levels": "",
        **more,
    }


def test_from_a_new_selection_to_the_workbook(place, signed_in):
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
    saved = manager.post(f"{home}/rubric", data=rubric_data(version(manager, f"{home}/rubric")))
    assert saved.status_code == 302
    assert "接着添加候选人" in manager.get(home).text

    chosen = f"{home}/candidates/new?cohort={cohort.id}"
    added = manager.post(chosen, data={"version": version(manager, chosen), "everybody": "yes"})
    assert added.status_code == 302
    dealt = manager.post(
        f"{home}/evaluators",
        data={
            "version": version(manager, f"{home}/evaluators"),
            "account_ids": [judge.id for judge in judges],
            "everybody": "y",
            "anchors": "0",
            "cross": "0",
            "act": "deal",
        },
    )
    assert dealt.status_code == 302
    assert manager.post(f"{home}/open", data={"version": version(manager, f"{home}/open")}).status_code == 302

    for judge, level in zip(judges, (3, 2), strict=True):
        score_everything(signed_in(judge), level)
    assert "8 / 8" in manager.get(home).text or "已收回 8 份" in manager.get(home).text

    assert "全部 8 份" in manager.get(f"{home}/close").text
    assert manager.post(f"{home}/close", data={"version": version(manager, f"{home}/close")}).status_code == 302
    ranking = manager.get(f"{home}/ranking")
    # Judged mean of everybody: (100 + 50) / 2 = 75; with attendance 1 or 0 at 20 %: 80 and 60.
    assert ranking.text.count("<strong>80.00</strong>") == 2
    assert ranking.text.count("<strong>60.00</strong>") == 2
    assert "王秀芳" in ranking.text
    workbook = load_workbook(io.BytesIO(manager.get(f"{home}/ranking/export.xlsx").data))
    assert workbook.sheetnames == ["排名", "评分明细", "评分表"]
    assert judges[0].name not in str([list(sheet.values) for sheet in workbook])


def score_everything(client, level: int) -> None:
    """Her four sheets, the first of them through a draft."""
    assert "开始" in client.get("/reviews").text
    at = re.search(r'href="(/reviews/\d+)"', client.get("/reviews").text)[1]
    answers = {"level_c1": level, "level_c2": level, "strengths": "踏实", "risks": ""}
    kept = client.post(at, data={"version": version(client, at), "act": "save", **answers})
    assert kept.location == at
    assert "草稿" in client.get("/reviews").text
    for _ in range(4):
        answer = client.post(at, data={"version": version(client, at), "act": "submit", **answers})
        assert answer.status_code == 302
        at = answer.location
    assert at == "/reviews"
