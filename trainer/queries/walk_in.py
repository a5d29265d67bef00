"""Walk-ins: of a lesson, of a cohort those nobody has matched, and whom one of them could be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, false, func, or_, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.attendance import IN_THE_ROOM, AttendanceStatus
from trainer.domain.enrolment import ON_THE_ROLL, EnrolmentStatus
from trainer.domain.people import mask_phone
from trainer.domain.walk_in import Likeness, Told, likeness
from trainer.models.account import Account
from trainer.models.attendance import Attendance
from trainer.models.enrolment import Enrolment
from trainer.models.lesson import Lesson
from trainer.models.person import Person
from trainer.models.walk_in import WalkIn
from trainer.permissions import Permission
from trainer.pinyin import name_pinyin
from trainer.queries.person import is_here, matches_text, visible_people
from trainer.queries.roll import LessonHead

MOST_CANDIDATES = 20


@dataclass(frozen=True)
class WalkInRow:
    """One of them as lists show her; the phone masked, `matched` the woman she turned out to be."""

    id: int
    number: int
    name: str
    phone: str
    phone_end: str
    at: datetime
    by: str | None
    struck_out: bool
    lesson_id: int
    lesson: str
    starts_at: datetime
    matched: str | None
    seat: int | None
    matched_at: datetime | None
    matched_by: str | None
    version: int

    @property
    def is_open(self) -> bool:
        return not self.struck_out and self.seat is None


def is_open() -> ColumnElement[bool]:
    """Nobody has said yet who she is."""
    return and_(WalkIn.struck_out_at.is_(None), WalkIn.enrolment_id.is_(None))


def heads_of_walk_ins(lesson_id: int) -> ScalarSelect[int]:
    """Heads in the room that no mark of this lesson stands for, as a column of another statement."""
    here = and_(
        Attendance.lesson_id == WalkIn.lesson_id,
        Attendance.enrolment_id == WalkIn.enrolment_id,
        Attendance.status.in_(IN_THE_ROOM),
    )
    return (
        select(func.count(WalkIn.id))
        .outerjoin(Attendance, here)
        .where(WalkIn.lesson_id == lesson_id, WalkIn.struck_out_at.is_(None), Attendance.mark_id.is_(None))
        .scalar_subquery()
    )


def _rows(*which: ColumnElement[bool]) -> list[WalkInRow]:
    matcher = aliased(Account)
    found = db.session.execute(
        select(
            *(WalkIn.id, WalkIn.number, WalkIn.name, WalkIn.phone, WalkIn.at, Account.name, WalkIn.struck_out_at),
            *(Lesson.id, Lesson.title, Lesson.starts_at, Person.name, Enrolment.seat_number, WalkIn.matched_at),
            *(matcher.name, WalkIn.version),
        )
        .join(Lesson, Lesson.id == WalkIn.lesson_id)
        .outerjoin(Account, Account.id == WalkIn.by)
        .outerjoin(matcher, matcher.id == WalkIn.matched_by)
        .outerjoin(Enrolment, Enrolment.id == WalkIn.enrolment_id)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .where(*which)
        .order_by(WalkIn.id.desc())
    )
    return [
        WalkInRow(id_, number, name, mask_phone(phone), (phone or "")[-4:], at, by, struck_out is not None, *rest)
        for id_, number, name, phone, at, by, struck_out, *rest in found
    ]


def list_walk_ins(lesson_id: int) -> list[WalkInRow]:
    """Those of a lesson, the latest first, struck out ones too."""
    return _rows(WalkIn.lesson_id == lesson_id)


def list_of_cohort(cohort_id: int) -> list[WalkInRow]:
    """Those of a cohort's lessons, without the struck out ones."""
    return _rows(Lesson.cohort_id == cohort_id, WalkIn.struck_out_at.is_(None))


def get_walk_in(walk_in_id: int) -> WalkInRow | None:
    return next(iter(_rows(WalkIn.id == walk_in_id)), None)


@dataclass(frozen=True)
class Candidate:
    """Somebody she could be: of the roll where she has a seat there, else of the register; the phone masked."""

    person_id: int
    name: str
    village: str | None
    phone: str
    enrolment_id: int | None
    seat: int | None
    enrolment_status: EnrolmentStatus | None
    status: AttendanceStatus | None
    likeness: Likeness | None

    @property
    def on_the_roll(self) -> bool:
        return self.enrolment_status in ON_THE_ROLL


def list_candidates(actor: Actor, lesson: LessonHead, walk_in_id: int, *, text: str = "") -> list[Candidate]:
    """Whom she could be: the same phone, name or sound, on this roll and in the register; or whom `text` finds.

    The register as far as `actor` reaches it; where name and phone are both the same, all of it: it is one woman.
    """
    who = _told(walk_in_id)
    wanted = _meant(text) if text else _alike(who)
    found = [_candidate(who, row) for row in db.session.execute(_people(actor, lesson, who).where(wanted))]
    return sorted(found, key=lambda c: (not c.on_the_roll, c.likeness.weight if c.likeness else len(Likeness)))


def get_candidate(actor: Actor, lesson: LessonHead, walk_in_id: int, person_id: int) -> Candidate | None:
    """One of those she may be matched to, whether like her or not."""
    who = _told(walk_in_id)
    row = db.session.execute(_people(actor, lesson, who).where(Person.id == person_id)).one_or_none()
    return _candidate(who, row) if row else None


def _told(walk_in_id: int) -> Told:
    name, phone_index = db.session.execute(select(WalkIn.name, WalkIn.phone_index).where(WalkIn.id == walk_in_id)).one()
    return Told(name, name_pinyin(name), phone_index)


def _people(actor: Actor, lesson: LessonHead, who: Told):
    same = and_(Person.name == who.name, Person.phone_index == who.phone_index) if who.phone_index else false()
    reach = or_(Enrolment.id.is_not(None), visible_people(actor, Permission.MANAGE_PEOPLE), same)
    return (
        select(
            *(Person.id, Person.name, Person.village, Person.phone, Enrolment.id, Enrolment.seat_number),
            *(Enrolment.status, Attendance.status, Person.name_pinyin, Person.phone_index),
        )
        .outerjoin(Enrolment, and_(Enrolment.person_id == Person.id, Enrolment.cohort_id == lesson.cohort_id))
        .outerjoin(Attendance, and_(Attendance.enrolment_id == Enrolment.id, Attendance.lesson_id == lesson.id))
        .where(reach, is_here())
        .order_by(case((Enrolment.id.is_not(None), 0), else_=1), Person.name_pinyin, Person.id)
        .limit(MOST_CANDIDATES)
    )


def _alike(who: Told) -> ColumnElement[bool]:
    phone = Person.phone_index == who.phone_index if who.phone_index else false()
    return or_(phone, Person.name == who.name, Person.name_pinyin == who.sound)


def _meant(text: str) -> ColumnElement[bool]:
    """A short number is a seat, four digits the end of a phone; else as the list of people is searched."""
    if text.isdecimal() and len(text) < 4:
        return Enrolment.seat_number == int(text)
    return matches_text(text)


def _candidate(who: Told, row: Sequence) -> Candidate:
    person_id, name, village, phone, enrolment_id, seat, status, attended, sound, phone_index = row
    like = likeness(who, Told(name, sound, phone_index))
    return Candidate(person_id, name, village, mask_phone(phone), enrolment_id, seat, status, attended, like)
