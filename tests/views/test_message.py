"""The inbox: new ones first, opening is reading, somebody else's is nothing, the count in the header."""

import pytest

from tests import factories
from tests.factories import AT
from trainer.database import transaction
from trainer.domain.actors import SYSTEM, Role
from trainer.queries.message import inbox_page
from trainer.services import message as messages


def tell(*accounts, role=Role.FINANCE, **values):
    with transaction():
        messages.notify("role_given", to_accounts=[a.id for a in accounts], by=SYSTEM, at=AT, role=role, **values)


def first(account) -> int:
    return inbox_page(factories.actor_of(account)).items[0].id


@pytest.fixture
def staff(app):
    return factories.account(Role.COHORT_STAFF)


@pytest.fixture
def trainee(app):
    return factories.trainee(factories.cohort())[1]


def test_an_empty_inbox_says_so(signed_in, staff, trainee):
    assert "还没有消息" in signed_in(staff).get("/inbox").text
    assert "还没有消息" in signed_in(trainee).get("/me/messages").text


def test_each_has_her_own_inbox_page(signed_in, staff, trainee):
    assert signed_in(trainee).get("/inbox").location == "/me/messages"
    assert signed_in(staff).get("/me/messages").status_code == 404


def test_opening_marks_it_read_and_the_count_goes_down(signed_in, staff):
    tell(staff)
    client = signed_in(staff)
    page = client.get("/inbox").text
    assert "未读" in page
    assert '<span class="unread">1<' in page
    opened = client.get(f"/inbox/{first(staff)}").text
    assert "您的新角色：财务人员" in opened
    assert 'class="unread"' not in opened
    assert "没有新消息" in client.get("/inbox").text


def test_a_browser_that_looks_ahead_reads_nothing(signed_in, staff):
    tell(staff)
    client, path = signed_in(staff), f"/inbox/{first(staff)}"
    client.get(path, headers={"Sec-Purpose": "prefetch;prerender"})
    client.head(path)
    assert inbox_page(factories.actor_of(staff), unread=True).total == 1


def test_a_trainee_reads_hers_in_her_own_words(signed_in, trainee):
    tell(trainee, link="/me/lessons")
    client = signed_in(trainee)
    assert "1 条新" in client.get("/me").text
    page = client.get(f"/inbox/{first(trainee)}").text
    assert "trainee.css" in page
    assert 'href="/me/lessons"' in page


def test_somebody_elses_message_is_nothing(signed_in, staff, trainee):
    tell(trainee)
    number = first(trainee)
    assert signed_in(staff).get(f"/inbox/{number}").status_code == 404
    assert inbox_page(factories.actor_of(trainee), unread=True).total == 1


def test_all_are_marked_at_once(signed_in, staff):
    tell(staff)
    tell(staff)
    client = signed_in(staff)
    assert client.post("/inbox/read").location == "/inbox"
    assert inbox_page(factories.actor_of(staff), unread=True).total == 0


def test_only_new_ones_can_be_listed(signed_in, staff):
    tell(staff)
    tell(staff, role=Role.AUDITOR)
    client = signed_in(staff)
    client.get(f"/inbox/{first(staff)}")
    assert client.get("/inbox?show=unread").text.count('class="card-title"') == 1
    assert client.get("/inbox").text.count('class="card-title"') == 2


@pytest.mark.parametrize("number", [1, 3])
def test_pages_take_a_fixed_number_of_statements(signed_in, count_statements, staff, trainee, number):
    for _ in range(number):
        tell(staff, trainee)
    for account, path, statements in ((staff, "/inbox", 3), (trainee, "/me/messages", 4)):
        client = signed_in(account)
        client.get(path)
        with count_statements() as seen:
            assert client.get(path).status_code == 200
        assert len(seen) == statements
