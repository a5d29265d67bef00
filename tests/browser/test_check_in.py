"""Checking in by the code on the screen, in a real browser: the wall changes by itself, a phone scans, signs in and taps."""

from datetime import timedelta

import pytest

from tests import factories
from tests.browser.test_shared_phone import PHONE, fits
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.check_in import CheckInRules
from trainer.models import Attendance, Person
from trainer.queries.check_in import code_of, read_code
from trainer.services import trainee_access


@pytest.fixture
def lesson(cohort):
    """It began two minutes ago."""
    begins = clock.now() - timedelta(minutes=2)
    return factories.lesson(cohort, starts_at=begins, ends_at=begins + timedelta(hours=3))


@pytest.fixture
def woman(cohort):
    enrolment, _account = factories.trainee(cohort, phone="14000001234")
    return enrolment


@pytest.fixture
def phone(browser, live_site):
    context = browser.new_context(base_url=live_site, **PHONE)
    yield context.new_page()
    context.close()


def is_marked(woman) -> bool:
    db.session.rollback()
    return db.session.scalar(db.select(Attendance.status).where(Attendance.enrolment_id == woman.id)) == "present"


def test_the_wall_changes_by_itself_and_counts(app, open_page, lesson, woman, phone, monkeypatch):
    slot = CheckInRules().slot_of(clock.now())
    monkeypatch.setattr(clock, "now", lambda: slot + timedelta(seconds=29))
    page = open_page(
        factories.account(Role.COHORT_STAFF, region=factories.DATONG), viewport={"width": 1280, "height": 720}
    )
    page.goto(f"/lessons/{lesson.id}/screen")
    first, picture = page.locator("#digits").inner_text(), page.locator("#picture").inner_html()
    assert first.isdecimal()
    assert page.locator(".count").inner_text() == "已签到 0 / 1"
    monkeypatch.setattr(clock, "now", lambda: slot + timedelta(seconds=59))
    page.locator("#digits", has_not_text=first).wait_for()
    assert page.locator("#picture").inner_html() != picture
    # Nothing of it hangs over the edge of the wall.
    assert page.evaluate(
        "document.documentElement.scrollHeight <= innerHeight && document.documentElement.scrollWidth <= innerWidth"
    )

    phone.goto("/c")
    phone.get_by_label("屏幕上的四位数字").fill(page.locator("#digits").inner_text())
    phone.get_by_label("您的座号").fill("1")
    phone.get_by_label("后四位").fill("1234")
    phone.get_by_role("button", name="签到").click()
    phone.locator("h1", has_text="签到成功").wait_for()
    page.locator("#here", has_text="1").wait_for()
    assert is_marked(woman)


def test_a_phone_scans_signs_in_and_taps(phone, lesson, woman):
    """Without script, at 360 px."""
    code = code_of(lesson.id, CheckInRules().slot_of(clock.now()))
    with transaction():
        person = db.session.get(Person, woman.person_id)
        slip = trainee_access.issue_slip_for(person, by=factories.actor(Role.MANAGER), at=clock.now())
    phone.goto(f"/c/{code.text}")
    assert read_code(phone.url.rpartition("/")[2]) is None  # what she could forward from here is no code
    assert "签到码有效" in phone.locator("main").inner_text()
    assert fits(phone)
    phone.goto(f"/slip/{slip}")
    phone.get_by_label("后四位").fill("1234")
    phone.get_by_role("button", name="是我，登录").click()
    phone.wait_for_url("**/c/go")
    assert fits(phone)
    assert not is_marked(woman)
    button = phone.get_by_role("button", name="签到", exact=True)
    assert button.bounding_box()["height"] >= 60
    button.click()
    phone.locator("h1", has_text="签到成功").wait_for()
    assert fits(phone)
    assert is_marked(woman)
