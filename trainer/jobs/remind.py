"""Remind those who handle requests about personal data of the ones that are overdue."""

from collections.abc import Mapping

from trainer import clock
from trainer.database import transaction
from trainer.domain.jobs import tell
from trainer.services.reminder import remind_of_overdue_requests


def run(_settings: Mapping[str, object]) -> str:
    """Says of how many; of each once."""
    with transaction():
        reminded = remind_of_overdue_requests(at=clock.now())
    return tell("job_reminded", {"requests": reminded}) if reminded else tell("job_nothing_to_do", {})
