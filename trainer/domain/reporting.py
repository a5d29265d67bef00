"""Reporting: how far the sales data of a woman reach by now, and how often she is reminded to send more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from trainer.domain.actors import region_prefix

RECENT = timedelta(days=30)
# The notice by which staff ask her for her data, once a month at most; so many women at one press of the button.
REMINDER, MOST_AT_ONCE = "sales_data_wanted", 500


class Reporting(StrEnum):
    """Up to the last thirty days from files, up to there only as typed in by hand, older, never any."""

    RECENT = "recent"
    TYPED = "typed"
    OLDER = "older"
    NONE = "none"


# Whom to remind.
SILENT = (Reporting.OLDER, Reporting.NONE)


@dataclass(frozen=True)
class ReportingLine:
    """Of a county, or of a cohort: women by how far their data reach."""

    key: object
    counts: Mapping[Reporting, int]

    @property
    def women(self) -> int:
        return sum(self.counts.values())

    @property
    def recent(self) -> int:
        """With data of the last thirty days, from files or typed."""
        return self.counts.get(Reporting.RECENT, 0) + self.counts.get(Reporting.TYPED, 0)

    @property
    def silent(self) -> int:
        return self.women - self.recent

    @property
    def share(self) -> float | None:
        return self.recent / self.women if self.women else None


def lines_of(rows: Iterable[tuple[object, Reporting, int]]) -> list[ReportingLine]:
    """(key, state, women) put together by key, in the order in which the keys come."""
    counts: dict[object, dict[Reporting, int]] = {}
    for key, state, women in rows:
        counts.setdefault(key, {})[Reporting(state)] = women
    return [ReportingLine(key, own) for key, own in counts.items()]


@dataclass(frozen=True)
class SilentWoman:
    """A woman whose data stop short of the last thirty days, in her latest cohort; her phone masked."""

    person_id: int
    enrolment_id: int
    name: str
    phone: str
    region_code: str
    county: str
    cohort_id: int
    cohort: str
    cohort_region: str
    teacher_name: str
    teacher_phone: str
    state: Reporting
    reach_on: date | None
    reminded_at: datetime | None


@dataclass(frozen=True)
class Duty:
    """Somebody of the staff, and where."""

    name: str
    region_code: str | None
    cohort_id: int | None

    def is_for(self, cohort_id: int, region_codes: Iterable[str]) -> bool:
        if self.cohort_id is not None:
            return self.cohort_id == cohort_id
        return self.region_code is None or any(
            code.startswith(region_prefix(self.region_code)) for code in region_codes
        )

    @property
    def nearness(self) -> int:
        """A class before a county, a county before a city, a city before a province."""
        return 9 if self.cohort_id is not None else len(region_prefix(self.region_code)) if self.region_code else 0


def nearest(duties: Iterable[Duty], cohort_id: int, region_codes: Iterable[str]) -> list[str]:
    """Names of the staff nearest to a woman: her class's, else her county's or her class's county's, and so on up."""
    codes = list(region_codes)
    meant = [duty for duty in duties if duty.is_for(cohort_id, codes)]
    most = max((duty.nearness for duty in meant), default=0)
    return sorted({duty.name for duty in meant if duty.nearness == most})


def month_of(day: date) -> str:
    return f"{day:%Y-%m}"
