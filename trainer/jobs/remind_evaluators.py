"""Remind evaluators whose sheets are not all submitted, three days and one day before their round closes."""

from collections.abc import Mapping

from trainer import clock
from trainer.database import transaction
from trainer.domain.jobs import tell
from trainer.services.review_reminder import remind_evaluators


def run(_settings: Mapping[str, object]) -> str:
    """Says how many; each twice at most for a closing."""
    with transaction():
        reminded = remind_evaluators(at=clock.now())
    return tell("job_evaluators_reminded", {"evaluators": reminded}) if reminded else tell("job_nothing_to_do", {})
