"""Lessons: one, who may teach it, when the others take place, and whose they are."""

from collections import Counter
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from trainer.database import db
from trainer.domain.actors import Actor, Role
from trainer.domain.attendance import LessonState
from trainer.domain.days import CHINA
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.timetable import LessonDraft
from trainer.models.account import Account, RoleGrant
from trainer.models.enrolment import Enrolment
from trainer.models.lesson import Lesson
from trainer.models.programme import Cohort
from trainer.permissions import Permission
from trainer.queries.scoping import visible


def lessons_within_reach(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """A WHERE clause where Lesson and Cohort are joined; an instructor reaches the lessons she gives."""
    return visible(
        actor,
        permission,
        region=Cohort.region_code,
        cohort=Cohort.id,
        accounts=lambda account_id: Lesson.instructor_id == account_id,
    )


def lessons_of_hers(person_id: int) -> ColumnElement[bool]:
    """Lessons of the cohorts on whose roll she is."""
    mine = select(Enrolment.cohort_id).where(Enrolment.person_id == person_id, Enrolment.status.in_(ON_THE_ROLL))
    return Lesson.cohort_id.in_(mine)


def get_lesson(lesson_id: int) -> Lesson | None:
    """With its cohort."""
    return db.session.scalar(select(Lesson).where(Lesson.id == lesson_id).options(joinedload(Lesson.cohort)))


def get_instructor_name(lesson: Lesson) -> str:
    """Of her account, or as it was written down."""
    if lesson.instructor_id is None:
        return lesson.instructor_name
    return db.session.scalar(select(Account.name).where(Account.id == lesson.instructor_id))


def list_instructors() -> dict[str, int]:
    """Account ids by name of everybody who holds the role of instructor; namesakes carry their user name."""
    holders = select(RoleGrant.account_id).where(RoleGrant.role == Role.INSTRUCTOR, RoleGrant.revoked_at.is_(None))
    rows = db.session.execute(
        select(Account.id, Account.name, Account.username)
        .where(Account.id.in_(holders), Account.active)
        .order_by(Account.name, Account.id)
    ).all()
    often = Counter(name for _id, name, _username in rows)
    return {name if often[name] == 1 else f"{name} · {username}": id_ for id_, name, username in rows}


def list_lesson_times(cohort_id: int) -> list[tuple[datetime, datetime, str]]:
    """(start, end, title) of the lessons that will take place."""
    rows = db.session.execute(
        select(Lesson.starts_at, Lesson.ends_at, Lesson.title)
        .where(Lesson.cohort_id == cohort_id, Lesson.state != LessonState.CANCELLED)
        .order_by(Lesson.starts_at)
    )
    return [tuple(row) for row in rows]


def lesson_draft(lesson: Lesson) -> LessonDraft:
    """The lesson as it is planned now."""
    starts, ends = lesson.starts_at.astimezone(CHINA), lesson.ends_at.astimezone(CHINA)
    return LessonDraft(
        lesson.title,
        lesson.kind,
        starts.date(),
        starts.time(),
        ends.time(),
        lesson.credit_minutes,
        lesson.place,
        lesson.instructor_id,
        lesson.instructor_name,
        lesson.link,
    )
