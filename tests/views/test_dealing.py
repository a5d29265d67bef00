"""The pages of who reads what: looked at first, then done; by hand; gaps; further readers; and what strangers get."""

import re

import pytest
from sqlalchemy import func, select, update

from tests import factories, selections
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.selection import AssignmentOrigin, RoundState
from trainer.models import Assignment, Round
from trainer.services import round as rounds


def hidden(page: str, name: str) -> str:
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', page).group(1)


def text(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def count(made, **values) -> int:
    db.session.rollback()
    statement = select(func.count()).where(Assignment.round_id == made.round_id, Assignment.withdrawn_at.is_(None))
    return db.session.scalar(statement.where(*(getattr(Assignment, name) == value for name, value in values.items())))


def terms(made, **values) -> dict:
    return {
        "version": made.version,
        "account_ids": [judge.id for judge in made.evaluators],
        "readers": "1",
        "anchors": "0",
        "cross": "0",
        "act": "preview",
        **values,
    }


def test_dealing_is_looked_at_before_it_counts(app, signed_in):
    made = selections.ready(4, 3, readers=2)
    client, url = signed_in(made.manager), f"{made.url}/evaluators"
    assert 'name="act" value="preview"' in text(client, url)
    seen = client.post(url, data=terms(made, anchors="1"))
    assert seen.status_code == 200
    page = seen.get_data(as_text=True)
    assert count(made) == 8  # nothing yet
    sent = terms(made, anchors="1", act="deal", looked_at=hidden(page, "looked_at"))
    done = client.post(url, data=sent)
    assert done.status_code == 302
    assert count(made) == 6
    assert db.session.scalar(select(Round.anchors).where(Round.id == made.round_id)) == 1
    assert client.post(url, data={**sent, "version": made.version, "looked_at": "other"}).status_code == 409


@pytest.mark.parametrize(
    ("values", "status"),
    [({"readers": "9"}, 422), ({"cross": "101"}, 422), ({"account_ids": []}, 422), ({"account_ids": ["999999"]}, 422)],
)
def test_terms_that_cannot_be_met_keep_what_was_typed(app, signed_in, values, status):
    made = selections.ready(3, 2)
    answer = signed_in(made.manager).post(f"{made.url}/evaluators", data=terms(made, **values))
    assert answer.status_code == status
    assert count(made) == 6


def test_only_managers_deal_and_auditors_look(app, signed_in):
    made = selections.ready(3, 2)
    auditor = signed_in(factories.account(Role.AUDITOR, region=factories.DATONG))
    for page in ("evaluators", f"readings/{made.applications()[0].id}"):
        assert 'name="act"' not in text(auditor, f"{made.url}/{page}")
    assert auditor.post(f"{made.url}/evaluators", data=terms(made)).status_code == 404
    for page in ("evaluators/fill", "further"):
        assert auditor.get(f"{made.url}/{page}").status_code == 404
    assert signed_in(made.evaluators[0]).get(f"{made.url}/evaluators").status_code == 404


def test_somebody_who_drops_out_is_replaced_after_a_look(app, signed_in):
    made = selections.opened(4, 3, readers=2)
    client, gone = signed_in(made.manager), made.evaluators[0]
    url = f"{made.url}/evaluators/fill?leaving={gone.id}"
    page = text(client, url)
    sent = {"version": made.version, "looked_at": hidden(page, "looked_at"), "reason": ""}
    assert client.post(url, data=sent).status_code == 422
    assert client.post(url, data={**sent, "reason": "病了"}).status_code == 302
    assert count(made) == 8
    assert count(made, account_id=gone.id) == 0
    assert client.get(url).status_code == 404  # she is on the panel no more


def test_gaps_are_named_and_filled(app, signed_in):
    made = selections.ready(3, 3, readers=2)
    client = signed_in(made.manager)
    code = made.applications()[0].code
    assert "/evaluators/fill" not in text(client, f"{made.url}/evaluators").split("<table")[0]
    with transaction() as session:
        first = session.scalar(select(Assignment.id).where(Assignment.application_id == made.applications()[0].id))
        session.execute(update(Assignment).where(Assignment.id == first).values(withdrawn_at=AT))
    head = text(client, f"{made.url}/evaluators").split("<table")[0]
    assert code in head
    url = f"{made.url}/evaluators/fill"
    page = text(client, url)
    assert code in page
    done = client.post(url, data={"version": made.version, "looked_at": hidden(page, "looked_at")})
    assert done.status_code == 302
    assert count(made) == 6


def test_one_is_given_and_taken_by_hand(app, signed_in):
    made = selections.opened(3, 2, readers=1)
    client, application = signed_in(made.manager), made.applications()[0]
    url = f"{made.url}/readings/{application.id}"
    assert application.code in text(client, f"{made.url}/readings")
    assert application.code in text(client, f"{made.url}/readings?q={application.code.lower()}")
    page = text(client, url)
    reader = next(k for k in (0, 1) if made.assignment(0, k))
    other = made.evaluators[1 - reader].id
    assert client.post(url, data={"version": made.version, "account_id": other, "reason": ""}).status_code == 422
    sent = {"version": made.version, "account_id": other, "reason": "多一位", "act": "give"}
    assert client.post(url, data=sent).status_code == 302
    page = text(client, url)
    assert "多一位" in page
    given = made.assignment(0, 1 - reader).id
    sent = {"version": made.version, "assignment_id": given, "reason": "看错了", "act": "take"}
    assert client.post(url, data=sent).status_code == 302
    assert "看错了" in text(client, url)
    assert client.post(url, data={**sent, "assignment_id": "x", "version": made.version}).status_code == 404


def closed(women=6, evaluators=4):
    made = selections.opened(women, evaluators, readers=2, seats=3)
    for woman in range(women):
        for judge in range(evaluators):
            if made.assignment(woman, judge):
                made.submit(woman, judge, 1 + (woman + judge) % 3, 1 + woman % 3)
    made.act(rounds.close_round)
    return made


def test_further_readers_are_looked_at_then_let_in_for_these_files_alone(app, signed_in):
    made = closed()
    client, url = signed_in(made.manager), f"{made.url}/further"
    page = text(client, f"{url}?count=2")
    sent = {"version": made.version, "count": "2", "looked_at": hidden(page, "looked_at")}
    assert client.post(url, data={**sent, "looked_at": "other"}).status_code == 409
    assert client.post(url, data={**sent, "version": made.version}).status_code == 302
    assert made.state is RoundState.OPEN
    new = db.session.scalars(select(Assignment).where(Assignment.round_id == made.round_id, Assignment.wave == 2)).all()
    assert len(new) == 2
    assert {a.origin for a in new} <= {AssignmentOrigin.ADAPTIVE, AssignmentOrigin.THIRD_READER}
    reader = signed_in(next(e for e in made.evaluators if e.id == new[0].account_id))
    assert new[0].reason not in text(reader, "/reviews")


def test_further_readers_wait_for_the_closing_and_for_a_doubt(app, signed_in):
    made = selections.opened(3, 2)
    client, url = signed_in(made.manager), f"{made.url}/further"
    assert 'name="looked_at"' not in text(client, url)
    assert client.post(url, data={"version": made.version, "count": "2", "looked_at": ""}).status_code == 422


@pytest.mark.parametrize("women", [1, 3])
@pytest.mark.parametrize(
    ("page", "statements"), [("evaluators", 6), ("readings", 6), ("readings/{0}", 6), ("evaluators/fill", 10)]
)
def test_pages_ask_as_often_for_many_as_for_one(app, signed_in, count_statements, women, page, statements):
    made = selections.ready(women, 2)
    client = signed_in(made.manager)
    url = f"{made.url}/{page.format(made.applications()[0].id)}"
    client.get(url)
    with count_statements() as counted:
        text(client, url)
    assert len(counted) == statements


@pytest.mark.parametrize(("evaluators", "readers", "warned"), [(2, 2, False), (3, 1, True)])
def test_opening_warns_where_evaluators_share_nothing(app, signed_in, evaluators, readers, warned):
    made = selections.ready(3, evaluators, readers=readers)
    client = signed_in(made.manager)
    for page in ("open", "evaluators"):
        assert ("3 组" in text(client, f"{made.url}/{page}")) is warned
