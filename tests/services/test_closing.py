"""Closing a lesson: leaves, contradictions, guests and pictures in the same act; its history; two at once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import factories
from tests.races import overlap
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.attendance import AttendanceStatus, Evidence, LessonState, MarkChannel, NewMark
from trainer.domain.attendance_request import AttendanceRequestKind, AttendanceRequestState
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.retention import Kept
from trainer.models import Attendance, AuditEvent, Lesson, Mark, StoredFile
from trainer.models.attendance_request import AttendanceRequest
from trainer.models.lesson import LessonFile
from trainer.models.paper_sheet import PaperSheet
from trainer.models.walk_in import WalkIn
from trainer.queries.closing import (
    get_before_closing,
    get_kept,
    list_class_photos,
    list_closing_steps,
    list_late_changes,
)
from trainer.services import closing, retention
from trainer.services.picture import redraw
from trainer.services.roll import LessonCancelled, LessonNotBegun, record_marks

pytestmark = pytest.mark.sqlite_is_enough

S = AttendanceStatus
AT = factories.AT


@pytest.fixture
def by(app):
    return factories.actor(Role.COHORT_STAFF, region=factories.DATONG)


@pytest.fixture
def here(cohort, lesson, by):
    """One woman, marked as present."""
    woman = factories.enrolment(cohort)
    mark(lesson, woman, S.PRESENT, by)
    return woman


def mark(lesson, woman, status, by, *, nonce=None, at=AT, **more):
    said = NewMark(woman.id, status, nonce or f"{lesson.id}.{woman.id}.{status}.{at}", more.pop("seen", None))
    with transaction():
        record_marks(lesson.id, [said], by=by, at=at, **more)


def close(lesson, headcount, by, *, at=AT, **more) -> int:
    with transaction():
        return closing.close_lesson(lesson.id, headcount, by=by, at=at, **more)


def reopen(lesson, by, reason="数错了", at=AT):
    with transaction():
        closing.reopen_lesson(lesson.id, reason, by=by, at=at)


def stored(lesson) -> Lesson:
    db.session.expire_all()
    db.session.rollback()
    return db.session.get(Lesson, lesson.id)


def statuses(lesson) -> dict[int, S]:
    db.session.rollback()
    return dict(
        db.session.execute(
            select(Attendance.enrolment_id, Attendance.status).where(Attendance.lesson_id == lesson.id)
        ).all()
    )


def leave(lesson, woman, state="granted", **values) -> AttendanceRequest:
    decided = {} if state == "open" else {"decided_at": AT}
    facts = {"kind": AttendanceRequestKind.LEAVE, "lesson_id": lesson.id, "enrolment_id": woman.id}
    facts |= {"lesson_starts_at": lesson.starts_at, "wished": S.EXCUSED, "asked_at": AT, "nonce": f"ask{woman.id}"}
    with transaction() as session:
        row = AttendanceRequest(**{**facts, "state": AttendanceRequestState(state), **decided, **values})
        session.add(row)
    return row


def test_the_signer_stands_on_the_roll_and_goes_with_the_reopening(lesson, here, by):
    close(lesson, 1, by, signer="孙晓梅")
    assert (stored(lesson).signer, get_kept(lesson.id).signer) == ("孙晓梅", "孙晓梅")
    reopen(lesson, by)
    assert stored(lesson).signer == ""


def test_whoever_is_unmarked_with_a_leave_for_exactly_this_time_is_excused(cohort, lesson, here, by):
    away, moved, waits, marked = (factories.enrolment(cohort) for _ in range(4))
    withdrawn = factories.enrolment(cohort, status=EnrolmentStatus.WITHDRAWN)
    granted = leave(lesson, away)
    leave(lesson, moved, lesson_starts_at=lesson.starts_at - timedelta(hours=5))
    leave(lesson, waits, "open")
    leave(lesson, withdrawn)
    leave(lesson, marked)
    mark(lesson, marked, S.LATE, by)  # she came after all
    assert close(lesson, 2, by) == 1
    assert statuses(lesson) == {here.id: S.PRESENT, marked.id: S.LATE, away.id: S.EXCUSED}
    made = db.session.scalar(select(Mark).where(Mark.enrolment_id == away.id))
    assert (made.channel, made.by, made.is_office) == (MarkChannel.LEAVE, by.account_id, False)
    assert made.nonce.startswith(f"leave {granted.id}.")


def test_closed_again_after_a_reopening_the_leave_holds_again(cohort, lesson, here, by):
    away = factories.enrolment(cohort)
    leave(lesson, away)
    assert close(lesson, 1, by) == 1
    reopen(lesson, by)
    mark(lesson, away, None, by, nonce="taken back")
    assert close(lesson, 1, by) == 1
    assert statuses(lesson)[away.id] is S.EXCUSED


def test_a_leave_alone_makes_no_roll(cohort, lesson, by):
    leave(lesson, factories.enrolment(cohort))
    with pytest.raises(closing.RollNotTaken):
        close(lesson, 0, by)
    assert statuses(lesson) == {}


def test_nobody_counts_heads_before_the_lesson_begins(cohort, by):
    afternoon = factories.lesson(cohort, day=1, starts_at=AT + timedelta(hours=5), ends_at=AT + timedelta(hours=8))
    mark(afternoon, factories.enrolment(cohort), S.PRESENT, by)
    with pytest.raises(closing.LessonNotStarted) as refused:
        close(afternoon, 1, by)
    assert refused.value.values == {"moment": "14:00"}
    assert close(afternoon, 1, by, at=AT + timedelta(hours=5)) == 0


def test_a_contradiction_left_open_is_decided_before_closing(cohort, lesson, here, by):
    other = factories.actor(Role.COHORT_STAFF, region=factories.DATONG)
    mark(lesson, here, S.ABSENT, other, seen=0)
    assert [one.enrolment_id for one in get_before_closing(lesson.id).conflicts] == [here.id]
    with pytest.raises(closing.ContradictionsOpen) as refused:
        close(lesson, 1, by)
    assert refused.value.values == {"names": "王秀芳"}
    assert stored(lesson).state is LessonState.OPEN
    mark(lesson, here, S.LATE, by)
    assert close(lesson, 1, by) == 0


def test_what_stands_around_a_roll_before_it_is_closed(cohort, lesson, here, by, count_statements):
    instructor = factories.account(Role.INSTRUCTOR, name="孙晓梅")
    taught = factories.lesson(cohort, instructor_id=instructor.id)
    away, waits = factories.enrolment(cohort), factories.enrolment(cohort)
    granted = leave(taught, away)
    leave(taught, waits, "open")
    with transaction() as session:
        session.add(WalkIn(lesson_id=taught.id, number=101, name="客人", nonce="w1", at=AT))
        session.add(WalkIn(lesson_id=taught.id, number=102, name="点错", nonce="w2", at=AT, struck_out_at=AT))
    with count_statements() as seen:
        before = get_before_closing(taught.id)
    assert len(seen) == 3
    assert (before.guests, before.signer, before.leaves) == (1, "孙晓梅", {away.id: granted.id})
    assert [(one.kind, one.seat) for one in before.asked] == [(AttendanceRequestKind.LEAVE, waits.seat_number)]
    assert before.conflicts == []


def test_a_guest_is_a_head_in_the_history(cohort, lesson, here, by):
    with transaction() as session:
        session.add(WalkIn(lesson_id=lesson.id, number=101, name="客人", nonce="w1", at=AT))
    close(lesson, 2, by)
    [step] = list_closing_steps(lesson.id)
    assert (step.headcount, step.on_the_roll) == (2, 2)


def test_every_closing_and_reopening_stays_in_the_history(cohort, lesson, here, by):
    close(lesson, 3, by)
    reopen(lesson, by, at=AT + timedelta(minutes=5))
    close(lesson, 1, by, at=AT + timedelta(minutes=9))
    told = [(step.is_closing, step.headcount, step.on_the_roll, step.reason) for step in list_closing_steps(lesson.id)]
    assert told == [(True, 1, 1, ""), (False, 3, None, "数错了"), (True, 3, 1, "")]


def test_the_words_of_roll_and_office_are_listed_side_by_side(cohort, lesson, here, by):
    close(lesson, 1, by)
    mark(lesson, here, S.ABSENT, by, reason="家人代答")
    [row] = list_late_changes(lesson.id)
    assert (row.enrolment_id, row.marker, row.office) == (here.id, S.PRESENT, S.ABSENT)
    mark(lesson, here, S.PRESENT, by, nonce="back", reason="看错了")
    assert list_late_changes(lesson.id) == []


def test_how_it_is_known_that_they_came(cohort, lesson, here, by):
    channels = [MarkChannel.ROLL, MarkChannel.SCREEN_CODE, MarkChannel.CLAIM, MarkChannel.PAPER]
    for channel in channels:
        mark(lesson, factories.enrolment(cohort), S.PRESENT, by, channel=channel)
    mark(lesson, factories.enrolment(cohort), S.ABSENT, by)
    known = get_kept(lesson.id).evidence
    assert known == {Evidence.SEEN_BY_STAFF: 3, Evidence.SCREEN_CODE: 1, Evidence.CLAIM: 1}
    assert list(known) == [Evidence.SEEN_BY_STAFF, Evidence.SCREEN_CODE, Evidence.CLAIM]


def add_photo(lesson, by, picture=None, at=AT) -> LessonFile:
    with transaction():
        return closing.add_class_photo(lesson.id, picture or redraw(factories.picture()), by=by, at=at)


def actions(thing="lesson") -> list[str]:
    return list(
        db.session.scalars(select(AuditEvent.action).where(AuditEvent.object_type == thing).order_by(AuditEvent.seq))
    )


def test_pictures_are_added_before_and_after_closing_taken_away_and_put_back(lesson, here, by):
    add_photo(lesson, by)
    close(lesson, 1, by)
    photo = add_photo(lesson, by)
    assert [one.removed_at for one in list_class_photos(lesson.id)] == [None, None]
    for act in (closing.remove_class_photo, closing.remove_class_photo, closing.put_class_photo_back):
        with transaction():
            act(db.session.get(LessonFile, photo.id), by=by, at=AT)
    assert [one.removed_at for one in list_class_photos(lesson.id)] == [None, None]
    assert actions()[-3:] == ["lesson.add_photo", "lesson.remove_photo", "lesson.put_photo_back"]


@pytest.mark.parametrize(
    ("values", "refusal"), [({"state": LessonState.CANCELLED}, LessonCancelled), ({"day": 2}, LessonNotBegun)]
)
def test_no_picture_of_what_did_not_take_place(cohort, by, values, refusal):
    with pytest.raises(refusal):
        add_photo(factories.lesson(cohort, **values), by)


def test_pictures_of_a_lesson_have_an_end(lesson, by, monkeypatch):
    monkeypatch.setattr(closing, "MOST_PHOTOS", 1)
    photo = add_photo(lesson, by)
    with pytest.raises(closing.TooManyPhotos):
        add_photo(lesson, by)
    with transaction():
        closing.remove_class_photo(db.session.get(LessonFile, photo.id), by=by, at=AT)
    add_photo(lesson, by)


def test_pictures_go_when_their_time_is_over(lesson, here, by):
    add_photo(lesson, by)
    add_photo(lesson, by, at=AT + timedelta(days=400))
    with transaction():
        gone = retention.purge(Kept.LESSON_PICTURES, before=AT + timedelta(days=1), at=AT + timedelta(days=1099))
    assert (gone.count, len(gone.files)) == (1, 1)
    assert len(list_class_photos(lesson.id)) == 1
    assert db.session.scalar(select(db.func.count(StoredFile.id))) == 1


def test_the_photo_of_a_sheet_goes_and_what_was_read_from_it_stays(cohort, lesson, here):
    sheet_id, _photo = factories.paper_sheet(lesson, [here])
    with transaction():
        assert retention.purge(Kept.LESSON_PICTURES, before=AT + timedelta(days=1), at=AT).count == 1
    db.session.rollback()
    kept = db.session.get(PaperSheet, sheet_id, populate_existing=True)
    assert (kept.photo_id, kept.listed) == (None, [here.id])


def test_of_two_who_close_at_once_the_second_is_told(app, lesson, here, by):
    lesson_id = lesson.id
    acts = [lambda count=count: closing.close_lesson(lesson_id, count, by=by, at=AT) for count in (1, 2)]
    first, second = overlap(app, *acts)
    assert first == 0
    assert isinstance(second, closing.AlreadyClosed)
    assert stored(lesson).headcount == 1
