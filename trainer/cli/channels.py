"""Channels besides the inbox: which there are, and one message to try them with."""

import click
from flask import current_app
from flask.cli import with_appcontext

from trainer.cli.answers import refusing
from trainer.domain.channel import parse_channels
from trainer.domain.people import clean_phone
from trainer.jobs.deliver_messages import is_understood, try_channel

WORDS = "她力量培训：通道测试 / a test of this channel", "收到就说明通道是通的。 If you read this, it works."


@click.command("message-channels")
@click.option("--test", "name", help="Send one test message on this channel, quiet hours or not.")
@click.option("--phone", help="To whom, where the channel sends to one person at a time.")
@with_appcontext
@refusing
def message_channels(name: str | None, phone: str | None) -> None:
    """List the channels of MESSAGE_CHANNELS without their secrets; try one."""
    channels = {channel.name: channel for channel in parse_channels(current_app.config["MESSAGE_CHANNELS"])}
    if name is None:
        for channel in channels.values():
            kind = "each reader" if channel.is_personal else "a group"
            sound = "ok" if is_understood(channel) else "Apprise cannot use this address"
            click.echo(f"{channel.name}\t{channel.scheme}://…\t{kind}\t{sound}")
        return
    if name not in channels:
        raise click.BadParameter(f"there is no channel {name!r}", param_hint="--test")
    if channels[name].is_personal and not phone:
        raise click.BadParameter("this channel sends to one person: give her number", param_hint="--phone")
    subject, body = WORDS
    error = try_channel(channels[name], subject=subject, body=body, phone=clean_phone(phone) if phone else None)
    if error is not None:
        raise click.ClickException(error)
    click.echo(f"{name}: taken")
