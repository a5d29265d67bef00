"""A woman's year: what she learnt, whom she helped, what she sold, and what she did for the first time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from trainer.domain.days import day_begins
from trainer.domain.sales import total
from trainer.domain.sales_figures import BroadcastTotals, ShopFigures
from trainer.domain.service_hours import ServiceTotals


class MilestoneKind(StrEnum):
    """In the order in which they stand where a day has several."""

    FIRST_LESSON = "first_lesson"
    FIRST_BROADCAST = "first_broadcast"
    FIRST_ORDER = "first_order"
    CERTIFICATE = "certificate"
    HONOUR = "honour"


@dataclass(frozen=True)
class Milestone:
    """`day` is None for an honour, which belongs to its year; `words` says which certificate or honour."""

    kind: MilestoneKind
    day: date | None
    words: str = ""


@dataclass(frozen=True)
class ShopYear:
    """A shop's year: its sources side by side, never added; broadcasts and orders hold some of the same."""

    name: str
    platform: str
    figures: ShopFigures


@dataclass(frozen=True)
class Statement:
    """One woman's year up to `as_of`; parts without data are left out by whoever shows it."""

    year: int
    as_of: date
    years: range
    lessons: int
    lesson_minutes: int
    service: ServiceTotals
    shops: Sequence[ShopYear]
    milestones: Sequence[Milestone]

    @property
    def is_running(self) -> bool:
        return self.as_of < date(self.year, 12, 31)

    @property
    def is_empty(self) -> bool:
        return not (self.lessons or self.service.minutes or self.shops or self.milestones)

    @property
    def broadcasts(self) -> int:
        return sum(one.broadcasts for one in self._broadcast_totals)

    @property
    def broadcast_seconds(self) -> int | None:
        return total(one.duration_s for one in self._broadcast_totals)

    @property
    def _broadcast_totals(self) -> list[BroadcastTotals]:
        """Of each shop, from the platform's lists and typed: the one broadcast stands in one of them only."""
        found = [totals for shop in self.shops for totals in (shop.figures.listed, shop.figures.typed)]
        return [totals for totals in found if totals]


def year_span(year: int) -> tuple[datetime, datetime]:
    """From the first moment of a year in China up to that of the next."""
    return day_begins(date(year, 1, 1)), day_begins(date(year + 1, 1, 1))
