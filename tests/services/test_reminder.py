"""Reminders the day before: who is told, and nobody twice."""

from datetime import timedelta

import pytest

from tests import factories
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.attendance import LessonState
from trainer.models import Delivery, Message
from trainer.services.reminder import remind_of_lessons

pytestmark = pytest.mark.postgresql

# The factory's cohort begins on 9 March 2026; five in the afternoon of the day before.
AT = factories.AT - timedelta(days=1, hours=16)


def remind() -> tuple[int, int]:
    with transaction():
        return remind_of_lessons(at=AT)


def test_the_women_and_the_instructor_are_told_once_of_both_half_days(app):
    cohort, teacher = factories.cohort(), factories.account(Role.INSTRUCTOR)
    woman = factories.enrolment(cohort)
    morning = factories.lesson(cohort, title="上午的课", instructor_id=teacher.id)
    later = {"starts_at": morning.starts_at + timedelta(hours=6), "ends_at": morning.starts_at + timedelta(hours=9)}
    factories.lesson(cohort, title="下午的课", **later)
    factories.lesson(cohort, day=1, title="后天的课")
    assert remind() == (2, 1)
    assert remind() == (0, 0)
    [hers] = db.session.execute(
        db.select(Message.values).join(Delivery).where(Delivery.person_id == woman.person_id)
    ).scalars()
    assert hers["titles"] == "上午的课、下午的课"
    assert db.session.scalar(db.select(db.func.count()).where(Delivery.account_id == teacher.id)) == 1


def test_cancelled_lessons_and_granted_leaves_remind_of_nothing(app):
    cohort = factories.cohort()
    comes, stays = factories.enrolment(cohort), factories.enrolment(cohort)
    lesson = factories.lesson(cohort)
    factories.lesson(factories.cohort("C2"), state=LessonState.CANCELLED)
    factories.attendance_request(lesson, stays, "leave", wished="excused", state="granted", decided_at=AT, asked_at=AT)
    assert remind() == (1, 1)
    assert set(db.session.scalars(db.select(Delivery.person_id))) == {comes.person_id}
