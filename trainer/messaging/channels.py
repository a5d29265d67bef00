"""Handing a message over to a channel, through Apprise; what it says in its log goes nowhere but into one error text."""

import logging
import re
from contextvars import ContextVar

from trainer.domain.channel import Channel
from trainer.domain.message import NAME, fill
from trainer.domain.people import mask_numbers
from trainer.wording.message import EVERYBODY

LONGEST_ERROR = 300
_heard: ContextVar[list[str] | None] = ContextVar("heard", default=None)


class NotTaken(Exception):
    """The channel did not take it; the text says why, without addresses and numbers."""


class _Ear(logging.Filter):
    """Lets nothing of the library into any log; what it complains about is kept for whoever listens."""

    def filter(self, record: logging.LogRecord) -> bool:
        heard = _heard.get()
        if heard is not None and record.levelno >= logging.WARNING:
            heard.append(record.getMessage())
        return False


_EAR = _Ear()


def is_understood(channel: Channel) -> bool:
    """Whether the library can use the address."""
    return _apprise().Apprise.instantiate(channel.address("13800000000")) is not None


def hand_over(channel: Channel, subject: str, body: str, *, name: str | None, phone: str | None) -> None:
    """One copy; `name` None is a group. Raises NotTaken."""
    apprise, address, complaints = _apprise(), channel.address(phone), []
    to = {NAME: name or str(EVERYBODY)}
    listening = _heard.set(complaints)
    try:
        way = apprise.Apprise()
        taken = way.add(address) and way.notify(title=fill(subject, to), body=fill(body, to))
    except Exception as error:
        raise NotTaken(type(error).__name__) from None  # its text may quote the address
    finally:
        _heard.reset(listening)
    if not taken:
        raise NotTaken(_without_secrets(" ".join(complaints) or "not taken", address))


def _without_secrets(text: str, address: str) -> str:
    for piece in sorted(re.split(r"[/:?&=@,]+", address), key=len, reverse=True):
        if len(piece) > 3:
            text = text.replace(piece, "***")
    return mask_numbers(text)[:LONGEST_ERROR]


def _apprise():
    """The library, silenced: it writes addresses and what it sends into its log."""
    import apprise  # noqa: PLC0415 (loads two hundred services; most installations use none)

    logging.getLogger("apprise").addFilter(_EAR)  # once, however often
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    return apprise
