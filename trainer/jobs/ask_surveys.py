"""Open the questionnaires that are due, tell the women, remind those who have not answered."""

from collections.abc import Mapping

from trainer import clock
from trainer.database import transaction
from trainer.domain.jobs import tell
from trainer.services.survey_asking import ask_surveys


def run(_settings: Mapping[str, object]) -> str:
    with transaction():
        asked, reminded = ask_surveys(at=clock.now())
    return tell("job_surveys_asked", {"asked": asked, "reminded": reminded})
