"""The pages of completion: progress and what-if, the rule, scores, concluding, exceptions; what each says and costs."""

import io
import re

import openpyxl
import pytest

from tests import completions, factories
from tests.completions import status_of
from trainer.database import db
from trainer.domain.actors import Role
from trainer.domain.attendance import AttendanceStatus, LessonState
from trainer.models.assessment import Assessment, AssessmentScore
from trainer.models.completion_exception import CompletionException
from trainer.queries.cohort import get_rule

ABSENT = AttendanceStatus.ABSENT


@pytest.fixture
def manager(signed_in):
    return signed_in(factories.account(Role.MANAGER, name="赵主任"))


@pytest.fixture
def staff(signed_in):
    return signed_in(factories.account(Role.COHORT_STAFF, name="李慧敏"))


@pytest.fixture
def women(cohort):
    """Of two closed lessons 王秀芳 came to both, 李桂花 to one."""
    rows = [factories.enrolment(cohort, factories.person(name)) for name in ("王秀芳", "李桂花")]
    for day in (0, 1):
        lesson = factories.lesson(cohort, day=day, state=LessonState.CLOSED)
        completions.mark(lesson, rows[0])
        completions.mark(lesson, rows[1], status=ABSENT if day else AttendanceStatus.PRESENT)
    return rows


def hidden(text: str, name: str) -> str:
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', text)[1]


def test_progress_says_who_needs_what(cohort, women, manager):
    url = f"/cohorts/{cohort.id}/progress"
    page = manager.get(url).text
    assert "还差 1.8 学时，剩下的课已经不够" in page
    only = manager.get(f"{url}?state=out_of_reach&lacks=hours").text
    assert "李桂花" in only
    assert "王秀芳</a>" not in only
    export = manager.get(f"{url}.xlsx?state=meets")
    rows = list(openpyxl.load_workbook(io.BytesIO(export.data)).active.iter_rows(values_only=True))
    assert [row[1] for row in rows if row[0] == 1] == ["王秀芳"]
    assert len([row for row in rows if isinstance(row[0], int)]) == 1


def test_what_if_names_whom_it_costs_and_stores_nothing(cohort, women, manager):
    for day in (2, 3, 3):
        factories.lesson(cohort, day=day)
    url = f"/cohorts/{cohort.id}/progress"
    lost = manager.get(f"{url}?day=2026-03-12").text.split('role="status"')[1]
    assert "取消 2 次课又不补，会让 1 人达不到结业条件" in lost
    assert "李桂花" in lost.split("</div>")[0]
    completions.demand(cohort, min_rate_bp=5000)
    assert "不会让现在还能达到的人达不到" in manager.get(f"{url}?day=2026-03-12").text
    assert 'role="status"' not in manager.get(f"{url}?day=2026-03-20").text


def test_a_rule_is_previewed_then_set(cohort, women, manager):
    exam, lesson = completions.assessment(cohort), factories.lesson(cohort, day=2)
    asked = {"min_rate": "50", "excused_counts": "absent", "lessons": [lesson.id], f"score_{exam.id}": "60.5"}
    page = manager.get(f"/cohorts/{cohort.id}/rule/preview", query_string=asked).text
    for words in ("“理论考核”不少于 60.50 分", "还要参加“理论考核”，至少 60.5 分", "王秀芳"):
        assert words in page, words
    assert get_rule(cohort.id).number == 1
    sent = {**asked, "seen": hidden(page, "seen")}
    without = manager.post(f"/cohorts/{cohort.id}/rule", data=sent)
    assert without.status_code == 422
    assert "请写明为什么改规则" in without.text
    stale = manager.post(f"/cohorts/{cohort.id}/rule", data={**sent, "seen": "x", "reason": "加考核"})
    assert stale.status_code == 409
    assert "请看新的预览" in stale.text
    assert hidden(stale.text, "seen") == sent["seen"]
    assert manager.post(f"/cohorts/{cohort.id}/rule", data={**sent, "reason": "加考核"}).status_code == 303
    assert get_rule(cohort.id).number == 2
    shown = manager.get(f"/cohorts/{cohort.id}/rule").text
    for words in ("加考核", "赵主任", 'value="60.5"', f"上过“{lesson.title}”这一课"):
        assert words in shown, words
    assert manager.get(f"/cohorts/{cohort.id}/rule/preview?min_rate=101").status_code == 422


def test_scores_are_entered_for_the_whole_class(cohort, women, staff):
    form = {"name": "实操考核", "kind": "practice", "held_on": "2026-03-13", "max_score": "100", "idempotency_key": "k"}
    for _ in range(2):  # a double click
        made = staff.post(f"/cohorts/{cohort.id}/assessments/new", data=form)
    exam = db.session.scalars(db.select(Assessment)).one()
    assert made.headers["Location"] == f"/assessments/{exam.id}"
    first, second = (woman.id for woman in women)
    wrong = staff.post(f"/assessments/{exam.id}", data={f"score-{first}": "101", f"seen-{first}": "0"})
    assert wrong.status_code == 422
    assert 'value="101"' in wrong.text
    sent = {f"score-{first}": "88.5", f"seen-{first}": "0", f"score-{second}": "", f"seen-{second}": "0"}
    assert staff.post(f"/assessments/{exam.id}", data=sent).status_code == 303
    late = staff.post(f"/assessments/{exam.id}", data={**sent, f"score-{first}": "70"})
    assert late.status_code == 409
    for words in ("期间有别人录入了不同的分数：王秀芳", 'value="70"', "现有：88.50"):
        assert words in late.text, words
    entry = hidden(late.text, f"seen-{first}")
    changed = {f"score-{first}": "70", f"seen-{first}": entry, "reason": "登分有误"}
    assert staff.post(f"/assessments/{exam.id}", data=changed).status_code == 303
    page = staff.get(f"/assessments/{exam.id}").text
    assert "登分有误" in page
    assert [row.score for row in db.session.scalars(db.select(AssessmentScore))] == [8850, 7000]
    version = factories.version(staff, f"/assessments/{exam.id}")
    assert staff.post(f"/assessments/{exam.id}/drop", data={"version": version}).status_code == 303
    assert "已停用" in staff.get(f"/cohorts/{cohort.id}/assessments").text


def test_a_class_is_concluded_and_taken_back(cohort, women, staff):
    url = f"/cohorts/{cohort.id}/conclude"
    assert "课已上完的班：办理结业" in staff.get("/").text
    page = staff.get(url).text
    assert "办理：结业 1 人，未结业 1 人" in page
    assert staff.post(url, data={"seen": "x"}).status_code == 409
    assert staff.post(url, data={"seen": hidden(page, "seen")}).status_code == 303
    assert [status_of(woman) for woman in women] == ["completed", "not_completed"]
    assert "办理结业" not in staff.get("/").text
    assert "共 2 人恢复为在训" in staff.get(url).text
    factories.certificate(women[0])
    assert "共 1 人恢复为在训；1 人持有效证书" in staff.get(url).text
    assert staff.post(f"{url}/take-back", data={"reason": ""}).status_code == 422
    assert staff.post(f"{url}/take-back", data={"reason": "漏记一课"}).status_code == 303
    assert [status_of(woman) for woman in women] == ["completed", "active"]
    factories.lesson(cohort, day=3)
    assert "1 次课还没结课" in staff.get(url).text
    assert staff.post(url, data={"seen": "x"}).status_code == 422


def test_an_exception_is_proposed_by_one_and_signed_by_another(cohort, women, staff, manager):
    url = f"/enrolments/{women[1].id}/exception"
    assert "还差 1.8 学时" in staff.get(url).text
    assert staff.post(url, data={"reason": "", "idempotency_key": "k"}).status_code == 422
    for _ in range(2):
        asked = staff.post(url, data={"reason": "住院一周", "idempotency_key": "k"})
    made = db.session.scalars(db.select(CompletionException)).one()
    assert asked.headers["Location"] == f"/exceptions/{made.id}"
    mine = staff.get(f"/exceptions/{made.id}").text
    assert "您提出的，要由别人签字" in mine
    assert "结业例外：待签字" in manager.get("/").text
    signing = {"decision": "approve", "answer": "同意", "version": hidden(mine, "version")}
    assert staff.post(f"/exceptions/{made.id}", data=signing).status_code == 404
    assert manager.post(f"/exceptions/{made.id}", data=signing).status_code == 303
    assert "同意" in staff.get(f"/exceptions/{made.id}").text
    late = staff.post(f"/exceptions/{made.id}/take-back", data={"version": 2})
    assert late.status_code == 409
    assert "办理：结业 2 人，未结业 0 人" in staff.get(f"/cohorts/{cohort.id}/conclude").text
    assert "李桂花" in staff.get(f"/cohorts/{cohort.id}/exceptions").text


def test_an_instructor_enters_scores_of_her_own_class_alone(cohort, women, signed_in):
    teacher = factories.account(Role.INSTRUCTOR)
    client, exam = signed_in(teacher), completions.assessment(cohort)
    assert client.get(f"/assessments/{exam.id}").status_code == 404
    factories.lesson(cohort, day=4, instructor_id=teacher.id)
    assert client.post(f"/assessments/{exam.id}", data={}).status_code == 303
    assert client.get(f"/cohorts/{cohort.id}/conclude").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_statements_do_not_grow_with_the_rows(cohort, manager, count_statements, count):
    lesson, exam = factories.lesson(cohort, state=LessonState.CLOSED), completions.assessment(cohort)
    for _ in range(count):
        woman = factories.enrolment(cohort)
        completions.mark(lesson, woman, status=ABSENT)
        completions.score(exam, woman, 5000)
        completions.score(exam, woman, 6000)
        asked = completions.exception(woman)
        factories.lesson(cohort, day=count)
        completions.demand(cohort, lesson, exam)
    number = cohort.id
    for url, expected in {
        f"/cohorts/{number}/progress": 8,
        f"/cohorts/{number}/rule": 8,
        f"/cohorts/{number}/rule/preview?min_rate=50&excused_counts=absent": 10,
        f"/cohorts/{number}/assessments": 4,
        f"/assessments/{exam.id}": 7,
        f"/cohorts/{number}/conclude": 10,
        f"/cohorts/{number}/exceptions": 3,
        f"/exceptions/{asked.id}": 6,
    }.items():
        with count_statements() as seen:
            assert manager.get(url).status_code == 200
        assert len(seen) == expected, (url, len(seen))
