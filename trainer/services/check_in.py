"""Signing in to a lesson by the code on its screen: by her account, or by her seat and the end of her phone number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trainer.database import LockKey, take_turns
from trainer.domain.actors import Actor
from trainer.domain.attendance import ATTENDED, AttendanceStatus, LessonState, MarkChannel, NewMark
from trainer.domain.attendance_request import AttendanceRequestKind, AttendanceRequestState
from trainer.domain.check_in import CheckInOutcome, CheckInRules, HeldCode, Worth
from trainer.domain.days import CHINA
from trainer.domain.timetable import ARRIVING
from trainer.errors import Refused
from trainer.models.lesson import Lesson
from trainer.queries.check_in import Place, get_place, get_shown_lesson
from trainer.services import throttle
from trainer.services.attendance_request import ask
from trainer.services.confirmation import ending, proves
from trainer.services.roll import LessonCancelled, hold_lesson, record_marks
from trainer.services.throttle import note_wrong

TRIES = 5
BY_CODE = frozenset({MarkChannel.SCREEN_CODE, MarkChannel.SEAT_NUMBER, MarkChannel.CLAIM})


class CodeUnreadable(Refused):
    """Cut off, altered, or not of this site."""

    code = "check_in_unreadable"


class CodeTooOld(Refused):
    code = "check_in_too_old"


class NotYourLesson(Refused):
    """A true code, of a class that she does not belong to."""

    code = "check_in_not_yours"


class WrongScreenDigits(Refused):
    code = "check_in_wrong_digits"


class WrongSeat(Refused):
    """Seat and last digits do not belong together; typed with the screen's digits, those may be wrong as well."""

    code = "check_in_wrong_seat"


class WrongTyped(Refused):
    code = "check_in_wrong_typed"


class CheckInWaits(Refused):
    """So many wrong tries that a right one waits."""

    code = "check_in_waits"
    status = 429


class ClaimAnswered(Refused):
    """Staff have decided on what this code proves: nothing waits any more."""

    code = "check_in_answered"
    status = 409


class CheckInNotOpen(Refused):
    """The lesson was moved since the code was shown."""

    code = "check_in_not_open"


class WhichLesson(Refused):
    """Two lessons of hers go on at once, and both show these digits."""

    code = "check_in_which_lesson"

    def __init__(self, held: Sequence[HeldCode]) -> None:
        super().__init__()
        self.held = held


@dataclass(frozen=True)
class CheckedIn:
    """What came of it: what stands on the roll now, and of which moment."""

    outcome: CheckInOutcome
    lesson_id: int
    enrolment_id: int
    status: AttendanceStatus
    moment: datetime


def by_account(
    held: Sequence[HeldCode], *, typed: bool = False, rules: CheckInRules, by: Actor, at: datetime
) -> CheckedIn | None:
    """The woman who is signed in; `held`: the code she showed, or those that the digits she `typed` may be.

    None for digits that are no code: counted, which must outlive the refusal, so the caller commits, then refuses.
    Raises CheckInWaits after five of them, NotYourLesson, WhichLesson, and what `_check_in` raises.
    """
    tried = throttle.subject("check in", by.account_id)
    if typed:
        _refuse_when_shut(tried, at=at)
    if not held:
        note_wrong(tried, at=at)
        return None
    places = [(code, place) for code in held if (place := get_place(code.lesson_id, person_id=by.person_id))]
    if not places:
        lesson = get_shown_lesson(held[0].lesson_id)
        raise NotYourLesson(title=lesson.title, cohort=lesson.cohort_name)
    return _check_in(places, MarkChannel.SCREEN_CODE, rules=rules, by=by, at=at)


def by_seat(
    held: Sequence[HeldCode], seat: int, digits: str, *, where: str, rules: CheckInRules, by: Actor, at: datetime
) -> CheckedIn | None:
    """A woman without a sign-in: her seat number, and the last digits of her phone number.

    None where they do not fit together, or there is no code: counted, so the caller commits, then refuses. Five wrong
    tries at one seat of a lesson from one place (`where`) wait, whichever phone of that place; a hall is never shut.
    With no code it is the seat with its digits that waits: who guesses the screen's digits guesses them for herself.
    Raises CheckInWaits, WhichLesson, and what `_check_in` raises.
    """
    what = [code.lesson_id for code in held] or [ending(digits)]
    tried = throttle.subject("check in", where, seat, *what)
    _refuse_when_shut(tried, at=at)
    places = [(code, place) for code in held if (place := get_place(code.lesson_id, seat=seat))]
    places = [(code, place) for code, place in places if proves(place.person, digits)]
    if not places:
        note_wrong(tried, at=at)
        return None
    throttle.forget(tried)
    return _check_in(places, MarkChannel.SEAT_NUMBER, rules=rules, by=by, at=at)


def _refuse_when_shut(tried: str, *, at: datetime) -> None:
    take_turns(LockKey.CHECK_IN)  # guesses come one by one
    if throttle.is_shut(tried, TRIES, at=at):
        raise CheckInWaits()


def _check_in(
    places: Sequence[tuple[HeldCode, Place]], channel: MarkChannel, *, rules: CheckInRules, by: Actor, at: datetime
) -> CheckedIn:
    """One code for one woman. Raises WhichLesson, LessonCancelled, CodeTooOld, CheckInNotOpen, JoinedLater."""
    if len(places) > 1:
        raise WhichLesson([code for code, _place in places])
    [(held, place)] = places
    lesson = hold_lesson(held.lesson_id)
    if lesson.state is LessonState.CANCELLED:
        raise LessonCancelled()
    place = get_place(lesson.id, person_id=place.person.id)  # as it is now that nobody else marks this lesson
    if place.status in ATTENDED:
        outcome = CheckInOutcome.DONE if place.channel in BY_CODE else CheckInOutcome.ALREADY
        return CheckedIn(outcome, lesson.id, place.enrolment_id, place.status, place.moment)
    worth = held.worth(rules, at)
    if worth is Worth.NOTHING:
        raise CodeTooOld()
    if held.shown < lesson.starts_at - ARRIVING:
        opens = (lesson.starts_at - ARRIVING).astimezone(CHINA)
        raise CheckInNotOpen(day=f"{opens:%Y-%m-%d}", time=f"{opens:%H:%M}")
    if worth is Worth.CLAIM or lesson.state is LessonState.CLOSED:
        return _claim(held, place.enrolment_id, lesson, rules=rules, by=by, at=at)
    return _mark(held, place.enrolment_id, lesson, channel, rules=rules, by=by, at=at)


def _mark(
    held: HeldCode,
    enrolment_id: int,
    lesson: Lesson,
    channel: MarkChannel,
    *,
    rules: CheckInRules,
    by: Actor,
    at: datetime,
) -> CheckedIn:
    """A mark of the moment at which the code was shown; one that contradicts the staff's is kept aside (`seen` 0)."""
    status = rules.status(lesson.starts_at, held.shown)
    nonce = f"code {lesson.id} {enrolment_id} {int(held.since.timestamp())}"
    mark = NewMark(enrolment_id, status, nonce, seen=0, said_at=held.shown)
    now = record_marks(lesson.id, [mark], by=by, at=at, channel=channel).statuses[enrolment_id]
    outcome = CheckInOutcome.DONE if now in ATTENDED else CheckInOutcome.ASIDE
    return CheckedIn(outcome, lesson.id, enrolment_id, status, held.shown)


def _claim(
    held: HeldCode, enrolment_id: int, lesson: Lesson, *, rules: CheckInRules, by: Actor, at: datetime
) -> CheckedIn:
    """It came late, or the roll is closed: what the code proves goes to the staff. Raises ClaimAnswered."""
    status = rules.status(lesson.starts_at, held.since)
    asked = ask(
        AttendanceRequestKind.CLAIM,
        *(lesson.id, enrolment_id),
        wished=status,
        said_at=held.since,
        nonce=f"code claim {lesson.id} {enrolment_id} {int(held.since.timestamp())}",
        by=by,
        at=at,
    )
    if asked.state is not AttendanceRequestState.OPEN:
        raise ClaimAnswered(state=asked.state)
    return CheckedIn(CheckInOutcome.CLAIMED, lesson.id, enrolment_id, status, held.since)
