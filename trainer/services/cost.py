"""Costs of a cohort: entered once with their evidence, taken back with a reason; the class's figures are told."""

from datetime import date, datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.cost import MOST_FEN, CostDraft
from trainer.domain.days import china_day
from trainer.domain.file import FilePurpose
from trainer.errors import NotFound, Refused
from trainer.models.follow_up import CohortCost
from trainer.models.programme import Cohort, Programme
from trainer.services import audit
from trainer.services.evidence import keep_evidence
from trainer.services.file import Sealed
from trainer.services.outcomes import touch_cohort
from trainer.services.taken_down import add, find_made, take_row_back


class CostAmount(Refused):
    """Nothing, or more than one row takes."""

    code = "cost_amount"


class CostToCome(Refused):
    """The day lies in the future."""

    code = "cost_to_come"


class CostBeforeProgramme(Refused):
    code = "cost_before_programme"


def record_cost(
    cohort_id: int, draft: CostDraft, *, nonce: str, evidence: Sealed | None = None, by: Actor, at: datetime
) -> CohortCost:
    """Sent twice with one nonce it stands once. Raises CostAmount, CostToCome, CostBeforeProgramme, Conflict, NotFound."""
    starts_on = _hold_cohort(cohort_id)
    if made := find_made(CohortCost, nonce, by=by):
        return made
    if not 0 < draft.amount_fen <= MOST_FEN:
        raise CostAmount(most=f"{MOST_FEN // 100:,}")
    if draft.spent_on > china_day(at):
        raise CostToCome(day=draft.spent_on)
    if draft.spent_on < starts_on:
        raise CostBeforeProgramme(day=draft.spent_on, starts_on=starts_on)
    kept = keep_evidence(evidence, FilePurpose.OUTCOME_EVIDENCE, by=by, at=at)
    row = add(CohortCost(cohort_id=cohort_id, **vars(draft), evidence_id=kept), nonce, by=by, at=at)
    touch_cohort(cohort_id, at=at)
    audit.record("cohort_cost.record", "cohort_cost", row.id, by=by, at=at, after=_told(row))
    return row


def take_back(cost_id: int, reason: str, *, by: Actor, at: datetime) -> None:
    """Raises NoReasonToTakeBack, TakenBackBefore, NotFound."""
    row = take_row_back(CohortCost, cost_id, reason, by=by, at=at)
    touch_cohort(row.cohort_id, at=at)
    audit.record("cohort_cost.take_back", "cohort_cost", row.id, by=by, at=at, before=_told(row), with_reason=True)


def _told(row: CohortCost) -> dict[str, object]:
    facts = {"cohort": row.cohort_id, "kind": row.kind, "amount_fen": row.amount_fen, "spent_on": row.spent_on}
    return {**facts, "with_evidence": row.evidence_id is not None}


def _hold_cohort(cohort_id: int) -> date:
    """Held, so that the same form sent twice at once waits for itself; the first day of its programme."""
    held = (
        select(Cohort.id, Programme.starts_on)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Cohort.id == cohort_id)
        .with_for_update(key_share=True, of=Cohort)
    )
    row = db.session.execute(held).one_or_none()
    if row is None:
        raise NotFound()
    return row.starts_on
