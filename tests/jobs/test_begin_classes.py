"""Whoever is admitted is in training from the first day of her class on."""

from datetime import timedelta

from tests import factories
from trainer import clock
from trainer.database import db
from trainer.domain.enrolment import EnrolmentStatus as S
from trainer.jobs import begin_classes
from trainer.models import Enrolment


def test_classes_begin_once(app):
    today, later = clock.today(), clock.today() + timedelta(days=1)
    begun = factories.cohort(starts_on=today, ends_on=later)
    ids = [factories.placed(begun, status) for status in (S.ADMITTED, S.ADMITTED, S.WAITLISTED)]
    ids.append(factories.placed(factories.cohort(starts_on=later, ends_on=later), S.ADMITTED))
    said = [begin_classes.run(app.config) for _n in range(2)]
    assert [db.session.get(Enrolment, id_).status for id_ in ids] == [S.ACTIVE, S.ACTIVE, S.WAITLISTED, S.ADMITTED]
    assert ('"women": 2' in said[0], "nothing_to_do" in said[1]) == (True, True)
