"""Messages: a notice reaches each reader once, in her language; read marks are her own."""

import re

import pytest
from flask_babel import force_locale

from tests import factories
from tests.factories import AT
from tests.house.floors import PACKAGE
from tests.races import overlap
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM, Role
from trainer.domain.jobs import JobName
from trainer.domain.message import fill, keep_values, placeholders
from trainer.errors import Refused
from trainer.models import Delivery, Message
from trainer.queries.message import get_own_message, inbox_page
from trainer.services import message as messages
from trainer.wording.message import NOTICES
from trainer.wording.notice import notice_text, notice_title

pytestmark = pytest.mark.sqlite_is_enough


def tell(code="role_given", **values):
    with transaction():
        return messages.notify(code, by=SYSTEM, at=AT, **{"role": Role.FINANCE, **values})


def test_a_notice_reaches_each_reader_once(app):
    first, second = factories.account(), factories.account()
    tell(to_accounts=[first.id, second.id, first.id, None])
    assert [inbox_page(factories.actor_of(row)).total for row in (first, second)] == [1, 1]


def test_nobody_to_tell_is_no_message(app):
    assert tell(to_accounts=[None]) is None
    assert db.session.scalar(db.select(db.func.count(Message.id))) == 0


def test_a_notice_for_a_woman_of_the_register_waits_for_her_account(app):
    woman = factories.person()
    tell(to_people=[woman.id])
    trainee = factories.account(Role.TRAINEE, person=woman)
    [row] = inbox_page(factories.actor_of(trainee)).items
    assert (row.code, row.values) == ("role_given", {"role": {"kind": "Role", "value": "finance"}})


def test_the_same_said_again_is_said_once(app):
    who = factories.account()
    assert tell(to_accounts=[who.id], once_key="job:1") is not None
    assert tell(to_accounts=[who.id], once_key="job:1") is None
    assert tell(to_accounts=[who.id], once_key="job:2") is not None
    assert tell(to_accounts=[who.id]) is not None
    assert tell(to_accounts=[who.id]) is not None
    assert inbox_page(factories.actor_of(who)).total == 4


def test_the_same_said_by_two_at_once_is_said_once(app):
    who = factories.account().id

    def say():
        return messages.notify("role_given", to_accounts=[who], once_key="k", by=SYSTEM, at=AT, role=Role.FINANCE)

    made = overlap(app, say, say)
    assert sorted(number is None for number in made) == [False, True]
    assert db.session.scalar(db.select(db.func.count(Delivery.id))) == 1


def test_a_notice_is_read_in_the_readers_language(app):
    kept = keep_values({"job": JobName.RECOMPUTE_METRICS, "when": AT})
    with app.test_request_context(), force_locale("en"):
        assert notice_title("job_failed") == "A job of the site failed"
        assert (
            "“Reckon the cohorts' figures and the women at risk afresh” ended with an error at 2026-03-10 09:00"
            in notice_text("job_failed", kept)
        )
    with app.test_request_context(), force_locale("zh"):
        assert "2026-03-10 09:00" in notice_text("job_failed", kept)
        assert "Reckon" not in notice_text("job_failed", kept)


def test_every_notice_that_a_service_sends_has_its_words():
    sent = {
        code
        for path in PACKAGE.rglob("*.py")
        for code in re.findall(r'(?:\bnotify|messages\.notify)\(\s*"(\w+)"', path.read_text())
    }
    assert sent - NOTICES.keys() == set()


def test_reading_marks_only_what_is_hers(app):
    mine, other = factories.account(), factories.account()
    tell(to_accounts=[mine.id, other.id])
    tell(to_accounts=[mine.id])
    me, her = factories.actor_of(mine), factories.actor_of(other)
    [hers] = inbox_page(her).items
    with transaction():
        messages.mark_read(me, delivery_id=hers.id, at=AT)
    assert get_own_message(me, hers.id) is None
    assert get_own_message(her, hers.id).read_at is None
    with transaction():
        messages.mark_read(me, at=AT)
    assert inbox_page(me, unread=True).total == 0
    assert inbox_page(her, unread=True).total == 1


def test_placeholders_are_those_there_are():
    assert placeholders("{name}，您好", "{next_lesson} {next_place}") == {"name", "next_lesson", "next_place"}
    with pytest.raises(Refused, match="unknown_placeholder"):
        placeholders("{phone}")
    assert fill("{name}，{cohort}", {"name": "王{cohort}"}) == "王{cohort}，{cohort}"
    assert placeholders("{姓名}{培训班}{下次课}{地点}") == {"name", "cohort", "next_lesson", "next_place"}
    assert fill("{姓名}，您好 {其他}", {"name": "王秀芳"}) == "王秀芳，您好 {其他}"
