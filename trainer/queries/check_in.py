"""Codes on the screen and who comes by them: what the wall shows, which code is true, which woman is meant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from trainer.crypto import keyring, same
from trainer.database import db
from trainer.domain.actors import Scope
from trainer.domain.attendance import IN_THE_ROOM, AttendanceStatus, LessonState, MarkChannel
from trainer.domain.check_in import CheckInRules, HeldCode, ScreenCode, ScreenState, screen_state
from trainer.domain.days import china_day
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.timetable import ARRIVING
from trainer.models.attendance import Attendance, Mark
from trainer.models.enrolment import Enrolment
from trainer.models.lesson import Lesson
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.queries.lesson import lessons_of_hers

LABEL = "screen codes"


def code_of(lesson_id: int, since: datetime) -> ScreenCode:
    """The code of a slot: reckoned from lesson and time alone, as often as it is asked for."""
    bare = ScreenCode(lesson_id, since, "")
    return bare._replace(proof=keyring().prove(LABEL, bare.message))


def read_code(text: str) -> ScreenCode | None:
    """A code that this site made; None for anything else."""
    said = ScreenCode.parse(text)
    return said if said and same(said.proof, code_of(said.lesson_id, said.since).proof) else None


@dataclass(frozen=True)
class Wall:
    """A lesson as its projector page shows it, with how many of how many women are in the room."""

    id: int
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    state: LessonState
    cohort_id: int
    cohort_name: str
    region_code: str
    instructor_id: int | None
    here: int
    expected: int

    @property
    def scope(self) -> Scope:
        return Scope.of_lesson(self.region_code, self.cohort_id, self.instructor_id)

    def shows(self, at: datetime) -> ScreenState:
        return screen_state(self.state, self.starts_at, self.ends_at, at)


_WALL = (
    *(Lesson.id, Lesson.title, Lesson.place, Lesson.starts_at, Lesson.ends_at, Lesson.state),
    *(Cohort.id, Cohort.name, Cohort.region_code, Lesson.instructor_id),
)


def get_wall(lesson_id: int) -> Wall | None:
    """One statement, asked again every few seconds: the lesson, and its women by status and day of joining."""
    on_the_roll = and_(Enrolment.cohort_id == Lesson.cohort_id, Enrolment.status.in_(ON_THE_ROLL))
    marked = and_(Attendance.lesson_id == Lesson.id, Attendance.enrolment_id == Enrolment.id)
    labelled = [column.label(f"c{number}") for number, column in enumerate(_WALL)]  # names are there twice
    rows = db.session.execute(
        select(*labelled, Enrolment.joined_on, Attendance.status, func.count(Enrolment.id))
        .select_from(Lesson)
        .join(Cohort, Cohort.id == Lesson.cohort_id)
        .outerjoin(Enrolment, on_the_roll)
        .outerjoin(Attendance, marked)
        .where(Lesson.id == lesson_id)
        .group_by(*_WALL, Enrolment.joined_on, Attendance.status)
    ).all()
    if not rows:
        return None
    facts, day = rows[0][: len(_WALL)], china_day(rows[0][3])
    women = [(status, count) for *_, joined_on, status, count in rows if joined_on and joined_on <= day]
    here = sum(count for status, count in women if status in IN_THE_ROOM)
    return Wall(*facts, here=here, expected=sum(count for _status, count in women))


@dataclass(frozen=True)
class ShownLesson:
    """What a page says about the lesson of a code, and whom to call."""

    id: int
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    state: LessonState
    cohort_name: str
    teacher_name: str
    teacher_phone: str


_SHOWN = (
    *(Lesson.id, Lesson.title, Lesson.place, Lesson.starts_at, Lesson.ends_at, Lesson.state),
    *(Cohort.name, Cohort.teacher_name, Cohort.teacher_phone),
)


def get_shown_lesson(lesson_id: int) -> ShownLesson | None:
    found = select(*_SHOWN).join(Cohort, Cohort.id == Lesson.cohort_id).where(Lesson.id == lesson_id)
    row = db.session.execute(found).one_or_none()
    return ShownLesson(*row) if row else None


def list_shown_lessons(lesson_ids: Sequence[int]) -> list[ShownLesson]:
    """In order of time."""
    found = select(*_SHOWN).join(Cohort, Cohort.id == Lesson.cohort_id).where(Lesson.id.in_(lesson_ids))
    return [ShownLesson(*row) for row in db.session.execute(found.order_by(Lesson.starts_at, Lesson.id))]


def list_typed(digits: str, rules: CheckInRules, *, at: datetime, person_id: int | None = None) -> list[HeldCode]:
    """The codes that are good now and sound like `digits`, of lessons that go on now (of hers, where it is known)."""
    going_on = select(Lesson.id).where(
        Lesson.state != LessonState.CANCELLED, Lesson.starts_at <= at + ARRIVING, Lesson.ends_at >= at
    )
    if person_id is not None:
        going_on = going_on.where(lessons_of_hers(person_id))
    lesson_ids = db.session.scalars(going_on.order_by(Lesson.starts_at, Lesson.id)).all()
    slots = rules.good_slots(at)
    heard = ((id_, next((s for s in slots if same(code_of(id_, s).digits, digits)), None)) for id_ in lesson_ids)
    return [HeldCode(id_, since, at) for id_, since in heard if since]


@dataclass(frozen=True)
class Place:
    """A woman's place in a lesson: her row of the roll, and the mark that stands there."""

    enrolment_id: int
    person: Person
    status: AttendanceStatus | None
    channel: MarkChannel | None
    said_at: datetime | None
    marked_at: datetime | None

    @property
    def moment(self) -> datetime | None:
        """When she was there by the mark."""
        return self.said_at or self.marked_at


def get_place(lesson_id: int, *, person_id: int | None = None, seat: int | None = None) -> Place | None:
    """Whoever is on the roll of the lesson as this person, or sits there."""
    she = Enrolment.person_id == person_id if person_id is not None else Enrolment.seat_number == seat
    row = db.session.execute(
        select(Enrolment.id, Person, Attendance.status, Mark.channel, Mark.said_at, Mark.at)
        .select_from(Lesson)
        .join(Enrolment, and_(Enrolment.cohort_id == Lesson.cohort_id, Enrolment.status.in_(ON_THE_ROLL)))
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Attendance, and_(Attendance.lesson_id == Lesson.id, Attendance.enrolment_id == Enrolment.id))
        .outerjoin(Mark, Mark.id == Attendance.mark_id)
        .where(Lesson.id == lesson_id, she)
    ).one_or_none()
    return Place(*row) if row else None


def get_name_and_seat(enrolment_id: int) -> tuple[str, int] | None:
    found = select(Person.name, Enrolment.seat_number).join(Person, Person.id == Enrolment.person_id)
    row = db.session.execute(found.where(Enrolment.id == enrolment_id)).one_or_none()
    return (row[0], row[1]) if row else None
