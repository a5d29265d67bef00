"""Phone spot checks: whom the closed lessons report as attending, the calls of a cohort, one call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.actors import Actor, Scope
from trainer.domain.attendance import ATTENDED, AttendanceStatus, LessonState
from trainer.domain.people import mask_phone
from trainer.domain.spot_check import MOST_TRIES, SpotCheckOutcome, SpotCheckSummary, is_left, summarise_calls
from trainer.models.account import Account
from trainer.models.attendance import Attendance, Mark
from trainer.models.enrolment import Enrolment
from trainer.models.lesson import Lesson
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.spot_check import SpotCheck, SpotCheckDraw
from trainer.permissions import Permission
from trainer.queries.scoping import visible


@dataclass(frozen=True)
class Draw:
    """One drawing: how many of how many, and the seed that draws the same again."""

    id: int
    at: datetime
    by: str | None
    eligible: int
    drawn: int
    seed: int


@dataclass(frozen=True)
class Call:
    """A woman drawn and the lesson she is asked about: what the roll said then and says now, what she said.

    `callers_own`: whoever looks took or closed that roll herself; `called_by_marker`: whoever called her had.
    """

    id: int
    outcome: SpotCheckOutcome | None
    tries: int
    note: str
    called_at: datetime | None
    version: int
    draw_id: int
    reported: AttendanceStatus
    stands: AttendanceStatus | None
    person_id: int
    name: str
    village: str | None
    phone: str
    seat: int
    lesson_id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    cohort_id: int
    cohort_name: str
    region_code: str
    caller: str | None
    called_by_marker: bool
    callers_own: bool

    @property
    def scope(self) -> Scope:
        return Scope(region_code=self.region_code, cohort_id=self.cohort_id)

    @property
    def is_left(self) -> bool:
        return is_left(self.outcome, self.tries)


def list_reported(cohort_id: int) -> Mapping[int, Sequence[tuple[int, AttendanceStatus]]]:
    """(lesson, status) at the closed lessons at which each woman is reported as attending, by enrolment."""
    rows = db.session.execute(
        select(Attendance.enrolment_id, Attendance.lesson_id, Attendance.status)
        .join(Lesson, Lesson.id == Attendance.lesson_id)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            Lesson.cohort_id == cohort_id,
            Lesson.state == LessonState.CLOSED,
            Attendance.status.in_(ATTENDED),
            Person.erased_at.is_(None),
        )
        .order_by(Attendance.enrolment_id, Attendance.lesson_id)
    )
    reported: dict[int, list[tuple[int, AttendanceStatus]]] = {}
    for enrolment_id, lesson_id, status in rows:
        reported.setdefault(enrolment_id, []).append((lesson_id, status))
    return reported


def count_drawn_before(cohort_id: int) -> Mapping[int, int]:
    """How often each woman was drawn, by enrolment."""
    rows = db.session.execute(
        select(SpotCheck.enrolment_id, func.count())
        .join(SpotCheckDraw, SpotCheckDraw.id == SpotCheck.draw_id)
        .where(SpotCheckDraw.cohort_id == cohort_id)
        .group_by(SpotCheck.enrolment_id)
    )
    return dict(rows.all())


def count_untried(cohort_id: int) -> int:
    """Calls that nobody has tried."""
    return db.session.scalar(
        select(func.count())
        .select_from(SpotCheck)
        .join(SpotCheckDraw, SpotCheckDraw.id == SpotCheck.draw_id)
        .where(SpotCheckDraw.cohort_id == cohort_id, SpotCheck.outcome.is_(None))
    )


def list_draws(cohort_id: int) -> list[Draw]:
    """The newest first."""
    rows = db.session.execute(
        select(
            *(SpotCheckDraw.id, SpotCheckDraw.at, Account.name, SpotCheckDraw.eligible, SpotCheckDraw.drawn),
            SpotCheckDraw.seed,
        )
        .outerjoin(Account, Account.id == SpotCheckDraw.by)
        .where(SpotCheckDraw.cohort_id == cohort_id)
        .order_by(SpotCheckDraw.id.desc())
    )
    return [Draw(*row) for row in rows]


def _stands_for(account_id) -> ColumnElement[bool]:
    """Whether somebody took or closed the roll that the woman is asked about."""
    marked = exists().where(Mark.lesson_id == Lesson.id, Mark.by == account_id)
    return or_(Lesson.closed_by == account_id, marked)


def _calls(actor: Actor):
    caller = aliased(Account)
    here = and_(Attendance.lesson_id == SpotCheck.lesson_id, Attendance.enrolment_id == SpotCheck.enrolment_id)
    return (
        select(
            *(SpotCheck.id, SpotCheck.outcome, SpotCheck.tries, SpotCheck.note, SpotCheck.called_at),
            *(SpotCheck.version, SpotCheck.draw_id, SpotCheck.reported, Attendance.status.label("stands")),
            *(Person.id.label("person"), Person.name.label("woman"), Person.village, Person.phone),
            *(Enrolment.seat_number, Lesson.id.label("lesson"), Lesson.title, Lesson.starts_at, Lesson.ends_at),
            *(Lesson.place, Cohort.id.label("cohort"), Cohort.name.label("cohort_name"), Cohort.region_code),
            *(caller.name.label("caller"), func.coalesce(_stands_for(SpotCheck.called_by), False)),
            _stands_for(actor.account_id).label("own"),
        )
        .join(Enrolment, Enrolment.id == SpotCheck.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Lesson, Lesson.id == SpotCheck.lesson_id)
        .join(Cohort, Cohort.id == Lesson.cohort_id)
        .outerjoin(Attendance, here)
        .outerjoin(caller, caller.id == SpotCheck.called_by)
    )


def _call(row) -> Call:
    values = list(row)
    values[12] = mask_phone(values[12])
    return Call(*values)


def list_calls(actor: Actor, cohort_id: int) -> list[Call]:
    """Every call of a cohort, those of the newest drawing first, those still to be made before the others."""
    rows = db.session.execute(
        _calls(actor).where(Lesson.cohort_id == cohort_id).order_by(SpotCheck.draw_id.desc(), SpotCheck.id)
    )
    return sorted((_call(row) for row in rows), key=lambda call: (-call.draw_id, not call.is_left, call.id))


def summarise(calls: Sequence[Call]) -> SpotCheckSummary:
    return summarise_calls((call.outcome, call.tries) for call in calls)


def get_call(actor: Actor, call_id: int) -> Call | None:
    """A call within her reach."""
    reach = visible(actor, Permission.FOLLOW_UP, region=Cohort.region_code, cohort=Cohort.id)
    row = db.session.execute(_calls(actor).where(SpotCheck.id == call_id, reach)).one_or_none()
    return _call(row) if row else None


def still_to_call() -> ColumnElement[bool]:
    """The SQL twin of `domain.spot_check.is_left`."""
    again = and_(SpotCheck.outcome == SpotCheckOutcome.NOT_REACHED, SpotCheck.tries < MOST_TRIES)
    return or_(SpotCheck.outcome.is_(None), again)
