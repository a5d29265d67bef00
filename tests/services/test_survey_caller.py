"""The phone round: who calls is assigned and taken back, women outside the class are asked, calls with their answers."""

import pytest
from sqlalchemy import select

from tests import factories
from tests.factories import AT, DATONG, LINFEN
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.survey import SheetState
from trainer.errors import NotFound
from trainer.models import AuditEvent, SurveySheet
from trainer.services import survey_caller


@pytest.fixture
def by(app):
    return factories.actor(Role.COHORT_STAFF, region=DATONG, name="李慧敏")


def do(verb, *args, **values):
    with transaction():
        return verb(*args, **values)


def fresh(sheet) -> SurveySheet:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get(SurveySheet, sheet.id)


def test_one_or_all_open_sheets_get_a_caller_and_lose_her_again(cohort, by):
    one, two = (factories.survey_sheet(factories.enrolment(cohort)) for _ in range(2))
    done = factories.survey_sheet(factories.enrolment(cohort), state=SheetState.ANSWERED)
    foreign = factories.survey_sheet(factories.enrolment(factories.cohort()))
    other = factories.actor(Role.COHORT_STAFF, region=DATONG)
    given = {"by": by, "at": AT}
    chosen = [one.id, done.id, foreign.id]
    assert do(survey_caller.assign_caller, cohort.id, chosen, by.account_id, **given) == 1
    assert do(survey_caller.assign_caller, cohort.id, None, other.account_id, **given) == 2
    assert [fresh(sheet).caller_id for sheet in (one, two, done, foreign)] == [other.account_id] * 2 + [None] * 2
    assert do(survey_caller.assign_caller, cohort.id, [two.id], None, **given) == 1
    assert fresh(two).caller_id is None
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "survey.assign")).all()
    assert [e.details["after"] for e in events] == [by.account_id, other.account_id, None]


def test_what_cannot_be_assigned(cohort, by):
    sheet = factories.survey_sheet(factories.enrolment(cohort), caller_id=by.account_id)
    given = {"by": by, "at": AT}
    for stranger in (factories.actor(Role.COHORT_STAFF, region=LINFEN), factories.actor(Role.AUDITOR)):
        with pytest.raises(survey_caller.MayNotCall):
            do(survey_caller.assign_caller, cohort.id, None, stranger.account_id, **given)
    for chosen in ([], [sheet.id]):  # she has that caller already
        with pytest.raises(survey_caller.NobodyChosen):
            do(survey_caller.assign_caller, cohort.id, chosen, by.account_id, **given)
    with pytest.raises(NotFound):
        do(survey_caller.assign_caller, 999, None, None, **given)
