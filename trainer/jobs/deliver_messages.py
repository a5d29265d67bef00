"""Handing waiting copies over to the channels besides the inbox, outside the quiet hours."""

from collections.abc import Mapping

from trainer import clock
from trainer.database import transaction
from trainer.domain.channel import Channel, parse_channels, parse_quiet_hours
from trainer.domain.jobs import tell
from trainer.messaging.channels import NotTaken, hand_over, is_understood
from trainer.queries.delivery import get_handover
from trainer.services import delivery as deliveries
from trainer.services.sign_up_answer import send_answers

__all__ = ["is_understood", "run", "try_channel"]

# In one run: the next follows within minutes.
AT_MOST = 300


def run(settings: Mapping[str, object]) -> str:
    """How many were handed over, of how many tried; raises nothing because one channel is down."""
    channels = {channel.name: channel for channel in parse_channels(settings["MESSAGE_CHANNELS"])}
    quiet, sent, tried = parse_quiet_hours(settings["QUIET_HOURS"]), 0, 0
    with transaction():
        deliveries.give_up_lost(at=clock.now())
    if personal := [channel.name for channel in channels.values() if channel.is_personal]:
        with transaction():
            send_answers(personal, at=clock.now())
    while channels and tried < AT_MOST and not quiet.covers(clock.now()):
        with transaction():  # committed before anything leaves the house: a crash from here on sends nothing twice
            claimed = deliveries.claim(channels, at=clock.now())
        if claimed is None:
            break
        error = _hand_over(channels[claimed.channel], claimed.id)
        with transaction():
            deliveries.settle(claimed, error, at=clock.now())
        tried, sent = tried + 1, sent + (error is None)
    return tell("job_delivered", {"sent": sent, "tried": tried}) if tried else tell("job_nothing_to_do", {})


def _hand_over(channel: Channel, delivery_id: int) -> str | None:
    """None where it was taken, else why not."""
    found = get_handover(delivery_id)
    if channel.is_personal and found.phone is None:
        return "no phone"
    name, phone = (found.name, found.phone) if channel.is_personal else (None, None)
    return try_channel(channel, subject=found.subject, body=found.body, name=name, phone=phone)


def try_channel(channel: Channel, *, subject: str, body: str, name: str | None = None, phone: str | None) -> str | None:
    """One message now, whatever the hour; why it was not taken, or None."""
    try:
        hand_over(channel, subject, body, name=name, phone=phone)
    except NotTaken as why:
        return str(why)
    return None
