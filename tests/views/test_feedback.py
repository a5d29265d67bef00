"""Satisfaction as pages: her one answer, and what staff may read of all of them."""

import io
from datetime import UTC, datetime

import openpyxl
import pytest
import time_machine

from tests import factories
from trainer.database import db
from trainer.domain.actors import Role
from trainer.domain.feedback import Question
from trainer.models import FeedbackAnswer

NOW = datetime(2026, 3, 13, 0, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _after_the_last_lesson():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def over(cohort):
    factories.lesson(cohort)
    return cohort


def answer(number: int = 3, words: str = "") -> dict[str, object]:
    return {str(question): str(number) for question in Question} | {"words": words}


def test_she_answers_with_three_taps_and_is_thanked(over, signed_in):
    phone = signed_in(factories.trainee(over)[1])
    url = f"/me/feedback/{over.id}"
    page = phone.get(url).text
    assert page.count('type="radio"') == 9
    assert "idempotency_key" not in page
    half = phone.post(url, data={"content": "3", "words": "很好"})
    assert half.status_code == 422
    assert "很好" in half.text
    assert phone.post(url, data=answer(words="想多学直播")).status_code == 303
    assert "您已填写，谢谢" in phone.get(url).text
    assert "您已填写，谢谢" in phone.post(url, data=answer()).text
    assert db.session.scalar(db.select(db.func.count()).select_from(FeedbackAnswer)) == 1
    stranger = signed_in(factories.trainee(factories.cohort("OTHER"))[1])
    assert stranger.get(url).status_code == 404


@pytest.mark.parametrize("women", [4, 5])
def test_staff_and_instructors_read_nothing_below_five(over, signed_in, women):
    teacher = factories.account(Role.INSTRUCTOR)
    factories.lesson(over, instructor_id=teacher.id)
    for number in range(women):
        signed_in(factories.trainee(over)[1]).post(f"/me/feedback/{over.id}", data=answer(words=f"留言{number}"))
    client = signed_in(teacher)
    page = client.get(f"/cohorts/{over.id}/feedback").text
    assert f"{women}/{women}" in page
    assert ("留言0" in page) is (women == 5)
    assert ("不足 5 份" in page) is (women == 4)
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/cohorts/{over.id}/feedback.xlsx").data))
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert ("留言0" in cells) is (women == 5)
    assert signed_in(factories.account(Role.INSTRUCTOR)).get(f"/cohorts/{over.id}/feedback").status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_statements_of_the_two_pages(over, signed_in, count_statements, many):
    for _ in range(many):
        phone = signed_in(factories.trainee(over)[1])
    staff = signed_in(factories.account(Role.COHORT_STAFF, region=factories.DATONG))
    found = []
    for client, url in ((phone, f"/me/feedback/{over.id}"), (staff, f"/cohorts/{over.id}/feedback")):
        client.get(url)
        with count_statements() as seen:
            client.get(url)
        found.append(len(seen))
    assert found == [5, 6]
