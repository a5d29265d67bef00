"""An evaluator's own work: her rounds, one sheet, the next one. Never a name of a candidate, never another's scores."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from sqlalchemy import bindparam, func, select

from trainer.database import db
from trainer.domain.actors import Scope
from trainer.domain.selection import RANKED, ApplicationState, CriterionKind, ReviewState, RoundKind, RoundState
from trainer.models.application import Application
from trainer.models.review import Assignment, Review, ReviewVersion
from trainer.models.rubric import Criterion, CriterionLevel, Rubric
from trainer.models.selection import Round, Selection

# A round being prepared is nothing to an evaluator yet.
SHOWN = (RoundState.OPEN, *RANKED)


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
    """One assignment with its sheet as far as it is; nothing that says who the candidate is but her code.

    `version` is 0 and `draft` empty where she has not begun.
    """

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
    draft: dict
    version: int
    submitted_version: int | None
    updated_at: datetime | None

    @property
    def scope(self) -> Scope:
        return Scope(account_ids=frozenset({self.account_id}))

    @property
    def is_submitted(self) -> bool:
        return self.submitted_version is not None


# Made once, over the tables: an evaluator asks for these at every sheet.
ASSIGNMENT, APPLICATION = Assignment.__table__.c, Application.__table__.c
ROUND, REVIEW = Round.__table__.c, Review.__table__.c
_BESIDE = Assignment.__table__.alias().c
_OF = select(func.count()).where(_BESIDE.round_id == ASSIGNMENT.round_id, _BESIDE.account_id == ASSIGNMENT.account_id)
_SHEET = (
    select(
        *(ASSIGNMENT.id, ASSIGNMENT.account_id, ASSIGNMENT.round_id, Selection.__table__.c.name, ROUND.kind),
        *(ROUND.state, APPLICATION.code, APPLICATION.plan, ASSIGNMENT.position, _OF.scalar_subquery()),
        *(REVIEW.draft, REVIEW.version, REVIEW.submitted_version, REVIEW.updated_at),
    )
    .select_from(Assignment.__table__)
    .join(Round.__table__, ROUND.id == ASSIGNMENT.round_id)
    .join(Selection.__table__, Selection.__table__.c.id == ROUND.selection_id)
    .join(Application.__table__, APPLICATION.id == ASSIGNMENT.application_id)
    .outerjoin(Review.__table__, REVIEW.assignment_id == ASSIGNMENT.id)
    .where(
        ASSIGNMENT.id == bindparam("assignment"),
        ROUND.state.in_(SHOWN),
        APPLICATION.state == ApplicationState.SUBMITTED,
    )
)


def get_sheet(assignment_id: int) -> SheetView | None:
    """None too where the round is not open yet or the candidate has withdrawn."""
    row = db.session.execute(_SHEET, {"assignment": assignment_id}).one_or_none()
    if row is None:
        return None
    *facts, draft, version, submitted_version, updated_at = row
    draft = draft or {"levels": {}, "strengths": "", "risks": ""}
    return SheetView(*facts, draft, version or 0, submitted_version, updated_at)


@dataclass(frozen=True)
class JudgedCriterion:
    """What a sheet asks: the words of the levels by value."""

    code: str
    name: str
    weight_bp: int
    levels: tuple[tuple[int, str], ...]


CRITERION, RUBRIC, LEVEL = Criterion.__table__.c, Rubric.__table__.c, CriterionLevel.__table__.c
_JUDGED = (
    select(CRITERION.code, CRITERION.name, CRITERION.weight_bp, LEVEL.value, LEVEL.words)
    .select_from(Criterion.__table__)
    .join(Rubric.__table__, RUBRIC.id == CRITERION.rubric_id)
    .outerjoin(CriterionLevel.__table__, LEVEL.criterion_id == CRITERION.id)
    .where(RUBRIC.round_id == bindparam("round"), CRITERION.kind == CriterionKind.JUDGED)
    .order_by(CRITERION.position, LEVEL.value)
)


def list_judged_criteria(round_id: int) -> tuple[JudgedCriterion, ...]:
    """The criteria she scores, with the words of their levels; one statement."""
    rows = db.session.execute(_JUDGED, {"round": round_id})
    return tuple(
        JudgedCriterion(*about, tuple((value, words) for *_, value, words in levels if value is not None))
        for about, levels in groupby(rows, key=lambda row: row[:3])
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


_NEXT = (
    select(ASSIGNMENT.id)
    .join(Application.__table__, APPLICATION.id == ASSIGNMENT.application_id)
    .outerjoin(Review.__table__, REVIEW.assignment_id == ASSIGNMENT.id)
    .where(
        ASSIGNMENT.account_id == bindparam("account"),
        ASSIGNMENT.round_id == bindparam("round"),
        APPLICATION.state == ApplicationState.SUBMITTED,
        REVIEW.submitted_version.is_(None),
    )
    .order_by(ASSIGNMENT.position <= bindparam("after"), ASSIGNMENT.position)
    .limit(1)
)


def next_assignment_id(account_id: int, round_id: int, *, after: int) -> int | None:
    """The next application of hers without a submitted sheet, in her reading order, from `after` round to the start."""
    return db.session.scalar(_NEXT, {"account": account_id, "round": round_id, "after": after})
