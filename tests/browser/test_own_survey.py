"""A questionnaire on a phone of 360 px without scripts: from her first page to the thanks, the draft kept in between."""

from datetime import timedelta

from tests import factories
from trainer import clock
from trainer.database import db
from trainer.domain.actors import Role
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.survey import Answer, SheetState
from trainer.models import SurveySheet
from trainer.queries.survey import answers_of

PHONE = {"viewport": {"width": 360, "height": 780}, "is_mobile": True, "has_touch": True, "java_script_enabled": False}


def test_she_answers_one_question_after_the_other(open_page):
    ended = clock.today() - timedelta(days=30)
    cohort, woman = factories.cohort(starts_on=ended - timedelta(days=4), ends_on=ended), factories.person()
    sheet = factories.survey_sheet(
        factories.enrolment(cohort, woman, status=EnrolmentStatus.COMPLETED), opened_at=clock.now()
    )
    account = factories.account(Role.TRAINEE, person=woman)
    page = open_page(account, **PHONE)
    page.goto("/me")
    page.get_by_role("link", name="去答题").click()
    page.get_by_role("link", name="开始答题").click()
    page.get_by_role("button", name="在卖", exact=True).click()
    page.get_by_label("最近30天").fill("3")
    page.get_by_role("button", name="保存，下一题").click()
    page.get_by_label("上个月卖货").fill("150")
    page.get_by_label("是亏的").check()
    page.get_by_role("button", name="保存，下一题").click()
    assert page.locator("html").bounding_box()["width"] <= 360

    page.goto("/me/surveys")  # she was called away: it goes on where she stopped
    page.get_by_role("link", name="接着答").click()
    page.get_by_role("button", name="没有时间").click()
    page.get_by_role("button", name="不想说").click()
    assert page.get_by_text("亏 150 元").is_visible()
    page.get_by_role("button", name="提交我的回答").click()
    page.get_by_role("heading", name="谢谢您的回答").wait_for()
    assert page.locator("html").bounding_box()["width"] <= 360
    db.session.rollback()
    assert db.session.get(SurveySheet, sheet.id, populate_existing=True).state is SheetState.ANSWERED
    assert answers_of([sheet.id])[sheet.id]["profit"] == Answer(-15_000)
