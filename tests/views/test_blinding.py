"""Blind texts as pages: what is masked by itself, what is left to look at, and who may do it."""

import pytest

from tests import factories, selections
from tests.factories import version
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.models import Application, ApplicationFile, Round

pytestmark = pytest.mark.sqlite_is_enough

PLAN = "我叫王秀芳，想在东坪村卖小米"


@pytest.fixture
def made(app):
    made = selections.ready(women=3)
    selections.write(made, 0, "王秀芳的小米", PLAN, [{"item": "给王秀芳买手机架", "amount_fen": 50_000}])
    return made


@pytest.fixture
def url(made) -> str:
    return f"{made.url}/blinding/{made.applications()[0].id}"


@pytest.fixture
def staff(signed_in, made):
    return signed_in(made.manager)


def send(staff, url, **data):
    return staff.post(url, data={"version": version(staff, url), **data})


def blind_plan(made) -> str | None:
    db.session.rollback()
    return db.session.scalar(db.select(Application.blind_plan).where(Application.id == made.applications()[0].id))


def test_the_original_stands_beside_the_text_masked_by_itself(staff, url):
    page = staff.get(url).text
    assert "<mark>王秀芳</mark>，想在东坪村卖小米" in page
    assert "我叫【姓名】，想在东坪村卖小米</textarea>" in page
    assert 'value="给【姓名】买手机架"' in page
    assert "想在东坪村" in page.split("需要看一看的地方")[1]


def test_words_that_staff_add_are_masked_on_the_page_and_nothing_is_kept_yet(staff, url, made):
    plan = {"title": "小米", "plan": "和李大山一起卖", "uses-0": "手机架", "words": "李大山\n\n"}
    page = send(staff, url, act="mask", **plan)
    assert page.status_code == 200
    assert "和【隐去】一起卖</textarea>" in page.text
    assert blind_plan(made) is None


def test_it_is_confirmed_when_every_place_is_ticked_and_leads_to_the_next(staff, url, made):
    selections.write(made, 1, "", "卖杏")
    text = {"act": "confirm", "title": "小米", "plan": "想在东坪村卖小米", "uses-0": "手机架"}
    refused = send(staff, url, **text)
    assert refused.status_code == 422
    assert "1 处可能透露她是谁" in refused.text
    assert "想在东坪村卖小米</textarea>" in refused.text
    done = send(staff, url, **text, ticked="想在东坪村")
    assert done.location.endswith(f"/blinding/{made.applications()[1].id}")
    assert blind_plan(made) == "想在东坪村卖小米"
    assert "想在东坪村卖小米</textarea>" in staff.get(url).text


def test_her_name_cannot_be_ticked_off(staff, url, made):
    text = {"act": "confirm", "title": "小米", "plan": PLAN, "uses-0": "x"}
    page = send(staff, url, **text, ticked=["王秀芳", "想在东坪村"])
    assert page.status_code == 422
    assert "“王秀芳”仍然透露她是谁" in page.text
    assert blind_plan(made) is None


def test_a_picture_is_seen_here_and_by_evaluators_only_when_ticked(staff, url, made):
    picture = selections.attachment(made, 0, words="我的店")
    assert staff.get(f"{url}/pictures/{picture}").mimetype == "image/jpeg"
    assert staff.get(f"{made.url}/blinding/{made.applications()[1].id}/pictures/{picture}").status_code == 404
    text = {"act": "confirm", "title": "小米", "plan": "卖小米", "uses-0": "x"}
    send(staff, url, **text)
    assert not db.session.get(ApplicationFile, picture, populate_existing=True).is_blind
    send(staff, url, **text, blind_files=str(picture))
    db.session.rollback()
    assert db.session.get(ApplicationFile, picture, populate_existing=True).is_blind


def test_the_list_says_what_waits_by_code_alone(staff, signed_in, made):
    page = staff.get(f"{made.url}/blinding").text
    assert "还有 1 份待确认" in page
    assert "确认下一份" in page
    assert "A-00" not in staff.get(f"{made.url}/blinding?state=waiting").text.replace(made.applications()[0].code, "")
    auditor = signed_in(factories.account(Role.AUDITOR)).get(f"{made.url}/blinding").text
    assert made.applications()[0].code in auditor
    assert "秀芳" not in auditor
    assert "确认下一份" not in auditor


def test_who_judges_is_told_that_somebody_else_must_do_it(signed_in, made, url):
    judge = made.evaluators[0]
    with transaction() as session:
        session.add(factories.RoleGrant(account_id=judge.id, role=Role.MANAGER, granted_at=factories.AT))
    client = signed_in(judge)
    assert client.post(url, data={"version": "1", "act": "confirm"}).status_code == 422
    page = client.get(url)
    assert page.status_code == 200
    assert "请由其他人来做" in page.text
    assert "秀芳" not in page.text
    picture = selections.attachment(made, 0)
    assert client.get(f"{url}/pictures/{picture}").status_code == 404


def test_a_round_that_is_not_blind_has_nothing_to_mask(staff, made, url):
    with transaction() as session:
        session.get(Round, made.round_id).blind = False
    assert "不需要隐去姓名" in staff.get(f"{made.url}/blinding").text
    assert "不需要隐去姓名" in staff.get(url).text


@pytest.mark.parametrize("women", [1, 3])
def test_pages_take_the_same_few_statements(signed_in, count_statements, app, women):
    made = selections.ready(women=women)
    for woman in range(women):
        selections.write(made, woman, "小米", "卖小米", [{"item": "架", "amount_fen": 100}] * women)
        selections.attachment(made, woman)
    staff = signed_in(made.manager)
    for path, many in (("", 8), (f"/{made.applications()[0].id}", 8)):
        staff.get(f"{made.url}/blinding{path}")
        with count_statements() as seen:
            assert staff.get(f"{made.url}/blinding{path}").status_code == 200
        assert len(seen) == many, seen
