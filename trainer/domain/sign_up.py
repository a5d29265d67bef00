"""Signing up for a cohort: what becomes of what a stranger sent in, how she wants to hear, who filled it in for her."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from trainer.domain.person import PersonKind

# Of the code she looks the answer up by: in groups of four it is read aloud and typed without a slip.
CODE_DIGITS = 8
PHONE_DIGITS = 4


class SignUpState(StrEnum):
    """`settled`: an enrolment speaks for her; `taken_back` by herself; `struck_out`: no sign-up of a real person."""

    OPEN = "open"
    SETTLED = "settled"
    TAKEN_BACK = "taken_back"
    STRUCK_OUT = "struck_out"


class AnswerChannel(StrEnum):
    """How she wants to hear the answer; she can look it up by her code besides."""

    CALL = "call"
    SMS = "sms"
    HELPER = "helper"
    LOOK_UP = "look_up"


class HelperRelation(StrEnum):
    """Who filled it in for her."""

    CADRE = "cadre"
    FAMILY = "family"
    NEIGHBOUR = "neighbour"
    OTHER = "other"


class Door(StrEnum):
    """Whether women can sign up for a cohort by themselves today. `full`: they can, and wait for a place."""

    SHUT = "shut"
    NOT_YET = "not_yet"
    OPEN = "open"
    FULL = "full"
    OVER = "over"


OPEN_DOORS = frozenset({Door.OPEN, Door.FULL})


@dataclass(frozen=True)
class SignUpSettings:
    """What a manager sets about signing up for a cohort; without a first day nobody can."""

    opens_on: date | None
    closes_on: date | None
    note: str
    collects_id_numbers: bool
    waitlist_moves_up: bool


@dataclass(frozen=True)
class Helper:
    """Whoever filled it in for her."""

    name: str
    phone: str = field(repr=False)
    relation: HelperRelation


@dataclass(frozen=True)
class SignUpDraft:
    """A sign-up as it was typed, cleaned."""

    name: str
    phone: str = field(repr=False)
    region_code: str
    township: str | None
    village: str | None
    kind: PersonKind | None
    answer_by: AnswerChannel
    id_number: str | None = field(default=None, repr=False)
    helper: Helper | None = None


def last_day(closes_on: date | None, starts_on: date, ends_on: date) -> date:
    """The last day of signing up: the one that was set, else the first of the class; never after the class."""
    return min(closes_on or starts_on, ends_on)


def door(opens_on: date | None, last: date, today: date, *, places: int, taken: int) -> Door:
    if opens_on is None:
        return Door.SHUT
    if today > last:
        return Door.OVER
    if today < opens_on:
        return Door.NOT_YET
    return Door.FULL if taken >= places else Door.OPEN


def grouped(code: str) -> str:
    """12345678 → 1234 5678."""
    return f"{code[:4]} {code[4:]}"
