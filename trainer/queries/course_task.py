"""Tasks of a cohort: a woman's own, the class's, and what waits to be marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, bindparam, func, select

from trainer.database import db
from trainer.domain.course_task import CourseTaskKind, HandInState, Proof
from trainer.domain.enrolment import IN_TRAINING, ON_THE_ROLL
from trainer.models.course_task import CourseTask, HandIn
from trainer.models.enrolment import Enrolment
from trainer.models.programme import Cohort, CompletionRuleVersion, RuleRequirement

# A hand-in that was taken back says nothing any more: the last of the others counts.
_ATTEMPT = HandIn.__table__.alias().c
_LAST = (
    select(func.max(_ATTEMPT.number))
    .where(
        _ATTEMPT.course_task_id == CourseTask.id,
        _ATTEMPT.enrolment_id == Enrolment.id,
        _ATTEMPT.state != HandInState.TAKEN_BACK,
    )
    .scalar_subquery()
)
COUNTS = and_(HandIn.course_task_id == CourseTask.id, HandIn.enrolment_id == Enrolment.id, HandIn.number == _LAST)


@dataclass(frozen=True)
class OwnTask:
    """A task of hers and where she stands with it; `remark` is what whoever marked it said."""

    cohort_id: int
    cohort: str
    id: int
    title: str
    due_on: date | None
    state: HandInState | None
    remark: str | None
    needs_doing: bool

    @property
    def is_sent_back(self) -> bool:
        return self.state is HandInState.SENT_BACK


# Made once: the page that every phone opens asks it.
_OWN_TASKS = (
    select(
        *(CourseTask.cohort_id, Cohort.name, CourseTask.id, CourseTask.title, CourseTask.due_on),
        *(HandIn.state, HandIn.remark, Enrolment.status),
    )
    .join(Enrolment, Enrolment.cohort_id == CourseTask.cohort_id)
    .join(Cohort, Cohort.id == CourseTask.cohort_id)
    .outerjoin(HandIn, COUNTS)
    .where(
        Enrolment.person_id == bindparam("person"),
        Enrolment.status.in_(ON_THE_ROLL),
        CourseTask.dropped_at.is_(None),
    )
    .order_by(CourseTask.id)
)


def list_own_tasks(person_id: int) -> list[OwnTask]:
    """Tasks of the cohorts on whose roll she is, those to do first, by their day: one statement."""
    rows = db.session.execute(_OWN_TASKS, {"person": person_id})
    tasks = [OwnTask(*facts, _needs_doing(facts[-2], status)) for *facts, status in rows]
    return sorted(tasks, key=lambda task: (not task.needs_doing, task.due_on or date.max, task.id))


def _needs_doing(state: HandInState | None, status) -> bool:
    """While her class goes on for her, and nothing of hers waits or was passed."""
    return status in IN_TRAINING and state in (None, HandInState.SENT_BACK)


@dataclass(frozen=True)
class OwnHandIn:
    """One attempt of hers, as she sees it."""

    id: int
    number: int
    state: HandInState
    words: str | None
    link: str | None
    has_picture: bool
    minutes: int | None
    helper_name: str | None
    at: datetime
    remark: str | None


@dataclass(frozen=True)
class OwnTaskPage:
    """A task of hers with what she handed in, the newest first; what she took back is gone from it."""

    id: int
    cohort: str
    enrolment_id: int
    title: str
    what_to_do: str
    kind: CourseTaskKind
    proof: Proof
    min_minutes: int | None
    due_on: date | None
    attempts: Sequence[OwnHandIn] = ()

    @property
    def last(self) -> OwnHandIn | None:
        return self.attempts[0] if self.attempts else None

    @property
    def takes_hand_in(self) -> bool:
        return self.last is None or self.last.state is HandInState.SENT_BACK


_ASKED = (CourseTask.title, CourseTask.what_to_do, CourseTask.kind, CourseTask.proof, CourseTask.min_minutes)


def get_own_task(person_id: int, task_id: int) -> OwnTaskPage | None:
    """None where it is not a task of a cohort on whose roll she is: two statements."""
    row = db.session.execute(
        select(CourseTask.id, Cohort.name, Enrolment.id.label("enrolment_id"), *_ASKED, CourseTask.due_on)
        .join(Enrolment, Enrolment.cohort_id == CourseTask.cohort_id)
        .join(Cohort, Cohort.id == CourseTask.cohort_id)
        .where(
            *(CourseTask.id == task_id, CourseTask.dropped_at.is_(None)),
            *(Enrolment.person_id == person_id, Enrolment.status.in_(ON_THE_ROLL)),
        )
    ).one_or_none()
    return row and OwnTaskPage(*row, _own_attempts(task_id, row.enrolment_id))


def _own_attempts(task_id: int, enrolment_id: int) -> list[OwnHandIn]:
    facts = (HandIn.id, HandIn.number, HandIn.state, HandIn.words, HandIn.link, HandIn.file_id.is_not(None))
    rows = db.session.execute(
        select(*facts, HandIn.minutes, HandIn.helper_name, HandIn.at, HandIn.remark)
        .where(
            *(HandIn.course_task_id == task_id, HandIn.enrolment_id == enrolment_id),
            HandIn.state != HandInState.TAKEN_BACK,
        )
        .order_by(HandIn.number.desc())
    )
    return [OwnHandIn(*row) for row in rows]


# --- the staff's ---


@dataclass(frozen=True)
class TaskRow:
    """A task of a cohort with how far the women on its roll are."""

    id: int
    title: str
    kind: CourseTaskKind
    proof: Proof
    min_minutes: int | None
    due_on: date | None
    is_demanded: bool
    women: int
    to_mark: int
    passed: int
    again: int

    @property
    def handed_in(self) -> int:
        return self.to_mark + self.passed + self.again


def list_tasks(cohort_id: int) -> list[TaskRow]:
    """Those not dropped, by the day they are due: one statement."""
    counts = [
        func.count().filter(HandIn.state == state)
        for state in (HandInState.HANDED_IN, HandInState.PASSED, HandInState.SENT_BACK)
    ]
    rows = db.session.execute(
        select(
            *(CourseTask.id, CourseTask.title, CourseTask.kind, CourseTask.proof, CourseTask.min_minutes),
            *(CourseTask.due_on, is_demanded(), func.count(Enrolment.id), *counts),
        )
        .outerjoin(Enrolment, and_(Enrolment.cohort_id == CourseTask.cohort_id, Enrolment.status.in_(ON_THE_ROLL)))
        .outerjoin(HandIn, COUNTS)
        .where(CourseTask.cohort_id == cohort_id, CourseTask.dropped_at.is_(None))
        .group_by(CourseTask.id)
        .order_by(CourseTask.due_on.is_(None), CourseTask.due_on, CourseTask.id)
    )
    return [TaskRow(*row) for row in rows]


def is_demanded():
    """Whether the cohort's completion rule of now asks for the task."""
    version = CompletionRuleVersion.__table__.alias().c
    newest = select(func.max(version.number)).where(version.cohort_id == CourseTask.cohort_id).scalar_subquery()
    return (
        select(RuleRequirement.id)
        .join(CompletionRuleVersion, CompletionRuleVersion.id == RuleRequirement.rule_id)
        .where(
            RuleRequirement.course_task_id == CourseTask.id,
            CompletionRuleVersion.cohort_id == CourseTask.cohort_id,
            CompletionRuleVersion.number == newest,
        )
        .exists()
    )


def get_task(cohort_id: int, task_id: int) -> CourseTask | None:
    """One of the cohort's that is not dropped."""
    return db.session.scalar(
        select(CourseTask).where(
            CourseTask.id == task_id, CourseTask.cohort_id == cohort_id, CourseTask.dropped_at.is_(None)
        )
    )
