"""Lessons: added, moved, cancelled, and each refusal."""

from dataclasses import replace
from datetime import date, time

import pytest

from tests import factories
from trainer.database import db, transaction
from trainer.domain.attendance import LessonKind, LessonState
from trainer.domain.timetable import LessonDraft
from trainer.models import AuditEvent, Lesson
from trainer.queries.cohort import get_cohort
from trainer.queries.lesson import get_lesson, lesson_draft
from trainer.services import lesson as lessons

MORNING = LessonDraft("直播入门", LessonKind.LECTURE, date(2026, 3, 9), time(8, 30), time(11, 30), 180, "礼堂")
AFTERNOON = replace(MORNING, title="选品", begins=time(14, 30), ends=time(17, 30))


@pytest.fixture
def by(app):
    return factories.actor(factories.Role.MANAGER)


def add(by, cohort, *drafts) -> list[int]:
    cohort_id = cohort.id
    with transaction():
        return [lesson.id for lesson in lessons.add_lessons(get_cohort(cohort_id), drafts, by=by, at=factories.AT)]


def change(by, lesson_id, **values):
    with transaction():
        lesson = get_lesson(lesson_id)
        lessons.update_lesson(lesson, replace(lesson_draft(lesson), **values), by=by, at=factories.AT)


def cancel(by, lesson_id):
    with transaction():
        lessons.cancel_lesson(get_lesson(lesson_id), "停电", by=by, at=factories.AT)


def count() -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(Lesson))


def test_lessons_are_kept_as_planned(by):
    ids = add(by, factories.cohort(), MORNING, AFTERNOON)
    assert [lesson_draft(get_lesson(lesson_id)) for lesson_id in ids] == [MORNING, AFTERNOON]
    assert list(db.session.scalars(db.select(AuditEvent.action))) == ["lesson.create"] * 2


def test_all_of_a_timetable_or_nothing(by):
    with pytest.raises(lessons.LessonsOverlap):
        add(
            by, factories.cohort(), MORNING, AFTERNOON, replace(MORNING, title="又一节", begins=time(11), ends=time(12))
        )
    assert count() == 0


def test_one_after_the_other_is_no_overlap(by):
    add(by, factories.cohort(), MORNING, replace(AFTERNOON, begins=MORNING.ends))
    assert count() == 2


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 3, 14)])
def test_a_lesson_lies_within_the_days_of_its_cohort(by, day):
    with pytest.raises(lessons.LessonOutsideCohort):
        add(by, factories.cohort(), replace(MORNING, day=day))


@pytest.mark.parametrize("ends", [time(8, 30), time(8)])
def test_a_lesson_ends_after_it_begins(by, ends):
    with pytest.raises(lessons.LessonEndsBeforeStart):
        add(by, factories.cohort(), replace(MORNING, ends=ends))


def test_an_instructor_teaches_one_class_at_a_time(by):
    teacher = factories.account(factories.Role.INSTRUCTOR)
    taught = replace(MORNING, instructor_id=teacher.id)
    [lesson_id] = add(by, factories.cohort(), taught)
    other = factories.cohort()
    with pytest.raises(lessons.InstructorBusy):
        add(by, other, replace(taught, begins=time(10)))
    add(by, other, replace(AFTERNOON, instructor_id=teacher.id))
    cancel(by, lesson_id)
    add(by, other, replace(taught, begins=time(10)))


def test_a_planned_lesson_is_moved_where_there_is_room(by):
    first, second = add(by, factories.cohort(), MORNING, AFTERNOON)
    change(by, first, begins=time(9), ends=time(12))
    assert lesson_draft(get_lesson(first)).begins == time(9)
    with pytest.raises(lessons.LessonsOverlap):
        change(by, second, begins=time(11), ends=time(13))


@pytest.mark.parametrize("state", [LessonState.OPEN, LessonState.CLOSED, LessonState.CANCELLED])
def test_only_a_planned_lesson_is_moved_or_cancelled(by, state):
    lesson_id = factories.lesson(factories.cohort(), state=state).id
    with pytest.raises(lessons.LessonNotPlanned) as refused:
        change(by, lesson_id, title="改名")
    assert refused.value.values["state"] is state
    with pytest.raises(lessons.LessonNotPlanned):
        cancel(by, lesson_id)


def test_a_cancelled_lesson_keeps_its_reason_and_frees_its_time(by):
    cohort = factories.cohort()
    [lesson_id] = add(by, cohort, MORNING)
    cancel(by, lesson_id)
    lesson = get_lesson(lesson_id)
    assert (lesson.state, lesson.cancel_reason) == (LessonState.CANCELLED, "停电")
    add(by, cohort, MORNING)


def test_a_name_is_kept_only_where_there_is_no_account(by):
    teacher = factories.account(factories.Role.INSTRUCTOR)
    ids = add(
        by,
        factories.cohort(),
        replace(MORNING, instructor_id=teacher.id, instructor_name="多余"),
        replace(AFTERNOON, instructor_name="外请老师"),
    )
    assert [get_lesson(lesson_id).instructor_name for lesson_id in ids] == ["", "外请老师"]
