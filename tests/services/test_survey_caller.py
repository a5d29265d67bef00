"""The phone round: who calls is assigned and taken back, calls with their answers."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests import factories
from tests.factories import AT, DATONG, LINFEN
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.survey import AnswerUnfit, SheetState, SurveyMode, Wave
from trainer.domain.survey_call import CallResult
from trainer.errors import Conflict, NotFound
from trainer.models import AuditEvent, FollowUp, SurveySheet
from trainer.queries.survey import answers_of
from trainer.services import survey_caller
from trainer.services.follow_up import FollowUpTooLong
from trainer.services.survey import SheetIncomplete, SheetMoved

pytestmark = pytest.mark.sqlite_is_enough


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


NOW = datetime(2026, 4, 20, 1, tzinfo=UTC)  # a week after the thirtieth day
SHORT = {"sells_now": ["yes"], "broadcasts_30": ["3"], "profit": ["1500"], "obstacle": ["time"], "wants_call": ["no"]}
R = CallResult


@pytest.fixture
def sheet(cohort):
    return factories.survey_sheet(factories.enrolment(cohort, status=EnrolmentStatus.COMPLETED))


def call(sheet, by, result, answers=None, *, number=1, seen=None, **values):
    facts = survey_caller.Call(result, values.pop("minutes", 6), answers or {}, **values)
    seen = fresh(sheet).version if seen is None else seen
    do(survey_caller.take_down_call, sheet.id, facts, nonce=f"call {number}", seen=seen, by=by, at=NOW)


@pytest.mark.parametrize(
    ("result", "outcome", "state", "kept"),
    [
        (R.ANSWERED, "spoken", SheetState.ANSWERED, 5),
        (R.DECLINED, "spoken", SheetState.DECLINED, 0),
        (R.CALL_AGAIN, "call_again", SheetState.OPEN, 5),
        (R.NOT_REACHED, "not_reached", SheetState.OPEN, 0),
        (R.WRONG_NUMBER, "wrong_number", SheetState.OPEN, 0),
    ],
)
def test_a_call_stands_among_the_calls_and_on_the_sheet(sheet, by, result, outcome, state, kept):
    seen = sheet.version
    for _ in range(2):  # sent twice
        call(sheet, by, result, SHORT, words="下月再说", seen=seen)
    made = db.session.scalars(select(FollowUp)).one()
    assert (made.kind, made.purpose, made.outcome, made.minutes, made.by) == (
        "call",
        "survey",
        outcome,
        6,
        by.account_id,
    )
    after = fresh(sheet)
    assert (after.state, len(answers_of([sheet.id]).get(sheet.id, {}))) == (state, kept)
    declined = result is R.DECLINED
    assert (after.reason, made.words) == (("下月再说", None) if declined else (None, "下月再说"))
    if result is R.ANSWERED:
        assert (after.mode, after.answered_on, after.entered_by) == (SurveyMode.PHONE, NOW.date(), by.account_id)


def test_what_is_refused_leaves_no_call(sheet, by):
    refused = [
        (Conflict, R.NOT_REACHED, {}, {"seen": 99}),
        (SheetIncomplete, R.ANSWERED, SHORT | {"profit": []}, {}),
        (AnswerUnfit, R.ANSWERED, SHORT | {"profit": ["很多"]}, {}),
        (FollowUpTooLong, R.NOT_REACHED, {}, {"minutes": 0}),
    ]
    for error, result, answers, values in refused:
        with pytest.raises(error):
            call(sheet, by, result, answers, **values)
    assert db.session.scalars(select(FollowUp)).all() == []
    call(sheet, by, R.DECLINED)
    with pytest.raises(SheetMoved):
        call(sheet, by, R.ANSWERED, SHORT, number=2)


def test_a_question_that_falls_away_after_another_is_not_asked(cohort, by):
    sheet = factories.survey_sheet(factories.enrolment(cohort), Wave.BASELINE)
    answers = SHORT | {"sells_now": ["no"], "sells_on": ["douyin"], "helpers": ["0"]}
    facts = survey_caller.Call(R.ANSWERED, 5, answers)
    do(survey_caller.take_down_call, sheet.id, facts, nonce="n", seen=sheet.version, by=by, at=AT)
    assert set(answers_of([sheet.id])[sheet.id]) == {"sells_now", "broadcasts_30", "profit", "helpers", "obstacle"}


def test_all_women_without_a_place_are_asked_at_once(cohort, by):
    women = [factories.enrolment(cohort, status=EnrolmentStatus(status)) for status in ("waitlisted", "rejected")]
    factories.survey_sheet(women[0], Wave.BASELINE)
    for status in (EnrolmentStatus.APPLIED, EnrolmentStatus.ACTIVE):
        factories.enrolment(cohort, status=status)
    assert [do(survey_caller.ask_to_compare, cohort.id, by=by, at=AT) for _ in range(2)] == [1, 0]
    asked = db.session.scalars(select(SurveySheet).where(SurveySheet.enrolment_id == women[1].id)).one()
    assert (asked.wave, asked.state, asked.due_on) == (Wave.BASELINE, SheetState.OPEN, cohort.starts_on)
    with pytest.raises(survey_caller.NothingAskedNow):
        do(survey_caller.ask_to_compare, cohort.id, by=by, at=AT + timedelta(days=10))
