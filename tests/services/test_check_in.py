"""Checking in by the code on the screen: what becomes of a good, a late, a foreign code, and of guesses."""

from datetime import timedelta

import pytest

from tests import factories
from tests.races import overlap
from trainer import crypto
from trainer.database import db, transaction
from trainer.domain.actors import Actor, Role
from trainer.domain.attendance import AttendanceStatus, LessonState, MarkChannel, NewMark
from trainer.domain.check_in import CheckInOutcome, CheckInRules, HeldCode
from trainer.domain.enrolment import EnrolmentStatus
from trainer.models import Attendance, AttendanceRequest, AuditEvent, Lesson, Mark, Person
from trainer.queries.check_in import code_of, list_typed, read_code
from trainer.services import check_in as service
from trainer.services import closing, roll

pytestmark = pytest.mark.sqlite_is_enough

AT = factories.AT  # 9:00 in China: when the lesson begins
RULES = CheckInRules()
S, OUT = AttendanceStatus, CheckInOutcome
PHONE = Actor(None, "", device="d" * 16)


@pytest.fixture
def lesson(cohort):
    return factories.lesson(cohort, day=1)


@pytest.fixture
def staff(app):
    return factories.actor(Role.COHORT_STAFF, region=factories.DATONG)


def trainee(cohort, **values):
    enrolment, account = factories.trainee(cohort, **values)
    return enrolment, factories.actor_of(account)


def held(lesson, *, shown=AT, since=None) -> HeldCode:
    return HeldCode(lesson.id, RULES.slot_of(since or shown), shown)


def tap(who, *codes, at=AT, **more):
    with transaction():
        return service.by_account(codes, rules=RULES, by=who, at=at, **more)


def sit(seat, digits, *codes, at=AT, where="10.1.1.1", by=PHONE):
    with transaction():
        return service.by_seat(codes, seat, digits, where=where, rules=RULES, by=by, at=at)


def mark(lesson, enrolment, status, by):
    with transaction():
        roll.record_marks(lesson.id, [NewMark(enrolment.id, status, f"{status} {enrolment.id}")], by=by, at=AT)


def attendance(lesson, enrolment):
    db.session.rollback()
    return db.session.get(Attendance, (lesson.id, enrolment.id))


def marks() -> list[Mark]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Mark).order_by(Mark.id)))


def requests() -> list[AttendanceRequest]:
    db.session.rollback()
    return list(db.session.scalars(db.select(AttendanceRequest)))


def test_a_true_code_marks_her_present_once(cohort, lesson):
    enrolment, she = trainee(cohort)
    shown = AT - timedelta(minutes=3)
    first = tap(she, held(lesson, shown=shown))
    again = tap(she, held(lesson, shown=shown), at=AT + timedelta(minutes=2))
    assert first == again == service.CheckedIn(OUT.DONE, lesson.id, enrolment.id, S.PRESENT, shown)
    [made] = marks()
    assert (made.channel, made.said_at, made.at, made.by) == (MarkChannel.SCREEN_CODE, shown, AT, she.account_id)
    assert db.session.scalar(db.select(AuditEvent.action).order_by(AuditEvent.seq.desc()).limit(1)) == "attendance.mark"
    assert db.session.get(Lesson, lesson.id).state is LessonState.OPEN


def test_the_moment_of_the_scan_counts_not_the_end_of_the_sign_in(cohort, lesson):
    _enrolment, she = trainee(cohort)
    in_time = AT + timedelta(minutes=14)
    assert tap(she, held(lesson, shown=in_time), at=AT + timedelta(minutes=40)).status is S.PRESENT


def test_after_a_quarter_of_an_hour_she_is_late(cohort, lesson):
    _enrolment, she = trainee(cohort)
    late = AT + timedelta(minutes=16)
    assert tap(she, held(lesson, shown=late), at=late).status is S.LATE


@pytest.mark.parametrize("status", [S.PRESENT, S.LATE, S.LEFT_EARLY])
def test_whom_staff_saw_in_the_room_is_not_marked_again(cohort, lesson, staff, status):
    enrolment, she = trainee(cohort)
    mark(lesson, enrolment, status, staff)
    assert (result := tap(she, held(lesson))).outcome is OUT.ALREADY
    assert result.status is status
    assert len(marks()) == 1


@pytest.mark.parametrize("status", [S.ABSENT, S.EXCUSED])
def test_what_staff_say_otherwise_stands_until_a_person_decides(cohort, lesson, staff, status):
    enrolment, she = trainee(cohort)
    mark(lesson, enrolment, status, staff)
    assert [tap(she, held(lesson)).outcome for _ in range(2)] == [OUT.ASIDE] * 2
    row = attendance(lesson, enrolment)
    assert row.status is status
    assert row.conflict_mark_id == marks()[-1].id
    assert len(marks()) == 2


def late_code(lesson, **ago):
    at = AT + timedelta(minutes=5)
    return held(lesson, since=at, shown=at + timedelta(**ago)), at + timedelta(**ago)


def test_a_code_sent_late_is_a_claim_of_its_slot(cohort, lesson):
    enrolment, she = trainee(cohort)
    code, at = late_code(lesson, hours=47)
    assert [tap(she, code, at=at).outcome for _ in range(2)] == [OUT.CLAIMED] * 2
    [asked] = requests()
    assert (asked.kind, asked.wished, asked.said_at) == ("claim", S.PRESENT, code.since)
    assert (asked.enrolment_id, asked.state) == (enrolment.id, "open")
    assert marks() == []


def test_a_late_claim_of_a_late_slot_wishes_late(cohort, lesson):
    _enrolment, she = trainee(cohort)
    since = AT + timedelta(minutes=20)
    tap(she, held(lesson, since=since, shown=since + timedelta(hours=2)), at=since + timedelta(hours=2))
    assert requests()[0].wished is S.LATE


def test_after_two_days_it_proves_nothing(cohort, lesson):
    _enrolment, she = trainee(cohort)
    code, at = late_code(lesson, hours=48, minutes=1)
    with pytest.raises(service.CodeTooOld):
        tap(she, code, at=at)
    assert requests() == []


def test_a_good_code_of_a_closed_lesson_is_a_claim(cohort, lesson, staff):
    enrolment, she = trainee(cohort)
    mark(lesson, factories.enrolment(cohort), S.PRESENT, staff)
    with transaction():
        closing.close_lesson(lesson.id, 1, by=staff, at=AT)
    assert tap(she, held(lesson)).outcome is OUT.CLAIMED
    assert requests()[0].enrolment_id == enrolment.id


def test_a_code_of_another_class_says_so(cohort, lesson):
    _enrolment, she = trainee(factories.cohort())
    with pytest.raises(service.NotYourLesson) as refused:
        tap(she, held(lesson))
    assert refused.value.values == {"title": lesson.title, "cohort": cohort.name}


def test_who_left_the_class_is_not_marked(cohort, lesson):
    who = factories.person()
    factories.enrolment(cohort, who, status=EnrolmentStatus.WITHDRAWN)
    with pytest.raises(service.NotYourLesson):
        tap(factories.actor_of(factories.account(Role.TRAINEE, person=who)), held(lesson))


def test_a_cancelled_lesson_takes_no_code(cohort):
    lesson = factories.lesson(cohort, day=1, state=LessonState.CANCELLED)
    with pytest.raises(roll.LessonCancelled):
        tap(trainee(cohort)[1], held(lesson))


def test_a_lesson_that_was_moved_since_is_not_open_yet(cohort, lesson):
    shown = AT - timedelta(minutes=31)
    with pytest.raises(service.CheckInNotOpen) as refused:
        tap(trainee(cohort)[1], held(lesson, shown=shown), at=shown)
    assert refused.value.values == {"day": "2026-03-10", "time": "08:30"}


def test_by_her_seat_without_a_sign_in(cohort, lesson):
    first = factories.enrolment(cohort, factories.person(phone="14000001234"))
    second = factories.enrolment(cohort, factories.person(name="李桂花", phone="14000005678"))
    results = [sit(1, "1234", held(lesson)), sit(2, "５６７８", held(lesson)), sit(1, "1234", held(lesson))]
    assert [result.outcome for result in results] == [OUT.DONE] * 3
    assert [result.enrolment_id for result in results] == [first.id, second.id, first.id]
    made = marks()
    assert [(one.channel, one.by, one.device) for one in made] == [(MarkChannel.SEAT_NUMBER, None, "d" * 16)] * 2


@pytest.mark.parametrize(("seat", "digits"), [(1, "5678"), (2, "1234"), (99, "1234")])
def test_seat_and_digits_must_fit(cohort, lesson, seat, digits):
    factories.enrolment(cohort, factories.person(phone="14000001234"))
    factories.enrolment(cohort, factories.person(name="李桂花", phone="14000005678"))
    assert sit(seat, digits, held(lesson)) is None
    assert marks() == []


def test_guesses_at_one_seat_wait_and_no_other_seat_does(cohort, lesson):
    """A hall shares one address: whoever errs there shuts nobody else out."""
    for tail in ("1234", "5678"):
        factories.enrolment(cohort, factories.person(phone=f"1400000{tail}"))
    assert [sit(1, f"000{n}", held(lesson)) for n in range(service.TRIES)] == [None] * service.TRIES
    with pytest.raises(service.CheckInWaits):
        sit(1, "1234", held(lesson))
    assert sit(2, "5678", held(lesson)).outcome is OUT.DONE
    assert sit(1, "1234", held(lesson), where="10.2.2.2").outcome is OUT.DONE


def test_without_a_code_the_guesser_waits_and_not_his_neighbour(cohort, lesson):
    factories.enrolment(cohort, factories.person(phone="14000001234"))
    assert [sit(1, "1234") for _ in range(service.TRIES)] == [None] * service.TRIES
    with pytest.raises(service.CheckInWaits):
        sit(1, "1234")
    assert sit(1, "1234", held(lesson)).outcome is OUT.DONE  # with a true code she is no guesser


def test_typed_guesses_of_an_account_wait_and_a_scan_does_not(cohort, lesson):
    _enrolment, she = trainee(cohort)
    assert [tap(she, typed=True) for _ in range(service.TRIES)] == [None] * service.TRIES
    with pytest.raises(service.CheckInWaits):
        tap(she, held(lesson), typed=True)
    assert tap(she, held(lesson)).outcome is OUT.DONE


def test_a_code_is_reckoned_and_not_stored(cohort, lesson):
    since = RULES.slot_of(AT)
    code = code_of(lesson.id, since)
    assert code_of(lesson.id, since) == code
    assert read_code(code.text) == code
    other, later = code_of(lesson.id + 1, since), code_of(lesson.id, since + timedelta(seconds=30))
    assert len({code.proof, other.proof, later.proof}) == 3
    forged = [code._replace(lesson_id=lesson.id + 1), code._replace(since=later.since), code._replace(proof="a" * 16)]
    assert [read_code(one.text) for one in forged] == [None] * 3


def test_the_typed_digits_mean_a_lesson_that_goes_on(cohort, lesson):
    crypto.configure(
        crypto.Keyring({"k1": b"x" * 32}, b"y" * 32)
    )  # with these keys no two of the codes here sound alike
    _enrolment, she = trainee(cohort)
    other = factories.lesson(factories.cohort(), day=1)
    digits = [code_of(lesson.id, slot).digits for slot in RULES.good_slots(AT)]
    assert [list_typed(d, RULES, at=AT)[0].lesson_id for d in digits] == [lesson.id] * 3
    assert [code.since for d in digits for code in list_typed(d, RULES, at=AT)] == list(RULES.good_slots(AT))
    old = code_of(lesson.id, RULES.slot_of(AT) - timedelta(seconds=90)).digits
    assert list_typed(old, RULES, at=AT) == []
    foreign = code_of(other.id, RULES.slot_of(AT)).digits
    assert list_typed(foreign, RULES, at=AT, person_id=she.person_id) == []
    tomorrow = AT + timedelta(days=1)
    assert list_typed(code_of(lesson.id, RULES.slot_of(tomorrow)).digits, RULES, at=tomorrow) == []


def test_two_lessons_with_the_same_digits_are_asked_about(cohort, lesson):
    _enrolment, she = trainee(cohort, phone="14000001234")
    other = factories.cohort()
    factories.enrolment(other, db.session.get(Person, she.person_id))
    twin = factories.lesson(other, day=1)
    both = (held(lesson), held(twin))
    for act in (lambda: tap(she, *both, typed=True), lambda: sit(1, "1234", *both)):
        with pytest.raises(service.WhichLesson) as refused:
            act()
        assert refused.value.held == list(both)
    # Whoever is in one of them is not asked.
    _enrolment, neighbour = trainee(other, phone="14000005678")
    assert tap(neighbour, *both, typed=True).lesson_id == twin.id
    assert sit(2, "5678", *both).lesson_id == twin.id


def test_two_taps_at_once_make_one_mark(app, cohort, lesson):
    _enrolment, she = trainee(cohort)

    def act():
        return service.by_account([held(lesson)], rules=RULES, by=she, at=AT)

    assert [result.outcome for result in overlap(app, act, act)] == [OUT.DONE] * 2
    assert len(marks()) == 1
