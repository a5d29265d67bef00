"""Recording marks and closing lessons: what is kept, what is refused, and two people at once."""

import threading
from datetime import timedelta

import pytest

from tests import factories
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.attendance import AttendanceStatus, LessonState, NewMark
from trainer.domain.enrolment import EnrolmentStatus
from trainer.errors import Conflict, NotFound
from trainer.models import Attendance, AuditEvent, CohortMetrics, Lesson, Mark
from trainer.services import closing
from trainer.services import roll as service

pytestmark = pytest.mark.sqlite_is_enough

S = AttendanceStatus
AT = factories.AT  # 2026-03-10, 9:00 in China: the second day of the factory's cohort


@pytest.fixture
def by(app):
    return factories.actor(Role.COHORT_STAFF, region=factories.DATONG)


def record(lesson, marks, by, **more):
    with transaction():
        said = [NewMark(*mark) for mark in marks]
        return service.record_marks(lesson.id, said, **{"by": by, "at": AT, **more}).statuses


def close(lesson, headcount, by):
    with transaction():
        closing.close_lesson(lesson.id, headcount, by=by, at=AT)


def statuses(lesson) -> dict[int, S]:
    db.session.rollback()
    rows = db.session.execute(
        db.select(Attendance.enrolment_id, Attendance.status).where(Attendance.lesson_id == lesson.id)
    )
    return dict(rows.all())


def stored(lesson) -> Lesson:
    db.session.expire_all()
    db.session.rollback()
    return db.session.get(Lesson, lesson.id)


def count_marks() -> int:
    return db.session.scalar(db.select(db.func.count(Mark.id)))


def last_event() -> AuditEvent:
    return db.session.scalar(db.select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1))


def test_the_first_mark_opens_the_lesson_and_is_audited(cohort, lesson, by):
    woman = factories.enrolment(cohort)
    assert record(lesson, [(woman.id, S.PRESENT, "n1")], by) == {woman.id: S.PRESENT}
    assert statuses(lesson) == {woman.id: S.PRESENT}
    assert stored(lesson).state is LessonState.OPEN
    event = last_event()
    assert (event.action, event.account_id) == ("attendance.mark", by.account_id)
    assert event.details == {"before": {str(woman.id): None}, "after": {str(woman.id): "present"}}


def test_a_later_mark_supersedes_and_both_are_kept(cohort, lesson, by):
    woman = factories.enrolment(cohort)
    record(lesson, [(woman.id, S.ABSENT, "n1")], by)
    record(lesson, [(woman.id, S.LATE, "n2")], by)
    assert statuses(lesson) == {woman.id: S.LATE}
    assert count_marks() == 2
    assert last_event().details["before"] == {str(woman.id): "absent"}


def test_taking_a_mark_back_leaves_her_unmarked_and_the_fact_on_file(cohort, lesson, by):
    woman = factories.enrolment(cohort)
    record(lesson, [(woman.id, S.ABSENT, "n1")], by)
    assert record(lesson, [(woman.id, None, "n2")], by) == {woman.id: None}
    assert statuses(lesson) == {}
    assert count_marks() == 2


def test_the_same_nonce_doubles_nothing_and_never_undoes_a_later_mark(cohort, lesson, by):
    woman = factories.enrolment(cohort)
    record(lesson, [(woman.id, S.PRESENT, "n1")], by)
    assert record(lesson, [(woman.id, S.PRESENT, "n1")], by) == {woman.id: S.PRESENT}
    assert count_marks() == 1
    record(lesson, [(woman.id, S.LATE, "n2")], by)
    assert record(lesson, [(woman.id, S.PRESENT, "n1")], by) == {woman.id: S.LATE}
    close(lesson, 1, by)
    assert record(lesson, [(woman.id, S.PRESENT, "n1")], by) == {woman.id: S.LATE}


def test_a_nonce_used_for_something_else_is_refused(cohort, lesson, by):
    one, other = factories.enrolment(cohort), factories.enrolment(cohort)
    record(lesson, [(one.id, S.PRESENT, "n1")], by)
    for mark in ((one.id, S.ABSENT, "n1"), (other.id, S.PRESENT, "n1")):
        with pytest.raises(Conflict):
            record(lesson, [mark], by)


def test_a_hundred_women_take_ten_statements_and_one_transaction(cohort, lesson, by, count_statements):
    women = [factories.enrolment(cohort) for _ in range(100)]
    back = women[0].id
    record(factories.lesson(cohort, day=1), [(back, S.ABSENT, "other")], by)
    marks = [(back, S.ABSENT, "first")] + [(w.id, S.PRESENT, f"n{w.id}") for w in women[1:]] + [(back, None, "second")]
    lesson_id = lesson.id
    with count_statements() as seen, transaction():
        service.record_marks(lesson_id, [NewMark(*mark) for mark in marks], by=by, at=AT)
    assert len(seen) <= 10
    assert statuses(lesson) == {w.id: S.PRESENT for w in women[1:]}
    assert count_marks() == 102


def test_the_rest_absent_passes_over_whom_somebody_else_marked(cohort, lesson, by):
    one, other = factories.enrolment(cohort), factories.enrolment(cohort)
    record(lesson, [(one.id, S.PRESENT, "n1")], by)
    record(lesson, [(one.id, S.ABSENT, "n2"), (other.id, S.ABSENT, "n3")], by, only_unmarked=True)
    assert statuses(lesson) == {one.id: S.PRESENT, other.id: S.ABSENT}


def test_nothing_is_half_done_where_one_of_the_marks_is_refused(cohort, lesson, by):
    own, stranger = factories.enrolment(cohort), factories.enrolment(factories.cohort())
    with pytest.raises(service.NotOnTheRoll):
        record(lesson, [(own.id, S.PRESENT, "n1"), (stranger.id, S.PRESENT, "n2")], by)
    assert statuses(lesson) == {}
    assert stored(lesson).state is LessonState.PLANNED


@pytest.mark.parametrize("status", [EnrolmentStatus.WITHDRAWN, EnrolmentStatus.APPLIED, EnrolmentStatus.REJECTED])
def test_whoever_is_not_on_the_roll_gets_no_mark(cohort, lesson, by, status):
    woman = factories.enrolment(cohort, status=status)
    with pytest.raises(service.NotOnTheRoll):
        record(lesson, [(woman.id, S.PRESENT, "n1")], by)


def test_a_lesson_before_she_joined_takes_no_mark_of_her(cohort, lesson, by):
    day = cohort.starts_on + timedelta(days=1)
    woman = factories.enrolment(cohort, joined_on=day)
    with pytest.raises(service.JoinedLater):
        record(lesson, [(woman.id, S.PRESENT, "n1")], by)
    assert record(factories.lesson(cohort, day=1), [(woman.id, S.PRESENT, "n2")], by) == {woman.id: S.PRESENT}


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"state": LessonState.CANCELLED}, service.LessonCancelled),
        ({"state": LessonState.CLOSED}, service.LessonClosed),
        ({"day": 2}, service.LessonNotBegun),
    ],
)
def test_what_stands_in_the_way_of_a_mark(cohort, by, values, refusal):
    woman, lesson = factories.enrolment(cohort), factories.lesson(cohort, **values)
    with pytest.raises(refusal):
        record(lesson, [(woman.id, S.PRESENT, "n1")], by)
    assert count_marks() == 0


def test_a_lesson_later_today_takes_marks_already(cohort, by):
    woman = factories.enrolment(cohort)
    afternoon = factories.lesson(cohort, day=1, starts_at=AT + timedelta(hours=5), ends_at=AT + timedelta(hours=8))
    assert record(afternoon, [(woman.id, S.PRESENT, "n1")], by) == {woman.id: S.PRESENT}


def test_an_unknown_lesson_is_not_found(app, by):
    with pytest.raises(NotFound), transaction():
        service.record_marks(999, [], by=by, at=AT)


def test_after_closing_a_change_needs_its_reason_and_keeps_both_values(cohort, lesson, by):
    woman = factories.enrolment(cohort)
    record(lesson, [(woman.id, S.ABSENT, "n1")], by)
    close(lesson, 0, by)
    with pytest.raises(service.LessonClosed):
        record(lesson, [(woman.id, S.PRESENT, "n2")], by)
    record(lesson, [(woman.id, S.PRESENT, "n3")], by, reason="签到表上有她的签名")
    assert statuses(lesson) == {woman.id: S.PRESENT}
    assert [mark.status for mark in db.session.scalars(db.select(Mark).order_by(Mark.id))] == [S.ABSENT, S.PRESENT]
    assert stored(lesson).state is LessonState.CLOSED
    assert last_event().details["with_reason"] is True  # the words themselves can be erased, the trail cannot


def test_closing_keeps_headcount_closer_and_moment_even_where_the_headcount_differs(cohort, lesson, by):
    marked, unmarked = factories.enrolment(cohort), factories.enrolment(cohort)
    record(lesson, [(marked.id, S.PRESENT, "n1")], by)
    close(lesson, 5, by)
    kept = stored(lesson)
    assert (kept.state, kept.headcount, kept.closed_at, kept.closed_by) == (LessonState.CLOSED, 5, AT, by.account_id)
    assert unmarked.id not in statuses(lesson)
    assert last_event().action == "lesson.close"
    assert last_event().details == {"before": "open", "after": "closed", "headcount": 5, "on_the_roll": 1}


def test_the_second_closer_is_told_who_was_first(cohort, lesson, by):
    record(lesson, [(factories.enrolment(cohort).id, S.PRESENT, "n1")], by)
    close(lesson, 1, by)
    with pytest.raises(closing.AlreadyClosed) as refused:
        close(lesson, 2, factories.actor(Role.MANAGER))
    assert refused.value.values == {"name": by.name, "headcount": 1}
    assert stored(lesson).headcount == 1


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({}, closing.RollNotTaken),
        ({"state": LessonState.CANCELLED}, service.LessonCancelled),
        ({"day": 2}, service.LessonNotBegun),
    ],
)
def test_what_cannot_be_closed(cohort, by, values, refusal):
    with pytest.raises(refusal):
        close(factories.lesson(cohort, **values), 0, by)


def test_reopening_needs_a_reason_and_leaves_the_old_headcount_in_the_audit(cohort, lesson, by):
    record(lesson, [(factories.enrolment(cohort).id, S.PRESENT, "n1")], by)
    with pytest.raises(closing.LessonNotClosed), transaction():
        closing.reopen_lesson(lesson.id, "数错了", by=by, at=AT)
    close(lesson, 7, by)
    with pytest.raises(closing.ReasonMissing), transaction():
        closing.reopen_lesson(lesson.id, "", by=by, at=AT)
    with transaction():
        closing.reopen_lesson(lesson.id, "数错了", by=by, at=AT)
    kept = stored(lesson)
    assert (kept.state, kept.headcount, kept.closed_at) == (LessonState.OPEN, None, None)
    assert last_event().details == {"before": "closed", "after": "open", "headcount_before": 7, "reason": "数错了"}


def at_once(app, *acts) -> list[object]:
    """Each act in a thread, connection and transaction of its own, begun together; what each gave or raised.

    The acts must not touch rows of the test's own session: that one belongs to the test's thread.
    """
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        with app.app_context():
            barrier.wait()
            try:
                with transaction():
                    results[number] = act()
            except Exception as error:  # the answer is what the test is about
                results[number] = error
            finally:
                db.session.remove()

    db.session.rollback()
    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_posts_with_one_nonce_at_once_leave_one_mark_and_one_answer(app, cohort, lesson, by):
    lesson_id, woman_id = lesson.id, factories.enrolment(cohort).id

    def act():
        return service.record_marks(lesson_id, [NewMark(woman_id, S.PRESENT, "n1")], by=by, at=AT)

    assert at_once(app, *[act] * 6) == [service.Recorded({woman_id: S.PRESENT})] * 6
    assert count_marks() == 1
    assert statuses(lesson) == {woman_id: S.PRESENT}


def test_two_devices_one_woman_at_once_leave_one_attendance_and_both_facts(app, cohort, lesson, by):
    lesson_id, woman_id = lesson.id, factories.enrolment(cohort).id

    def mark(status, nonce):
        return lambda: service.record_marks(lesson_id, [NewMark(woman_id, status, nonce)], by=by, at=AT)

    results = at_once(app, mark(S.PRESENT, "a"), mark(S.LATE, "b"))
    assert all(isinstance(result, service.Recorded) for result in results)
    last = db.session.scalars(db.select(Mark.status).order_by(Mark.id.desc())).first()
    assert statuses(lesson) == {woman_id: last}
    assert count_marks() == 2


def test_of_two_who_close_at_once_one_does_and_the_other_is_told(app, cohort, lesson, by):
    record(lesson, [(factories.enrolment(cohort).id, S.PRESENT, "n1")], by)
    lesson_id = lesson.id
    acts = [lambda n=n: closing.close_lesson(lesson_id, n, by=by, at=AT) for n in (1, 2)]
    results = at_once(app, *acts)
    assert [type(result) for result in results].count(closing.AlreadyClosed) == 1
    assert results.count(0) == 1
    assert stored(lesson).headcount == results.index(0) + 1


def test_a_mark_and_a_closing_at_once_never_leave_a_mark_after_the_closing(app, cohort, lesson, by):
    one, other = factories.enrolment(cohort).id, factories.enrolment(cohort).id
    record(lesson, [(one, S.PRESENT, "n1")], by)
    lesson_id = lesson.id
    marked, closed = at_once(
        app,
        lambda: service.record_marks(lesson_id, [NewMark(other, S.PRESENT, "n2")], by=by, at=AT),
        lambda: closing.close_lesson(lesson_id, 2, by=by, at=AT),
    )
    assert closed == 0
    assert isinstance(marked, (service.Recorded, service.LessonClosed))
    assert (other in statuses(lesson)) is isinstance(marked, service.Recorded)


def test_the_cohorts_figures_follow_closing_reopening_and_a_late_change(cohort, lesson, by):
    here, away = factories.enrolment(cohort), factories.enrolment(cohort)

    def figures() -> tuple[int, int, int]:
        db.session.rollback()
        kept = db.session.get(CohortMetrics, cohort.id, populate_existing=True)
        return kept.lessons_closed, kept.attended_minutes, kept.counted_minutes

    record(lesson, [(here.id, S.PRESENT, "n1"), (away.id, S.ABSENT, "n2")], by)
    close(lesson, 1, by)
    assert figures() == (1, 180, 360)
    record(lesson, [(away.id, S.LATE, "n3")], by, reason="迟到半小时")
    assert figures() == (1, 360, 360)
    with transaction():
        closing.reopen_lesson(lesson.id, "点错了", by=by, at=AT)
    assert figures() == (0, 0, 0)


def test_a_roll_whose_every_mark_was_taken_back_is_not_taken(cohort, lesson, by):
    woman = factories.enrolment(cohort)
    record(lesson, [(woman.id, S.PRESENT, "n1")], by)
    record(lesson, [(woman.id, None, "n2")], by)
    with pytest.raises(closing.RollNotTaken):
        close(lesson, 0, by)
    assert stored(lesson).state is LessonState.OPEN


def said(lesson, woman) -> Attendance:
    db.session.expire_all()
    db.session.rollback()
    return db.session.get(Attendance, (lesson.id, woman.id))


def test_two_markers_who_had_not_seen_each_other_contradict_until_a_person_decides(cohort, lesson, by):
    woman, other = factories.enrolment(cohort), factories.actor(Role.COHORT_STAFF, region=factories.DATONG)
    record(lesson, [(woman.id, S.PRESENT, "n1", 0)], by)
    with transaction():
        late = service.record_marks(lesson.id, [NewMark(woman.id, S.ABSENT, "n2", 0)], by=other, at=AT)
    assert late == service.Recorded({woman.id: S.PRESENT}, frozenset({woman.id}))
    both = said(lesson, woman)
    assert (both.status, both.conflict_mark_id) == (S.PRESENT, both.mark_id + 1)
    assert last_event().details["contradicting"] == {str(woman.id): "absent"}
    with transaction():
        service.record_marks(lesson.id, [NewMark(woman.id, S.ABSENT, "n3", both.conflict_mark_id)], by=other, at=AT)
    assert (said(lesson, woman).status, said(lesson, woman).conflict_mark_id) == (S.ABSENT, None)
    assert count_marks() == 3


@pytest.mark.parametrize(
    ("status", "seen", "same_person"),
    [
        (S.PRESENT, 0, False),  # says the same
        (S.ABSENT, 1, False),  # had seen it
        (S.ABSENT, 0, True),  # changes her own mind
        (S.ABSENT, None, False),  # decides
    ],
)
def test_what_is_no_contradiction_rules(cohort, lesson, by, status, seen, same_person):
    woman = factories.enrolment(cohort)
    record(lesson, [(woman.id, S.PRESENT, "n1", 0)], by)
    other = by if same_person else factories.actor(Role.COHORT_STAFF, region=factories.DATONG)
    with transaction():
        done = service.record_marks(lesson.id, [NewMark(woman.id, status, "n2", seen)], by=other, at=AT)
    assert done == service.Recorded({woman.id: status})
    assert said(lesson, woman).conflict_mark_id is None


def test_the_word_of_the_roll_and_of_the_office_stand_beside_each_other(cohort, lesson, by):
    woman = factories.enrolment(cohort)
    record(lesson, [(woman.id, S.ABSENT, "n1")], by)
    close(lesson, 1, by)
    record(lesson, [(woman.id, S.EXCUSED, "n2")], by, reason="假条后补")
    kept = said(lesson, woman)
    assert (kept.status, kept.marker_status, kept.office_status) == (S.EXCUSED, S.ABSENT, S.EXCUSED)
