"""Requests about attendance: the queue of staff, one with its evidence, and a woman's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.actors import Actor, Scope
from trainer.domain.attendance import AttendanceStatus, LessonState
from trainer.domain.attendance_request import AttendanceRequestKind, AttendanceRequestState
from trainer.domain.days import china_day
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.models.account import Account
from trainer.models.attendance import Attendance, Mark
from trainer.models.attendance_request import AttendanceRequest
from trainer.models.enrolment import Enrolment
from trainer.models.lesson import Lesson
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.permissions import Permission
from trainer.queries.lesson import lessons_within_reach
from trainer.queries.scoping import Page, fetch_page

REQUEST = AttendanceRequest


@dataclass(frozen=True)
class RequestRow:
    """A request as the queue shows it; `stands` is what the roll says of her now."""

    id: int
    kind: AttendanceRequestKind
    state: AttendanceRequestState
    wished: AttendanceStatus
    words: str | None
    asked_at: datetime
    said_at: datetime | None
    asked_by: str | None
    answer: str
    decided_at: datetime | None
    decided_by: str | None
    name: str
    seat: int
    enrolment_id: int
    stands: AttendanceStatus | None
    lesson_id: int
    title: str
    starts_at: datetime
    lesson_state: LessonState
    instructor_id: int | None
    asked_for: datetime
    cohort_id: int
    cohort_name: str
    region_code: str

    @property
    def scope(self) -> Scope:
        return Scope.of_lesson(self.region_code, self.cohort_id, self.instructor_id)

    @property
    def is_open(self) -> bool:
        return self.state is AttendanceRequestState.OPEN

    @property
    def day(self) -> date:
        return china_day(self.starts_at)

    @property
    def lesson_was_moved(self) -> bool:
        """Since she asked: a leave is no longer about this time."""
        return self.asked_for != self.starts_at

    @property
    def needs_answer(self) -> bool:
        """The roll is closed: a change needs words."""
        return self.lesson_state is LessonState.CLOSED


def leave_granted_for(starts_at) -> ColumnElement[bool]:
    """A leave that was granted, and not for an hour from which the lesson was moved since."""
    request = REQUEST.__table__.c
    return and_(
        request.kind == AttendanceRequestKind.LEAVE,
        request.state == AttendanceRequestState.GRANTED,
        request.lesson_starts_at == starts_at,
    )


def _rows() -> Select:
    decider = aliased(Account)
    return (
        select(
            *(REQUEST.id, REQUEST.kind, REQUEST.state, REQUEST.wished, REQUEST.words, REQUEST.asked_at),
            *(REQUEST.said_at, Account.name, REQUEST.answer, REQUEST.decided_at, decider.name.label("decider")),
            *(Person.name.label("woman"), Enrolment.seat_number, Enrolment.id.label("enrolment")),
            *(Attendance.status, Lesson.id.label("lesson"), Lesson.title, Lesson.starts_at),
            *(Lesson.state.label("lesson_state"), Lesson.instructor_id, REQUEST.lesson_starts_at),
            *(Cohort.id.label("cohort"), Cohort.name.label("cohort_name"), Cohort.region_code),
        )
        .join(Lesson, Lesson.id == REQUEST.lesson_id)
        .join(Cohort, Cohort.id == Lesson.cohort_id)
        .join(Enrolment, Enrolment.id == REQUEST.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Account, Account.id == REQUEST.asked_by)
        .outerjoin(decider, decider.id == REQUEST.decided_by)
        .outerjoin(
            Attendance,
            and_(Attendance.lesson_id == REQUEST.lesson_id, Attendance.enrolment_id == REQUEST.enrolment_id),
        )
    )


def requests_page(
    actor: Actor,
    *,
    state: AttendanceRequestState | None = AttendanceRequestState.OPEN,
    kind: AttendanceRequestKind | None = None,
    cohort_id: int | None = None,
    lesson_id: int | None = None,
    page: int = 1,
    per_page: int = 20,
) -> Page[RequestRow]:
    """Requests within her reach, those of the earliest lesson first; two statements."""
    wanted = {REQUEST.state: state, REQUEST.kind: kind, Lesson.cohort_id: cohort_id, REQUEST.lesson_id: lesson_id}
    cut = [column == value for column, value in wanted.items() if value is not None]
    reach = lessons_within_reach(actor, Permission.ANSWER_REQUESTS)
    statement = _rows().where(reach, *cut).order_by(Lesson.starts_at, REQUEST.id)
    return fetch_page(statement, lambda row: RequestRow(*row), page=page, per_page=per_page)


def get_request_row(request_id: int) -> RequestRow | None:
    row = db.session.execute(_rows().where(REQUEST.id == request_id)).one_or_none()
    return RequestRow(*row) if row else None


def count_same_device(request_id: int) -> int:
    """For how many other women of that lesson marks or requests came from the device of this one; 0 where it has none."""
    asked = db.session.execute(
        select(REQUEST.lesson_id, REQUEST.device, REQUEST.enrolment_id).where(REQUEST.id == request_id)
    ).one()
    if not asked.device:
        return 0
    marked, claimed = (
        select(model.enrolment_id).where(
            model.lesson_id == asked.lesson_id, model.device == asked.device, model.enrolment_id != asked.enrolment_id
        )
        for model in (Mark, REQUEST)
    )
    return db.session.scalar(select(func.count()).select_from(marked.union(claimed).subquery()))


@dataclass(frozen=True)
class OwnRequest:
    """A request as the woman sees it beside the lesson."""

    id: int
    lesson_id: int
    kind: AttendanceRequestKind
    state: AttendanceRequestState
    answer: str
    asked_for: datetime

    @property
    def is_open(self) -> bool:
        return self.state is AttendanceRequestState.OPEN

    def can_be_taken_back(self, starts_at: datetime, now: datetime) -> bool:
        """While it waits, and a leave that was granted until the lesson begins."""
        leave = self.kind is AttendanceRequestKind.LEAVE and self.state is AttendanceRequestState.GRANTED
        return self.is_open or (leave and self.asked_for == starts_at and now < starts_at)


ASKED, ENROLMENT = AttendanceRequest.__table__.c, Enrolment.__table__.c
_OWN = (
    select(ASKED.id, ASKED.lesson_id, ASKED.kind, ASKED.state, ASKED.answer, ASKED.lesson_starts_at)
    .join(Enrolment.__table__, ENROLMENT.id == ASKED.enrolment_id)
    .where(ENROLMENT.person_id == bindparam("person"), ASKED.kind != AttendanceRequestKind.LATE_MARK)
    .order_by(ASKED.id)
)


def list_own_requests(person_id: int) -> Mapping[int, Sequence[OwnRequest]]:
    """Hers by lesson, the newest last; what staff asked about late marks is not among them. One statement."""
    rows = db.session.execute(_OWN, {"person": person_id})
    by_lesson: dict[int, list[OwnRequest]] = {}
    for row in rows:
        by_lesson.setdefault(row.lesson_id, []).append(OwnRequest(*row))
    return by_lesson


@dataclass(frozen=True)
class OwnPlace:
    """A lesson of a cohort whose roll she is on, as far as asking about it goes."""

    lesson_id: int
    enrolment_id: int
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    state: LessonState
    status: AttendanceStatus | None


def list_own_places(person_id: int, *, after: datetime | None = None, lesson_id: int | None = None) -> list[OwnPlace]:
    """Lessons she may ask about, in order of time: those that begin after a moment, or one of them; not cancelled."""
    cut = [Lesson.starts_at > after] if after else []
    cut += [Lesson.id == lesson_id] if lesson_id else []
    rows = db.session.execute(
        select(
            *(Lesson.id, Enrolment.id, Lesson.title, Lesson.place, Lesson.starts_at, Lesson.ends_at, Lesson.state),
            Attendance.status,
        )
        .join(Enrolment, Enrolment.cohort_id == Lesson.cohort_id)
        .outerjoin(Attendance, and_(Attendance.lesson_id == Lesson.id, Attendance.enrolment_id == Enrolment.id))
        .where(
            Enrolment.person_id == person_id,
            Enrolment.status.in_(ON_THE_ROLL),
            Lesson.state != LessonState.CANCELLED,
            *cut,
        )
        .order_by(Lesson.starts_at, Lesson.id)
    )
    return [OwnPlace(*row) for row in rows]


def get_own_request_state(person_id: int, request_id: int) -> AttendanceRequestState | None:
    """The state of a request of hers; None where it is not hers."""
    return db.session.scalar(
        select(REQUEST.state)
        .join(Enrolment, Enrolment.id == REQUEST.enrolment_id)
        .where(
            REQUEST.id == request_id,
            Enrolment.person_id == person_id,
            REQUEST.kind != AttendanceRequestKind.LATE_MARK,
        )
    )
