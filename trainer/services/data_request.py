"""Requests of people about their own data: asked, taken back, answered, refused, carried out."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select, text

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.consent import ConsentChannel
from trainer.domain.data_request import RequestKind, RequestState
from trainer.domain.days import china_day
from trainer.models.data_request import DataRequest
from trainer.services import audit
from trainer.services.idempotency import dialect_insert


def ask(
    kind: RequestKind,
    person_id: int,
    *,
    words: str | None = None,
    wished: Mapping[str, object] | None = None,
    channel: ConsentChannel,
    by: Actor,
    at: datetime,
    due_in_days: int,
) -> DataRequest:
    """A request with its deadline; where one of the kind is open for her already, that one as it stands."""
    row = {
        "person_id": person_id,
        "kind": kind,
        "state": RequestState.OPEN,
        "words": words or None,
        "wished": json.dumps(dict(wished), ensure_ascii=False) if wished else None,
        "channel": channel,
        "recorded_by": None if by.person_id == person_id else by.account_id,
        "asked_at": at,
        "due_on": china_day(at) + timedelta(days=due_in_days),
        "answer": "",
        "version": 1,
    }
    made = db.session.scalar(
        dialect_insert()(DataRequest)
        .values(**row)
        .on_conflict_do_nothing(index_elements=["person_id", "kind"], index_where=text("state = 'open'"))
        .returning(DataRequest.id)
    )
    if made is not None:
        fields = sorted(wished or ())
        audit.record("data_request.ask", "data_request", made, by=by, at=at, person=person_id, kind=kind, fields=fields)
    open_one = select(DataRequest).where(
        DataRequest.person_id == person_id, DataRequest.kind == kind, DataRequest.state == RequestState.OPEN
    )
    return db.session.scalar(open_one)
