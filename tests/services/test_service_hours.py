"""Service hours: two people, a day of 24 hours, points fixed at approval."""

from datetime import date, timedelta

import pytest

from tests import factories
from tests.factories import AT, DATONG
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.need import NeedKind
from trainer.domain.retention import Kept
from trainer.domain.service_hours import Help, ServiceKind, ServiceState
from trainer.errors import NotFound
from trainer.models import ServiceEntry
from trainer.models.audit import AuditEvent
from trainer.queries.message import inbox_page
from trainer.queries.need import count_needs, needs_page
from trainer.queries.service_hours import get_totals_of
from trainer.services import service_hours as ledger
from trainer.services.retention import purge

pytestmark = pytest.mark.sqlite_is_enough

KIND, STATE = ServiceKind, ServiceState
DAY = AT.date()


@pytest.fixture
def staff(app):
    return factories.actor_of(factories.account(Role.COHORT_STAFF, region=DATONG))


@pytest.fixture
def manager(app):
    return factories.actor_of(factories.account(Role.MANAGER, region=DATONG))


def enter(people, by, *, minutes=90, day=DAY, kind=KIND.MENTORING, nonce="a", **more) -> list[int]:
    with transaction():
        return ledger.enter(
            [person.id for person in people], Help(kind, day, minutes, "教剪辑"), nonce=nonce, by=by, at=AT, **more
        )


def act(verb, *facts, by, at=AT):
    with transaction():
        return verb(*facts, by=by, at=at)


def state_of(entry_id: int) -> tuple[ServiceState, int | None]:
    entry = db.session.get(ServiceEntry, entry_id)
    return entry.state, entry.points


def test_help_of_two_is_entered_once_and_approved_by_somebody_else(staff, manager):
    women = [factories.person(), factories.person()]
    entered = enter(women, staff)
    assert enter(women, staff) == entered  # sent twice
    assert act(ledger.approve, entered, by=manager) == 2
    assert [state_of(one) for one in entered] == [(STATE.APPROVED, 2)] * 2
    totals = get_totals_of(women[0].id, year=2026)
    assert (totals.minutes, totals.points, totals.waiting_minutes) == (90, 2, 0)
    actions = db.session.scalars(db.select(AuditEvent.action).order_by(AuditEvent.seq)).all()
    assert actions == ["service_hours.enter"] * 2 + ["service_hours.approve"] * 2


def test_neither_who_entered_it_nor_who_helped_decides(app, manager):
    woman = factories.person()
    herself = factories.actor_of(factories.account(Role.MANAGER, region=DATONG, person=woman))
    [entry] = enter([woman], manager)
    for by in (manager, herself):
        with pytest.raises(ledger.OwnEntry):
            act(ledger.approve, [entry], by=by)
        with pytest.raises(ledger.OwnEntry):
            act(ledger.refuse, entry, "不是", by=by)
    assert state_of(entry) == (STATE.PROPOSED, None)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"day": DAY + timedelta(1)}, ledger.HelpToCome),
        ({"minutes": 1440 - 89, "kind": KIND.OTHER}, ledger.DayTooLong),
        ({}, ledger.EnteredAlready),
    ],
)
def test_what_cannot_be_or_stands_already_is_refused(staff, values, problem):
    woman = factories.person()
    enter([woman], staff)
    with pytest.raises(problem):
        enter([factories.person(), woman], staff, nonce="b", **values)
    assert db.session.scalar(db.select(db.func.count(ServiceEntry.id))) == 1


def test_a_full_day_and_the_same_help_twice_are_taken(staff):
    woman = factories.person()
    enter([woman], staff)
    assert len(enter([woman], staff, nonce="b", anyway=True)) == 1
    assert len(enter([woman], staff, nonce="c", minutes=1440 - 180)) == 1


def test_nobody_and_whoever_is_gone_are_refused(staff):
    with pytest.raises(ledger.NobodyHelped):
        enter([], staff)
    with pytest.raises(NotFound):
        enter([factories.person(erased_at=AT)], staff)


def test_refused_help_makes_room_and_she_is_told(staff, manager):
    woman = factories.person()
    [entry] = enter([woman], staff, minutes=1440)
    with pytest.raises(ledger.ServiceReasonMissing):
        act(ledger.refuse, entry, "", by=manager)
    act(ledger.refuse, entry, "请补照片", by=manager)
    with pytest.raises(ledger.ServiceDecided):
        act(ledger.approve, [entry], by=manager)
    assert len(enter([woman], staff, minutes=1440, nonce="b")) == 1
    herself = factories.actor_of(factories.account(Role.TRAINEE, person=woman))
    assert [row.code for row in inbox_page(herself).items] == ["service_answered"]


def test_an_approved_entry_taken_back_stays_and_does_not_count(staff, manager):
    woman = factories.person()
    [entry] = enter([woman], staff)
    with pytest.raises(ledger.ServiceDecided):
        act(ledger.take_back, entry, "记错了", by=manager)
    act(ledger.approve, [entry], by=manager)
    act(ledger.take_back, entry, "记错了", by=manager)
    assert state_of(entry) == (STATE.TAKEN_BACK, 2)
    assert get_totals_of(woman.id).minutes == 0


def test_who_entered_it_takes_it_back_while_it_waits(staff, manager):
    [entry] = enter([factories.person()], staff)
    with pytest.raises(NotFound):
        act(ledger.withdraw, entry, by=manager)
    act(ledger.withdraw, entry, by=staff)
    assert state_of(entry)[0] is STATE.TAKEN_BACK


def test_one_that_cannot_be_approved_stops_them_all(staff, manager):
    first, second = enter([factories.person()], staff), enter([factories.person()], manager, nonce="b")
    with pytest.raises(ledger.OwnEntry):
        act(ledger.approve, first + second, by=manager)
    assert state_of(first[0]) == (STATE.PROPOSED, None)


def test_a_rate_does_not_reach_back_before_help_that_is_approved(staff, manager):
    act(ledger.set_rate, KIND.MENTORING, date(2026, 1, 1), 4, by=manager)
    [entry] = enter([factories.person()], staff)
    act(ledger.approve, [entry], by=manager)
    assert state_of(entry) == (STATE.APPROVED, 6)
    with pytest.raises(ledger.TariffChangesApproved) as refused:
        act(ledger.set_rate, KIND.MENTORING, DAY, 9, by=manager)
    assert refused.value.values["day"] == DAY
    act(ledger.set_rate, KIND.MENTORING, DAY + timedelta(1), 9, by=manager)
    act(ledger.set_rate, KIND.OTHER, DAY, 9, by=manager)
    assert state_of(entry) == (STATE.APPROVED, 6)


def test_what_others_entered_waits_for_the_manager(staff, manager):
    enter([factories.person()], staff)
    enter([factories.person()], manager, nonce="b")
    assert count_needs(manager, at=AT)[NeedKind.SERVICE_HOURS] == 1
    assert [row.title for row in needs_page(manager, NeedKind.SERVICE_HOURS, at=AT).items] == ["王秀芳"]


def test_evidence_goes_after_its_years_and_the_entry_stays(staff):
    [entry] = enter([factories.person()], staff, picture=factories.picture("JPEG"))
    later = AT + timedelta(days=1)
    with transaction():
        assert purge(Kept.LESSON_PICTURES, before=AT, at=later).count == 0
        assert purge(Kept.LESSON_PICTURES, before=later, at=later).count == 1
    kept = db.session.get(ServiceEntry, entry)
    assert (kept.evidence_id, kept.minutes) == (None, 90)
