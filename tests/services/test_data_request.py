"""Requests about one's own data: one open of a kind, its deadline, what is done with it and by whom."""

from datetime import date

import pytest

from tests import factories
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.consent import ConsentChannel
from trainer.domain.data_request import RequestKind, RequestState
from trainer.models import AuditEvent, DataRequest
from trainer.services import data_request as requests


@pytest.fixture
def her(app):
    return factories.person("王秀芳", phone="14000001234")


@pytest.fixture
def self_(her):
    return factories.actor(Role.TRAINEE, person=her)


def ask(person, kind, by, **values):
    with transaction():
        return requests.ask(
            kind, person.id, **{"channel": ConsentChannel.ONLINE, "by": by, "at": AT, "due_in_days": 30, **values}
        )


def test_asking_sets_the_deadline_in_chinese_days(her, self_):
    made = ask(her, RequestKind.ERASE, self_, words="我不想再参加了")
    assert (made.state, made.due_on, made.recorded_by) == (RequestState.OPEN, date(2026, 4, 9), None)
    assert made.words == "我不想再参加了"


def test_asking_again_answers_with_the_open_one(her, self_):
    first = ask(her, RequestKind.CORRECT, self_, wished={"village": "小西沟村"})
    again = ask(her, RequestKind.CORRECT, self_, wished={"village": "别的村"})
    assert again.id == first.id
    assert "小西沟村" in again.wished
    assert ask(her, RequestKind.ERASE, self_).id != first.id


def test_who_wrote_it_down_for_her_is_kept(her):
    staff = factories.actor(Role.MANAGER)
    made = ask(her, RequestKind.EXPLAIN, staff, channel=ConsentChannel.PAPER)
    assert made.recorded_by == staff.account_id


def test_the_trail_names_the_fields_but_no_value(her, self_):
    made = ask(her, RequestKind.CORRECT, self_, wished={"phone": "14000009876"}, words="换了号码")
    event = db.session.scalar(db.select(AuditEvent).where(AuditEvent.action == "data_request.ask"))
    assert event.object_id == str(made.id)
    assert event.details == {"person": her.id, "kind": "correct", "fields": ["phone"]}
    assert db.session.scalar(db.select(db.func.count()).select_from(DataRequest)) == 1
