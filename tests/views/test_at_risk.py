"""Women to call: the list, her number for the call, what came of it, and who comes in."""

import re

import pytest

from tests import factories
from tests.factories import AT
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.at_risk import RiskReason
from trainer.models import Risk
from trainer.models.at_risk import Contact
from trainer.models.disclosure import Disclosure

PHONE = "14000001234"


def at_risk(cohort, name: str = "王秀芳", *reasons: RiskReason, **values):
    """The enrolment of a woman with these risks."""
    enrolment = factories.enrolment(cohort, factories.person(name, **values))
    lesson = factories.lesson(cohort, title="直播话术")
    with transaction() as session:
        session.add_all(
            Risk(enrolment_id=enrolment.id, reason=reason, lesson_id=lesson.id, found_at=AT)
            for reason in reasons or (RiskReason.BEHIND,)
        )
    return enrolment


def key(page: str) -> str:
    return re.search(r'name="idempotency_key"[^>]*value="([^"]+)"', page)[1]


def names(page: str) -> list[str]:
    return re.findall(r'class="card-title"><a [^>]*>([^<]+)<', page)


def test_the_gravest_stand_first_with_why_and_since_when(cohort, staff):
    at_risk(cohort, "王秀芳")
    at_risk(cohort, "李桂花", RiskReason.ABSENT_IN_A_ROW, RiskReason.OUT_OF_REACH)
    page = staff.get("/follow-up").text
    assert names(page) == ["李桂花", "王秀芳"]
    assert "直播话术" in page
    assert "还没联系" in page
    for query, shown in (
        ("reason=behind", ["王秀芳"]),
        ("reason=absent_in_a_row", ["李桂花"]),
        (f"cohort={cohort.id}&state=to_call", ["李桂花", "王秀芳"]),
        ("cohort=999", []),
        ("state=spoken_with", []),
        ("reason=nonsense&per_page=x", ["李桂花", "王秀芳"]),
    ):
        assert names(staff.get(f"/follow-up?{query}").text) == shown, query


def test_the_number_is_masked_until_it_is_asked_for_and_then_one_tap_to_call(cohort, staff):
    enrolment = at_risk(cohort, phone=PHONE)
    url = f"/follow-up/{enrolment.id}"
    page = staff.get(url).text
    assert "140****1234" in page
    assert PHONE not in page
    answer = staff.post(f"{url}/number")
    assert f'<a href="tel:{PHONE}">{PHONE}</a>' in answer.text
    looked = db.session.execute(db.select(Disclosure.reason, Disclosure.fields, Disclosure.is_export)).all()
    assert looked == [("call_her", ["phone"], False)]
    refused = staff.post(url, data={"idempotency_key": key(answer.text), "outcome": "perhaps"})
    assert refused.status_code == 422
    assert PHONE not in refused.text


def test_the_daily_limit_of_looks_holds_here_too(app, cohort, staff, monkeypatch):
    monkeypatch.setitem(app.config, "UNMASK_PER_DAY", 1)
    url = f"/follow-up/{at_risk(cohort, phone=PHONE).id}/number"
    assert [staff.post(url).status_code for _ in range(2)] == [200, 429]
    assert PHONE not in staff.post(url).text


def test_a_call_is_taken_down_once_and_stays_in_her_history(cohort, staff):
    enrolment = at_risk(cohort)
    url = f"/follow-up/{enrolment.id}"
    data = {"idempotency_key": key(staff.get(url).text), "outcome": "will_come", "words": "<b>孩子病了</b>"}
    for _ in range(2):
        assert staff.post(url, data=data).status_code == 303
    assert db.session.scalar(db.select(db.func.count(Contact.id))) == 1
    assert "会来上课" in staff.get("/follow-up?state=spoken_with").text
    for page in (url, f"/people/{enrolment.person_id}"):
        assert "&lt;b&gt;孩子病了" in staff.get(page).text
    with transaction():
        db.session.execute(db.update(Risk).values(ended_at=clock.now()))
    assert names(staff.get("/follow-up").text) == []
    page = staff.get(url).text
    assert "目前无需联系" in page
    assert "孩子病了" in page


def test_an_auditor_and_an_instructor_do_not_read_what_she_said(cohort, staff, signed_in):
    enrolment = at_risk(cohort)
    url = f"/follow-up/{enrolment.id}"
    staff.post(url, data={"idempotency_key": key(staff.get(url).text), "outcome": "cannot_come", "words": "婆婆住院"})
    auditor = signed_in(factories.account(Role.AUDITOR))
    assert auditor.get(url).status_code == 404
    assert "婆婆住院" not in auditor.get(f"/people/{enrolment.person_id}").text


def test_calls_to_make_stand_on_the_home_page_and_lead_to_her(cohort, staff):
    enrolment = at_risk(cohort)
    assert "待联系" in staff.get("/").text
    assert f"/follow-up/{enrolment.id}" in staff.get("/needs/call_to_make").text


@pytest.mark.parametrize("women", [1, 3])
def test_a_fixed_number_of_statements(cohort, staff, count_statements, women):
    enrolments = [at_risk(cohort, f"王{n}", *RiskReason) for n in range(women)]
    staff.get("/follow-up")
    for url, number in (("/follow-up", 5), (f"/follow-up/{enrolments[0].id}", 4), ("/needs/call_to_make", 3)):
        with count_statements() as seen:
            assert staff.get(url).status_code == 200
        assert len(seen) == number, url
