"""Rounds: who reads whom, opening, closing with a ranking, further readers, freezing."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, insert, literal, select, update

from trainer.database import db
from trainer.domain.actors import SYSTEM, Actor
from trainer.domain.round_inputs import rules_sha256
from trainer.domain.scoring_kinds import EXTREMES_NEED
from trainer.domain.selection import (
    FULL_WEIGHT_BP,
    Aggregate,
    ApplicationState,
    AssignmentOrigin,
    CandidacyOrigin,
    RoundFacts,
    RoundKind,
    RoundState,
)
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.application import Application
from trainer.models.field_visit import FieldVisit
from trainer.models.ranking import RankingRun
from trainer.models.review import Assignment
from trainer.models.rubric import Rubric
from trainer.models.selection import Candidacy, Round, Selection
from trainer.queries.blinding import count_unblinded
from trainer.queries.calibration import count_unfit
from trainer.queries.conflict import count_undecided
from trainer.queries.field_visit import count_underseated
from trainer.queries.message import count_sheets
from trainer.queries.selection import (
    get_extras,
    get_round_facts,
    round_criteria,
)
from trainer.services import audit
from trainer.services.message import notify
from trainer.services.ranking import make_run, stands_on
from trainer.services.rules_check import check_rules


class RoundNotDraft(Refused):
    """Rubric, candidates and evaluators stand still once evaluators may be at work."""

    code = "round_not_draft"


class RoundNotOpen(Refused):
    code = "round_not_open"


class RoundNotClosed(Refused):
    code = "round_not_closed"


class RoundNotFrozen(Refused):
    code = "round_not_frozen"


class TextsUnblinded(Refused):
    """Evaluators read blind, and nobody has confirmed these texts."""

    code = "texts_unblinded"


class CalibrationOutdated(Refused):
    """The score sheet was changed after calibration files were scored by it."""

    code = "calibration_outdated"


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


class TooFewVisitors(Refused):
    """One who goes alone convinces nobody."""

    code = "too_few_visitors"


class NoSheets(Refused):
    """A ranking of nothing would be no advice."""

    code = "no_sheets"


class TooFewToDrop(Refused):
    """Dropping the extremes punishes whoever met fewer evaluators."""

    code = "too_few_to_drop"


class NamedHerself(Refused):
    """Whoever named a candidate past the ranking cannot also let that stand."""

    code = "named_herself"


class RunOutdated(Refused):
    code = "run_outdated"


class ConflictsUndecided(Refused):
    """Who raises a conflict takes a sheet out of the ranking at once; that alone must not make a result."""

    code = "conflicts_undecided"


class NobodyAsked(Refused):
    code = "nobody_asked"


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


def open_round(round_id: int, version: int, *, by: Actor, at: datetime) -> None:
    """Let the evaluators in; from now on rubric and rules are locked."""
    round_ = take_round(round_id, version, RoundState.DRAFT, RoundNotDraft)
    facts = get_round_facts(round_)
    _check_ready(round_, facts, by)
    check_rules(round_id, at=at)
    criteria, (bonus, veto) = round_criteria(round_id), get_extras(round_id)
    db.session.execute(
        update(Rubric)
        .where(Rubric.round_id == round_id, Rubric.superseded_at.is_(None))
        .values(locked_at=at, sha256=rules_sha256(criteria, bonus, veto))
    )
    round_.state, round_.opened_at = RoundState.OPEN, at
    if round_.kind is RoundKind.FIELD:
        _make_visits(round_id)
    audit.record("round.open", "round", round_id, by=by, at=at, candidates=facts.candidates, sheets=facts.sheets)
    _tell_evaluators(round_, at=at)


def _tell_evaluators(round_: Round, *, at: datetime) -> None:
    name = db.session.scalar(select(Selection.name).where(Selection.id == round_.selection_id))
    for evaluator, count in count_sheets(round_.id):
        notify("round_opened", to_accounts=[evaluator], link="/reviews", by=SYSTEM, at=at, selection=name, count=count)


def _make_visits(round_id: int) -> None:
    """A visit of each candidate for whom none was planned."""
    planned = exists().where(FieldVisit.round_id == round_id, FieldVisit.application_id == Application.id)
    unplanned = (
        select(literal(round_id), Application.id, literal(""), literal(1))
        .join(Candidacy, Candidacy.application_id == Application.id)
        .where(Candidacy.round_id == round_id, Application.state == ApplicationState.SUBMITTED, ~planned)
    )
    columns = ["round_id", "application_id", "words", "version"]
    db.session.execute(insert(FieldVisit).from_select(columns, unplanned))


def _check_ready(round_: Round, facts: RoundFacts, by: Actor) -> None:
    if not facts.weight_bp:
        raise RubricMissing()
    if facts.weight_bp != FULL_WEIGHT_BP:
        raise WeightsNot100(total=f"{facts.weight_bp / 100:g}")
    if not facts.candidates:
        raise NoCandidates()
    if facts.judged_bp and facts.unread:
        raise UnreadCandidates(count=facts.unread)
    if unblinded := count_unblinded(round_.id):
        raise TextsUnblinded(count=unblinded)
    if unfit := count_unfit(round_.id):
        raise CalibrationOutdated(count=unfit)
    if round_.kind is RoundKind.FIELD and (alone := count_underseated(round_.id)):
        raise TooFewVisitors(count=alone)
    uneven = facts.fewest_readers < EXTREMES_NEED or facts.fewest_readers != facts.most_readers
    if round_.aggregate is Aggregate.DROP_EXTREMES and facts.judged_bp and uneven:
        raise TooFewToDrop(needed=EXTREMES_NEED, fewest=facts.fewest_readers)
    if by.account_id in set(db.session.scalars(named_by(round_.id))):
        raise NamedHerself()


def named_by(round_id: int):
    """Who named candidates that had not got there by rank."""
    return select(Candidacy.by).where(Candidacy.round_id == round_id, Candidacy.origin == CandidacyOrigin.NAMED)


def close_round(round_id: int, version: int, *, by: Actor, at: datetime) -> RankingRun:
    """Take no more sheets and reckon; what is not submitted does not count. Further readers may still be asked."""
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


def rank_again(round_id: int, version: int, *, by: Actor, at: datetime) -> RankingRun:
    """Another run of a closed round, where a sheet fell out or a figure changed; the earlier run stays."""
    round_ = take_round(round_id, version, RoundState.CLOSED, RoundNotClosed)
    run = make_run(round_, by=by, at=at)
    audit.record("round.rank_again", "round", round_id, by=by, at=at, run=run.id)
    return run


def freeze_round(round_id: int, version: int, run_id: int, *, by: Actor, at: datetime) -> None:
    """Make the run that was looked at the round's result: nothing of it is changed any more.

    Raises RunOutdated where sheets or candidates are others since, or another run was made; ConflictsUndecided.
    """
    round_ = take_round(round_id, version, RoundState.CLOSED, RoundNotClosed)
    last = db.session.scalar(select(func.max(RankingRun.id)).where(RankingRun.round_id == round_id))
    run = db.session.get(RankingRun, run_id)
    if run is None or run.round_id != round_id:
        raise NotFound()
    if run.id != last or not stands_on(run, round_):
        raise RunOutdated()
    if undecided := count_undecided(round_id):
        raise ConflictsUndecided(count=undecided)
    run.frozen_at, run.frozen_by = at, by.account_id
    round_.state, round_.frozen_at = RoundState.FROZEN, at
    audit.record("round.freeze", "round", round_id, by=by, at=at, run=run.id, output=run.output_sha256)


def open_wave(
    round_id: int, version: int, pairs: Sequence[tuple[int, int, AssignmentOrigin, str]], *, by: Actor, at: datetime
) -> None:
    """Ask further readers for a closed round that is not frozen: only the sheets of `pairs` can be written.

    `pairs`: application, evaluator, why she, and the words kept with it, which she never sees. Everybody else's sheets
    stand still: what was seen of the first run changes nobody's mind.
    """
    round_ = take_round(round_id, version, RoundState.CLOSED, RoundNotClosed)
    if not pairs:
        raise NobodyAsked()
    round_.wave += 1
    round_.first_open_wave, round_.state, round_.closed_at = round_.wave, RoundState.OPEN, None
    last = dict(
        db.session.execute(
            select(Assignment.account_id, func.max(Assignment.position))
            .where(Assignment.round_id == round_id)
            .group_by(Assignment.account_id)
        ).all()
    )
    for application, evaluator, origin, reason in pairs:
        last[evaluator] = last.get(evaluator, 0) + 1
        db.session.add(
            Assignment(
                round_id=round_id,
                application_id=application,
                account_id=evaluator,
                position=last[evaluator],
                origin=origin,
                wave=round_.wave,
                reason=reason,
                created_at=at,
                created_by=by.account_id,
            )
        )
    audit.record("round.open_wave", "round", round_id, by=by, at=at, wave=round_.wave, sheets=len(pairs))
    _tell_evaluators(round_, at=at)
