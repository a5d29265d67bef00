"""The roll where the network fails: nothing is lost or doubled, and two who mark are not silently overwritten."""

import json

import pytest

from tests import factories
from tests.browser.test_roll import PHONE, count_marks, present, row, tap
from trainer.database import db
from trainer.domain.actors import Role
from trainer.models import Attendance, Mark

# No network; and a form key that is none any more, for which the script asks a fresh one.
EXPECTED = ("ERR_INTERNET_DISCONNECTED", "400 (BAD REQUEST)")


# What the page needs where there is no network; its worker keeps the page before them.
EVERY_FILE_IS_KEPT = """caches.open("roll-files").then(kept => kept.keys()).then(keys => {
  const urls = keys.map(key => key.url);
  return [...document.querySelectorAll("link[href], script[src]")].every(part => urls.includes(part.href || part.src));
})"""


@pytest.fixture
def lesson(app):
    return factories.lesson(factories.cohort())


@pytest.fixture
def women(lesson):
    return [factories.enrolment(lesson.cohort, factories.person(f"王秀{chr(0x4E00 + n)}")).id for n in range(30)]


@pytest.fixture
def staff(app):
    return factories.account(Role.COHORT_STAFF, region=factories.DATONG, name="李慧敏")


@pytest.fixture
def open_roll(browser, live_site, lesson):
    """`open_roll(account)`: the roll on a phone that can lose its network; errors of the page fail the test."""
    contexts, errors = [], []

    def sign_in(context, account):
        context.add_cookies([{"name": "sid", "value": factories.session_token(account), "url": live_site}])
        db.session.rollback()

    def note(text):
        if not any(part in text for part in EXPECTED):
            errors.append(text)

    def open_one(account):
        context = browser.new_context(base_url=live_site, **PHONE)
        contexts.append(context)
        sign_in(context, account)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: note(m.text) if m.type == "error" else None)
        page.goto(f"/lessons/{lesson.id}/roll")
        until(page, "navigator.serviceWorker.controller !== null")
        until(page, EVERY_FILE_IS_KEPT)
        return page

    open_one.sign_in = sign_in
    yield open_one
    for context in contexts:
        context.close()
    assert errors == []


def until(page, expression: str) -> None:
    """Playwright's own waiting for an expression needs `eval`, which the content policy forbids."""
    for _ in range(600):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(expression)


def wait_for_unsent(page, count: int) -> None:
    page.locator("#queue summary", has_text=f"{count} 条未发送").wait_for()


def wait_until_sent(page):
    until(page, "!Object.keys(localStorage).some(key => key.startsWith('roll:mark:'))")
    page.locator("#queue").wait_for(state="hidden")


def test_thirty_marks_without_a_network_survive_a_reload_and_arrive_once(open_roll, lesson, women, staff):
    page = open_roll(staff)
    tap(page, women[0], "到")
    wait_until_sent(page)
    page.context.set_offline(True)
    for woman in women[1:]:
        tap(page, woman, "到")
    wait_for_unsent(page, 29)
    page.reload()
    wait_for_unsent(page, 29)
    assert page.locator("[data-count=attended]").inner_text() == "30"  # the first is known from before
    page.context.set_offline(False)
    wait_until_sent(page)
    page.reload()
    assert page.locator("[data-count=attended]").inner_text() == "30"
    assert present() == set(women)
    assert count_marks() == 30
    with_time = db.session.scalar(db.select(db.func.count(Mark.id)).where(Mark.said_at.is_not(None)))
    assert with_time == 30


def test_news_that_come_late_do_not_hide_what_is_known_already(open_roll, lesson, women, staff):
    one, two = open_roll(staff), open_roll(factories.account(Role.COHORT_STAFF, region=factories.DATONG))
    held = []
    one.context.set_offline(True)  # it does not learn of the other mark before
    tap(two, women[0], "到")
    wait_until_sent(two)
    one.route("**/changes?*", lambda route: held.append(route))
    one.context.set_offline(False)  # it asks at once
    while not held:
        one.wait_for_timeout(10)
    answer = held[0].fetch()
    tap(one, women[0], "缺席")
    row(one, women[0]).locator(".said").wait_for()
    with one.expect_response("**/changes?*") as late:
        held[0].fulfill(response=answer)
    late.value.finished()
    one.evaluate("() => new Promise(done => setTimeout(done))")  # it has read them
    assert row(one, women[0]).locator(".said").is_visible()


def test_two_who_mark_one_woman_differently_are_asked_which_is_right(open_roll, lesson, women, staff):
    other = factories.account(Role.COHORT_STAFF, region=factories.DATONG, name="赵建平")
    one, two = open_roll(staff), open_roll(other)
    one.context.set_offline(True)
    tap(one, women[0], "缺席")
    tap(one, women[1], "到")
    tap(two, women[0], "到")
    wait_until_sent(two)
    one.context.set_offline(False)
    for page in (one, two):
        said = row(page, women[0]).locator(".said")
        said.wait_for()
        assert "李慧敏" in said.inner_text()
        assert "赵建平" in said.inner_text()
        assert page.locator("#conflicts").is_visible()
    row(two, women[1]).get_by_text("李慧敏").wait_for()  # each sees the other's marks
    row(two, women[0]).locator(".said").get_by_role("button", name="缺席").click()
    for page in (one, two):
        row(page, women[0]).locator(".said").wait_for(state="detached")
        assert row(page, women[0]).locator(".pill").inner_text() == "缺席"
        assert page.locator("#conflicts").is_hidden()
    db.session.rollback()
    kept = db.session.get(Attendance, (lesson.id, women[0]))
    assert (kept.status, kept.conflict_mark_id) == ("absent", None)
    assert count_marks() == 4


def test_the_queue_outlives_the_session_and_waits_for_its_owner(open_roll, lesson, women, staff):
    page = open_roll(staff)
    page.context.set_offline(True)
    for woman in women[:2]:
        tap(page, woman, "到")
    wait_for_unsent(page, 2)
    page.context.clear_cookies()
    page.context.set_offline(False)
    page.locator("#queue").get_by_text("您已退出登录").wait_for()
    open_roll.sign_in(page.context, factories.account(Role.COHORT_STAFF, region=factories.DATONG, name="赵建平"))
    page.goto("/rolls")
    assert "李慧敏 2" in page.locator("#queue").inner_text()
    assert count_marks() == 0
    open_roll.sign_in(page.context, staff)
    page.goto("/rolls")
    wait_until_sent(page)
    assert present() == set(women[:2])


def test_what_is_refused_is_kept_until_she_gives_it_up(open_roll, lesson, women, staff, tmp_path):
    page = open_roll(staff)
    page.context.set_offline(True)
    for woman in women[:2]:
        tap(page, woman, "到")
    wait_for_unsent(page, 2)
    with page.expect_download() as saved:
        page.locator("#queue summary").click()
        page.get_by_role("button", name="保存到文件").click()
    saved.value.save_as(tmp_path / "queue.json")
    assert [one["enrolment"] for one in json.loads((tmp_path / "queue.json").read_text())] == women[:2]
    db.session.execute(db.text("PRAGMA query_only=OFF"))
    db.session.execute(db.text("UPDATE enrolments SET status = 'withdrawn' WHERE id = :id"), {"id": women[0]})
    db.session.commit()
    page.context.set_offline(False)
    page.locator("#queue").get_by_text("不在这次课的名单里").wait_for()
    assert present() == {women[1]}
    page.get_by_role("button", name="放弃").click()
    page.get_by_role("button", name="确定丢弃").click()
    page.locator("#queue").wait_for(state="hidden")


def test_a_hundred_names_take_a_tap_each_and_three(open_roll, lesson, women, staff):
    """Whoever is here is tapped once; the rest, the confirmation and the closing are the three."""
    page, taps = open_roll(staff), 0
    for woman in women[:20]:
        tap(page, woman, "到")
        taps += 1
    page.get_by_role("link", name="其余都缺席？").click()
    assert page.locator("dialog .names li").count() == 10
    page.locator("dialog").get_by_role("button", name="确定").click()
    page.locator(".unsent").first.wait_for(state="detached")
    page.get_by_role("link", name="结课").click()
    page.get_by_label("现场清点人数").wait_for()
    taps += 3
    assert taps <= len(women) + 3  # so a hundred women are at most 103
    db.session.rollback()
    statuses = db.session.scalars(db.select(Attendance.status).order_by(Attendance.enrolment_id)).all()
    assert statuses == ["present"] * 20 + ["absent"] * 10


def test_an_undone_tap_and_an_undone_rest_ask_twice_before_unmarking(open_roll, lesson, women, staff):
    page = open_roll(staff)
    undo = page.locator("#undo")
    for word in ("到", "迟到"):
        tap(page, women[0], word)
    undo.get_by_role("button", name="撤销").click()
    wait_until_sent(page)
    assert present() == {women[0]}
    page.get_by_role("link", name="其余都缺席？").click()
    page.locator("dialog").get_by_role("button", name="确定").click()
    undo.get_by_role("button", name="撤销").click()
    undo.get_by_role("button", name="确定改回").click()
    wait_until_sent(page)
    assert page.locator("[data-count=unmarked]").inner_text() == "29"
    db.session.rollback()
    assert db.session.scalar(db.select(db.func.count(Attendance.mark_id))) == 1
