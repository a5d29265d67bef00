"""A score sheet in a real browser: the draft keeps itself, by keyboard too, and without a script by its button."""

import re

from tests import selections
from tests.browser.conftest import late
from trainer.database import db
from trainer.models import Review, ReviewVersion

KEPT = re.compile(r"已于 \d\d:\d\d:\d\d 保存")
TABLET = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}


def draft() -> tuple[dict, str, str] | None:
    """Levels, strengths, risks."""
    db.session.rollback()
    kept = db.session.scalar(db.select(Review.draft))
    return kept and (kept["levels"], kept["strengths"], kept["risks"])


def unsent(page) -> int:
    return page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('sheet:')).length")


def test_what_is_filled_in_is_kept_by_itself_and_then_submitted(app, open_page):
    made = selections.opened(2, 1)
    page = open_page(made.evaluators[0], **TABLET)
    page.goto("/reviews")
    page.get_by_role("link", name=re.compile("开始评阅|从 A-")).first.click()
    page.get_by_text("计划可行").first.click()
    page.locator(".sheet-kept", has_text=KEPT).wait_for()
    with page.expect_response(re.compile("/draft$")):
        page.locator("#strengths").fill("踏实肯干")
    assert draft() == ({"c1": 3, "c2": None}, "踏实肯干", "")
    page.reload()
    assert page.locator("#strengths").input_value() == "踏实肯干"
    page.get_by_role("radio", name="2 有初步想法").nth(1).check()
    for field, option in (("recommendation", "support"), ("confidence", "2")):
        page.locator(f"[name={field}][value='{option}']").check()
    page.get_by_role("button", name="提交", exact=True).click()
    page.locator(".notice-good").wait_for()
    db.session.rollback()
    assert db.session.scalar(db.select(ReviewVersion.levels)) == {"c1": 3, "c2": 2}
    assert unsent(page) == 0


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
    assert draft() == ({"c1": 3, "c2": None}, "", "没有冷库")


def test_by_keyboard_alone(app, open_page):
    made = selections.opened(1, 1)
    page = open_page(made.evaluators[0])
    page.goto(f"/reviews/{made.assignment(0, 0).id}")
    page.keyboard.press("3")  # the first question that is open
    page.keyboard.press("n")
    page.keyboard.press("ArrowUp")  # from “not answered” to the highest level
    page.keyboard.press("2")
    for field, option in (("recommendation", "not_now"), ("confidence", "2")):
        page.locator(f"[name={field}][value='{option}']").focus()
        page.keyboard.press("Space")
    page.locator("#risks").focus()
    page.keyboard.type("33n")  # letters and digits are text here
    page.keyboard.press("Control+Enter")
    assert page.locator("dialog").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("dialog").is_hidden()
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Enter")
    page.wait_for_url("**/reviews")
    db.session.rollback()
    version = db.session.scalars(db.select(ReviewVersion)).one()
    assert (version.levels, version.risks, version.confidence) == ({"c1": 3, "c2": 2}, "33n", 2)


def test_without_a_script_the_button_keeps_the_draft(app, open_page):
    made = selections.opened(1, 1)
    page = open_page(made.evaluators[0], java_script_enabled=False)
    page.goto(f"/reviews/{made.assignment(0, 0).id}")
    page.get_by_text("有初步想法").first.click()
    page.get_by_role("button", name="保存草稿").click()
    page.locator(".notice-good").wait_for()
    assert draft()[0] == {"c1": 2, "c2": None}


def test_what_is_typed_without_a_network_survives_and_is_sent(app, open_page):
    """Even where the page is closed meanwhile; and where the sheet was changed elsewhere she chooses."""
    made = selections.opened(1, 1)
    page = open_page(made.evaluators[0], expected=("ERR_INTERNET_DISCONNECTED", "409 (CONFLICT)"))
    url = f"/reviews/{made.assignment(0, 0).id}"
    page.goto(url)
    page.context.set_offline(True)
    page.get_by_text("计划可行").first.click()
    page.locator("#risks").fill("没有冷库")
    page.locator(".sheet-kept", has_text="网络不好").wait_for()
    page.get_by_role("button", name="提交", exact=True).click()
    page.locator(".sheet-kept", has_text="网络恢复后再提交").wait_for()
    assert (draft(), unsent(page)) == (None, 1)
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto("/reviews")
    page.get_by_text("本设备上还有内容未发送").wait_for()
    page.goto(url)
    page.locator(".sheet-kept", has_text=KEPT).wait_for()
    assert (draft(), unsent(page)) == (({"c1": 3, "c2": None}, "", "没有冷库"), 0)
    made.draft(0, 0, 1, 1, version=1, risks="在另一台设备上写的")
    page.locator("#risks").fill("没有冷库，也没有车")
    page.locator(".sheet-clash", has_text="在另一台设备上写的").wait_for()
    page.get_by_role("button", name="采用这一份").click()
    page.locator(".sheet-kept", has_text=KEPT).wait_for()
    page.wait_for_timeout(200)
    assert draft() == ({"c1": 3, "c2": None}, "", "没有冷库，也没有车")
