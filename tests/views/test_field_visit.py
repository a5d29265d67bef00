"""The pages of visits: prepared by staff, filled in on a phone without a script, looked at by those who may."""

import io
import json
import re

import pytest
from PIL import Image

from tests import factories, selections
from tests.factories import AT
from tests.services.test_field_visit import Visiting, add_picture
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.panel import ConflictKind
from trainer.models import RoleGrant, StoredFile, VisitFact, VisitPicture, VisitStay
from trainer.queries.account import get_actor
from trainer.services import conflict as conflicts
from trainer.services import round as rounds
from trainer.storage import read


@pytest.fixture
def round_(app) -> Visiting:
    return Visiting()


@pytest.fixture
def phone(round_, signed_in):
    return signed_in(round_.made.evaluators[0])


@pytest.fixture
def here(round_) -> str:
    return f"/reviews/visits/{round_.visit_id}"


def answers(round_, *values: str) -> dict[str, str]:
    return {f"q{question}": value for question, value in zip(round_.questions, values, strict=True)}


def text_of(page) -> str:
    return re.sub(r"<[^>]+>", " ", page.text)


def test_staff_prepare_a_round_of_visits(app, signed_in):
    made = selections.visiting(facts=(), opened=False)
    client, url = signed_in(made.manager), f"{made.url}/visits"
    assert "要查明的事项" in client.get(url).text
    client.post(f"{url}/questions/standard", data={"version": made.version})
    said = {"version": made.version, "words": "有冷库", "kind": "yes_no", "is_veto": "y"}
    assert client.post(f"{url}/questions", data=said).status_code == 303
    assert client.post(f"{url}/questions", data=said).status_code == 409  # somebody was faster
    refused = client.post(f"{url}/questions", data={**said, "version": made.version})
    assert refused.status_code == 422
    assert "这一项已经在列表里了" in refused.text
    application = made.applications()[0].id
    plan = {"version": made.version, f"day_{application}": "2026-03-09", f"words_{application}": "村委会找老王"}
    assert client.post(f"{url}/plan", data={**plan, f"day_{application}": "三月"}).status_code == 422
    assert client.post(f"{url}/plan", data=plan).status_code == 303
    assert "村委会找老王" in client.get(url).text
    made.act(selections.rounds.open_round)
    assert (
        client.post(f"{url}/questions/standard", data={"version": made.version}, follow_redirects=True).status_code
        == 200
    )


def test_who_taught_her_and_who_goes_alone_is_said_before_opening(app, signed_in):
    made = selections.visiting(opened=False)
    factories.lesson(made.cohort, instructor_id=made.evaluators[0].id)
    page = signed_in(made.manager).get(f"{made.url}/visits").text
    assert "教过或带过候选人的人不宜去调研" in page
    assert "不足两人" not in page
    made.act(selections.dealing.deal_applications, [made.evaluators[1].id], None)
    page = signed_in(made.manager).get(f"{made.url}/visits").text
    assert "教过或带过候选人的人不宜去调研" not in page  # she no longer goes
    assert "不足两人" in page


def test_only_rounds_of_visits_have_the_pages(app, signed_in):
    made = selections.opened()
    client = signed_in(made.manager)
    for page in ("", "/plan", "/questions"):
        assert client.get(f"{made.url}/visits{page}").status_code == 404


def test_a_visit_is_found_out_and_signed_without_a_script(round_, phone, here):
    assignment = round_.made.assignment(0, 0).id
    assert f"/reviews/{assignment}/visit" in phone.get(f"/reviews/{assignment}").text
    assert phone.get(f"/reviews/{assignment}/visit").headers["Location"] == here
    page = phone.get(here)
    person = db.session.get(selections.Enrolment, round_.made.enrolments[0].id).person
    assert person.name in page.text
    assert page.headers["X-Roll-Keep"] == str(round_.made.evaluators[0].id)
    assert "geolocation=(self)" in page.headers["Permissions-Policy"]
    assert "geolocation=()" in phone.get(f"/reviews/{assignment}").headers["Permissions-Policy"]
    phone.post(f"{here}/arrival")
    bad = phone.post(here, data=answers(round_, "yes", "很多", "门面"))
    assert bad.status_code == 422
    assert "很多" in bad.text  # what she typed stays
    assert phone.post(here, data=answers(round_, "yes", "35", "门面")).status_code == 303
    assert phone.post(here, data=answers(round_, "yes", "35", "门面")).status_code == 303
    assert db.session.scalar(db.select(db.func.count(VisitFact.id))) == 3  # only what is new
    none = {f"none{round_.questions[1]}": "1", f"q{round_.questions[0]}": "none"}
    phone.post(here, data=none)
    assert text_of(phone.get(f"{here}/signature")).count("没能查明") == 2
    assert phone.post(f"{here}/signature").headers["Location"] == here
    page = phone.get(here)
    assert page.headers["X-Roll-Keep"] == "no"
    assert 'id="facts"' not in page.text
    refused = phone.post(here, data=answers(round_, "no", "1", "门面"))
    assert "已在这次调研上签字" in refused.text


def test_the_other_visitors_facts_and_pictures_are_not_hers_to_see_before_she_signs(round_, phone, here, signed_in):
    add_picture(round_, 1)
    shown = db.session.scalars(db.select(VisitPicture.id)).one()
    round_.sign(1, "no", "77", "朝东的门面")
    assert "77" not in text_of(phone.get(here))
    assert "朝东的门面" not in phone.get(f"{here}/signature").text
    assert phone.get(f"{here}/pictures/{shown}").status_code == 404
    round_.sign(0, "yes", "77", "门面")
    page = text_of(phone.get(here))
    assert "朝东的门面" in page
    assert "调研人员说法不一" in page
    assert phone.get(f"{here}/pictures/{shown}").mimetype == "image/jpeg"
    staff = signed_in(round_.made.manager)
    url = f"{round_.made.url}/visits/{round_.visit_id}"
    assert "调研人员说法不一" in staff.get(url).text
    assert staff.get(f"{url}/pictures/{shown}").mimetype == "image/jpeg"
    settle = f"{url}/questions/{round_.questions[0]}"
    assert staff.post(settle, data={"version": 1, "value": "=yes", "reason": ""}).status_code == 422
    assert staff.post(settle, data={"version": 1, "value": "=yes", "reason": "看了执照"}).status_code == 303
    assert "看了执照" in phone.get(here).text


def test_whoever_judges_herself_reads_no_findings_as_staff_before_the_result_is_frozen(round_, signed_in):
    round_.sign(1, "no", "77", "朝东的门面")
    judge = round_.made.evaluators[0]
    with transaction() as session:
        session.add(RoleGrant(account_id=judge.id, role=Role.AUDITOR, region_code=factories.DATONG, granted_at=AT))
    client, url = signed_in(judge), f"{round_.made.url}/visits"
    page = client.get(url)
    assert page.status_code == 200
    assert "您本人是本轮评委" in page.text
    assert f"{url}/{round_.visit_id}" not in page.text
    assert client.get(f"{url}/{round_.visit_id}").status_code == 404
    round_.judge()
    round_.made.act(rounds.close_round)
    assert client.get(f"{url}/{round_.visit_id}").status_code == 404
    round_.made.freeze()
    assert "朝东的门面" in client.get(f"{url}/{round_.visit_id}").text


def test_what_is_not_signed_is_not_shown_to_staff(round_, signed_in):
    round_.say(0, "no", "77", "朝东的门面")
    add_picture(round_, 0)
    shown = db.session.scalars(db.select(VisitPicture.id)).one()
    staff, url = signed_in(round_.made.manager), f"{round_.made.url}/visits/{round_.visit_id}"
    assert "朝东的门面" not in staff.get(url).text
    assert staff.get(f"{url}/pictures/{shown}").status_code == 404


def test_a_picture_loses_what_the_camera_wrote_into_it(round_, phone, here):
    taken, exif = io.BytesIO(), Image.Exif()
    exif[0x8825] = {1: "N", 2: (40.0, 4.0, 36.0)}
    exif[0x010F] = "GeheimePhone"
    Image.new("RGB", (64, 48), "green").save(taken, "JPEG", exif=exif)
    assert b"GeheimePhone" in taken.getvalue()
    sent = {"picture": (io.BytesIO(taken.getvalue()), "IMG_王秀.jpg"), "words": "门面", "idempotency_key": "k1"}
    assert phone.post(f"{here}/pictures", data=sent).status_code == 303
    stored = db.session.scalars(db.select(StoredFile).where(StoredFile.purpose == "visit_picture")).one()
    assert (stored.person_id, stored.file_name) == (round_.made.enrolments[0].person_id, f"visit-{round_.visit_id}.jpg")
    assert read(stored.stored_as)[:3] != b"\xff\xd8\xff"  # encrypted
    got = phone.get(f"{here}/pictures/{db.session.scalars(db.select(VisitPicture.id)).one()}")
    assert Image.open(io.BytesIO(got.data)).getexif() == {}
    assert b"GeheimePhone" not in got.data
    empty = phone.post(f"{here}/pictures", data={"words": "x"})
    assert empty.status_code == 422
    wrong = phone.post(f"{here}/pictures", data={"picture": (io.BytesIO(b"no"), "a.jpg"), "idempotency_key": "k2"})
    assert wrong.status_code == 422


def test_where_she_was_is_told_to_managers_alone_and_written_down(round_, phone, here, signed_in):
    place = {"latitude": 40.0768, "longitude": 113.3001, "accuracy": 12}
    saying = {"nonce": "a1", "said_at": AT.timestamp() * 1000, "place": place}
    account = round_.made.evaluators[0].id
    answer = phone.post(f"{here}/sayings", json={"account": account, "sayings": [saying]})
    assert answer.json["answers"] == [{"nonce": "a1", "outcome": "saved"}]
    assert "40.0768" not in phone.get(here).text
    url = f"{round_.made.url}/visits/{round_.visit_id}"
    manager, auditor = (
        signed_in(round_.made.manager),
        signed_in(factories.account(Role.AUDITOR, region=factories.DATONG)),
    )
    assert "40.0768" not in manager.get(url).text
    assert "40.076800, 113.300100" in manager.get(f"{url}/places").text
    assert auditor.get(url).status_code == 200
    assert auditor.get(f"{url}/places").status_code == 404
    assert db.session.scalar(db.text("SELECT count(*) FROM audit_events WHERE action = 'field_visit.show_places'")) == 1


def test_each_saying_of_a_phone_is_answered_and_sent_twice_kept_once(round_, phone, here):
    account, question = round_.made.evaluators[0].id, round_.questions[0]
    sayings = [
        {"nonce": "s1", "question": question, "value": "yes"},
        {"nonce": "s2", "question": question, "value": "maybe"},
        {"nonce": "s3", "question": "x"},
        {"nonce": "s4"},
    ]
    first, second = (phone.post(f"{here}/sayings", json={"account": account, "sayings": sayings}).json for _ in "12")
    outcomes = [{one["nonce"]: one["outcome"] for one in answer["answers"]} for answer in (first, second)]
    assert outcomes[0] == {"s1": "saved", "s2": "refused", "s3": "refused", "s4": "saved"}
    assert outcomes[1] == {"s1": "already", "s2": "refused", "s3": "refused", "s4": "already"}
    assert db.session.scalar(db.select(db.func.count(VisitFact.id))) == 1
    assert db.session.scalar(db.select(db.func.count(VisitStay.id))) == 1
    assert phone.get(f"{here}/sayings").json["account"] == account
    for body, status in (
        ({"account": account + 1, "sayings": []}, 409),
        ({"account": account}, 422),
        ({"account": account, "sayings": [{}] * 201}, 422),
        ([], 422),
    ):
        assert phone.post(f"{here}/sayings", json=body).status_code == status
    assert phone.post(f"{here}/sayings", data="[" * 100_000, content_type="application/json").status_code == 422
    assert json.loads(phone.post(f"{here}/sayings", json={"account": account, "sayings": [None]}).text)["answers"]


def test_whom_a_conflict_keeps_away_finds_nothing_anywhere(round_, phone, here):
    add_picture(round_, 0)
    shown, account = db.session.scalars(db.select(VisitPicture.id)).one(), round_.made.evaluators[0].id
    pair = (round_.made.applications()[0].id, account, ConflictKind.FAMILY)
    with transaction():
        conflicts.raise_conflict(*pair, by=get_actor(round_.made.manager), at=AT)
    nothing, number = phone.get("/reviews/visits/99999"), re.compile(r"[0-9a-f]{12}|/reviews/[\w/]+")
    for page in (here, f"{here}/signature", f"{here}/sayings", f"{here}/pictures/{shown}"):
        answer = phone.get(page)
        assert answer.status_code == 404
        assert number.sub("", answer.text) == number.sub("", nothing.text)
    for page in (here, f"{here}/arrival", f"{here}/signature", f"{here}/pictures", f"{here}/pictures/{shown}/remove"):
        assert phone.post(page, data={"words": "x"}).status_code == 404
    assert phone.post(f"{here}/sayings", json={"account": account, "sayings": []}).status_code == 404
    assert phone.get(f"/reviews/{round_.made.assignment(0, 0).id}/visit").status_code == 404


@pytest.mark.parametrize(
    ("page", "opened", "most"), [("staff", False, 12), ("staff", True, 8), ("one", True, 9), ("phone", True, 7)]
)
@pytest.mark.parametrize("women", [1, 3])
def test_pages_ask_as_often_however_many_there_are(app, signed_in, count_statements, page, opened, most, women):
    round_ = Visiting(women=women, opened=opened)
    made = round_.made
    if opened:
        for who in range(2):
            add_picture(round_, who, f"p{who}")
            round_.sign(who, "yes", "1", "门面")
    url = {
        "staff": f"{made.url}/visits",
        "one": f"{made.url}/visits/{round_.visit_id}",
        "phone": f"/reviews/visits/{round_.visit_id}",
    }[page]
    client = signed_in(made.evaluators[0] if page == "phone" else made.manager)
    with count_statements() as statements:
        assert client.get(url).status_code == 200
    assert len(statements) == most
