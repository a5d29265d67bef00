"""The command that lists the channels and tries one; a setting that cannot be read stops the start."""

import pytest

from trainer.jobs import deliver_messages
from trainer.messaging.channels import NotTaken
from trainer.views.letter import check_channels

CHANNELS = "sms=json://gateway.example/secret?phone={phone};wecom=wecombot://secret-key-1234"


@pytest.fixture
def invoke(app, monkeypatch):
    monkeypatch.setitem(app.config, "MESSAGE_CHANNELS", CHANNELS)
    return lambda *args: app.test_cli_runner().invoke(app.cli.commands["message-channels"], args)


@pytest.fixture
def handed(monkeypatch):
    seen = []
    monkeypatch.setattr(
        deliver_messages, "hand_over", lambda channel, *_words, phone, **_: seen.append((channel.name, phone))
    )
    return seen


def test_channels_are_listed_without_their_secrets(invoke):
    answer = invoke()
    assert answer.output.splitlines() == ["sms\tjson://…\teach reader\tok", "wecom\twecombot://…\ta group\tok"]


def test_one_is_tried(invoke, handed):
    assert "wecom: taken" in invoke("--test", "wecom").output
    assert "sms: taken" in invoke("--test", "sms", "--phone", "140 0000 1111").output
    assert handed == [("wecom", None), ("sms", "14000001111")]


@pytest.mark.parametrize("arguments", [("--test", "nosuch"), ("--test", "sms"), ("--test", "sms", "--phone", "12")])
def test_what_cannot_be_tried_is_refused(invoke, handed, arguments):
    assert invoke(*arguments).exit_code != 0
    assert handed == []


def test_what_was_not_taken_is_said(invoke, monkeypatch):
    def refuse(*_args, **_named):
        raise NotTaken("503")

    monkeypatch.setattr(deliver_messages, "hand_over", refuse)
    answer = invoke("--test", "wecom")
    assert answer.exit_code == 1
    assert "503" in answer.output


@pytest.mark.parametrize(
    ("channels", "hours", "named"), [("sms", "", "MESSAGE_CHANNELS, entry 1"), ("", "night", "QUIET_HOURS")]
)
def test_a_setting_that_cannot_be_read_stops_the_start(channels, hours, named):
    with pytest.raises(SystemExit, match=named):
        check_channels({"MESSAGE_CHANNELS": channels, "QUIET_HOURS": hours})
