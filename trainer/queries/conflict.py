"""Whom an evaluator may not judge: a condition for statements, the pairs of a round, and what was said and decided."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.actors import Actor, Scope
from trainer.domain.panel import (
    HOLDING,
    ConflictKind,
    ConflictSource,
    ConflictState,
)
from trainer.domain.selection import RoundState
from trainer.models.account import Account
from trainer.models.application import Application
from trainer.models.panel import Conflict
from trainer.models.person import Person
from trainer.models.review import Assignment, Review
from trainer.models.selection import Candidacy, Round, Selection

CONFLICT = Conflict.__table__.c


def is_held(application_id, account_id):
    """Whether a conflict keeps this evaluator from this application; both are columns or values."""
    return exists().where(
        CONFLICT.application_id == application_id, CONFLICT.account_id == account_id, CONFLICT.state.in_(HOLDING)
    )


def list_held(round_id: int) -> set[tuple[int, int]]:
    """(application, account) of every pair of a round that a conflict keeps apart."""
    rows = db.session.execute(
        select(Conflict.application_id, Conflict.account_id)
        .join(Candidacy, Candidacy.application_id == Conflict.application_id)
        .where(Candidacy.round_id == round_id, Conflict.account_id.is_not(None), Conflict.state.in_(HOLDING))
    )
    return {(application, account) for application, account in rows}


def count_undecided(round_id: int) -> int:
    """Conflicts that nobody has decided yet and that keep a submitted sheet out of a round's ranking."""
    return db.session.scalar(
        select(func.count(Conflict.id.distinct()))
        .join(
            Assignment,
            (Assignment.application_id == Conflict.application_id) & (Assignment.account_id == Conflict.account_id),
        )
        .join(Review, Review.assignment_id == Assignment.id)
        .where(
            Assignment.round_id == round_id,
            Review.submitted_version.is_not(None),
            Conflict.state.in_((ConflictState.RAISED, ConflictState.DISPUTED)),
        )
    )


@dataclass(frozen=True)
class ConflictRow:
    """A conflict as staff see it; `is_late`: it was raised when a result she had a part in was frozen already."""

    id: int
    version: int
    selection_id: int
    selection: str
    region_code: str
    application_id: int
    code: str | None
    candidate: str
    village: str | None
    account_id: int | None
    evaluator: str | None
    kind: ConflictKind
    source: ConflictSource
    state: ConflictState
    words: str
    raised_at: datetime
    raised_by: int | None
    raiser: str | None
    dispute: str
    disputed_at: datetime | None
    decider: str | None
    decided_at: datetime | None
    decision: str
    is_late: bool

    @property
    def scope(self) -> Scope:
        return Scope(region_code=self.region_code)

    @property
    def waits(self) -> bool:
        """Somebody has to decide."""
        return self.state in (ConflictState.RAISED, ConflictState.DISPUTED)

    def may_decide(self, actor: Actor) -> bool:
        return actor.account_id not in (self.raised_by, self.account_id)


_RAISER, _DECIDER = aliased(Account), aliased(Account)
_LATE = exists().where(
    Assignment.application_id == Conflict.application_id,
    Assignment.account_id == Conflict.account_id,
    Assignment.withdrawn_at.is_(None),
    Round.id == Assignment.round_id,
    Round.state == RoundState.FROZEN,
    Round.frozen_at <= func.coalesce(Conflict.decided_at, Conflict.raised_at),
)
_CONFLICTS = (
    select(
        *(Conflict.id, Conflict.version, Selection.id, Selection.name, Selection.region_code),
        *(Conflict.application_id, Application.code, Person.name, Person.village),
        *(Conflict.account_id, Account.name, Conflict.kind, Conflict.source, Conflict.state, Conflict.words),
        *(Conflict.raised_at, Conflict.raised_by, _RAISER.name, Conflict.dispute, Conflict.disputed_at),
        *(_DECIDER.name, Conflict.decided_at, Conflict.decision, _LATE & Conflict.state.in_(HOLDING)),
    )
    .join(Application, Application.id == Conflict.application_id)
    .join(Selection, Selection.id == Application.selection_id)
    .join(Person, Person.id == Application.person_id)
    .outerjoin(Account, Account.id == Conflict.account_id)
    .outerjoin(_RAISER, _RAISER.id == Conflict.raised_by)
    .outerjoin(_DECIDER, _DECIDER.id == Conflict.decided_by)
)


def list_conflicts(selection_id: int) -> list[ConflictRow]:
    """Everything that was said in a selection, what waits for a decision first; one statement."""
    waits = Conflict.state.in_((ConflictState.RAISED, ConflictState.DISPUTED))
    rows = db.session.execute(
        _CONFLICTS.where(Selection.id == selection_id).order_by(waits.desc(), Conflict.raised_at.desc(), Conflict.id)
    )
    return [ConflictRow(*row) for row in rows]


def get_conflict(conflict_id: int) -> ConflictRow | None:
    row = db.session.execute(_CONFLICTS.where(Conflict.id == conflict_id)).one_or_none()
    return ConflictRow(*row) if row else None


@dataclass(frozen=True)
class OwnConflict:
    """What an evaluator sees of a conflict that concerns her: whom, and how it stands; nothing else of the candidate."""

    id: int
    candidate: str
    kind: ConflictKind
    source: ConflictSource
    state: ConflictState
    words: str
    dispute: str
    decision: str

    @property
    def is_own_word(self) -> bool:
        return self.source is ConflictSource.SELF

    @property
    def may_dispute(self) -> bool:
        return self.state is ConflictState.RAISED and not self.is_own_word


def list_own_conflicts(account_id: int, round_id: int) -> list[OwnConflict]:
    """Her conflicts with candidates of a round, by the candidates' names; hints that were dismissed are none of them."""
    rows = db.session.execute(
        select(
            *(Conflict.id, Person.name, Conflict.kind, Conflict.source, Conflict.state),
            *(Conflict.words, Conflict.dispute, Conflict.decision),
            exists().where(
                Assignment.application_id == Conflict.application_id,
                Assignment.account_id == account_id,
                Assignment.round_id == round_id,
            )
            & select(Round.blind).where(Round.id == round_id).scalar_subquery(),
        )
        .join(Application, Application.id == Conflict.application_id)
        .join(Person, Person.id == Application.person_id)
        .join(Candidacy, Candidacy.application_id == Application.id)
        .where(
            Candidacy.round_id == round_id,
            Conflict.account_id == account_id,
            or_(Conflict.state.in_(HOLDING), Conflict.raised_by.is_not(None)),
        )
        .order_by(Person.name_pinyin, Person.name, Conflict.id)
    )
    own = []
    for *row, was_read_blind in rows:
        one = OwnConflict(*row)
        if not one.is_own_word:
            one = replace(one, words="")
        elif was_read_blind:  # said of a code, a name would answer whose it was
            one = replace(one, candidate="")
        own.append(one)
    return own


@dataclass(frozen=True)
class RaisedRow:
    """What a candidate has said of evaluators, as she sees it."""

    words: str
    raised_at: datetime
    state: ConflictState
    is_named: bool
    decision: str


def list_raised_by_applicant(application_id: int) -> list[RaisedRow]:
    rows = db.session.execute(
        select(
            *(Conflict.words, Conflict.raised_at, Conflict.state, Conflict.account_id.is_not(None)),
            Conflict.decision,
        )
        .where(Conflict.application_id == application_id, Conflict.source == ConflictSource.APPLICANT)
        .order_by(Conflict.id)
    )
    return [RaisedRow(*row) for row in rows]
