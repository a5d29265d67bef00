"""Holidays: days off, and weekend days that are worked instead."""

from enum import StrEnum


class DayKind(StrEnum):
    OFF = "off"
    WORKED = "worked"
