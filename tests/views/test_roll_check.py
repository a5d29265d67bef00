"""Checks on rolls as pages: neutral words with evidence, filters, the answer, who only looks and who sees nothing."""

import re

import pytest

from tests import factories
from tests.factories import DATONG, SHANXI
from tests.services.test_closing import AT, S, close, mark
from tests.services.test_roll_check import found
from trainer.domain.actors import Role
from trainer.domain.roll_check import RollCheckAnswer, RollCheckKind

K = RollCheckKind


@pytest.fixture
def by(app):
    return factories.actor(Role.COHORT_STAFF, region=DATONG, name="李慧敏")


def differing(cohort, by, **values):
    lesson = factories.lesson(cohort, **values)
    mark(lesson, factories.enrolment(cohort), S.PRESENT, by)
    close(lesson, 3, by)
    return lesson, found(lesson)[K.HEADCOUNT_DIFFERS]


@pytest.fixture
def manager(signed_in, app):
    return signed_in(factories.account(Role.MANAGER, region=SHANXI))


def test_the_list_tells_what_was_seen_and_accuses_nobody(cohort, by, manager):
    lesson, check = differing(cohort, by)
    page = manager.get("/roll-checks").text
    for words in (
        "实到人数与点名不一致",
        "清点实到 3 人，点名在场 1 人",
        "李慧敏",
        "需核实",
        cohort.name,
        f"/lessons/{lesson.id}/roll",
    ):
        assert words in page, words
    for words in ("作弊", "造假", "违规", "虚假"):
        assert words not in page
    home = manager.get("/").text
    assert "需要核实的情况" in home
    assert f"/roll-checks/{check.id}" in manager.get("/needs/roll_check").text


def test_filters(cohort, by, manager):
    differing(cohort, by)
    other = factories.cohort()
    differing(other, by)
    assert manager.get(f"/roll-checks?cohort={other.id}").text.count("清点实到") == 1
    assert manager.get("/roll-checks?kind=headcount_differs").text.count("清点实到") == 2
    assert manager.get("/roll-checks?kind=taken_in_seconds").text.count("清点实到") == 0
    assert manager.get("/roll-checks?state=answered").text.count("清点实到") == 0
    assert manager.get("/roll-checks?state=nonsense&kind=x&cohort=y").status_code == 200


def test_the_answer_is_taken_once_and_shown(cohort, by, manager):
    lesson, check = differing(cohort, by)
    url = f"/roll-checks/{check.id}"
    seen = re.search(r'name="seen"[^>]*value="([^"]+)"', manager.get(url).text)[1]
    nothing = manager.post(url, data={"seen": seen})
    assert nothing.status_code == 422
    assert "请选择核实结果" in nothing.text
    data = {"seen": seen, "answer": "explained", "words": "问过讲师：两位家属旁听"}
    stale = manager.post(url, data=data | {"seen": AT.isoformat() + "x"})
    assert stale.status_code == 409
    assert "两位家属旁听" in stale.text
    assert manager.post(url, data=data).status_code == 303
    again = manager.post(url, data=data | {"answer": "not_credible"})
    assert again.status_code == 409
    assert found(lesson)[K.HEADCOUNT_DIFFERS].answer is RollCheckAnswer.EXPLAINED
    assert "问过讲师：两位家属旁听" in manager.get(url).text
    assert "已说明" in manager.get("/roll-checks?state=answered").text
    assert url not in manager.get("/needs/roll_check").text


def test_an_auditor_looks_and_does_not_answer(cohort, by, signed_in):
    _lesson, check = differing(cohort, by)
    auditor = signed_in(factories.account(Role.AUDITOR, region=SHANXI))
    page = auditor.get(f"/roll-checks/{check.id}")
    assert page.status_code == 200
    assert "保存答复" not in page.text
    assert auditor.post(f"/roll-checks/{check.id}", data={"answer": "explained", "words": "x"}).status_code == 404
    assert "需要核实的情况" not in auditor.get("/").text


def test_whoever_closed_the_roll_neither_sees_nor_answers_its_check(cohort, signed_in):
    account = factories.account(Role.MANAGER, region=SHANXI)
    _lesson, check = differing(cohort, factories.actor_of(account))
    herself = signed_in(account)
    assert "清点实到" not in herself.get("/roll-checks").text
    assert herself.get(f"/roll-checks/{check.id}").status_code == 404
    assert herself.post(f"/roll-checks/{check.id}", data={"answer": "explained", "words": "x"}).status_code == 404
    assert "需要核实的情况" not in herself.get("/").text


def test_a_trainee_reads_nothing_of_it(cohort, by, signed_in):
    woman, account = factories.trainee(cohort)
    lesson = factories.lesson(cohort)
    mark(lesson, woman, S.PRESENT, by)
    close(lesson, 9, by)
    page = signed_in(account).get("/me/lessons")
    assert "核实" not in page.text
    assert signed_in(account).get("/roll-checks").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_statements_do_not_grow_with_the_rows(cohort, by, manager, count_statements, rows):
    checks = [differing(cohort, by, title=f"第{n}课")[1] for n in range(rows)]
    manager.get("/roll-checks")
    for url, number in {"/roll-checks": 4, f"/roll-checks/{checks[0].id}": 2}.items():
        with count_statements() as seen:
            assert manager.get(url).status_code == 200
        assert len(seen) == number, url
