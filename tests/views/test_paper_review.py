"""Paper score sheets as pages: printed, typed by one, typed again by another who sees nothing of it, settled."""

import pytest

from tests import factories, selections
from trainer.database import db
from trainer.domain.actors import Role
from trainer.models import AuditEvent, ReviewVersion

pytestmark = pytest.mark.sqlite_is_enough

TYPED = {
    "level_c1": "2",
    "level_c2": "3",
    "strengths": "货源稳",
    "risks": "缺人",
    "confidence": "2",
    "recommendation": "support",
}


@pytest.fixture
def made(app):
    return selections.opened(women=2)


@pytest.fixture
def url(made) -> str:
    return f"{made.url}/paper/{made.assignment(0, 0).id}"


@pytest.fixture
def first(signed_in, made):
    return signed_in(made.manager)


@pytest.fixture
def second(signed_in, made):
    return signed_in(factories.account(Role.MANAGER, region=factories.DATONG))


def submitted() -> list[ReviewVersion]:
    db.session.rollback()
    return list(db.session.scalars(db.select(ReviewVersion)))


def test_a_sheet_is_printed_with_codes_and_levels_and_that_is_on_record(first, made):
    judge = made.evaluators[0]
    page = first.get(f"{made.url}/paper/print?evaluator={judge.id}").text
    assert page.count('class="paper"') == 2
    assert all(application.code in page for application in made.applications())
    assert "□ 3 计划可行" in page
    assert "秀芳" not in page
    event = db.session.scalar(db.select(AuditEvent).where(AuditEvent.action == "paper_review.print"))
    assert event.details["sheets"] == 2
    assert first.get(f"{made.url}/paper/print").text.count('class="paper"') == 1
    assert first.get(f"{made.url}/paper/print?evaluator=99999").status_code == 404


def test_one_types_it_another_types_it_again_and_it_is_submitted(first, second, made, url):
    done = first.post(url, data=TYPED)
    assert done.status_code == 303
    assert "请由另一个人拿着纸质表再录一遍" in first.get(url).text
    page = second.get(url).text
    assert "第二次录入" in page
    assert page.count(" checked") == 2  # nothing is marked
    assert not any(word in page for word in ("货源稳", "strengths"))
    assert second.post(url, data={**TYPED, "strengths": ""}).status_code == 303
    (version,) = submitted()
    assert (version.source, version.levels, version.strengths) == ("paper", {"c1": 2, "c2": 3}, "货源稳")


def test_where_the_copies_differ_the_second_person_settles_it_with_a_reason(first, second, url):
    first.post(url, data=TYPED)
    done = second.post(url, data={**TYPED, "level_c2": "1", "confidence": "3"})
    assert done.location.endswith(url)
    page = second.get(url).text
    assert "3 和 1" in page
    assert 'name="recommendation"' not in page
    assert "level_c1" not in page
    assert submitted() == []
    assert "请由另一个人" in first.get(url).text
    assert second.post(url, data={"level_c2": "3", "confidence": "2"}).status_code == 422
    assert second.post(url, data={"level_c2": "3", "confidence": "2", "reason": "看错一行"}).status_code == 303
    (version,) = submitted()
    assert (version.levels, version.confidence) == ({"c1": 2, "c2": 3}, 2)


def test_the_first_copy_is_typed_anew_until_the_second_is_there(first, second, url):
    first.post(url, data={**TYPED, "level_c1": "1"})
    assert first.post(f"{url}?anew=1", data=TYPED).status_code == 303
    second.post(url, data=TYPED)
    assert [version.levels for version in submitted()] == [{"c1": 2, "c2": 3}]


def test_an_open_level_without_a_reason_is_refused_and_what_was_typed_stays(first, url):
    page = first.post(url, data={**TYPED, "level_c2": ""})
    assert page.status_code == 422
    assert "货源稳" in page.text
    page = first.post(url, data={**TYPED, "level_c2": "", "why_c2": "不懂电商"})
    assert page.status_code == 303


def test_what_waits_is_listed_without_a_score_and_nobody_types_before_the_opening(first, second, signed_in, made, url):
    first.post(url, data=TYPED)
    page = second.get(f"{made.url}/paper?evaluator={made.evaluators[0].id}").text
    assert "等待第二个人" in page
    assert "第二次录入" in page
    assert "货源稳" not in page
    draft = selections.ready(women=1)
    client = signed_in(draft.manager)
    page = client.get(f"{draft.url}/paper/{draft.assignment(0, 0).id}")
    assert page.status_code == 200
    assert "level_c1" not in page.text


@pytest.mark.parametrize("women", [1, 3])
def test_pages_take_the_same_few_statements(signed_in, count_statements, app, women):
    made = selections.opened(women=women)
    staff, judge = signed_in(made.manager), made.evaluators[0].id
    staff.post(f"{made.url}/paper/{made.assignment(0, 0).id}", data=TYPED)
    for path, many in ((f"?evaluator={judge}", 7), ("/print?evaluator=" + str(judge), 7)):
        staff.get(f"{made.url}/paper{path}")
        with count_statements() as seen:
            assert staff.get(f"{made.url}/paper{path}").status_code == 200
        assert len(seen) == many, seen
