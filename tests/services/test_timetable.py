"""A timetable as a whole: repeated, copied, taken back, moved on; each refusal, the notices, and two people at once."""

from datetime import date, datetime, timedelta

import pytest

from tests import factories
from tests.races import overlap
from trainer.database import db, transaction
from trainer.domain.attendance import AttendanceStatus, LessonState
from trainer.domain.days import CHINA
from trainer.domain.timetable_plan import CopyOptions, Rhythm, Shift, fingerprint
from trainer.errors import Conflict, NotFound
from trainer.models import AttendanceRequest, AuditEvent, Delivery, Lesson, LessonFile, Message
from trainer.queries.cohort import get_cohort, list_lessons
from trainer.queries.lesson import get_lesson, lesson_draft
from trainer.queries.timetable import batches_in, plan_copy, plan_repeat, plan_shift
from trainer.services import lesson as lessons
from trainer.services import material as materials
from trainer.services import timetable as timetables

pytestmark = pytest.mark.sqlite_is_enough

AT = datetime(2026, 3, 8, 9, 0, tzinfo=CHINA)  # the day before the first lesson
MONDAY = date(2026, 3, 9)
NEXT_MONDAY = MONDAY + timedelta(days=14)


@pytest.fixture
def by(app):
    return factories.actor(factories.Role.MANAGER)


def act(what, *args, **kwargs):
    with transaction():
        return what(*args, **kwargs)


def repeat(by, lesson_id, days):
    return act(lambda: timetables.repeat_lesson(get_lesson(lesson_id), days, by=by, at=AT))


def copy(by, source, target, *, options=None, picks=None, with_files=True):
    def go():
        return timetables.copy_timetable(
            *(get_cohort(source), get_cohort(target), picks),
            *(options or CopyOptions(NEXT_MONDAY, instructors=True, links=True),),
            materials=with_files,
            by=by,
            at=AT,
        )

    if picks is None:
        rows, _holidays = plan_copy(get_cohort(source), get_cohort(target), options or CopyOptions(NEXT_MONDAY))
        picks = [(row.source, row.draft.day) for row in rows if row.is_ticked]
    return act(go)


def shift(by, lesson_id, how, seen=None):
    rows, _holidays = plan_shift(get_lesson(lesson_id), how)
    seen = seen or fingerprint(rows)
    return act(lambda: timetables.shift_lessons(get_lesson(lesson_id), how, seen=seen, by=by, at=AT))


def drafts_of(cohort_id):
    db.session.rollback()
    rows = db.session.scalars(db.select(Lesson).where(Lesson.cohort_id == cohort_id).order_by(Lesson.starts_at))
    return [lesson_draft(row) for row in rows]


def list_batches(cohort_id):
    return batches_in(list_lessons(cohort_id))


def days_of(cohort_id):
    return [draft.day.day for draft in drafts_of(cohort_id)]


def audited():
    return list(db.session.scalars(db.select(AuditEvent.action).order_by(AuditEvent.seq)))


def granted_leave(lesson, enrolment):
    facts = {"kind": "leave", "wished": AttendanceStatus.EXCUSED, "state": "granted", "decided_at": AT, "asked_at": AT}
    times = {"lesson_starts_at": lesson.starts_at, "nonce": f"leave {lesson.id} {enrolment.id}"}
    with transaction() as session:
        session.add(AttendanceRequest(lesson_id=lesson.id, enrolment_id=enrolment.id, **facts, **times))


def next_cohort(**values):
    return factories.cohort(starts_on=NEXT_MONDAY, ends_on=NEXT_MONDAY + timedelta(days=11), **values)


def test_a_lesson_is_repeated_as_it_is(by):
    teacher = factories.account(factories.Role.INSTRUCTOR)
    cohort = factories.cohort()
    lesson = factories.lesson(cohort, instructor_id=teacher.id, link="https://live.example.com/1")
    assert repeat(by, lesson.id, [MONDAY + timedelta(days=n) for n in (1, 2)]) == 2
    first, second, third = drafts_of(cohort.id)
    assert second == first.on(second.day)
    assert third == first.on(third.day)
    assert audited() == ["lesson.create", "lesson.create", "timetable.repeat"]
    [batch] = list_batches(cohort.id)
    assert (batch.lessons, batch.first.astimezone(CHINA).day) == (2, 10)


def test_repeating_is_all_or_nothing(by):
    cohort = factories.cohort()
    lesson_id = factories.lesson(cohort).id
    factories.lesson(cohort, day=2, title="占着")
    with pytest.raises(lessons.LessonsOverlap):
        repeat(by, lesson_id, [MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)])
    with pytest.raises(timetables.NothingToAdd):
        repeat(by, lesson_id, [])
    assert days_of(cohort.id) == [9, 11]


def test_the_plan_names_what_is_in_the_way(by):
    teacher = factories.account(factories.Role.INSTRUCTOR, name="孙老师")
    cohort, other = factories.cohort(), factories.cohort()
    lesson = factories.lesson(cohort, instructor_id=teacher.id)
    factories.lesson(cohort, day=1, title="选品")
    factories.lesson(other, day=2, instructor_id=teacher.id)
    rows, _holidays = plan_repeat(get_lesson(lesson.id), Rhythm(every=1, times=5))
    said = {row.draft.day.day: [(one.kind.value, one.what) for one in row.hindrances] for row in rows}
    assert said == {
        10: [("taken", "选品")],
        11: [("instructor_busy", "孙老师")],
        12: [],
        13: [],
        14: [("outside", "")],
        15: [("outside", "")],
        16: [("outside", "")],
    }
    assert [row.draft.day.day for row in rows if row.rest] == [14, 15]


def test_plans_take_the_same_number_of_statements(by, count_statements):
    cohort, target = factories.cohort(), next_cohort()
    first = factories.lesson(cohort).id

    def counts():
        lesson, source, other = get_lesson(first), get_cohort(cohort.id), get_cohort(target.id)
        plans = (
            (plan_repeat, lesson, Rhythm(every=1, times=4)),
            (plan_copy, source, other, CopyOptions(NEXT_MONDAY)),
            (plan_shift, lesson, Shift(days=1)),
            (plan_shift, lesson, Shift()),
        )
        for plan, *what in plans:
            with count_statements() as seen:
                plan(*what)
            yield len(seen)

    assert list(counts()) == [2, 3, 4, 5]
    for day in (1, 2):
        factories.lesson(cohort, day=day)
    assert list(counts()) == [2, 3, 4, 5]


def test_a_timetable_is_copied_with_its_gaps_and_what_goes_along(by):
    teacher = factories.account(factories.Role.INSTRUCTOR)
    cohort, target = factories.cohort(), next_cohort(place="浑源县职教中心")
    factories.lesson(cohort, instructor_id=teacher.id, link="https://live.example.com/1")
    tour = factories.lesson(cohort, day=3, place="直播基地")
    factories.lesson(cohort, day=1, state=LessonState.CANCELLED, cancel_reason="停电")
    with transaction():
        materials.add_link(tour.id, "地图", "https://map.example.com", by=by, at=AT)
    assert copy(by, cohort.id, target.id) == 2
    first, second = drafts_of(target.id)
    assert (first.day, second.day) == (NEXT_MONDAY, NEXT_MONDAY + timedelta(days=3))
    assert (first.place, first.instructor_id, first.link) == (
        "浑源县职教中心",
        teacher.id,
        "https://live.example.com/1",
    )
    assert (second.place, second.begins) == ("直播基地", drafts_of(cohort.id)[2].begins)
    assert db.session.scalar(db.select(db.func.count()).select_from(LessonFile)) == 2
    assert audited()[-1] == "timetable.copy"


def test_what_is_not_wanted_does_not_go_along(by):
    teacher = factories.account(factories.Role.INSTRUCTOR)
    cohort, target = factories.cohort(), next_cohort()
    lesson = factories.lesson(cohort, instructor_id=teacher.id, link="https://live.example.com/1")
    with transaction():
        materials.add_link(lesson.id, "地图", "https://map.example.com", by=by, at=AT)
    copy(by, cohort.id, target.id, options=CopyOptions(NEXT_MONDAY), with_files=False)
    [draft] = drafts_of(target.id)
    assert (draft.instructor_id, draft.instructor_name, draft.link) == (None, "", "")
    assert db.session.scalar(db.select(db.func.count()).select_from(LessonFile)) == 1


def test_a_lesson_that_went_meanwhile_is_not_copied(by):
    cohort, target = factories.cohort(), next_cohort()
    gone = factories.lesson(cohort, state=LessonState.CANCELLED)
    with pytest.raises(Conflict):
        copy(by, cohort.id, target.id, picks=[(gone.id, NEXT_MONDAY)])


def test_a_copy_is_taken_back_whole_with_its_materials(by):
    cohort, target = factories.cohort(), next_cohort()
    lesson = factories.lesson(cohort)
    with transaction():
        sealed = materials.seal_material(b"%PDF-1.4", "讲义.pdf")
        materials.add_file(lesson.id, "", sealed, by=by, at=AT)
    copy(by, cohort.id, target.id)
    [batch] = list_batches(target.id)
    with pytest.raises(NotFound):  # of another cohort
        act(timetables.take_back, cohort.id, batch.key, by=by, at=AT)
    assert act(timetables.take_back, target.id, batch.key, by=by, at=AT) == 1
    assert days_of(target.id) == []
    assert db.session.scalar(db.select(db.func.count()).select_from(LessonFile)) == 1
    assert audited()[-2:] == ["lesson.take_back", "timetable.take_back"]
    with pytest.raises(NotFound):
        act(timetables.take_back, target.id, batch.key, by=by, at=AT)


@pytest.mark.parametrize("used", ["roll", "leave", "file"])
def test_a_copy_that_was_worked_with_stays(by, used):
    cohort, target = factories.cohort(), next_cohort()
    factories.lesson(cohort)
    copy(by, cohort.id, target.id)
    [batch] = list_batches(target.id)
    made = db.session.scalar(db.select(Lesson).where(Lesson.batch == batch.key))
    if used == "roll":
        with transaction():
            db.session.get(Lesson, made.id).state = LessonState.OPEN
        assert list_batches(target.id) == []
    elif used == "leave":
        granted_leave(made, factories.enrolment(target))
    else:
        with transaction():
            materials.add_file(made.id, "", materials.seal_material(b"%PDF-1", "x.pdf"), by=by, at=AT)
    with pytest.raises(timetables.BatchInUse):
        act(timetables.take_back, target.id, batch.key, by=by, at=AT)
    assert len(days_of(target.id)) == 1


def notices():
    db.session.rollback()
    told = db.select(Message.code, db.func.count()).join(Delivery, Delivery.message_id == Message.id)
    return dict(tuple(row) for row in db.session.execute(told.group_by(Message.code)))


def test_lessons_move_on_together_and_everybody_is_told_once(by):
    teacher = factories.account(factories.Role.INSTRUCTOR)
    cohort = factories.cohort(ends_on=MONDAY + timedelta(days=11))
    ids = [factories.lesson(cohort, day=day, instructor_id=teacher.id).id for day in (0, 1, 3, 4)]
    women = [factories.enrolment(cohort) for _ in range(2)]
    granted_leave(get_lesson(ids[2]), women[0])
    rows, _holidays = plan_shift(get_lesson(ids[1]), Shift(days=1, past_rest=True))
    assert [(row.draft.day.day, row.leaves) for row in rows] == [(11, 0), (13, 1), (16, 0)]
    assert shift(by, ids[1], Shift(days=1, past_rest=True)) == 3
    assert days_of(cohort.id) == [9, 11, 13, 16]
    assert notices() == {"lessons_shifted": 3}  # two women, one instructor
    assert audited() == ["lesson.update"] * 3 + ["timetable.shift"]
    assert plan_shift(get_lesson(ids[2]), Shift(days=1))[0][0].leaves == 0


def test_to_the_next_half_day_only_what_is_in_the_way_moves(by):
    cohort = factories.cohort()
    ids = [factories.lesson(cohort, day=day).id for day in (0, 2)]
    assert shift(by, ids[0], Shift()) == 1
    first, second = drafts_of(cohort.id)
    assert (first.day, f"{first.begins:%H:%M}") == (MONDAY, "15:00")  # 9:00 is half an hour into the morning
    assert second.day == MONDAY + timedelta(days=2)


def test_a_move_is_what_was_looked_at_or_nothing(by):
    cohort = factories.cohort()
    first, last = factories.lesson(cohort).id, factories.lesson(cohort, day=4).id
    with pytest.raises(timetables.ShiftHindered):
        shift(by, first, Shift(days=1))
    rows, _holidays = plan_shift(get_lesson(last), Shift())
    seen = fingerprint(rows)
    with transaction():
        db.session.get(Lesson, last).title = "改名"
        db.session.get(Lesson, last).ends_at += timedelta(minutes=30)
    with pytest.raises(Conflict):
        shift(by, last, Shift(), seen=seen)
    with transaction():
        db.session.get(Lesson, last).state = LessonState.OPEN
    with pytest.raises(lessons.LessonNotPlanned):
        act(lambda: timetables.shift_lessons(get_lesson(last), Shift(), seen="x", by=by, at=AT))
    assert days_of(cohort.id) == [9, 13]


def test_a_cancelled_lesson_is_restored_where_its_time_is_free(by):
    cohort = factories.cohort()
    factories.enrolment(cohort)
    lesson_id = factories.lesson(cohort, state=LessonState.CANCELLED, cancel_reason="停电").id

    def restore():
        lessons.restore_lesson(get_lesson(lesson_id), by=by, at=AT)

    act(restore)
    assert (get_lesson(lesson_id).state, get_lesson(lesson_id).cancel_reason) == (LessonState.PLANNED, "")
    assert notices() == {"lesson_restored": 1}
    with pytest.raises(lessons.LessonNotCancelled):
        act(restore)
    act(lambda: lessons.cancel_lesson(get_lesson(lesson_id), "又停电", by=by, at=AT))
    factories.lesson(cohort, title="补上的课")
    with pytest.raises(lessons.LessonsOverlap):
        act(restore)


def test_two_people_who_copy_at_once_make_one_timetable(app, by):
    cohort, target = factories.cohort().id, next_cohort().id
    lesson = factories.lesson(get_cohort(cohort)).id
    options = CopyOptions(NEXT_MONDAY)

    def go():
        picks = [(lesson, NEXT_MONDAY)]
        source, other = get_cohort(cohort), get_cohort(target)
        return timetables.copy_timetable(source, other, picks, options, materials=False, by=by, at=AT)

    first, second = overlap(app, go, go)
    assert first == 1
    assert isinstance(second, lessons.LessonsOverlap)
    assert len(days_of(target)) == 1


def test_taking_back_and_moving_at_once_leave_one_of_both(app, by):
    cohort, target = factories.cohort().id, next_cohort().id
    factories.lesson(get_cohort(cohort))
    copy(by, cohort, target)
    [batch] = list_batches(target)
    made = db.session.scalar(db.select(Lesson.id).where(Lesson.batch == batch.key))
    rows, _holidays = plan_shift(get_lesson(made), Shift(days=1))
    seen = fingerprint(rows)

    def move():
        found = get_lesson(made)
        return timetables.shift_lessons(found, Shift(days=1), seen=seen, by=by, at=AT) if found else None

    first, second = overlap(app, lambda: timetables.take_back(target, batch.key, by=by, at=AT), move)
    assert first == 1
    assert second is None or isinstance(second, Exception)
    assert days_of(target) == []
