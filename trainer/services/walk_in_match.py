"""A walk-in matched to the woman she turned out to be, and a match taken back."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, union_all

from trainer.database import LockKey, db, take_turns
from trainer.domain.actors import Actor
from trainer.domain.attendance import IN_THE_ROOM, AttendanceStatus, MarkChannel, NewMark
from trainer.domain.days import china_day
from trainer.domain.enrolment import ON_THE_ROLL, EnrolmentStatus, StatusCause
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.application import Application
from trainer.models.attendance import Attendance, Mark
from trainer.models.attendance_request import AttendanceRequest
from trainer.models.enrolment import Enrolment, EnrolmentEvent
from trainer.models.lesson import Lesson
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.walk_in import WalkIn
from trainer.queries.person import has_namesake
from trainer.queries.register import KEPT
from trainer.queries.roll_changes import list_said_before
from trainer.services import audit
from trainer.services.outcomes import touch_cohort
from trainer.services.roll import record_marks
from trainer.services.roster_commit import stored_values
from trainer.services.walk_in import AlreadyMatched, StruckOut, hold_walk_in


class WomanKnown(Refused):
    """The register has a woman of this name and phone: a second record of her would part her history in two."""

    code = "walk_in_known"


class NotMatched(Refused):
    code = "walk_in_not_matched"
    status = 409


@dataclass(frozen=True)
class Matched:
    """What a match did: whether it put her on the roll, and whether it marked her."""

    enrolled: bool
    marked: bool


def match(walk_in_id: int, person_id: int | None, *, seen: int, by: Actor, at: datetime, reason: str = "") -> Matched:
    """She is this person (None: somebody new, whom this makes). Whoever is not on the roll is put on it from the
    lesson's day on, and she is marked present, unless the roll has her in the room already or the lesson lies before
    she joined.

    `seen`: the version of the walk-in that was looked at. Raises Conflict, AlreadyMatched, StruckOut, WomanKnown,
    LessonClosed (closed, and no reason given), NotFound.
    """
    take_turns(LockKey.ROSTER)  # seats are given out one after the other
    walk_in = hold_walk_in(walk_in_id)
    _check_open(walk_in, seen)
    lesson = db.session.get(Lesson, walk_in.lesson_id)
    person = _person(walk_in, lesson, at=at) if person_id is None else db.session.get(Person, person_id)
    if person is None or person.erased_at or person.merged_into_id:
        raise NotFound()
    enrolment, enrolled = _on_the_roll(lesson, person.id, by=by, at=at)
    mark_id = _mark(walk_in, lesson, enrolment, by=by, at=at, reason=reason)
    walk_in.enrolment_id, walk_in.mark_id, walk_in.made_enrolment = enrolment.id, mark_id, enrolled
    walk_in.matched_at, walk_in.matched_by = at, by.account_id
    told = {"person": person.id, "enrolment": enrolment.id, "enrolled": enrolled, "new_person": person_id is None}
    audit.record("walk_in.match", "walk_in", walk_in.id, by=by, at=at, lesson=lesson.id, **told)
    return Matched(enrolled, mark_id is not None)


def _check_open(walk_in: WalkIn, seen: int) -> None:
    if walk_in.struck_out_at:
        raise StruckOut()
    if walk_in.enrolment_id:
        raise AlreadyMatched()
    if walk_in.version != seen:
        raise Conflict()


def _person(walk_in: WalkIn, lesson: Lesson, *, at: datetime) -> Person:
    """Somebody new, of the cohort's area, with what was written down of her."""
    if has_namesake(walk_in.name, walk_in.phone):
        raise WomanKnown(name=walk_in.name)
    region = db.session.scalar(select(Cohort.region_code).where(Cohort.id == lesson.cohort_id))
    said = dict.fromkeys(KEPT) | {"name": walk_in.name, "phone": walk_in.phone, "region_code": region}
    person = Person(**stored_values(said), created_at=at, updated_at=at)
    db.session.add(person)
    db.session.flush()
    return person


def _on_the_roll(lesson: Lesson, person_id: int, *, by: Actor, at: datetime) -> tuple[Enrolment, bool]:
    """Her enrolment, and whether this made her one: a new seat, or her old one again."""
    enrolment = db.session.scalar(
        select(Enrolment).where(Enrolment.cohort_id == lesson.cohort_id, Enrolment.person_id == person_id)
    )
    if enrolment is not None and enrolment.status in ON_THE_ROLL:
        return enrolment, False
    day = china_day(lesson.starts_at)
    if enrolment is None:
        enrolment = Enrolment(cohort_id=lesson.cohort_id, person_id=person_id)
    was_on_it = enrolment.seat_number is not None
    if not was_on_it:
        last = db.session.scalar(select(func.max(Enrolment.seat_number)).where(Enrolment.cohort_id == lesson.cohort_id))
        enrolment.seat_number = (last or 0) + 1
    enrolment.status = EnrolmentStatus.ACTIVE
    enrolment.joined_on = min(enrolment.joined_on, day) if was_on_it else day
    db.session.add(enrolment)
    db.session.flush()
    event = {"status": enrolment.status, "at": at, "by": by.account_id, "cause": StatusCause.WALK_IN}
    db.session.add(EnrolmentEvent(enrolment_id=enrolment.id, **event))
    db.session.flush()
    touch_cohort(lesson.cohort_id, at=at)
    return enrolment, True


def _mark(walk_in: WalkIn, lesson: Lesson, enrolment: Enrolment, *, by: Actor, at: datetime, reason: str) -> int | None:
    """The mark that she was there; None where there is nothing to mark."""
    status = db.session.scalar(
        select(Attendance.status).where(Attendance.lesson_id == lesson.id, Attendance.enrolment_id == enrolment.id)
    )
    if status in IN_THE_ROOM or enrolment.joined_on > china_day(lesson.starts_at):
        return None
    new = NewMark(enrolment.id, AttendanceStatus.PRESENT, f"walk-in.{secrets.token_urlsafe(18)}")
    record_marks(lesson.id, [new], by=by, at=at, reason=reason, channel=MarkChannel.WALK_IN)
    return db.session.scalar(select(Mark.id).where(Mark.nonce == new.nonce))


@dataclass(frozen=True)
class TakenBack:
    """What became of a match taken back: whether the mark went, whether the enrolment that it had made ended or stays
    because something else has happened there."""

    unmarked: bool
    enrolment_ended: bool
    enrolment_stays: bool


def take_match_back(walk_in_id: int, reason: str, *, by: Actor, at: datetime) -> TakenBack:
    """She is nobody's again. Her mark goes, unless another one has followed it; the enrolment that the match made
    ends as withdrawn, unless something else has happened in it since. Nothing is deleted.

    Raises NotMatched, NotFound, and what `record_marks` raises.
    """
    take_turns(LockKey.ROSTER)
    walk_in = hold_walk_in(walk_in_id)
    if walk_in.enrolment_id is None:
        raise NotMatched()
    enrolment = db.session.get(Enrolment, walk_in.enrolment_id)
    made = walk_in.made_enrolment
    ends = made and not _built_upon(walk_in, enrolment)
    unmarked = _unmark(walk_in, enrolment, by=by, at=at, reason=reason)
    if ends:
        enrolment.status = _status_before(enrolment.id)
        facts = {"status": enrolment.status, "at": at, "by": by.account_id, "reason": reason}
        facts["cause"] = StatusCause.WALK_IN
        db.session.add(EnrolmentEvent(enrolment_id=enrolment.id, **facts))
        touch_cohort(enrolment.cohort_id, at=at)
    done = {"enrolment": enrolment.id, "unmarked": unmarked, "enrolment_ended": ends}
    walk_in.enrolment_id = walk_in.mark_id = walk_in.matched_at = walk_in.matched_by = None
    walk_in.made_enrolment = False
    audit.record("walk_in.take_match_back", "walk_in", walk_in.id, by=by, at=at, with_reason=True, **done)
    return TakenBack(unmarked, ends, made and not ends)


def _built_upon(walk_in: WalkIn, enrolment: Enrolment) -> bool:
    """Whether anything but the match has happened in the enrolment since."""
    since = walk_in.matched_at
    found = union_all(
        select(Mark.id).where(Mark.enrolment_id == enrolment.id, Mark.at >= since, Mark.id != (walk_in.mark_id or 0)),
        select(EnrolmentEvent.id).where(EnrolmentEvent.enrolment_id == enrolment.id, EnrolmentEvent.at > since),
        select(AttendanceRequest.id).where(
            AttendanceRequest.enrolment_id == enrolment.id, AttendanceRequest.asked_at >= since
        ),
        select(Application.id).where(Application.enrolment_id == enrolment.id),
        select(WalkIn.id).where(WalkIn.enrolment_id == enrolment.id, WalkIn.id != walk_in.id),
    )
    return db.session.execute(found.limit(1)).first() is not None


def _unmark(walk_in: WalkIn, enrolment: Enrolment, *, by: Actor, at: datetime, reason: str) -> bool:
    rules = db.session.scalar(
        select(Attendance.mark_id).where(
            Attendance.lesson_id == walk_in.lesson_id, Attendance.enrolment_id == enrolment.id
        )
    )
    if walk_in.mark_id is None or rules != walk_in.mark_id:
        return False
    before = list_said_before(walk_in.lesson_id, {enrolment.id: walk_in.mark_id}).get(enrolment.id)
    new = NewMark(enrolment.id, before, f"walk-in.{secrets.token_urlsafe(18)}")
    record_marks(walk_in.lesson_id, [new], by=by, at=at, reason=reason, channel=MarkChannel.WALK_IN)
    return True


def _status_before(enrolment_id: int) -> EnrolmentStatus:
    """What the step before the last one said; withdrawn where the match was the first."""
    steps = select(EnrolmentEvent.status).where(EnrolmentEvent.enrolment_id == enrolment_id)
    before = db.session.scalars(steps.order_by(EnrolmentEvent.id.desc()).limit(2)).all()[1:]
    return before[0] if before else EnrolmentStatus.WITHDRAWN
