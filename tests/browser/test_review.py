"""A score sheet in a real browser: the draft keeps itself, by keyboard too, and without a script by its button."""

import re

from tests import selections
from tests.browser.conftest import late
from trainer.database import db
from trainer.models import Review, ReviewVersion

KEPT = re.compile(r"已于 \d\d:\d\d:\d\d 保存")
TABLET = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}


def draft() -> dict | None:
    db.session.rollback()
    return db.session.scalar(db.select(Review.draft))


def test_what_is_filled_in_is_kept_by_itself_and_then_submitted(app, open_page):
    made = selections.opened(2, 1)
    page = open_page(made.evaluators[0], **TABLET)
    page.goto("/reviews")
    page.get_by_role("link", name=re.compile("开始评阅|从 A-")).first.click()
    page.get_by_text("计划可行").first.click()
    page.locator(".sheet-kept", has_text=KEPT).wait_for()
    with page.expect_response(re.compile("/draft$")):
        page.locator("#strengths").fill("踏实肯干")
    assert draft() == {"levels": {"c1": 3, "c2": None}, "strengths": "踏实肯干", "risks": ""}
    page.reload()
    assert page.locator("#strengths").input_value() == "踏实肯干"
    page.get_by_role("radio", name="2 有初步想法").nth(1).check()
    page.get_by_role("button", name="提交").click()
    page.locator(".notice-good").wait_for()
    db.session.rollback()
    assert db.session.scalar(db.select(ReviewVersion.levels)) == {"c1": 3, "c2": 2}


def test_what_is_chosen_before_the_script_comes_is_kept(app, open_page):
    made = selections.opened(1, 1)
    page = open_page(made.evaluators[0], **TABLET)
    page.clock.install()
    with late(page, "**/review.js*"):
        page.goto(f"/reviews/{made.assignment(0, 0).id}", wait_until="commit")
        page.get_by_text("计划可行").first.click()
        page.locator("#risks").fill("没有冷库")
    page.wait_for_load_state()
    page.clock.run_for(2_000)
    page.locator(".sheet-kept", has_text=KEPT).wait_for()
    assert draft() == {"levels": {"c1": 3, "c2": None}, "strengths": "", "risks": "没有冷库"}


def test_by_keyboard_alone(app, open_page):
    made = selections.opened(1, 1)
    page = open_page(made.evaluators[0])
    page.goto(f"/reviews/{made.assignment(0, 0).id}")
    for question in ("level_c1", "level_c2"):
        page.locator(f"[name={question}]:checked").focus()
        page.keyboard.press("ArrowUp")  # from “not answered” to the highest level
    page.get_by_role("button", name="提交").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/reviews")
    db.session.rollback()
    assert db.session.scalar(db.select(ReviewVersion.levels)) == {"c1": 3, "c2": 3}


def test_without_a_script_the_button_keeps_the_draft(app, open_page):
    made = selections.opened(1, 1)
    page = open_page(made.evaluators[0], java_script_enabled=False)
    page.goto(f"/reviews/{made.assignment(0, 0).id}")
    page.get_by_text("有初步想法").first.click()
    page.get_by_role("button", name="保存草稿").click()
    page.locator(".notice-good").wait_for()
    assert draft()["levels"] == {"c1": 2, "c2": None}


def test_a_lost_network_is_said_and_tried_again(app, open_page):
    made = selections.opened(1, 1)
    page = open_page(made.evaluators[0])
    page.clock.install()
    page.goto(f"/reviews/{made.assignment(0, 0).id}")
    page.evaluate("() => { window.realFetch = fetch; window.fetch = () => Promise.reject(new Error('offline')); }")
    page.get_by_text("计划可行").first.click()
    page.clock.run_for(2_000)
    page.locator(".sheet-kept", has_text="网络不好").wait_for()
    page.evaluate("() => { window.fetch = window.realFetch; }")
    page.clock.run_for(11_000)
    page.locator(".sheet-kept", has_text=KEPT).wait_for()
    assert draft()["levels"]["c1"] == 3
