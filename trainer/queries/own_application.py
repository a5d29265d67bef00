"""A woman's own applications: what she may apply to, what she wrote, how far it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select

from trainer.database import db
from trainer.domain.application import Window, window
from trainer.domain.selection import ApplicationState, RoundKind, RoundState, SelectionKind
from trainer.models.application import Application
from trainer.models.enrolment import Enrolment
from trainer.models.programme import Cohort
from trainer.models.selection import Candidacy, Round, Selection
from trainer.queries.candidate import MAY_APPLY
from trainer.queries.region import region_above


@dataclass(frozen=True)
class OwnSelection:
    """A selection that she may apply to, or has applied to."""

    id: int
    name: str
    kind: SelectionKind
    seats: int
    introduction: str
    region_code: str
    applies_from: datetime | None
    applies_until: datetime | None
    highest_amount_fen: int | None
    eligibility: Mapping[str, object]
    first_round: RoundState
    state: ApplicationState | None
    code: str | None

    def window(self, now: datetime) -> Window:
        return window(self.first_round, self.applies_from, self.applies_until, now)

    def may_write(self, now: datetime) -> bool:
        return self.window(now) is Window.OPEN and self.state is not ApplicationState.REFERRED


def open_to(person_id):
    """Selections (a clause) whose area holds a cohort in which she is in training or that she has completed."""
    return exists().where(
        Enrolment.person_id == person_id,
        Enrolment.status.in_(MAY_APPLY),
        Cohort.id == Enrolment.cohort_id,
        region_above(Selection.region_code, Cohort.region_code),
    )


def list_own_selections(person_id: int, *, now: datetime, selection_id: int | None = None) -> list[OwnSelection]:
    """What she applied to, and what will be or is open to her; what ends first comes first. One statement."""
    coming = and_(
        *(Selection.applies_until > now, Selection.applies_from.is_not(None), Round.state == RoundState.DRAFT),
        open_to(person_id),
    )
    statement = (
        select(
            *(Selection.id, Selection.name, Selection.kind, Selection.seats, Selection.introduction),
            *(Selection.region_code, Selection.applies_from, Selection.applies_until, Selection.highest_amount_fen),
            *(Selection.eligibility, Round.state, Application.state, Application.code),
        )
        .join(Round, (Round.selection_id == Selection.id) & (Round.number == 1))
        .outerjoin(Application, (Application.selection_id == Selection.id) & (Application.person_id == person_id))
        .where(or_(Application.id.is_not(None), coming))
        .order_by(Selection.applies_until, Selection.id)
    )
    if selection_id is not None:
        statement = statement.where(Selection.id == selection_id)
    return [OwnSelection(*row) for row in db.session.execute(statement)]


def get_own_selection(person_id: int, selection_id: int, *, now: datetime) -> OwnSelection | None:
    return next(iter(list_own_selections(person_id, now=now, selection_id=selection_id)), None)


@dataclass(frozen=True)
class Unfinished:
    """A draft that waits to be handed in."""

    application_id: int
    person_id: int
    selection_id: int
    selection: str
    applies_until: datetime


def list_unfinished(now: datetime, after: datetime, until: datetime) -> list[Unfinished]:
    """Drafts of selections whose window is open `now` and ends between the two other moments."""
    rows = db.session.execute(
        select(Application.id, Application.person_id, Selection.id, Selection.name, Selection.applies_until)
        .join(Selection, Selection.id == Application.selection_id)
        .join(Round, (Round.selection_id == Selection.id) & (Round.number == 1))
        .where(
            *(Application.state == ApplicationState.DRAFT, Round.state == RoundState.DRAFT),
            *(Selection.applies_from <= now, Selection.applies_until > after, Selection.applies_until <= until),
        )
        .order_by(Application.id)
    )
    return [Unfinished(*row) for row in rows]


@dataclass(frozen=True)
class OwnRound:
    """The furthest round that she is in and that has begun, or the first; of how many there are so far."""

    number: int
    of: int
    kind: RoundKind
    state: RoundState


def get_own_round(selection_id: int, person_id: int) -> OwnRound | None:
    """None as long as she is no candidate. Nothing here says how she did in it."""
    count = select(func.count()).where(Round.selection_id == selection_id).scalar_subquery()
    row = db.session.execute(
        select(Round.number, count, Round.kind, Round.state)
        .join(Candidacy, Candidacy.round_id == Round.id)
        .join(Application, Application.id == Candidacy.application_id)
        .where(
            *(Round.selection_id == selection_id, Application.person_id == person_id),
            Application.state == ApplicationState.SUBMITTED,
            or_(Round.number == 1, Round.state != RoundState.DRAFT),
        )
        .order_by(Round.number.desc())
        .limit(1)
    ).one_or_none()
    return OwnRound(*row) if row else None
