"""Sending a letter: whom it is for is reckoned anew, then it goes into their inboxes, a hundred at a time."""

from trainer import clock
from trainer.database import transaction
from trainer.domain.channel import parse_channels
from trainer.errors import NotFound
from trainer.jobs.work import Work
from trainer.queries.letter import get_letter, list_recipients
from trainer.services import letter as letters

AT_A_TIME = 100


def run(work: Work) -> str:
    """Begun anew after a kill, it goes on where it was: who has the letter gets it no second time."""
    letter = get_letter(work.by, work.params["message_id"])
    if letter is None:
        raise NotFound()
    chosen = [c for c in parse_channels(work.settings["MESSAGE_CHANNELS"]) if c.name in letter.kept["channels"]]
    personal = [channel.name for channel in chosen if channel.is_personal]
    shared = [channel.name for channel in chosen if not channel.is_personal]
    recipients, _erased = list_recipients(work.by, letter.audience)
    for start in range(0, len(recipients), AT_A_TIME):
        some = recipients[start : start + AT_A_TIME]
        with transaction():
            goes_on = letters.deliver(letter.id, some, personal=personal, shared=shared, at=clock.now())
        if not goes_on:
            return "letter_taken_back"
        work.report(start + len(some), len(recipients))
    return "letter_gone_out"
