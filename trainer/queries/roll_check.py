"""Checks on the marker: what the rules read of a roll, and what was found, for those one level up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.actors import Actor, Scope
from trainer.domain.attendance import LessonState
from trainer.domain.roll_check import (
    DAY_BEFORE_WITHIN,
    EarlierRoll,
    Facts,
    MarkFact,
    RollCheckAnswer,
    RollCheckKind,
    RollFacts,
)
from trainer.domain.spot_check import REACHED, SpotCheckOutcome
from trainer.models.account import Account
from trainer.models.attendance import Attendance, Mark
from trainer.models.audit import AuditEvent
from trainer.models.lesson import Lesson
from trainer.models.programme import Cohort
from trainer.models.roll_check import RollCheck
from trainer.models.spot_check import SpotCheck
from trainer.permissions import Permission
from trainer.queries.scoping import Page, fetch_page, visible
from trainer.queries.walk_in import heads_of_walk_ins


def get_roll_facts(lesson_id: int, *, at: datetime) -> tuple[RollFacts, list[EarlierRoll]]:
    """A roll and those closed before it, as the rules read them: three statements."""
    lesson = db.session.execute(_lesson_facts(lesson_id)).one()
    marks = db.session.execute(
        select(Mark.enrolment_id, Mark.status, Mark.channel, Mark.by, Mark.at, Mark.said_at, Mark.device)
        .where(Mark.lesson_id == lesson_id)
        .order_by(Mark.id)
    )
    rolls = _rolls_around(lesson, lesson.closed_at or at)
    roll = RollFacts(
        lesson_id=lesson_id,
        starts_at=lesson.starts_at,
        headcount=lesson.headcount,
        guests=lesson.guests,
        statuses=rolls.pop(lesson_id, EarlierRoll(lesson_id, lesson.starts_at, {})).statuses,
        marks=[MarkFact(*row) for row in marks],
        first_closed_at=lesson.first_closed_at,
        asked=lesson.asked,
        said_not_there=lesson.said_not_there,
    )
    return roll, list(rolls.values())


def _lesson_facts(lesson_id: int):
    closings = select(func.min(AuditEvent.at)).where(
        AuditEvent.object_type == "lesson",
        AuditEvent.object_id == str(lesson_id),
        AuditEvent.action == "lesson.close",
        AuditEvent.success,
    )
    calls = select(func.count()).where(SpotCheck.lesson_id == lesson_id)
    return select(
        *(Lesson.id, Lesson.cohort_id, Lesson.starts_at, Lesson.headcount, Lesson.closed_at),
        closings.scalar_subquery().label("first_closed_at"),
        heads_of_walk_ins(lesson_id).label("guests"),
        calls.where(SpotCheck.outcome.in_(REACHED)).scalar_subquery().label("asked"),
        calls.where(SpotCheck.outcome == SpotCheckOutcome.WAS_NOT_THERE).scalar_subquery().label("said_not_there"),
    ).where(Lesson.id == lesson_id)


def _rolls_around(lesson, closed_by_then: datetime) -> dict[int, EarlierRoll]:
    """The lesson's own roll, and those of its cohort in the days before that were closed by then."""
    closed = and_(Lesson.state == LessonState.CLOSED, Lesson.closed_at <= closed_by_then)
    rows = db.session.execute(
        select(Lesson.id, Lesson.starts_at, Attendance.enrolment_id, Attendance.status)
        .join(Attendance, Attendance.lesson_id == Lesson.id)
        .where(
            Lesson.cohort_id == lesson.cohort_id,
            Lesson.starts_at >= lesson.starts_at - DAY_BEFORE_WITHIN,
            or_(Lesson.id == lesson.id, and_(closed, Lesson.starts_at < lesson.starts_at)),
        )
    )
    rolls: dict[int, EarlierRoll] = {}
    for id_, starts_at, enrolment_id, status in rows:
        rolls.setdefault(id_, EarlierRoll(id_, starts_at, {})).statuses[enrolment_id] = status
    return rolls


def list_checks_of(lesson_id: int) -> Mapping[RollCheckKind, RollCheck]:
    return {row.kind: row for row in db.session.scalars(select(RollCheck).where(RollCheck.lesson_id == lesson_id))}


@dataclass(frozen=True)
class CheckRow:
    """Something found about a closed roll: where, when, what, who stands for the roll, and what became of it.

    `marker` is whoever `facts["by"]` names, `other_*` the roll that `facts["lesson"]` names.
    """

    id: int
    kind: RollCheckKind
    facts: Facts
    found_at: datetime
    gone_at: datetime | None
    answer: RollCheckAnswer | None
    words: str
    answered_at: datetime | None
    answered_by: str | None
    lesson_id: int
    title: str
    starts_at: datetime
    headcount: int | None
    closed_at: datetime
    closed_by: str | None
    cohort_id: int
    cohort_name: str
    region_code: str
    marker: str | None
    other_title: str | None
    other_starts_at: datetime | None

    @property
    def scope(self) -> Scope:
        return Scope(region_code=self.region_code, cohort_id=self.cohort_id)

    @property
    def is_open(self) -> bool:
        return self.answer is None and self.gone_at is None


def within_review(actor: Actor) -> ColumnElement[bool]:
    """Closed rolls whose checks are hers to see: within her reach, and not marked or closed by herself.

    Where Lesson and Cohort are joined.
    """
    reach = visible(actor, Permission.REVIEW_ROLLS, region=Cohort.region_code, cohort=Cohort.id)
    her_marks = exists().where(Mark.lesson_id == Lesson.id, Mark.by == actor.account_id)
    return and_(
        reach, Lesson.state == LessonState.CLOSED, Lesson.closed_by.is_distinct_from(actor.account_id), ~her_marks
    )


def open_checks() -> ColumnElement[bool]:
    return and_(RollCheck.answered_at.is_(None), RollCheck.gone_at.is_(None))


STATES: Mapping[str, ColumnElement[bool]] = {
    "open": open_checks(),
    "answered": RollCheck.answered_at.is_not(None),
    "gone": and_(RollCheck.gone_at.is_not(None), RollCheck.answered_at.is_(None)),
}


def _rows():
    answerer, closer, marker, other = aliased(Account), aliased(Account), aliased(Account), aliased(Lesson)
    return (
        select(
            *(RollCheck.id, RollCheck.kind, RollCheck.facts, RollCheck.found_at, RollCheck.gone_at, RollCheck.answer),
            *(RollCheck.words, RollCheck.answered_at, answerer.name.label("answerer"), Lesson.id.label("lesson")),
            *(Lesson.title, Lesson.starts_at, Lesson.headcount, Lesson.closed_at, closer.name.label("closer")),
            *(Cohort.id.label("cohort"), Cohort.name.label("cohort_name"), Cohort.region_code),
            *(marker.name.label("marker"), other.title.label("other_title"), other.starts_at.label("other_starts_at")),
        )
        .join(Lesson, Lesson.id == RollCheck.lesson_id)
        .join(Cohort, Cohort.id == Lesson.cohort_id)
        .outerjoin(answerer, answerer.id == RollCheck.answered_by)
        .outerjoin(closer, closer.id == Lesson.closed_by)
        .outerjoin(marker, marker.id == RollCheck.facts["by"].as_integer())
        .outerjoin(other, other.id == RollCheck.facts["lesson"].as_integer())
    )


def checks_page(
    actor: Actor,
    *,
    state: str = "open",
    kind: RollCheckKind | None = None,
    cohort_id: int | None = None,
    lesson_id: int | None = None,
    page: int = 1,
    per_page: int = 20,
) -> Page[CheckRow]:
    """The newest lesson first; two statements. `state` is one of STATES."""
    wanted = {RollCheck.kind: kind, Lesson.cohort_id: cohort_id, Lesson.id: lesson_id}
    cut = [column == value for column, value in wanted.items() if value is not None]
    statement = _rows().where(within_review(actor), STATES[state], *cut)
    ordered = statement.order_by(Lesson.starts_at.desc(), RollCheck.lesson_id, RollCheck.id)
    return fetch_page(ordered, lambda row: CheckRow(*row), page=page, per_page=per_page)


def get_check_for(actor: Actor, check_id: int) -> CheckRow | None:
    row = db.session.execute(_rows().where(RollCheck.id == check_id, within_review(actor))).one_or_none()
    return CheckRow(*row) if row else None


def cohorts_with_checks(actor: Actor) -> list[tuple[int, str]]:
    """(id, name) of the cohorts of which something was found."""
    rows = db.session.execute(
        select(Cohort.id, Cohort.name)
        .join(Lesson, Lesson.cohort_id == Cohort.id)
        .join(RollCheck, RollCheck.lesson_id == Lesson.id)
        .where(within_review(actor))
        .distinct()
        .order_by(Cohort.name, Cohort.id)
    )
    return [tuple(row) for row in rows]
