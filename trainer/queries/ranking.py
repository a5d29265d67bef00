"""Rankings: what goes into one (sheets, attendance, sales), and the frozen ones as pages read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, case, exists, func, or_, select

from trainer.database import db
from trainer.domain.anomaly import WAITING
from trainer.domain.attendance import AttendanceStatus, summarise
from trainer.domain.reconciliation import Haircut
from trainer.domain.round_ranking import Evidence, RankingLine, Sheet
from trainer.domain.sales import MATURE_TRUST, ShopRole
from trainer.domain.selection import ApplicationState, RankingFlag
from trainer.models.account import Account
from trainer.models.anomaly import Anomaly
from trainer.models.attendance import Attendance
from trainer.models.enrolment import Enrolment
from trainer.models.person import Person
from trainer.models.sales import OrderLine, Settlement, Shop
from trainer.models.selection import (
    Application,
    Assignment,
    RankingRow,
    RankingRun,
    Review,
    ReviewVersion,
)
from trainer.queries.attendance import get_rules, list_lessons_that_count, outcomes
from trainer.queries.reconciliation import haircut
from trainer.queries.sales_figures import SOLD


@dataclass(frozen=True)
class Candidacy:
    """A live application with whose records are its evidence."""

    id: int
    code: str
    person_id: int
    enrolment_id: int
    cohort_id: int
    joined_on: date


def list_candidacies(selection_id: int) -> list[Candidacy]:
    rows = db.session.execute(
        select(
            Application.id,
            Application.code,
            Application.person_id,
            Enrolment.id,
            Enrolment.cohort_id,
            Enrolment.joined_on,
        )
        .join(Enrolment, Enrolment.id == Application.enrolment_id)
        .where(Application.selection_id == selection_id, Application.state == ApplicationState.SUBMITTED)
        .order_by(Application.code)
    )
    return [Candidacy(*row) for row in rows]


def evaluator_numbers(round_id: int) -> dict[int, int]:
    """Account → number in this round, from 1."""
    accounts = db.session.scalars(
        select(Assignment.account_id).where(Assignment.round_id == round_id).distinct().order_by(Assignment.account_id)
    )
    return {account: number for number, account in enumerate(accounts, start=1)}


def list_sheets(round_id: int) -> list[Sheet]:
    """The last submitted version of every sheet of a live application."""
    numbers = evaluator_numbers(round_id)
    rows = db.session.execute(
        select(Application.code, Assignment.account_id, ReviewVersion.levels)
        .join(Assignment, Assignment.application_id == Application.id)
        .join(Review, Review.assignment_id == Assignment.id)
        .join(
            ReviewVersion,
            (ReviewVersion.assignment_id == Assignment.id) & (ReviewVersion.number == Review.submitted_version),
        )
        .where(Assignment.round_id == round_id, Application.state == ApplicationState.SUBMITTED)
        .order_by(Application.code, Assignment.account_id)
    )
    return [Sheet(code, numbers[account], levels) for code, account, levels in rows]


def list_evidence(selection_id: int, *, at: datetime) -> dict[str, Evidence]:
    """Attendance and sales of every candidate, by her code; six statements whatever the number."""
    candidates = list_candidacies(selection_id)
    minutes = _attended_minutes(candidates)
    sales = _sales([c.person_id for c in candidates], at=at)
    return {c.code: Evidence(*minutes[c.enrolment_id], *sales.get(c.person_id, (None, 0, 0))) for c in candidates}


def _attended_minutes(candidates: Sequence[Candidacy]) -> dict[int, tuple[int, int]]:
    """Enrolment → (attended, counted) minutes of closed lessons, as each cohort's own rule counts them."""
    cohorts = sorted({c.cohort_id for c in candidates})
    rules, lessons = get_rules(cohorts), list_lessons_that_count(cohorts)
    by_cohort = {cohort: [lesson for lesson in lessons if lesson.cohort_id == cohort] for cohort in cohorts}
    marks: dict[int, dict[int, AttendanceStatus]] = {c.enrolment_id: {} for c in candidates}
    for enrolment, lesson, status in db.session.execute(
        select(Attendance.enrolment_id, Attendance.lesson_id, Attendance.status).where(
            Attendance.enrolment_id.in_(list(marks))
        )
    ):
        marks[enrolment][lesson] = status
    found = {}
    for c in candidates:
        of_hers = outcomes(by_cohort[c.cohort_id], marks[c.enrolment_id], c.joined_on)
        summary = summarise(of_hers, rules[c.cohort_id])
        found[c.enrolment_id] = (summary.minutes, summary.counted_minutes)
    return found


def _sales(people: Sequence[int], *, at: datetime) -> dict[int, tuple[int | None, int, int]]:
    """Person → (net of what counts, how many lines count, how many paid lines there are); nothing = not in it.

    Orders are refunded for weeks: a line counts where its file was taken in 30 days after payment, or the money is
    settled. Its age today says nothing: whoever sends no later file would keep money that went back long ago. Lines
    that a decision took out do not count. Of a commission account the commission is what she sold for, not the goods.
    A shop that sent settlement files and never an order is there with what was settled: as certain, and less.
    """
    found = {person: list(figures) for person, *figures in db.session.execute(_from_orders(people, at))}
    for person, settled, flows in db.session.execute(_from_settlements(people, at)):
        net, counted, lines = found.get(person, (None, 0, 0))
        found[person] = [(net or 0) + settled, counted + flows, lines + flows]
    return {person: (None if net is None else int(net), *counts) for person, (net, *counts) in found.items()}


def _from_orders(people: Sequence[int], at: datetime) -> Select:
    kept = OrderLine.paid_fen - OrderLine.refunded_fen
    is_host = Shop.role == ShopRole.HOST
    earned = case((is_host, case((kept > 0, OrderLine.commission_fen), else_=0)), else_=kept)
    paid = and_(OrderLine.paid_fen > 0, OrderLine.is_gift.is_(False))
    counts = and_(
        *(paid, OrderLine.trust >= MATURE_TRUST, OrderLine.excluded_by.is_(None)),
        or_(Shop.role == ShopRole.OWN, OrderLine.commission_fen.is_not(None)),
    )
    return (
        select(
            *(Shop.person_id, func.sum(case((counts, earned)))),
            *(func.count(case((counts, 1))), func.count(case((paid, 1)))),
        )
        .join(OrderLine, OrderLine.shop_id == Shop.id)
        .where(Shop.person_id.in_(people), or_(OrderLine.paid_at.is_(None), OrderLine.paid_at <= at))
        .group_by(Shop.person_id)
    )


def _from_settlements(people: Sequence[int], at: datetime) -> Select:
    return (
        select(Shop.person_id, func.sum(Settlement.settled_fen), func.count())
        .join(Settlement, Settlement.shop_id == Shop.id)
        .where(Shop.person_id.in_(people), or_(Settlement.settled_at.is_(None), Settlement.settled_at <= at))
        .where(~exists().where(OrderLine.shop_id == Shop.id))
        .group_by(Shop.person_id)
    )


def count_undecided(selection_id: int) -> dict[int, int]:
    """Application → findings in her shops' sales that nobody has decided about; those without any are left out."""
    rows = db.session.execute(
        select(Application.id, func.count())
        .join(Shop, Shop.person_id == Application.person_id)
        .join(Anomaly, Anomaly.shop_id == Shop.id)
        .where(Application.selection_id == selection_id, Anomaly.state.in_(WAITING))
        .group_by(Application.id)
    )
    return dict(rows.all())


def count_undecided_of(shop_id: int) -> int:
    """Findings in a shop's sales that nobody has decided about."""
    return db.session.scalar(select(func.count()).where(Anomaly.shop_id == shop_id, Anomaly.state.in_(WAITING)))


@dataclass(frozen=True)
class FreshSales:
    """What a candidate's order files say of sales too young to count, and what refunds leave of such in her cohort."""

    gross_fen: int
    haircut: Haircut

    @property
    def estimate_fen(self) -> int | None:
        return self.haircut.estimate(self.gross_fen)


def get_fresh_sales(application_id: int) -> FreshSales | None:
    """In shops of her own; None where there are none. Two statements."""
    row = db.session.execute(
        select(Enrolment.cohort_id, func.sum(OrderLine.paid_fen))
        .join_from(Application, Enrolment, Enrolment.id == Application.enrolment_id)
        .join(Shop, Shop.person_id == Application.person_id)
        .join(OrderLine, OrderLine.shop_id == Shop.id)
        .where(Application.id == application_id, Shop.role == ShopRole.OWN, SOLD)
        .where(OrderLine.trust < MATURE_TRUST, OrderLine.excluded_by.is_(None))
        .group_by(Enrolment.cohort_id)
    ).one_or_none()
    return FreshSales(int(row[1]), haircut(row[0])) if row and row[1] else None


@dataclass(frozen=True)
class RunRow:
    """A frozen ranking, without its rows and inputs."""

    id: int
    created_at: datetime
    created_by: str | None
    input_sha256: str
    output_sha256: str


def list_runs(round_id: int) -> list[RunRow]:
    """The last first."""
    rows = db.session.execute(
        select(RankingRun.id, RankingRun.created_at, Account.name, RankingRun.input_sha256, RankingRun.output_sha256)
        .outerjoin(Account, Account.id == RankingRun.created_by)
        .where(RankingRun.round_id == round_id)
        .order_by(RankingRun.created_at.desc(), RankingRun.id.desc())
    )
    return [RunRow(*row) for row in rows]


def get_run_inputs(run_id: int) -> dict:
    """What was ranked, as it was frozen."""
    return db.session.scalar(select(RankingRun.inputs).where(RankingRun.id == run_id))


@dataclass(frozen=True)
class Comment:
    """What one evaluator wrote about a candidate; the evaluator goes by her number."""

    evaluator: int
    strengths: str
    risks: str


def list_comments(round_id: int, application_id: int, *, until: datetime) -> list[Comment]:
    """From the sheets that stood when a ranking was frozen (`until`)."""
    numbers = evaluator_numbers(round_id)
    rows = db.session.execute(
        select(Assignment.account_id, ReviewVersion.strengths, ReviewVersion.risks)
        .join(ReviewVersion, ReviewVersion.assignment_id == Assignment.id)
        .where(
            Assignment.round_id == round_id,
            Assignment.application_id == application_id,
            ReviewVersion.submitted_at <= until,
        )
        .order_by(ReviewVersion.number)
    )
    last = {account: (strengths, risks) for account, strengths, risks in rows}
    return [Comment(numbers[account], *last[account]) for account in sorted(last)]


def list_ranked(run_id: int) -> list[RankingLine]:
    """Best first, the unranked last; one statement whatever the number."""
    rows = db.session.execute(
        select(
            RankingRow.application_id,
            Application.code,
            Person.name,
            Person.village,
            RankingRow.rank,
            RankingRow.reviews,
            RankingRow.total_hundredths,
            RankingRow.judged_mean_hundredths,
            RankingRow.spread_hundredths,
            RankingRow.adjusted_hundredths,
            RankingRow.parts,
            RankingRow.flags,
        )
        .join(Application, Application.id == RankingRow.application_id)
        .join(Person, Person.id == Application.person_id)
        .where(RankingRow.run_id == run_id)
        .order_by(RankingRow.rank.is_(None), RankingRow.rank, Application.code)
    )
    return [RankingLine(*row[:-1], tuple(RankingFlag(flag) for flag in row[-1])) for row in rows]
