"""Handing over: the open work of somebody who leaves goes to one successor, in one act."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.handover import AssignmentPiece, HandoverPlan, LessonPiece
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.account import Account
from trainer.models.lesson import Lesson
from trainer.models.review import Assignment, Review
from trainer.queries.handover import last_positions, plan_handover
from trainer.services import audit
from trainer.services.account import OwnAccount, grant_role, set_active
from trainer.services.message import notify


class SuccessorUnfit(Refused):
    """A successor is another colleague who may sign in."""

    code = "successor_unfit"


def hand_over(
    leaver_id: int, successor_id: int, *, give_roles: bool, shut: bool, mark: str, by: Actor, at: datetime
) -> HandoverPlan:
    """What can move moves; `mark` is of the plan that was looked at. Done twice, the second finds nothing to move.

    Nobody gives herself a role this way: for herself an administrator takes what the roles she holds allow.
    Raises SuccessorUnfit, OwnAccount, Conflict where anything changed since she looked.
    """
    leaver, successor = _hold(leaver_id, successor_id)
    if give_roles and successor.id == by.account_id:
        raise OwnAccount()
    plan = plan_handover(leaver, successor, give_roles=give_roles)
    if plan.mark != mark:
        raise Conflict()
    for grant in plan.roles:
        grant_role(successor, grant, by=by, at=at)
    _move_lessons(plan.moving_lessons, leaver, successor, by=by, at=at)
    _move_assignments(plan.moving_assignments, leaver, successor, by=by, at=at)
    if shut:
        set_active(leaver, False, by=by, at=at)
    _tell(plan, leaver, successor, shut=shut, by=by, at=at)
    return plan


def _hold(leaver_id: int, successor_id: int) -> tuple[Account, Account]:
    """Both until the act ends: nobody plans a lesson for either meanwhile."""
    both = select(Account).where(Account.id.in_((leaver_id, successor_id)), Account.person_id.is_(None))
    held = {a.id: a for a in db.session.scalars(both.order_by(Account.id).with_for_update())}
    if leaver_id not in held:
        raise NotFound()
    successor = held.get(successor_id)
    if successor is None or not successor.active or successor_id == leaver_id:
        raise SuccessorUnfit()
    return held[leaver_id], successor


def _move_lessons(pieces: list[LessonPiece], leaver: Account, successor: Account, *, by: Actor, at: datetime) -> None:
    for piece in pieces:
        lesson = db.session.get(Lesson, piece.id)
        lesson.instructor_id, lesson.instructor_name = successor.id, ""
        change = {"before": {"instructor": leaver.id}, "after": {"instructor": successor.id}}
        audit.record("lesson.update", "lesson", lesson.id, by=by, at=at, **change)


def _move_assignments(
    pieces: list[AssignmentPiece], leaver: Account, successor: Account, *, by: Actor, at: datetime
) -> None:
    """What the leaver noted down and never handed in is her opinion: the successor begins afresh."""
    at_the_end = last_positions(successor.id, (piece.round_id for piece in pieces))
    db.session.execute(delete(Review).where(Review.assignment_id.in_([piece.id for piece in pieces])))
    for piece in pieces:
        position = at_the_end.get(piece.round_id, 0) + 1
        at_the_end[piece.round_id] = position
        assignment = db.session.get(Assignment, piece.id)
        assignment.account_id, assignment.position = successor.id, position
        change = {"before": {"evaluator": leaver.id}, "after": {"evaluator": successor.id}}
        audit.record("assignment.hand_over", "assignment", piece.id, by=by, at=at, **change)


def _tell(plan: HandoverPlan, leaver: Account, successor: Account, *, shut: bool, by: Actor, at: datetime) -> None:
    counts = {"lessons": len(plan.moving_lessons), "reviews": len(plan.moving_assignments)}
    roles = [asdict(grant) for grant in plan.roles]
    audit.record(
        *("account.hand_over", "account", leaver.id),
        by=by,
        at=at,
        before={"lessons": len(plan.lessons), "reviews": len(plan.assignments)},
        after={"successor": successor.id, **counts, "roles": roles, "shut": shut},
    )
    if any(counts.values()):
        notify("work_handed_over", to_accounts=[successor.id], link="/", by=by, at=at, name=leaver.name, **counts)
