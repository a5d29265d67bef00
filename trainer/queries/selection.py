"""Selections: the list, one with its round and rubric, its candidates, evaluators and how far they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import selectinload

from trainer.database import db
from trainer.domain.actors import Actor, Role, Scope
from trainer.domain.programme import common_area
from trainer.domain.round_ranking import RoundCriterion
from trainer.domain.selection import (
    ApplicationState,
    CriterionDraft,
    CriterionKind,
    RoundFacts,
    RoundKind,
    RoundState,
    SelectionKind,
)
from trainer.models.account import Account, RoleGrant
from trainer.models.programme import Programme
from trainer.models.region import Region
from trainer.models.selection import (
    Application,
    Assignment,
    Criterion,
    Review,
    Round,
    Rubric,
    Selection,
)
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
        .join(Round, Round.selection_id == Selection.id)
        .where(visible(actor, Permission.VIEW_SELECTION, region=Selection.region_code))
        .order_by(Selection.created_at.desc(), Selection.id.desc())
    )
    if text:
        statement = statement.where(contains(Selection.name, text) | contains(Programme.name, text))
    if state:
        statement = statement.where(Round.state == state)
    return fetch_page(statement, lambda row: SelectionRow(*row), page=page, per_page=per_page)


@dataclass(frozen=True)
class RoundRow:
    id: int
    selection_id: int
    kind: RoundKind
    state: RoundState
    version: int
    readers: int
    opened_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class Stage:
    """A selection with its round."""

    id: int
    name: str
    kind: SelectionKind
    seats: int
    programme: str
    region: str
    region_code: str
    created_at: datetime
    round: RoundRow

    @property
    def scope(self) -> Scope:
        return Scope(region_code=self.region_code)


def get_stage(selection_id: int) -> Stage | None:
    row = db.session.execute(
        select(Selection, Programme.name, Region.name, Round)
        .join(Programme, Programme.id == Selection.programme_id)
        .join(Region, Region.code == Selection.region_code)
        .join(Round, Round.selection_id == Selection.id)
        .where(Selection.id == selection_id)
    ).one_or_none()
    if row is None:
        return None
    selection, programme, region, round_ = row
    return Stage(
        id=selection.id,
        name=selection.name,
        kind=selection.kind,
        seats=selection.seats,
        programme=programme,
        region=region,
        region_code=selection.region_code,
        created_at=selection.created_at,
        round=RoundRow(
            id=round_.id,
            selection_id=selection.id,
            kind=round_.kind,
            state=round_.state,
            version=round_.version,
            readers=round_.reviews_per_application,
            opened_at=round_.opened_at,
            closed_at=round_.closed_at,
        ),
    )


def list_rubric(round_id: int) -> list[CriterionDraft]:
    """The rubric's lines with the words of their levels; two statements."""
    criteria = db.session.scalars(
        select(Criterion)
        .join(Rubric, Rubric.id == Criterion.rubric_id)
        .where(Rubric.round_id == round_id)
        .order_by(Criterion.position)
        .options(selectinload(Criterion.levels))
    )
    return [CriterionDraft(c.name, c.kind, c.weight_bp, tuple(level.words for level in c.levels)) for c in criteria]


# Asked for at every sheet that is submitted: made once, over the tables.
CRITERION, RUBRIC = Criterion.__table__.c, Rubric.__table__.c
_CRITERIA = (
    select(
        *(CRITERION.code, CRITERION.name, CRITERION.kind),
        *(CRITERION.weight_bp, CRITERION.scale_min, CRITERION.scale_max),
    )
    .join(Rubric.__table__, RUBRIC.id == CRITERION.rubric_id)
    .where(RUBRIC.round_id == bindparam("round"))
    .order_by(CRITERION.position)
)


def round_criteria(round_id: int) -> tuple[RoundCriterion, ...]:
    """The rubric as it is reckoned with."""
    db.session.flush()  # acts ask too
    return tuple(RoundCriterion(*row) for row in db.session.execute(_CRITERIA, {"round": round_id}))


def get_round_facts(round_: Round | RoundRow) -> RoundFacts:
    """What decides the next step; two statements."""
    judged = case((Criterion.kind == CriterionKind.JUDGED, Criterion.weight_bp), else_=0)
    weight, judged_weight = db.session.execute(
        select(func.coalesce(func.sum(Criterion.weight_bp), 0), func.coalesce(func.sum(judged), 0))
        .join(Rubric, Rubric.id == Criterion.rubric_id)
        .where(Rubric.round_id == round_.id)
    ).one()
    readers = (
        select(
            Application.id,
            func.count(Assignment.id).label("readers"),
            func.count(Review.submitted_version).label("submitted"),
        )
        .outerjoin(Assignment, (Assignment.application_id == Application.id) & (Assignment.round_id == round_.id))
        .outerjoin(Review, Review.assignment_id == Assignment.id)
        .where(Application.selection_id == round_.selection_id, Application.state == ApplicationState.SUBMITTED)
        .group_by(Application.id)
        .subquery()
    )
    candidates, unread, sheets, submitted = db.session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(case((readers.c.readers == 0, 1), else_=0)), 0),
            func.coalesce(func.sum(readers.c.readers), 0),
            func.coalesce(func.sum(readers.c.submitted), 0),
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
    """The round's evaluators in the order of their numbers."""
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
        .where(Assignment.round_id == round_id, Application.state == ApplicationState.SUBMITTED)
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


def live_application_ids(selection_id: int) -> Sequence[int]:
    return db.session.scalars(
        select(Application.id)
        .where(Application.selection_id == selection_id, Application.state == ApplicationState.SUBMITTED)
        .order_by(Application.id)
    ).all()
