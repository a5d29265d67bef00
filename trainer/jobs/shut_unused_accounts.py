"""Shut staff accounts that nobody has used for long."""

from collections.abc import Mapping

from trainer import clock
from trainer.database import transaction
from trainer.domain.jobs import tell
from trainer.services.unused_accounts import shut_unused


def run(settings: Mapping[str, object]) -> str:
    """Says how many. `UNUSED_ACCOUNT_DAYS` of 0 shuts none."""
    days = int(settings["UNUSED_ACCOUNT_DAYS"])
    if days <= 0:
        return tell("job_nothing_to_do", {})
    with transaction():
        shut = shut_unused(days, at=clock.now())
    return tell("job_shut", {"accounts": len(shut)}) if shut else tell("job_nothing_to_do", {})
