"""Holidays: days off, and weekend days that are worked instead."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DayKind(StrEnum):
    OFF = "off"
    WORKED = "worked"


@dataclass(frozen=True)
class SpecialDay:
    """A day on which the weekday does not say whether people work."""

    kind: DayKind
    name: str


Holidays = Mapping[date, SpecialDay]
SATURDAY = 5


@dataclass(frozen=True)
class Rest:
    """Why nobody works on a day: the name of a holiday, or none on a plain weekend."""

    holiday: str = ""


def is_working_day(day: date, holidays: Holidays) -> bool:
    """As the table says; where it says nothing, Monday to Friday."""
    special = holidays.get(day)
    return special.kind is DayKind.WORKED if special else day.weekday() < SATURDAY


def rest_on(day: date, holidays: Holidays, *, weekends_too: bool = True) -> Rest | None:
    """None on a day people work; `weekends_too` False where a class is held on weekends all the same."""
    if is_working_day(day, holidays):
        return None
    if day in holidays:
        return Rest(holidays[day].name)
    return Rest() if weekends_too else None


def years_without(days: Iterable[date], holidays: Holidays) -> list[int]:
    """The years of `days` of which the table knows nothing: only weekdays count there."""
    return sorted({day.year for day in days} - {day.year for day in holidays})
