"""Statements of what waits about rounds: to close, to freeze, to answer, and frozen ones to look at."""

from sqlalchemy import Select, select

from trainer.domain.selection import ApplicationState, RoundState
from trainer.models.application import Application
from trainer.models.review import Assignment, Review
from trainer.models.selection import ReopenRequest, Round, Selection
from trainer.permissions import Permission
from trainer.queries.scoping import visible


def complete_rounds(asked) -> Select:
    """Every sheet of an application that still stands is submitted."""
    sheet = (
        select(Assignment.id)
        .join(Application, Application.id == Assignment.application_id)
        .outerjoin(Review, Review.assignment_id == Assignment.id)
        .where(
            Assignment.round_id == Round.id,
            Assignment.withdrawn_at.is_(None),
            Application.state == ApplicationState.SUBMITTED,
        )
    )
    missing = sheet.where(Review.submitted_version.is_(None))
    return _rounds(
        asked, Permission.MANAGE_SELECTION, Round.state == RoundState.OPEN, sheet.exists(), ~missing.exists()
    )


def rounds_to_freeze(asked) -> Select:
    return _rounds(asked, Permission.MANAGE_SELECTION, Round.state == RoundState.CLOSED)


def rounds_to_reopen(asked) -> Select:
    """Asked for by another: two people."""
    waiting = select(ReopenRequest.id).where(
        ReopenRequest.round_id == Round.id,
        ReopenRequest.answered_at.is_(None),
        ReopenRequest.asked_by != asked.actor.account_id,
    )
    return _rounds(asked, Permission.MANAGE_SELECTION, waiting.exists())


def frozen_rounds(asked) -> Select:
    return _rounds(asked, Permission.VIEW_SELECTION, Round.state == RoundState.FROZEN)


def _rounds(asked, permission: Permission, *which) -> Select:
    return (
        select(Selection.id, Selection.name, Round.kind, Round.opened_at)
        .join(Selection, Selection.id == Round.selection_id)
        .where(visible(asked.actor, permission, region=Selection.region_code), *which)
        .order_by(Round.id)
    )
