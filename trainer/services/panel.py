"""Panels: evaluators are asked by a link that works once, answer, and declare their conflicts before anything opens."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update

from trainer.crypto import hash_token, keyring, new_token
from trainer.database import db
from trainer.domain.actors import SYSTEM, Actor, Grant, Role
from trainer.domain.panel import INVITATION_LIFE, WITHDRAWN_WITH_SEAT, ConflictKind, SeatState
from trainer.domain.selection import RoundState
from trainer.errors import NotFound, Refused
from trainer.models.account import Account
from trainer.models.panel import PanelSeat
from trainer.models.review import Assignment, Review
from trainer.models.selection import Round, Selection
from trainer.pinyin import name_pinyin
from trainer.queries.account import get_account_by_phone, get_account_by_username, get_actor
from trainer.queries.blinding import has_redacted
from trainer.queries.selection import list_evaluators
from trainer.services import account as accounts
from trainer.services import audit, conflict, throttle
from trainer.services.access import LinkSpent
from trainer.services.message import notify


class AlreadyOnPanel(Refused):
    """She was asked before and has not declined."""

    code = "already_on_panel"


class PanelSettled(Refused):
    """The result is frozen: who judged stands."""

    code = "panel_settled"


class AskedHerself(Refused):
    """Whoever prepares a round knows the names; she does not judge in it too."""

    code = "asked_herself"


class DeclinedWithoutReason(Refused):
    code = "declined_without_reason"


def invite_evaluator(
    round_id: int,
    account_id: int,
    *,
    max_load: int | None = None,
    region_code: str | None = None,
    village: str | None = None,
    by: Actor,
    at: datetime,
) -> tuple[PanelSeat, str]:
    """Ask an evaluator into a round; the token of her link is said once and kept as its hash.

    Whoever declined or was taken off may be asked again. Raises AlreadyOnPanel, AskedHerself, PanelSettled; NotFound
    for an account that is no evaluator near the selection.
    """
    name, region = _hold(round_id)
    if account_id == by.account_id or has_redacted(round_id, account_id):
        raise AskedHerself()
    if account_id not in {evaluator.id for evaluator in list_evaluators(region)}:
        raise NotFound()
    return _ask(round_id, account_id, name, max_load, region_code, village, by=by, at=at)


def invite_newcomer(
    round_id: int,
    name: str,
    organisation: str,
    phone: str | None,
    *,
    max_load: int | None = None,
    region_code: str | None = None,
    village: str | None = None,
    by: Actor,
    at: datetime,
) -> tuple[PanelSeat, str]:
    """Ask somebody who has no account yet: she gets one as evaluator, and a password when she accepts.

    Raises account.PhoneTaken where somebody signs in with this phone already.
    """
    selection, region = _hold(round_id)
    index = keyring().blind_index("phone", phone) if phone else None
    if index and get_account_by_phone(index):
        raise accounts.PhoneTaken()
    account = accounts.create_account(
        _free_username(name), name, organisation, Grant(Role.EVALUATOR, region_code=region), by=by, at=at
    )
    account.phone, account.phone_index = phone or None, index
    return _ask(round_id, account.id, selection, max_load, region_code, village, by=by, at=at)


def _free_username(name: str) -> str:
    """Her name in letters, with a number where somebody has that already."""
    letters = "".join(c for c in name_pinyin(name).lower() if c.isascii() and c.isalnum())[:40] or "evaluator"
    tried = (letters + (str(number) if number > 1 else "") for number in range(1, 10_000))
    return next(username for username in tried if get_account_by_username(username) is None)


def _ask(round_id, account_id, selection, max_load, region_code, village, *, by: Actor, at: datetime):
    seat = db.session.scalar(
        select(PanelSeat).where(PanelSeat.round_id == round_id, PanelSeat.account_id == account_id).with_for_update()
    )
    if seat is None:
        seat = PanelSeat(round_id=round_id, account_id=account_id)
        db.session.add(seat)
    elif seat.state in (SeatState.INVITED, SeatState.ACCEPTED):
        raise AlreadyOnPanel()
    seat.max_load, seat.region_code, seat.village = max_load, region_code, village
    seat.answered_at, seat.reason, seat.declared_at = None, "", None
    token = _issue(seat, by=by, at=at)
    db.session.flush()
    link = f"/reviews/rounds/{round_id}/invitation"
    notify("panel_invited", to_accounts=[account_id], link=link, by=SYSTEM, at=at, selection=selection)
    audit.record("panel.invite", "panel_seat", seat.id, by=by, at=at, round=round_id, account=account_id, load=max_load)
    return seat, token


def _issue(seat: PanelSeat, *, by: Actor, at: datetime) -> str:
    token = new_token()
    seat.state, seat.token_hash = SeatState.INVITED, hash_token(token)
    seat.invited_at, seat.invited_by, seat.expires_at = at, by.account_id, at + INVITATION_LIFE
    return token


def renew_invitation(seat_id: int, *, by: Actor, at: datetime) -> str:
    """A fresh link for somebody who has not answered; the one before is worth nothing from now on."""
    seat = _seat(seat_id)
    if seat.state is not SeatState.INVITED:
        raise AlreadyOnPanel()
    token = _issue(seat, by=by, at=at)
    audit.record("panel.renew", "panel_seat", seat.id, by=by, at=at)
    return token


def answer_invitation(token: str, accepts: bool, reason: str = "", *, at: datetime) -> str | None:
    """Spend the link. Returns the token by which a newcomer who accepts chooses her password.

    Raises LinkSpent: used, run out, replaced by a newer one or never issued; DeclinedWithoutReason; PanelSettled.
    """
    round_id = db.session.scalar(select(PanelSeat.round_id).where(PanelSeat.token_hash == hash_token(token)))
    if round_id is None:
        raise LinkSpent()
    _hold(round_id)
    # Looked up anew behind the round's lock: of two answers at one moment the second finds it spent.
    seat = db.session.scalar(
        select(PanelSeat)
        .where(PanelSeat.token_hash == hash_token(token), PanelSeat.expires_at > at)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if seat is None or seat.state is not SeatState.INVITED:
        raise LinkSpent()
    account = db.session.get(Account, seat.account_id)
    if not account.active:
        raise LinkSpent()
    by = Actor(account.id, account.name)
    _answer(seat, accepts, reason, by=by, at=at)
    return accounts.reissue_invitation(account, by=by, at=at) if accepts and _is_only_evaluator(account) else None


def _is_only_evaluator(account: Account) -> bool:
    """A newcomer who can do nothing but judge: the link of a panel never opens an account that has other rights."""
    return account.password_hash is None and get_actor(account).roles == {Role.EVALUATOR}


def renew_password_link(seat_id: int, *, by: Actor, at: datetime) -> str:
    """For somebody who accepted and has not chosen a password: the token of another link to do so."""
    seat = _seat(seat_id)
    account = db.session.get(Account, seat.account_id)
    if seat.state is not SeatState.ACCEPTED or not _is_only_evaluator(account):
        raise AlreadyOnPanel()
    return accounts.reissue_invitation(account, by=by, at=at)


def count_unknown_link(place: str, *, at: datetime) -> None:
    """Somebody tried a link that waits for nobody (`Visitor.place`). Raises throttle.TooManyTries."""
    throttle.refuse_flood("panel", place, at=at)
    throttle.note_wrong(throttle.subject("panel", place), at=at)


def answer_signed_in(round_id: int, accepts: bool, reason: str = "", *, by: Actor, at: datetime) -> None:
    """The same answer by somebody signed in; who has accepted may still step down while the result is not frozen."""
    _hold(round_id)
    seat = _own_seat(round_id, by)
    if seat.state is not SeatState.INVITED and (accepts or seat.state is not SeatState.ACCEPTED):
        raise NotFound()
    _answer(seat, accepts, reason, by=by, at=at)


def _answer(seat: PanelSeat, accepts: bool, reason: str, *, by: Actor, at: datetime) -> None:
    reason = "" if accepts else reason.strip()
    if not accepts and not reason:
        raise DeclinedWithoutReason()
    seat.state = SeatState.ACCEPTED if accepts else SeatState.DECLINED
    seat.answered_at, seat.reason, seat.token_hash, seat.expires_at = at, reason, None, None
    if not accepts:
        _free_sheets(seat, at=at)
    selection_id, name = db.session.execute(
        select(Selection.id, Selection.name)
        .join(Round, Round.selection_id == Selection.id)
        .where(Round.id == seat.round_id)
    ).one()
    notify(
        "panel_accepted" if accepts else "panel_declined",
        to_accounts=[seat.invited_by],
        link=f"/selections/{selection_id}/panel",
        by=SYSTEM,
        at=at,
        name=by.name,
        selection=name,
    )
    audit.record("panel.accept" if accepts else "panel.decline", "panel_seat", seat.id, by=by, at=at)


def remove_evaluator(seat_id: int, reason: str, *, by: Actor, at: datetime) -> None:
    """Take somebody off the panel: what she has not submitted goes back, what she has submitted counts."""
    seat = _seat(seat_id)
    if not reason.strip():
        raise DeclinedWithoutReason()
    if seat.state not in (SeatState.INVITED, SeatState.ACCEPTED):
        raise NotFound()
    seat.state, seat.reason, seat.token_hash, seat.expires_at = SeatState.REMOVED, reason.strip(), None, None
    _free_sheets(seat, at=at)
    audit.record("panel.remove", "panel_seat", seat.id, by=by, at=at)


def _free_sheets(seat: PanelSeat, *, at: datetime) -> None:
    submitted = select(Review.assignment_id).where(Review.submitted_version.is_not(None))
    db.session.execute(
        update(Assignment)
        .where(
            Assignment.round_id == seat.round_id,
            Assignment.account_id == seat.account_id,
            Assignment.withdrawn_at.is_(None),
            Assignment.id.not_in(submitted),
        )
        .values(withdrawn_at=at, withdrawn_reason=WITHDRAWN_WITH_SEAT)
        .execution_options(synchronize_session=False)
    )


def set_seat(
    seat_id: int, max_load: int | None, region_code: str | None, village: str | None, *, by: Actor, at: datetime
) -> None:
    """How many files at most, and where she is from."""
    seat = _seat(seat_id)
    seat.max_load, seat.region_code, seat.village = max_load, region_code, village
    audit.record("panel.update", "panel_seat", seat.id, by=by, at=at, load=max_load, region=region_code)


def declare(
    round_id: int,
    conflicts: Iterable[tuple[int, ConflictKind, str]],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """She has gone through the names, says (application, kind, words) of whom she may not judge, and signs to be silent.

    What she says holds at once. Raises NotFound where she has no accepted seat, or an application is none of the round.
    """
    _hold(round_id, frozen_too=True)
    seat = _own_seat(round_id, by)
    if seat.state is not SeatState.ACCEPTED:
        raise NotFound()
    for application_id, kind, words in conflicts:
        conflict.declare_own(round_id, application_id, kind, words, by=by, at=at)
    seat.declared_at = seat.declared_at or at
    audit.record("panel.declare", "panel_seat", seat.id, by=by, at=at, round=round_id)


def ask_to_declare_again(round_id: int) -> None:
    """New names have come into the round: whoever has declared goes through the list once more."""
    db.session.execute(
        update(PanelSeat)
        .where(PanelSeat.round_id == round_id, PanelSeat.declared_at.is_not(None))
        .values(declared_at=None, version=PanelSeat.version + 1)
        .execution_options(synchronize_session=False)
    )


def _hold(round_id: int, *, frozen_too: bool = False) -> tuple[str, str]:
    """The round's row, held first of all; (name, region) of its selection."""
    round_ = db.session.scalar(
        select(Round).where(Round.id == round_id).with_for_update().execution_options(populate_existing=True)
    )
    if round_ is None:
        raise NotFound()
    if round_.state is RoundState.FROZEN and not frozen_too:
        raise PanelSettled()
    selection = db.session.get(Selection, round_.selection_id)
    return selection.name, selection.region_code


def _seat(seat_id: int) -> PanelSeat:
    """The seat for one act of staff, behind its round's lock."""
    round_id = db.session.scalar(select(PanelSeat.round_id).where(PanelSeat.id == seat_id))
    if round_id is None:
        raise NotFound()
    _hold(round_id)
    return db.session.scalar(
        select(PanelSeat).where(PanelSeat.id == seat_id).with_for_update().execution_options(populate_existing=True)
    )


def _own_seat(round_id: int, by: Actor) -> PanelSeat:
    seat = db.session.scalar(
        select(PanelSeat)
        .where(PanelSeat.round_id == round_id, PanelSeat.account_id == by.account_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if seat is None:
        raise NotFound()
    return seat
