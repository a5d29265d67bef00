"""Requests about attendance: who may ask what until when, what granting does, and two who decide at once."""

from datetime import timedelta

import pytest

from tests import factories
from tests.races import overlap
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.attendance import AttendanceStatus, LessonState, MarkChannel, NewMark
from trainer.domain.attendance_request import AttendanceRequestKind, AttendanceRequestState
from trainer.domain.enrolment import EnrolmentStatus
from trainer.errors import Conflict, NotFound
from trainer.models import Attendance, AttendanceRequest, AuditEvent, Delivery, Mark, Person
from trainer.services import attendance_request as service
from trainer.services import roll

pytestmark = [pytest.mark.postgresql, pytest.mark.sqlite_is_enough]

S, KIND, STATE = AttendanceStatus, AttendanceRequestKind, AttendanceRequestState
HOUR = timedelta(hours=1)


@pytest.fixture
def place(cohort):
    return factories.enrolment(cohort)


@pytest.fixture
def her(place):
    return factories.actor_of(factories.account(Role.TRAINEE, person=db.session.get(Person, place.person_id)))


@pytest.fixture
def staff(app):
    return factories.actor(Role.COHORT_STAFF, region=factories.DATONG)


def ask(kind, lesson, place, by, at, wished=S.PRESENT, nonce="n1", **more) -> int:
    with transaction():
        return service.ask(kind, lesson.id, place.id, wished=wished, nonce=nonce, by=by, at=at, **more).id


def grant(request_id, by, at, **more):
    with transaction():
        service.grant(request_id, by=by, at=at, **more)


def stored(request_id) -> AttendanceRequest:
    db.session.expire_all()
    db.session.rollback()
    return db.session.get(AttendanceRequest, request_id)


def said(lesson, place) -> Attendance | None:
    db.session.expire_all()
    db.session.rollback()
    return db.session.get(Attendance, (lesson.id, place.id))


@pytest.mark.parametrize(
    ("kind", "after_begin", "refusal"),
    [
        (KIND.LEAVE, -HOUR, None),
        (KIND.LEAVE, timedelta(0), service.LeaveTooLate),
        (KIND.WRONG, -HOUR, service.AskedTooEarly),
        (KIND.WRONG, HOUR, None),
        (KIND.WRONG, timedelta(days=31), service.AskedTooLate),
        (KIND.CLAIM, timedelta(hours=50), None),
        (KIND.CLAIM, timedelta(hours=52), service.AskedTooLate),
        (KIND.LATE_MARK, timedelta(days=90), None),
    ],
)
def test_each_kind_has_its_time(lesson, place, her, kind, after_begin, refusal):
    at = lesson.starts_at + after_begin
    if refusal:
        with pytest.raises(refusal):
            ask(kind, lesson, place, her, at)
    else:
        assert stored(ask(kind, lesson, place, her, at)).state is STATE.OPEN


@pytest.mark.parametrize("status", [EnrolmentStatus.WITHDRAWN, EnrolmentStatus.APPLIED])
def test_who_is_not_on_the_roll_asks_nothing(cohort, lesson, her, status):
    with pytest.raises(NotFound):
        ask(KIND.LEAVE, lesson, factories.enrolment(cohort, status=status), her, lesson.starts_at - HOUR)


def test_a_woman_of_another_cohort_asks_nothing(lesson, her):
    with pytest.raises(NotFound):
        ask(KIND.LEAVE, lesson, factories.enrolment(factories.cohort("OTHER")), her, lesson.starts_at - HOUR)


def test_a_cancelled_lesson_is_nothing_to_ask_about(cohort, place, her):
    lesson = factories.lesson(cohort, state=LessonState.CANCELLED)
    with pytest.raises(service.LessonFallsOut):
        ask(KIND.LEAVE, lesson, place, her, lesson.starts_at - HOUR)


def test_the_same_again_is_one_and_a_second_leave_is_refused(lesson, place, her, staff):
    at = lesson.starts_at - HOUR
    first = ask(KIND.LEAVE, lesson, place, her, at)
    assert ask(KIND.LEAVE, lesson, place, her, at) == first
    with pytest.raises(service.AskedAlready):
        ask(KIND.LEAVE, lesson, place, her, at, nonce="n2")
    grant(first, staff, at)
    with pytest.raises(service.AskedAlready):
        ask(KIND.LEAVE, lesson, place, her, at, nonce="n3")
    with pytest.raises(Conflict):
        ask(KIND.WRONG, lesson, place, her, at + 2 * HOUR)


def test_a_second_claim_while_the_first_waits_is_the_first(lesson, place, her):
    at = lesson.starts_at + HOUR
    assert ask(KIND.CLAIM, lesson, place, her, at) == ask(KIND.CLAIM, lesson, place, her, at, nonce="n2")


def test_a_granted_leave_marks_nothing_before_the_closing(lesson, place, her, staff):
    asked = ask(KIND.LEAVE, lesson, place, her, lesson.starts_at - HOUR, wished=S.EXCUSED, words="孩子发烧")
    grant(asked, staff, lesson.starts_at - HOUR)
    assert (stored(asked).state, said(lesson, place)) == (STATE.GRANTED, None)
    [told] = db.session.scalars(db.select(Delivery).where(Delivery.person_id == place.person_id)).all()
    assert told.message_id
    event = db.session.scalars(db.select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert event.action == "attendance_request.grant"
    assert "孩子发烧" not in str(event.details)


def test_a_leave_may_be_thought_over_until_the_lesson_begins(lesson, place, her, staff):
    asked = ask(KIND.LEAVE, lesson, place, her, lesson.starts_at - HOUR, wished=S.EXCUSED)
    grant(asked, staff, lesson.starts_at - HOUR)
    with transaction():
        service.refuse(asked, "检查组来，请您到场", by=staff, at=lesson.starts_at - HOUR / 2)
    assert stored(asked).state is STATE.REFUSED
    grant(asked, staff, lesson.starts_at - HOUR / 3)
    with transaction():
        service.take_back(asked, by=her, at=lesson.starts_at - HOUR / 4)
    assert stored(asked).state is STATE.TAKEN_BACK
    with pytest.raises(service.RequestDecided):
        grant(asked, staff, lesson.starts_at - HOUR / 5)


def test_a_granted_claim_is_a_mark_by_that_channel_with_its_moment(lesson, place, her, staff):
    moment = lesson.starts_at + timedelta(minutes=3)
    asked = ask(KIND.CLAIM, lesson, place, her, lesson.starts_at + HOUR, said_at=moment)
    grant(asked, staff, lesson.starts_at + 2 * HOUR)
    mark = db.session.get(Mark, said(lesson, place).mark_id)
    assert (mark.status, mark.channel, mark.said_at, mark.by) == (
        *(S.PRESENT, MarkChannel.CLAIM),
        *(moment, staff.account_id),
    )
    assert said(lesson, place).status is S.PRESENT


def test_staff_may_count_something_else_than_she_asked_for(lesson, place, her, staff):
    asked = ask(KIND.WRONG, lesson, place, her, lesson.starts_at + HOUR)
    grant(asked, staff, lesson.starts_at + 2 * HOUR, status=S.LATE)
    assert said(lesson, place).status is S.LATE


def test_on_a_closed_roll_the_answer_is_the_reason_and_both_values_stay(lesson, place, her, staff):
    from_roll = [NewMark(place.id, S.ABSENT, "roll")]
    with transaction():
        roll.record_marks(lesson.id, from_roll, by=staff, at=factories.AT)
        held = roll.hold_lesson(lesson.id)
        held.state, held.headcount, held.closed_at = LessonState.CLOSED, 0, factories.AT
    asked = ask(KIND.WRONG, lesson, place, her, lesson.ends_at + HOUR)
    with pytest.raises(service.AnswerMissing):
        grant(asked, staff, lesson.ends_at + HOUR)
    grant(asked, staff, lesson.ends_at + HOUR, answer="签到表上有签名")
    kept = said(lesson, place)
    assert (kept.status, kept.marker_status, kept.office_status) == (S.PRESENT, S.ABSENT, S.PRESENT)
    assert db.session.get(Mark, kept.mark_id).reason == "签到表上有签名"


def test_a_refusal_needs_words_and_ends_it(lesson, place, her, staff):
    asked = ask(KIND.WRONG, lesson, place, her, lesson.starts_at + HOUR)
    at = lesson.starts_at + 2 * HOUR
    with pytest.raises(service.AnswerMissing), transaction():
        service.refuse(asked, "", by=staff, at=at)
    with transaction():
        service.refuse(asked, "照片里没有您", by=staff, at=at)
    for again in (lambda: grant(asked, staff, at), lambda: service.take_back(asked, by=her, at=at)):
        with pytest.raises(service.RequestDecided), transaction():
            again()
    assert said(lesson, place) is None


def test_several_are_granted_with_one_answer_and_what_is_decided_is_passed_over(cohort, lesson, her, staff):
    at = lesson.starts_at + HOUR
    ids = [ask(KIND.CLAIM, lesson, factories.enrolment(cohort), her, at, nonce=f"c{n}") for n in range(3)]
    grant(ids[0], staff, at)
    with transaction():
        assert service.grant_all(ids, "", by=staff, at=at) == 2
    assert {stored(id_).state for id_ in ids} == {STATE.GRANTED}


def test_of_two_who_decide_at_once_one_does(app, lesson, place, her, staff):
    asked, at = ask(KIND.CLAIM, lesson, place, her, lesson.starts_at + HOUR), lesson.starts_at + 2 * HOUR
    results = overlap(
        app,
        lambda: service.grant(asked, by=staff, at=at),
        lambda: service.refuse(asked, "没看到您", by=staff, at=at),
    )
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "RequestDecided"]
    assert (stored(asked).state is STATE.GRANTED) is (said(lesson, place) is not None)
