"""Reminders to evaluators before their round closes."""

from datetime import datetime, timedelta

from trainer.domain.actors import SYSTEM
from trainer.queries.unfinished_review import list_unfinished
from trainer.services.message import notify

# The first reminder comes within three days of the closing, the second within one.
DAYS_BEFORE = (1, 3)


def remind_evaluators(*, at: datetime) -> int:
    """How many were told; a closing that was moved is another one."""
    told = 0
    for row in list_unfinished(after=at, before=at + timedelta(days=max(DAYS_BEFORE))):
        days = next(days for days in DAYS_BEFORE if row.closes_at - at <= timedelta(days=days))
        key = f"sheets_wait:{row.round_id}:{row.account_id}:{row.closes_at:%Y%m%d%H%M}:{days}"
        facts = {"selection": row.selection, "count": row.count, "closes": row.closes_at}
        told += bool(
            notify(
                "sheets_wait", to_accounts=[row.account_id], link="/reviews", once_key=key, by=SYSTEM, at=at, **facts
            )
        )
    return told
