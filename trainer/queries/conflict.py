"""Whom an evaluator may not judge: a condition for statements, and the pairs of a round."""

from sqlalchemy import exists, select

from trainer.database import db
from trainer.domain.panel import HOLDING
from trainer.models.panel import Conflict
from trainer.models.selection import Candidacy

CONFLICT = Conflict.__table__.c


def is_held(application_id, account_id):
    """Whether a conflict keeps this evaluator from this application; both are columns or values."""
    return exists().where(
        CONFLICT.application_id == application_id, CONFLICT.account_id == account_id, CONFLICT.state.in_(HOLDING)
    )


def list_held(round_id: int) -> set[tuple[int, int]]:
    """(application, account) of every pair of a round that a conflict keeps apart."""
    rows = db.session.execute(
        select(Conflict.application_id, Conflict.account_id)
        .join(Candidacy, Candidacy.application_id == Conflict.application_id)
        .where(Candidacy.round_id == round_id, Conflict.account_id.is_not(None), Conflict.state.in_(HOLDING))
    )
    return set(rows.tuples())
