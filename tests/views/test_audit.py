"""Pages of the audit trail: filters, one entry, one thing at a moment, and the proof to take away."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert

from tests import factories
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.actors import Actor, Role
from trainer.domain.audit import Filter
from trainer.models import AuditEvent, BackgroundTask
from trainer.queries.audit import events_page, walk_chain
from trainer.services import audit

LI, WANG = Actor(None, "李Anna", address="10.1.2.3"), Actor(None, "王一", address="10.9.9.9")


@pytest.fixture
def trail(app):
    """A thing made, renamed, its change refused, and deleted by two people on three days."""
    day = timedelta(days=1)
    with transaction():
        audit.record("thing.make", "thing", 7, by=LI, at=AT, after={"name": "旧名", "place": "大同"}, seats=20)
        audit.record(
            *("thing.rename", "thing", 7), by=WANG, at=AT + day, before={"name": "旧名"}, after={"name": "新名"}
        )
        audit.record("thing.rename", "thing", 7, by=LI, at=AT + day, success=False, after={"name": "不准"})
        audit.record("other.close", "other", 8, by=LI, at=AT + 2 * day, before="open", after="closed")


@pytest.fixture
def auditor(signed_in):
    return signed_in(factories.account(Role.AUDITOR))


def entries(page: str) -> list[str]:
    """The numbers of the entries on a page."""
    return re.findall(r'href="/audit/(\d+)">\d', page)


FILTERS = [
    ({"q": "anna"}, ["4", "3", "1"]),
    ({"action": "thing.rename"}, ["3", "2"]),
    ({"action": "thing."}, ["3", "2", "1"]),
    ({"action": "thing"}, []),
    ({"thing": "other", "number": "8"}, ["4"]),
    ({"thing": "thing", "success": "no"}, ["3"]),
    ({"thing": "thing", "success": "yes"}, ["2", "1"]),
    ({"since": "2026-03-11", "until": "2026-03-11"}, ["3", "2"]),
    ({"since": "2026-03-12", "until": "2026-03-13"}, ["4"]),
    ({"until": "2026-03-10"}, ["1"]),
    ({"address": "10.9.9.9"}, ["2"]),
    ({"since": "no day", "until": "2026-03-10"}, ["1"]),
    ({"q": "%"}, []),
]


@pytest.mark.parametrize(("typed", "wanted"), FILTERS)
def test_filters_and_their_twin_agree(trail, auditor, typed, wanted):
    page = auditor.get("/audit", query_string=typed)
    assert page.status_code == 200
    assert entries(page.text) == wanted
    asked = Filter.of({**typed, "who": typed.get("q", "")})
    assert [str(event.seq) for event in walk_chain() if asked.takes(event)][::-1] == wanted
    assert Filter.of(asked.words()) == asked


def test_every_page_asks_a_fixed_number_of_times(trail, auditor, count_statements):
    auditor.get("/audit")
    for path, statements in (("/audit", 5), ("/audit/1", 2), ("/audit/thing/7", 3), ("/audit/other/8", 3)):
        with count_statements() as seen:
            assert auditor.get(path).status_code == 200
        assert len(seen) == statements, path


def test_an_entry_shows_each_field_before_and_after_and_its_place_in_the_chain(trail, auditor):
    page = auditor.get("/audit/2?lang=en").text
    row = re.search(r"<tr><th[^>]*>Name or title</th>(.*?)</tr>", page, re.S)[1]
    assert "旧名" in row
    assert "<strong>新名</strong>" in row
    assert "10.9.9.9" in page
    events = list(walk_chain())
    assert events[1].hash in page
    assert events[0].hash in page
    assert "agrees" in page
    assert auditor.get("/audit/999").status_code == 404


def state(page: str) -> dict[str, str]:
    rows = re.findall(r'<th scope="row"[^>]*>(.*?)</th>.*?<td[^>]*>(.*?)</td>', page, re.S)
    return {field: value.strip() for field, value in rows}


def test_a_thing_as_it_was_known_at_a_moment(trail, auditor):
    """9:00 in China on the 10th it was made, a day later renamed; a refused change changes nothing."""
    assert state(auditor.get("/audit/thing/7?lang=en&at=2026-03-10T08:59").text) == {}
    then = state(auditor.get("/audit/thing/7?lang=en&at=2026-03-10T09:00").text)
    assert then == {"Name or title": "旧名", "Place": "大同", "Places": "20"}
    now = auditor.get("/audit/thing/7?lang=en").text
    assert state(now) == {"Name or title": "新名", "Place": "大同", "Places": "20"}
    assert entries(now)[:3] == ["2", "1", "1"]  # which entry set which field, then the timeline
    assert state(auditor.get("/audit/other/8?lang=en").text) == {"Value": "closed"}
    assert "holds nothing" in auditor.get("/audit/nothing/1?lang=en").text


def test_what_was_typed_stays_on_its_line_and_is_no_markup(app, auditor):
    evil = "王\n2026-01-01 INFO root: <script>\x1b[2J\u202e"
    with transaction():
        audit.record("thing.make", "thing", "1\n2", by=Actor(None, evil), at=AT, after={evil: evil})
    seq = next(walk_chain()).seq + 1
    for path in ("/audit", f"/audit/{seq}", "/audit/thing/1%0A2"):
        page = auditor.get(path).text
        assert r"王\n2026-01-01 INFO root: &lt;script&gt;\x1b[2J\u202e" in page
        assert "<script>" not in page
        assert "\u202e" not in page


def test_only_an_auditor_of_the_whole_site_finds_the_pages(app, signed_in):
    clients = [signed_in(factories.account(role)) for role in set(Role) - {Role.AUDITOR}]
    clients.append(signed_in(factories.account(Role.AUDITOR, region=factories.DATONG)))
    for client in clients:
        for path in ("/audit", "/audit/1", "/audit/account/1"):
            assert client.get(path).status_code == 404
        assert client.post("/audit/bundle").status_code == 404


def test_an_auditor_cannot_write(auditor, trail):
    assert auditor.post("/audit").status_code == 405
    assert auditor.delete("/audit/1").status_code == 405


def test_a_long_trail_is_found_by_index(app):
    """Of a trail of years each usual question reads what it asks for, not everything."""
    columns = [c.name for c in AuditEvent.__table__.columns if c.name != "seq"]
    row = {"account_id": None, "actor_name": "x", "action": "a", "object_type": "t", "success": True, "details": {}}
    row |= {"previous_hash": "", "hash": "", "address": None}
    with transaction():
        rows = [{**row, "seq": n, "at": AT + timedelta(minutes=n), "object_id": str(n)} for n in range(1, 3001)]
        db.session.execute(insert(AuditEvent), [{name: r[name] for name in ["seq", *columns]} for r in rows])
    if db.session.get_bind().dialect.name != "sqlite":
        pytest.skip("the plan of PostgreSQL depends on its statistics; the indexes are the same")
    for asked, index in (
        ("object_type = 't' AND object_id = '9'", "ix_audit_events_object"),
        ("action = 'b'", "ix_audit_events_action"),
        ("at >= '2026-03-12' AND at < '2026-03-13'", "ix_audit_events_at"),
    ):
        plan = db.session.execute(db.text(f"EXPLAIN QUERY PLAN SELECT count(*) FROM audit_events WHERE {asked}"))
        assert index in str(plan.all())
    assert events_page(Filter(thing="t", number="9")).total == 1


def test_the_bundle_is_asked_for_with_the_filter_of_the_page(trail, auditor):
    page = auditor.get("/audit?thing=thing&q=anna").text
    sent = dict(re.findall(r'<input type="hidden" name="(who|thing)" value="([^"]*)"', page))
    assert sent == {"who": "anna", "thing": "thing"}
    answer = auditor.post("/audit/bundle", data=sent)
    assert answer.status_code == 303
    again = auditor.post("/audit/bundle", data=sent)
    assert again.location == answer.location  # one piece of work, however often it is asked for
    assert [task.params["filter"] for task in db.session.scalars(db.select(BackgroundTask))] == [sent]
