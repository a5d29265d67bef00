"""Requests about one's own data (PIPL art. 24, 44–50): kinds, states, and what a correction may propose."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from trainer.domain.people import EARLIEST_BIRTH_YEAR, Problem, clean_name, clean_phone, clean_text
from trainer.errors import Refused

# What she may put right herself; whoever has moved to another county asks in words.
CORRECTABLE = ("name", "phone", "birth_year", "township", "village", "business")
YOUNGEST = 10
LONGEST_PLACE = 60


class RequestKind(StrEnum):
    CORRECT = "correct"
    ERASE = "erase"
    EXPLAIN = "explain"


class RequestState(StrEnum):
    """WITHDRAWN: she took it back before anybody acted."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ErasureBlocked(Refused):
    """She is in a course that runs, or a candidate of a selection that is not decided."""

    code = "erasure_blocked"
    status = 409


def clean_wish(name: str, text: str, *, today: date) -> str | int | None:
    """The value of a field as the register would hold it; None empties a field that may be empty. Raises Problem."""
    if name == "name":
        return clean_name(text)
    if name == "phone":
        return clean_phone(text)
    value = clean_text(text)
    if not value:
        return None
    if name == "birth_year":
        if not value.isdecimal() or not EARLIEST_BIRTH_YEAR <= int(value[:9]) <= today.year - YOUNGEST:
            raise Problem("birth_year_unlikely", first=EARLIEST_BIRTH_YEAR, last=today.year - YOUNGEST)
        return int(value)
    if len(value) > LONGEST_PLACE:
        raise Problem("text_too_long", most=LONGEST_PLACE, length=len(value))
    return value


def changes(wished: Mapping[str, object], present: Mapping[str, object]) -> dict[str, object]:
    """What of `wished` differs from the record."""
    return {name: value for name, value in wished.items() if value != present[name]}
