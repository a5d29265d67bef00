"""Assessments: making, changing and dropping them, and entering the scores of a class."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.assessment import AssessmentDraft, TypedScore
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.assessment import Assessment, AssessmentScore
from trainer.queries.assessment import ScoreRow, highest_score, list_scores, min_score_demanded
from trainer.services import audit
from trainer.services.cohort import hold_cohort


class AssessmentDemanded(Refused):
    """The rule in force asks for it."""

    code = "assessment_demanded"


class AssessmentDropped(Refused):
    code = "assessment_dropped"


class MaximumTooLow(Refused):
    """A score that was entered, or that the rule demands, is higher."""

    code = "assessment_maximum_too_low"


class ScoreChangedMeanwhile(Refused):
    """Somebody else entered another score since this page was opened."""

    code = "score_changed_meanwhile"
    status = 409


class ScoreChangeUnexplained(Refused):
    """A score that stands is only changed with a reason."""

    code = "score_change_unexplained"


class OwnScore(Refused):
    """Somebody else enters it."""

    code = "score_own"


def create_assessment(cohort_id: int, draft: AssessmentDraft, *, by: Actor, at: datetime) -> Assessment:
    row = Assessment(cohort_id=cohort_id, created_at=at, created_by=by.account_id, **vars(draft))
    db.session.add(row)
    db.session.flush()
    audit.record("assessment.create", "assessment", row.id, by=by, at=at, cohort=cohort_id, after=vars(draft))
    return row


def update_assessment(assessment_id: int, draft: AssessmentDraft, *, seen: int, by: Actor, at: datetime) -> None:
    """Raises Conflict, MaximumTooLow."""
    row = _hold(assessment_id)
    if row.version != seen:
        raise Conflict()
    least = max(highest_score(row.id), _demanded(row) or 0)
    if draft.max_score < least:
        raise MaximumTooLow(score=f"{least / 100:g}")
    before = {name: getattr(row, name) for name in vars(draft)}
    for name, value in vars(draft).items():
        setattr(row, name, value)
    audit.record("assessment.update", "assessment", row.id, by=by, at=at, before=before, after=vars(draft))


def set_dropped(assessment_id: int, dropped: bool, *, seen: int, by: Actor, at: datetime) -> None:
    """Give it up, or take it up again; the scores stay. Raises Conflict, AssessmentDemanded."""
    row = _hold(assessment_id)
    if row.version != seen:
        raise Conflict()
    if dropped and _demanded(row) is not None:
        raise AssessmentDemanded(name=row.name)
    row.dropped_at = at if dropped else None
    action = "assessment.drop" if dropped else "assessment.restore"
    audit.record(action, "assessment", row.id, by=by, at=at, cohort=row.cohort_id)


def enter_scores(assessment_id: int, typed: Sequence[TypedScore], *, reason: str = "", by: Actor, at: datetime) -> int:
    """Write down what differs from what stands; returns how many. Nothing is written where anything is refused.

    Raises AssessmentDropped, OwnScore, ScoreChangedMeanwhile, ScoreChangeUnexplained, NotFound (not on the roll).
    """
    row = _hold(assessment_id)
    if row.dropped_at is not None:
        raise AssessmentDropped(name=row.name)
    stands = {one.enrolment_id: one for one in list_scores(row)}
    if any(one.enrolment_id not in stands for one in typed):
        raise NotFound()
    changed = [(stands[one.enrolment_id], one) for one in typed if one.score != stands[one.enrolment_id].score]
    if any(before.person_id == by.person_id for before, _one in changed):
        raise OwnScore()
    _refuse_blind_changes(changed, reason)
    if changed:
        rows = [
            {
                **{"assessment_id": row.id, "enrolment_id": one.enrolment_id, "score": one.score},
                **{"reason": reason if before.entry_id else "", "at": at, "by": by.account_id},
            }
            for before, one in changed
        ]
        db.session.execute(insert(AssessmentScore), rows)
        audit.record(
            *("assessment.enter_scores", "assessment", row.id),
            **{"by": by, "at": at, "count": len(changed), "with_reason": bool(reason)},
            before={str(before.enrolment_id): before.score for before, _one in changed if before.entry_id},
            after={str(one.enrolment_id): one.score for _before, one in changed},
        )
    return len(changed)


def _refuse_blind_changes(changed: Sequence[tuple[ScoreRow, TypedScore]], reason: str) -> None:
    overtaken = [before.name for before, one in changed if before.entry_id != one.seen]
    if overtaken:
        raise ScoreChangedMeanwhile(names="、".join(overtaken))
    again = [before.name for before, _one in changed if before.score is not None]
    if again and not reason.strip():
        raise ScoreChangeUnexplained(names="、".join(again))


def _demanded(row: Assessment) -> int | None:
    return db.session.scalar(select(min_score_demanded()).select_from(Assessment).where(Assessment.id == row.id))


def _hold(assessment_id: int) -> Assessment:
    """Its class first, whose rule may demand it; then itself, held until the act ends."""
    cohort_id = db.session.scalar(select(Assessment.cohort_id).where(Assessment.id == assessment_id))
    if cohort_id is None:
        raise NotFound()
    hold_cohort(cohort_id)
    return db.session.get(Assessment, assessment_id, with_for_update=True, populate_existing=True)
