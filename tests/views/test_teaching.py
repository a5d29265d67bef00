"""What one teaches oneself, as a page and as a workbook."""

import io
from datetime import UTC, datetime

import openpyxl
import pytest
import time_machine

from tests import factories
from trainer.domain.actors import Role
from trainer.domain.attendance import LessonState

NOW = datetime(2026, 3, 11, 0, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_the_third_day():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def teacher(app):
    return factories.account(Role.INSTRUCTOR)


def test_only_closed_lessons_count_as_taught(teacher, signed_in):
    cohort = factories.cohort()
    factories.lesson(cohort, day=0, state=LessonState.CLOSED, instructor_id=teacher.id, minutes=240)
    factories.lesson(cohort, day=1, title="没关闭的课", instructor_id=teacher.id)
    factories.lesson(cohort, day=3, title="要来的课", instructor_id=teacher.id)
    factories.lesson(cohort, day=4, title="取消的课", state=LessonState.CANCELLED, instructor_id=teacher.id)
    factories.lesson(cohort, day=5, title="别人的课")
    client = signed_in(teacher)
    page = client.get("/my-teaching").text
    assert page.index("没关闭的课") < page.index("要来的课")
    assert "取消的课" not in page
    assert "别人的课" not in page
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/my-teaching.xlsx").data)).active
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows()]
    assert ("2026-03", cohort.name, 1, 4, 3, 2) in rows


@pytest.mark.parametrize("lessons", [1, 3])
def test_the_page_costs_a_fixed_number_of_statements(teacher, signed_in, count_statements, lessons):
    cohort = factories.cohort()
    for day in range(lessons):
        factories.lesson(cohort, day=day, instructor_id=teacher.id)
    client = signed_in(teacher)
    with count_statements() as seen:
        assert client.get("/my-teaching").status_code == 200
    assert len(seen) == 2
