"""Opening a closed or frozen round again: one asks with a reason, another answers; the run that was made stays."""

from datetime import datetime

from sqlalchemy import select, update

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.selection import RANKED, RoundState
from trainer.errors import NotFound, Refused
from trainer.models.selection import ReopenRequest, Round
from trainer.queries.selection import is_last_round
from trainer.services import audit
from trainer.services.round import ReasonMissing, RoundNotClosed


class AskedAlready(Refused):
    code = "reopening_asked_already"


class OwnRequest(Refused):
    """Two people: nobody grants what she asked for."""

    code = "own_reopening"


class LaterRoundExists(Refused):
    """What came of this round is the ground of another."""

    code = "later_round_exists"


def ask_to_reopen(round_id: int, reason: str, *, by: Actor, at: datetime) -> ReopenRequest:
    """Nothing is opened yet."""
    _hold(round_id)
    if not reason.strip():
        raise ReasonMissing()
    if db.session.scalar(select(_waiting(round_id).exists())):
        raise AskedAlready()
    request = ReopenRequest(round_id=round_id, asked_by=by.account_id, asked_at=at, reason=reason.strip())
    db.session.add(request)
    db.session.flush()
    audit.record("round.ask_to_reopen", "round", round_id, by=by, at=at, reason=reason.strip())
    return request


def answer_reopening(round_id: int, request_id: int, granted: bool, answer: str, *, by: Actor, at: datetime) -> None:
    """Granted, all sheets can be changed again, each change with its reason; the next closing makes another run."""
    round_ = _hold(round_id)
    request = db.session.scalar(_waiting(round_id).where(ReopenRequest.id == request_id))
    if request is None:
        raise NotFound()
    if request.asked_by == by.account_id:
        raise OwnRequest()
    if not answer.strip():
        raise ReasonMissing()
    request.answered_by, request.answered_at, request.granted, request.answer = (
        *(by.account_id, at, granted),
        answer.strip(),
    )
    if granted:
        values = {"state": RoundState.OPEN, "closed_at": None, "frozen_at": None, "first_open_wave": 1}
        db.session.execute(update(Round).where(Round.id == round_id).values(**values, version=Round.version + 1))
        db.session.expire(round_)
    act = "round.reopen" if granted else "round.refuse_to_reopen"
    audit.record(act, "round", round_id, by=by, at=at, reason=request.reason, answer=answer.strip())


def _waiting(round_id: int):
    return select(ReopenRequest).where(ReopenRequest.round_id == round_id, ReopenRequest.answered_at.is_(None))


def _hold(round_id: int) -> Round:
    round_ = db.session.scalar(select(Round).where(Round.id == round_id).with_for_update())
    if round_ is None:
        raise NotFound()
    if round_.state not in RANKED:
        raise RoundNotClosed()
    if not db.session.scalar(select(is_last_round()).where(Round.id == round_id)):
        raise LaterRoundExists()
    return round_
