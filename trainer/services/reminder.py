"""Reminders of what has waited too long."""

from datetime import datetime

from trainer.domain.actors import SYSTEM
from trainer.domain.days import china_day
from trainer.queries.data_request import list_handlers, list_overdue_requests
from trainer.services.message import notify


def remind_of_overdue_requests(*, at: datetime) -> int:
    """How many requests somebody was told of; of each once."""
    told = 0
    for request_id, region_code, due_on in list_overdue_requests(china_day(at)):
        readers, once_key = list_handlers(region_code), f"request_overdue:{request_id}"
        link, facts = f"/data-requests/{request_id}", {"due": due_on}
        told += bool(
            notify("request_overdue", to_accounts=readers, link=link, once_key=once_key, by=SYSTEM, at=at, **facts)
        )
    return told
