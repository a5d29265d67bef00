"""Sheets that wait for their evaluators: for the home page, and for reminders before a round closes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from trainer.database import db
from trainer.domain.selection import RoundState
from trainer.models.application import Application
from trainer.models.panel import PanelSeat
from trainer.models.review import Assignment, Review
from trainer.models.selection import Round, Selection
from trainer.queries.review import APPLICATION, ASSIGNMENT, READABLE, REVIEW, ROUND, SEAT, SEATED, SELECTION


@dataclass(frozen=True)
class Unfinished:
    """An evaluator whose round closes, and how many of her files are not submitted."""

    round_id: int
    account_id: int
    selection: str
    closes_at: datetime
    count: int


def list_unfinished(*, after: datetime, before: datetime) -> list[Unfinished]:
    """Of rounds open that close within a span; files that a conflict keeps from her are none of hers."""
    rows = db.session.execute(
        waiting_sheets()
        .with_only_columns(ROUND.id, ASSIGNMENT.account_id, SELECTION.name, ROUND.closes_at, func.count())
        .where(ROUND.closes_at > after, ROUND.closes_at <= before)
        .group_by(ROUND.id, ASSIGNMENT.account_id, SELECTION.name, ROUND.closes_at)
        .order_by(None)
        .order_by(ROUND.id, ASSIGNMENT.account_id)
    )
    return [Unfinished(*row) for row in rows]


def waiting_sheets() -> Select:
    """(assignment, code, selection, opening) of every sheet that its evaluator can write and has not submitted."""
    return (
        select(ASSIGNMENT.id, APPLICATION.code, SELECTION.name.label("detail"), ROUND.opened_at)
        .select_from(Assignment.__table__)
        .join(Round.__table__, ROUND.id == ASSIGNMENT.round_id)
        .join(Selection.__table__, SELECTION.id == ROUND.selection_id)
        .join(Application.__table__, APPLICATION.id == ASSIGNMENT.application_id)
        .join(PanelSeat.__table__, SEATED)
        .outerjoin(Review.__table__, REVIEW.assignment_id == ASSIGNMENT.id)
        .where(
            ROUND.state == RoundState.OPEN,
            ASSIGNMENT.wave >= ROUND.first_open_wave,
            SEAT.declared_at.is_not(None),
            REVIEW.submitted_version.is_(None),
            *READABLE,
        )
        .order_by(ROUND.id, ASSIGNMENT.position)
    )
