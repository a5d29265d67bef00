"""The front door of each role: what needs her, or a calm word; each line leads to as many things as it counts."""

from datetime import timedelta

import pytest

from tests import factories
from tests.factories import DATONG, LINFEN
from trainer import clock
from trainer.database import transaction
from trainer.domain.actors import SYSTEM, Role
from trainer.services import message as messages


def lesson_of_yesterday(region: str):
    cohort = factories.cohort(region=region, starts_on=clock.today() - timedelta(days=1), ends_on=clock.today())
    return factories.lesson(cohort)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.TRAINEE])
def test_with_nothing_to_do_the_page_says_so(signed_in, role):
    page = signed_in(factories.account(role)).get("/")
    assert page.status_code == 200
    assert "今天没有要办的事。" in page.text


def test_a_trainee_lands_on_her_own_page(signed_in):
    _enrolment, trainee = factories.trainee(factories.cohort())
    assert signed_in(trainee).get("/").location == "/me"


def test_a_stranger_is_sent_to_the_sign_in(client):
    factories.account()
    assert client.get("/").location == "/sign-in"


def test_a_line_leads_to_what_it_counts(signed_in):
    mine, foreign = lesson_of_yesterday(DATONG), lesson_of_yesterday(LINFEN)
    client = signed_in(factories.account(Role.COHORT_STAFF, region=DATONG))
    assert (
        '<a class="need" href="/needs/lesson_left"><span class="pill pill-attention">1</span>' in client.get("/").text
    )
    page = client.get("/needs/lesson_left").text
    assert f'href="/lessons/{mine.id}/roll"' in page
    assert f"/lessons/{foreign.id}/" not in page


def test_messages_count_too(signed_in):
    account = factories.account(Role.PARTNER)
    with transaction():
        messages.notify("role_given", to_accounts=[account.id], by=SYSTEM, at=clock.now(), role=Role.PARTNER)
    assert 'href="/inbox?show=unread"' in signed_in(account).get("/").text


@pytest.mark.parametrize(("age", "words"), [(70, None), (80, "天内修改密码"), (90, "请今天修改密码")])
def test_a_password_that_ends_soon_is_remembered(signed_in, age, words):
    account = factories.account(Role.PARTNER, password_set_at=clock.now() - timedelta(days=age, minutes=-5))
    page = signed_in(account).get("/").text
    assert ("/profile/password" in page) == (words is not None)
    assert words is None or words in page


@pytest.mark.parametrize("need", ["nosuch", "job_failed", "refusal"])
def test_a_need_that_is_not_hers_is_nothing(signed_in, need):
    assert signed_in(factories.account(Role.MANAGER)).get(f"/needs/{need}").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_a_fixed_number_of_statements(signed_in, count_statements, number):
    for _ in range(number):
        lesson_of_yesterday(DATONG)
    client = signed_in(factories.account(Role.MANAGER, region=DATONG))
    client.get("/")
    for path, statements in (("/", 3), ("/needs/lesson_left", 3)):
        with count_statements() as seen:
            client.get(path)
        assert len(seen) == statements
