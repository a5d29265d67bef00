"""Channels besides the inbox: each copy once, retried, postponed at night, given up after a crash; no secret anywhere."""

import json
import logging
import re
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest
from apprise.decorators import notify

from tests import factories
from tests.house.floors import ROOT
from tests.races import overlap
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.channel import Channel, parse_channels, parse_quiet_hours
from trainer.domain.jobs import tell
from trainer.domain.message import Audience, Circle, DeliveryState, LetterDraft
from trainer.errors import Refused
from trainer.jobs import deliver_messages, send_letter, worker
from trainer.jobs.deliver_messages import run
from trainer.messaging.channels import hand_over, is_understood
from trainer.models import Delivery
from trainer.services import delivery as deliveries
from trainer.services import letter as letters

pytestmark = pytest.mark.sqlite_is_enough

NOTHING = tell("job_nothing_to_do", {})
DAY = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)  # 10:00 in China
NIGHT = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)  # 23:00
SETTINGS = {
    "MESSAGE_CHANNELS": "sms=fake://secret-token/{phone};group=fake://secret-group",
    "QUIET_HOURS": "21:00-08:00",
}
taken: list[tuple[str, str]] = []
answers = {"taken": True}


def delivered(sent, tried):
    return tell("job_delivered", {"sent": sent, "tried": tried})


@notify(on="fake", name="fake gateway")
def _fake(body, title, notify_type, *args, meta=None, **kwargs):
    if answers["taken"] is True:
        taken.append((meta["url"], body))
    elif isinstance(answers["taken"], Exception):
        raise answers["taken"]
    return answers["taken"] is True


@pytest.fixture(autouse=True)
def _gateway(monkeypatch):
    taken.clear()
    answers["taken"] = True
    stop(monkeypatch, DAY)


def stop(monkeypatch, moment: datetime) -> None:
    """The clock stands still at `moment`."""
    monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.fixture
def letter(app, monkeypatch):
    """Sent to two women with a phone and one without, by SMS and to a group."""
    cohort = factories.cohort()
    first, second = factories.person("王秀芳", phone="14000001111"), factories.person("李秀英", phone="14000002222")
    without = factories.person("赵小满", id_number=None)
    with transaction():
        db.session.get(factories.Person, without.id).phone = None
    for woman in (first, second, without):
        factories.enrolment(cohort, woman)
    monkeypatch.setitem(app.config, "MESSAGE_CHANNELS", SETTINGS["MESSAGE_CHANNELS"])
    manager = factories.actor(Role.MANAGER)
    draft = LetterDraft("通知", "{name}，您好", Audience(cohort.id, Circle.ON_THE_ROLL), ("sms", "group"))
    with transaction():
        number = letters.send_letter(draft, by=manager, at=DAY)
    assert worker.run_next(app)
    return number


def states(channel="sms") -> list[DeliveryState]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(db.select(Delivery.state).where(Delivery.channel == channel).order_by(Delivery.id)))


def test_every_copy_goes_out_once_with_her_name_and_the_group_gets_one(letter):
    assert run(SETTINGS) == delivered(3, 3)
    assert sorted(taken) == [
        ("fake://secret-group", "各位学员，您好"),
        ("fake://secret-token/14000001111", "王秀芳，您好"),
        ("fake://secret-token/14000002222", "李秀英，您好"),
    ]
    assert run(SETTINGS) == NOTHING
    assert states() == [DeliveryState.SENT] * 2


def test_nothing_goes_out_in_the_quiet_hours(letter, monkeypatch):
    stop(monkeypatch, NIGHT)
    assert run(SETTINGS) == NOTHING
    assert taken == []
    stop(monkeypatch, NIGHT + timedelta(hours=9))  # 08:00
    assert run(SETTINGS) == delivered(3, 3)


def test_what_was_not_taken_is_tried_five_times_ever_later(letter, monkeypatch):
    answers["taken"] = False
    now, tried = DAY, []
    for minutes in (0, 5, 10, 20, 40):
        stop(monkeypatch, now + timedelta(minutes=minutes) - timedelta(seconds=1))
        if minutes:
            assert run(SETTINGS) == NOTHING
        now += timedelta(minutes=minutes)
        stop(monkeypatch, now)
        tried.append(run(SETTINGS))
    assert tried == [delivered(0, 3)] * 5
    assert states() == [DeliveryState.FAILED] * 2
    stop(monkeypatch, now + timedelta(days=1))
    assert run(SETTINGS) == NOTHING


def test_a_crash_while_handing_over_is_never_repeated_by_itself(letter, monkeypatch):
    def die(*_args, **_named):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(deliver_messages, "hand_over", die)
        with pytest.raises(SystemExit):
            run({**SETTINGS, "MESSAGE_CHANNELS": "sms=fake://secret-token/{phone}"})
    assert states().count(DeliveryState.SENDING) == 1
    assert run(SETTINGS) == delivered(2, 2)
    stop(monkeypatch, DAY + timedelta(minutes=11))
    assert run(SETTINGS) == NOTHING
    assert sorted(states()) == [DeliveryState.SENT, DeliveryState.UNKNOWN]
    assert len(taken) == 2
    with transaction():
        assert letters.send_again(letter, "sms", by=factories.actor(Role.MANAGER), at=clock.now()) == 1
    assert run(SETTINGS) == delivered(1, 1)
    assert len({address for address, _body in taken}) == len(taken) == 3


def test_two_workers_take_different_copies(letter, app):
    first = second = None
    with transaction():
        first = deliveries.claim(["sms", "group"], at=DAY)
    with transaction():
        second = deliveries.claim(["sms", "group"], at=DAY)
    assert first.id != second.id
    with transaction():
        deliveries.settle(first, None, at=DAY)
        deliveries.settle(first, "later", at=DAY)  # settled is settled
    assert run(SETTINGS) == delivered(1, 1)
    db.session.rollback()
    assert db.session.get(Delivery, first.id).state is DeliveryState.SENT


def test_two_workers_at_the_same_moment_take_different_copies(letter, app):
    def take():
        return deliveries.claim(["sms", "group"], at=DAY)

    first, second = overlap(app, take, take)
    assert first.id != second.id
    assert [*states(), *states("group")].count(DeliveryState.SENDING) == 2


def test_a_letter_that_goes_out_again_has_no_second_copy(letter, app):
    work = worker.Work(1, {"message_id": letter}, factories.actor(Role.MANAGER), app.config)
    send_letter.run(work)
    assert len(states()) == 2
    assert len(states("group")) == 1


def test_a_woman_without_a_phone_by_now_gets_no_copy(letter):
    with transaction():
        for woman in db.session.scalars(db.select(factories.Person)):
            woman.phone = None
    run(SETTINGS)
    assert [address for address, _body in taken] == ["fake://secret-group"]
    assert states() == [DeliveryState.WAITING] * 2


def test_neither_log_nor_table_holds_a_secret_or_a_phone(letter, caplog):
    answers["taken"] = RuntimeError("fake://secret-token/14000001111 unreachable")
    with caplog.at_level(logging.DEBUG):
        assert run(SETTINGS) == delivered(0, 3)
        assert run({**SETTINGS, "MESSAGE_CHANNELS": "sms=nosuchscheme://secret-token/{phone}"}) == NOTHING
    errors = " ".join(db.session.scalars(db.select(Delivery.error).where(Delivery.channel != "inbox")))
    assert errors.strip()
    for word in ("secret-token", "secret-group", "14000001111", "王秀芳"):
        assert word not in errors + caplog.text


def test_channels_are_read_from_the_setting():
    sms, group = parse_channels(" sms=json://gateway.example/send?:phone={phone} ; wecom=wecombot://KEY;")
    assert (sms.name, sms.is_personal, sms.scheme) == ("sms", True, "json")
    assert (group.is_personal, group.scheme) == (False, "wecombot")
    assert sms.address("14000001111") == "json://gateway.example/send?:phone=14000001111"
    assert "KEY" not in repr(group)
    assert parse_channels("") == ()


@pytest.mark.parametrize(
    "setting",
    ["sms", "=json://x", "sms=", "inbox=json://x", "a=json://x;a=json://y", "sms=json://x/{name}", "A B=x://y"],
)
def test_a_channel_that_cannot_be_read_is_refused_without_its_address(setting):
    with pytest.raises(Refused, match="unreadable_channel") as refused:
        parse_channels(setting)
    assert "json" not in str(refused.value)


def test_quiet_hours_go_over_midnight():
    quiet = parse_quiet_hours("21:00-08:00")
    at = [quiet.covers(datetime(2026, 3, 10, hour - 8, 0, tzinfo=UTC)) for hour in (8, 12, 20, 21, 23)]
    assert at == [False, False, False, True, True]
    assert quiet.covers(datetime(2026, 3, 9, 20, 0, tzinfo=UTC))  # 4:00
    assert not parse_quiet_hours("").covers(NIGHT)
    with pytest.raises(Refused, match="unreadable_quiet_hours"):
        parse_quiet_hours("9pm")


class Gateway(BaseHTTPRequestHandler):
    """Keeps the bodies that are posted to it."""

    bodies: ClassVar[list[dict]] = []

    def do_POST(self):
        self.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_args):
        pass


def test_the_example_of_the_documents_carries_number_and_words():
    example = re.search(r'MESSAGE_CHANNELS="([^"]+)"', (ROOT / "docs" / "operations.md").read_text())[1]
    sms, group = parse_channels(example)
    assert is_understood(sms)
    assert is_understood(Channel(group.name, group.url.replace("KEY", "abcdefgh-1234")))
    with HTTPServer(("127.0.0.1", 0), Gateway) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        here = Channel("sms", sms.url.replace("gateway.example", f"127.0.0.1:{server.server_port}"))
        hand_over(here, "通知", "{姓名}，您好", name="王秀芳", phone="14000001111")
        thread.join()
    [body] = Gateway.bodies
    assert (body["phone"], body["title"], body["message"]) == ("14000001111", "通知", "王秀芳，您好")
