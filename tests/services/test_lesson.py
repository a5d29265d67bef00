"""Lessons: added, moved, cancelled, and each refusal."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from tests import factories
from tests.races import overlap
from trainer.database import OVERTAKEN, db, transaction
from trainer.domain.attendance import LessonKind, LessonState
from trainer.domain.timetable import LessonDraft
from trainer.models import AuditEvent, Lesson
from trainer.queries.cohort import cohort_draft, get_cohort, get_rule
from trainer.queries.lesson import get_lesson, lesson_draft
from trainer.services import lesson as lessons
from trainer.services.cohort import update_cohort

pytestmark = pytest.mark.sqlite_is_enough

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
        lessons.update_lesson(
            lesson, replace(lesson_draft(lesson), **values), seen=lesson.version, by=by, at=factories.AT
        )


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


def test_two_managers_at_once_cannot_fill_the_same_half_day(app, by):
    cohort_id = factories.cohort().id

    def plan():
        return lessons.add_lessons(get_cohort(cohort_id), [MORNING], by=by, at=factories.AT)

    _, second = overlap(app, plan, plan)
    assert isinstance(second, lessons.LessonsOverlap)
    assert count() == 1


def test_two_cohorts_at_once_cannot_have_the_same_instructor(app, by):
    teacher_id = factories.account(factories.Role.INSTRUCTOR).id
    cohorts = [factories.cohort().id for _ in range(2)]

    def plan(cohort_id):
        draft = replace(MORNING, instructor_id=teacher_id)
        return lambda: lessons.add_lessons(get_cohort(cohort_id), [draft], by=by, at=factories.AT)

    _, second = overlap(app, plan(cohorts[0]), plan(cohorts[1]))
    assert isinstance(second, lessons.InstructorBusy)
    assert count() == 1


def test_a_lesson_cannot_be_added_while_the_cohort_is_shortened(app, by):
    cohort_id = factories.cohort().id

    def shorten():
        cohort = get_cohort(cohort_id)
        draft = replace(cohort_draft(cohort, get_rule(cohort_id)), starts_on=MORNING.day + timedelta(days=1))
        update_cohort(cohort, draft, seen=cohort.version, by=by, at=factories.AT)

    def plan():
        return lessons.add_lessons(get_cohort(cohort_id), [MORNING], by=by, at=factories.AT)

    _, second = overlap(app, shorten, plan)
    assert isinstance(second, (lessons.LessonOutsideCohort, *OVERTAKEN))
    assert count() == 0
