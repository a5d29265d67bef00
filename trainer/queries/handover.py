"""What a colleague who leaves has open, and how much of it a successor can take."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.actors import Actor, Grant, Role, Scope
from trainer.domain.attendance import UNFINISHED, LessonState
from trainer.domain.background_task import LIVE
from trainer.domain.handover import AssignmentPiece, HandoverPlan, LessonPiece, Obstacle
from trainer.domain.selection import RANKED, ApplicationState
from trainer.models.account import Account
from trainer.models.application import Application
from trainer.models.background_task import BackgroundTask
from trainer.models.lesson import Lesson
from trainer.models.programme import Cohort
from trainer.models.review import Assignment, Review
from trainer.models.selection import Round, Selection
from trainer.permissions import Permission, can
from trainer.queries.account import get_actor


def list_successors(leaver_id: int) -> list[tuple[int, str]]:
    """(id, name and user name) of the colleagues who may sign in."""
    rows = db.session.execute(
        select(Account.id, Account.name, Account.username)
        .where(Account.person_id.is_(None), Account.active, Account.id != leaver_id)
        .order_by(Account.name, Account.id)
    )
    return [(number, f"{name}（{username}）") for number, name, username in rows]


def plan_handover(leaver: Account, successor: Account | None, *, give_roles: bool) -> HandoverPlan:
    """Seven statements at most. Without a successor: what there is, with no obstacle named."""
    lessons, assignments = _lessons_of(leaver.id), _assignments_of(leaver.id)
    roles: tuple[Grant, ...] = ()
    if successor is not None:
        held = get_actor(successor).grants
        roles = tuple(g for g in get_actor(leaver).grants if g not in held) if give_roles else ()
        after = Actor(successor.id, successor.name, grants=(*held, *roles))
        lessons = _judge_lessons(lessons, after)
        assignments = _judge_assignments(assignments, after)
    tasks = select(func.count()).where(BackgroundTask.asked_by == leaver.id, BackgroundTask.state.in_(LIVE))
    return HandoverPlan(tuple(lessons), tuple(assignments), roles, db.session.scalar(tasks))


def _lessons_of(account_id: int) -> list[LessonPiece]:
    rows = db.session.execute(
        select(Lesson, Cohort.name, Cohort.region_code)
        .join(Cohort, Cohort.id == Lesson.cohort_id)
        .where(Lesson.instructor_id == account_id, Lesson.state.in_(UNFINISHED))
        .order_by(Lesson.starts_at, Lesson.id)
    )
    return [
        LessonPiece(
            *(lesson.id, name, lesson.version),
            region_code=region,
            cohort_id=lesson.cohort_id,
            starts_at=lesson.starts_at,
            ends_at=lesson.ends_at,
        )
        for lesson, name, region in rows
    ]


def _assignments_of(account_id: int) -> list[AssignmentPiece]:
    """Applications in rounds not closed of which she has never handed in a sheet."""
    rows = db.session.execute(
        select(Assignment.id, Selection.name, Assignment.round_id, Assignment.application_id)
        .join(Round, Round.id == Assignment.round_id)
        .join(Selection, Selection.id == Round.selection_id)
        .join(Application, Application.id == Assignment.application_id)
        .outerjoin(Review, Review.assignment_id == Assignment.id)
        .where(
            Assignment.account_id == account_id,
            Round.state.not_in(RANKED),
            Application.state == ApplicationState.SUBMITTED,
            Review.submitted_version.is_(None),
        )
        .order_by(Assignment.round_id, Assignment.position, Assignment.id)
    )
    return [AssignmentPiece(a, name, round_id=r, application_id=p) for a, name, r, p in rows]


def _judge_lessons(lessons: Iterable[LessonPiece], after: Actor) -> list[LessonPiece]:
    """An instructor can give a lesson that lies within her reach and not beside another of hers."""
    busy = db.session.execute(
        select(Lesson.starts_at, Lesson.ends_at).where(
            Lesson.instructor_id == after.account_id, Lesson.state != LessonState.CANCELLED
        )
    ).all()
    judged = []
    for lesson in lessons:
        scope = Scope(lesson.region_code, lesson.cohort_id, account_ids=frozenset({after.account_id}))
        obstacle = None
        if Role.INSTRUCTOR not in after.roles or not can(after, Permission.MARK_ATTENDANCE, scope):
            obstacle = Obstacle.NO_ROLE
        elif any(starts < lesson.ends_at and lesson.starts_at < ends for starts, ends in busy):
            obstacle = Obstacle.BUSY
        judged.append(replace(lesson, obstacle=obstacle))
    return judged


def _judge_assignments(assignments: Iterable[AssignmentPiece], after: Actor) -> list[AssignmentPiece]:
    """An evaluator reads an application once in a round."""
    theirs = select(Assignment.round_id, Assignment.application_id).where(Assignment.account_id == after.account_id)
    reads = {tuple(row) for row in db.session.execute(theirs)}
    judged = []
    for piece in assignments:
        obstacle = None
        if Role.EVALUATOR not in after.roles:
            obstacle = Obstacle.NO_ROLE
        elif (piece.round_id, piece.application_id) in reads:
            obstacle = Obstacle.ALREADY_ASSIGNED
        judged.append(replace(piece, obstacle=obstacle))
    return judged


def last_positions(account_id: int, round_ids: Iterable[int]) -> dict[int, int]:
    """Where her reading order ends in each round."""
    rows = db.session.execute(
        select(Assignment.round_id, func.max(Assignment.position))
        .where(Assignment.account_id == account_id, Assignment.round_id.in_(set(round_ids)))
        .group_by(Assignment.round_id)
    )
    return dict(rows.all())
