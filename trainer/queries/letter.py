"""Letters: whom one may be written to, how it reads, and what became of those sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, func, or_, select

from trainer.database import db
from trainer.domain.actors import Actor, Role
from trainer.domain.attendance import UNFINISHED, AttendanceStatus, LessonState, Standing
from trainer.domain.background_task import TaskKind, TaskState
from trainer.domain.message import (
    INBOX,
    NAME,
    OF_A_COHORT,
    Audience,
    Circle,
    DeliveryState,
    LetterDraft,
    MessageKind,
    NoNextLesson,
    PlaceholderWithoutCohort,
    fill,
    placeholders,
    read_audience,
    when_in_words,
)
from trainer.errors import NotFound
from trainer.models.account import Account, RoleGrant
from trainer.models.attendance import Attendance
from trainer.models.background_task import BackgroundTask
from trainer.models.enrolment import Enrolment
from trainer.models.lesson import Lesson
from trainer.models.message import Delivery, Message
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.review import Assignment
from trainer.models.sales import Shop
from trainer.models.selection import Round, Selection
from trainer.permissions import Permission
from trainer.queries.attendance import get_cohort_attendance
from trainer.queries.scoping import Page, fetch_page, visible

# Colleagues one may write to; administrators keep the system, they are told by it.
COLLEAGUES = (Role.MANAGER, Role.COHORT_STAFF, Role.INSTRUCTOR, Role.EVALUATOR)


@dataclass(frozen=True)
class Recipient:
    """Somebody the letter is for: a woman by her record, a colleague by her account."""

    name: str
    person_id: int | None = None
    account_id: int | None = None
    has_phone: bool = False
    has_signed_in: bool = True

    @property
    def reader(self) -> dict[str, int | None]:
        return {"account_id": self.account_id, "person_id": self.person_id}


@dataclass(frozen=True)
class Letter:
    """A letter with everything filled in but each reader's name; `erased`: women who have no inbox any more."""

    draft: LetterDraft
    subject: str
    body: str
    recipients: Sequence[Recipient]
    erased: int

    def subject_for(self, recipient: Recipient) -> str:
        return fill(self.subject, {NAME: recipient.name})

    def body_for(self, recipient: Recipient) -> str:
        return fill(self.body, {NAME: recipient.name})

    @property
    def without_sign_in(self) -> int:
        return sum(not recipient.has_signed_in for recipient in self.recipients)

    @property
    def without_phone(self) -> int:
        return sum(not recipient.has_phone for recipient in self.recipients)


def writable_cohorts(actor: Actor) -> ColumnElement[bool]:
    """A WHERE clause over Cohort: those whose women she may write to."""
    return visible(actor, Permission.SEND_MESSAGES, region=Cohort.region_code, cohort=Cohort.id)


def cohorts_to_write_to(actor: Actor) -> list[tuple[int, str]]:
    """(id, code and name), the newest first."""
    rows = db.session.execute(
        select(Cohort.id, Cohort.code, Cohort.name).where(writable_cohorts(actor)).order_by(Cohort.starts_on.desc())
    )
    return [(number, f"{code} {name}") for number, code, name in rows]


def prepare(actor: Actor, draft: LetterDraft, *, at: datetime) -> Letter:
    """What the letter comes to now. Raises NotFound for a cohort out of her reach, and what `fill_in` raises."""
    facts = _facts(actor, draft, at)
    recipients, erased = list_recipients(actor, draft.audience)
    return Letter(draft, fill(draft.subject, facts), fill(draft.body, facts), recipients, erased)


def _facts(actor: Actor, draft: LetterDraft, at: datetime) -> Mapping[str, str]:
    """The values of the placeholders but the name. Raises UnknownPlaceholder, PlaceholderWithoutCohort, NoNextLesson."""
    asked = placeholders(draft.subject, draft.body) & set(OF_A_COHORT)
    if draft.audience.cohort_id is None:
        for name in sorted(asked):
            raise PlaceholderWithoutCohort(name=f"{{{name}}}")
        return {}
    cohort = db.session.scalar(select(Cohort).where(Cohort.id == draft.audience.cohort_id, writable_cohorts(actor)))
    if cohort is None:
        raise NotFound()
    lesson = db.session.execute(
        select(Lesson.starts_at, Lesson.place)
        .where(
            Lesson.cohort_id == cohort.id,
            Lesson.starts_at > at,
            Lesson.state.in_(UNFINISHED),
        )
        .order_by(Lesson.starts_at)
        .limit(1)
    ).one_or_none()
    if lesson is None and asked - {"cohort"}:
        raise NoNextLesson(cohort=cohort.name)
    told = {"next_lesson": when_in_words(lesson.starts_at), "next_place": lesson.place} if lesson else {}
    return {"cohort": cohort.name, **told}


def list_recipients(actor: Actor, audience: Audience) -> tuple[list[Recipient], int]:
    """Whom a letter would reach now, within the actor's reach, and how many women were erased from the register."""
    if audience.cohort_id is None:
        return _colleagues(actor, audience.role), 0
    rows = db.session.execute(_women(actor, audience)).all()
    women = [
        Recipient(name, person_id=id_, has_phone=has_phone, has_signed_in=signed_in)
        for id_, name, has_phone, signed_in, erased in rows
        if not erased
    ]
    return women, len(rows) - len(women)


def _women(actor: Actor, audience: Audience) -> Select:
    """(person, name, has a phone, has signed in, is erased) by seat."""
    signed_in = exists().where(Account.person_id == Person.id, Account.last_sign_in_at.is_not(None))
    statement = (
        select(Person.id, Person.name, Person.phone.is_not(None), signed_in, Person.erased_at.is_not(None))
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Cohort.id == audience.cohort_id, writable_cohorts(actor), Enrolment.status.in_(audience.circle.statuses))
        .where(Person.merged_into_id.is_(None))
        .order_by(Enrolment.seat_number.is_(None), Enrolment.seat_number, Enrolment.id)
    )
    if audience.circle is Circle.NOT_SIGNED_IN:
        return statement.where(~signed_in)
    if audience.circle is Circle.WITHOUT_SHOP:
        return statement.where(~exists().where(Shop.person_id == Person.id))
    if audience.circle is Circle.ABSENT:
        return statement.where(Enrolment.id.in_(_absent(audience.cohort_id)))
    if audience.circle is Circle.BELOW_RULE:
        rows = get_cohort_attendance(audience.cohort_id).rows
        behind = [row.enrolment_id for row in rows if row.summary.standing is not Standing.ON_COURSE]
        return statement.where(Enrolment.id.in_(behind))
    return statement


def _absent(cohort_id: int) -> Select:
    """Enrolments absent without excuse at the last closed lesson."""
    last = (
        select(Lesson.id)
        .where(Lesson.cohort_id == cohort_id, Lesson.state == LessonState.CLOSED)
        .order_by(Lesson.starts_at.desc(), Lesson.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return select(Attendance.enrolment_id).where(
        Attendance.lesson_id == last, Attendance.status == AttendanceStatus.ABSENT
    )


def _colleagues(actor: Actor, role: Role) -> list[Recipient]:
    """Whoever holds the role within her reach, or is put to work there: an instructor by a lesson, an evaluator by
    an assignment; never herself."""
    limited = visible(
        actor,
        Permission.SEND_MESSAGES,
        region=func.coalesce(RoleGrant.region_code, Cohort.region_code),
        cohort=RoleGrant.cohort_id,
    )
    reach = [limited]
    if role is Role.INSTRUCTOR:
        taught = select(Lesson.instructor_id).join(Cohort, Cohort.id == Lesson.cohort_id).where(writable_cohorts(actor))
        reach.append(Account.id.in_(taught))
    elif role is Role.EVALUATOR:
        reach.append(Account.id.in_(_assigned(actor)))
    rows = db.session.execute(
        select(Account.id, Account.name, Account.phone.is_not(None), Account.last_sign_in_at.is_not(None))
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .outerjoin(Cohort, Cohort.id == RoleGrant.cohort_id)
        .where(RoleGrant.role == role, RoleGrant.revoked_at.is_(None), Account.active, or_(*reach))
        .where(Account.id != actor.account_id)
        .distinct()
        .order_by(Account.name, Account.id)
    )
    return [Recipient(row[1], account_id=row[0], has_phone=row[2], has_signed_in=row[3]) for row in rows]


def _assigned(actor: Actor) -> Select:
    return (
        select(Assignment.account_id)
        .join(Round, Round.id == Assignment.round_id)
        .join(Selection, Selection.id == Round.selection_id)
        .where(visible(actor, Permission.SEND_MESSAGES, region=Selection.region_code))
    )


@dataclass(frozen=True)
class LetterRow:
    """A letter sent: how many have it in their inbox, how many of them opened it."""

    id: int
    subject: str
    body: str
    kept: dict
    cohort: str | None
    sent_by: int
    sender: str
    created_at: datetime
    withdrawn_at: datetime | None
    delivered: int
    read: int
    sending: TaskState | None

    @property
    def audience(self) -> Audience:
        return read_audience(self.kept)


def _letters(actor: Actor) -> Select:
    """Her own, and those to a cohort within her reach."""
    inbox = [Delivery.message_id == Message.id, Delivery.channel == INBOX]
    task = and_(BackgroundTask.kind == TaskKind.LETTER, BackgroundTask.key == cast(Message.id, String))
    last_task = select(BackgroundTask.state).where(task).order_by(BackgroundTask.id.desc()).limit(1).scalar_subquery()
    return (
        select(
            *(Message.id, Message.subject, Message.body, Message.audience, Cohort.name, Message.sent_by, Account.name),
            *(Message.created_at, Message.withdrawn_at),
            select(func.count()).where(*inbox).scalar_subquery(),
            select(func.count()).where(*inbox, Delivery.read_at.is_not(None)).scalar_subquery(),
            last_task,
        )
        .join(Account, Account.id == Message.sent_by)
        .outerjoin(Cohort, Cohort.id == Message.cohort_id)
        .where(Message.kind == MessageKind.LETTER)
        .where(or_(Message.sent_by == actor.account_id, and_(Message.cohort_id.is_not(None), writable_cohorts(actor))))
    )


def letters_page(actor: Actor, *, page: int = 1, per_page: int = 20) -> Page[LetterRow]:
    """The newest first."""
    statement = _letters(actor).order_by(Message.created_at.desc(), Message.id.desc())
    return fetch_page(statement, lambda row: LetterRow(*row), page=page, per_page=per_page)


def get_letter(actor: Actor, message_id: int) -> LetterRow | None:
    row = db.session.execute(_letters(actor).where(Message.id == message_id)).one_or_none()
    return LetterRow(*row) if row else None


def count_on_channels(message_id: int) -> dict[str, dict[DeliveryState, int]]:
    """How many copies are how far, by channel besides the inbox."""
    counts: dict[str, dict[DeliveryState, int]] = {}
    for channel, state, number in db.session.execute(
        select(Delivery.channel, Delivery.state, func.count())
        .where(Delivery.message_id == message_id, Delivery.channel != INBOX)
        .group_by(Delivery.channel, Delivery.state)
        .order_by(Delivery.channel, Delivery.state)
    ):
        counts.setdefault(channel, {})[state] = number
    return counts
