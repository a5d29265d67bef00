"""Panels: the seats of a round, an invitation as its link shows it, and the names an evaluator declares about."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from trainer.crypto import hash_token, keyring
from trainer.database import db
from trainer.domain.panel import SILENT, SeatState
from trainer.domain.selection import ApplicationState, RoundKind, RoundState
from trainer.models.account import Account
from trainer.models.application import Application
from trainer.models.panel import PanelSeat
from trainer.models.person import Person
from trainer.models.region import Region
from trainer.models.review import Assignment, Review
from trainer.models.selection import Candidacy, Round, Selection


@dataclass(frozen=True)
class SeatRow:
    """An evaluator of a round as staff see her; `has_password`: she has signed in or can."""

    id: int
    account_id: int
    name: str
    organisation: str | None
    has_password: bool
    state: SeatState
    invited_at: datetime
    expires_at: datetime | None
    answered_at: datetime | None
    reason: str
    max_load: int | None
    region_code: str | None
    region: str | None
    village: str | None
    declared_at: datetime | None
    assigned: int
    submitted: int

    def is_late(self, now: datetime) -> bool:
        """Her link has run out unanswered."""
        return self.state is SeatState.INVITED and self.expires_at is not None and self.expires_at <= now


_SEATS = (
    select(
        *(PanelSeat.id, PanelSeat.account_id, Account.name, Account.organisation, Account.password_hash.is_not(None)),
        *(PanelSeat.state, PanelSeat.invited_at, PanelSeat.expires_at, PanelSeat.answered_at, PanelSeat.reason),
        *(PanelSeat.max_load, PanelSeat.region_code, Region.name, PanelSeat.village, PanelSeat.declared_at),
        func.count(Assignment.id),
        func.count(Review.submitted_version),
    )
    .join(Account, Account.id == PanelSeat.account_id)
    .outerjoin(Region, Region.code == PanelSeat.region_code)
    .outerjoin(
        Assignment,
        (Assignment.round_id == PanelSeat.round_id)
        & (Assignment.account_id == PanelSeat.account_id)
        & Assignment.withdrawn_at.is_(None),
    )
    .outerjoin(Review, Review.assignment_id == Assignment.id)
    .group_by(PanelSeat.id, Account.id, Region.code)
)
_IN_ORDER = (SeatState.ACCEPTED, SeatState.INVITED, SeatState.DECLINED, SeatState.REMOVED)


def list_seats(round_id: int) -> list[SeatRow]:
    """Those who take part first; one statement."""
    at = case({state: place for place, state in enumerate(_IN_ORDER)}, value=PanelSeat.state)
    rows = db.session.execute(_SEATS.where(PanelSeat.round_id == round_id).order_by(at, Account.name, PanelSeat.id))
    return [SeatRow(*row) for row in rows]


def get_seat(round_id: int, seat_id: int) -> SeatRow | None:
    row = db.session.execute(_SEATS.where(PanelSeat.round_id == round_id, PanelSeat.id == seat_id)).one_or_none()
    return SeatRow(*row) if row else None


@dataclass(frozen=True)
class Invitation:
    """What somebody who is asked has to know before she answers; `phone` of whoever asks, where she has given it."""

    seat_id: int
    round_id: int
    name: str
    state: SeatState
    selection: str
    region: str
    kind: RoundKind
    round_state: RoundState
    blind: bool
    candidates: int
    max_load: int | None
    closes_at: datetime | None
    expires_at: datetime | None
    declared_at: datetime | None
    asker: str | None
    organisation: str | None
    phone: str | None
    is_new: bool

    @property
    def most(self) -> int:
        """So many files at most."""
        return min(self.max_load or self.candidates, self.candidates) if self.candidates else self.max_load or 0


def _invitations():
    asker = aliased(Account)
    candidates = (
        select(func.count())
        .select_from(Candidacy)
        .join(Application, Application.id == Candidacy.application_id)
        .where(Candidacy.round_id == PanelSeat.round_id, Application.state == ApplicationState.SUBMITTED)
        .scalar_subquery()
    )
    return (
        select(
            *(PanelSeat.id, PanelSeat.round_id, Account.name, PanelSeat.state, Selection.name, Region.name),
            *(Round.kind, Round.state, Round.blind, candidates, PanelSeat.max_load, Round.closes_at),
            *(PanelSeat.expires_at, PanelSeat.declared_at, asker.name, asker.organisation, asker.phone),
            Account.password_hash.is_(None),
        )
        .join(Account, Account.id == PanelSeat.account_id)
        .join(Round, Round.id == PanelSeat.round_id)
        .join(Selection, Selection.id == Round.selection_id)
        .join(Region, Region.code == Selection.region_code)
        .outerjoin(asker, asker.id == PanelSeat.invited_by)
    )


def get_invitation(token: str, *, at: datetime) -> Invitation | None:
    """What a link shows, as long as it waits for an answer; looking changes nothing."""
    row = db.session.execute(
        _invitations().where(
            PanelSeat.token_hash == hash_token(token),
            PanelSeat.state == SeatState.INVITED,
            PanelSeat.expires_at > at,
            Account.active,
        )
    ).one_or_none()
    return Invitation(*row) if row else None


def get_own_seat(account_id: int, round_id: int) -> Invitation | None:
    """Her seat in a round, whatever she has answered; None where she was taken off."""
    row = db.session.execute(
        _invitations().where(
            PanelSeat.account_id == account_id,
            PanelSeat.round_id == round_id,
            PanelSeat.state != SeatState.REMOVED,
        )
    ).one_or_none()
    return Invitation(*row) if row else None


def list_silent_seats(now: datetime) -> list[tuple[int, datetime, int, int, str]]:
    """(seat, when invited, account, round, selection) of everybody who has not answered for three days."""
    rows = db.session.execute(
        select(PanelSeat.id, PanelSeat.invited_at, PanelSeat.account_id, PanelSeat.round_id, Selection.name)
        .join(Round, Round.id == PanelSeat.round_id)
        .join(Selection, Selection.id == Round.selection_id)
        .where(
            PanelSeat.state == SeatState.INVITED,
            PanelSeat.invited_at <= now - SILENT,
            PanelSeat.expires_at > now,
            Round.state.in_((RoundState.DRAFT, RoundState.OPEN)),
        )
        .order_by(PanelSeat.id)
    )
    return rows.all()


@dataclass(frozen=True)
class NameRow:
    """A candidate as somebody declares about her: her name and where she is from, nothing else.

    `key` stands for her on the page: numbers of rows run in the order of the codes, and would tell whose is whose.
    """

    application_id: int
    key: str
    name: str
    county: str
    village: str | None


def list_names(round_id: int, account_id: int) -> list[NameRow]:
    """The candidates by pinyin, an order that says nothing of their codes, for one evaluator. One statement."""
    rows = db.session.execute(
        select(Application.id, Person.name, Region.name, Person.village)
        .join(Candidacy, Candidacy.application_id == Application.id)
        .join(Person, Person.id == Application.person_id)
        .join(Region, Region.code == Person.region_code)
        .where(Candidacy.round_id == round_id, Application.state == ApplicationState.SUBMITTED)
        .order_by(Person.name_pinyin, Person.name, Region.code, Person.village, Person.id)
    )
    keys = keyring()
    return [
        NameRow(row.id, keys.blind_index("declaration", f"{round_id}:{account_id}:{row.id}")[:16], *row[1:])
        for row in rows
    ]
