"""The roll in a real browser: taps with the script, the same by plain forms, and a network that fails."""

import re
from datetime import timedelta

import pytest

from tests import factories
from tests.browser.conftest import late
from trainer import clock
from trainer.database import db
from trainer.domain.actors import Role
from trainer.models import Attendance, Mark

PHONE = {"viewport": {"width": 360, "height": 780}, "is_mobile": True, "has_touch": True}
UNMARKED = re.compile("未点名")


@pytest.fixture
def lesson(app):
    return factories.lesson(factories.cohort())


@pytest.fixture
def women(lesson):
    cohort = lesson.cohort
    names = ("王秀芳", "李桂花", "张晓红", "赵巧云", "欧阳丽娜")
    return [factories.enrolment(cohort, factories.person(name)).id for name in names]


@pytest.fixture
def staff(app):
    return factories.account(Role.COHORT_STAFF, region=factories.DATONG)


def row(page, enrolment_id):
    return page.locator(f"#e{enrolment_id}")


def tap(page, enrolment_id, word):
    row(page, enrolment_id).get_by_role("button", name=word, exact=True).click()


def present() -> set[int]:
    db.session.rollback()
    return set(db.session.scalars(db.select(Attendance.enrolment_id).where(Attendance.status == "present")))


def count_marks() -> int:
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count(Mark.id)))


def wait_until_saved(page):
    page.locator("li.unsent").first.wait_for(state="detached")


def test_three_taps_are_there_after_a_reload(open_page, lesson, women, staff):
    page = open_page(staff, **PHONE)
    page.goto(f"/lessons/{lesson.id}/roll")
    for woman in women[:3]:
        tap(page, woman, "到")
    wait_until_saved(page)
    assert page.locator("[data-count=attended]").inner_text() == "3"
    page.reload()
    for woman in women[:3]:
        assert row(page, woman).locator(".pill").inner_text() == "到"
    assert UNMARKED.search(row(page, women[3]).locator(".pill").inner_text())
    assert present() == set(women[:3])
    assert count_marks() == 3


def test_the_same_without_script(open_page, lesson, women, staff):
    page = open_page(staff, java_script_enabled=False, **PHONE)
    page.goto(f"/lessons/{lesson.id}/roll")
    for woman in women[:3]:
        tap(page, woman, "到")
        page.wait_for_url(f"**/lessons/{lesson.id}/roll?undo={woman}:#e{woman}")  # loaded, not only begun
    page.goto(f"/lessons/{lesson.id}/roll")
    assert page.locator("[data-count=attended]").inner_text() == "3"
    assert present() == set(women[:3])


def test_the_last_of_quick_taps_wins(open_page, lesson, women, staff):
    page = open_page(staff, **PHONE)
    page.goto(f"/lessons/{lesson.id}/roll")
    for word in ("缺席", "迟到", "到"):
        tap(page, women[0], word)
    wait_until_saved(page)
    assert row(page, women[0]).locator(".pill").inner_text() == "到"
    assert present() == {women[0]}


def test_taps_before_the_script_wait_for_it(open_page, lesson, women, staff):
    page = open_page(staff, service_workers="block", **PHONE)
    with late(page, "**/roll.js*"):
        page.goto(f"/lessons/{lesson.id}/roll", wait_until="commit")
        for woman, word in ((women[0], "缺席"), (women[0], "到"), (women[1], "到")):
            tap(page, woman, word)
        page.get_by_role("link", name="其余都缺席？").click()
        page.fill("#q", "zx")
    page.locator("dialog").get_by_text("欧阳丽娜").wait_for()
    assert page.locator("dialog .names li").count() == 3
    assert [woman for woman in women if row(page, woman).is_visible()] == [women[2]]
    wait_until_saved(page)
    assert present() == set(women[:2])
    assert count_marks() == 3


def test_taps_go_by_the_form_where_the_script_never_comes(open_page, lesson, women, staff):
    page = open_page(staff, service_workers="block", **PHONE)
    with late(page, "**/roll.js*", body="", content_type="text/javascript"):
        page.goto(f"/lessons/{lesson.id}/roll", wait_until="commit")
        for woman, word in ((women[0], "缺席"), (women[0], "到"), (women[1], "到")):
            tap(page, woman, word)
    page.locator("[data-count=attended]", has_text="2").wait_for()
    assert present() == set(women[:2])
    assert count_marks() == 3


def test_what_could_not_be_saved_stays_marked_and_is_sent_again_once(browser, live_site, lesson, women, staff):
    context = browser.new_context(base_url=live_site, service_workers="block", **PHONE)
    context.add_cookies([{"name": "sid", "value": factories.session_token(staff), "url": live_site}])
    page = context.new_page()
    page.clock.install(time=clock.now() - timedelta(minutes=1))
    page.goto(f"/lessons/{lesson.id}/roll")
    page.clock.pause_at(clock.now())  # it does not try again by itself before she does
    lost = []

    def lose_the_answer(route):
        """The server takes the mark; its answer never arrives."""
        lost.append(route.fetch())
        route.abort()

    page.route("**/roll/marks", lose_the_answer)
    tap(page, women[0], "到")
    page.get_by_text("1 条未发送").wait_for()
    page.unroute("**/roll/marks")
    page.locator("#queue summary").click()
    page.get_by_role("button", name="现在发送").click()
    page.locator("#queue").wait_for(state="hidden")
    wait_until_saved(page)
    assert {answer.status for answer in lost} == {200}
    assert count_marks() == 1
    context.close()


def test_typing_filters_at_once_by_seat_initials_and_name(open_page, lesson, women, staff):
    page = open_page(staff)
    page.goto(f"/lessons/{lesson.id}/roll")
    for typed, meant in (("2", 1), ("zx", 2), ("丽娜", 4)):
        page.fill("#q", typed)
        shown = [woman for woman in women if row(page, woman).is_visible()]
        assert shown == [women[meant]]
    page.fill("#q", "")
    assert row(page, women[0]).is_visible()


def test_the_whole_lesson_on_a_phone(open_page, lesson, women, staff):
    page = open_page(staff, **PHONE)
    page.goto("/rolls")
    page.get_by_role("link", name="去点名").first.click()
    for woman in women[:4]:
        tap(page, woman, "到")
    wait_until_saved(page)
    page.get_by_role("link", name="其余都缺席？").click()
    page.locator("dialog").get_by_text("欧阳丽娜").wait_for()
    page.locator("dialog").get_by_role("button", name="确定").click()
    wait_until_saved(page)
    page.get_by_role("link", name="结课").click()
    page.get_by_label("现场清点人数").fill("5")
    page.get_by_role("button", name="结课").click()
    page.get_by_text("两个数字不一致").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
