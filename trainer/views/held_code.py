"""A screen code that a browser has shown: kept in its signed cookie until she is known, through the sign-in too."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from flask import session

from trainer.domain.check_in import CheckInRules, HeldCode, better

HELD = "check_in"


def hold(code: HeldCode, rules: CheckInRules) -> None:
    kept = better(held_code(), code, rules)
    session[HELD] = [kept.lesson_id, kept.since.timestamp(), kept.shown.timestamp()]


def held_code() -> HeldCode | None:
    if HELD not in session:
        return None
    lesson_id, since, shown = session[HELD]
    return HeldCode(lesson_id, datetime.fromtimestamp(since, UTC), datetime.fromtimestamp(shown, UTC))


@contextmanager
def kept_through() -> Iterator[None]:
    """Whatever else leaves the cookie meanwhile."""
    kept = session.get(HELD)
    yield
    if kept is not None:
        session[HELD] = kept
