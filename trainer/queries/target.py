"""What a programme reached, for each kind of target: the numbers with the day they speak of, and what stands behind."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Select, and_, case, distinct, exists, func, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.attendance import LessonState
from trainer.domain.county_indicator import IndicatorKind
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.outcome_effort import DAYS_OF_A_JOB
from trainer.domain.outcomes import Stage
from trainer.domain.programme import TargetKind, Track
from trainer.domain.target import PART_OF, Actual
from trainer.models.enrolment import Enrolment
from trainer.models.follow_up import PaidWork
from trainer.models.job import CohortMetrics
from trainer.models.lesson import Lesson
from trainer.models.outcomes import CohortOutcomes, EnrolmentOutcome
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.region import Region
from trainer.models.sales import Shop
from trainer.permissions import Permission
from trainer.queries.county_indicator import sum_of_newest
from trainer.queries.mentor import count_mentors
from trainer.queries.scoping import visible

K = TargetKind
STAGES = {
    K.BROADCASTING: Stage.FIRST_BROADCAST,
    K.SELLING: Stage.FIRST_PAID_ORDER,
    K.SUSTAINED_SELLERS: Stage.SUSTAINED,
}
# Kinds of which a cohort has women of its own.
SHARED = (K.PEOPLE_TRAINED, K.SHOPS_OPENED, K.COMPLETED, *STAGES)
MEASURED = {
    K.LOGISTICS_POINTS: IndicatorKind.LOGISTICS_POINTS,
    K.PRACTITIONERS: IndicatorKind.PRACTITIONERS,
    K.HOUSEHOLDS: IndicatorKind.HOUSEHOLDS,
}

# A lesson of it was held.
_HAS_BEGUN = exists().where(Lesson.cohort_id == Cohort.id, Lesson.state == LessonState.CLOSED)


@dataclass(frozen=True)
class Reached:
    """What a programme reached so far: women counted once however many cohorts they were in; enrolments beside it."""

    cohorts: int
    enrolments: int
    attended_minutes: int
    counted_minutes: int
    actuals: dict[TargetKind, Actual] = field(default_factory=dict)

    @property
    def cohorts_run(self) -> int:
        return int(self.actual(K.COHORTS_RUN).value)

    @property
    def people(self) -> int:
        return int(self.actual(K.PEOPLE_TRAINED).value)

    @property
    def with_shop(self) -> int:
        return int(self.actual(K.SHOPS_OPENED).value)

    @property
    def attendance_rate(self) -> float | None:
        return self.attended_minutes / self.counted_minutes if self.counted_minutes else None

    def actual(self, kind: TargetKind) -> Actual:
        return self.actuals[kind]


def get_reached(programme_id: int, today: date) -> Reached:
    """Two statements: what is counted as it stands today, and what the outcomes of its cohorts say."""
    counted, after = _count_today(programme_id, today), _count_outcomes(programme_id)
    values = {kind: getattr(counted, kind) for kind in (K.PEOPLE_TRAINED, K.ADVANCED_TRAINED, K.SHOPS_OPENED)}
    values |= {kind: int(getattr(after, kind) or 0) for kind in (K.COMPLETED, *STAGES)}
    women = {
        kind: Actual(
            value,
            after.as_of if kind in (K.COMPLETED, *STAGES) else today,
            value,
            values[PART_OF[kind]] if kind in PART_OF else None,
        )
        for kind, value in values.items()
    }
    others = {
        K.COHORTS_RUN: Actual(counted.cohorts_run, today),
        K.MENTORS_POSTED: Actual(counted.mentors_posted, today),
        K.NET_SALES_YUAN: Actual(int((after.net_fen or 0) / 100), after.as_of, after.with_net),
        K.JOBS_FTE: Actual(round(int(after.paid_days) / DAYS_OF_A_JOB, 1), today, after.workers),
    }
    measured = {kind: Actual(int(getattr(counted, kind)) // 100, getattr(counted, f"{kind}_on")) for kind in MEASURED}
    minutes = (int(counted.attended), int(counted.counted))
    return Reached(counted.cohorts, counted.enrolments, *minutes, {**women, **others, **measured})


def _count_today(programme_id: int, today: date):
    mine = Cohort.programme_id == programme_id
    minutes = {
        name: select(func.coalesce(func.sum(column), 0)).join(Cohort, Cohort.id == CohortMetrics.cohort_id).where(mine)
        for name, column in (("attended", CohortMetrics.attended_minutes), ("counted", CohortMetrics.counted_minutes))
    }
    parts: dict[str, Select] = {
        "cohorts": select(func.count()).select_from(Cohort).where(mine),
        "cohorts_run": select(func.count()).select_from(Cohort).where(mine, _HAS_BEGUN),
        "enrolments": _on_the_roll(programme_id, func.count()),
        "people_trained": _people(programme_id),
        "advanced_trained": _people(programme_id).where(Cohort.track == Track.ADVANCED),
        "shops_opened": _people(programme_id).where(exists().where(Shop.person_id == Enrolment.person_id)),
        "mentors_posted": count_mentors(programme_id, today),
        **minutes,
    }
    for target, kind in MEASURED.items():
        parts[target.value], parts[f"{target.value}_on"] = sum_of_newest(programme_id, kind)
    return db.session.execute(select(*(part.scalar_subquery().label(name) for name, part in parts.items()))).one()


def _on_the_roll(programme_id: int, what) -> Select:
    return (
        select(what)
        .select_from(Enrolment)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Cohort.programme_id == programme_id, Enrolment.status.in_(ON_THE_ROLL))
    )


def _people(programme_id: int) -> Select:
    return _on_the_roll(programme_id, func.count(distinct(Enrolment.person_id)))


def _reached_stage(kind: TargetKind):
    return case((EnrolmentOutcome.stages[STAGES[kind].value].as_string().is_not(None), 1), else_=0)


def _graduates(programme_id: int) -> Select:
    """A line a woman: what she reached after any of the programme's courses that she completed. Her net sales are those
    after the course that was followed by most of them: the ninety days of two courses may lie over one another."""
    return (
        select(
            Enrolment.person_id,
            *(func.max(_reached_stage(kind)).label(kind.value) for kind in STAGES),
            func.max(EnrolmentOutcome.net_90_fen).label("net_fen"),
        )
        .select_from(EnrolmentOutcome)
        .join(Enrolment, Enrolment.id == EnrolmentOutcome.enrolment_id)
        .join(Cohort, Cohort.id == EnrolmentOutcome.cohort_id)
        .where(Cohort.programme_id == programme_id, EnrolmentOutcome.completed_on.is_not(None))
        .group_by(Enrolment.person_id)
    )


def _count_outcomes(programme_id: int):
    women = _graduates(programme_id).cte("graduates")
    work = and_(PaidWork.person_id.in_(select(women.c.person_id)), PaidWork.taken_back_at.is_(None))
    as_of = (
        select(func.min(CohortOutcomes.as_of))
        .join(Cohort, Cohort.id == CohortOutcomes.cohort_id)
        .where(Cohort.programme_id == programme_id)
    )
    return db.session.execute(
        select(
            func.count().label(K.COMPLETED.value),
            *(func.sum(women.c[kind.value]).label(kind.value) for kind in STAGES),
            func.sum(women.c.net_fen).label("net_fen"),
            func.count(women.c.net_fen).label("with_net"),
            select(func.coalesce(func.sum(PaidWork.paid_days), 0)).where(work).scalar_subquery().label("paid_days"),
            select(func.count()).select_from(PaidWork).where(work).scalar_subquery().label("workers"),
            as_of.scalar_subquery().label("as_of"),
        ).select_from(women)
    ).one()


@dataclass(frozen=True)
class CohortShare:
    """What one cohort has to do with each number; whoever was in two cohorts stands with both."""

    cohort_id: int
    name: str
    track: Track
    begun: bool
    as_of: date | None
    women: dict[TargetKind, int]
    net_fen: int | None


def list_cohort_shares(actor: Actor, programme_id: int) -> list[CohortShare]:
    """Of the cohorts whose women she may look at, the oldest first. One statement."""
    own = visible(actor, Permission.VIEW_OUTCOMES, region=Cohort.region_code, cohort=Cohort.id)
    women = _shares(programme_id).subquery()
    rows = db.session.execute(
        select(
            *(Cohort.id, Cohort.name, Cohort.track, _HAS_BEGUN, CohortOutcomes.as_of, women.c.net_fen),
            *(women.c[kind.value] for kind in SHARED),
        )
        .outerjoin(women, women.c.cohort_id == Cohort.id)
        .outerjoin(CohortOutcomes, CohortOutcomes.cohort_id == Cohort.id)
        .where(Cohort.programme_id == programme_id, own)
        .order_by(Cohort.starts_on, Cohort.id)
    )
    return [
        CohortShare(*row[:5], {kind: int(row[6 + at] or 0) for at, kind in enumerate(SHARED)}, row.net_fen)
        for row in rows
    ]


def _shares(programme_id: int) -> Select:
    """A row a cohort: its women of each kind in SHARED."""
    done = EnrolmentOutcome.completed_on.is_not(None)
    has_shop = exists().where(Shop.person_id == Enrolment.person_id)
    sums = {
        K.PEOPLE_TRAINED: func.count(),
        K.SHOPS_OPENED: func.sum(case((has_shop, 1), else_=0)),
        K.COMPLETED: func.sum(case((done, 1), else_=0)),
        **{kind: func.sum(case((done, _reached_stage(kind)), else_=0)) for kind in STAGES},
    }
    net = func.sum(case((done, EnrolmentOutcome.net_90_fen)))
    return (
        select(Enrolment.cohort_id, *(part.label(kind.value) for kind, part in sums.items()), net.label("net_fen"))
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(EnrolmentOutcome, EnrolmentOutcome.enrolment_id == Enrolment.id)
        .where(Cohort.programme_id == programme_id, Enrolment.status.in_(ON_THE_ROLL))
        .group_by(Enrolment.cohort_id)
    )


@dataclass(frozen=True)
class CountyJobs:
    """Paid days of the businesses of a county's graduates."""

    region: str
    workers: int
    paid_days: int

    @property
    def fte(self) -> float:
        return round(self.paid_days / DAYS_OF_A_JOB, 1)


def list_county_jobs(actor: Actor, programme_id: int) -> list[CountyJobs]:
    """By where the women live, in her reach. One statement."""
    women = _graduates(programme_id).cte("graduates")
    rows = db.session.execute(
        select(Region.name, func.count(), func.sum(PaidWork.paid_days))
        .select_from(PaidWork)
        .join(Person, Person.id == PaidWork.person_id)
        .join(Region, Region.code == Person.region_code)
        .where(
            *(PaidWork.person_id.in_(select(women.c.person_id)), PaidWork.taken_back_at.is_(None)),
            visible(actor, Permission.VIEW_OUTCOMES, region=Person.region_code),
        )
        .group_by(Region.code, Region.name)
        .order_by(Region.code)
    )
    return [CountyJobs(name, count, int(days)) for name, count, days in rows]
