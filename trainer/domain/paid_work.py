"""Paid work by name list: what a row may say, and what the rows of a class come to as full-time jobs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from trainer.domain.outcome_effort import PaidDays, jobs
from trainer.domain.outcomes import Jobs
from trainer.domain.people import clean_name
from trainer.errors import Refused


class DatesTurnedRound(Refused):
    code = "paid_work_dates"


class TwoYears(Refused):
    """Jobs are told by the calendar year: a row lies within one."""

    code = "paid_work_two_years"


class WorkToCome(Refused):
    code = "paid_work_to_come"


class WorkBeforeEnd(Refused):
    """What was paid before the course was over does not tell of it."""

    code = "paid_work_before_end"


class TooManyDays(Refused):
    """More paid days than the stretch has, or none."""

    code = "paid_work_days"


@dataclass(frozen=True)
class PaidWorkDraft:
    """Both days included."""

    worker: str
    is_woman: bool
    is_seasonal: bool
    from_on: date
    until_on: date
    paid_days: int

    @property
    def name(self) -> str:
        """As names are written here, so that the same one is found again. Raises people.Problem."""
        return clean_name(self.worker)

    def overlaps(self, from_on: date, until_on: date) -> bool:
        return self.from_on <= until_on and from_on <= self.until_on

    def check(self, course_end: date, today: date) -> None:
        """Raises DatesTurnedRound, TwoYears, WorkToCome, WorkBeforeEnd, TooManyDays."""
        stretch = {"from_on": self.from_on, "until_on": self.until_on}
        if self.until_on < self.from_on:
            raise DatesTurnedRound(**stretch)
        if self.from_on.year != self.until_on.year:
            raise TwoYears(**stretch)
        if self.until_on > today:
            raise WorkToCome(day=self.until_on)
        if self.from_on <= course_end:
            raise WorkBeforeEnd(day=self.from_on, ends_on=course_end)
        most = (self.until_on - self.from_on).days + 1
        if not 0 < self.paid_days <= most:
            raise TooManyDays(**stretch, most=most)


def jobs_by_year(rows: Iterable[tuple[date, PaidDays]]) -> dict[int, Jobs]:
    """By the year in which the days lie, the latest first."""
    years: dict[int, list[PaidDays]] = {}
    for until_on, row in rows:
        years.setdefault(until_on.year, []).append(row)
    return {year: jobs(years[year]) for year in sorted(years, reverse=True)}
