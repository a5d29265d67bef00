"""Dealing applications out: to all, into gaps that somebody leaves, one by hand, and one more near the line."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import delete, insert, select

from trainer.database import db
from trainer.domain.actors import SYSTEM, Actor
from trainer.domain.adaptive import Doubt, Further, further_readers, sha256_of
from trainer.domain.assignment import Candidate, Deal, Judge, Reading, Terms, solve
from trainer.domain.assignment_model import CannotDeal
from trainer.domain.selection import FULL_WEIGHT_BP, AssignmentOrigin, RankingFlag, RoundState
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.panel import PanelSeat
from trainer.models.review import Assignment
from trainer.models.selection import Round, Selection
from trainer.queries.conflict import list_held
from trainer.queries.dealing import get_file, last_positions, list_files, list_members, list_readings
from trainer.queries.ranking import list_ranked, list_runs
from trainer.queries.selection import RoundRow
from trainer.services import audit, panel
from trainer.services.message import notify
from trainer.services.round import NoCandidates, NoEvaluators, ReasonMissing, RoundNotDraft, open_wave, take_round


class RoundAtRest(Refused):
    """Readers change only while a round is being prepared or open."""

    code = "round_at_rest"


class ReadsAlready(Refused):
    code = "reads_already"


class KeptApart(Refused):
    """A conflict holds between the two."""

    code = "kept_apart"


class NothingToFill(Refused):
    code = "nothing_to_fill"


class NothingInDoubt(Refused):
    """Nobody is near the line, and no sheet stands out: or nobody is left to read."""

    code = "nothing_in_doubt"


def propose_deal(
    round_: Round | RoundRow, account_ids: Collection[int], readers: int | None, *, anchors: int = 0, cross_bp: int = 0
) -> Deal:
    """Who would read whom; changes nothing. `readers`: None for all. Raises CannotDeal and what cannot be begun."""
    chosen = set(account_ids)
    members = [member for member in list_members(round_.id) if member.account_id in chosen]
    if not chosen:
        raise NoEvaluators()
    if len(members) < len(chosen):
        raise NotFound()
    candidates = _candidates(round_.id)
    if not candidates:
        raise NoCandidates()
    terms = Terms(readers, anchors, Fraction(cross_bp, FULL_WEIGHT_BP), _seed(round_))
    return solve(candidates, _judges(members), terms, list_held(round_.id))


def _candidates(round_id: int) -> list[Candidate]:
    return [Candidate(file.application_id, file.region_code, file.code) for file in list_files(round_id)]


def _judges(members) -> list[Judge]:
    """Somebody of a city or the province is from no candidate's county: her group is nobody's."""
    return [Judge(m.account_id, m.region_code or "", m.most, m.name) for m in members]


def _seed(round_: Round | RoundRow) -> str:
    return f"round {round_.id} {round_.seed}"


def deal_applications(
    round_id: int,
    version: int,
    account_ids: Sequence[int],
    readers: int | None,
    *,
    anchors: int = 0,
    cross_bp: int = 0,
    seen: str | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Give every live application to `readers` of the evaluators (None: to all of them), replacing what was dealt.

    `seen`: the deal that was looked at (`Deal.sha256`). Raises Conflict where it would be another one by now.
    """
    round_ = take_round(round_id, version, RoundState.DRAFT, RoundNotDraft)
    deal = propose_deal(round_, account_ids, readers, anchors=anchors, cross_bp=cross_bp)
    _compare(deal, seen)
    db.session.execute(delete(Assignment).where(Assignment.round_id == round_id))
    drawn = set(deal.anchors)
    _insert(round_, deal.readings, AssignmentOrigin.AUTO, anchors=drawn, by=by, at=at)
    round_.reviews_per_application = len(set(account_ids)) if readers is None else readers
    round_.anchors, round_.cross_share_bp = anchors, cross_bp
    audit.record(
        *("round.deal", "round", round_id),
        by=by,
        at=at,
        evaluators=sorted(set(account_ids)),
        readers=round_.reviews_per_application,
        anchors=anchors,
        cross_bp=cross_bp,
        sheets=len(deal.readings),
        deal=deal.sha256,
    )


def _compare(deal: Deal, seen: str | None) -> None:
    if seen is not None and seen != deal.sha256:
        raise Conflict()


def _insert(
    round_: Round,
    readings: Sequence[Reading],
    origin: AssignmentOrigin,
    *,
    anchors: Collection[int] = (),
    reason: str = "",
    by: Actor,
    at: datetime,
) -> None:
    rows = [
        {
            "round_id": round_.id,
            "application_id": reading.candidate,
            "account_id": reading.judge,
            "position": reading.position,
            "origin": AssignmentOrigin.ANCHOR if reading.candidate in anchors else origin,
            "wave": round_.wave,
            "reason": reason,
            "created_at": at,
            "created_by": by.account_id,
        }
        for reading in readings
    ]
    db.session.execute(insert(Assignment), rows)


def propose_filling(round_: Round | RoundRow, leaving: int | None = None) -> Deal:
    """Readers for whoever lacks some, everything else as it is; without `leaving`, of whom submitted sheets alone stay.

    As many readers as the round has, or as many as are left. The share across counties is kept where it can be.
    """
    readings = [r for r in list_readings(round_.id) if r.account_id != leaving or r.submitted]
    kept = [Reading(r.application_id, r.account_id, r.position) for r in readings if r.counts]
    apart = list_held(round_.id) | {(r.application_id, r.account_id) for r in readings if r.withdrawn}
    members = [m for m in list_members(round_.id) if m.account_id != leaving]
    if not members:
        raise NoEvaluators()
    judges = _judges(members)
    # Whoever left keeps what she has submitted, and gets nothing more.
    gone = {r.account_id for r in readings if r.counts} - {m.account_id for m in members}
    judges += [Judge(account, most=0) for account in gone]
    terms = Terms(
        round_.reviews_per_application if isinstance(round_, Round) else round_.readers,
        cross=Fraction(round_.cross_share_bp, FULL_WEIGHT_BP),
        seed=f"{_seed(round_)} {len(readings)}",
        lenient=True,
    )
    candidates = _candidates(round_.id)
    apart |= {(candidate.key, account) for candidate in candidates for account in gone}
    try:
        return solve(candidates, judges, terms, apart, kept)
    except CannotDeal as refused:
        if refused.code != "cross_out_of_reach":
            raise
    return solve(candidates, judges, replace(terms, cross=Fraction(0)), apart, kept)


def fill_up(
    round_id: int, version: int, leaving: int | None, reason: str, *, seen: str | None = None, by: Actor, at: datetime
) -> int:
    """Close the gaps; `leaving` is taken off the panel first, her submitted sheets count. Returns how many were given.

    Raises NothingToFill, ReasonMissing where somebody is taken off without one, Conflict where `seen` is outdated.
    """
    round_ = _take_moving(round_id, version)
    if leaving is not None and not reason.strip():
        raise ReasonMissing()
    deal = propose_filling(round_, leaving)
    _compare(deal, seen)
    if leaving is not None:
        panel.remove_evaluator(_seat_of(round_id, leaving), reason, by=by, at=at)
    elif not deal.readings:
        raise NothingToFill()
    if deal.readings:
        _insert(round_, deal.readings, AssignmentOrigin.REPLACEMENT, reason=reason.strip(), by=by, at=at)
    given = len(deal.readings)
    audit.record("round.fill_up", "round", round_id, by=by, at=at, leaving=leaving, sheets=given, deal=deal.sha256)
    _tell(round_, [reading.judge for reading in deal.readings], at=at)
    return given


def _seat_of(round_id: int, account_id: int) -> int:
    seat = db.session.scalar(
        select(PanelSeat.id).where(PanelSeat.round_id == round_id, PanelSeat.account_id == account_id)
    )
    if seat is None:
        raise NotFound()
    return seat


def _take_moving(round_id: int, version: int) -> Round:
    """The round for one act, while readers may still change."""
    state = db.session.scalar(select(Round.state).where(Round.id == round_id))
    if state not in (RoundState.DRAFT, RoundState.OPEN):
        raise RoundAtRest()
    return take_round(round_id, version, state, RoundAtRest)


def give_reading(
    round_id: int, version: int, application_id: int, account_id: int, reason: str, *, by: Actor, at: datetime
) -> None:
    """One application to one evaluator by hand; one that was taken from her is hers again.

    Raises ReasonMissing, ReadsAlready, KeptApart; NotFound for whoever is not on the panel or no candidate.
    """
    round_ = _take_moving(round_id, version)
    if not reason.strip():
        raise ReasonMissing()
    members = {member.account_id: member for member in list_members(round_id)}
    if get_file(round_id, application_id) is None or account_id not in members:
        raise NotFound()
    if (application_id, account_id) in list_held(round_id):
        raise KeptApart()
    had = _assignment(round_id, application_id, account_id)
    if had is None:
        reading = Reading(application_id, account_id, last_positions(round_id).get(account_id, 0) + 1)
        _insert(round_, [reading], AssignmentOrigin.MANUAL, reason=reason.strip(), by=by, at=at)
    elif had.withdrawn_at is None:
        raise ReadsAlready()
    else:
        had.withdrawn_at, had.withdrawn_reason = None, ""
        had.origin, had.wave, had.reason = AssignmentOrigin.MANUAL, round_.wave, reason.strip()
    audit.record("round.give", "round", round_id, by=by, at=at, application=application_id, evaluator=account_id)
    _tell(round_, [account_id], at=at)


def _assignment(round_id: int, application_id: int, account_id: int) -> Assignment | None:
    return db.session.scalar(
        select(Assignment).where(
            Assignment.round_id == round_id,
            Assignment.application_id == application_id,
            Assignment.account_id == account_id,
        )
    )


def take_reading(round_id: int, version: int, assignment_id: int, reason: str, *, by: Actor, at: datetime) -> None:
    """Take one application from one evaluator: what she wrote stays and does not count."""
    _take_moving(round_id, version)
    if not reason.strip():
        raise ReasonMissing()
    assignment = db.session.get(Assignment, assignment_id)
    if assignment is None or assignment.round_id != round_id or assignment.withdrawn_at is not None:
        raise NotFound()
    assignment.withdrawn_at, assignment.withdrawn_reason = at, reason.strip()
    audit.record(
        *("round.take", "round", round_id),
        by=by,
        at=at,
        application=assignment.application_id,
        evaluator=assignment.account_id,
    )


def propose_further(round_: Round | RoundRow, count: int) -> list[Further]:
    """Which files would get one more reader after the closing, whom, and why; changes nothing."""
    runs = list_runs(round_.id)
    if not runs:
        raise NothingInDoubt()
    counties = {file.application_id: file.region_code for file in list_files(round_.id)}
    doubts = [
        Doubt(
            line.application_id,
            counties[line.application_id],
            None if line.p_seat is None else Decimal(line.p_seat) / FULL_WEIGHT_BP,
            RankingFlag.INFLATED_REVIEW in line.flags,
        )
        for line in list_ranked(runs[0].id)
        if line.application_id in counties
    ]
    readings = list_readings(round_.id)
    apart = list_held(round_.id) | {(r.application_id, r.account_id) for r in readings if not r.counts}
    live = [(r.application_id, r.account_id) for r in readings if r.counts]
    return further_readers(doubts, _judges(list_members(round_.id)), live, apart, count, f"{_seed(round_)} {len(live)}")


def ask_further(round_id: int, version: int, count: int, *, seen: str | None = None, by: Actor, at: datetime) -> int:
    """Let the chosen readers in, only for these files. Returns how many; raises NothingInDoubt, Conflict if outdated."""
    round_ = db.session.get(Round, round_id)
    further = propose_further(round_, count)
    if seen is not None and seen != sha256_of(further):
        raise Conflict()
    pairs = [(f.candidate, f.judge, f.why, percent(f.p_seat)) for f in further if f.judge is not None]
    if not pairs:
        raise NothingInDoubt()
    open_wave(round_id, version, pairs, by=by, at=at)
    return len(pairs)


def percent(share: Decimal | None) -> str:
    """How it stands with the reading: 48%; nothing where it is not known."""
    return "" if share is None else f"{round(100 * share)}%"


def _tell(round_: Round, accounts: Sequence[int], *, at: datetime) -> None:
    """In an open round: more to read. Never why."""
    if round_.state is not RoundState.OPEN:
        return
    name = db.session.scalar(select(Selection.name).where(Selection.id == round_.selection_id))
    for account in sorted(set(accounts)):
        values = {"selection": name, "count": accounts.count(account)}
        notify("readings_added", to_accounts=[account], link="/reviews", by=SYSTEM, at=at, **values)
