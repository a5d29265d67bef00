"""Tell women and instructors of tomorrow's lessons."""

from collections.abc import Mapping

from trainer import clock
from trainer.database import transaction
from trainer.domain.jobs import tell
from trainer.services.reminder import remind_of_lessons


def run(settings: Mapping[str, object]) -> str:
    """Says how many were told; nobody where the installation does not want it."""
    if not settings["LESSON_REMINDERS"]:
        return tell("job_nothing_to_do", {})
    with transaction():
        people, cohorts = remind_of_lessons(at=clock.now())
    return tell("job_reminded_of_lessons", {"people": people, "cohorts": cohorts})
