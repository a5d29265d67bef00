"""Months of sales: how far a county's month is approved, and which step may follow which."""

from enum import StrEnum


class PeriodStage(StrEnum):
    OPEN = "open"
    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"
