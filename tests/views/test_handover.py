"""The page of a handover: a look changes nothing, the button moves what the look showed, others find no page."""

import re

import pytest

from tests import factories
from trainer.database import db
from trainer.models import Account, Lesson

Role = factories.Role


@pytest.fixture
def administrator(signed_in):
    return signed_in(factories.account(Role.SYSTEM_ADMINISTRATOR))


@pytest.fixture
def leaver(app):
    return factories.account(Role.INSTRUCTOR, name="张老师")


@pytest.fixture
def successor(app):
    return factories.account(Role.INSTRUCTOR, name="李老师")


@pytest.fixture
def lesson(leaver):
    return factories.lesson(factories.cohort(name="大同市第一期"), instructor_id=leaver.id)


def instructor() -> int:
    db.session.rollback()
    return db.session.scalar(db.select(Lesson.instructor_id))


def fields(page: str) -> dict[str, str]:
    form = page[page.rindex("<form") :]
    return dict(re.findall(r'name="([\w]+)"[^>]*value="([^"]*)"', form))


def test_a_look_shows_and_changes_nothing(administrator, leaver, successor, lesson):
    page = administrator.get(f"/accounts/{leaver.id}/handover?successor={successor.id}").text
    assert "大同市第一期 的课 1 次" in page
    assert instructor() == leaver.id


def test_a_look_at_nobody_asks_for_a_choice(administrator, leaver, successor):
    path = f"/accounts/{leaver.id}/handover"
    assert "invalid-feedback" not in administrator.get(path).text
    assert "invalid-feedback" in administrator.get(f"{path}?successor=").text


def test_the_button_moves_what_was_shown_once(administrator, leaver, successor, lesson):
    path = f"/accounts/{leaver.id}/handover"
    data = fields(administrator.get(f"{path}?successor={successor.id}&shut=y").text)
    for _click in range(2):
        answer = administrator.post(path, data=data)
        assert answer.location == f"/accounts/{leaver.id}"
    assert instructor() == successor.id
    assert not db.session.get(Account, leaver.id).active
    assert "工作已交接" in administrator.get(f"/accounts/{leaver.id}").text


def test_what_cannot_move_is_said_with_its_reason(administrator, leaver, lesson):
    other = factories.account(Role.FINANCE)
    page = administrator.get(f"/accounts/{leaver.id}/handover?successor={other.id}").text
    assert "接手人没有这里需要的角色" in page
    assert "没有可以移交的" in page


def test_an_older_look_is_refused_and_shown_anew(administrator, leaver, successor, lesson):
    path = f"/accounts/{leaver.id}/handover"
    data = fields(administrator.get(f"{path}?successor={successor.id}").text)
    factories.lesson(lesson.cohort, day=1, instructor_id=leaver.id)
    answer = administrator.post(path, data=data)
    assert answer.status_code == 409
    assert "大同市第一期 的课 2 次" in answer.text
    assert instructor() == leaver.id


@pytest.mark.parametrize("odd", ["", "0", "x", "9" * 30])
def test_a_successor_who_is_none_is_asked_for_again(administrator, leaver, lesson, odd):
    answer = administrator.post(f"/accounts/{leaver.id}/handover", data={"successor": odd})
    assert answer.status_code == 422
    assert instructor() == leaver.id
    assert administrator.get(f"/accounts/{leaver.id}/handover?successor={odd}").status_code == 200


def test_the_account_page_leads_here_and_nobody_else_finds_it(administrator, signed_in, leaver):
    path = f"/accounts/{leaver.id}/handover"
    assert path in administrator.get(f"/accounts/{leaver.id}").text
    for role in set(Role) - {Role.SYSTEM_ADMINISTRATOR}:
        client = signed_in(factories.account(role))
        assert (client.get(path).status_code, client.post(path).status_code) == (404, 404)
    trainee = factories.account(Role.TRAINEE, person=factories.person())
    assert administrator.get(f"/accounts/{trainee.id}/handover").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_a_fixed_number_of_statements(administrator, leaver, successor, count_statements, number):
    cohort = factories.cohort()
    for day in range(number):
        factories.lesson(cohort, day=day, instructor_id=leaver.id)
    with count_statements() as seen:
        assert administrator.get(f"/accounts/{leaver.id}/handover?successor={successor.id}").status_code == 200
    assert len(seen) == 14
