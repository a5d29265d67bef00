"""The table of holidays: whole years of it, and a year as a page shows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.holiday import DayKind, Holidays, SpecialDay
from trainer.models.account import Account
from trainer.models.calendar import Holiday


@dataclass(frozen=True)
class HolidayRow:
    """A day of the table; `set_by` is None where it came with the installation."""

    day: date
    kind: DayKind
    name: str
    set_by: str | None
    set_at: datetime


def get_holidays(days: Iterable[date]) -> Holidays:
    """The whole years that `days` lie in, so that a year of which nothing is known shows as one."""
    years = [day.year for day in days] or [0]
    rows = db.session.execute(
        select(Holiday.day, Holiday.kind, Holiday.name).where(
            Holiday.day.between(date(max(min(years), 1), 1, 1), date(max(max(years), 1), 12, 31))
        )
    )
    return {day: SpecialDay(kind, name) for day, kind, name in rows}


def list_year(year: int) -> list[HolidayRow]:
    rows = db.session.execute(
        select(Holiday.day, Holiday.kind, Holiday.name, Account.name, Holiday.set_at)
        .outerjoin(Account, Account.id == Holiday.set_by)
        .where(Holiday.day.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(Holiday.day)
    )
    return [HolidayRow(*row) for row in rows]


def get_holiday(day: date) -> Holiday | None:
    return db.session.get(Holiday, day)


def years_seeded() -> set[int]:
    """Years of which a day stands that came with the installation."""
    days = db.session.scalars(select(Holiday.day).where(Holiday.set_by.is_(None)))
    return {day.year for day in days}
