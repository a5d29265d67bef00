"""A visit where the network fails: facts are kept on the phone through a reload and arrive once."""

import pytest

from tests.browser.test_roll import PHONE
from tests.browser.test_roll_offline import until
from tests.services.test_field_visit import Visiting
from trainer.database import db
from trainer.models import VisitFact, VisitStay

PAGE_IS_KEPT = "navigator.serviceWorker.controller !== null"
FILES_ARE_KEPT = """caches.open("roll-files").then(kept => kept.keys()).then(keys => {
  const urls = keys.map(key => key.url);
  return [...document.querySelectorAll("link[href], script[src]")].every(part => urls.includes(part.href || part.src));
})"""
NOTHING_WAITS = "!Object.keys(localStorage).some(key => key.startsWith('visit:say:'))"


@pytest.fixture
def round_(app) -> Visiting:
    return Visiting()


def test_facts_without_a_network_survive_a_reload_and_arrive_once(round_, open_page):
    page = open_page(
        round_.made.evaluators[0], expected=("ERR_INTERNET_DISCONNECTED", "ERR_FAILED"), permissions=["geolocation"],
        geolocation={"latitude": 40.0768, "longitude": 113.3001, "accuracy": 12}, **PHONE,
    )  # fmt: skip
    page.goto(f"/reviews/visits/{round_.visit_id}")
    until(page, PAGE_IS_KEPT)
    until(page, FILES_ARE_KEPT)
    question, number, words = (page.locator(f"[data-question='{id_}']") for id_ in round_.questions)
    page.context.set_offline(True)
    page.get_by_role("button", name="我到了").click()
    page.get_by_role("button", name="记下手机位置").click()
    question.get_by_label("否", exact=True).check()
    question.get_by_label("是", exact=True).check()  # she looked again
    number.locator(".form-control").fill("35")
    words.get_by_label("没能查明").check()
    page.locator("#queue", has_text="6").wait_for()
    page.get_by_role("link", name="核对并签字").click()
    page.get_by_text("要先全部发送出去").wait_for()
    page.reload()
    assert question.get_by_label("是", exact=True).is_checked()
    assert number.locator(".form-control").input_value() == "35"
    assert words.get_by_label("没能查明").is_checked()
    assert page.locator("[data-arrived]").is_visible()
    page.context.set_offline(False)
    until(page, NOTHING_WAITS)
    page.locator("#queue").wait_for(state="hidden")
    page.reload()
    assert question.get_by_label("是", exact=True).is_checked()
    page.get_by_role("link", name="核对并签字").click()
    page.get_by_role("button", name="本人到过现场，对以上情况负责").click()
    page.get_by_text("已签字。现在可以看到").wait_for()
    db.session.rollback()
    facts = db.session.execute(db.select(VisitFact.question_id, VisitFact.value).order_by(VisitFact.id)).all()
    asked = round_.questions
    assert [tuple(row) for row in facts] == [(asked[0], "no"), (asked[0], "yes"), (asked[1], "35"), (asked[2], "")]
    stay = db.session.scalars(db.select(VisitStay)).one()
    assert (stay.latitude, stay.accuracy_m, stay.signed_at is not None) == (40.0768, 12, True)
