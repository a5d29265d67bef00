"""Two women on one phone, in a real browser without scripts: slips, switching, leaving, at 360 px."""

import re

import pytest

from tests import factories
from trainer import clock
from trainer.database import db, transaction
from trainer.documents.slips import write_slips
from trainer.domain.slip import Slip
from trainer.models import Person
from trainer.services import trainee_access

PHONE = {"viewport": {"width": 360, "height": 780}, "is_mobile": True, "has_touch": True, "java_script_enabled": False}


@pytest.fixture
def slips(app):
    """王秀芳's and 李桂花's, as their QR codes say them."""
    cohort, by = factories.cohort(), factories.actor(factories.Role.MANAGER)
    made = []
    for name, number in (("王秀芳", "14000001234"), ("李桂花", "14000005678")):
        enrolment, _account = factories.trainee(cohort, name=name, phone=number)
        with transaction():
            person = db.session.get(Person, enrolment.person_id)
            made.append(f"/slip/{trainee_access.issue_slip_for(person, by=by, at=clock.now())}")
    return made


@pytest.fixture
def phone(browser, live_site):
    context = browser.new_context(base_url=live_site, **PHONE)
    yield context.new_page()
    context.close()


def fits(page) -> bool:
    """Nothing sticks out to the side."""
    return page.locator("html").bounding_box()["width"] <= 360


def sign_in(page, slip, digits):
    page.goto(slip)
    page.goto(slip)  # a second look, as WeChat's preview does
    assert fits(page)
    page.get_by_label("后四位").fill(digits)
    page.get_by_role("button", name="是我，登录").click()
    page.locator(".who").wait_for()


def wait_for(page, name):
    """Until the phone is hers."""
    page.locator(".who", has_text=f"当前：{name}").wait_for()


def test_two_women_share_a_phone(phone, slips):
    sign_in(phone, slips[0], "1234")
    wait_for(phone, "王*芳")

    phone.goto(slips[1])
    assert "王*芳 在这部手机上仍保持登录" in phone.locator("main").inner_text()
    phone.get_by_label("后四位").fill("0000")
    phone.get_by_role("button", name="是我，登录").click()
    phone.get_by_role("alert").get_by_text("还可以试 4 次").wait_for()
    phone.get_by_label("后四位").fill("5678")
    phone.get_by_role("button", name="是我，登录").click()
    wait_for(phone, "李*花")

    phone.get_by_role("link", name="切换", exact=True).click()
    switch = phone.get_by_role("button", name="切换到 王*芳")
    switch.wait_for()
    assert fits(phone)
    switch.click()
    wait_for(phone, "王*芳")

    phone.get_by_role("link", name="切换", exact=True).click()
    phone.get_by_role("button", name="只退出 王*芳").click()
    wait_for(phone, "李*花")
    assert phone.get_by_role("button", name=re.compile("切换到")).count() == 0
    phone.get_by_role("button", name="只退出 李*花").click()
    phone.wait_for_url("**/code")
    phone.goto("/me")
    assert "/sign-in" in phone.url


def test_a_used_slip_says_what_to_do(phone, slips):
    sign_in(phone, slips[0], "1234")
    phone.goto(slips[0])
    assert fits(phone)
    assert "请向班主任要一张新的" in phone.locator("main").inner_text()


def test_a_slip_in_the_wrong_hands(phone, slips):
    phone.goto(slips[0])
    phone.get_by_role("button", name="这不是我").click()
    phone.locator("h1", has_text="谢谢您告诉我们").wait_for()
    phone.goto(slips[0])
    assert "这张纸条不能用了" in phone.locator("h1").inner_text()


@pytest.mark.parametrize(("number", "sheets"), [(8, 1), (9, 2), (100, 13)])
def test_eight_slips_fit_on_a_sheet(browser, tmp_path, number, sheets):
    slip = Slip(
        "欧阳秀芳",
        "西坪镇大西沟村",
        "大同市云州区普惠培训班（第12期）",
        "https://she.example.org/slip/" + "x" * 43,
        clock.now(),
    )
    path = tmp_path / "slips.html"
    path.write_bytes(write_slips("登录纸条", [slip] * number, []))
    page = browser.new_page()
    page.goto(f"file://{path}")
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    page.close()
    assert len(re.findall(rb"/Type /Page\b", printed)) == sheets
