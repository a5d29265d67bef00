"""Marks that a phone kept until it had a connection: how they are written, and what becomes of each."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from trainer.domain.attendance import AttendanceStatus, NewMark
from trainer.errors import Refused

# A phone may lie in a drawer for weeks; a clock further off than this says nothing.
OLDEST, AHEAD = timedelta(days=60), timedelta(days=1)
# As many as one request may bring; the script sends fewer.
MOST = 1_000
_LARGEST_ID = 2**31 - 1


class UnreadableMark(Refused):
    """What arrived is no mark of ours."""

    code = "roll_mark_unreadable"
    status = 422


class MarkOutcome(StrEnum):
    """What became of one mark."""

    SAVED = "saved"
    # It was there already: the answer to the first sending never arrived. Or it is one of "the rest", and somebody
    # else was faster.
    ALREADY = "already"
    # Somebody else said something different meanwhile: both are kept until a person decides.
    CONTRADICTS = "contradicts"
    # The roll was closed before it arrived: staff decide.
    LATE = "late"
    REFUSED = "refused"


def read_mark(raw: object, *, at: datetime) -> NewMark:
    """One mark as the script writes it: {enrolment, status, nonce, seen, said_at, rest}. Raises UnreadableMark.

    `status` null takes a mark back; `said_at` is milliseconds by the phone's clock, dropped where it is absurd.
    """
    if not isinstance(raw, Mapping):
        raise UnreadableMark()
    enrolment, status, nonce, seen = (raw.get(name) for name in ("enrolment", "status", "nonce", "seen"))
    if not _is_number(enrolment) or not (seen is None or _is_number(seen)):
        raise UnreadableMark()
    if status is not None and not (isinstance(status, str) and status in set(AttendanceStatus)):
        raise UnreadableMark()
    if not is_nonce(nonce):
        raise UnreadableMark()
    return NewMark(
        *(enrolment, AttendanceStatus(status) if status else None, nonce, seen),
        said_at=believable(raw.get("said_at"), at=at),
        only_unmarked=raw.get("rest") is True and status is not None,
    )


def is_nonce(text: object) -> bool:
    """Without a blank: those that the site makes up itself have one, and nobody else can use them up."""
    return isinstance(text, str) and 0 < len(text) <= 64 and text.isprintable() and " " not in text


def _is_number(value: object) -> bool:
    return type(value) is int and 0 <= value <= _LARGEST_ID


def believable(milliseconds: object, *, at: datetime) -> datetime | None:
    """The moment by the phone's clock, kept beside the server's; None where it cannot be one of these weeks."""
    if type(milliseconds) not in (int, float):
        return None
    try:
        said = datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return said if at - OLDEST <= said <= at + AHEAD else None
