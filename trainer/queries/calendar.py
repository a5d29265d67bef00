"""Lessons for calendars: those within somebody's reach, those a woman attends, and the addresses they are fetched from."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select

from trainer.crypto import hash_token
from trainer.database import db
from trainer.domain.actors import Actor, Role
from trainer.domain.attendance import LessonKind
from trainer.domain.calendar import FEED_AHEAD, FEED_BACK, FEED_MOST, CalendarLesson
from trainer.domain.days import day_begins
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.models.account import Account
from trainer.models.calendar import CalendarFeed
from trainer.models.enrolment import Enrolment
from trainer.models.lesson import Lesson
from trainer.models.programme import Cohort
from trainer.permissions import Permission
from trainer.queries.scoping import visible


def lessons_within_reach(actor: Actor) -> ColumnElement[bool]:
    """Where Lesson and Cohort are joined."""
    return visible(
        actor,
        Permission.VIEW_CALENDAR,
        region=Cohort.region_code,
        cohort=Cohort.id,
        accounts=lambda account_id: Lesson.instructor_id == account_id,
    )


def _lessons() -> Select:
    return (
        select(
            *(Lesson.id, Lesson.title, Lesson.kind, Lesson.state, Lesson.starts_at, Lesson.ends_at, Lesson.place),
            *(Lesson.link, func.coalesce(Account.name, Lesson.instructor_name), Cohort.id, Cohort.name, Lesson.version),
        )
        .join(Cohort, Cohort.id == Lesson.cohort_id)
        .outerjoin(Account, Account.id == Lesson.instructor_id)
        .order_by(Lesson.starts_at, Lesson.id)
    )


def _read(statement: Select) -> list[CalendarLesson]:
    return [CalendarLesson(*row) for row in db.session.execute(statement)]


def list_lessons_between(
    actor: Actor,
    first: date,
    last: date,
    *,
    cohort_id: int | None = None,
    kind: LessonKind | None = None,
    instructor_id: int | None = None,
    most: int = 2_000,
) -> list[CalendarLesson]:
    """Within her reach, from the first day to the last one, both included; one statement."""
    days = Lesson.starts_at >= day_begins(first), Lesson.starts_at < day_begins(last + timedelta(days=1))
    wanted = {Lesson.cohort_id: cohort_id, Lesson.kind: kind, Lesson.instructor_id: instructor_id}
    cut = [column == value for column, value in wanted.items() if value is not None]
    return _read(_lessons().where(lessons_within_reach(actor), *days, *cut).limit(most))


def list_running_cohorts(actor: Actor, first: date, last: date) -> list[tuple[int, str]]:
    """Cohorts within her reach whose days touch these."""
    reach = visible(actor, Permission.VIEW_CALENDAR, region=Cohort.region_code, cohort=Cohort.id, accounts=_teaches)
    rows = db.session.execute(
        select(Cohort.id, Cohort.name)
        .where(reach, Cohort.starts_on <= last, Cohort.ends_on >= first)
        .order_by(Cohort.name, Cohort.id)
        .limit(500)
    )
    return [tuple(row) for row in rows]


def _teaches(account_id: int) -> ColumnElement[bool]:
    return Cohort.id.in_(select(Lesson.cohort_id).where(Lesson.instructor_id == account_id))


def list_feed_lessons(actor: Actor, *, at: datetime) -> list[CalendarLesson]:
    """What a calendar program of hers shows: lessons she reaches or gives, and those she attends; one statement."""
    attends = Lesson.cohort_id.in_(
        select(Enrolment.cohort_id).where(Enrolment.person_id == actor.person_id, Enrolment.status.in_(ON_THE_ROLL))
    )
    hers = attends if actor.person_id and Role.TRAINEE in actor.roles else False
    days = Lesson.starts_at > at - FEED_BACK, Lesson.starts_at < at + FEED_AHEAD
    return _read(_lessons().where(or_(lessons_within_reach(actor), hers), *days).limit(FEED_MOST))


def find_feed(token: str) -> CalendarFeed | None:
    """The feed behind an address, while neither it nor its account is shut."""
    return db.session.scalar(
        select(CalendarFeed)
        .join(Account, Account.id == CalendarFeed.account_id)
        .where(CalendarFeed.token_hash == hash_token(token), CalendarFeed.revoked_at.is_(None), Account.active)
    )


def get_feed_of(account_id: int) -> CalendarFeed | None:
    """The one in force."""
    return db.session.scalar(
        select(CalendarFeed).where(CalendarFeed.account_id == account_id, CalendarFeed.revoked_at.is_(None))
    )


def list_taught(account_id: int, *, since: datetime) -> Sequence[CalendarLesson]:
    """Lessons an account gives, from a moment on; one statement."""
    return _read(_lessons().where(Lesson.instructor_id == account_id, Lesson.starts_at >= since))
