"""Marks from a file: what its cells mean (a status, a time, minutes watched, a day), and a row as it is read and staged."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from trainer.domain.attendance import AttendanceStatus
from trainer.domain.days import CHINA


class MarkFileKind(StrEnum):
    """Marks say a status or a time; a platform's list says who watched a live lesson for how long."""

    MARKS = "marks"
    PLATFORM = "platform"


S = AttendanceStatus
# As the template offers them, and as lists from elsewhere write them; the first that fits counts.
WORDS = {
    S.PRESENT: "到",
    S.LATE: "迟到",
    S.LEFT_EARLY: "早退",
    S.EXCUSED: "请假",
    S.ABSENT: "缺席",
    S.MADE_UP: "补课",
}
SIGNS = {"√": S.PRESENT, "×": S.ABSENT, "○": S.EXCUSED, "△": S.LATE}
SIGNS_IN_WORDS = "、".join(f"{sign} {WORDS[status]}" for sign, status in SIGNS.items())
_SIGN_LIKE = {
    "✓": "√",
    "✔": "√",
    "☑": "√",
    "v": "√",
    "✗": "×",
    "✘": "×",
    "✕": "×",
    "x": "×",
    "〇": "○",
    "o": "○",
    "▲": "△",
}
NOTHING_SAID = frozenset(("", "-", "--", "—", "——", "/", "\\", "·", "未点名", "不适用", "无"))
_PATTERNS = tuple(
    (status, re.compile(pattern))
    for status, pattern in (
        (S.MADE_UP, r"已?补(课|上)?|made\s?up|m"),
        (S.ABSENT, r"缺.*|旷.*|(未|没)(到|签|来|出勤|打卡|参加).*|没有来|不在|否|0|absent|no|n|a"),
        (S.EXCUSED, r"(已?请|病|事|公|产|准)假.*|请了假|excused|leave"),
        (S.LATE, r"迟到?.*|晚到.*|late|l"),
        (S.LEFT_EARLY, r"早退.*|提前(走|离).*|left\s?early|e"),
        (S.PRESENT, r"到|已?(到课|到场|到会|签到|打卡|出勤)(成功)?|已到|正常|出席|参加|在|是|1|present|yes|y|p"),
    )
)
_DAY = re.compile(r"(?:([0-9]{4})\s*[-/.年]\s*)?([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*[日号]?(?![0-9:])")
_CLOCK = re.compile(
    r"(上午|下午|晚上|中午|早上|am|pm)?\s*([0-9]{1,2})\s*[:时点]\s*([0-9]{1,2})?(?:\s*[:分]\s*([0-9]{1,2}))?\s*(am|pm)?"
)
_LATER_HALF = ("下午", "晚上", "pm")
_HALF = re.compile(r"上午|下午|晚上|早上|am|pm")
_LENGTH = re.compile(
    r"(?:([0-9.]+)\s*(?:小时|时|h(?:ours?)?))?\s*(?:([0-9.]+)\s*(?:分钟|分|min(?:ute)?s?|m))?\s*(?:([0-9.]+)\s*(?:秒钟?|s(?:ec)?))?"
)
_COLONS = re.compile(r"([0-9]{1,3}):([0-9]{2})(?::([0-9]{2}))?")


class UnclearCell(ValueError):
    """A cell that says something nobody can read for certain."""


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()


def read_status(text: str) -> AttendanceStatus | None:
    """None: nothing is said. Raises UnclearCell."""
    plain = re.sub(r"\s|[(\[【].*?[)\]】]|[。.!,;]+$", "", _plain(text))
    if plain in NOTHING_SAID:
        return None
    if sign := SIGNS.get(_SIGN_LIKE.get(plain, plain)):
        return sign
    for status, pattern in _PATTERNS:
        if pattern.fullmatch(plain):
            return status
    raise UnclearCell(text)


def read_day(text: str, near: date) -> date | None:
    """The day in a text; a day without a year is the one nearest to `near`. None: no day stands there, or no such day."""
    found = _DAY.search(_plain(text))
    if not found:
        return None
    year, month, day = found.groups()
    try:
        if year:
            return date(int(year), int(month), int(day))
        return min((date(near.year + n, int(month), int(day)) for n in (-1, 0, 1)), key=lambda d: abs(d - near))
    except ValueError:
        return None


def read_half(text: str) -> bool | None:
    """Whether a heading like “3/9下午” means the later half of the day; None where it says neither."""
    found = _HALF.search(_plain(text))
    return found[0] in _LATER_HALF if found else None


def read_moment(text: str, day: date) -> datetime | None:
    """A time by China's clock, on `day` where none stands beside it; None for an empty cell. Raises UnclearCell."""
    plain = _plain(text)
    if plain in NOTHING_SAID:
        return None
    if re.fullmatch(r"0\.[0-9]+", plain):  # how a spreadsheet keeps a time: a share of a day
        return datetime.combine(day, time(), CHINA) + timedelta(seconds=round(float(plain) * 86_400))
    on = read_day(plain, day)
    found = _CLOCK.search(_DAY.sub(" ", plain, count=1) if on else plain)
    if not found:
        raise UnclearCell(text)
    before, hour, minute, second, after = found.groups()
    hours = int(hour) + (12 if (before in _LATER_HALF or after == "pm") and int(hour) < 12 else 0)
    try:
        return datetime.combine(on or day, time(hours, int(minute or 0), int(second or 0)), CHINA)
    except ValueError as error:
        raise UnclearCell(text) from error


def read_minutes(text: str) -> float | None:
    """45, 45分钟, 1小时20分, 3600秒, 01:20:00 (and 45:30, minutes and seconds). None for an empty cell.

    Raises UnclearCell."""
    plain = _plain(text)
    if plain in NOTHING_SAID:
        return None
    try:
        if colons := _COLONS.fullmatch(plain):
            first, second, third = (int(part or 0) for part in colons.groups())
            return first * 60 + second + third / 60 if colons[3] else first + second / 60
        if found := _LENGTH.fullmatch(plain):
            hours, minutes, seconds = (float(part or 0) for part in found.groups())
            return hours * 60 + minutes + seconds / 60
        minutes = float(plain)
    except ValueError as error:
        raise UnclearCell(text) from error
    if not 0 <= minutes < 10_000:
        raise UnclearCell(text)
    return minutes


class Stay(NamedTuple):
    """One entry of a platform's list: minutes, or when she came and went."""

    minutes: float
    came: datetime | None = None
    went: datetime | None = None


def minutes_watched(stays: Iterable[Stay]) -> float:
    """All her entries together; of two that overlap (two phones) the time counts once."""
    known, total, until = [], 0.0, None
    for stay in stays:
        if stay.came and stay.went:
            known.append(stay)
        else:
            total += stay.minutes
    for stay in sorted(known, key=lambda one: one.came):
        since = max(stay.came, until) if until else stay.came
        total += max((stay.went - since).total_seconds(), 0) / 60
        until = max(stay.went, until) if until else stay.went
    return total


@dataclass(frozen=True)
class MarkRow:
    """What one row says about one woman at one lesson, as text; `number` counts these sayings, `row` the file's rows.

    `lesson` is the heading of the column or what a column of lessons says; `raw` is the whole row.
    """

    number: int
    row: int
    seat: str = ""
    name: str = ""
    phone: str = ""
    status: str = ""
    time: str = ""
    left: str = ""
    minutes: str = ""
    day: str = ""
    lesson: str = ""
    note: str = ""
    raw: tuple[str, ...] = ()

    @property
    def says_nothing(self) -> bool:
        return all(_plain(text) in NOTHING_SAID for text in (self.status, self.time, self.left, self.minutes))

    @property
    def digits(self) -> str:
        """The phone as far as it is given: eleven digits, or the last four; else nothing."""
        text = re.sub(r"[\s-]", "", _plain(self.phone))
        text = re.sub(r"^\+?86(?=1)", "", text)
        if re.fullmatch(r"1[0-9]{10}", text):
            return text
        tail = re.fullmatch(r"(?:1[0-9]{2}\*+|\*+)?([0-9]{1,4})", text)
        return tail[1].zfill(4) if tail else ""

    @property
    def seat_number(self) -> int | None:
        found = re.fullmatch(r"0*([0-9]{1,4})\s*号?", _plain(self.seat))
        return int(found[1]) if found else None


@dataclass(frozen=True)
class MarkFile:
    """A file read: where its headings stand and what its rows say."""

    sheet: str | None
    headings: tuple[str, ...]
    unknown_columns: tuple[str, ...]
    rows: tuple[MarkRow, ...]
