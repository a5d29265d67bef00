"""The roll of a lesson, the history of a mark, and the rolls to take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from sqlalchemy import and_, false, func, or_, select

from trainer.database import db
from trainer.domain.actors import Actor, Scope
from trainer.domain.attendance import (
    ATTENDED,
    IN_THE_ROOM,
    UNFINISHED,
    AttendanceStatus,
    LessonKind,
    LessonState,
    MarkChannel,
)
from trainer.domain.days import china_day, day_begins
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.models.account import Account
from trainer.models.attendance import Attendance, Mark
from trainer.models.enrolment import Enrolment
from trainer.models.lesson import Lesson
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.permissions import Permission
from trainer.queries.scoping import Page, fetch_page, visible

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
        """An instructor without an area reaches the lessons she gives."""
        mine = frozenset({self.instructor_id}) if self.instructor_id else frozenset()
        return Scope(region_code=self.region_code, cohort_id=self.cohort_id, account_ids=mine)

    @property
    def day(self) -> date:
        return china_day(self.starts_at)


@dataclass(frozen=True)
class RollRow:
    """One woman on the roll; `applicable` False: the lesson was before she joined."""

    enrolment_id: int
    seat: int
    name: str
    initials: str
    phone_end: str
    status: AttendanceStatus | None
    applicable: bool


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

    @cached_property
    def tally(self) -> Tally:
        return _tally([row.status for row in self.rows if row.applicable])

    @property
    def unmarked(self) -> list[RollRow]:
        return [row for row in self.rows if row.applicable and row.status is None]

    def find(self, enrolment_id: int) -> RollRow | None:
        return next((row for row in self.rows if row.enrolment_id == enrolment_id), None)


def _tally(statuses: Sequence[AttendanceStatus | None]) -> Tally:
    return Tally(
        attended=sum(1 for s in statuses if s in ATTENDED),
        excused=statuses.count(AttendanceStatus.EXCUSED),
        absent=statuses.count(AttendanceStatus.ABSENT),
        unmarked=statuses.count(None),
        in_the_room=sum(1 for s in statuses if s in IN_THE_ROOM),
    )


def get_lesson_head(lesson_id: int) -> LessonHead | None:
    row = db.session.execute(
        select(*_HEAD)
        .join(Cohort, Cohort.id == Lesson.cohort_id)
        .outerjoin(Account, Account.id == Lesson.closed_by)
        .where(Lesson.id == lesson_id)
    ).one_or_none()
    return LessonHead(*row) if row else None


def get_roll(lesson: LessonHead) -> Roll:
    """Everybody on the roll of this lesson, in one statement."""
    rows = db.session.execute(
        select(
            Enrolment.id,
            Enrolment.seat_number,
            Person.name,
            Person.name_initials,
            Person.phone,
            Attendance.status,
            Enrolment.joined_on,
        )
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Attendance, and_(Attendance.enrolment_id == Enrolment.id, Attendance.lesson_id == lesson.id))
        .where(Enrolment.cohort_id == lesson.cohort_id, Enrolment.status.in_(ON_THE_ROLL))
        .order_by(Enrolment.seat_number)
    )
    day = lesson.day
    return Roll(
        lesson,
        [
            RollRow(id_, seat, name, initials, (phone or "")[-4:], status, joined_on <= day)
            for id_, seat, name, initials, phone, status, joined_on in rows
        ],
    )


def get_tally(lesson: LessonHead) -> Tally:
    """The roll's counts alone, for the answer to a tap."""
    statuses = db.session.scalars(
        select(Attendance.status)
        .select_from(Enrolment)
        .outerjoin(Attendance, and_(Attendance.enrolment_id == Enrolment.id, Attendance.lesson_id == lesson.id))
        .where(
            Enrolment.cohort_id == lesson.cohort_id,
            Enrolment.status.in_(ON_THE_ROLL),
            Enrolment.joined_on <= lesson.day,
        )
    )
    return _tally(list(statuses))


@dataclass(frozen=True)
class MarkLine:
    """One mark as the history of a woman at a lesson shows it."""

    status: AttendanceStatus | None
    channel: MarkChannel
    at: datetime
    by: str | None
    reason: str


def list_marks(lesson_id: int, enrolment_id: int) -> list[MarkLine]:
    """Every mark ever made for her at this lesson, the newest first: nothing is overwritten."""
    rows = db.session.execute(
        select(Mark.status, Mark.channel, Mark.at, Account.name, Mark.reason)
        .outerjoin(Account, Account.id == Mark.by)
        .where(Mark.lesson_id == lesson_id, Mark.enrolment_id == enrolment_id)
        .order_by(Mark.id.desc())
    )
    return [MarkLine(*row) for row in rows]


@dataclass(frozen=True)
class RollToTake:
    """A line of the list of rolls: the lesson, and how many of how many women are marked."""

    lesson: LessonHead
    marked: int
    expected: int


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
    reach = visible(
        actor,
        Permission.MARK_ATTENDANCE,
        region=Cohort.region_code,
        cohort=Cohort.id,
        accounts=lambda account_id: Lesson.instructor_id == account_id,
    )
    labelled = [column.label(f"c{number}") for number, column in enumerate(_HEAD)]  # names are there twice
    return (
        select(*labelled)
        .select_from(Lesson)
        .join(Cohort, Cohort.id == Lesson.cohort_id)
        .outerjoin(Account, Account.id == Lesson.closed_by)
        .where(reach, Lesson.state != LessonState.CANCELLED)
    )


def _with_counts(lessons: Sequence[LessonHead]) -> list[RollToTake]:
    """One statement for the women of each lesson and how many of them are marked."""
    counts = {
        lesson_id: (marked, expected)
        for lesson_id, marked, expected in db.session.execute(
            select(Lesson.id, func.count(Attendance.lesson_id), func.count(Enrolment.id))
            .join(Enrolment, and_(Enrolment.cohort_id == Lesson.cohort_id, Enrolment.status.in_(ON_THE_ROLL)))
            .outerjoin(Attendance, and_(Attendance.lesson_id == Lesson.id, Attendance.enrolment_id == Enrolment.id))
            .where(Lesson.id.in_([lesson.id for lesson in lessons]), _joined_by(lessons))
            .group_by(Lesson.id)
        )
    }
    return [RollToTake(lesson, *counts.get(lesson.id, (0, 0))) for lesson in lessons]


def _joined_by(lessons: Sequence[LessonHead]):
    """Days are China's, moments UTC: the day of each lesson is reckoned here, not in two SQL dialects."""
    days: dict[date, list[int]] = {}
    for lesson in lessons:
        days.setdefault(lesson.day, []).append(lesson.id)
    return or_(false(), *(and_(Lesson.id.in_(ids), Enrolment.joined_on <= day) for day, ids in days.items()))
