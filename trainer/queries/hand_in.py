"""Hand-ins as staff see them: the class of one task, one hand-in with what went before, the next to be marked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.course_task import HandInState, Proof
from trainer.domain.days import china_day
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.models.account import Account
from trainer.models.audit import AuditEvent
from trainer.models.course_task import CourseTask, HandIn
from trainer.models.enrolment import Enrolment
from trainer.models.file import StoredFile
from trainer.models.person import Person
from trainer.queries.course_task import COUNTS
from trainer.queries.scoping import Page, fetch_page


@dataclass(frozen=True)
class ClassRow:
    """A woman of the class and her hand-in that counts, if there is one."""

    enrolment_id: int
    seat: int | None
    name: str
    hand_in_id: int | None
    state: HandInState | None
    number: int | None
    at: datetime | None
    minutes: int | None
    helper_name: str | None

    def is_late(self, due_on: date | None) -> bool:
        return due_on is not None and self.at is not None and china_day(self.at) > due_on


def class_page(
    task: CourseTask, *, state: HandInState | None = None, missing: bool = False, page: int = 1, per_page: int = 20
) -> Page[ClassRow]:
    """The women on the roll by seat, or those whose hand-in stands in one state, or `missing`: who has none."""
    statement = (
        select(
            *(Enrolment.id, Enrolment.seat_number, Person.name, HandIn.id, HandIn.state, HandIn.number, HandIn.at),
            *(HandIn.minutes, HandIn.helper_name),
        )
        .join(Person, Person.id == Enrolment.person_id)
        .join(CourseTask, CourseTask.id == task.id)
        .outerjoin(HandIn, COUNTS)
        .where(Enrolment.cohort_id == task.cohort_id, Enrolment.status.in_(ON_THE_ROLL))
        .order_by(Enrolment.seat_number, Enrolment.id)
    )
    if missing:
        statement = statement.where(HandIn.id.is_(None))
    elif state:
        statement = statement.where(HandIn.state == state)
    return fetch_page(statement, lambda row: ClassRow(*row), page=page, per_page=per_page)


@dataclass(frozen=True)
class HandInRow:
    """One hand-in with its task and its woman; `counts`: no later one of hers does."""

    id: int
    number: int
    state: HandInState
    words: str | None
    link: str | None
    file_id: int | None
    minutes: int | None
    helper_name: str | None
    at: datetime
    by: str | None
    marked_at: datetime | None
    marked_by: str | None
    remark: str | None
    version: int
    enrolment_id: int
    seat: int | None
    name: str
    task_id: int
    cohort_id: int
    title: str
    what_to_do: str
    proof: Proof
    min_minutes: int | None
    due_on: date | None
    counts: bool

    @property
    def is_late(self) -> bool:
        return self.due_on is not None and china_day(self.at) > self.due_on

    @property
    def is_short(self) -> bool:
        """Fewer minutes than were asked for."""
        return bool(self.min_minutes) and self.minutes is not None and self.minutes < self.min_minutes


def get_hand_in(hand_in_id: int) -> HandInRow | None:
    """None also for one that she took back, and where the task was dropped or she is not on the roll any more."""
    giver, marker, later = aliased(Account), aliased(Account), aliased(HandIn)
    overtaken = select(later.id).where(
        *(later.course_task_id == HandIn.course_task_id, later.enrolment_id == HandIn.enrolment_id),
        *(later.number > HandIn.number, later.state != HandInState.TAKEN_BACK),
    )
    row = db.session.execute(
        select(
            *(HandIn.id, HandIn.number, HandIn.state, HandIn.words, HandIn.link, HandIn.file_id, HandIn.minutes),
            *(HandIn.helper_name, HandIn.at, giver.name, HandIn.marked_at, marker.name, HandIn.remark),
            *(HandIn.version, Enrolment.id, Enrolment.seat_number, Person.name, CourseTask.id, CourseTask.cohort_id),
            *(CourseTask.title, CourseTask.what_to_do, CourseTask.proof, CourseTask.min_minutes, CourseTask.due_on),
            ~overtaken.exists(),
        )
        .join(CourseTask, CourseTask.id == HandIn.course_task_id)
        .join(Enrolment, Enrolment.id == HandIn.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(giver, giver.id == HandIn.by)
        .outerjoin(marker, marker.id == HandIn.marked_by)
        .where(
            *(HandIn.id == hand_in_id, HandIn.state != HandInState.TAKEN_BACK, CourseTask.dropped_at.is_(None)),
            Enrolment.status.in_(ON_THE_ROLL),
        )
    ).one_or_none()
    return row and HandInRow(*row)


def list_attempts(task_id: int, enrolment_id: int) -> list[tuple[int, int, HandInState, datetime]]:
    """(id, number, state, moment) of what she handed in and did not take back, the newest first."""
    rows = db.session.execute(
        select(HandIn.id, HandIn.number, HandIn.state, HandIn.at)
        .where(
            *(HandIn.course_task_id == task_id, HandIn.enrolment_id == enrolment_id),
            HandIn.state != HandInState.TAKEN_BACK,
        )
        .order_by(HandIn.number.desc())
    )
    return [tuple(row) for row in rows]


@dataclass(frozen=True)
class Marking:
    """That it was marked, or marked otherwise later."""

    at: datetime
    by: str
    before: HandInState
    after: HandInState


def list_markings(hand_in_id: int) -> list[Marking]:
    """The oldest first; those that were sealed away aside."""
    rows = db.session.execute(
        select(AuditEvent.at, AuditEvent.actor_name, AuditEvent.details)
        .where(
            AuditEvent.object_type == "hand_in",
            AuditEvent.object_id == str(hand_in_id),
            AuditEvent.action.in_(("hand_in.mark", "hand_in.correct")),
            AuditEvent.success,
        )
        .order_by(AuditEvent.seq)
    )
    return [_marking(*row) for row in rows]


def _marking(at: datetime, by: str, details: Mapping) -> Marking:
    return Marking(at, by, HandInState(details["before"]), HandInState(details["after"]))


def next_to_mark(task_id: int, *, after: int = 0) -> int | None:
    """The hand-in that waits longest among those after this one, else from the beginning."""
    waiting = (
        select(HandIn.id)
        .join(Enrolment, Enrolment.id == HandIn.enrolment_id)
        .where(
            *(HandIn.course_task_id == task_id, HandIn.state == HandInState.HANDED_IN),
            *(HandIn.id != after, Enrolment.status.in_(ON_THE_ROLL)),
        )
        .order_by(HandIn.id < after, HandIn.id)
    )
    return db.session.scalar(waiting.limit(1))


def get_woman(cohort_id: int, enrolment_id: int) -> tuple[int, int | None, str] | None:
    """(enrolment, seat, name) of somebody on the roll."""
    row = db.session.execute(
        select(Enrolment.id, Enrolment.seat_number, Person.name)
        .join(Person, Person.id == Enrolment.person_id)
        .where(and_(Enrolment.id == enrolment_id, Enrolment.cohort_id == cohort_id, Enrolment.status.in_(ON_THE_ROLL)))
    ).one_or_none()
    return row and tuple(row)


def get_picture(hand_in_id: int, *, person_id: int | None = None) -> StoredFile | None:
    """Of anybody's, or of hers alone."""
    held = select(StoredFile).join(HandIn, HandIn.file_id == StoredFile.id).where(HandIn.id == hand_in_id)
    if person_id is not None:
        held = held.where(StoredFile.person_id == person_id)
    return db.session.scalar(held)
