"""Makers for tests of completion: assessments with scores, tasks with what was handed in, rules that demand them."""

from datetime import date

from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.assessment import AssessmentKind
from trainer.domain.attendance import AttendanceStatus, MarkChannel
from trainer.domain.completion_exception import ExceptionState
from trainer.domain.course_task import CourseTaskKind, HandInState, Proof
from trainer.models import Attendance, Cohort, CompletionRuleVersion, Enrolment, Lesson, Mark
from trainer.models.assessment import Assessment, AssessmentScore
from trainer.models.completion_exception import CompletionException
from trainer.models.course_task import CourseTask, HandIn
from trainer.models.programme import RuleRequirement
from trainer.queries.cohort import get_rule


def _save(row):
    with transaction() as session:
        session.add(row)
    return row


def mark(lesson: Lesson, *women: Enrolment, status: AttendanceStatus = AttendanceStatus.PRESENT) -> None:
    """What the roll says, with its resolved row."""
    with transaction() as session:
        for woman in women:
            said = {"lesson_id": lesson.id, "enrolment_id": woman.id, "status": status}
            row = Mark(**said, channel=MarkChannel.ROLL, at=AT, nonce=f"{lesson.id} {woman.id}")
            session.add(row)
            session.flush()
            session.add(Attendance(**said, mark_id=row.id, marker_status=status))


def assessment(of: Cohort, name: str = "理论考核", *, max_score: int = 10_000, **values) -> Assessment:
    facts = {"kind": AssessmentKind.THEORY, "held_on": date(2026, 3, 13), "created_at": AT, **values}
    return _save(Assessment(cohort_id=of.id, name=name, max_score=max_score, **facts))


def score(of: Assessment, woman: Enrolment, value: int | None) -> AssessmentScore:
    return _save(AssessmentScore(assessment_id=of.id, enrolment_id=woman.id, score=value, at=AT))


def course_task(of: Cohort, title: str = "直播一场") -> CourseTask:
    facts = {"kind": CourseTaskKind.BROADCAST, "proof": Proof.EITHER, "created_at": AT}
    return _save(CourseTask(cohort_id=of.id, title=title, **facts))


def hand_in(of: CourseTask, woman: Enrolment, state: HandInState, number: int = 1) -> HandIn:
    about = {"course_task_id": of.id, "enrolment_id": woman.id, "number": number}
    return _save(HandIn(**about, state=state, nonce=f"{of.id} {woman.id} {number}", at=AT))


def exception(woman: Enrolment, reason: str = "住院一周", **values) -> CompletionException:
    """Proposed and not decided."""
    facts = {"state": ExceptionState.PROPOSED, "proposed_at": AT, **values}
    return _save(CompletionException(enrolment_id=woman.id, reason=reason, **facts))


def demand(of: Cohort, *things: Lesson | CourseTask | Assessment, min_score: int = 6000, **terms) -> int:
    """A new version of the rule that demands these by name; returns its id."""
    now = get_rule(of.id)
    facts = {"min_rate_bp": now.min_rate_bp, "max_unexcused": now.max_unexcused, "excused_counts": now.excused_counts}
    version = CompletionRuleVersion(**{"cohort_id": of.id, "number": now.number + 1, "set_at": AT, **facts, **terms})
    with transaction() as session:
        session.add(version)
        session.flush()
        session.add_all(RuleRequirement(rule_id=version.id, **_about(thing, min_score)) for thing in things)
        return version.id


def _about(thing, min_score: int) -> dict[str, int]:
    if isinstance(thing, Assessment):
        return {"assessment_id": thing.id, "min_score": min_score}
    return {"lesson_id": thing.id} if isinstance(thing, Lesson) else {"course_task_id": thing.id}


def status_of(woman: Enrolment) -> str:
    return db.session.get(Enrolment, woman.id, populate_existing=True).status
