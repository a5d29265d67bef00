"""The table of holidays: seeded once a year, never over what staff have set."""

from datetime import date

import pytest

from tests import factories
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM
from trainer.domain.holiday import DayKind, SpecialDay, is_working_day
from trainer.errors import NotFound
from trainer.models import AuditEvent, Holiday
from trainer.queries.holiday import get_holidays, list_year
from trainer.services import holiday as holidays

pytestmark = pytest.mark.sqlite_is_enough

NATIONAL_DAY, WORKED_SUNDAY = date(2026, 10, 1), date(2026, 9, 20)


def seed() -> int:
    with transaction():
        return holidays.seed_holidays(by=SYSTEM, at=factories.AT)


def set_day(by, day, kind, name):
    with transaction():
        holidays.set_day(day, kind, name, by=by, at=factories.AT)


def test_the_list_of_the_installation_comes_in_once(app):
    added = seed()
    assert added > 40
    assert seed() == 0
    table = get_holidays([NATIONAL_DAY])
    assert table[NATIONAL_DAY] == SpecialDay(DayKind.OFF, "国庆节")
    assert not is_working_day(NATIONAL_DAY, table)
    assert is_working_day(WORKED_SUNDAY, table)
    assert {day.year for day in table} == {2026}
    assert list(db.session.scalars(db.select(AuditEvent.action))) == ["holiday.seed"]


def test_what_staff_have_set_or_taken_out_stays(app):
    by = factories.actor(factories.Role.SYSTEM_ADMINISTRATOR)
    set_day(by, NATIONAL_DAY, DayKind.WORKED, "值班")
    seed()
    assert get_holidays([NATIONAL_DAY])[NATIONAL_DAY] == SpecialDay(DayKind.WORKED, "值班")
    with transaction():
        holidays.remove_day(WORKED_SUNDAY, by=by, at=factories.AT)
    assert seed() == 0
    assert WORKED_SUNDAY not in get_holidays([NATIONAL_DAY])


def test_each_change_is_written_down(app):
    by = factories.actor(factories.Role.SYSTEM_ADMINISTRATOR)
    day = date(2027, 10, 1)
    set_day(by, day, DayKind.OFF, "国庆节")
    set_day(by, day, DayKind.OFF, "国庆")
    [row] = list_year(2027)
    assert (row.name, row.set_by) == ("国庆", by.name)
    with transaction():
        holidays.remove_day(day, by=by, at=factories.AT)
    with pytest.raises(NotFound), transaction():
        holidays.remove_day(day, by=by, at=factories.AT)
    events = db.session.scalars(db.select(AuditEvent).order_by(AuditEvent.seq)).all()
    assert [event.action for event in events] == ["holiday.set", "holiday.set", "holiday.remove"]
    assert events[1].details["before"] == {"kind": "off", "name": "国庆节"}
    assert db.session.scalar(db.select(db.func.count()).select_from(Holiday)) == 0
