"""A cohort's completion rule: its versions in full, and what a new one can demand by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.attendance import LessonState
from trainer.domain.completion import Required, Requirements
from trainer.models.account import Account
from trainer.models.course_task import CourseTask
from trainer.models.lesson import Lesson
from trainer.models.programme import CompletionRuleVersion
from trainer.queries.assessment import AssessmentRow, list_assessments
from trainer.queries.completion import demands, requirements_from


@dataclass(frozen=True)
class RuleVersion:
    """One version as it ruled from `at` on."""

    number: int
    at: datetime
    by: str | None
    reason: str
    requirements: Requirements


def list_versions(cohort_id: int) -> list[RuleVersion]:
    """The one in force first: two statements."""
    rows = db.session.execute(demands().where(CompletionRuleVersion.cohort_id == cohort_id)).all()
    versions = db.session.execute(
        select(
            *(CompletionRuleVersion.id, CompletionRuleVersion.number, CompletionRuleVersion.set_at),
            *(Account.name, CompletionRuleVersion.reason),
        )
        .outerjoin(Account, Account.id == CompletionRuleVersion.set_by)
        .where(CompletionRuleVersion.cohort_id == cohort_id)
        .order_by(CompletionRuleVersion.number.desc())
    )
    return [
        RuleVersion(*version, requirements_from([row for row in rows if row[0] == rule_id]))
        for rule_id, *version in versions
    ]


@dataclass(frozen=True)
class LessonChoice:
    """A lesson that can be demanded."""

    id: int
    name: str
    starts_at: datetime
    state: LessonState


@dataclass(frozen=True)
class Demandable:
    """What a rule of a cohort can demand by name: lessons in order of time, tasks, assessments."""

    lessons: Sequence[LessonChoice]
    tasks: Sequence[Required]
    assessments: Sequence[AssessmentRow]


def list_demandable(cohort_id: int) -> Demandable:
    """Three statements."""
    lessons = db.session.execute(
        select(Lesson.id, Lesson.title, Lesson.starts_at, Lesson.state)
        .where(Lesson.cohort_id == cohort_id, Lesson.state != LessonState.CANCELLED)
        .order_by(Lesson.starts_at, Lesson.id)
    )
    tasks = db.session.execute(
        select(CourseTask.id, CourseTask.title)
        .where(CourseTask.cohort_id == cohort_id, CourseTask.dropped_at.is_(None))
        .order_by(CourseTask.id)
    )
    return Demandable(
        [LessonChoice(*row) for row in lessons],
        [Required(*row) for row in tasks],
        list_assessments(cohort_id),
    )
