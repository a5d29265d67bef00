"""Rankings: whose sheets go into one, and the runs as pages read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, func, select

from trainer.database import db
from trainer.domain.anomaly import WAITING
from trainer.domain.panel import SeatState
from trainer.domain.ranking_line import RankingLine
from trainer.domain.reconciliation import Haircut
from trainer.domain.round_inputs import Sheet
from trainer.domain.run_figures import RunFigures, read_figures
from trainer.domain.sales import MATURE_TRUST, ShopRole
from trainer.domain.selection import ApplicationState, RankingFlag, Recommendation, SheetSource
from trainer.models.account import Account
from trainer.models.anomaly import Anomaly
from trainer.models.application import Application
from trainer.models.enrolment import Enrolment
from trainer.models.panel import PanelSeat
from trainer.models.person import Person
from trainer.models.ranking import RankingRow, RankingRun
from trainer.models.review import Assignment, Review, ReviewVersion
from trainer.models.sales import OrderLine, Shop
from trainer.models.selection import Candidacy
from trainer.queries.conflict import is_held
from trainer.queries.reconciliation import haircut
from trainer.queries.sales_figures import SOLD


@dataclass(frozen=True)
class Candidate:
    """A live application of a round with whose records are its evidence."""

    id: int
    code: str
    person_id: int
    enrolment_id: int
    cohort_id: int
    joined_on: date


def list_candidates(round_id: int) -> list[Candidate]:
    rows = db.session.execute(
        select(
            Application.id,
            Application.code,
            Application.person_id,
            Enrolment.id,
            Enrolment.cohort_id,
            Enrolment.joined_on,
        )
        .join(Candidacy, Candidacy.application_id == Application.id)
        .join(Enrolment, Enrolment.id == Application.enrolment_id)
        .where(Candidacy.round_id == round_id, Application.state == ApplicationState.SUBMITTED)
        .order_by(Application.code)
    )
    return [Candidate(*row) for row in rows]


def evaluator_numbers(round_id: int) -> dict[int, int]:
    """Account → number in this round, from 1; whoever comes later has a later number, so that a run's stay hers."""
    first = func.min(Assignment.created_at)
    accounts = db.session.scalars(
        select(Assignment.account_id)
        .where(Assignment.round_id == round_id)
        .group_by(Assignment.account_id)
        .order_by(first.is_not(None), first, Assignment.account_id)
    )
    return {account: number for number, account in enumerate(accounts, start=1)}


def list_evaluator_names(round_id: int) -> dict[int, str]:
    """Number → name."""
    numbers = evaluator_numbers(round_id)
    rows = db.session.execute(select(Account.id, Account.name).where(Account.id.in_(numbers)))
    return {numbers[account]: name for account, name in rows}


def is_on_panel(round_id: int, account_id: int) -> bool:
    """Whether an account judges in a round, or was asked to."""
    seat = exists().where(
        PanelSeat.round_id == round_id,
        PanelSeat.account_id == account_id,
        PanelSeat.state.in_((SeatState.INVITED, SeatState.ACCEPTED)),
    )
    reads = exists().where(
        Assignment.round_id == round_id, Assignment.account_id == account_id, Assignment.withdrawn_at.is_(None)
    )
    return db.session.scalar(select(seat | reads))


def list_sheets(round_id: int) -> list[Sheet]:
    """The last submitted version of every sheet that counts: of a live candidate, by whom no conflict keeps from her."""
    numbers = evaluator_numbers(round_id)
    rows = db.session.execute(
        select(Application.code, Assignment.account_id, ReviewVersion.levels, ReviewVersion.recommendation)
        .join(Assignment, Assignment.application_id == Application.id)
        .join(Candidacy, (Candidacy.application_id == Application.id) & (Candidacy.round_id == round_id))
        .join(Review, Review.assignment_id == Assignment.id)
        .join(
            ReviewVersion,
            (ReviewVersion.assignment_id == Assignment.id) & (ReviewVersion.number == Review.submitted_version),
        )
        .where(
            Assignment.round_id == round_id,
            Assignment.withdrawn_at.is_(None),
            Application.state == ApplicationState.SUBMITTED,
            ~is_held(Application.id, Assignment.account_id),
        )
        .order_by(Application.code, Assignment.account_id)
    )
    return [Sheet(code, numbers[account], levels, said and said.value) for code, account, levels, said in rows]


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
class LeftOut:
    """Paid order lines of a candidate that a decision took out of what counts, and what stood in them."""

    lines: int
    fen: int


def get_left_out(application_id: int) -> LeftOut:
    lines, fen = db.session.execute(
        select(func.count(), func.coalesce(func.sum(OrderLine.paid_fen - OrderLine.refunded_fen), 0))
        .join_from(Application, Shop, Shop.person_id == Application.person_id)
        .join(OrderLine, OrderLine.shop_id == Shop.id)
        .where(Application.id == application_id, OrderLine.excluded_by.is_not(None))
    ).one()
    return LeftOut(lines, int(fen))


@dataclass(frozen=True)
class RunRow:
    """A ranking, without its rows and inputs."""

    id: int
    created_at: datetime
    created_by: str | None
    input_sha256: str
    output_sha256: str
    frozen_at: datetime | None


def list_runs(round_id: int) -> list[RunRow]:
    """The last first."""
    rows = db.session.execute(
        select(
            *(RankingRun.id, RankingRun.created_at, Account.name, RankingRun.input_sha256, RankingRun.output_sha256),
            RankingRun.frozen_at,
        )
        .outerjoin(Account, Account.id == RankingRun.created_by)
        .where(RankingRun.round_id == round_id)
        .order_by(RankingRun.created_at.desc(), RankingRun.id.desc())
    )
    return [RunRow(*row) for row in rows]


def get_run_inputs(run_id: int) -> dict:
    """What was ranked, as it was frozen."""
    return db.session.scalar(select(RankingRun.inputs).where(RankingRun.id == run_id))


def get_run_figures(run_id: int) -> dict:
    """What holds for the whole of a run, with its rows: the output that was hashed."""
    return db.session.scalar(select(RankingRun.figures).where(RankingRun.id == run_id))


_HEAD = ("judges", "components", "lambda2", "agreement", "adjusted", "extremes_kept", "weights", "quota")


def get_run_head(run_id: int) -> RunFigures:
    """The same without the rows; the database takes them apart, so that a page of ranks need not."""
    parts = [RankingRun.figures[name] for name in _HEAD]
    found = db.session.execute(select(*parts).where(RankingRun.id == run_id)).one()
    return read_figures(dict(zip(_HEAD, found, strict=True)))


@dataclass(frozen=True)
class RunMaking:
    """What a run's page says of its making; `quotas` in the order in which its proposal counts them."""

    seed: int | None
    versions: Mapping[str, str]
    quotas: Sequence[Mapping]


def get_run_making(run_id: int) -> RunMaking:
    parts = [RankingRun.inputs[name] for name in ("seed", "versions", "quotas")]
    seed, versions, quotas = db.session.execute(select(*parts).where(RankingRun.id == run_id)).one()
    return RunMaking(seed, versions or {}, quotas or ())


@dataclass(frozen=True)
class SheetVersion:
    """A submitted version: when, and why it replaced the one before."""

    number: int
    submitted_at: datetime
    reason: str


@dataclass(frozen=True)
class Comment:
    """What one evaluator wrote about a candidate; the evaluator goes by her number. `versions`: the first one first."""

    evaluator: int
    strengths: str
    risks: str
    confidence: int | None
    recommendation: Recommendation | None
    source: SheetSource
    abstentions: Mapping[str, str]
    versions: tuple[SheetVersion, ...]


def list_comments(round_id: int, application_id: int, *, until: datetime) -> list[Comment]:
    """From the sheets that stood when a ranking was made (`until`)."""
    numbers = evaluator_numbers(round_id)
    said = ("strengths", "risks", "confidence", "recommendation", "source", "abstentions")
    rows = db.session.execute(
        select(
            *(Assignment.account_id, ReviewVersion.number, ReviewVersion.submitted_at, ReviewVersion.reason),
            *(getattr(ReviewVersion, name) for name in said),
        )
        .join(ReviewVersion, ReviewVersion.assignment_id == Assignment.id)
        .where(
            Assignment.round_id == round_id,
            Assignment.application_id == application_id,
            ReviewVersion.submitted_at <= until,
        )
        .order_by(ReviewVersion.number)
    )
    last, versions = {}, {}
    for account, *version, strengths, risks, confidence, recommendation, source, abstentions in rows:
        versions.setdefault(account, []).append(SheetVersion(*version))
        last[account] = (strengths, risks, confidence, recommendation, source, abstentions)
    return sorted(
        (Comment(numbers[account], *content, tuple(versions[account])) for account, content in last.items()),
        key=lambda comment: comment.evaluator,
    )


_RANKED = (
    *(RankingRow.application_id, Application.code, Person.name, Person.village),
    *(RankingRow.rank, RankingRow.rank_low, RankingRow.rank_high, RankingRow.reviews, RankingRow.total_hundredths),
    *(RankingRow.raw_total_hundredths, RankingRow.adjusted_total_hundredths, RankingRow.judged_mean_hundredths),
    *(RankingRow.spread_hundredths, RankingRow.adjusted_hundredths, RankingRow.huber_hundredths),
    *(RankingRow.se_hundredths, RankingRow.p_seat_bp, RankingRow.weight_seat_bp, RankingRow.bonus_hundredths),
    *(RankingRow.parts, RankingRow.vetoes, RankingRow.flags),
)


def list_ranked(run_id: int) -> list[RankingLine]:
    """Best first, the unranked last; one statement whatever the number."""
    rows = db.session.execute(
        select(*_RANKED)
        .join(Application, Application.id == RankingRow.application_id)
        .join(Person, Person.id == Application.person_id)
        .where(RankingRow.run_id == run_id)
        .order_by(RankingRow.rank.is_(None), RankingRow.rank, Application.code)
    )
    return [
        RankingLine(*facts, tuple(vetoes), tuple(RankingFlag(flag) for flag in flags)) for *facts, vetoes, flags in rows
    ]
