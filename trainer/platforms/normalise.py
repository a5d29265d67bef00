"""What a cell says: money, counts, durations, moments and ids out of the many ways platforms write them."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from trainer.domain.days import CHINA

EMPTY = frozenset(("", "-", "--", "---", "—", "——", "/", "无", "暂无", "null", "none", "nan", "n/a", "#n/a"))
SCALES = {"": 1, "千": 1000, "k": 1000, "万": 10_000, "w": 10_000, "百万": 1_000_000, "亿": 100_000_000}
MOST_FIGURE = Decimal(10) ** 13
# What fits into four bytes, as counts are kept.
MOST_COUNT = 2**31
# An export prints 0001-01-01 where it has no time.
FIRST_YEAR = 1900
EXCEL_DAY_ZERO = datetime(1899, 12, 30, tzinfo=CHINA)
EXCEL_DAYS = (36_526, 73_050)  # 2000 to 2099: a date that lost its format arrives as such a number
LONGEST_EXACT_ID = 15  # a spreadsheet number keeps 15 digits

NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(百万|[千万亿kw]?)(\+?)")
SCIENTIFIC = re.compile(r"\d(\.\d+)?e\+?\d+")
CLOCK = r"(?:[ t_]*(\d{1,2})[:\-时点](\d{1,2})(?:[:\-分](\d{1,2})(?:\.\d+)?)?[秒分]?)?"
DATED = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?" + CLOCK + r"(?:z|\+08:?00)?")
COMPACT = re.compile(r"(20\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?")
YEARLESS = re.compile(r"(\d{1,2})[-/.月](\d{1,2})日?" + CLOCK)
SPOKEN = re.compile(
    r"(?:(\d+)(?:天|d))?(?:(\d+(?:\.\d+)?)(?:小时|时|h))?(?:(\d+(?:\.\d+)?)(?:分钟|分|min|m))?(?:(\d+(?:\.\d+)?)(?:秒钟|秒|s))?"
)
COUNTED = re.compile(r"(\d+):(\d{1,2}):(\d{1,2})(?:\.\d+)?")


class BadCellError(ValueError):
    """The cell cannot be what its column is about; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Figure(NamedTuple):
    """`exact` is False where the platform rounded it (1.2万): two significant digits are all there is."""

    number: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Yearless:
    """A moment without its year, as some lists print it."""

    month: int
    day: int
    clock: time

    def in_year(self, year: int) -> datetime | None:
        """None where that year has no such day (29 February)."""
        try:
            return datetime(year, self.month, self.day, self.clock.hour, self.clock.minute, tzinfo=CHINA)
        except ValueError:
            return None


def text(cell: object, most: int = 200) -> str | None:
    """As written, without the tabs, quotes and ="…" that exports wrap around cells."""
    if cell is None:
        return None
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    said = str(cell).strip("\t\r\n\ufeff\u00a0 ")
    if said.startswith('="') and said.endswith('"') and len(said) > 2:
        said = said[2:-1]
    said = said.strip("\t\r\n ").lstrip("'").strip()
    return None if said.lower() in EMPTY else said[:most]


def folded(cell: object) -> str | None:
    """The text with full-width forms made plain, lower case, for reading numbers and words."""
    said = text(cell)
    if said is None:
        return None
    if not said.isascii():
        said = unicodedata.normalize("NFKC", said).replace("\u2212", "-").strip()
    said = said.lower()
    return None if said in EMPTY else said


def money(cell: object, unit: Decimal = Decimal(1)) -> Figure | None:
    """Fen. `unit` is how many yuan the column counts in (10000 for 万元)."""
    found = _number(cell, "bad_money")
    if found is None:
        return None
    yuan = _bounded(found[0] * unit, MOST_FIGURE)
    return Figure(int((yuan * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)), found[1] and unit <= 1)


def count(cell: object) -> Figure | None:
    """A whole number of people, orders or pieces."""
    found = _number(cell, "bad_number")
    if found is None:
        return None
    number, exact = found
    if number != number.to_integral_value() or number < 0:
        raise BadCellError("bad_number")
    return Figure(int(_bounded(number, MOST_COUNT)), exact)


def average(cell: object) -> Figure | None:
    """A count that may have come with decimals, whole."""
    found = _number(cell, "bad_number")
    if found is None:
        return None
    if found[0] < 0:
        raise BadCellError("bad_number")
    return Figure(int(_bounded(found[0], MOST_COUNT - 1).quantize(Decimal(1), rounding=ROUND_HALF_UP)), found[1])


def rate(cell: object) -> int | None:
    """Hundredths of a percent; a bare number up to 1 is a part of the whole, as a workbook keeps percentages."""
    said = folded(cell) if isinstance(cell, str) else None
    is_percent = said is not None and said.endswith("%")
    found = _number(said[:-1] if is_percent else cell, "bad_number")
    if found is None:
        return None
    scale = 10_000 if not is_percent and abs(found[0]) <= 1 else 100
    return int(_bounded(found[0] * scale, MOST_COUNT - 1).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _bounded(number: Decimal, most: Decimal | int) -> Decimal:
    if not number.is_finite() or abs(number) >= most:
        raise BadCellError("figure_too_big")
    return number


def _number(cell: object, code: str) -> tuple[Decimal, bool] | None:
    if isinstance(cell, bool | datetime | date | time | timedelta):
        raise BadCellError(code)
    if isinstance(cell, int | float):
        number, exact = Decimal(repr(cell)), True
    else:
        said = folded(cell)
        if said is None:
            return None
        number, exact = _written_number(said, code)
    return _bounded(number, MOST_FIGURE), exact


def _written_number(said: str, code: str) -> tuple[Decimal, bool]:
    said = re.sub(r"[¥￥$\s]|rmb|cny", "", said)
    said = re.sub(r"(元|人|次|单|件|个|笔|场)$", "", said)
    found = NUMBER.fullmatch(said)
    if found is None:
        raise BadCellError(code)
    sign, digits, scale, more = found.groups()
    number = Decimal(digits.replace(",", "")) * SCALES[scale]
    return (-number if sign == "-" else number), not scale and not more


def duration(cell: object, unit_s: int | None = None) -> int | None:
    """Seconds. A bare number counts in `unit_s` (the heading's unit), else in seconds; below 1 it is part of a day."""
    if isinstance(cell, timedelta):
        return _positive(cell.total_seconds())
    if isinstance(cell, time):
        return cell.hour * 3600 + cell.minute * 60 + cell.second
    if isinstance(cell, bool | datetime | date):
        raise BadCellError("bad_duration")
    if isinstance(cell, int | float):
        is_day_part = unit_s is None and isinstance(cell, float) and 0 < cell < 1
        return _positive(cell * 86_400 if is_day_part else cell * (unit_s or 1))
    said = folded(cell)
    return None if said is None else _spoken_duration(said.replace(" ", ""), unit_s)


def _spoken_duration(said: str, unit_s: int | None) -> int:
    if counted := COUNTED.fullmatch(said):
        hours, minutes, seconds = map(int, counted.groups())
        if minutes > 59 or seconds > 59:
            raise BadCellError("bad_duration")
        return hours * 3600 + minutes * 60 + seconds
    if re.fullmatch(r"\d+(,\d{3})*(\.\d+)?", said):
        return _positive(float(said.replace(",", "")) * (unit_s or 1))
    spoken = SPOKEN.fullmatch(said)
    if spoken is None or not any(spoken.groups()):
        raise BadCellError("bad_duration")
    days, hours, minutes, seconds = (Decimal(part or 0) for part in spoken.groups())
    return _positive(float(days * 86_400 + hours * 3600 + minutes * 60 + seconds))


def _positive(seconds: float) -> int:
    if not 0 <= seconds < 366 * 86_400:
        raise BadCellError("bad_duration")
    return round(seconds)


def moment(cell: object) -> datetime | Yearless | None:
    """In Beijing time; Yearless where the list leaves the year out."""
    found = _any_moment(cell)
    if isinstance(found, datetime) and found.year < FIRST_YEAR:
        raise BadCellError("bad_moment")
    return found


def _any_moment(cell: object) -> datetime | Yearless | None:
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=CHINA) if cell.tzinfo is None else cell.astimezone(CHINA)
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day, tzinfo=CHINA)
    if isinstance(cell, bool | time | timedelta):
        raise BadCellError("bad_moment")
    if isinstance(cell, int | float):
        return _excel_moment(cell)
    said = folded(cell)
    return None if said is None else _written_moment(said)


def _excel_moment(days: float) -> datetime:
    if not EXCEL_DAYS[0] <= days <= EXCEL_DAYS[1]:
        raise BadCellError("bad_moment")
    return EXCEL_DAY_ZERO + timedelta(seconds=round(days * 86_400))


def _written_moment(said: str) -> datetime | Yearless:
    try:
        if found := DATED.fullmatch(said) or COMPACT.fullmatch(said):
            year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
            return datetime(year, month, day, hour, minute, second, tzinfo=CHINA)
        if found := YEARLESS.fullmatch(said):
            month, day, hour, minute, second = (int(part or 0) for part in found.groups())
            date(2000, month, day)  # a leap year: refuses 31 April, keeps 29 February
            return Yearless(month, day, time(hour, minute, second))
    except ValueError as error:
        raise BadCellError("bad_moment") from error
    raise BadCellError("bad_moment")


def span(cell: object) -> tuple[datetime | Yearless | None, datetime | None]:
    """A beginning, and the end where the cell holds both as `begin~end`."""
    said = folded(cell) if isinstance(cell, str) else None
    if said is None or not re.search(r"~|至| - ", said):
        return moment(cell), None
    begin, _, end = re.split(r"(~|至| - )", said, maxsplit=1)
    ended = _any_moment(end)
    return moment(begin), ended if isinstance(ended, datetime) and ended.year >= FIRST_YEAR else None


def identifier(cell: object) -> str | None:
    """Refuses ids that a spreadsheet has turned into a number: the last digits are gone for good."""
    if isinstance(cell, bool | datetime | date | time | timedelta):
        raise BadCellError("bad_id")
    if isinstance(cell, int | float):
        if not float(cell).is_integer() or abs(cell) >= 10**LONGEST_EXACT_ID:
            raise BadCellError("id_is_number")
        return str(int(cell))
    said = text(cell, most=80)
    if said is None:
        return None
    plain = unicodedata.normalize("NFKC", said).strip()
    if SCIENTIFIC.fullmatch(plain.lower()):
        raise BadCellError("id_is_number")
    return plain


class Heading(NamedTuple):
    """A column's heading, comparable: brackets and 账 unified, the unit taken off and kept."""

    label: str
    written: str
    unit: str | None


def heading(cell: object) -> Heading | None:
    """None for a blank heading."""
    written = text(cell, most=60)
    if written is None:
        return None
    label = re.sub(r"[\s*]", "", unicodedata.normalize("NFKC", written).lower())
    label = label.replace("帐", "账").replace("实际支付", "实付").replace("【", "[").replace("】", "]").strip(":;,.")
    found = re.fullmatch(r"(.+?)\((万元|元|¥|分|秒|s|分钟|min|小时|h|个|单|件|人)\)", label)
    return Heading(found[1], written, found[2]) if found else Heading(label, written, None)
