"""Lessons: one, who may teach it, and what stands in its way."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from trainer.database import db
from trainer.domain.actors import Role
from trainer.domain.attendance import LessonState
from trainer.models.account import Account, RoleGrant
from trainer.models.lesson import Lesson


def get_lesson(lesson_id: int) -> Lesson | None:
    """With its cohort."""
    return db.session.scalar(select(Lesson).where(Lesson.id == lesson_id).options(joinedload(Lesson.cohort)))


def list_instructors(*, besides: Sequence[int] = ()) -> list[tuple[int, str]]:
    """(account id, name) of everybody who holds the role of instructor, and of the accounts `besides`."""
    holders = select(RoleGrant.account_id).where(RoleGrant.role == Role.INSTRUCTOR, RoleGrant.revoked_at.is_(None))
    rows = db.session.execute(
        select(Account.id, Account.name)
        .where((Account.id.in_(holders) & Account.active) | Account.id.in_(besides))
        .order_by(Account.name, Account.id)
    )
    return [tuple(row) for row in rows]


def list_lesson_times(cohort_id: int) -> list[tuple[datetime, datetime, str]]:
    """(start, end, title) of the lessons that will take place."""
    rows = db.session.execute(
        select(Lesson.starts_at, Lesson.ends_at, Lesson.title)
        .where(Lesson.cohort_id == cohort_id, Lesson.state != LessonState.CANCELLED)
        .order_by(Lesson.starts_at)
    )
    return [tuple(row) for row in rows]


def find_overlapping_lesson(
    cohort_id: int, starts_at: datetime, ends_at: datetime, *, besides: int | None = None
) -> str | None:
    """The title of a lesson of the cohort that takes place in part of that time."""
    return db.session.scalar(
        _at_that_time(select(Lesson.title), starts_at, ends_at, besides).where(Lesson.cohort_id == cohort_id)
    )


def find_lesson_of_instructor(
    account_id: int, starts_at: datetime, ends_at: datetime, *, besides: int | None = None
) -> str | None:
    """The name of an instructor who teaches anywhere in part of that time."""
    statement = select(Account.name).join(Lesson, Lesson.instructor_id == Account.id).where(Account.id == account_id)
    return db.session.scalar(_at_that_time(statement, starts_at, ends_at, besides))


def _at_that_time(statement, starts_at: datetime, ends_at: datetime, besides: int | None):
    return statement.where(
        Lesson.starts_at < ends_at,
        Lesson.ends_at > starts_at,
        Lesson.state != LessonState.CANCELLED,
        Lesson.id.is_distinct_from(besides),
    ).limit(1)
