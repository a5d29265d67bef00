"""Remind women whose application is begun and not handed in, three days and one day before the end."""

from collections.abc import Mapping

from trainer import clock
from trainer.database import transaction
from trainer.domain.jobs import tell
from trainer.services.reminder import remind_of_applications


def run(_settings: Mapping[str, object]) -> str:
    """Says how many; of each moment once."""
    with transaction():
        women = remind_of_applications(at=clock.now())
    return tell("job_reminded_of_applications", {"women": women}) if women else tell("job_nothing_to_do", {})
