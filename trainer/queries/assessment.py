"""The assessments of a cohort, the last score of each woman, and what was changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, distinct, func, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.assessment import AssessmentDraft, AssessmentKind
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.models.account import Account
from trainer.models.assessment import Assessment, AssessmentScore
from trainer.models.enrolment import Enrolment
from trainer.models.person import Person
from trainer.models.programme import CompletionRuleVersion, RuleRequirement


@dataclass(frozen=True)
class AssessmentRow:
    """One assessment; `scored` women on the roll have a score; `min_score` where the rule in force demands one."""

    id: int
    name: str
    kind: AssessmentKind
    held_on: date
    max_score: int
    dropped_at: datetime | None
    scored: int
    min_score: int | None


def get_assessment(assessment_id: int) -> Assessment | None:
    return db.session.get(Assessment, assessment_id)


def assessment_draft(row: Assessment) -> AssessmentDraft:
    """As it is described now."""
    return AssessmentDraft(row.name, row.kind, row.held_on, row.max_score)


def list_assessments(cohort_id: int, *, with_dropped: bool = False) -> list[AssessmentRow]:
    """By the day they are held; one statement."""
    scored = (
        select(func.count(distinct(AssessmentScore.enrolment_id)))
        .join(Enrolment, Enrolment.id == AssessmentScore.enrolment_id)
        .where(
            AssessmentScore.assessment_id == Assessment.id,
            AssessmentScore.score.is_not(None),
            AssessmentScore.id == _last_of(AssessmentScore),
            Enrolment.status.in_(ON_THE_ROLL),
        )
        .correlate(Assessment)
        .scalar_subquery()
    )
    statement = (
        select(
            *(Assessment.id, Assessment.name, Assessment.kind, Assessment.held_on, Assessment.max_score),
            *(Assessment.dropped_at, scored, min_score_demanded()),
        )
        .where(Assessment.cohort_id == cohort_id)
        .order_by(Assessment.held_on, Assessment.id)
    )
    if not with_dropped:
        statement = statement.where(Assessment.dropped_at.is_(None))
    return [AssessmentRow(*row) for row in db.session.execute(statement)]


def min_score_demanded():
    """What the rule in force demands of an assessment, correlated to it; NULL where it demands nothing."""
    newest = aliased(CompletionRuleVersion)
    number = select(func.max(newest.number)).where(newest.cohort_id == Assessment.cohort_id).scalar_subquery()
    return (
        select(func.max(RuleRequirement.min_score))
        .join(CompletionRuleVersion, CompletionRuleVersion.id == RuleRequirement.rule_id)
        .where(RuleRequirement.assessment_id == Assessment.id, CompletionRuleVersion.number == number)
        .correlate(Assessment)
        .scalar_subquery()
    )


def _last_of(entry):
    other = aliased(AssessmentScore)
    return (
        select(func.max(other.id))
        .where(other.assessment_id == entry.assessment_id, other.enrolment_id == entry.enrolment_id)
        .correlate(entry)
        .scalar_subquery()
    )


@dataclass(frozen=True)
class ScoreRow:
    """A woman on the roll with her last entry; `entry_id` 0 where there is none."""

    enrolment_id: int
    person_id: int
    seat: int
    name: str
    entry_id: int
    score: int | None


def list_scores(assessment: Assessment) -> list[ScoreRow]:
    """Everybody on the roll by seat."""
    entry = and_(
        AssessmentScore.enrolment_id == Enrolment.id,
        AssessmentScore.assessment_id == assessment.id,
        AssessmentScore.id == _last_of(AssessmentScore),
    )
    rows = db.session.execute(
        select(
            *(Enrolment.id, Person.id, Enrolment.seat_number, Person.name),
            *(func.coalesce(AssessmentScore.id, 0), AssessmentScore.score),
        )
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(AssessmentScore, entry)
        .where(Enrolment.cohort_id == assessment.cohort_id, Enrolment.status.in_(ON_THE_ROLL))
        .order_by(Enrolment.seat_number)
    )
    return [ScoreRow(*row) for row in rows]


def highest_score(assessment_id: int) -> int:
    """Of all that was ever entered."""
    return db.session.scalar(
        select(func.coalesce(func.max(AssessmentScore.score), 0)).where(AssessmentScore.assessment_id == assessment_id)
    )


@dataclass(frozen=True)
class ScoreChange:
    """An entry in place of an earlier one."""

    name: str
    before: int | None
    after: int | None
    at: datetime
    by: str | None
    reason: str


def list_changes(assessment_id: int) -> Sequence[ScoreChange]:
    """What was entered in place of something earlier, the newest first."""
    before = aliased(AssessmentScore)
    earlier = (
        select(func.max(before.id))
        .where(
            before.assessment_id == AssessmentScore.assessment_id,
            before.enrolment_id == AssessmentScore.enrolment_id,
            before.id < AssessmentScore.id,
        )
        .correlate(AssessmentScore)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            *(Person.name, before.score, AssessmentScore.score.label("after")),
            *(AssessmentScore.at, Account.name.label("by"), AssessmentScore.reason),
        )
        .join(before, before.id == earlier)
        .join(Enrolment, Enrolment.id == AssessmentScore.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Account, Account.id == AssessmentScore.by)
        .where(AssessmentScore.assessment_id == assessment_id)
        .order_by(AssessmentScore.id.desc())
    )
    return [ScoreChange(*row) for row in rows]
