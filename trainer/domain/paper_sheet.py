"""Paper sheets: a printed page of the roll, and what one person entered from it until a second one confirms."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from trainer.domain.attendance import IN_THE_ROOM, AttendanceStatus
from trainer.errors import Refused

Seated = TypeVar("Seated")

# Seats have their page for good: who joins later shifts nobody.
SEATS_A_PAGE = 25
EMPTY_LINES = 5
BETWEEN_DIGITS = re.compile(r"[\s\-‐‑–—−_.]+")


class SheetState(StrEnum):
    """A returned entry is corrected by a new one; an undone one has its marks taken back."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    RETURNED = "returned"
    UNDONE = "undone"


IN_FORCE = frozenset({SheetState.WAITING, SheetState.CONFIRMED})


class SheetNumberWrong(Refused):
    """Not the number of any sheet: a digit was misread."""

    code = "sheet_number_wrong"


class TwoWords(Refused):
    """A woman was ticked both as without a signature and as unreadable."""

    code = "sheet_two_words"


class CountDiffers(Refused):
    """The signatures counted on the paper are not those that the ticks leave."""

    code = "sheet_count_differs"


class NotOnThePage(Refused):
    code = "sheet_not_on_the_page"
    status = 409


def page_of(seat: int) -> int:
    return -(-seat // SEATS_A_PAGE)


def count_pages(seats: Iterable[int]) -> int:
    """At least one: an empty roll is a sheet for those who come."""
    return page_of(max(seats, default=1))


def on_page(rows: Iterable[Seated], page: int) -> list[Seated]:
    """Those of `rows` (each with a `seat`) whose seats are this page's."""
    return [row for row in rows if page_of(row.seat) == page]


def sheet_number(lesson_id: int, page: int) -> str:
    """As it stands on the paper: lesson, page, check digit, such as 1208-03-4."""
    digits = f"{lesson_id}{page:02d}"
    return f"{lesson_id}-{page:02d}-{check_digit(digits)}"


def read_sheet_number(text: str) -> tuple[int, int]:
    """(lesson, page) of what was typed, with or without its dashes. Raises SheetNumberWrong."""
    digits = BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", text))
    if not re.fullmatch(r"[0-9]{4,13}", digits) or check_digit(digits[:-1]) != digits[-1]:
        raise SheetNumberWrong()
    lesson_id, page = int(digits[:-3]), int(digits[-3:-1])
    if not lesson_id or not page:
        raise SheetNumberWrong()
    return lesson_id, page


def check_digit(digits: str) -> str:
    """ISO/IEC 7064 MOD 11,10: any one digit misread is found, and nearly every pair that changed places."""
    product = 10
    for digit in digits:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


@dataclass(frozen=True)
class Reading:
    """What somebody read off one page, by enrolment: who stands on it, who has no signature, whom nobody can read."""

    page: int
    listed: Sequence[int]
    absent: frozenset[int]
    unsure: frozenset[int]

    @property
    def signed(self) -> list[int]:
        return [woman for woman in self.listed if woman not in self.absent and woman not in self.unsure]


def check_reading(reading: Reading, counted: int, there: Collection[int]) -> None:
    """`counted`: signatures on the paper; `there`: who stands on the page now.

    Raises NotOnThePage, TwoWords, CountDiffers.
    """
    if (
        not reading.listed
        or len(set(reading.listed)) < len(reading.listed)
        or set(reading.listed) - set(there)
        or (reading.absent | reading.unsure) - set(reading.listed)
    ):
        raise NotOnThePage()
    if reading.absent & reading.unsure:
        raise TwoWords(count=len(reading.absent & reading.unsure))
    if counted != len(reading.signed):
        raise CountDiffers(counted=counted, ticked=len(reading.signed))


def agrees(status: AttendanceStatus | None, signed: bool) -> bool:
    """Whether the roll says already what the paper says; an excused woman has no signature."""
    return status is not None and (status in IN_THE_ROOM) == signed


@dataclass(frozen=True)
class CrossCheck:
    """Where paper and roll contradict each other, by enrolment."""

    present_without_signature: list[int]
    signed_but_absent: list[int]


def cross_check(reading: Reading, statuses: Mapping[int, AttendanceStatus | None]) -> CrossCheck:
    """A woman nobody marked contradicts nothing, nor does one whose line nobody can read."""
    said = {woman: statuses.get(woman) for woman in reading.listed}
    return CrossCheck(
        [woman for woman in reading.listed if woman in reading.absent and said[woman] in IN_THE_ROOM],
        [woman for woman in reading.signed if said[woman] is not None and said[woman] not in IN_THE_ROOM],
    )


def new_statuses(
    reading: Reading, statuses: Mapping[int, AttendanceStatus | None], excused: Collection[int]
) -> dict[int, AttendanceStatus]:
    """What the page says that the roll does not say yet; whoever was given leave is not absent but excused."""
    away = {
        woman: AttendanceStatus.EXCUSED if woman in excused else AttendanceStatus.ABSENT for woman in reading.absent
    }
    said = away | dict.fromkeys(reading.signed, AttendanceStatus.PRESENT)
    return {
        woman: said[woman]
        for woman in reading.listed
        if woman in said and not agrees(statuses.get(woman), woman not in reading.absent)
    }
