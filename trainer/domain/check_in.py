"""Signing in by the code on the screen: its slots of time, its spoken digits, and what a code is worth when it comes."""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from trainer.domain.attendance import AttendanceStatus, LessonState
from trainer.domain.timetable import ARRIVING

# The code on the screen and the two before it: time to lift a phone and open the page.
GOOD_SLOTS = 3
# Whoever showed a good code has so long to sign in or to find her seat number.
HELD_FOR = timedelta(hours=1)
# A code that comes later still proves its slot: staff confirm it.
CLAIM_FOR = timedelta(hours=48)
CODE = re.compile(r"([0-9]{1,10})-([0-9]{9,11})-([a-z2-7]{16})", re.ASCII)


class Worth(StrEnum):
    """What a proven code still does."""

    MARK = "mark"
    CLAIM = "claim"
    NOTHING = "nothing"


class ScreenState(StrEnum):
    """What the screen of a lesson shows: a code, or why there is none."""

    EARLY = "early"
    OPEN = "open"
    OVER = "over"
    CANCELLED = "cancelled"


class CheckInOutcome(StrEnum):
    """What came of a tap. ALREADY: staff had marked her; ASIDE: staff say something else, a person decides."""

    DONE = "done"
    ALREADY = "already"
    CLAIMED = "claimed"
    ASIDE = "aside"


@dataclass(frozen=True)
class CheckInRules:
    """How long a code stays on the screen, and until when after the start a woman is in time."""

    slot_seconds: int = 30
    late_minutes: int = 15

    def slot_of(self, moment: datetime) -> datetime:
        """When the slot began that `moment` lies in."""
        seconds = int(moment.timestamp())
        return datetime.fromtimestamp(seconds - seconds % self.slot_seconds, UTC)

    def good_slots(self, at: datetime) -> Sequence[datetime]:
        """Those whose codes are good now, the one on the screen first."""
        first = self.slot_of(at)
        return [first - n * timedelta(seconds=self.slot_seconds) for n in range(GOOD_SLOTS)]

    def is_good(self, since: datetime, shown: datetime) -> bool:
        """Whether a code of the slot that began at `since` was good at `shown`."""
        return since >= self.good_slots(shown)[-1]

    def status(self, starts_at: datetime, moment: datetime) -> AttendanceStatus:
        in_time = moment <= starts_at + timedelta(minutes=self.late_minutes)
        return AttendanceStatus.PRESENT if in_time else AttendanceStatus.LATE


class ScreenCode(NamedTuple):
    """A lesson and the beginning of a slot, with the proof (80 bits of a MAC in base32) that this site made it."""

    lesson_id: int
    since: datetime
    proof: str

    @property
    def message(self) -> str:
        """What the proof is of."""
        return f"{self.lesson_id}-{int(self.since.timestamp())}"

    @property
    def text(self) -> str:
        """As it stands in the link."""
        return f"{self.message}-{self.proof}"

    @property
    def digits(self) -> str:
        """As it is read aloud: one guess in 10,000 fits a slot, so three in 10,000 at any moment."""
        return f"{int.from_bytes(base64.b32decode(self.proof.upper())) % 10_000:04d}"

    @classmethod
    def parse(cls, text: str) -> "ScreenCode | None":
        """What a link says, whether it is true or not."""
        found = CODE.fullmatch(text)
        if not found or int(found[1]) >= 2**31:
            return None
        return cls(int(found[1]), datetime.fromtimestamp(int(found[2]), UTC), found[3])


class HeldCode(NamedTuple):
    """A code that was proven when it was first shown to the server: that moment counts, whenever she is known."""

    lesson_id: int
    since: datetime
    shown: datetime

    def worth(self, rules: CheckInRules, at: datetime) -> Worth:
        if rules.is_good(self.since, self.shown) and at - self.shown <= HELD_FOR:
            return Worth.MARK
        return Worth.CLAIM if at - self.since <= CLAIM_FOR else Worth.NOTHING


def better(old: HeldCode | None, new: HeldCode, rules: CheckInRules) -> HeldCode:
    """Scanning again never makes her later: the first good code of the same lesson stays while it is worth a mark."""
    if old and old.lesson_id == new.lesson_id and old.worth(rules, new.shown) is Worth.MARK:
        return old
    return new


def screen_state(state: LessonState, starts_at: datetime, ends_at: datetime, at: datetime) -> ScreenState:
    if state is LessonState.CANCELLED:
        return ScreenState.CANCELLED
    if state is LessonState.CLOSED or at >= ends_at:
        return ScreenState.OVER
    return ScreenState.EARLY if at < starts_at - ARRIVING else ScreenState.OPEN
