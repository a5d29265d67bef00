"""Lessons for calendars: those within somebody's reach, those a woman attends, and the addresses they are fetched from."""

from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, or_, select

from trainer.crypto import hash_token
from trainer.database import db
from trainer.domain.actors import Actor, Role
from trainer.domain.attendance import LessonKind
from trainer.domain.calendar import FEED_AHEAD, FEED_BACK, FEED_MOST, CalendarLesson
from trainer.domain.days import day_begins
from trainer.models.account import Account
from trainer.models.calendar import CalendarFeed
from trainer.models.lesson import Lesson
from trainer.models.programme import Cohort
from trainer.permissions import Permission
from trainer.queries.cohort import visible_cohorts
from trainer.queries.lesson import lessons_of_hers, lessons_within_reach


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
    most: int = 2_000,
) -> list[CalendarLesson]:
    """Within her reach, from the first day to the last one, both included; one statement."""
    days = Lesson.starts_at >= day_begins(first), Lesson.starts_at < day_begins(last + timedelta(days=1))
    wanted = {Lesson.cohort_id: cohort_id, Lesson.kind: kind}
    cut = [column == value for column, value in wanted.items() if value is not None]
    return _read(_lessons().where(lessons_within_reach(actor, Permission.VIEW_CALENDAR), *days, *cut).limit(most))


def list_running_cohorts(actor: Actor, first: date, last: date) -> list[tuple[int, str]]:
    """Cohorts within her reach whose days touch these."""
    reach = visible_cohorts(actor, Permission.VIEW_CALENDAR)
    rows = db.session.execute(
        select(Cohort.id, Cohort.name)
        .where(reach, Cohort.starts_on <= last, Cohort.ends_on >= first)
        .order_by(Cohort.name, Cohort.id)
        .limit(500)
    )
    return [tuple(row) for row in rows]


def list_feed_lessons(actor: Actor, *, at: datetime) -> list[CalendarLesson]:
    """What a calendar program of hers shows: lessons she reaches or gives, and those she attends; one statement."""
    hers = lessons_of_hers(actor.person_id) if actor.person_id and Role.TRAINEE in actor.roles else False
    reach = lessons_within_reach(actor, Permission.VIEW_CALENDAR)
    days = Lesson.starts_at > at - FEED_BACK, Lesson.starts_at < at + FEED_AHEAD
    return _read(_lessons().where(or_(reach, hers), *days).limit(FEED_MOST))


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
