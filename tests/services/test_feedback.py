"""Satisfaction: one answer a woman, from which nothing leads to her."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from tests import factories
from tests.factories import AT
from tests.races import overlap
from trainer.database import db, on_postgresql, transaction
from trainer.domain.actors import SYSTEM
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.feedback import Face, Question
from trainer.errors import NotFound
from trainer.models import AuditEvent, FeedbackAnswer, FeedbackGiven, IdempotencyKey
from trainer.queries.feedback import asks_feedback, get_feedback, has_answered
from trainer.services.erasure import erase_person
from trainer.services.feedback import FeedbackGivenAlready, FeedbackNotOpen, give_feedback

pytestmark = pytest.mark.sqlite_is_enough

TODAY = AT.date()


def faces(number: int = 3) -> dict[Question, int]:
    return dict.fromkeys(Question, number)


@pytest.fixture
def over(cohort):
    """A cohort whose last lesson is on the second day, three days before."""
    factories.lesson(cohort, day=0)
    return cohort


def give(cohort, enrolment, number=3, words="", today=TODAY):
    with transaction():
        give_feedback(cohort.id, enrolment.person_id, faces(number), words, today=today)


def answers() -> int:
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count()).select_from(FeedbackAnswer))


def test_she_answers_once_and_is_not_asked_again(over):
    hers = factories.enrolment(over)
    last = asks_feedback(hers.person_id, today=TODAY)
    assert last == [(over.id, over.name)]
    give(over, hers)
    assert has_answered(over.id, hers.person_id) is True
    assert asks_feedback(hers.person_id, today=TODAY) == []
    with pytest.raises(FeedbackGivenAlready):
        give(over, hers)
    assert answers() == 1


@pytest.mark.parametrize(("days", "is_open"), [(-1, False), (0, True), (30, True), (31, False)])
def test_from_the_day_of_the_last_lesson_for_thirty_days(over, days, is_open):
    hers = factories.enrolment(over)
    first = get_feedback(over.id, today=TODAY).last_lesson_on
    day = first + timedelta(days=days)
    assert bool(asks_feedback(hers.person_id, today=day)) is is_open
    assert get_feedback(over.id, today=day).is_open is is_open
    if is_open:
        give(over, hers, today=day)
    else:
        with pytest.raises(FeedbackNotOpen):
            give(over, hers, today=day)


def test_who_is_not_on_the_roll_is_not_asked(over):
    for status in (EnrolmentStatus.APPLIED, EnrolmentStatus.WITHDRAWN):
        hers = factories.enrolment(over, status=status)
        assert asks_feedback(hers.person_id, today=TODAY) == []
        with pytest.raises(NotFound):
            give(over, hers)


def test_two_submits_at_the_same_moment_are_one_answer(app, over):
    person_id, cohort_id = factories.enrolment(over).person_id, over.id

    def act():
        give_feedback(cohort_id, person_id, faces(), "", today=TODAY)
        return "given"

    first, second = overlap(app, act, act)
    assert first == "given"
    assert isinstance(second, FeedbackGivenAlready)
    assert answers() == 1


def test_nothing_below_five_then_in_groups_then_all(over):
    women = [factories.enrolment(over) for _ in range(8)]
    for number, woman in enumerate(women[:6]):
        assert get_feedback(over.id, today=TODAY).told == (5 if number >= 5 else 0)
        give(over, woman, 1 if number == 5 else 3, words=f"话{number}")
    summary = get_feedback(over.id, today=TODAY)
    assert (summary.asked, summary.given, summary.told, len(summary.words)) == (8, 6, 5, 5)
    assert summary.counts[Question.TEACHING] == {Face.GOOD: 5, Face.FAIR: 0, Face.BAD: 0}
    closed = get_feedback(over.id, today=TODAY + timedelta(days=40))
    assert (closed.told, closed.counts[Question.CONTENT][Face.BAD], len(closed.words)) == (6, 1, 6)


def test_no_order_no_key_no_moment_leads_from_an_answer_to_a_woman(over):
    """Rows as they lie in the tables: who answered is known, which answer is whose is not."""
    women = [factories.enrolment(over) for _ in range(6)]
    order = [women[place] for place in (4, 1, 5, 0, 3, 2)]
    for number, woman in enumerate(order):
        give(over, woman, words=f"第{number}个")
    place = "ctid" if on_postgresql() else "NULL"
    given, said = (
        db.session.execute(text(f"SELECT * FROM {table} ORDER BY {place}")).mappings().all()
        for table in ("feedback_given", "feedback_answers")
    )
    assert [row["enrolment_id"] for row in given] == sorted(woman.id for woman in women)
    assert [row["id"] for row in said] == sorted(row["id"] for row in said)
    assert {name for row in given for name in row} == {"enrolment_id"}
    named = {"id", "cohort_id", "content", "teaching", "organisation", "words", "told"}
    assert {name for row in said for name in row} == named
    if on_postgresql():
        made = (
            "SELECT DISTINCT xmin::text FROM feedback_given UNION ALL SELECT DISTINCT xmin::text FROM feedback_answers"
        )
        assert len(set(db.session.scalars(text(made)))) == 1  # the last act wrote all of them
    else:
        with pytest.raises(Exception, match="no such column: rowid"):
            db.session.execute(text("SELECT rowid FROM feedback_answers"))
    for model in (AuditEvent, IdempotencyKey):
        assert db.session.scalar(db.select(db.func.count()).select_from(model)) == 0


def test_after_an_erasure_her_answer_counts_and_is_nobodys(over):
    women = [factories.enrolment(over) for _ in range(5)]
    for woman in women:
        give(over, woman, words="好")
    with transaction():
        erase_person(women[0].person_id, why="request", by=SYSTEM, at=AT + timedelta(days=60))
    assert get_feedback(over.id, today=TODAY).told == 5
    assert db.session.scalar(db.select(db.func.count()).select_from(FeedbackGiven)) == 5
