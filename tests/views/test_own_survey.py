"""Her questionnaires: one question a page, kept at each step, looked over, handed in once; and the paper to print."""

import re
from datetime import timedelta

import pytest

from tests import factories
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.survey import Answer, SheetState, SurveyMode, Wave
from trainer.models import SurveySheet
from trainer.queries.survey import answers_of
from trainer.services import survey

pytestmark = pytest.mark.sqlite_is_enough

SHORT = {"sells_now": "yes", "broadcasts_30": "3", "profit": "1500", "obstacle": "time", "wants_call": "no"}


@pytest.fixture
def hers(app, signed_in):
    """A graduate whose course ended thirty days ago, and her questionnaire: (browser, enrolment, sheet)."""
    ended = clock.today() - timedelta(days=30)
    cohort = factories.cohort(starts_on=ended - timedelta(days=4), ends_on=ended)
    woman = factories.person()
    enrolment = factories.enrolment(cohort, woman, status=EnrolmentStatus.COMPLETED)
    account = factories.account(Role.TRAINEE, person=woman)
    sheet = factories.survey_sheet(enrolment, opened_at=clock.now())
    return signed_in(account), enrolment, sheet.id


def said(sheet_id) -> dict[str, Answer]:
    db.session.rollback()
    return answers_of([sheet_id]).get(sheet_id, {})


def state(sheet_id) -> SurveySheet:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get(SurveySheet, sheet_id)


def version(page) -> str:
    return re.search(r'name="version"[^>]* value="(\d+)"', page.text).group(1)


def test_from_her_first_page_through_all_questions_to_the_thanks(hers):
    client, _enrolment, sheet = hers
    assert "/me/surveys" in client.get("/me").text
    page = client.get(f"/me/surveys/{sheet}/sells_now")
    assert "第1题，共5题" in page.text
    assert "tel:14000009999" in page.text
    for question, answer in SHORT.items():
        reply = client.post(f"/me/surveys/{sheet}/{question}", data={"answer": answer})
        assert reply.status_code == 303
        assert said(sheet)[question]
    assert reply.location == f"/me/surveys/{sheet}"
    page = client.get(reply.location)
    assert "1500 元" in page.text
    for _time in range(2):
        assert client.post(f"/me/surveys/{sheet}/submit", data={"version": version(page)}).status_code == 303
    assert state(sheet).state is SheetState.ANSWERED
    thanks = client.get(f"/me/surveys/{sheet}").text
    assert "谢谢" in thanks
    assert 'name="version"' not in thanks
    assert "/me/surveys" not in client.get("/me").text


def test_what_cannot_be_is_asked_again_with_what_was_typed(hers):
    client, _enrolment, sheet = hers
    url = f"/me/surveys/{sheet}/profit"
    page = client.post(url, data={"answer": "三千"})
    assert page.status_code == 422
    assert 'value="三千"' in page.text
    page = client.post(url, data={"answer": "90000"})
    assert page.status_code == 422
    assert 'name="sure"' in page.text
    assert said(sheet) == {}
    client.post(url, data={"answer": "90000", "sure": "y"})
    assert said(sheet)["profit"] == Answer(9_000_000)
    client.post(url, data={"answer": "300", "is_loss": "y"})
    assert said(sheet)["profit"] == Answer(-30_000)
    assert re.search(r'checked[^>]*name="is_loss"|name="is_loss"[^>]*checked', client.get(url).text)
    client.post(url, data={"answer": "declined"})
    assert said(sheet)["profit"] == Answer(declined=True)
    assert client.post(f"/me/surveys/{sheet}/submit", data={"version": state(sheet).version}).status_code == 422


def test_what_staff_answered_meanwhile_is_shown_before_it_is_handed_in(hers):
    client, _enrolment, sheet = hers
    for question, answer in SHORT.items():
        client.post(f"/me/surveys/{sheet}/{question}", data={"answer": answer})
    seen = version(client.get(f"/me/surveys/{sheet}"))
    by = factories.actor_of(factories.account(Role.COHORT_STAFF))
    with transaction():
        survey.answer(sheet, "profit", "200", mode=SurveyMode.PHONE, by=by, at=clock.now())
    page = client.post(f"/me/surveys/{sheet}/submit", data={"version": seen})
    assert page.status_code == 409
    assert "200 元" in page.text
    assert version(page) != seen
    with transaction():
        survey.submit(sheet, mode=SurveyMode.PHONE, seen=state(sheet).version, by=by, at=clock.now())
    page = client.post(f"/me/surveys/{sheet}/submit", data={"version": version(page)})
    assert page.status_code == 409
    assert "已填答" in page.text
    assert client.post(f"/me/surveys/{sheet}/profit", data={"answer": "1"}).location == f"/me/surveys/{sheet}"


def test_she_may_decline_and_a_past_one_is_closed(hers):
    client, enrolment, sheet = hers
    client.post(f"/me/surveys/{sheet}/profit", data={"answer": "5"})
    client.post(f"/me/surveys/{sheet}/decline", data={"version": "1"})
    assert (state(sheet).state, said(sheet)) == (SheetState.DECLINED, {})
    past = factories.survey_sheet(enrolment, Wave.BASELINE).id
    assert client.get(f"/me/surveys/{past}/profit").location == f"/me/surveys/{past}"
    assert "时间已经过了" in client.get(f"/me/surveys/{past}").text


def test_another_womans_and_a_question_of_another_wave_are_not_there(hers, signed_in):
    client, _enrolment, sheet = hers
    assert client.get(f"/me/surveys/{sheet}/helpers").status_code == 404
    other = factories.survey_sheet(factories.enrolment(factories.cohort(), status=EnrolmentStatus.COMPLETED)).id
    for path in ("", "/profit"):
        assert client.get(f"/me/surveys/{other}{path}").status_code == 404
    assert client.post(f"/me/surveys/{other}/profit", data={"answer": "1"}).status_code == 404


def test_statements_are_fixed(hers, count_statements):
    client, enrolment, sheet = hers
    client.get("/me")
    for count in (1, 3):
        for url in ("/me/surveys", f"/me/surveys/{sheet}", f"/me/surveys/{sheet}/profit"):
            with count_statements() as seen:
                client.get(url)
            assert len(seen) == 4, (url, count)
        if count == 1:
            factories.survey_sheet(enrolment, Wave.BASELINE)
            factories.survey_sheet(enrolment, Wave.DAY_60, SheetState.ANSWERED)


@pytest.mark.parametrize("women", [1, 3])
def test_the_paper_has_a_page_for_each_who_has_not_answered(app, signed_in, count_statements, women):
    cohort = factories.cohort()
    for state_ in [SheetState.OPEN] * women + [SheetState.ANSWERED]:
        factories.survey_sheet(factories.enrolment(cohort, status=EnrolmentStatus.COMPLETED), state=state_)
    client = signed_in(factories.account(Role.COHORT_STAFF))
    client.get("/")
    with count_statements() as seen:
        page = client.get(f"/cohorts/{cohort.id}/surveys/day_30/paper")
    assert page.text.count('class="paper"') == women + 1
    assert "净赚了多少元" in page.text
    assert len(seen) == 7
    assert client.get(f"/cohorts/{cohort.id}/surveys/day_31/paper").status_code == 404
