"""Cohorts: lists, one with its timetable and rule, the women on its roll."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from trainer.database import db
from trainer.domain.actors import Actor, Scope, region_prefix
from trainer.domain.attendance import LessonKind, LessonState
from trainer.domain.days import china_day
from trainer.domain.enrolment import ON_THE_ROLL, EnrolmentStatus
from trainer.domain.people import mask_phone
from trainer.domain.programme import CohortDraft, CohortPhase, Track
from trainer.models.account import Account
from trainer.models.enrolment import Enrolment
from trainer.models.job import CohortMetrics
from trainer.models.lesson import Lesson
from trainer.models.person import Person
from trainer.models.programme import Cohort, CompletionRuleVersion
from trainer.models.region import Region
from trainer.permissions import Permission
from trainer.queries.scoping import Page, contains, fetch_page, visible


@dataclass(frozen=True)
class CohortRow:
    """A line of the list of cohorts; minutes are of the last reckoning, None before the first."""

    id: int
    code: str
    name: str
    track: Track
    region: str
    place: str
    starts_on: date
    ends_on: date
    capacity: int
    enrolled: int
    lessons: int
    lessons_closed: int
    attended_minutes: int | None
    counted_minutes: int | None

    @property
    def attendance_rate(self) -> float | None:
        return self.attended_minutes / self.counted_minutes if self.counted_minutes else None


@dataclass(frozen=True)
class LessonRow:
    """A line of the timetable."""

    id: int
    title: str
    kind: LessonKind
    starts_at: datetime
    ends_at: datetime
    credit_minutes: int
    place: str
    instructor: str
    state: LessonState
    headcount: int | None
    cancel_reason: str
    instructor_id: int | None
    link: str
    batch: str

    @property
    def day(self) -> date:
        return china_day(self.starts_at)

    @property
    def takes_place(self) -> bool:
        return self.state is not LessonState.CANCELLED

    def scope_in(self, cohort: Cohort) -> Scope:
        return Scope.of_lesson(cohort.region_code, cohort.id, self.instructor_id)


@dataclass(frozen=True)
class RollRow:
    """A woman of the cohort; the phone is masked."""

    enrolment_id: int
    person_id: int
    seat_number: int | None
    name: str
    village: str | None
    phone: str
    status: EnrolmentStatus
    joined_on: date


def visible_cohorts(actor: Actor, permission: Permission = Permission.VIEW_COHORT) -> ColumnElement[bool]:
    """A WHERE clause over Cohort; an instructor sees those she teaches a lesson in."""
    return visible(
        actor,
        permission,
        region=Cohort.region_code,
        cohort=Cohort.id,
        accounts=lambda account_id: Cohort.id.in_(select(Lesson.cohort_id).where(Lesson.instructor_id == account_id)),
    )


def cohorts_page(
    actor: Actor,
    *,
    text: str = "",
    track: Track | None = None,
    region_code: str = "",
    programme_id: int | None = None,
    phase: CohortPhase | None = None,
    today: date | None = None,
    oldest_first: bool = False,
    page: int = 1,
    per_page: int = 20,
) -> Page[CohortRow]:
    """Cohorts she may see, the newest start first unless asked otherwise; `phase`: those that are in it `today`."""
    order = (Cohort.starts_on, Cohort.id) if oldest_first else (Cohort.starts_on.desc(), Cohort.id.desc())
    statement = (
        select(
            *(Cohort.id, Cohort.code, Cohort.name, Cohort.track, Region.name, Cohort.place),
            *(Cohort.starts_on, Cohort.ends_on, Cohort.capacity, _enrolled(), _lessons(), _lessons(LessonState.CLOSED)),
            *(CohortMetrics.attended_minutes, CohortMetrics.counted_minutes),
        )
        .join(Region, Region.code == Cohort.region_code)
        .outerjoin(CohortMetrics, CohortMetrics.cohort_id == Cohort.id)
        .where(visible_cohorts(actor))
        .order_by(*order)
    )
    if text:
        statement = statement.where(
            or_(contains(Cohort.name, text), contains(Cohort.code, text), contains(Cohort.place, text))
        )
    if track:
        statement = statement.where(Cohort.track == track)
    if region_code:
        statement = statement.where(Cohort.region_code.startswith(region_prefix(region_code)))
    if programme_id:
        statement = statement.where(Cohort.programme_id == programme_id)
    if phase and today:
        statement = statement.where(in_phase(phase, today))
    return fetch_page(statement, lambda row: CohortRow(*row), page=page, per_page=per_page)


def in_phase(phase: CohortPhase, day: date) -> ColumnElement[bool]:
    if phase is CohortPhase.PLANNED:
        return Cohort.starts_on > day
    return (
        Cohort.ends_on < day if phase is CohortPhase.FINISHED else (Cohort.starts_on <= day) & (Cohort.ends_on >= day)
    )


def _enrolled():
    return (
        select(func.count())
        .where(Enrolment.cohort_id == Cohort.id, Enrolment.status.in_(ON_THE_ROLL))
        .scalar_subquery()
    )


def _lessons(state: LessonState | None = None):
    """Lessons that are not cancelled, or those in one state."""
    wanted = Lesson.state == state if state else Lesson.state != LessonState.CANCELLED
    return select(func.count()).where(Lesson.cohort_id == Cohort.id, wanted).scalar_subquery()


def regions_of_cohorts(actor: Actor) -> list[tuple[str, str]]:
    """(code, name) of the regions that have a cohort she may see."""
    rows = db.session.execute(
        select(Region.code, Region.name)
        .where(Region.code.in_(select(Cohort.region_code).where(visible_cohorts(actor))))
        .order_by(Region.code)
    )
    return [tuple(row) for row in rows]


def get_cohort(cohort_id: int) -> Cohort | None:
    """With its programme."""
    return db.session.scalar(select(Cohort).where(Cohort.id == cohort_id).options(joinedload(Cohort.programme)))


def get_cohort_to_export(actor: Actor, cohort_id: int, *, in_full: bool = False) -> Cohort | None:
    """With its programme, if its lists may leave by her hand, with full numbers or masked."""
    permission = Permission.EXPORT_UNMASKED if in_full else Permission.EXPORT_PEOPLE
    statement = select(Cohort).where(Cohort.id == cohort_id, visible_cohorts(actor, permission))
    return db.session.scalar(statement.options(joinedload(Cohort.programme)))


def get_cohort_by_code(code: str) -> Cohort | None:
    return db.session.scalar(select(Cohort).where(Cohort.code == code))


def viewing_scope(cohort: Cohort) -> Scope:
    """Where a cohort lies for looking at it: with the instructors who teach in it."""
    teaching = db.session.scalars(
        select(Lesson.instructor_id).where(Lesson.cohort_id == cohort.id, Lesson.instructor_id.is_not(None)).distinct()
    )
    return Scope(cohort.region_code, cohort.id, account_ids=frozenset(teaching))


def get_rule(cohort_id: int) -> CompletionRuleVersion | None:
    """The version that rules now."""
    return db.session.scalar(
        select(CompletionRuleVersion)
        .where(CompletionRuleVersion.cohort_id == cohort_id)
        .order_by(CompletionRuleVersion.number.desc())
        .limit(1)
    )


def get_metrics(cohort_id: int) -> CohortMetrics | None:
    return db.session.get(CohortMetrics, cohort_id)


def list_lessons(cohort_id: int) -> list[LessonRow]:
    """The timetable in order of time."""
    rows = db.session.execute(
        select(
            *(Lesson.id, Lesson.title, Lesson.kind, Lesson.starts_at, Lesson.ends_at, Lesson.credit_minutes),
            *(Lesson.place, func.coalesce(Account.name, Lesson.instructor_name), Lesson.state, Lesson.headcount),
            *(Lesson.cancel_reason, Lesson.instructor_id, Lesson.link, Lesson.batch),
        )
        .outerjoin(Account, Account.id == Lesson.instructor_id)
        .where(Lesson.cohort_id == cohort_id)
        .order_by(Lesson.starts_at, Lesson.id)
    )
    return [LessonRow(*row) for row in rows]


def count_enrolled(cohort_id: int) -> int:
    return db.session.scalar(
        select(func.count()).where(Enrolment.cohort_id == cohort_id, Enrolment.status.in_(ON_THE_ROLL))
    )


def roll_page(
    cohort_id: int,
    *,
    text: str = "",
    status: EnrolmentStatus | None = None,
    by_name: bool = False,
    page: int = 1,
    per_page: int = 20,
) -> Page[RollRow]:
    """The women of a cohort by seat number or by name; `text` is a seat number, a name or its pinyin initials."""
    # Whoever has no seat stands after those who have one, on every database.
    seats = (Enrolment.seat_number.is_(None), Enrolment.seat_number, Enrolment.id)
    order = (Person.name_pinyin, *seats) if by_name else seats
    statement = (
        select(
            *(Enrolment.id, Enrolment.person_id, Enrolment.seat_number, Person.name, Person.village, Person.phone),
            *(Enrolment.status, Enrolment.joined_on),
        )
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.cohort_id == cohort_id)
        .order_by(*order)
    )
    if status:
        statement = statement.where(Enrolment.status == status)
    if text.isdecimal() and len(text) <= 6:
        statement = statement.where(Enrolment.seat_number == int(text))
    elif text:
        statement = statement.where(
            or_(
                contains(Person.name, text),
                Person.name_initials.startswith(text.lower(), autoescape=True),
                Person.name_pinyin.startswith(text.lower(), autoescape=True),
            )
        )
    return fetch_page(statement, _roll_row, page=page, per_page=per_page)


def _roll_row(row) -> RollRow:
    enrolment_id, person_id, seat, name, village, phone, status, joined_on = row
    return RollRow(enrolment_id, person_id, seat, name, village, mask_phone(phone), status, joined_on)


def lesson_span(cohort_id: int) -> tuple[datetime | None, datetime | None]:
    """When the first of its lessons begins and the last one, cancelled ones aside."""
    first, last = db.session.execute(
        select(func.min(Lesson.starts_at), func.max(Lesson.starts_at)).where(
            Lesson.cohort_id == cohort_id, Lesson.state != LessonState.CANCELLED
        )
    ).one()
    return first, last


def cohort_draft(cohort: Cohort, version: CompletionRuleVersion) -> CohortDraft:
    """The cohort as it is described now."""
    names = [name for name in CohortDraft.__dataclass_fields__ if name != "rule"]
    return CohortDraft(**{name: getattr(cohort, name) for name in names}, rule=version.rule)
