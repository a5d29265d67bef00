"""The table of holidays: filled from the list that comes with the installation, kept by staff."""

from datetime import date, datetime

from chinese_calendar import Holiday as PublicHoliday
from chinese_calendar import holidays as public_holidays
from chinese_calendar import workdays as public_workdays

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.holiday import DayKind
from trainer.errors import NotFound
from trainer.models.calendar import Holiday
from trainer.queries.holiday import get_holiday, years_seeded
from trainer.services import audit
from trainer.services.idempotency import dialect_insert

# Cohorts of earlier years are over.
FIRST_YEAR = 2025


def seed_holidays(*, by: Actor, at: datetime) -> int:
    """The years that the list knows and the table has not had yet; what staff have set stays. Returns the days added.

    A year is filled once: what staff take away afterwards does not come back with the next upgrade.
    """
    had = years_seeded()
    listed = ((DayKind.OFF, public_holidays), (DayKind.WORKED, public_workdays))
    rows = [
        {"day": day, "kind": kind, "name": PublicHoliday(name).chinese, "set_at": at}
        for kind, days in listed
        for day, name in days.items()
        if day.year >= FIRST_YEAR and day.year not in had
    ]
    if not rows:
        return 0
    insert = dialect_insert()(Holiday).on_conflict_do_nothing().returning(Holiday.day)
    added = len(db.session.scalars(insert, rows).all())
    years = sorted({row["day"].year for row in rows})
    audit.record("holiday.seed", "holiday", "years", by=by, at=at, years=years, added=added)
    return added


def set_day(day: date, kind: DayKind, name: str, *, by: Actor, at: datetime) -> None:
    """A day off or worked, whatever was said of it before."""
    held = get_holiday(day)
    before = _facts(held) if held else None
    if held is None:
        held = Holiday(day=day)
        db.session.add(held)
    held.kind, held.name, held.set_by, held.set_at = kind, name, by.account_id, at
    audit.record("holiday.set", "holiday", day, by=by, at=at, before=before, after=_facts(held))


def remove_day(day: date, *, by: Actor, at: datetime) -> None:
    """From here on the weekday says whether people work. Raises NotFound."""
    held = get_holiday(day)
    if held is None:
        raise NotFound()
    audit.record("holiday.remove", "holiday", day, by=by, at=at, before=_facts(held))
    db.session.delete(held)


def _facts(held: Holiday) -> dict[str, object]:
    return {"kind": held.kind, "name": held.name}
