"""What is measured of a county before and after: kinds, units, and the comparison of the first reading with the newest.

A comparison says that something changed while the programme ran (`Claim.BEFORE_AFTER`), never that it came of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import Protocol


class IndicatorKind(StrEnum):
    PURCHASE_PRICE = "purchase_price"
    LOGISTICS_POINTS = "logistics_points"
    PRACTITIONERS = "practitioners"
    HOUSEHOLDS = "households"


# A price is one of a product, in a unit that is chosen; everything else is counted, and its unit follows from its kind.
COUNTED = {IndicatorKind.LOGISTICS_POINTS: "个", IndicatorKind.PRACTITIONERS: "人", IndicatorKind.HOUSEHOLDS: "户"}
PRICE_UNITS = ("元/斤", "元/公斤", "元/吨", "元/箱", "元/件")
# A reading so many times the one before, or so small a part of it, is a slip of the unit more often than not.
LEAP = 100
MOST_HUNDREDTHS = 10**14


@dataclass(frozen=True)
class ReadingDraft:
    """A figure as somebody enters it; `is_sure`: she was asked about a leap and confirmed it."""

    region_code: str
    kind: IndicatorKind
    subject: str
    unit: str
    value_hundredths: int
    measured_on: date
    source: str
    is_sure: bool = False


class Reading(Protocol):
    """What stands in a series: taken back readings are not handed in."""

    region_code: str
    kind: IndicatorKind
    subject: str
    value_hundredths: int
    measured_on: date


@dataclass(frozen=True)
class BeforeAfter:
    """One county's figure before and now. `began_before` False: the first there is was not measured before it began;
    `after` None: there is only one reading, and nothing to compare."""

    before: Reading
    after: Reading | None
    began_before: bool

    @property
    def newest(self) -> Reading:
        return self.after or self.before

    @property
    def change_hundredths(self) -> int | None:
        return None if self.after is None else self.after.value_hundredths - self.before.value_hundredths

    @property
    def change_share(self) -> float | None:
        """Of the value before; None where there is nothing to compare, or it was nothing before."""
        if self.after is None or not self.before.value_hundredths:
            return None
        return (self.after.value_hundredths - self.before.value_hundredths) / self.before.value_hundredths


SERIES = attrgetter("region_code", "kind", "subject")


def before_after(readings: Sequence[Reading], begins_on: date) -> BeforeAfter:
    """Of one series, sorted by day: the last reading on or before the programme's first day, else the first there is;
    and the newest."""
    earlier = [one for one in readings if one.measured_on <= begins_on]
    before, newest = (earlier[-1] if earlier else readings[0]), readings[-1]
    return BeforeAfter(before, None if newest is before else newest, began_before=bool(earlier))


def compare(readings: Iterable[Reading], begins_on: date) -> list[BeforeAfter]:
    """By county, kind and subject; `readings` sorted so, and by day."""
    return [before_after(list(series), begins_on) for _key, series in groupby(readings, key=SERIES)]


def is_leap(value: int, last: int | None) -> bool:
    """More than a hundred times the last one, or less than a hundredth of it."""
    return bool(last) and (value > LEAP * last or value * LEAP < last)
