"""Walk-ins: noted once, struck out, matched to whom they were, and a wrong match put right."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.factories import AT
from tests.races import overlap
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.attendance import AttendanceStatus as S
from trainer.domain.attendance import LessonState, MarkChannel, NewMark
from trainer.domain.enrolment import EnrolmentStatus
from trainer.errors import Conflict, NotFound, Refused
from trainer.models import Attendance, AuditEvent, Enrolment, EnrolmentEvent, Mark, Person, WalkIn
from trainer.queries.walk_in import heads_of_walk_ins
from trainer.services import roll, walk_in, walk_in_match
from trainer.services.roll import LessonCancelled, LessonClosed, LessonNotBegun

pytestmark = pytest.mark.sqlite_is_enough

PHONE = "14000001234"
LATER = AT + timedelta(hours=1)


@pytest.fixture
def by(app):
    return factories.actor(Role.COHORT_STAFF, region=factories.DATONG)


def note(lesson, by, name="冯秀珍", phone=PHONE, nonce="n1") -> WalkIn:
    with transaction():
        return walk_in.note(lesson.id, name, phone, nonce, by=by, at=AT)


def match(made: WalkIn, person_id, by, **more):
    with transaction():
        given = {"seen": version(made), "by": by, "at": AT} | more
        return walk_in_match.match(made.id, person_id, **given)


def take_back(made: WalkIn, by, at=LATER):
    with transaction():
        return walk_in_match.take_match_back(made.id, "认错人了", by=by, at=at)


def count_walk_ins(lesson_id: int) -> int:
    return db.session.scalar(select(heads_of_walk_ins(lesson_id)))


def version(made: WalkIn) -> int:
    return stored(made).version


def stored(made: WalkIn) -> WalkIn:
    db.session.rollback()
    return db.session.get(WalkIn, made.id, populate_existing=True)


def status(lesson, enrolment_id) -> S | None:
    here = Attendance.lesson_id == lesson.id, Attendance.enrolment_id == enrolment_id
    return db.session.scalar(select(Attendance.status).where(*here))


def last_event() -> AuditEvent:
    return db.session.scalar(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1))


def steps(enrolment_id) -> list[EnrolmentStatus]:
    of_hers = select(EnrolmentEvent.status).where(EnrolmentEvent.enrolment_id == enrolment_id)
    return list(db.session.scalars(of_hers.order_by(EnrolmentEvent.id)))


def test_numbers_go_on_after_the_last_seat_and_the_last_walk_in(cohort, lesson, by):
    factories.enrolment(cohort)
    factories.enrolment(cohort)
    assert [note(lesson, by, nonce=f"n{n}").number for n in range(2)] == [3, 4]
    other = factories.lesson(cohort, day=1)
    assert note(other, by, nonce="other").number == 3
    assert count_walk_ins(lesson.id) == 2
    event = last_event()
    assert (event.action, event.details) == ("walk_in.note", {"lesson": other.id, "number": 3})


def test_the_phone_is_kept_as_other_peoples_are(lesson, by):
    made = note(lesson, by)
    assert (made.phone, made.phone_index) == (PHONE, factories.keyring().blind_index("phone", PHONE))
    raw = db.session.connection().exec_driver_sql("SELECT phone FROM walk_ins").scalar()
    assert PHONE not in raw
    assert note(lesson, by, phone=None, nonce="n2").phone_index is None


def test_the_same_tap_twice_notes_her_once(lesson, cohort, by):
    assert note(lesson, by).id == note(lesson, by, name="别人").id
    assert count_walk_ins(lesson.id) == 1
    with pytest.raises(Conflict):
        note(factories.lesson(cohort, day=1), by)


@pytest.mark.parametrize(
    ("day", "state", "refused"),
    [
        (0, LessonState.CLOSED, walk_in.RoomClosed),
        (0, LessonState.CANCELLED, LessonCancelled),
        (3, LessonState.PLANNED, LessonNotBegun),
    ],
)
def test_a_lesson_that_takes_nobody_refuses(cohort, by, day, state, refused):
    with pytest.raises(refused):
        note(factories.lesson(cohort, day=day, state=state), by)
    assert db.session.scalar(select(func.count(WalkIn.id))) == 0


def test_struck_out_she_counts_no_more_and_stays_on_file(lesson, by):
    made = note(lesson, by)
    for _ in range(2):
        with transaction():
            walk_in.strike_out(made.id, by=by, at=AT)
    assert (count_walk_ins(lesson.id), stored(made).struck_out_at) == (0, AT)
    assert last_event().action == "walk_in.strike_out"
    with pytest.raises(walk_in.StruckOut):
        match(made, factories.person().id, by)
    with pytest.raises(NotFound), transaction():
        walk_in.strike_out(999, by=by, at=AT)


def test_a_woman_of_the_roll_is_marked_and_counted_once(cohort, lesson, by):
    woman, made = factories.enrolment(cohort), note(lesson, by)
    assert match(made, woman.person_id, by) == walk_in_match.Matched(enrolled=False, marked=True)
    assert (status(lesson, woman.id), count_walk_ins(lesson.id)) == (S.PRESENT, 0)
    assert db.session.scalar(select(Mark.channel)) is MarkChannel.WALK_IN
    event = last_event()
    facts = {"lesson": lesson.id, "person": woman.person_id, "enrolment": woman.id}
    assert (event.action, event.details) == ("walk_in.match", facts | {"enrolled": False, "new_person": False})
    with pytest.raises(walk_in.AlreadyMatched):
        match(made, woman.person_id, by)
    with pytest.raises(walk_in.AlreadyMatched), transaction():
        walk_in.strike_out(made.id, by=by, at=AT)


def test_a_wrong_match_restored_gives_the_roll_back_what_it_said(cohort, lesson, by):
    wrong, right, made = factories.enrolment(cohort), factories.enrolment(cohort), note(lesson, by)
    with transaction():
        roll.record_marks(lesson.id, [NewMark(wrong.id, S.ABSENT, "roll")], by=by, at=AT)
    match(made, wrong.person_id, by)
    assert status(lesson, wrong.id) is S.PRESENT
    assert take_back(made, by) == walk_in_match.TakenBack(True, False, False)
    assert status(lesson, wrong.id) is S.ABSENT
    assert (count_walk_ins(lesson.id), stored(made).enrolment_id) == (1, None)
    assert last_event().details == {
        "enrolment": wrong.id,
        "unmarked": True,
        "enrolment_ended": False,
        "with_reason": True,
    }
    match(made, right.person_id, by)
    assert (status(lesson, wrong.id), status(lesson, right.id)) == (S.ABSENT, S.PRESENT)
    take_back(made, by)
    assert status(lesson, right.id) is None
    with pytest.raises(walk_in_match.NotMatched):
        take_back(made, by)


def test_what_was_marked_since_the_match_stays(cohort, lesson, by):
    woman, made = factories.enrolment(cohort), note(lesson, by)
    match(made, woman.person_id, by)
    with transaction():
        roll.record_marks(lesson.id, [NewMark(woman.id, S.LATE, "roll")], by=by, at=AT)
    assert take_back(made, by).unmarked is False
    assert status(lesson, woman.id) is S.LATE


def test_whom_the_roll_has_in_the_room_already_gets_no_second_mark(cohort, lesson, by):
    woman, made = factories.enrolment(cohort), note(lesson, by)
    with transaction():
        roll.record_marks(lesson.id, [NewMark(woman.id, S.LATE, "roll")], by=by, at=AT)
    assert match(made, woman.person_id, by).marked is False
    assert (status(lesson, woman.id), count_walk_ins(lesson.id)) == (S.LATE, 0)
    take_back(made, by)
    assert status(lesson, woman.id) is S.LATE


def test_a_lesson_before_she_joined_is_matched_without_a_mark(cohort, lesson, by):
    woman, made = factories.enrolment(cohort, joined_on=date(2026, 3, 10)), note(lesson, by)
    assert match(made, woman.person_id, by) == walk_in_match.Matched(False, False)
    assert count_walk_ins(lesson.id) == 1  # a head in the room that no mark stands for


def test_somebody_of_the_register_joins_on_the_lessons_day(cohort, lesson, by):
    factories.enrolment(cohort)
    person, made = factories.person("冯秀珍"), note(lesson, by)
    assert match(made, person.id, by).enrolled
    joined = db.session.scalar(select(Enrolment).where(Enrolment.person_id == person.id))
    assert (joined.seat_number, joined.status, joined.joined_on) == (2, EnrolmentStatus.ACTIVE, date(2026, 3, 9))
    assert (status(lesson, joined.id), steps(joined.id)) == (S.PRESENT, [EnrolmentStatus.ACTIVE])
    assert take_back(made, by) == walk_in_match.TakenBack(True, True, False)
    assert steps(joined.id) == [EnrolmentStatus.ACTIVE, EnrolmentStatus.WITHDRAWN]
    assert db.session.get(Enrolment, joined.id).status is EnrolmentStatus.WITHDRAWN
    assert db.session.scalar(select(func.count(Mark.id))) == 2
    assert match(made, person.id, by).enrolled  # it was she after all: the same seat again
    assert steps(joined.id)[-1] is EnrolmentStatus.ACTIVE
    assert db.session.scalar(select(func.count(Enrolment.id))) == 2


def test_an_enrolment_that_has_gone_on_stays(cohort, lesson, by):
    person, made = factories.person("冯秀珍"), note(lesson, by)
    match(made, person.id, by)
    joined = db.session.scalar(select(Enrolment.id).where(Enrolment.person_id == person.id))
    other = factories.lesson(cohort, day=1)
    with transaction():
        roll.record_marks(other.id, [NewMark(joined, S.PRESENT, "next day")], by=by, at=LATER)
    assert take_back(made, by, at=LATER + timedelta(hours=1)) == walk_in_match.TakenBack(True, False, True)
    assert (status(lesson, joined), status(other, joined)) == (None, S.PRESENT)
    assert db.session.get(Enrolment, joined).status is EnrolmentStatus.ACTIVE


def test_whoever_was_on_the_waiting_list_is_there_again_after_it(cohort, lesson, by):
    waiting, made = factories.enrolment(cohort, status=EnrolmentStatus.WAITLISTED), note(lesson, by)
    assert match(made, waiting.person_id, by).enrolled
    take_back(made, by)
    assert db.session.get(Enrolment, waiting.id).status is EnrolmentStatus.WAITLISTED


def test_somebody_new_is_made_as_a_roster_makes_her(cohort, lesson, by):
    made = note(lesson, by)
    assert match(made, None, by) == walk_in_match.Matched(True, True)
    person = db.session.scalar(select(Person))
    assert (person.name, person.phone, person.region_code) == ("冯秀珍", PHONE, cohort.region_code)
    assert (person.name_initials, person.phone_index) == ("fxz", stored(made).phone_index)
    assert person.phone_tail_index
    assert last_event().details["new_person"] is True


def test_nobody_is_made_twice(lesson, by):
    made = note(lesson, by)
    factories.person("冯秀珍", phone=PHONE, region=factories.LINFEN)
    with pytest.raises(walk_in_match.WomanKnown):
        match(made, None, by)
    assert db.session.scalar(select(func.count(Person.id))) == 1
    assert match(note(lesson, by, name="冯秀贞", nonce="n2"), None, by).enrolled  # a family's phone


def test_a_closed_lesson_asks_for_a_reason(cohort, lesson, by):
    woman, made = factories.enrolment(cohort), note(lesson, by)
    with transaction():
        stored_lesson = db.session.get(type(lesson), lesson.id)
        stored_lesson.state, stored_lesson.headcount, stored_lesson.closed_at = LessonState.CLOSED, 1, AT
    with pytest.raises(LessonClosed):
        match(made, woman.person_id, by)
    assert match(made, woman.person_id, by, reason="当天在场").marked
    assert db.session.scalar(select(Mark.is_office))


@pytest.mark.parametrize("erased", [True, False])
def test_somebody_erased_or_never_there_is_nobody(lesson, by, erased):
    made = note(lesson, by)
    person_id = factories.person(erased_at=AT).id if erased else 999
    with pytest.raises(NotFound):
        match(made, person_id, by)


def test_what_changed_since_it_was_looked_at_is_refused(cohort, lesson, by):
    woman, made = factories.enrolment(cohort), note(lesson, by)
    with pytest.raises(Conflict):
        match(made, woman.person_id, by, seen=version(made) + 1)


def test_two_who_match_at_once_match_once(app, cohort, lesson, by):
    one, other, made = factories.enrolment(cohort), factories.enrolment(cohort), note(lesson, by)
    seen = version(made)
    acts = [
        lambda who=who: walk_in_match.match(made.id, who.person_id, seen=seen, by=by, at=AT) for who in (one, other)
    ]
    results = overlap(app, *acts)
    assert sum(isinstance(done, walk_in_match.Matched) for done in results) == 1
    assert sum(isinstance(done, Refused) for done in results) == 1
    assert db.session.scalar(select(func.count(Mark.id))) == 1


def test_two_who_note_at_once_get_two_numbers(app, lesson, by):
    results = overlap(
        app, *(lambda n=n: walk_in.note(lesson.id, "甲", None, f"n{n}", by=by, at=AT).number for n in range(2))
    )
    assert sorted(results) == [1, 2]


def test_who_waited_for_a_place_gets_a_seat_and_waits_again(lesson, cohort, by):
    factories.placed(cohort, EnrolmentStatus.ACTIVE)
    her = factories.person("冯秀珍", phone=PHONE)
    enrolment_id = factories.placed(cohort, EnrolmentStatus.WAITLISTED, her)
    made = note(lesson, by)
    match(made, her.id, by)
    now = db.session.get(Enrolment, enrolment_id, populate_existing=True)
    assert (now.status, now.seat_number) == (EnrolmentStatus.ACTIVE, 2)
    take_back(made, by)
    assert db.session.get(Enrolment, enrolment_id, populate_existing=True).status is EnrolmentStatus.WAITLISTED
    causes = select(EnrolmentEvent.cause).where(EnrolmentEvent.enrolment_id == enrolment_id)
    assert db.session.scalars(causes.order_by(EnrolmentEvent.id)).all() == ["staff", "walk_in", "walk_in"]
