"""Requests to open a round again, the last first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.models.account import Account
from trainer.models.selection import ReopenRequest


@dataclass(frozen=True)
class RequestRow:
    id: int
    asked_by: int
    asker: str
    asked_at: datetime
    reason: str
    answerer: str | None
    answered_at: datetime | None
    granted: bool | None
    answer: str


def list_requests(round_id: int) -> list[RequestRow]:
    asker, answerer = aliased(Account), aliased(Account)
    rows = db.session.execute(
        select(
            *(ReopenRequest.id, ReopenRequest.asked_by, asker.name, ReopenRequest.asked_at, ReopenRequest.reason),
            *(answerer.name, ReopenRequest.answered_at, ReopenRequest.granted, ReopenRequest.answer),
        )
        .join(asker, asker.id == ReopenRequest.asked_by)
        .outerjoin(answerer, answerer.id == ReopenRequest.answered_by)
        .where(ReopenRequest.round_id == round_id)
        .order_by(ReopenRequest.id.desc())
    )
    return [RequestRow(*row) for row in rows]
