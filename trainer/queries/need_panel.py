"""What waits of panels: conflicts to decide, invitations without an answer, seats that are free again; her own answer."""

from datetime import datetime

from sqlalchemy import Select, and_, exists, or_, select

from trainer.domain.actors import Actor
from trainer.domain.need import NEWS
from trainer.domain.panel import SILENT, ConflictState, SeatState
from trainer.domain.selection import RoundState
from trainer.models.account import Account
from trainer.models.application import Application
from trainer.models.panel import Conflict, PanelSeat
from trainer.models.person import Person
from trainer.models.selection import Candidacy, Round, Selection
from trainer.permissions import Permission
from trainer.queries.scoping import visible

_UNDER_WAY = Round.state.in_((RoundState.DRAFT, RoundState.OPEN))


def conflicts_to_decide(actor: Actor) -> Select:
    """Without those that she raised, or that are about her: two people."""
    others = or_(Conflict.raised_by.is_(None), Conflict.raised_by != actor.account_id)
    not_about_her = or_(Conflict.account_id.is_(None), Conflict.account_id != actor.account_id)
    return (
        select(Conflict.id, Person.name, Conflict.kind.label("detail"), Conflict.raised_at)
        .join(Application, Application.id == Conflict.application_id)
        .join(Person, Person.id == Application.person_id)
        .join(Selection, Selection.id == Application.selection_id)
        .where(
            Conflict.state.in_((ConflictState.RAISED, ConflictState.DISPUTED)),
            others,
            not_about_her,
            visible(actor, Permission.MANAGE_SELECTION, region=Selection.region_code),
        )
        .order_by(Conflict.raised_at, Conflict.id)
    )


def _seats(actor: Actor, *which) -> Select:
    return (
        select(Selection.id, Account.name, Selection.name.label("detail"), PanelSeat.invited_at)
        .join(Round, Round.id == PanelSeat.round_id)
        .join(Selection, Selection.id == Round.selection_id)
        .join(Account, Account.id == PanelSeat.account_id)
        .where(_UNDER_WAY, visible(actor, Permission.MANAGE_SELECTION, region=Selection.region_code), *which)
        .order_by(PanelSeat.invited_at, PanelSeat.id)
    )


def silent_invitations(actor: Actor, now: datetime) -> Select:
    return _seats(actor, PanelSeat.state == SeatState.INVITED, PanelSeat.invited_at <= now - SILENT)


def declined_seats(actor: Actor, now: datetime) -> Select:
    return _seats(actor, PanelSeat.state == SeatState.DECLINED, PanelSeat.answered_at > now - NEWS)


def _own(actor: Actor, which) -> Select:
    return (
        select(Round.id, Selection.name, Round.kind.label("detail"), PanelSeat.invited_at)
        .join(Round, Round.id == PanelSeat.round_id)
        .join(Selection, Selection.id == Round.selection_id)
        .where(PanelSeat.account_id == actor.account_id, _UNDER_WAY, which)
        .order_by(PanelSeat.invited_at, PanelSeat.id)
    )


def invitations_to_answer(actor: Actor) -> Select:
    """She is asked to judge."""
    return _own(actor, PanelSeat.state == SeatState.INVITED)


def declarations_to_make(actor: Actor) -> Select:
    """She judges, and names wait for her to say whom she must not judge."""
    names = exists().where(Candidacy.round_id == PanelSeat.round_id)
    return _own(actor, and_(PanelSeat.state == SeatState.ACCEPTED, PanelSeat.declared_at.is_(None), names))
