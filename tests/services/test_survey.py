"""Questionnaires: opened once, answered by one or on paper by two, corrected without losing what was said."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import factories
from tests.factories import AT
from tests.races import overlap
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.survey import DECLINED, Answer, AnswerUnfit, SheetState, SurveyMode, Wave
from trainer.domain.survey_call import CallResult
from trainer.errors import Conflict, NotFound
from trainer.models import AuditEvent, Cohort, CohortOutcomes, Delivery, Enrolment, FollowUp, Message, SurveySheet
from trainer.queries.cohort import cohort_draft, get_rule
from trainer.queries.survey import answers_of, in_time, list_entries
from trainer.services import survey
from trainer.services.cohort import update_cohort
from trainer.services.erasure import Erased, erase_person
from trainer.services.survey import SheetIncomplete, SheetMoved, SurveyOver, SurveyReasonMissing
from trainer.services.survey_asking import ask_surveys, open_due_sheets
from trainer.services.survey_caller import Call, take_down_call
from trainer.services.survey_paper import OwnPaper, PaperFromTomorrow, check_paper, enter_paper, settle_paper

pytestmark = pytest.mark.sqlite_is_enough

HERSELF, PHONE = SurveyMode.HERSELF, SurveyMode.PHONE
SHORT = {"sells_now": "yes", "broadcasts_30": "3", "profit": "1500", "obstacle": ["time"], "wants_call": "no"}


def end(cohort, *, days):
    with transaction() as session:
        row = session.get(Cohort, cohort.id)
        row.starts_on, row.ends_on = (AT.date() - timedelta(days=days + before) for before in (10, 0))


@pytest.fixture
def graduate(cohort):
    """Her course ended thirty days ago."""
    end(cohort, days=30)
    return factories.enrolment(cohort, status=EnrolmentStatus.COMPLETED)


@pytest.fixture
def sheet(graduate):
    return factories.survey_sheet(graduate).id


@pytest.fixture
def staff(app):
    return [factories.actor_of(factories.account(Role.COHORT_STAFF)) for _number in range(2)]


def say(sheet_id, by, answers=None, mode=HERSELF, at=AT):
    for question, raw in (SHORT if answers is None else answers).items():
        with transaction():
            survey.answer(sheet_id, question, raw, mode=mode, by=by, at=at)


def hand_in(sheet_id, by, mode=HERSELF, seen=None, at=AT):
    with transaction():
        version = state(sheet_id).version if seen is None else seen
        survey.submit(sheet_id, mode=mode, seen=version, by=by, at=at)


def state(sheet_id) -> SurveySheet:
    return db.session.scalar(select(SurveySheet).where(SurveySheet.id == sheet_id))


def said(sheet_id) -> dict[str, Answer]:
    db.session.rollback()
    return answers_of([sheet_id]).get(sheet_id, {})


def verbs() -> list[str]:
    db.session.rollback()
    return list(
        db.session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("survey.%")).order_by(AuditEvent.seq))
    )


def test_each_answer_is_kept_at_once_and_the_whole_once(sheet, staff):
    me = staff[0]
    say(sheet, me)
    say(sheet, me)
    assert said(sheet)["profit"] == Answer(150_000)
    assert verbs() == ["survey.answer"] * 5
    hand_in(sheet, me)
    hand_in(sheet, me, seen=0)
    row = state(sheet)
    assert (row.state, row.mode, row.answered_on) == (SheetState.ANSWERED, HERSELF, AT.date())
    assert verbs()[5:] == ["survey.submit"]
    assert "1500" not in str([event.details for event in db.session.scalars(select(AuditEvent))])
    assert db.session.scalar(select(CohortOutcomes.changed_at)) == AT


def test_what_is_no_answer_or_too_late_or_incomplete_is_refused(sheet, staff):
    me = staff[0]
    with pytest.raises(AnswerUnfit):
        say(sheet, me, {"profit": "much"})
    with pytest.raises(NotFound):
        say(sheet, me, {"helpers": "1"})
    with pytest.raises(SurveyOver):
        say(sheet, me, at=AT + timedelta(days=30))
    say(sheet, me, {"sells_now": "no"})
    with pytest.raises(SheetIncomplete):
        hand_in(sheet, me)
    with pytest.raises(NotFound):
        say(sheet + 999, me, {"sells_now": "no"})
    assert said(sheet) == {"sells_now": Answer(0)}


def test_what_somebody_else_changed_meanwhile_is_looked_over_first(sheet, staff):
    say(sheet, staff[0])
    seen = state(sheet).version
    say(sheet, staff[1], {"profit": "2000"}, PHONE)
    with pytest.raises(Conflict):
        hand_in(sheet, staff[0], seen=seen)
    hand_in(sheet, staff[1], PHONE)
    for act in (lambda: hand_in(sheet, staff[0]), lambda: say(sheet, staff[0], {"profit": "1"})):
        with pytest.raises(SheetMoved):
            act()
    assert said(sheet)["profit"] == Answer(200_000)


def test_answers_to_questions_that_fell_away_go(graduate, cohort, staff):
    end(cohort, days=90)
    sheet = factories.survey_sheet(graduate, Wave.DAY_90).id
    long = {"sells_now": "yes", "sells_on": ["douyin"], **SHORT, "helpers": "0"}
    say(sheet, staff[0], long)
    say(sheet, staff[0], {"sells_now": "no"})
    hand_in(sheet, staff[0])
    assert set(said(sheet)) == {"sells_now", "broadcasts_30", "profit", "helpers", "obstacle", "wants_call"}


def test_who_declines_is_left_alone_and_her_draft_goes(sheet, staff):
    say(sheet, staff[0], {"profit": "1500"})
    for _time in range(2):
        with transaction():
            survey.decline(sheet, mode=HERSELF, by=staff[0], at=AT)
    assert (state(sheet).state, list_entries(sheet)) == (SheetState.DECLINED, [])
    with pytest.raises(SheetMoved):
        say(sheet, staff[0])
    assert verbs() == ["survey.answer", "survey.decline"]


def correct(sheet, answers, reason, by, seen=None):
    with transaction():
        version = state(sheet).version if seen is None else seen
        survey.correct(sheet, answers, reason, seen=version, by=by, at=AT)


def test_a_correction_is_the_next_entry_and_the_first_stays(sheet, staff):
    with pytest.raises(SheetMoved):
        correct(sheet, {"profit": "150"}, "多打一个零", staff[1])
    say(sheet, staff[0])
    hand_in(sheet, staff[0])
    with pytest.raises(SurveyReasonMissing):
        correct(sheet, {"profit": "150"}, " ", staff[1])
    with pytest.raises(Conflict):
        correct(sheet, {"profit": "150"}, "多打一个零", staff[1], seen=0)
    correct(sheet, {"profit": "1500"}, "没有变", staff[1])
    correct(sheet, {"profit": "150"}, "多打一个零", staff[1])
    first, second = list_entries(sheet)
    assert (first.answers["profit"], second.answers["profit"]) == (Answer(150_000), Answer(15_000))
    assert (first.by, second.by) == (staff[0].account_id, staff[1].account_id)
    assert said(sheet) == dict(second.answers)
    assert state(sheet).state is SheetState.ANSWERED
    assert verbs()[6:] == ["survey.correct"]


def test_a_sheet_handed_in_by_mistake_is_opened_again_with_its_answers(sheet, staff):
    say(sheet, staff[0])
    hand_in(sheet, staff[0])
    with pytest.raises(SurveyReasonMissing), transaction():
        survey.reopen(sheet, "", by=staff[1], at=AT)
    for _time in range(2):
        with transaction():
            survey.reopen(sheet, "误点了提交", by=staff[1], at=AT)
    row = state(sheet)
    assert (row.state, row.answered_on, row.entry) == (SheetState.OPEN, None, 2)
    say(sheet, staff[0], {"profit": "0"})
    hand_in(sheet, staff[0])
    first, second = list_entries(sheet)
    assert (first.answers["profit"], second.answers["profit"]) == (Answer(150_000), Answer(0))
    assert verbs().count("survey.reopen") == 1


def copy(service, sheet, by, answers=SHORT, **values):
    with transaction():
        return service(sheet, answers, by=by, at=AT, **values)


def test_paper_is_copied_twice_by_two_people(sheet, staff):
    first, second = staff
    for _time in range(2):
        copy(enter_paper, sheet, first, answered_on=AT.date())
    assert (state(sheet).state, state(sheet).entry) == (SheetState.ENTERED, 1)
    with pytest.raises(OwnPaper):
        copy(check_paper, sheet, first)
    for _time in range(2):
        assert copy(check_paper, sheet, second) == ()
    row = state(sheet)
    assert (row.state, row.mode, row.checked_by) == (SheetState.ANSWERED, SurveyMode.PAPER, second.account_id)
    assert verbs() == ["survey.enter_paper", "survey.check_paper"]


def test_where_two_copies_differ_the_paper_settles_it(sheet, staff):
    first, second = staff
    copy(enter_paper, sheet, first, answered_on=AT.date())
    other = SHORT | {"profit": "15000", "wants_call": DECLINED}
    for _time in range(2):
        assert set(copy(check_paper, sheet, second, other)) == {"profit", "wants_call"}
    assert (state(sheet).state, state(sheet).entry) == (SheetState.ENTERED, 1)
    with pytest.raises(SheetMoved):
        copy(enter_paper, sheet, first, other, answered_on=AT.date())
    with pytest.raises(OwnPaper):
        copy(settle_paper, sheet, first, {"profit": "15000", "wants_call": "no"})
    with pytest.raises(SheetIncomplete):
        copy(settle_paper, sheet, second, {"profit": "15000"})
    copy(settle_paper, sheet, second, {"profit": "15000", "wants_call": "no"})
    assert [one.answers["profit"].number for one in list_entries(sheet)] == [150_000, 1_500_000, 1_500_000]
    assert (state(sheet).state, said(sheet)["wants_call"]) == (SheetState.ANSWERED, Answer(0))


def test_paper_of_another_time_is_refused(sheet, staff):
    with pytest.raises(PaperFromTomorrow):
        copy(enter_paper, sheet, staff[0], answered_on=AT.date() + timedelta(days=1))
    with pytest.raises(SurveyOver):
        copy(enter_paper, sheet, staff[0], answered_on=AT.date() - timedelta(days=1))
    with pytest.raises(SheetIncomplete):
        copy(enter_paper, sheet, staff[0], {"profit": "0"}, answered_on=AT.date())
    assert (state(sheet).state, list_entries(sheet)) == (SheetState.OPEN, [])


def test_every_graduate_is_asked_once_on_the_day(graduate, cohort):
    factories.enrolment(cohort, status=EnrolmentStatus.NOT_COMPLETED)
    factories.enrolment(cohort, status=EnrolmentStatus.WAITLISTED)
    with transaction():
        assert open_due_sheets(at=AT - timedelta(days=1)) == []
    for _time in range(2):
        with transaction():
            open_due_sheets(at=AT)
    rows = db.session.scalars(select(SurveySheet)).all()
    assert [(row.enrolment_id, row.wave, row.due_on) for row in rows] == [(graduate.id, Wave.DAY_30, AT.date())]
    assert verbs() == ["survey.open"]


def test_she_is_told_once_reminded_twice_and_never_after_an_answer(graduate, cohort, staff):
    other = factories.enrolment(cohort, status=EnrolmentStatus.COMPLETED)
    told = []
    for day in range(12):
        with transaction():
            told.append(ask_surveys(at=AT + timedelta(days=day)))
        if day == 1:
            hers = db.session.scalar(select(SurveySheet.id).where(SurveySheet.enrolment_id == other.id))
            say(hers, staff[0])
            hand_in(hers, staff[0])
    assert told == [(2, 0), (0, 0), (0, 0), (0, 1), *[(0, 0)] * 3, (0, 1), *[(0, 0)] * 4]
    readers = select(Message.code, Delivery.person_id).join(Delivery).order_by(Message.id, Delivery.person_id)
    asked = [("survey_asked", graduate.person_id), ("survey_asked", other.person_id)]
    assert [tuple(row) for row in db.session.execute(readers)] == sorted(asked) + [
        ("survey_reminded", graduate.person_id)
    ] * 2


def test_two_phones_hand_one_sheet_in(app, sheet, staff):
    say(sheet, staff[0])
    facts = {"mode": HERSELF, "seen": state(sheet).version, "by": staff[0], "at": AT}
    db.session.rollback()
    assert overlap(app, lambda: survey.submit(sheet, **facts), lambda: survey.submit(sheet, **facts)) == [None, None]
    assert verbs().count("survey.submit") == 1


@pytest.mark.parametrize("called_first", [True, False])
def test_no_words_of_hers_that_are_taken_down_at_that_moment_outlive_an_erasure(
    app, graduate, sheet, staff, called_first
):
    call = Call(CallResult.DECLINED, 3, {}, "Her husband is ill.")
    seen, person_id = state(sheet).version, graduate.person_id
    db.session.rollback()
    acts = [
        lambda: take_down_call(sheet, call, nonce="n", seen=seen, by=staff[0], at=AT),
        lambda: erase_person(person_id, why="request", by=staff[1], at=AT),
    ]
    results = overlap(app, *(acts if called_first else acts[::-1]))
    assert [type(one) for one in results] == ([type(None), Erased] if called_first else [Erased, NotFound]), results
    assert state(sheet).reason is None
    assert list(db.session.scalars(select(FollowUp.words))) == ([None] if called_first else [])


def test_a_course_that_is_put_off_moves_the_days_of_what_was_asked(app, cohort, graduate, sheet, staff):
    with transaction():
        row = db.session.get(Cohort, cohort.id)
        draft = replace(cohort_draft(row, get_rule(cohort.id)), ends_on=row.ends_on + timedelta(days=10))
        update_cohort(row, draft, seen=row.version, by=staff[0], at=AT)
    today = AT.date()
    assert state(sheet).due_on == today + timedelta(days=10)
    assert [len(list_open(cohort.id, on)) for on in (today, today + timedelta(days=10))] == [0, 1]


def list_open(cohort_id, on):
    asked = select(SurveySheet.id).join(Enrolment).join(Cohort).where(Cohort.id == cohort_id, in_time(on))
    return db.session.scalars(asked).all()
