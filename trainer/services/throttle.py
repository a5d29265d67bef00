"""Wrong tries at the doors, counted in the database for all workers; guessing gets slow, and nobody else is shut out."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from trainer.crypto import keyring
from trainer.database import db
from trainer.errors import Refused
from trainer.models.account import WrongTry
from trainer.queries.account import count_wrong_tries

WINDOW = timedelta(minutes=15)
# A village office or a class of a hundred women shares one address: their slips of the finger must fit in.
FROM_ONE_ADDRESS = 100


class TooManyTries(Refused):
    """So many wrong tries came from one address that even a right one waits."""

    code = "too_many_tries"
    status = 429


def subject(*parts: object) -> str:
    """What is counted, as it stands in the table: a keyed hash, so that no address is kept."""
    return keyring().blind_index("tries", ":".join(map(str, parts)))


def is_shut(what: str, most: int, *, at: datetime) -> bool:
    """Whether `what` has had its tries of the last quarter of an hour."""
    return count_wrong_tries(what, since=at - WINDOW) >= most


def refuse_flood(door: str, address: str, *, at: datetime) -> None:
    """Raises TooManyTries."""
    if is_shut(subject(door, address), FROM_ONE_ADDRESS, at=at):
        raise TooManyTries()


def note_wrong(*subjects: str, at: datetime) -> None:
    """Count a wrong try against each of `subjects`; what no longer counts is thrown away."""
    db.session.execute(delete(WrongTry).where(WrongTry.at <= at - WINDOW))
    db.session.add_all(WrongTry(subject=what, at=at) for what in subjects)


def forget(what: str) -> None:
    """She is in: her slips before are no guesses."""
    db.session.execute(delete(WrongTry).where(WrongTry.subject == what))
