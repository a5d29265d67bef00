"""Pages of panels and conflicts: who may, what is refused, statements, and that a conflict leaves no trace."""

import re

import pytest

from tests import factories, selections
from tests.factories import AT
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.panel import ConflictKind, ConflictState, SeatState
from trainer.models import Account, Assignment
from trainer.models.panel import Conflict, PanelSeat
from trainer.permissions import Permission
from trainer.queries.panel import list_names
from trainer.services import conflict as conflicts
from trainer.services import panel as panels
from trainer.services import round as rounds


def link_of(page: str) -> str:
    return re.search(r'class="secret-link">[^<]*?(/(?:panel|invitation)/[^<]+)<', page)[1]


def asked(made, client) -> str:
    judge = factories.account(Role.EVALUATOR, organisation="省农科院")
    page = client.post(f"{made.url}/panel/invite", data={"account_id": judge.id, "max_load": "30"})
    assert page.status_code == 200
    return link_of(page.text)


def state() -> SeatState:
    db.session.rollback()
    return db.session.scalar(db.select(PanelSeat.state).order_by(PanelSeat.id.desc()).limit(1))


def test_a_link_is_looked_at_often_and_answered_once(app, signed_in, client):
    made = selections.make()
    link = asked(made, signed_in(made.manager))
    for _again in range(3):
        assert client.head(link).status_code == 200
        page = client.get(link)
        assert page.status_code == 200
    for words in ("重点扶持培训", "30", made.manager.name, "不向任何人透露"):
        assert words in page.text
    assert state() is SeatState.INVITED
    empty = client.post(link, data={"act": "decline"})
    assert (empty.status_code, state()) == (422, SeatState.INVITED)
    assert client.post(link, data={"act": "decline", "reason": "字" * 201}).status_code == 422
    done = client.post(link, data={"act": "accept"})
    assert done.location == "/panels/answered"
    assert state() is SeatState.ACCEPTED
    for answer in (client.get(link), client.post(link, data={"act": "decline", "reason": "x"})):
        assert answer.status_code == 422
        assert "链接已失效" in answer.text
    assert state() is SeatState.ACCEPTED


def test_whoever_tries_links_waits(app, client, monkeypatch):
    monkeypatch.setattr("trainer.services.throttle.FROM_ONE_ADDRESS", 2)
    answers = [client.get(f"/panel/guess{number}").status_code for number in range(3)]
    assert answers == [422, 422, 429]


def test_somebody_new_goes_straight_on_to_her_password(app, signed_in, client):
    made = selections.make()
    data = {"name": "赵敏", "organisation": "省农科院", "phone": "139", "idempotency_key": "k1"}
    manager = signed_in(made.manager)
    assert manager.post(f"{made.url}/panel/invite-new", data=data).status_code == 422
    data["phone"] = "13900001234"
    first = link_of(manager.post(f"{made.url}/panel/invite-new", data=data).text)
    link = link_of(manager.post(f"{made.url}/panel/invite-new", data=data).text)  # a double click
    assert client.get(first).status_code == 422
    onward = client.post(link, data={"act": "accept"}).location
    assert onward.startswith("/invitation/")
    words = {"password": "Tall-Trees-99", "again": "Tall-Trees-99"}
    assert client.post(onward, data=words).location == "/sign-in"
    assert "给 赵敏 的链接" not in manager.get(f"{made.url}/panel").text
    assert db.session.scalar(db.select(db.func.count()).where(Account.name == "赵敏")) == 1


def test_staff_keep_the_panel(app, signed_in):
    made = selections.make()
    client = signed_in(made.manager)
    asked(made, client)
    seat = db.session.scalar(db.select(PanelSeat.id))
    url = f"{made.url}/panel/{seat}"
    assert client.post(url, data={"max_load": "0"}).status_code == 422
    assert client.post(url, data={"region": "没有的县"}).status_code == 422
    assert client.post(url, data={"max_load": "5", "region": "云州区", "village": "大西沟"}).status_code == 302
    assert "云州区 大西沟" in client.get(f"{made.url}/panel").text
    assert client.post(f"{url}/renew").status_code == 200
    assert client.post(f"{url}/remove", data={"reason": ""}).status_code == 422
    assert client.post(f"{url}/remove", data={"reason": "联系不上"}).status_code == 302
    assert state() is SeatState.REMOVED
    foreign = selections.make(region=factories.LINFEN)
    assert client.get(f"{foreign.url}/panel").status_code == 404
    assert client.get(f"{foreign.url}/panel/{seat}").status_code == 404


def test_the_declaration_shows_names_and_nothing_to_match_them_by(app, signed_in):
    made = selections.make(3)
    client = signed_in(judge := factories.account(Role.EVALUATOR))
    made.act(selections.rubrics.set_rubric, selections.RUBRIC)
    made.act(selections.selections.add_candidates, made.cohort.id, None)
    url = f"/reviews/rounds/{made.round_id}/declaration"
    assert client.get(url).status_code == 404
    with transaction():
        panels.invite_evaluator(made.round_id, judge.id, by=made.by, at=AT)
    assert client.get(url).location == f"/reviews/rounds/{made.round_id}/invitation"
    assert client.post(f"/reviews/rounds/{made.round_id}/invitation", data={"act": "accept"}).location == url
    page = client.get(url).text
    names = [page.index(name) for name in ("李月娥", "王秀芳", "张桂兰")]
    assert names == sorted(names)
    for row in made.applications():
        assert row.code not in page
        assert not re.search(rf'["=_]{row.id}["&]', page.split("<form")[-1])
    rows = {row.name: row for row in list_names(made.round_id, judge.id)}
    tick = f"_{rows['王秀芳'].key}"
    for wrong in ({}, {"none": "y"}, {"silent": "y"}, {"silent": "y", "none": "y", f"tick{tick}": "y"}):
        assert client.post(url, data=wrong).status_code == 422
    assert client.post(url, data={"silent": "y", f"tick{tick}": "y"}).status_code == 422  # what it is
    right = {"silent": "y", f"tick{tick}": "y", f"kind{tick}": "family", f"words{tick}": "侄女"}
    assert client.post(url, data=right).location == "/reviews"
    assert db.session.scalar(db.select(Conflict.words)) == "侄女"
    assert "侄女" in client.get(url).text


def walk(client, app, made, judge: int) -> dict[tuple, str]:
    """What an evaluator sees on all pages that evaluators have, numbers and her name taken out."""
    sheets = [made.assignment(woman, judge).id for woman in (0, 1)]
    urls = [("/",), ("/needs/sheet",), ("/messages",), ("/search",)]
    for rule in app.url_map.iter_rules():
        is_hers = getattr(app.view_functions[rule.endpoint], "door", None) is Permission.SCORE
        # Her declaration says by name what was raised; of a conflict that is none there is nothing to dispute.
        if is_hers and "GET" in rule.methods and rule.endpoint != "declaration.show" and rule.arguments <= KNOWN:
            path = rule.rule.replace("<int:round_id>", str(made.round_id))
            urls += [(path.replace("<int:assignment_id>", str(n)), k) for k, n in enumerate(sheets)]
    seen = {}
    for url, *which in urls:
        answer = client.get(url, follow_redirects=True)
        text = re.sub(r'(name="(?:csrf_token|idempotency_key)"[^>]*value=")[^"]*', r"\1", answer.text)
        text = re.sub(r"assignment_id=\d+|/reviews/\d+|data-[a-z-]+=\"[^\"]*\"|value=\"\d+\"", "", text)
        text = re.sub(r"\b[0-9a-f]{12}\b", "", text.replace(made.evaluators[judge].name, "评委"))
        seen[re.sub(r"/\d+", "", url), *which] = f"{answer.status_code} {text}"
    return seen


KNOWN = {"round_id", "assignment_id"}


def test_a_conflict_leaves_no_trace_on_any_page(app, signed_in):
    """Two evaluators with the same files but one: the one kept from it sees what the other, never given it, sees."""
    made = selections.opened(3, 2)
    for judge in (0, 1):
        made.submit(0, judge, 2, 1)
    made.submit(2, 0, 1, 1)  # a sheet of hers that counts no more
    kept, twin = (signed_in(judge) for judge in made.evaluators)
    gone = made.assignment(2, 0).id
    with transaction():
        for place, woman in enumerate(made.applications(), start=1):
            for judge in made.evaluators:
                where = {"application_id": woman.id, "account_id": judge.id}
                db.session.scalar(db.select(Assignment).filter_by(**where)).position = place
        db.session.delete(made.assignment(2, 1))
        pair = (made.applications()[2].id, made.evaluators[0].id)
        conflicts.raise_conflict(*pair, ConflictKind.SAME_VILLAGE, "同村", by=made.by, at=clock.now())
        db.session.execute(db.text("DELETE FROM deliveries"))  # that one was raised she is told, by name
    assert kept.get(f"/reviews/{gone}").status_code == kept.get("/reviews/999999").status_code == 404
    for path in (f"/reviews/{gone}/conflict", f"/reviews/{gone}?change=1"):
        assert kept.get(path).status_code == 404
    for act in ("", "/draft"):
        assert kept.post(f"/reviews/{gone}{act}", data={"act": "submit", "version": "1"}).status_code == 404
    for step in (None, rounds.close_round):
        if step:
            made.submit(1, 0, 1, 1)
            made.submit(1, 1, 1, 1)
            made.act(step)
        hers, others = walk(kept, app, made, 0), walk(twin, app, made, 1)
        assert len(hers) > 12
        for page, text in hers.items():
            assert text == others[page], page


@pytest.mark.parametrize("which", ["raise", "dismiss"])
def test_a_hint_is_answered_by_a_click(app, signed_in, which):
    made = selections.ready(2, 1)
    with transaction():
        db.session.scalar(db.select(PanelSeat)).village = "大西沟"
        db.session.get(Account, made.evaluators[0].id).name = "强"
    client = signed_in(made.manager)
    url = f"{made.url}/conflicts"
    assert client.get(url).text.count("来自同一个村") == 2
    data = {"application_id": made.applications()[0].id, "account_id": made.evaluators[0].id, "act": which}
    assert client.post(f"{url}/hints", data=data).status_code == 302
    assert client.post(f"{url}/hints", data=data).status_code == 404
    assert client.get(url).text.count("来自同一个村") == 1
    expected = ConflictState.RAISED if which == "raise" else ConflictState.REJECTED
    assert db.session.scalar(db.select(Conflict.state)) is expected


def test_raised_disputed_decided(app, signed_in):
    made = selections.opened(2, 2)
    first, second = signed_in(made.manager), signed_in(factories.account(Role.MANAGER))
    judge = signed_in(made.evaluators[0])
    application = made.applications()[0]
    data = {"application_id": application.id, "account_id": made.evaluators[0].id, "kind": "family", "words": "表妹"}
    url = first.post(f"{made.url}/conflicts/new", data={**data, "idempotency_key": "a"}).location
    again = first.post(f"{made.url}/conflicts/new", data={**data, "idempotency_key": "b"})
    assert (again.status_code, "已经对这位候选人回避" in again.text) == (422, True)
    number = int(url.rsplit("/", 1)[1])
    page = judge.get(f"/reviews/rounds/{made.round_id}/declaration").text
    assert "王秀芳" in page.split("<form")[0] or "王秀芳" in page
    assert "表妹" not in page
    assert application.code not in page
    dispute = f"/reviews/rounds/{made.round_id}/conflicts/{number}/dispute"
    assert judge.post(dispute, data={"words": ""}).status_code == 422
    assert judge.post(dispute, data={"words": "不认识"}).status_code == 302
    assert judge.get(dispute).status_code == 404
    version = db.session.scalar(db.select(Conflict.version))
    said = {"act": "reject", "reason": "查过户籍", "version": version}
    assert first.post(url, data=said).status_code == 422
    assert second.post(url, data={**said, "reason": ""}).status_code == 422
    assert second.post(url, data=said).status_code == 302
    assert "查过户籍" in first.get(url).text
    assert "查过户籍" in judge.get(f"/reviews/rounds/{made.round_id}/declaration").text


def test_auditors_read_and_change_nothing(app, signed_in):
    made = selections.opened(2, 2)
    with transaction():
        pair = (made.applications()[0].id, made.evaluators[0].id)
        number = conflicts.raise_conflict(*pair, ConflictKind.OTHER, "因故", by=made.by, at=AT).id
    client = signed_in(factories.account(Role.AUDITOR))
    for url in (f"{made.url}/panel", f"{made.url}/conflicts", f"/conflicts/{number}"):
        page = client.get(url)
        assert page.status_code == 200
        assert 'name="act"' not in page.text
    assert "因故" in page.text
    assert client.post(f"/conflicts/{number}", data={"act": "reject", "reason": "x"}).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_statements(app, signed_in, count_statements, rows):
    made = selections.opened(rows, rows)
    with transaction():
        for woman, judge in zip(made.applications(), made.evaluators, strict=True):
            conflicts.raise_conflict(woman.id, judge.id, ConflictKind.OTHER, by=made.by, at=AT)
    manager, judge = signed_in(made.manager), signed_in(made.evaluators[0])
    found = {}
    for client, url in (
        (manager, f"{made.url}/panel"),
        (manager, f"{made.url}/conflicts"),
        (manager, f"/conflicts/{db.session.scalar(db.select(Conflict.id).limit(1))}"),
        (judge, f"/reviews/rounds/{made.round_id}/declaration"),
        (judge, f"/reviews/rounds/{made.round_id}/invitation"),
    ):
        with count_statements() as counted:
            assert client.get(url).status_code == 200
        found[url.rsplit("/", 1)[-1] if not url.startswith("/conflicts") else "one"] = len(counted)
    assert found == {"panel": 4, "conflicts": 10, "one": 2, "declaration": 4, "invitation": 2}
