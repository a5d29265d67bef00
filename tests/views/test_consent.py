"""Notice and consents on pages: read by everybody, given and withdrawn with one press, taken down by staff."""

import io
import re

import pytest
from sqlalchemy import select, update

from tests import factories
from tests.factories import LINFEN, picture
from tests.security.test_sizes import send
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.consent import ConsentScope
from trainer.models import AuditEvent, Consent, DataRequest, Person, SignInSession
from trainer.queries.consent import has_consent, list_consents_of

ID = "140299199311028401"


@pytest.fixture
def woman(app):
    return factories.person("马桂花", phone="14000001234", id_number=ID)


@pytest.fixture
def herself(woman, signed_in):
    """Signed in, and asked a moment ago who she is."""
    client = signed_in(factories.account(Role.TRAINEE, person=woman))
    with transaction():
        db.session.execute(update(SignInSession).values(confirmed_at=clock.now()))
    return client


def paper(**values) -> dict:
    file = (io.BytesIO(values.pop("content", picture("JPEG"))), values.pop("name", "同意书.jpg"))
    return {"scopes": ["basic", "pictures"], "signed_on": "2026-03-10", "file": file} | values


def test_everybody_reads_the_notice_and_its_older_version(client):
    newest = client.get("/privacy")
    assert newest.status_code == 200
    for words in ("谁在保管您的信息", "身份证号", "保存多久", "10 年", "谁能看到", "30 天内答复"):
        assert words in newest.text
    older = client.get("/privacy/2026-11")
    assert "这是旧版本" in older.text
    assert "收集什么、为什么" in older.text or "收集" in older.text
    assert client.get("/privacy/1999").status_code == 404


def test_the_notice_names_who_keeps_the_data(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "ORGANISATION", "大同市妇女联合会")
    monkeypatch.setitem(app.config, "PRIVACY_CONTACT", "0352-0000000")
    page = client.get("/privacy").text
    assert "大同市妇女联合会" in page
    assert "0352-0000000" in page


def test_she_gives_and_withdraws_with_one_press_each(herself, woman):
    assert herself.post("/me/consents/give", data={"scope": "pictures"}).status_code == 303
    assert has_consent(woman.id, ConsentScope.PICTURES)
    page = herself.get("/me/consents").text
    assert page.count('action="/me/consents/withdraw"') == 1
    assert page.count('action="/me/consents/give"') == 5
    assert herself.post("/me/consents/withdraw", data={"scope": "pictures"}).status_code == 303
    assert not has_consent(woman.id, ConsentScope.PICTURES)
    assert herself.get("/me/consents").text.count('action="/me/consents/give"') == 6


def test_what_withdrawing_does_stands_beside_the_button(herself, woman):
    for scope in ("basic", "id_number"):
        herself.post("/me/consents/give", data={"scope": scope})
    page = herself.get("/me/consents").text
    assert "身份证号马上删除" in page
    assert "30 天内办理" in page
    herself.post("/me/consents/withdraw", data={"scope": "id_number"})
    assert db.session.get(Person, woman.id, populate_existing=True).id_number is None
    herself.post("/me/consents/withdraw", data={"scope": "basic"})
    assert db.session.scalar(select(DataRequest.person_id)) == woman.id


def test_an_older_version_asks_again(herself, woman):
    factories.consent(woman.id, notice_version="2026-11")
    page = herself.get("/me/consents").text
    assert "同意新版本" in page
    assert "增加了报名、任务、证书" in page
    assert "告知书有了新版本" in herself.get("/me").text
    herself.post("/me/consents/give", data={"scope": "basic"})
    assert "同意新版本" not in herself.get("/me/consents").text
    assert "告知书有了新版本" not in herself.get("/me").text


@pytest.mark.parametrize("scope", ["", "everything", "BASIC"])
def test_no_such_scope_is_refused(herself, scope):
    assert herself.post("/me/consents/give", data={"scope": scope}).status_code == 422
    assert herself.post("/me/consents/withdraw", data={"scope": scope}).status_code == 422


def test_who_holds_the_phone_is_asked_first(woman, signed_in):
    client = signed_in(factories.account(Role.TRAINEE, person=woman))
    with transaction():
        db.session.execute(update(SignInSession).values(confirmed_at=None))
    assert "/me/confirm" in client.get("/me/consents").location
    client.post("/me/consents/give", data={"scope": "basic"})
    assert list_consents_of(woman.id) == []


def test_nobody_can_name_another_woman(herself, app):
    other = factories.person("李丽")
    herself.post("/me/consents/give", data={"scope": "basic", "person_id": other.id, "person": other.id})
    assert list_consents_of(other.id) == []


def test_staff_put_a_paper_on_record_and_see_it(staff, woman):
    answer = staff.post(f"/people/{woman.id}/consents/new", data=paper())
    assert (answer.status_code, answer.location) == (303, f"/people/{woman.id}#consents")
    (first, _second) = list_consents_of(woman.id)
    seen = staff.get(f"/people/{woman.id}/consents/{first.id}/scan")
    assert (seen.status_code, seen.mimetype) == (200, "image/jpeg")
    assert seen.data.startswith(b"\xff\xd8")
    assert seen.headers["X-Content-Type-Options"] == "nosniff"
    assert seen.headers["Content-Disposition"] == f"inline; filename=consent-{first.id}.jpg"
    assert seen.headers["Cache-Control"] == "no-store"
    assert db.session.scalar(select(AuditEvent.object_id).where(AuditEvent.action == "consent.show_scan")) == str(
        first.id
    )
    assert f"/people/{woman.id}/consents/{first.id}/scan" in staff.get(f"/people/{woman.id}").text


def test_the_paper_is_nobody_elses_business(staff, woman, signed_in):
    consent = factories.consent(woman.id)
    other = factories.person("李丽", region=LINFEN)
    scan = f"/people/{woman.id}/consents/{consent.id}/scan"
    for client in (
        signed_in(factories.account(Role.COHORT_STAFF, region=LINFEN)),
        signed_in(factories.account(Role.AUDITOR)),
        signed_in(factories.account(Role.SYSTEM_ADMINISTRATOR)),
        signed_in(factories.account(Role.TRAINEE, person=other)),
    ):
        assert client.get(scan).status_code == 404
    own = signed_in(factories.account(Role.COHORT_STAFF))
    assert own.get(f"/people/{other.id}/consents/{consent.id}/scan").status_code == 404
    assert own.get(scan).status_code == 200


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "同意书.jpg", "这不是照片"),
        (b"<!doctype html><script>1</script>", "同意书.png", "这不是照片"),
        (picture("PNG") + b"PK\x05\x06" + b"\0" * 18, "actually_a_png.xlsx", "这不是照片"),
        (picture("PNG")[:60], "半张.png", "已损坏"),
        (b"", "空.jpg", "文件是空的"),
    ],
)
def test_what_is_no_photograph_is_refused_with_a_sentence(staff, woman, content, name, words):
    answer = staff.post(f"/people/{woman.id}/consents/new", data=paper(content=content, name=name))
    assert answer.status_code == 422
    assert words in answer.text
    assert list_consents_of(woman.id) == []


def test_a_file_beyond_all_bounds_is_cut_off(staff, woman):
    assert send(staff, f"/people/{woman.id}/consents/new", 9).status_code == 422
    assert send(staff, f"/people/{woman.id}/consents/new", 11).status_code == 413


def test_what_is_missing_is_said_and_what_was_ticked_stays(staff, woman):
    answer = staff.post(f"/people/{woman.id}/consents/new", data={"scopes": ["pictures"], "signed_on": "2026-03-10"})
    assert answer.status_code == 422
    assert re.search(r'<input[^>]*checked[^>]*value="pictures"|value="pictures"[^>]*checked', answer.text)
    assert "请选择" in answer.text
    none = staff.post(f"/people/{woman.id}/consents/new", data=paper(scopes=[]))
    assert "请至少勾选一项" in none.text
    late = staff.post(f"/people/{woman.id}/consents/new", data=paper(signed_on="2100-01-01"))
    assert "签字日期在今天以后" in late.text
    early = staff.post(f"/people/{woman.id}/consents/new", data=paper(signed_on="0001-01-01"))
    assert (early.status_code, "请核对年份" in early.text) == (422, True)


def test_staff_take_down_a_withdrawal_on_the_telephone(staff, woman):
    consent = factories.consent(woman.id, ConsentScope.ID_NUMBER)
    where = f"/people/{woman.id}/consents/{consent.id}/withdraw"
    assert "身份证号马上删除" in staff.get(where).text
    assert staff.post(where, data={"channel": "telephone", "reason": ""}).status_code == 422
    assert staff.post(where, data={"channel": "roster", "reason": "x"}).status_code == 422
    assert staff.post(where, data={"channel": "telephone", "reason": "电话里说不想留"}).status_code == 303
    page = staff.get(f"/people/{woman.id}").text
    assert "电话里说不想留" in page
    assert "已撤回" in page
    assert staff.get(where).status_code == 404
    other = factories.person("李丽")
    foreign = factories.consent(other.id)
    assert staff.get(f"/people/{woman.id}/consents/{foreign.id}/withdraw").status_code == 404


def test_a_fixed_number_of_statements(herself, staff, woman, count_statements):
    mine, hers = [], []
    for number in range(1, 4):
        factories.consent(woman.id, list(ConsentScope)[number])
        with count_statements() as seen:
            assert herself.get("/me/consents").status_code == 200
        mine.append(len(seen))
        with count_statements() as seen:
            assert staff.get(f"/people/{woman.id}").status_code == 200
        hers.append(len(seen))
    assert mine == [3, 3, 3]
    assert len(set(hers)) == 1
    assert len(list(db.session.scalars(select(Consent)))) == 3
