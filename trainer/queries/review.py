"""An evaluator's own work: her rounds, one sheet, the next one. Never a name of a candidate, never another's scores."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from trainer.database import db
from trainer.domain.actors import Scope
from trainer.domain.selection import ApplicationState, CriterionKind, ReviewState, RoundKind, RoundState
from trainer.models.selection import (
    Application,
    Assignment,
    Criterion,
    Review,
    ReviewVersion,
    Round,
    Rubric,
    Selection,
)

# A round being prepared is nothing to an evaluator yet.
SHOWN = (RoundState.OPEN, RoundState.CLOSED)


@dataclass(frozen=True)
class MySheet:
    """One application in an evaluator's list."""

    assignment_id: int
    code: str
    state: ReviewState


@dataclass
class MyRound:
    """A round as its evaluator sees it, in her reading order."""

    id: int
    selection: str
    kind: RoundKind
    state: RoundState
    sheets: list[MySheet] = field(default_factory=list)

    @property
    def submitted(self) -> int:
        return sum(sheet.state is ReviewState.SUBMITTED for sheet in self.sheets)

    @property
    def next_sheet(self) -> MySheet | None:
        return next((sheet for sheet in self.sheets if sheet.state is not ReviewState.SUBMITTED), None)


def list_my_rounds(account_id: int) -> list[MyRound]:
    """Open rounds first, then closed ones; one statement."""
    rows = db.session.execute(
        select(Round.id, Selection.name, Round.kind, Round.state, Assignment.id, Application.code, Review.state)
        .join(Round, Round.id == Assignment.round_id)
        .join(Selection, Selection.id == Round.selection_id)
        .join(Application, Application.id == Assignment.application_id)
        .outerjoin(Review, Review.assignment_id == Assignment.id)
        .where(
            Assignment.account_id == account_id,
            Round.state.in_(SHOWN),
            Application.state == ApplicationState.SUBMITTED,
        )
        .order_by(Round.opened_at.desc(), Round.id, Assignment.position)
    )
    rounds: dict[int, MyRound] = {}
    for round_id, selection, kind, state, assignment_id, code, review_state in rows:
        found = rounds.setdefault(round_id, MyRound(round_id, selection, kind, state))
        found.sheets.append(MySheet(assignment_id, code, review_state or ReviewState.NOT_STARTED))
    return sorted(rounds.values(), key=lambda r: r.state is not RoundState.OPEN)


@dataclass(frozen=True)
class SheetView:
    """One assignment with its sheet as far as it is; nothing that says who the candidate is but her code."""

    id: int
    account_id: int
    round_id: int
    selection: str
    kind: RoundKind
    state: RoundState
    code: str
    plan: str
    position: int
    of: int
    review: Review | None

    @property
    def scope(self) -> Scope:
        return Scope(account_ids=frozenset({self.account_id}))

    @property
    def draft(self) -> dict:
        return self.review.draft if self.review else {"levels": {}, "strengths": "", "risks": ""}

    @property
    def version(self) -> int:
        return self.review.version if self.review else 0

    @property
    def is_submitted(self) -> bool:
        return self.review is not None and self.review.submitted_version is not None


def get_sheet(assignment_id: int) -> SheetView | None:
    """None too where the round is not open yet or the candidate has withdrawn."""
    of = (
        select(func.count())
        .where(
            Assignment.round_id == Round.id,
            Assignment.account_id
            == select(Assignment.account_id).where(Assignment.id == assignment_id).scalar_subquery(),
        )
        .correlate(Round)
        .scalar_subquery()
    )
    row = db.session.execute(
        select(Assignment, Round, Selection.name, Application.code, Application.plan, of, Review)
        .join(Round, Round.id == Assignment.round_id)
        .join(Selection, Selection.id == Round.selection_id)
        .join(Application, Application.id == Assignment.application_id)
        .outerjoin(Review, Review.assignment_id == Assignment.id)
        .where(
            Assignment.id == assignment_id,
            Round.state.in_(SHOWN),
            Application.state == ApplicationState.SUBMITTED,
        )
    ).one_or_none()
    if row is None:
        return None
    assignment, round_, selection, code, plan, count, review = row
    return SheetView(
        id=assignment.id,
        account_id=assignment.account_id,
        round_id=round_.id,
        selection=selection,
        kind=round_.kind,
        state=round_.state,
        code=code,
        plan=plan,
        position=assignment.position,
        of=count,
        review=review,
    )


def list_judged_criteria(round_id: int) -> list[Criterion]:
    """The criteria she scores, with the words of their levels."""
    return list(
        db.session.scalars(
            select(Criterion)
            .join(Rubric, Rubric.id == Criterion.rubric_id)
            .where(Rubric.round_id == round_id, Criterion.kind == CriterionKind.JUDGED)
            .order_by(Criterion.position)
            .options(selectinload(Criterion.levels))
        )
    )


def get_version(assignment_id: int, number: int) -> ReviewVersion | None:
    return db.session.scalar(
        select(ReviewVersion).where(ReviewVersion.assignment_id == assignment_id, ReviewVersion.number == number)
    )


@dataclass(frozen=True)
class VersionRow:
    """A submitted sheet."""

    number: int
    submitted_at: datetime
    reason: str
    levels: dict[str, int | None]
    strengths: str
    risks: str

    @property
    def content(self) -> dict:
        return {"levels": self.levels, "strengths": self.strengths, "risks": self.risks}


def list_versions(assignment_id: int) -> list[VersionRow]:
    """What she submitted and when, the last first."""
    rows = db.session.execute(
        select(
            ReviewVersion.number,
            ReviewVersion.submitted_at,
            ReviewVersion.reason,
            ReviewVersion.levels,
            ReviewVersion.strengths,
            ReviewVersion.risks,
        )
        .where(ReviewVersion.assignment_id == assignment_id)
        .order_by(ReviewVersion.number.desc())
    )
    return [VersionRow(*row) for row in rows]


def next_assignment_id(account_id: int, round_id: int, *, after: int) -> int | None:
    """The next application of hers without a submitted sheet, in her reading order, from `after` round to the start."""
    return db.session.scalar(
        select(Assignment.id)
        .join(Application, Application.id == Assignment.application_id)
        .outerjoin(Review, Review.assignment_id == Assignment.id)
        .where(
            Assignment.account_id == account_id,
            Assignment.round_id == round_id,
            Application.state == ApplicationState.SUBMITTED,
            Review.submitted_version.is_(None),
        )
        .order_by(Assignment.position <= after, Assignment.position)
        .limit(1)
    )
