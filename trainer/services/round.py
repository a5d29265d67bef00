"""Rounds: who reads whom, opening, closing with a frozen ranking, reopening."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from trainer.database import db
from trainer.domain.actors import SYSTEM, Actor
from trainer.domain.assignment import deal
from trainer.domain.selection import FULL_WEIGHT_BP, RoundFacts, RoundState
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.ranking import RankingRun
from trainer.models.review import Assignment
from trainer.models.rubric import Rubric
from trainer.models.selection import Round, Selection
from trainer.queries.message import count_sheets
from trainer.queries.selection import get_round_facts, list_evaluators, live_application_ids
from trainer.services import audit
from trainer.services.message import notify
from trainer.services.ranking import make_run


class RoundNotDraft(Refused):
    """Rubric, candidates and evaluators stand still once evaluators may be at work."""

    code = "round_not_draft"


class RoundNotOpen(Refused):
    code = "round_not_open"


class RoundNotClosed(Refused):
    code = "round_not_closed"


class RubricMissing(Refused):
    code = "rubric_missing"


class WeightsNot100(Refused):
    code = "weights_not_100"


class NoCandidates(Refused):
    code = "no_candidates"


class UnreadCandidates(Refused):
    """Nobody was given these applications to read."""

    code = "unread_candidates"


class NoEvaluators(Refused):
    code = "no_evaluators"


class TooFewEvaluators(Refused):
    code = "too_few_evaluators"


class NoSheets(Refused):
    """A ranking of nothing would be no advice."""

    code = "no_sheets"


class ReasonMissing(Refused):
    code = "reason_missing"


def take_round(round_id: int, version: int, state: RoundState, refusal: type[Refused]) -> Round:
    """The round for one act, in the state the act needs; the row stays locked until the act is over.

    `version` is the one the person looked at. Raises Conflict where somebody was faster, `refusal` in another state.
    """
    taken = db.session.execute(
        update(Round).where(Round.id == round_id, Round.version == version).values(version=version + 1)
    )
    if not taken.rowcount:
        raise Conflict()
    round_ = db.session.get(Round, round_id, populate_existing=True)
    if round_.state is not state:
        raise refusal()
    return round_


def deal_applications(
    round_id: int, version: int, evaluator_ids: Sequence[int], readers: int | None, *, by: Actor, at: datetime
) -> None:
    """Give every live application to `readers` of the evaluators (None: to all of them), replacing what was dealt."""
    round_ = take_round(round_id, version, RoundState.DRAFT, RoundNotDraft)
    region = db.session.get(Selection, round_.selection_id).region_code
    chosen = sorted(set(evaluator_ids))
    if not chosen:
        raise NoEvaluators()
    if not set(chosen) <= {evaluator.id for evaluator in list_evaluators(region)}:
        raise NotFound()
    readers = len(chosen) if readers is None else readers
    if not 1 <= readers <= len(chosen):
        raise TooFewEvaluators(readers=readers, evaluators=len(chosen))
    applications = live_application_ids(round_id)
    if not applications:
        raise NoCandidates()
    db.session.execute(delete(Assignment).where(Assignment.round_id == round_id))
    readings = deal(applications, chosen, readers, seed=f"round {round_id}")
    db.session.execute(
        insert(Assignment),
        [
            {
                "round_id": round_id,
                "application_id": reading.application,
                "account_id": reading.evaluator,
                "position": reading.position,
                "created_at": at,
                "created_by": by.account_id,
            }
            for reading in readings
        ],
    )
    round_.reviews_per_application = readers
    audit.record(
        "round.deal",
        "round",
        round_id,
        by=by,
        at=at,
        evaluators=chosen,
        readers=readers,
        applications=len(applications),
    )


def open_round(round_id: int, version: int, *, by: Actor, at: datetime) -> None:
    """Let the evaluators in; from now on the rubric is locked."""
    round_ = take_round(round_id, version, RoundState.DRAFT, RoundNotDraft)
    facts = get_round_facts(round_)
    _check_ready(facts)
    db.session.execute(
        update(Rubric).where(Rubric.round_id == round_id, Rubric.superseded_at.is_(None)).values(locked_at=at)
    )
    round_.state, round_.opened_at = RoundState.OPEN, at
    audit.record("round.open", "round", round_id, by=by, at=at, candidates=facts.candidates, sheets=facts.sheets)
    name = db.session.scalar(select(Selection.name).where(Selection.id == round_.selection_id))
    for evaluator, count in count_sheets(round_id):
        notify("round_opened", to_accounts=[evaluator], link="/reviews", by=SYSTEM, at=at, selection=name, count=count)


def _check_ready(facts: RoundFacts) -> None:
    if not facts.weight_bp:
        raise RubricMissing()
    if facts.weight_bp != FULL_WEIGHT_BP:
        raise WeightsNot100(total=f"{facts.weight_bp / 100:g}")
    if not facts.candidates:
        raise NoCandidates()
    if facts.judged_bp and facts.unread:
        raise UnreadCandidates(count=facts.unread)


def close_round(round_id: int, version: int, *, by: Actor, at: datetime) -> RankingRun:
    """Take no more sheets and freeze the ranking; what is not submitted does not count."""
    round_ = take_round(round_id, version, RoundState.OPEN, RoundNotOpen)
    facts = get_round_facts(round_)
    if facts.judged_bp and not facts.submitted:
        raise NoSheets()
    round_.state, round_.closed_at = RoundState.CLOSED, at
    run = make_run(round_, by=by, at=at)
    audit.record(
        "round.close", "round", round_id, by=by, at=at, submitted=facts.submitted, missing=facts.missing, run=run.id
    )
    return run


def reopen_round(round_id: int, version: int, reason: str, *, by: Actor, at: datetime) -> None:
    """Let the evaluators in again; the ranking that was frozen stays, the next closing makes another."""
    round_ = take_round(round_id, version, RoundState.CLOSED, RoundNotClosed)
    if not reason.strip():
        raise ReasonMissing()
    round_.state, round_.closed_at = RoundState.OPEN, None
    audit.record("round.reopen", "round", round_id, by=by, at=at, reason=reason.strip())
