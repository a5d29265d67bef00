"""Channels besides the inbox: what the settings say of each, when none may be used, how long a failed copy waits."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from trainer.domain.days import CHINA
from trainer.domain.message import INBOX
from trainer.errors import Refused

PHONE = "{phone}"
NAME = re.compile(r"[a-z][a-z0-9_-]{0,29}")
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://.", re.IGNORECASE)
BRACES = re.compile(r"\{[^{}]*\}")
HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)-([01]?\d|2[0-3]):([0-5]\d)")
MOST_TRIES = 5
# A copy being handed over for so long belongs to a process that died.
LONGEST_HANDING_OVER = timedelta(minutes=10)


class UnreadableChannel(Refused):
    """`number`: which entry of MESSAGE_CHANNELS; never its address, which holds secrets."""

    code = "unreadable_channel"


class UnreadableQuietHours(Refused):
    code = "unreadable_quiet_hours"


@dataclass(frozen=True)
class Channel:
    """A name and an address of Apprise; with `{phone}` in it every reader gets a copy, else a group gets one."""

    name: str
    url: str

    def __repr__(self) -> str:
        return f"Channel({self.name})"  # the address holds secrets

    @property
    def is_personal(self) -> bool:
        return PHONE in self.url

    @property
    def scheme(self) -> str:
        return SCHEME.match(self.url)[1]

    def address(self, phone: str | None) -> str:
        return self.url.replace(PHONE, phone or "")


def parse_channels(setting: str) -> tuple[Channel, ...]:
    """`sms=json://gateway.example/send?:phone={phone};wecom=wecombot://KEY`. Raises UnreadableChannel."""
    channels: list[Channel] = []
    for number, entry in enumerate((e.strip() for e in setting.split(";") if e.strip()), 1):
        name, _, url = (part.strip() for part in entry.partition("="))
        known = {channel.name for channel in channels} | {INBOX}
        sound = NAME.fullmatch(name) and name not in known and SCHEME.match(url)
        if not sound or set(BRACES.findall(url)) - {PHONE}:
            raise UnreadableChannel(number=number)
        channels.append(Channel(name, url))
    return tuple(channels)


@dataclass(frozen=True)
class QuietHours:
    """From an hour to another in China, over midnight too; the same hour twice: never."""

    begins: time
    ends: time

    def covers(self, moment: datetime) -> bool:
        now = moment.astimezone(CHINA).time()
        if self.begins <= self.ends:
            return self.begins <= now < self.ends
        return now >= self.begins or now < self.ends


def parse_quiet_hours(setting: str) -> QuietHours:
    """`21:00-08:00`; nothing: no hour is quiet. Raises UnreadableQuietHours."""
    if not setting.strip():
        return QuietHours(time(), time())
    found = HOURS.fullmatch(setting.strip())
    if not found:
        raise UnreadableQuietHours()
    hours = [int(number) for number in found.groups()]
    return QuietHours(time(*hours[:2]), time(*hours[2:]))


def next_try(tries: int, at: datetime) -> datetime | None:
    """5, 10, 20, 40 minutes after a try that failed; None after the fifth."""
    return None if tries >= MOST_TRIES else at + timedelta(minutes=5 * 2 ** (tries - 1))
