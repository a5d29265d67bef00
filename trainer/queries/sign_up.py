"""Signing up for a cohort, as whoever signs up sees it: the cohort, the counties, where she stands."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, case, func, select

from trainer.database import db
from trainer.domain.actors import region_prefix
from trainer.domain.attendance import LessonState
from trainer.domain.enrolment import IN_TRAINING, ON_THE_ROLL, EnrolmentStatus
from trainer.domain.programme import Track
from trainer.domain.sign_up import AnswerChannel, Door, HelperRelation, SignUpState, door, last_day
from trainer.models.enrolment import Enrolment, EnrolmentEvent
from trainer.models.lesson import Lesson
from trainer.models.programme import Cohort
from trainer.models.region import Region
from trainer.models.sign_up import SignUp
from trainer.queries.enrolment import in_order_of_waiting
from trainer.queries.region import region_names

MAY_TAKE_BACK = frozenset({EnrolmentStatus.APPLIED, EnrolmentStatus.WAITLISTED})


@dataclass(frozen=True)
class OpenCohort:
    """A cohort as its public page tells of it."""

    id: int
    code: str
    name: str
    track: Track
    region_code: str
    region: str
    place: str
    starts_on: date
    ends_on: date
    capacity: int
    teacher_name: str
    teacher_phone: str
    opens_on: date | None
    closes_on: date | None
    note: str
    collects_id_numbers: bool
    taken: int

    @property
    def last_day(self) -> date:
        return last_day(self.closes_on, self.starts_on, self.ends_on)

    def door(self, today: date) -> Door:
        return door(self.opens_on, self.last_day, today, places=self.capacity, taken=self.taken)


@dataclass(frozen=True)
class Answer:
    """Where a sign-up stands; `status` with its day and reason where an enrolment speaks for it."""

    sign_up_id: int
    cohort_id: int
    state: SignUpState
    name: str
    answer_by: AnswerChannel
    at: datetime
    settled_at: datetime | None
    status: EnrolmentStatus | None
    since: datetime | None
    reason: str
    waiting_before: int
    next_lesson: tuple[datetime, str] | None

    @property
    def may_take_back(self) -> bool:
        return self.state is SignUpState.OPEN or (self.state is SignUpState.SETTLED and self.status in MAY_TAKE_BACK)


def _cohorts() -> Select:
    taken = select(func.count()).where(Enrolment.cohort_id == Cohort.id, Enrolment.status.in_(ON_THE_ROLL))
    return select(
        *(Cohort.id, Cohort.code, Cohort.name, Cohort.track, Cohort.region_code, Region.name, Cohort.place),
        *(Cohort.starts_on, Cohort.ends_on, Cohort.capacity, Cohort.teacher_name, Cohort.teacher_phone),
        *(Cohort.sign_up_opens_on, Cohort.sign_up_closes_on, Cohort.sign_up_note, Cohort.collects_id_numbers),
        taken.scalar_subquery(),
    ).join(Region, Region.code == Cohort.region_code)


def get_open_cohort(cohort_id: int) -> OpenCohort | None:
    return _cohort(_cohorts().where(Cohort.id == cohort_id))


def find_open_cohort(code: str) -> OpenCohort | None:
    """By the code of its address, which somebody may have typed from a poster in small letters; never a class that was
    held before this system."""
    typed = func.lower(Cohort.code) == code.lower()
    exactly_first = case((Cohort.code == code, 0), else_=1)
    return _cohort(_cohorts().where(typed, ~Cohort.is_taken_over).order_by(exactly_first, Cohort.id).limit(1))


def _cohort(statement: Select) -> OpenCohort | None:
    row = db.session.execute(statement).one_or_none()
    return OpenCohort(*row) if row else None


def counties_to_choose(region_code: str) -> list[tuple[str, str]]:
    """(code, name) of the counties in the area of a cohort; with the city before it where there are several cities."""
    rows = db.session.execute(
        select(Region.code, Region.name, Region.parent_code)
        .where(Region.code.startswith(region_prefix(region_code)), Region.level == 3)
        .order_by(Region.code)
    ).all()
    cities = {row.parent_code for row in rows}
    names = region_names(cities) if len(cities) > 1 else {}
    return [(row.code, f"{names[row.parent_code]} {row.name}" if names else row.name) for row in rows]


def get_answer(sign_up_id: int, *, now: datetime) -> Answer | None:
    """Four statements at most."""
    facts = (SignUp.id, SignUp.cohort_id, SignUp.state, SignUp.name, SignUp.answer_by, SignUp.at, SignUp.settled_at)
    row = db.session.execute(select(*facts, SignUp.enrolment_id).where(SignUp.id == sign_up_id)).one_or_none()
    if row is None:
        return None
    sign_up_id, cohort_id, *said, enrolment_id = row
    status = None
    if enrolment_id:
        enrolment_id, cohort_id, status = _where_she_is(enrolment_id)
    step = _last_step(enrolment_id) if enrolment_id else None
    return Answer(
        *(sign_up_id, cohort_id, *said),
        status=status,
        since=step.at if step else None,
        # What is written down beside other steps is for staff.
        reason=step.reason if step and status is EnrolmentStatus.REJECTED else "",
        waiting_before=_waiting_before(cohort_id, enrolment_id) if status is EnrolmentStatus.WAITLISTED else 0,
        next_lesson=_next_lesson(cohort_id, now) if status in IN_TRAINING else None,
    )


def _where_she_is(enrolment_id: int) -> tuple[int, int, EnrolmentStatus]:
    """The enrolment that speaks for her (id, cohort, status): after a transfer the one it led to."""
    first = select(Enrolment.id).where(Enrolment.id == enrolment_id).cte("led_to", recursive=True)
    led_to = first.union(select(Enrolment.id).join(first, Enrolment.transferred_from_id == first.c.id))
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.cohort_id, Enrolment.status)
        .where(Enrolment.id.in_(select(led_to.c.id)))
        .order_by(Enrolment.id)
    ).all()
    # Transferred back, the later one is withdrawn and the earlier one speaks again.
    return tuple(next((row for row in reversed(rows) if row.status is not EnrolmentStatus.WITHDRAWN), rows[-1]))


def get_helper(sign_up_id: int) -> tuple[str, str, HelperRelation, str, str | None] | None:
    """(name, phone, relation, county, township) of whoever filled a sign-up in for somebody else."""
    facts = (SignUp.helper_name, SignUp.helper_phone, SignUp.helper_relation, SignUp.region_code, SignUp.township)
    row = db.session.execute(select(*facts).where(SignUp.id == sign_up_id)).one_or_none()
    return tuple(row) if row and row.helper_name else None


def _last_step(enrolment_id: int):
    steps = select(EnrolmentEvent.at, EnrolmentEvent.reason)
    return db.session.execute(
        steps.where(EnrolmentEvent.enrolment_id == enrolment_id).order_by(EnrolmentEvent.id.desc()).limit(1)
    ).one_or_none()


def _waiting_before(cohort_id: int, enrolment_id: int) -> int:
    """How many of the cohort get a place before her, in the order in which places are given."""
    waiting = db.session.execute(in_order_of_waiting(cohort_id)).all()
    return [row.id for row in waiting].index(enrolment_id)


def _next_lesson(cohort_id: int, now: datetime) -> tuple[datetime, str] | None:
    row = db.session.execute(
        select(Lesson.starts_at, Lesson.place)
        .where(Lesson.cohort_id == cohort_id, Lesson.state != LessonState.CANCELLED, Lesson.ends_at > now)
        .order_by(Lesson.starts_at)
        .limit(1)
    ).one_or_none()
    return tuple(row) if row else None
