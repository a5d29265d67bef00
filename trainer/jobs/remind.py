"""Remind of requests about personal data that are overdue, and evaluators of invitations they have not answered."""

from collections.abc import Mapping

from trainer import clock
from trainer.database import transaction
from trainer.domain.jobs import tell
from trainer.services.reminder import remind_of_invitations, remind_of_overdue_requests


def run(_settings: Mapping[str, object]) -> str:
    """Says of how many; of each once."""
    with transaction():
        reminded = {
            "requests": remind_of_overdue_requests(at=clock.now()),
            "invitations": remind_of_invitations(at=clock.now()),
        }
    return tell("job_reminded", reminded) if any(reminded.values()) else tell("job_nothing_to_do", {})
