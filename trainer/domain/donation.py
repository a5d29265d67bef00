"""Donations per order: what pledges come to month by month, and what was paid in beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import accumulate


@dataclass(frozen=True)
class FundDraft:
    region_code: str
    name: str
    purpose: str


@dataclass(frozen=True)
class PledgeDraft:
    """So many fen of each completed order paid on these days; without an end until it is given one."""

    per_order_fen: int
    starts_on: date
    ends_on: date | None

    def overlaps(self, starts_on: date, ends_on: date | None) -> bool:
        return (self.ends_on is None or starts_on <= self.ends_on) and (ends_on is None or self.starts_on <= ends_on)


@dataclass(frozen=True)
class Given:
    """Completed orders and what they give."""

    orders: int = 0
    fen: int = 0

    def __add__(self, other: "Given") -> "Given":
        return Given(self.orders + other.orders, self.fen + other.fen)


@dataclass(frozen=True)
class FundMonth:
    """A line of the running total. `outstanding_fen` below nothing: more was paid in than orders gave."""

    month: str
    given: Given
    received_fen: int
    given_so_far_fen: int
    received_so_far_fen: int

    @property
    def outstanding_fen(self) -> int:
        return self.given_so_far_fen - self.received_so_far_fen


def running_total(given: Iterable[tuple[str, Given]], received: Iterable[tuple[str, int]]) -> list[FundMonth]:
    """By month (2026-03), the oldest first; months in which nothing happened are left out."""
    promised: dict[str, Given] = {}
    paid: dict[str, int] = {}
    for month, one in given:
        promised[month] = promised.get(month, Given()) + one
    for month, fen in received:
        paid[month] = paid.get(month, 0) + fen
    months = sorted(promised.keys() | paid.keys())
    sums = accumulate(promised.get(month, Given()).fen for month in months)
    paid_sums = accumulate(paid.get(month, 0) for month in months)
    return [
        FundMonth(month, promised.get(month, Given()), paid.get(month, 0), so_far, paid_so_far)
        for month, so_far, paid_so_far in zip(months, sums, paid_sums, strict=True)
    ]
