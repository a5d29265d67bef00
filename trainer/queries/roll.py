"""The roll of a lesson, the history of a mark, and the rolls to take."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from sqlalchemy import (
    Integer,
    Text,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    type_coerce,
)

from trainer.crypto import keyring
from trainer.database import db
from trainer.domain.actors import Actor, Scope
from trainer.domain.attendance import (
    ATTENDED,
    EVIDENCE,
    IN_THE_ROOM,
    UNFINISHED,
    AttendanceStatus,
    Evidence,
    LessonKind,
    LessonState,
    MarkChannel,
)
from trainer.domain.days import china_day, day_begins
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.models.account import Account
from trainer.models.attendance import Attendance, Mark
from trainer.models.attendance_request import AttendanceRequest
from trainer.models.enrolment import Enrolment
from trainer.models.lesson import Lesson
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.types import UTCDateTime
from trainer.permissions import Permission
from trainer.queries.attendance_request import leave_granted_for
from trainer.queries.lesson import lessons_within_reach
from trainer.queries.scoping import Page, fetch_page

_HEAD = (
    Lesson.id,
    Lesson.title,
    Lesson.kind,
    Lesson.starts_at,
    Lesson.ends_at,
    Lesson.place,
    Lesson.state,
    Lesson.headcount,
    Lesson.closed_at,
    Account.name,
    Lesson.instructor_id,
    Cohort.id,
    Cohort.name,
    Cohort.region_code,
)


_IN_TIME = (Lesson.starts_at, Lesson.id)


@dataclass(frozen=True)
class LessonHead:
    """A lesson as the head of a page shows it."""

    id: int
    title: str
    kind: LessonKind
    starts_at: datetime
    ends_at: datetime
    place: str
    state: LessonState
    headcount: int | None
    closed_at: datetime | None
    closed_by: str | None
    instructor_id: int | None
    cohort_id: int
    cohort_name: str
    region_code: str

    @property
    def scope(self) -> Scope:
        return Scope.of_lesson(self.region_code, self.cohort_id, self.instructor_id)

    @property
    def day(self) -> date:
        return china_day(self.starts_at)


@dataclass(frozen=True)
class RollRow:
    """One woman on the roll; `applicable` False: the lesson was before she joined.

    `on_leave`: a leave was granted for this time. `in_conflict`: two people said different things about her.
    """

    enrolment_id: int
    seat: int
    name: str
    initials: str
    phone_sealed: str | None
    status: AttendanceStatus | None
    applicable: bool
    on_leave: bool
    in_conflict: bool
    marked_by: int | None
    marker: str | None

    @property
    def phone_end(self) -> str:
        """Her last four digits; only opened where somebody looks at them."""
        return keyring().decrypt(self.phone_sealed)[-4:] if self.phone_sealed else ""


@dataclass(frozen=True)
class WomanAtLesson(RollRow):
    """One woman with what the roll said, and what the office said after the closing."""

    marker_status: AttendanceStatus | None
    office_status: AttendanceStatus | None


@dataclass(frozen=True)
class Tally:
    """How the women of a roll stand."""

    attended: int
    excused: int
    absent: int
    unmarked: int
    in_the_room: int

    @property
    def marked(self) -> int:
        return self.attended + self.excused + self.absent


@dataclass(frozen=True)
class Roll:
    """A lesson with everybody on its roll, by seat."""

    lesson: LessonHead
    rows: Sequence[RollRow]
    # The newest mark of the lesson: what comes after it, whoever has this page had not seen.
    seen: int = 0

    @cached_property
    def namesakes(self) -> frozenset[str]:
        """Names that more than one woman bears: they are told by the end of their phone numbers."""
        return frozenset(name for name, count in Counter(row.name for row in self.rows).items() if count > 1)

    @cached_property
    def tally(self) -> Tally:
        return tally_of([row.status for row in self.applicable])

    @property
    def applicable(self) -> list[RollRow]:
        return [row for row in self.rows if row.applicable]

    @property
    def unmarked(self) -> list[RollRow]:
        return [row for row in self.applicable if row.status is None]

    def find(self, enrolment_id: int) -> RollRow | None:
        return next((row for row in self.rows if row.enrolment_id == enrolment_id), None)


def tally_of(statuses: Sequence[AttendanceStatus | None]) -> Tally:
    return Tally(
        attended=sum(1 for s in statuses if s in ATTENDED),
        excused=statuses.count(AttendanceStatus.EXCUSED),
        absent=statuses.count(AttendanceStatus.ABSENT),
        unmarked=statuses.count(None),
        in_the_room=sum(1 for s in statuses if s in IN_THE_ROOM),
    )


# Asked for at every look at a roll, every few seconds by each who takes one: made once, over the tables.
ENROLMENT, PERSON, ATTENDANCE = Enrolment.__table__.c, Person.__table__.c, Attendance.__table__.c
MARK, ACCOUNT, REQUEST = Mark.__table__.c, Account.__table__.c, AttendanceRequest.__table__.c
_ANY_MARK = Mark.__table__.alias().c
LESSON = bindparam("lesson", type_=Integer)
_ONE_HEAD = (
    select(*(column.property.columns[0] for column in _HEAD))
    .select_from(Lesson.__table__)
    .join(Cohort.__table__, Cohort.__table__.c.id == Lesson.__table__.c.cohort_id)
    .outerjoin(Account.__table__, ACCOUNT.id == Lesson.__table__.c.closed_by)
    .where(Lesson.__table__.c.id == LESSON)
)


def get_lesson_head(lesson_id: int) -> LessonHead | None:
    row = db.session.execute(_ONE_HEAD, {"lesson": lesson_id}).one_or_none()
    return LessonHead(*row) if row else None


_ON_LEAVE = exists().where(
    REQUEST.lesson_id == LESSON,
    REQUEST.enrolment_id == ENROLMENT.id,
    leave_granted_for(bindparam("starts_at", type_=UTCDateTime)),
)
ON_THIS_ROLL = (ENROLMENT.cohort_id == bindparam("cohort")) & ENROLMENT.status.in_(ON_THE_ROLL)
AT_THIS_LESSON = (ATTENDANCE.enrolment_id == ENROLMENT.id) & (ATTENDANCE.lesson_id == LESSON)
_ROLL = (
    select(  # in the order of a RollRow
        *(ENROLMENT.id, ENROLMENT.seat_number, PERSON.name, PERSON.name_initials, type_coerce(PERSON.phone, Text)),
        *(ATTENDANCE.status, ENROLMENT.joined_on <= bindparam("day")),
        *(_ON_LEAVE, ATTENDANCE.conflict_mark_id.is_not(None), MARK.by, ACCOUNT.name.label("marker")),
        select(func.max(_ANY_MARK.id)).where(_ANY_MARK.lesson_id == LESSON).scalar_subquery(),
    )
    .select_from(Enrolment.__table__)
    .join(Person.__table__, PERSON.id == ENROLMENT.person_id)
    .outerjoin(Attendance.__table__, AT_THIS_LESSON)
    .outerjoin(Mark.__table__, MARK.id == ATTENDANCE.mark_id)
    .outerjoin(Account.__table__, ACCOUNT.id == MARK.by)
    .where(ON_THIS_ROLL)
    .order_by(ENROLMENT.seat_number)
)
_ONE_WOMAN = _ROLL.add_columns(ATTENDANCE.marker_status, ATTENDANCE.office_status).where(
    ENROLMENT.id == bindparam("enrolment")
)


def about(lesson: LessonHead) -> dict[str, object]:
    return {"lesson": lesson.id, "cohort": lesson.cohort_id, "starts_at": lesson.starts_at, "day": lesson.day}


def get_roll(lesson: LessonHead) -> Roll:
    """Everybody on the roll of this lesson, in one statement."""
    db.session.flush()  # acts ask too
    rows = db.session.execute(_ROLL, about(lesson)).all()
    return Roll(lesson, [RollRow(*row[:11]) for row in rows], rows[0][11] or 0 if rows else 0)


def get_woman(lesson: LessonHead, enrolment_id: int) -> WomanAtLesson | None:
    """One woman of the roll, in one statement."""
    row = db.session.execute(_ONE_WOMAN, {**about(lesson), "enrolment": enrolment_id}).one_or_none()
    return WomanAtLesson(*row[:11], *row[12:]) if row else None


@dataclass(frozen=True)
class OfTheRest:
    """A woman whom "the rest are absent" put down, and who still stands so."""

    enrolment_id: int
    seat: int
    name: str
    status: AttendanceStatus


def list_rest(lesson_id: int, key: str) -> list[OfTheRest]:
    """Those whom one "the rest" put down and of whom nobody said anything since, by seat."""
    rows = db.session.execute(
        select(ENROLMENT.id, ENROLMENT.seat_number, PERSON.name, ATTENDANCE.status)
        .join(Attendance.__table__, AT_THIS_LESSON)
        .join(Mark.__table__, MARK.id == ATTENDANCE.mark_id)
        .join(Person.__table__, PERSON.id == ENROLMENT.person_id)
        .where(MARK.nonce.startswith(f"{key}.", autoescape=True))
        .order_by(ENROLMENT.seat_number),
        {"lesson": lesson_id},
    )
    return [OfTheRest(*row) for row in rows]


@dataclass(frozen=True)
class MarkLine:
    """One mark as the history of a woman at a lesson shows it."""

    status: AttendanceStatus | None
    channel: MarkChannel
    at: datetime
    said_at: datetime | None
    is_office: bool
    by: str | None
    reason: str

    @property
    def evidence(self) -> Evidence:
        return EVIDENCE[self.channel]


def list_marks(lesson_id: int, enrolment_id: int) -> list[MarkLine]:
    """Every mark ever made for her at this lesson, the newest first: nothing is overwritten."""
    rows = db.session.execute(
        select(Mark.status, Mark.channel, Mark.at, Mark.said_at, Mark.is_office, Account.name, Mark.reason)
        .outerjoin(Account, Account.id == Mark.by)
        .where(Mark.lesson_id == lesson_id, Mark.enrolment_id == enrolment_id)
        .order_by(Mark.id.desc())
    )
    return [MarkLine(*row) for row in rows]


@dataclass(frozen=True)
class RollToTake:
    """A line of the list of rolls: how many of how many women are marked, and about how many two markers contradict."""

    lesson: LessonHead
    marked: int
    expected: int
    contradictions: int

    @property
    def is_complete(self) -> bool:
        return self.marked == self.expected > 0


def list_rolls_of_day(actor: Actor, day: date) -> list[RollToTake]:
    """The lessons of one day whose roll this person may take, in order of time."""
    statement = _rolls(actor).where(
        Lesson.starts_at >= day_begins(day), Lesson.starts_at < day_begins(day + timedelta(days=1))
    )
    return _with_counts([LessonHead(*row) for row in db.session.execute(statement.order_by(*_IN_TIME))])


def rolls_left_page(actor: Actor, before: date, *, page: int = 1, per_page: int = 20) -> Page[RollToTake]:
    """Lessons of days before `before` that nobody closed, the oldest first."""
    statement = _rolls(actor).where(Lesson.starts_at < day_begins(before), Lesson.state.in_(UNFINISHED))
    found = fetch_page(statement.order_by(*_IN_TIME), lambda row: LessonHead(*row), page=page, per_page=per_page)
    return Page(_with_counts(found.items), found.total, found.page, found.per_page)


def _rolls(actor: Actor):
    labelled = [column.label(f"c{number}") for number, column in enumerate(_HEAD)]  # names are there twice
    return (
        select(*labelled)
        .select_from(Lesson)
        .join(Cohort, Cohort.id == Lesson.cohort_id)
        .outerjoin(Account, Account.id == Lesson.closed_by)
        .where(lessons_within_reach(actor, Permission.MARK_ATTENDANCE), Lesson.state != LessonState.CANCELLED)
    )


def _with_counts(lessons: Sequence[LessonHead]) -> list[RollToTake]:
    """One statement for the women of each lesson and how many of them are marked."""
    counts = {
        lesson_id: counted
        for lesson_id, *counted in db.session.execute(
            select(
                *(Lesson.id, func.count(Attendance.lesson_id), func.count(Enrolment.id)),
                func.count(Attendance.conflict_mark_id),
            )
            .join(Enrolment, and_(Enrolment.cohort_id == Lesson.cohort_id, Enrolment.status.in_(ON_THE_ROLL)))
            .outerjoin(Attendance, and_(Attendance.lesson_id == Lesson.id, Attendance.enrolment_id == Enrolment.id))
            .where(Lesson.id.in_([lesson.id for lesson in lessons]), _joined_by(lessons))
            .group_by(Lesson.id)
        )
    }
    return [RollToTake(lesson, *counts.get(lesson.id, (0, 0, 0))) for lesson in lessons]


def _joined_by(lessons: Sequence[LessonHead]):
    """Days are China's, moments UTC: the day of each lesson is reckoned here, not in two SQL dialects."""
    days: dict[date, list[int]] = {}
    for lesson in lessons:
        days.setdefault(lesson.day, []).append(lesson.id)
    return or_(false(), *(and_(Lesson.id.in_(ids), Enrolment.joined_on <= day) for day, ids in days.items()))
