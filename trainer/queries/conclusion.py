"""Concluding a class: everybody's verdict, what is still open, and what was concluded before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.attendance import UNFINISHED, LessonState
from trainer.domain.certificate import CertificateState
from trainer.domain.completion import MissingKind, Requirements, WomanProgress
from trainer.domain.completion_exception import ExceptionState
from trainer.domain.conclusion import Conclusion, OpenEnds, conclude
from trainer.domain.enrolment import IN_TRAINING, EnrolmentStatus, StatusCause
from trainer.models.account import Account
from trainer.models.certificate import Certificate
from trainer.models.completion_exception import CompletionException
from trainer.models.enrolment import Enrolment, EnrolmentEvent
from trainer.models.lesson import Lesson
from trainer.models.programme import Cohort
from trainer.permissions import Permission
from trainer.queries.completion import list_progress, requirements_of
from trainer.queries.scoping import visible

# What a conclusion writes as the cause of a step.
CONCLUDING = (StatusCause.COMPLETION, StatusCause.EXCEPTION)
CONCLUDED = (EnrolmentStatus.COMPLETED, EnrolmentStatus.NOT_COMPLETED)


def get_conclusion(cohort_id: int) -> Conclusion:
    """What concluding the class now would do: seven statements."""
    requirements = requirements_of([cohort_id])[cohort_id]
    women = list_progress(cohort_id, requirements)
    proposed, excepted = _exceptions(cohort_id)
    return conclude(
        women,
        rule_id=requirements.rule_id,
        open_ends=_open_ends(cohort_id, women, requirements, proposed),
        excepted=excepted,
        certified=list_certified(cohort_id),
    )


def _open_ends(cohort_id: int, women: Sequence[WomanProgress], requirements: Requirements, proposed: int) -> OpenEnds:
    unfinished, closed = db.session.execute(
        select(_count(Lesson.state.in_(UNFINISHED)), _count(Lesson.state == LessonState.CLOSED)).where(
            Lesson.cohort_id == cohort_id
        )
    ).one()
    lacks = [missing.kind for woman in women for missing in woman.progress.missing]
    return OpenEnds(
        unfinished,
        closed,
        lacks.count(MissingKind.TASK_WAITING),
        lacks.count(MissingKind.ASSESSMENT_TO_COME),
        proposed,
    )


def _count(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((which, 1), else_=0)), 0)


def _exceptions(cohort_id: int) -> tuple[int, set[int]]:
    """How many wait for a decision, and the enrolments of those approved."""
    rows = db.session.execute(
        select(CompletionException.state, CompletionException.enrolment_id)
        .join(Enrolment, Enrolment.id == CompletionException.enrolment_id)
        .where(
            Enrolment.cohort_id == cohort_id,
            CompletionException.state.in_((ExceptionState.PROPOSED, ExceptionState.APPROVED)),
        )
    ).all()
    approved = {enrolment_id for state, enrolment_id in rows if state is ExceptionState.APPROVED}
    return len(rows) - len(approved), approved


def list_certified(cohort_id: int) -> set[int]:
    """Enrolments with a certificate that is valid."""
    return set(
        db.session.scalars(
            select(Certificate.enrolment_id)
            .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
            .where(Enrolment.cohort_id == cohort_id, Certificate.state == CertificateState.VALID)
        )
    )


@dataclass(frozen=True)
class ConcludedRun:
    """One act of concluding, by who stands concluded by it."""

    at: datetime
    by: str | None
    completed: int
    not_completed: int
    certified: int


def list_runs(cohort_id: int) -> list[ConcludedRun]:
    """The acts that say how those women stand who stand concluded, the newest first."""
    completed = EnrolmentEvent.status == EnrolmentStatus.COMPLETED
    valid = select(Certificate.enrolment_id).where(Certificate.state == CertificateState.VALID)
    rows = db.session.execute(
        select(EnrolmentEvent.at, Account.name, _count(completed), _count(~completed), _count(Enrolment.id.in_(valid)))
        .join(Enrolment, Enrolment.id == EnrolmentEvent.enrolment_id)
        .outerjoin(Account, Account.id == EnrolmentEvent.by)
        .where(Enrolment.cohort_id == cohort_id, is_concluded())
        .group_by(EnrolmentEvent.at, Account.name)
        .order_by(EnrolmentEvent.at.desc())
    )
    return [ConcludedRun(*row) for row in rows]


def is_concluded() -> ColumnElement[bool]:
    """Over an enrolment joined with its events: she stands as a conclusion left her, and this event is it."""
    later = aliased(EnrolmentEvent)
    newest = select(func.max(later.id)).where(later.enrolment_id == Enrolment.id).correlate(Enrolment)
    return and_(
        EnrolmentEvent.id == newest.scalar_subquery(),
        EnrolmentEvent.cause.in_(CONCLUDING),
        Enrolment.status.in_(CONCLUDED),
    )


def list_concluded(cohort_id: int) -> dict[int, EnrolmentStatus]:
    """The enrolments that stand as a conclusion left them."""
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.status)
        .join(EnrolmentEvent, EnrolmentEvent.enrolment_id == Enrolment.id)
        .where(Enrolment.cohort_id == cohort_id, is_concluded())
        .order_by(Enrolment.id)
    )
    return dict(rows.all())


def cohorts_to_conclude(actor: Actor) -> Select:
    """(id, name, place, last day) of the classes whose every lesson is closed while women are still in training."""

    def has(state: ColumnElement[bool]) -> ColumnElement[bool]:
        return select(Lesson.id).where(Lesson.cohort_id == Cohort.id, state).correlate(Cohort).exists()

    in_training = select(Enrolment.id).where(Enrolment.cohort_id == Cohort.id, Enrolment.status.in_(IN_TRAINING))
    return (
        select(Cohort.id, Cohort.name, Cohort.place.label("detail"), Cohort.ends_on)
        .where(
            visible(actor, Permission.MANAGE_ENROLMENTS, region=Cohort.region_code, cohort=Cohort.id),
            has(Lesson.state == LessonState.CLOSED),
            ~has(Lesson.state.in_(UNFINISHED)),
            in_training.correlate(Cohort).exists(),
        )
        .order_by(Cohort.ends_on, Cohort.id)
    )
