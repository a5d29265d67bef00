"""Reminding women to send their sales data: a notice each, once a month at most."""

from collections.abc import Sequence
from datetime import datetime

from trainer.domain.actors import Actor
from trainer.domain.days import china_day
from trainer.domain.reporting import REMINDER, SilentWoman, month_of
from trainer.services import audit
from trainer.services.message import notify


def remind(women: Sequence[SilentWoman], *, link: str, by: Actor, at: datetime) -> int:
    """How many were told now; whoever was reminded in this month already, at the same moment too, is not told again."""
    month = month_of(china_day(at))
    told = 0
    for woman in women:
        teacher = {"teacher": woman.teacher_name, "phone": woman.teacher_phone}
        key = f"{REMINDER}:{woman.person_id}:{month}"
        told += (
            notify(REMINDER, to_people=[woman.person_id], link=link, once_key=key, by=by, at=at, **teacher) is not None
        )
    if told:
        audit.record("sales_data.remind", "person", "-", by=by, at=at, women=told, month=month)
    return told
