"""Tasks of a cohort: what is asked for, and what becomes of what is handed in."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from trainer.domain.lesson_file import web_address

LONGEST_LINK = 500
# What a platform's share button copies: words, the link, words again; often without a blank between.
_LINK = re.compile(r"https?://[!-~]+|(?<![\w@.-])(?:[a-z0-9-]+\.)+[a-z]{2,}/[!-~]+", re.IGNORECASE | re.ASCII)
_TRAILING = ".,;:!?)]}'\"<>"


class CourseTaskKind(StrEnum):
    BROADCAST = "broadcast"
    VIDEO = "video"
    SHOP = "shop"
    OTHER = "other"


class Proof(StrEnum):
    """What a woman hands in to show that she has done it."""

    PICTURE = "picture"
    LINK = "link"
    EITHER = "either"
    NONE = "none"


class HandInState(StrEnum):
    HANDED_IN = "handed_in"
    PASSED = "passed"
    SENT_BACK = "sent_back"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True)
class CourseTaskDraft:
    """What staff write of a task."""

    title: str
    what_to_do: str
    kind: CourseTaskKind
    proof: Proof
    min_minutes: int | None
    due_on: date | None


@dataclass(frozen=True)
class Given:
    """What is handed in; `picture` is drawn anew, `link` an address of the web."""

    words: str = ""
    link: str | None = None
    picture: bytes | None = None
    minutes: int | None = None
    helper_name: str | None = None


def find_link(text: str) -> str | None:
    """The first address of the web in a pasted text, as it will be opened; None where there is none."""
    for typed in _LINK.findall(text.replace("：//", "://")):
        found = web_address(re.split(r"[<>'\"`\\]", typed)[0].rstrip(_TRAILING))
        if found and len(found) <= LONGEST_LINK:
            return found
    return None


def lacks(proof: Proof, min_minutes: int | None, given: Given) -> str | None:
    """What a hand-in does not show yet: words, picture, link, either or minutes."""
    there = {
        Proof.PICTURE: given.picture,
        Proof.LINK: given.link,
        Proof.EITHER: given.picture or given.link,
        Proof.NONE: given.words,
    }
    if not there[proof]:
        return {Proof.NONE: "words"}.get(proof, proof.value)
    return "minutes" if min_minutes and given.minutes is None else None
