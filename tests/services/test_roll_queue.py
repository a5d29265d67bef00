"""Marks that a phone kept: each is answered on its own, whatever became of the roll meanwhile."""

from datetime import timedelta

import pytest

from tests import factories
from tests.services.test_roll import at_once
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.attendance import AttendanceStatus, LessonState, MarkChannel, NewMark
from trainer.domain.attendance_request import AttendanceRequestKind, AttendanceRequestState
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.roll_queue import MarkOutcome
from trainer.models import Attendance, AttendanceRequest, AuditEvent, Lesson, Mark
from trainer.services import closing
from trainer.services.roll import record_marks
from trainer.services.roll_queue import take_marks

S, M = AttendanceStatus, MarkOutcome
AT = factories.AT


@pytest.fixture
def by(app):
    return factories.actor(Role.COHORT_STAFF, region=factories.DATONG)


@pytest.fixture
def other(app):
    return factories.actor(Role.COHORT_STAFF, region=factories.DATONG)


def take(lesson, by, *marks: NewMark) -> list[object]:
    """The outcome of each; the code of the refusal where it was refused."""
    with transaction():
        taken = take_marks(lesson.id, marks, by=by, at=AT)
    assert [one.nonce for one in taken] == [mark.nonce for mark in marks]
    return [one.refused.code if one.refused else one.outcome for one in taken]


def close(lesson, by):
    with transaction():
        closing.close_lesson(lesson.id, 1, by=by, at=AT)


def rows(model, *columns):
    db.session.rollback()
    return db.session.execute(db.select(*columns).order_by(model.__table__.primary_key.columns[0])).all()


def statuses() -> dict[int, S]:
    return dict(rows(Attendance, Attendance.enrolment_id, Attendance.status))


def test_one_bad_mark_does_not_refuse_the_others(cohort, lesson, by, other):
    good, twice, gone = (factories.enrolment(cohort) for _ in range(3))
    later = factories.enrolment(cohort, joined_on=cohort.ends_on)
    left = factories.enrolment(cohort, status=EnrolmentStatus.WITHDRAWN)
    stranger = factories.enrolment(factories.cohort())
    take(lesson, other, NewMark(twice.id, S.PRESENT, "used"), NewMark(gone.id, S.PRESENT, "seen"))
    outcomes = take(
        lesson,
        by,
        NewMark(stranger.id, S.PRESENT, "a"),
        NewMark(later.id, S.PRESENT, "b"),
        NewMark(left.id, S.PRESENT, "c"),
        NewMark(twice.id, S.ABSENT, "used"),  # a nonce of something else
        NewMark(2**31 - 1, S.PRESENT, "d"),
        NewMark(gone.id, S.ABSENT, "e", seen=0),
        NewMark(good.id, S.LATE, "f", seen=0, said_at=AT - timedelta(minutes=5)),
    )
    assert outcomes == [
        *("roll_not_on_it", "roll_joined_later", "roll_not_on_it", "changed_meanwhile", "roll_not_on_it"),
        *(M.CONTRADICTS, M.SAVED),
    ]
    assert statuses() == {twice.id: S.PRESENT, gone.id: S.PRESENT, good.id: S.LATE}
    [[said_at, at]] = [row[1:] for row in rows(Mark, Mark.nonce, Mark.said_at, Mark.at) if row.nonce == "f"]
    assert (said_at, at) == (AT - timedelta(minutes=5), AT)


def test_an_answer_that_never_arrived_is_given_again_and_nothing_doubled(cohort, lesson, by, other):
    woman = factories.enrolment(cohort)
    marks = [NewMark(woman.id, S.PRESENT, "a", seen=0), NewMark(woman.id, S.LATE, "b", seen=0)]
    assert take(lesson, by, *marks) == [M.SAVED, M.SAVED]
    take(lesson, other, NewMark(woman.id, S.ABSENT, "c"))
    assert take(lesson, by, *marks) == [M.ALREADY, M.ALREADY]
    assert len(rows(Mark, Mark.id)) == 3
    assert statuses() == {woman.id: S.ABSENT}


def test_what_she_said_last_of_a_woman_is_what_contradicts(cohort, lesson, by, other):
    woman = factories.enrolment(cohort)
    take(lesson, other, NewMark(woman.id, S.ABSENT, "theirs"))
    agreed = [NewMark(woman.id, S.PRESENT, "a", seen=0), NewMark(woman.id, S.ABSENT, "b", seen=0)]
    assert take(lesson, by, *agreed) == [M.SAVED, M.SAVED]
    assert rows(Attendance, Attendance.conflict_mark_id) == [(None,)]


def test_of_the_rest_nobody_is_touched_whom_somebody_marked_and_a_leave_excuses(cohort, lesson, by, other):
    here, away, excused, unfounded = (factories.enrolment(cohort) for _ in range(4))
    leave = {"kind": AttendanceRequestKind.LEAVE, "state": AttendanceRequestState.GRANTED, "decided_at": AT}
    factories.attendance_request(lesson, excused, **leave)
    take(lesson, other, NewMark(here.id, S.PRESENT, "theirs"))
    rest = [
        NewMark(here.id, S.ABSENT, "a", seen=0, only_unmarked=True),
        NewMark(away.id, S.ABSENT, "b", seen=0, only_unmarked=True),
        NewMark(excused.id, S.EXCUSED, "c", seen=0, only_unmarked=True),
        NewMark(unfounded.id, S.EXCUSED, "d", seen=0, only_unmarked=True),
    ]
    assert take(lesson, by, *rest) == [M.ALREADY, M.SAVED, M.SAVED, M.SAVED]
    assert statuses() == {here.id: S.PRESENT, away.id: S.ABSENT, excused.id: S.EXCUSED, unfounded.id: S.EXCUSED}
    channels = {row.nonce: row.channel for row in rows(Mark, Mark.nonce, Mark.channel)}
    assert [channels[nonce] for nonce in "bcd"] == [MarkChannel.ROLL, MarkChannel.LEAVE, MarkChannel.ROLL]


@pytest.mark.parametrize(
    ("values", "code"), [({"state": LessonState.CANCELLED}, "roll_cancelled"), ({"day": 2}, "roll_not_begun")]
)
def test_a_lesson_that_takes_no_marks_refuses_each(cohort, by, values, code):
    woman, lesson = factories.enrolment(cohort), factories.lesson(cohort, **values)
    assert take(lesson, by, NewMark(woman.id, S.PRESENT, "a"), NewMark(woman.id, S.LATE, "b")) == [code, code]
    assert rows(Mark, Mark.id) == []


def test_what_arrives_after_the_closing_waits_for_a_decision(cohort, lesson, by, other):
    woman, same, back = (factories.enrolment(cohort) for _ in range(3))
    take(lesson, by, *(NewMark(each.id, S.ABSENT, f"r{each.id}") for each in (woman, same, back)))
    close(lesson, by)
    said = AT - timedelta(minutes=30)
    marks = [
        NewMark(woman.id, S.LATE, "a", 0, said),
        NewMark(woman.id, S.PRESENT, "b", 0, said),
        NewMark(same.id, S.ABSENT, "c", 0),
        NewMark(back.id, None, "d", 0),
    ]
    told = [M.LATE, M.LATE, M.ALREADY, "roll_closed"]
    for _ in range(2):  # the second time since the answer was lost
        assert take(lesson, by, *marks) == told
    R = AttendanceRequest
    columns = (R.nonce, R.kind, R.state, R.wished, R.words, R.said_at, R.asked_by, R.lesson_starts_at)
    late, state = AttendanceRequestKind.LATE_MARK, AttendanceRequestState
    assert rows(R, *columns) == [
        ("a", late, state.TAKEN_BACK, S.LATE, None, said, by.account_id, lesson.starts_at),
        ("b", late, state.OPEN, S.PRESENT, None, said, by.account_id, lesson.starts_at),
    ]
    assert statuses()[woman.id] is S.ABSENT
    event = db.session.scalar(db.select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1))
    assert (event.action, event.details) == ("attendance.mark_late", {"after": {str(woman.id): "present"}})
    assert take(lesson, other, NewMark(woman.id, S.PRESENT, "e"), NewMark(woman.id, S.EXCUSED, "f")) == [
        *(M.LATE, "roll_late_mark_waiting"),
    ]
    assert take(lesson, by, NewMark(woman.id, S.EXCUSED, "b")) == ["changed_meanwhile"]
    take(lesson, by, NewMark(woman.id, S.EXCUSED, "g"))
    assert [row.state for row in rows(R, R.state)] == [state.TAKEN_BACK, state.TAKEN_BACK, state.OPEN]


def test_the_statements_do_not_grow_with_the_marks(cohort, lesson, by, other, count_statements):
    women = [factories.enrolment(cohort).id for _ in range(60)]
    lesson_id = lesson.id
    take(lesson, other, *(NewMark(id_, S.PRESENT, f"o{id_}") for id_ in women[:10]))
    numbers = []
    for some in (women[5:8], women[8:60]):
        marks = [NewMark(id_, S.ABSENT, f"m{id_}", seen=0) for id_ in some]
        with count_statements() as seen, transaction():
            take_marks(lesson_id, marks, by=by, at=AT)
        numbers.append(len(seen))
    assert numbers[1] - numbers[0] <= 1  # the first three were all set aside
    assert numbers[1] <= 11


def test_fifty_of_one_post_at_once_leave_each_mark_once(app, cohort, lesson, by):
    women, lesson_id = [factories.enrolment(cohort).id for _ in range(5)], lesson.id
    marks = [NewMark(id_, S.PRESENT, f"n{id_}", seen=0) for id_ in women]
    results = at_once(app, *[lambda: take_marks(lesson_id, marks, by=by, at=AT)] * 50)
    outcomes = [tuple(one.outcome for one in result) for result in results]
    assert sorted(outcomes) == sorted([(M.SAVED,) * 5] + [(M.ALREADY,) * 5] * 49)
    assert len(rows(Mark, Mark.id)) == 5
    assert statuses() == dict.fromkeys(women, S.PRESENT)


def test_marks_that_meet_the_closing_are_recorded_or_wait_never_lost(app, cohort, lesson, by):
    one, late = factories.enrolment(cohort).id, factories.enrolment(cohort).id
    take(lesson, by, NewMark(one, S.PRESENT, "first"))
    lesson_id = lesson.id
    taken, closed = at_once(
        app,
        lambda: take_marks(lesson_id, [NewMark(late, S.PRESENT, "n", seen=0)], by=by, at=AT),
        lambda: closing.close_lesson(lesson_id, 2, by=by, at=AT),
    )
    assert not isinstance(closed, Exception)
    asked = rows(AttendanceRequest, AttendanceRequest.nonce) == [("n",)]
    assert (taken[0].outcome is M.LATE) is asked
    assert (late in statuses()) is not asked
    assert db.session.get(Lesson, lesson_id).state is LessonState.CLOSED


def test_a_late_mark_that_is_sent_again_after_the_roll_was_opened_stays_one(cohort, lesson, by):
    woman, here = factories.enrolment(cohort), factories.enrolment(cohort)
    take(lesson, by, NewMark(here.id, S.PRESENT, "first"))
    close(lesson, by)
    assert take(lesson, by, NewMark(woman.id, S.PRESENT, "n")) == [M.LATE]
    with transaction():
        closing.reopen_lesson(lesson.id, "数错了", by=by, at=AT)
    assert take(lesson, by, NewMark(woman.id, S.PRESENT, "n")) == [M.LATE]
    with transaction():
        record_marks(lesson.id, [NewMark(woman.id, S.PRESENT, "m")], by=by, at=AT)
    assert len(rows(AttendanceRequest, AttendanceRequest.id)) == 1
