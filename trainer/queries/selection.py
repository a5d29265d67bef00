"""Selections: the list, one with its round and rubric, its candidates, evaluators and how far they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, exists, func, select
from sqlalchemy.orm import aliased, selectinload

from trainer.database import db
from trainer.domain.actors import Actor, Role, Scope
from trainer.domain.programme import common_area
from trainer.domain.round_inputs import RoundCriterion
from trainer.domain.selection import (
    Aggregate,
    ApplicationState,
    CriterionDraft,
    CriterionKind,
    RankedBy,
    RoundFacts,
    RoundKind,
    RoundState,
    SelectionKind,
)
from trainer.models.account import Account, RoleGrant
from trainer.models.application import Application
from trainer.models.programme import Programme
from trainer.models.region import Region
from trainer.models.review import Assignment, Review
from trainer.models.rubric import Criterion, Rubric
from trainer.models.selection import Candidacy, Round, Selection
from trainer.permissions import Permission
from trainer.queries.scoping import Page, contains, fetch_page, visible


@dataclass(frozen=True)
class SelectionRow:
    """A line of the list of selections."""

    id: int
    name: str
    programme: str
    kind: SelectionKind
    region: str
    seats: int
    state: RoundState
    candidates: int
    region_code: str


def selections_page(
    actor: Actor, *, text: str = "", state: RoundState | None = None, page: int = 1, per_page: int = 20
) -> Page[SelectionRow]:
    """The selections an actor may see, the newest first."""
    candidates = (
        select(func.count())
        .where(Application.selection_id == Selection.id, Application.state == ApplicationState.SUBMITTED)
        .scalar_subquery()
    )
    statement = (
        select(
            Selection.id,
            Selection.name,
            Programme.name,
            Selection.kind,
            Region.name,
            Selection.seats,
            Round.state,
            candidates,
            Selection.region_code,
        )
        .join(Programme, Programme.id == Selection.programme_id)
        .join(Region, Region.code == Selection.region_code)
        .join(Round, (Round.selection_id == Selection.id) & is_last_round())
        .where(visible(actor, Permission.VIEW_SELECTION, region=Selection.region_code))
        .order_by(Selection.created_at.desc(), Selection.id.desc())
    )
    if text:
        statement = statement.where(contains(Selection.name, text) | contains(Programme.name, text))
    if state:
        statement = statement.where(Round.state == state)
    return fetch_page(statement, lambda row: SelectionRow(*row), page=page, per_page=per_page)


def is_last_round():
    """Whether a round is the selection's last one so far."""
    later = aliased(Round)
    return ~exists().where(later.selection_id == Round.selection_id, later.number > Round.number)


@dataclass(frozen=True)
class RoundRow:
    """A round; `advances`: its line, after so many; `seed` makes what is drawn by lot in it."""

    id: int
    selection_id: int
    number: int
    kind: RoundKind
    state: RoundState
    version: int
    readers: int
    advances: int
    ranked_by: RankedBy
    aggregate: Aggregate
    blind: bool
    seed: int
    cross_share_bp: int
    anchors: int
    wave: int
    first_open_wave: int
    closes_at: datetime | None
    opened_at: datetime | None
    closed_at: datetime | None
    frozen_at: datetime | None
    is_last: bool = True


@dataclass(frozen=True)
class Stage:
    """A selection with one of its rounds: the last, unless another was asked for; `rounds` lists all of them."""

    id: int
    name: str
    kind: SelectionKind
    seats: int
    programme: str
    region: str
    region_code: str
    created_at: datetime
    introduction: str
    applies_from: datetime | None
    applies_until: datetime | None
    highest_amount_fen: int | None
    eligibility: Mapping[str, object]
    round: RoundRow
    rounds: tuple[RoundRow, ...]

    @property
    def link(self) -> dict:
        """What an address of this round needs beside the selection: nothing for the last one."""
        return {} if self.round.is_last else {"round": self.round.number}

    @property
    def scope(self) -> Scope:
        return Scope(region_code=self.region_code)


def get_stage(selection_id: int, number: int | None = None) -> Stage | None:
    """`number`: which of its rounds, the last where nothing is said; two statements."""
    row = db.session.execute(
        select(Selection, Programme.name, Region.name)
        .join(Programme, Programme.id == Selection.programme_id)
        .join(Region, Region.code == Selection.region_code)
        .where(Selection.id == selection_id)
    ).one_or_none()
    if row is None:
        return None
    rounds = list_rounds(selection_id)
    wanted = next((found for found in rounds if found.number == number), None) if number else rounds[-1]
    if wanted is None:
        return None
    selection, programme, region = row
    return Stage(
        **{name: getattr(selection, name) for name in _OF_SELECTION},
        programme=programme,
        region=region,
        round=wanted,
        rounds=rounds,
    )


_OF_SELECTION = (
    *("id", "name", "kind", "seats", "region_code", "created_at", "introduction", "applies_from", "applies_until"),
    *("highest_amount_fen", "eligibility"),
)
_OF_ROUND = (
    *(Round.id, Round.selection_id, Round.number, Round.kind, Round.state, Round.version),
    *(Round.reviews_per_application, Round.advances, Round.ranked_by, Round.aggregate, Round.blind, Round.seed),
    *(Round.cross_share_bp, Round.anchors, Round.wave, Round.first_open_wave),
    *(Round.closes_at, Round.opened_at, Round.closed_at, Round.frozen_at),
)


def list_rounds(selection_id: int) -> tuple[RoundRow, ...]:
    """The selection's rounds in their order."""
    rows = db.session.execute(select(*_OF_ROUND).where(Round.selection_id == selection_id).order_by(Round.number)).all()
    return tuple(RoundRow(*row, is_last=at == len(rows)) for at, row in enumerate(rows, start=1))


def list_rubric(round_id: int) -> list[CriterionDraft]:
    """The lines of the rubric as it stands with the words of their levels; two statements."""
    criteria = db.session.scalars(
        select(Criterion)
        .join(Rubric, Rubric.id == Criterion.rubric_id)
        .where(Rubric.round_id == round_id, Rubric.superseded_at.is_(None))
        .order_by(Criterion.position)
        .options(selectinload(Criterion.levels))
    )
    return [
        CriterionDraft(c.name, c.kind, c.weight_bp, tuple(level.words for level in c.levels), c.rule, c.code)
        for c in criteria
    ]


# Asked for at every sheet that is submitted: made once, over the tables.
CRITERION, RUBRIC = Criterion.__table__.c, Rubric.__table__.c
_CRITERIA = (
    select(
        *(CRITERION.code, CRITERION.name, CRITERION.kind),
        *(CRITERION.weight_bp, CRITERION.scale_min, CRITERION.scale_max, CRITERION.rule),
    )
    .join(Rubric.__table__, RUBRIC.id == CRITERION.rubric_id)
    .where(RUBRIC.round_id == bindparam("round"), RUBRIC.superseded_at.is_(None))
    .order_by(CRITERION.position)
)


def round_criteria(round_id: int) -> tuple[RoundCriterion, ...]:
    """The rubric as it is reckoned with."""
    db.session.flush()  # acts ask too
    return tuple(RoundCriterion(*row) for row in db.session.execute(_CRITERIA, {"round": round_id}))


def get_extras(round_id: int) -> tuple[list[dict], list[dict]]:
    """Bonus and vetoes of the rubric as it stands."""
    row = db.session.execute(
        select(Rubric.bonus, Rubric.veto).where(Rubric.round_id == round_id, Rubric.superseded_at.is_(None))
    ).one()
    return row.bonus, row.veto


def get_round_facts(round_: Round | RoundRow) -> RoundFacts:
    """What decides the next step; two statements."""
    judged = case((Criterion.kind == CriterionKind.JUDGED, Criterion.weight_bp), else_=0)
    weight, judged_weight = db.session.execute(
        select(func.coalesce(func.sum(Criterion.weight_bp), 0), func.coalesce(func.sum(judged), 0))
        .join(Rubric, Rubric.id == Criterion.rubric_id)
        .where(Rubric.round_id == round_.id, Rubric.superseded_at.is_(None))
    ).one()
    reads = (
        (Assignment.application_id == Application.id)
        & (Assignment.round_id == round_.id)
        & Assignment.withdrawn_at.is_(None)
    )
    readers = (
        select(
            Application.id,
            func.count(Assignment.id).label("readers"),
            func.count(Review.submitted_version).label("submitted"),
        )
        .join(Candidacy, (Candidacy.application_id == Application.id) & (Candidacy.round_id == round_.id))
        .outerjoin(Assignment, reads)
        .outerjoin(Review, Review.assignment_id == Assignment.id)
        .where(Application.state == ApplicationState.SUBMITTED)
        .group_by(Application.id)
        .subquery()
    )
    candidates, unread, sheets, submitted, fewest, most, is_last = db.session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(case((readers.c.readers == 0, 1), else_=0)), 0),
            func.coalesce(func.sum(readers.c.readers), 0),
            func.coalesce(func.sum(readers.c.submitted), 0),
            func.coalesce(func.min(readers.c.readers), 0),
            func.coalesce(func.max(readers.c.readers), 0),
            select(is_last_round()).where(Round.id == round_.id).scalar_subquery(),
        ).select_from(readers)
    ).one()
    return RoundFacts(
        state=round_.state,
        weight_bp=int(weight),
        judged_bp=int(judged_weight),
        candidates=candidates,
        unread=int(unread),
        sheets=int(sheets),
        submitted=int(submitted),
        is_last=bool(is_last),
        fewest_readers=fewest,
        most_readers=most,
    )


@dataclass(frozen=True)
class EvaluatorProgress:
    """How far an evaluator is; never what she scored."""

    account_id: int
    name: str
    organisation: str | None
    assigned: int
    submitted: int
    drafts: int

    @property
    def missing(self) -> int:
        return self.assigned - self.submitted


def list_progress(round_id: int) -> list[EvaluatorProgress]:
    """The round's evaluators in the order of their accounts."""
    draft = case((Review.submitted_version.is_(None) & Review.assignment_id.is_not(None), 1), else_=0)
    rows = db.session.execute(
        select(
            Account.id,
            Account.name,
            Account.organisation,
            func.count(Assignment.id),
            func.count(Review.submitted_version),
            func.sum(draft),
        )
        .join(Assignment, Assignment.account_id == Account.id)
        .join(Application, Application.id == Assignment.application_id)
        .outerjoin(Review, Review.assignment_id == Assignment.id)
        .where(
            Assignment.round_id == round_id,
            Assignment.withdrawn_at.is_(None),
            Application.state == ApplicationState.SUBMITTED,
        )
        .group_by(Account.id, Account.name, Account.organisation)
        .order_by(Account.id)
    )
    return [EvaluatorProgress(*row[:5], int(row[5])) for row in rows]


@dataclass(frozen=True)
class EvaluatorChoice:
    """An account that may be chosen to evaluate."""

    id: int
    name: str
    organisation: str | None


def list_evaluators(region_code: str) -> list[EvaluatorChoice]:
    """Active accounts with the evaluator's role, invited for everywhere or for an area that meets this one."""
    rows = db.session.execute(
        select(Account.id, Account.name, Account.organisation, RoleGrant.region_code)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.role == Role.EVALUATOR, RoleGrant.revoked_at.is_(None), Account.active)
        .order_by(Account.name, Account.id)
    )
    near = {
        row.id: EvaluatorChoice(row.id, row.name, row.organisation)
        for row in rows
        if row.region_code is None or common_area(row.region_code, region_code)
    }
    return list(near.values())
