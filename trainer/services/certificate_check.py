"""Looks at the public check page, counted so that nobody reads all numbers out, and no county is shut out."""

from datetime import datetime

from trainer.errors import Refused
from trainer.services import throttle

# Within a quarter of an hour. A hall of a hundred women scans its certificates behind one address; a browser from
# which somebody has signed in before is counted by itself, whatever comes from its address.
FROM_ONE_ADDRESS = 600
FROM_ONE_BROWSER = 100


class NotChecked(Refused):
    """A number that says nothing."""


class LookAgain(NotChecked):
    """Its check digit is wrong: somebody mistyped it."""

    code = "certificate_look_again"


class NoSuchNumber(NotChecked):
    """Nobody was given this number."""

    code = "certificate_no_such_number"
    status = 404


class CheckedTooOften(NotChecked):
    """So many numbers were looked up from here that the next waits."""

    code = "certificate_check_flood"
    status = 429


def count_look(place: str, *, is_known: bool, at: datetime) -> None:
    """One more from this browser or address (`Visitor.place`). Raises CheckedTooOften."""
    counted = throttle.subject("certificate check", place)
    if throttle.is_shut(counted, FROM_ONE_BROWSER if is_known else FROM_ONE_ADDRESS, at=at):
        raise CheckedTooOften()
    throttle.note_wrong(counted, at=at)
