"""An evaluator's pages: hers alone, blind, kept drafts, and no way round the rules."""

import re

import pytest

from tests import factories, selections
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM, Role
from trainer.domain.file import FilePurpose
from trainer.domain.panel import ConflictKind
from trainer.models import (
    Application,
    ApplicationFile,
    Assignment,
    PanelSeat,
    Review,
    ReviewVersion,
    RoleGrant,
    Round,
)
from trainer.services import panel as panels
from trainer.services import round as rounds
from trainer.services import selection as services
from trainer.services.file import keep_file


@pytest.fixture
def made(app):
    return selections.opened(3, 2)


@pytest.fixture
def client(made, signed_in):
    return signed_in(made.evaluators[0])


def url_of(made, woman: int = 0, evaluator: int = 0) -> str:
    return f"/reviews/{made.assignment(woman, evaluator).id}"


def sheet(version: int = 0, *levels, act: str = "submit", **more) -> dict:
    return {
        "version": version,
        "act": act,
        **{f"level_c{k}": level for k, level in enumerate(levels, start=1)},
        **{"confidence": 2, "recommendation": "support"},
        **more,
    }


def test_anothers_sheet_is_not_there(client, made):
    url = url_of(made, evaluator=1)
    assert client.get(url).status_code == 404
    assert client.post(url, data=sheet(0, 3, 3)).status_code == 404
    assert client.post(f"{url}/draft", data=sheet(0, 3, 3)).status_code == 404
    assert client.get("/reviews/99999").status_code == 404
    assert db.session.scalar(db.select(Review)) is None


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR, Role.COHORT_STAFF])
def test_staff_see_no_sheets(signed_in, made, role):
    client = signed_in(factories.account(role))
    assert client.get("/reviews").status_code == 404
    assert client.get(url_of(made)).status_code == 404


def test_a_revoked_evaluator_is_out_at_once(client, made):
    assert client.get(url_of(made)).status_code == 200
    with transaction():
        db.session.execute(
            db.update(RoleGrant).where(RoleGrant.account_id == made.evaluators[0].id).values(revoked_at=AT)
        )
    assert client.get(url_of(made)).status_code == 404


def test_nothing_says_who_a_candidate_is(client, made):
    made.submit(1, 0, 3, 3)
    pages = [client.get("/reviews"), *(client.get(url_of(made, woman)) for woman in range(3))]
    pages.append(client.post(url_of(made), data=sheet(0, "", 3)))
    for page in pages:
        for secret in (*selections.NAMES, "大西沟村", "1400000", made.cohort.name, made.cohort.code):
            assert secret not in page.text


def test_nothing_says_what_others_scored(signed_in, made):
    made.submit(0, 1, 3, 3, strengths="另一位评委写的优点")
    client = signed_in(made.evaluators[0])
    assert "另一位评委写的优点" not in client.get(url_of(made)).text
    assert "已提交 0 / 3 份" in client.get("/reviews").text


def test_a_round_being_prepared_is_not_there(signed_in, app):
    made = selections.ready(2, 1)
    client = signed_in(made.evaluators[0])
    assert client.get(url_of(made)).status_code == 404
    assert "/reviews/" not in client.get("/reviews").text


def test_a_withdrawn_application_is_not_there(client, made):
    url, application = url_of(made), made.applications()[0]
    with transaction():
        services.withdraw(application.id, application.version, "外出务工", by=made.by, at=AT)
    assert client.get(url).status_code == 404
    assert url not in client.get("/reviews").text


def test_a_draft_is_kept_and_found_again(client, made):
    url = url_of(made)
    answer = client.post(url, data=sheet(0, 2, "", act="save", strengths="踏实肯干"))
    assert answer.location == url
    page = client.get(url).text
    assert "踏实肯干" in page
    assert re.search(r'name="level_c1"[^>]*value="2"', re.search(r"<input[^>]*checked[^>]*level_c1[^>]*>", page)[0])
    assert "草稿" in client.get("/reviews").text


def test_the_script_keeps_a_draft_and_learns_its_version(client, made):
    url = url_of(made)
    first = client.post(f"{url}/draft", data=sheet(0, 3, ""), headers={"Accept": "application/json"})
    assert first.json["version"] == 1
    second = client.post(f"{url}/draft", data=sheet(1, 3, 2), headers={"Accept": "application/json"})
    assert second.json["version"] == 2
    stale = client.post(f"{url}/draft", data=sheet(1, 1, 1), headers={"Accept": "application/json"})
    assert stale.status_code == 409
    assert stale.json["error"]
    assert (stale.json["version"], stale.json["fields"]["level_c2"]) == (2, 2)
    wrong = client.post(f"{url}/draft", data=sheet(2, 9, 1), headers={"Accept": "application/json"})
    assert wrong.status_code == 422


def test_submitting_leads_to_the_next_one_and_then_home(client, made):
    seen = []
    at = re.search(r'href="(/reviews/\d+)"', client.get("/reviews").text)[1]
    while at != "/reviews":
        seen.append(at)
        at = client.post(at, data=sheet(0, 3, 3)).location.split("#")[0]
    assert len(set(seen)) == 3
    assert "已提交 3 / 3 份" in client.get("/reviews").text


def test_what_is_not_answered_is_named_and_kept(client, made):
    url = url_of(made)
    answer = client.post(url, data=sheet(0, 3, "", strengths="踏实"))
    assert answer.status_code == 422
    assert "还没有作答：带动作用" in answer.text
    assert "踏实" in answer.text
    assert client.post(url, data=sheet(1, 3, "", why_c2="没有材料")).status_code == 302
    assert db.session.scalar(db.select(ReviewVersion.levels)) == {"c1": 3, "c2": None}
    page = client.get(url).text
    assert "没有材料" in page
    assert "62.5%" in page  # 50 of the 80 points that evaluators judge


def test_advice_and_confidence_are_asked_for_and_what_was_typed_is_kept(client, made):
    answer = client.post(url_of(made), data=sheet(0, 3, 3, confidence="", recommendation="", risks="没有冷库"))
    assert answer.status_code == 422
    assert answer.text.count("请选择一项") == 2
    assert db.session.scalar(db.select(Review)).draft["risks"] == "没有冷库"
    assert db.session.scalar(db.select(ReviewVersion.id)) is None


def test_less_than_sixty_percent_is_refused_with_a_sentence(client, made):
    answer = client.post(url_of(made), data=sheet(0, "", 3, why_c1="没有材料"))
    assert answer.status_code == 422
    assert "不足 60%" in answer.text
    assert db.session.scalar(db.select(Review)).draft["levels"] == {"c1": None, "c2": 3}


def test_a_stale_window_keeps_what_was_typed(client, made):
    url = url_of(made)
    client.post(url, data=sheet(0, 3, 3, act="save"))
    stale = client.post(url, data=sheet(0, 1, 1, act="save", risks="物流不稳"))
    assert stale.status_code == 409
    assert "物流不稳" in stale.text
    assert "另一个窗口保存的内容" in stale.text
    assert db.session.scalar(db.select(Review)).draft["levels"] == {"c1": 3, "c2": 3}


def test_a_submitted_sheet_is_read_and_changed_with_a_reason(client, made):
    url = url_of(made)
    client.post(url, data=sheet(0, 3, 3))
    page = client.get(url).text
    assert "修改我的评分" in page
    assert "<fieldset" not in page
    assert "<fieldset" in client.get(f"{url}?change=1").text
    refused = client.post(url, data=sheet(1, 1, 3))
    assert refused.status_code == 422
    assert client.post(url, data=sheet(1, 1, 3, reason="看错了")).status_code == 409  # the refused one is kept
    assert client.post(url, data=sheet(2, 1, 3, reason="看错了")).status_code == 302
    assert "看错了" in client.get(url).text


def test_a_closed_round_is_only_read(client, made):
    url = url_of(made)
    made.submit(0, 0, 3, 3)
    made.act(rounds.close_round)
    page = client.get(f"{url}?change=1").text
    assert "<fieldset" not in page
    assert "修改我的评分" not in page
    assert client.post(url, data=sheet(1, 1, 1)).status_code == 422
    assert "不计入结果" in client.get(url_of(made, 1)).text
    assert client.get("/selections").status_code == 404


def test_levels_that_are_no_choice_are_refused(client, made):
    for level in ("4", "0", "abc"):
        assert client.post(url_of(made), data=sheet(0, level, 3)).status_code == 422
    assert db.session.scalar(db.select(Review)) is None


def test_what_a_form_does_not_ask_for_is_ignored(client, made):
    client.post(url_of(made), data=sheet(0, 3, 3, account_id=made.evaluators[1].id, state="submitted", level_c9="3"))
    assert db.session.scalar(db.select(ReviewVersion.levels)) == {"c1": 3, "c2": 3}


def held(made, woman: int, judge: int = 0) -> None:
    """A conflict keeps them apart from now on."""
    said = [(made.applications()[woman].id, ConflictKind.FAMILY, "")]
    with transaction():
        panels.declare(made.round_id, said, by=factories.actor_of(made.evaluators[judge]), at=AT)


def test_a_conflict_is_the_same_404_as_nothing_and_leaves_no_gap(client, made):
    url, last = url_of(made), client.get("/reviews").text.count("data-sheet")
    made.submit(0, 0, 3, 3)
    held(made, 0)
    nothing = client.get("/reviews/99999")
    for answer in (client.get(url), client.get(f"{url}?change=1"), client.get(f"{url}/files/1")):
        assert (answer.status_code, answer.text.split("<main")[1]) == (404, nothing.text.split("<main")[1])
    for path in (url, f"{url}/draft"):
        assert client.post(path, data=sheet(1, 1, 1, reason="看错了")).status_code == 404
    other = url_of(made, 1)
    compared = client.get(f"/reviews/compare?left={url.split('/')[-1]}&right={other.split('/')[-1]}")
    assert compared.status_code == 404
    index = client.get("/reviews").text
    assert index.count("data-sheet") == last - 1 == 2
    assert "已提交 0 / 2 份" in index
    assert sorted(re.search(r"第 (\d) / 2 份", client.get(url_of(made, n)).text)[1] for n in (1, 2)) == ["1", "2"]
    assert made.applications()[0].code not in client.get(other).text
    assert "2" in client.get("/").text


def test_a_sheet_taken_from_her_is_gone(client, made):
    url = url_of(made)
    with transaction():
        db.session.execute(
            db.update(Assignment).where(Assignment.id == made.assignment(0, 0).id).values(withdrawn_at=AT)
        )
    assert client.get(url).status_code == 404
    assert url not in client.get("/reviews").text


def test_before_her_declaration_everything_leads_there(client, made):
    url = url_of(made)
    with transaction():
        db.session.execute(db.update(PanelSeat).values(declared_at=None))
    there = f"/reviews/rounds/{made.round_id}/declaration"
    assert client.get(url).location == there
    assert client.post(url, data=sheet(0, 3, 3)).location == there
    assert client.get(f"{url}/files/1").status_code == 404
    assert client.post(f"{url}/draft", data=sheet(0, 3, 3)).status_code == 404
    assert db.session.scalar(db.select(Review)) is None
    index = client.get("/reviews").text
    assert there in index
    assert made.applications()[0].code not in index


def test_a_blind_round_shows_the_blind_texts_only(client, made):
    facts = {"title": "秀芳小店", "plan": "王秀芳的计划", "blind_title": "粗粮店", "blind_plan": "她的计划"}
    money = {"amount_fen": 500_000, "uses": [{"item": "给秀芳买设备", "amount_fen": 500_000}]}
    money["blind_uses"] = [{"item": "买设备", "amount_fen": 500_000}]
    fill(made, **facts, **money)
    for page in (client.get(url_of(made)).text, client.get("/reviews").text):
        assert "秀芳" not in page
        assert "粗粮店" in page
    assert "买设备" in client.get(url_of(made)).text
    with transaction():
        db.session.execute(db.update(Round).values(blind=False))
    page = client.get(url_of(made)).text
    for shown in ("王秀芳", "秀芳小店", "王秀芳的计划", "给秀芳买设备", "¥5,000.00"):
        assert shown in page


def fill(made, **values) -> None:
    with transaction():
        which = Application.id == made.applications()[0].id
        db.session.execute(db.update(Application).where(which).values(**values))


def test_attachments_have_names_that_say_nothing(client, made):
    for position, blind in ((1, False), (2, True)):
        with transaction() as session:
            kept = keep_file(
                factories.picture("JPEG"),
                "王秀芳的店.jpg",
                "image/jpeg",
                purpose=FilePurpose.APPLICATION_FILE,
                by=SYSTEM,
                at=AT,
            )
            facts = {"application_id": made.applications()[0].id, "position": position, "file_id": kept.id}
            session.add(ApplicationFile(**facts, words="秀芳在店里", is_blind=blind, added_at=AT))
    url, code = url_of(made), made.applications()[0].code
    page = client.get(url).text
    assert "秀芳" not in page
    assert (f"{url}/files/2" in page, f"{url}/files/1" in page) == (True, False)
    assert client.get(f"{url}/files/1").status_code == client.get(f"{url}/files/3").status_code == 404
    answer = client.get(f"{url}/files/2")
    assert (answer.mimetype, answer.headers["Content-Disposition"]) == ("image/jpeg", f"inline; filename={code}-2.jpg")
    with transaction():
        db.session.execute(db.update(Round).values(blind=False))
    assert client.get(f"{url}/files/1").status_code == 200
    assert "秀芳在店里" in client.get(url).text


def test_figures_are_shown_after_she_has_judged_and_never_blind(client, made):
    url = url_of(made)
    client.post(url, data=sheet(0, 3, 3))
    assert "出勤率" not in client.get(url).text
    with transaction():
        db.session.execute(db.update(Round).values(blind=False))
    assert "出勤率" in client.get(url).text
    assert "出勤率" not in client.get(f"{url}?change=1").text
    assert "出勤率" not in client.get(url_of(made, 1)).text


def test_two_files_lie_side_by_side_with_her_own_levels(client, made):
    made.submit(0, 0, 3, 1)
    made.draft(1, 0, 1, 2)
    made.submit(0, 1, 2, 2, strengths="另一位评委")
    left, right, others = (made.assignment(*pair).id for pair in ((0, 0), (1, 0), (0, 1)))
    page = client.get(f"/reviews/compare?left={left}&right={right}").text
    assert "高 2 档" in page
    assert "另一位评委" not in page
    assert client.get(f"/reviews/compare?left={left}&right={others}").status_code == 404
    for half in ("", f"?left={left}", "?left=x&right=-1"):
        assert client.get(f"/reviews/compare{half}").location == "/reviews"


def test_a_list_of_those_still_to_do(client, made):
    made.submit(0, 0, 3, 3)
    shown = {
        show: client.get(f"/reviews?show={show}").text.count("data-sheet") for show in ("waiting", "submitted", "x")
    }
    assert shown == {"waiting": 2, "submitted": 1, "x": 3}


def test_how_strict_she_was_is_told_after_freezing_to_her_alone(signed_in, client, made):
    url = f"/reviews/rounds/{made.round_id}/feedback"
    for woman in range(3):
        made.submit(woman, 0, 1, 2 if woman else 1)
        made.submit(woman, 1, 3, 3)
    made.act(rounds.close_round)
    assert "结果锁定后" in client.get(url).text
    assert "平均" not in client.get(url).text
    made.freeze()
    page = client.get(url).text
    assert "少" in page
    assert "只有您能看到" in page
    assert url in client.get("/reviews").text
    assert signed_in(factories.account(Role.EVALUATOR)).get(url).status_code == 404
    held(made, 0)
    assert f"{made.applications()[0].code}<" not in signed_in(made.evaluators[0]).get(url).text


HOSTILE = ("9" * 30, "-1", "\x00", "<script>", "null", "[]")


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_sheets_are_refused_without_a_fault(client, made, value):
    for name in ("level_c1", "why_c1", "confidence", "recommendation", "version", "act", "reason"):
        for path in ("", "/draft"):
            assert client.post(url_of(made) + path, data=sheet(0, 3, 3) | {name: value}).status_code < 500
    assert client.get(f"/reviews/compare?left={value}&right={value}").status_code < 500


@pytest.mark.parametrize("women", [1, 3])
def test_statements_do_not_grow(signed_in, count_statements, women):
    made = selections.opened(women, women)
    client, url = signed_in(made.evaluators[0]), url_of(made)
    compared = f"/reviews/compare?left={url.split('/')[-1]}&right={url.split('/')[-1]}"
    for path, number in (("/reviews", 3), (url, 5), (compared, 7)):
        with count_statements() as seen:
            assert client.get(path).status_code == 200
        assert len(seen) == number, (path, len(seen))
    with count_statements() as seen:
        assert client.post(url, data=sheet(0, 3, 3)).status_code == 302
    assert len([s for s in seen if "pg_advisory" not in s]) == 10
    with count_statements() as seen:
        assert client.get(url).status_code == 200
    assert len(seen) == 6
