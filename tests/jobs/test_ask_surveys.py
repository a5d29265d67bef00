"""Every morning's questionnaires."""

from datetime import timedelta

import pytest

from tests import factories
from trainer import clock
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.jobs import tell
from trainer.domain.programme import Track
from trainer.jobs import ask_surveys

pytestmark = pytest.mark.sqlite_is_enough


def test_the_run_says_how_many_were_asked_and_cadres_are_not(app):
    ended = clock.today() - timedelta(days=60)
    for track in (Track.FOUNDATION, Track.CADRE):
        cohort = factories.cohort(starts_on=ended, ends_on=ended, track=track)
        factories.enrolment(cohort, status=EnrolmentStatus.COMPLETED)
    assert ask_surveys.run(app.config) == tell("job_surveys_asked", {"asked": 1, "reminded": 0})
    assert ask_surveys.run(app.config) == tell("job_surveys_asked", {"asked": 0, "reminded": 0})
