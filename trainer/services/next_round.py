"""The next round of a selection: the best of a frozen ranking go on, and whoever is named with a reason."""

from datetime import datetime

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.selection import ApplicationState, CandidacyOrigin, RoundKind, RoundState
from trainer.errors import NotFound, Refused
from trainer.models.application import Application
from trainer.models.ranking import RankingRun
from trainer.models.rubric import Rubric
from trainer.models.selection import Candidacy, Round
from trainer.queries.next_round import list_advancing
from trainer.services import audit
from trainer.services.ranking import holds
from trainer.services.reopening import LaterRoundExists
from trainer.services.round import ReasonMissing, RoundNotDraft, RoundNotFrozen, take_round
from trainer.services.selection import join_round


class RunTampered(Refused):
    """The frozen result is not what was sealed: nobody goes on from it before that is cleared up."""

    code = "run_tampered"


class InRoundAlready(Refused):
    code = "in_round_already"


def start_next_round(round_id: int, version: int, kind: RoundKind, advances: int, *, by: Actor, at: datetime) -> Round:
    """A round being prepared with everybody up to the line of this one: a tie on the line goes on as a whole."""
    before = take_round(round_id, version, RoundState.FROZEN, RoundNotFrozen)
    last = db.session.scalar(select(func.max(Round.number)).where(Round.selection_id == before.selection_id))
    if last != before.number:
        raise LaterRoundExists()
    frozen = select(RankingRun).where(RankingRun.round_id == round_id, RankingRun.frozen_at.is_not(None))
    if not holds(db.session.scalar(frozen.order_by(RankingRun.id.desc()).limit(1))):
        raise RunTampered()
    round_ = Round(
        selection_id=before.selection_id,
        number=before.number + 1,
        kind=kind,
        advances=advances,
        reviews_per_application=before.reviews_per_application,
        ranked_by=before.ranked_by,
        aggregate=before.aggregate,
        blind=before.blind and kind is not RoundKind.FIELD,
        seed=before.seed + 1,
    )
    db.session.add(round_)
    db.session.flush()
    db.session.add(Rubric(round_id=round_.id, created_at=at, created_by=by.account_id))
    ids = [row.id for row in list_advancing(before.id, before.advances)]
    inside = db.session.scalars(select(Application).where(Application.id.in_(ids)).order_by(Application.code)).all()
    for application in inside:
        join_round(round_.id, application, origin=CandidacyOrigin.ADVANCED, by=by, at=at)
    audit.record(
        "round.start", "round", round_.id, by=by, at=at, number=round_.number, kind=kind, candidates=len(inside)
    )
    return round_


def name_candidate(round_id: int, version: int, application_id: int, reason: str, *, by: Actor, at: datetime) -> None:
    """Take in somebody who had not got there by rank; somebody else must then open the round."""
    round_ = take_round(round_id, version, RoundState.DRAFT, RoundNotDraft)
    application = db.session.get(Application, application_id)
    if application is None or application.selection_id != round_.selection_id:
        raise NotFound()
    if application.state is not ApplicationState.SUBMITTED or round_.number == 1:
        raise NotFound()
    if not reason.strip():
        raise ReasonMissing()
    if db.session.get(Candidacy, (round_id, application_id)):
        raise InRoundAlready(code=application.code)
    join_round(round_id, application, origin=CandidacyOrigin.NAMED, reason=reason.strip(), by=by, at=at)
    audit.record("round.name", "round", round_id, by=by, at=at, application=application.code, reason=reason.strip())
