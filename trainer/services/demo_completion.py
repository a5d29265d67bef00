"""Completion in the demonstration: an assessment with scores, a rule that demands a task, an exception to sign."""

from datetime import timedelta
from random import Random

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.assessment import AssessmentDraft, AssessmentKind, TypedScore
from trainer.domain.completion import Required, Requirements
from trainer.domain.demonstration import stream
from trainer.domain.enrolment import EnrolmentStatus
from trainer.models.course_task import CourseTask
from trainer.models.enrolment import Enrolment
from trainer.models.programme import Cohort
from trainer.queries.account import get_account, get_actor
from trainer.services.assessment import create_assessment, enter_scores
from trainer.services.cohort import add_rule_version
from trainer.services.completion_exception import propose
from trainer.services.demo_place import Place

RUNNING, FINISHED = "140200", "140300"
NEEDED, MOST = 6000, 10_000
WHY_TASK = "经市妇联研究，结业须完成一次开播练习"
WHY_EXAM = "开班时讲明：理论考核 60 分以上方可结业"
REASON = "第三天起照顾住院的婆婆，课后由老师一对一补讲，实操考核 86 分，建议准予结业。"


def add_completion(place: Place) -> None:
    manager, staff = (_actor(place, name) for name in ("manager", "yangquan"))
    running, finished = (_first_cohort(region) for region in (RUNNING, FINISHED))
    _demand_task(running, manager, place)
    _hold_exam(finished, staff, manager, place)
    missed = select(Enrolment.id).where(
        Enrolment.cohort_id == finished.id, Enrolment.status == EnrolmentStatus.NOT_COMPLETED
    )
    if woman := db.session.scalar(missed.order_by(Enrolment.seat_number)):
        propose(woman, REASON, by=staff, at=place.at - timedelta(hours=3))


def _actor(place: Place, username: str) -> Actor:
    return get_actor(get_account(place.accounts[username]))


def _first_cohort(region_code: str) -> Cohort:
    return db.session.scalars(select(Cohort).where(Cohort.region_code == region_code).order_by(Cohort.id)).first()


def _demand_task(cohort: Cohort, by: Actor, place: Place) -> None:
    task = db.session.scalars(
        select(CourseTask)
        .where(CourseTask.cohort_id == cohort.id, CourseTask.dropped_at.is_(None))
        .order_by(CourseTask.id)
    ).first()
    if task is not None:
        wanted = Requirements(tasks=[Required(task.id, task.title)])
        add_rule_version(cohort.id, wanted, reason=WHY_TASK, by=by, at=place.at - timedelta(hours=20))


def _hold_exam(cohort: Cohort, staff: Actor, manager: Actor, place: Place) -> None:
    """Whoever completed has passed it: the rule demands it."""
    draft = AssessmentDraft("理论考核", AssessmentKind.THEORY, cohort.ends_on, MOST)
    exam = create_assessment(cohort.id, draft, by=staff, at=place.at - timedelta(days=2))
    chance = stream(cohort.name, "assessment")
    women = db.session.execute(
        select(Enrolment.id, Enrolment.status)
        .where(
            Enrolment.cohort_id == cohort.id,
            Enrolment.status.in_((EnrolmentStatus.COMPLETED, EnrolmentStatus.NOT_COMPLETED)),
        )
        .order_by(Enrolment.seat_number)
    )
    typed = [TypedScore(id_, _score(chance, status), 0) for id_, status in women]
    enter_scores(exam.id, typed, by=staff, at=place.at - timedelta(days=1))
    wanted = Requirements(assessments=[Required(exam.id, exam.name, NEEDED)])
    add_rule_version(cohort.id, wanted, reason=WHY_EXAM, by=manager, at=place.at - timedelta(days=1))


def _score(chance: Random, status: EnrolmentStatus) -> int | None:
    if status is EnrolmentStatus.COMPLETED:
        return chance.randrange(NEEDED, MOST + 1, 50)
    return chance.choice((None, chance.randrange(3000, NEEDED, 50)))
