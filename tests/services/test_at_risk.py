"""Risks follow the closings: opened, ended, told of once; calls are added and never changed."""

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.factories import AT
from tests.races import overlap
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.at_risk import ContactOutcome, RiskReason
from trainer.domain.attendance import AttendanceStatus, NewMark
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.people import mask_phone
from trainer.errors import NotFound
from trainer.jobs import recompute_metrics
from trainer.models import AuditEvent, Enrolment, Risk
from trainer.models.at_risk import Contact
from trainer.models.message import Delivery, Message
from trainer.queries.at_risk import at_risk_page, get_follow_up
from trainer.services import at_risk, closing, roll

pytestmark = pytest.mark.sqlite_is_enough

HERE, AWAY, MADE_UP = AttendanceStatus.PRESENT, AttendanceStatus.ABSENT, AttendanceStatus.MADE_UP
ROW, BEHIND, OUT = RiskReason.ABSENT_IN_A_ROW, RiskReason.BEHIND, RiskReason.OUT_OF_REACH


class Class:
    """A class with ten lessons, of which each call of `hold` takes and closes the next."""

    def __init__(self, women: int = 2) -> None:
        self.cohort = factories.cohort()
        self.women = [factories.enrolment(self.cohort).id for _ in range(women)]
        # All on one day: the roll of a later day cannot be taken yet.
        self.lessons = [factories.lesson(self.cohort, day=n - 8).id for n in range(10)]
        self.by = factories.actor(Role.MANAGER)
        self.held = 0

    def mark(self, lesson: int, *statuses: AttendanceStatus, reason: str = "", turn: str = "") -> None:
        marks = [
            NewMark(woman, status, f"{lesson}.{woman}.{status}{turn}")
            for woman, status in zip(self.women, statuses, strict=False)
        ]
        with transaction():
            roll.record_marks(self.lessons[lesson], marks, by=self.by, at=AT, reason=reason)

    def close(self, lesson: int) -> None:
        with transaction():
            closing.close_lesson(self.lessons[lesson], 1, by=self.by, at=AT)

    def hold(self, *statuses: AttendanceStatus) -> None:
        self.mark(self.held, *statuses)
        self.close(self.held)
        self.held += 1

    def reopen(self, lesson: int) -> None:
        with transaction():
            closing.reopen_lesson(self.lessons[lesson], "点错了一排", by=self.by, at=AT)

    def risks(self, woman: int = 0) -> set[RiskReason]:
        db.session.rollback()
        own = select(Risk.reason).where(Risk.enrolment_id == self.women[woman], Risk.ended_at.is_(None))
        return set(db.session.scalars(own))


@pytest.fixture
def joined(app, monkeypatch):
    """Nobody joined late, though the lessons begin before the class."""
    made = Class()
    with transaction():
        db.session.execute(db.update(Enrolment).values(joined_on=made.cohort.starts_on.replace(day=1)))
    return made


def notices() -> list[tuple[int, dict]]:
    db.session.rollback()
    rows = db.session.execute(
        select(Delivery.account_id, Message.values)
        .join(Message, Message.id == Delivery.message_id)
        .where(Message.code == "women_at_risk")
        .order_by(Message.id, Delivery.account_id)
    )
    return [tuple(row) for row in rows]


def test_a_provisional_mark_puts_nobody_at_risk_and_the_closing_does(joined):
    joined.hold(AWAY, HERE)
    joined.mark(1, AWAY, HERE)
    assert joined.risks() == {BEHIND}
    joined.close(1)
    assert joined.risks() == {BEHIND, ROW}
    assert joined.risks(1) == set()


def test_a_late_change_ends_a_risk_and_its_history_stays(joined):
    joined.hold(AWAY, HERE)
    joined.hold(AWAY, HERE)
    joined.mark(1, MADE_UP, reason="补看录像并答题")
    assert joined.risks() == {BEHIND}
    kept = db.session.execute(select(Risk.reason, Risk.ended_at).where(Risk.ended_at.is_not(None))).all()
    assert kept == [(ROW, AT)]


def test_a_worse_reason_takes_the_place_of_the_milder(joined):
    for _ in range(3):
        joined.hold(AWAY)
    assert joined.risks() == {OUT, ROW}


def test_staff_are_told_once_a_closing_and_never_again_of_the_same(joined):
    staff = factories.account(Role.COHORT_STAFF, cohort=joined.cohort)
    factories.account(Role.MANAGER, region=factories.DATONG)  # the class has staff of its own
    factories.account(Role.COHORT_STAFF, region=factories.LINFEN)
    told = {"cohort": joined.cohort.name}
    joined.hold(AWAY, AWAY)
    assert notices() == [(staff.id, told | {"women": 2})]
    joined.reopen(0)
    assert joined.risks() == set()
    joined.close(0)
    assert joined.risks() == {BEHIND}
    assert len(notices()) == 1
    joined.held = 1
    joined.hold(AWAY, HERE)
    assert notices()[1:] == [(staff.id, told | {"women": 1})]
    joined.mark(1, HERE, reason="核对签到表", turn="b")  # ends what was told of
    assert len(notices()) == 2


def test_a_class_without_staff_tells_whoever_manages_it_and_waits_where_nobody_does(joined):
    with transaction():
        db.session.execute(db.text("UPDATE role_grants SET revoked_at = granted_at"))
    joined.hold(AWAY)
    assert notices() == []
    assert db.session.scalar(select(Risk.told_at)) is None
    manager = factories.account(Role.MANAGER, region=factories.DATONG)
    for _ in range(2):
        recompute_metrics.run({})
    assert [account for account, _values in notices()] == [manager.id]
    assert db.session.scalar(select(Risk.told_at)) is not None


def test_the_night_finds_what_came_by_other_ways_and_says_how_much_differed(joined):
    joined.hold(AWAY, AWAY)
    assert '"risks": 0' in recompute_metrics.run({})
    with transaction():
        db.session.get(Enrolment, joined.women[0]).status = EnrolmentStatus.WITHDRAWN
        db.session.execute(db.delete(Risk).where(Risk.enrolment_id == joined.women[1]))
    assert '"risks": 2' in recompute_metrics.run({})
    assert (joined.risks(0), joined.risks(1)) == (set(), {BEHIND})


def test_two_lessons_of_a_class_closed_at_once_open_each_risk_once(app, joined):
    factories.account(Role.COHORT_STAFF, cohort=joined.cohort)
    joined.mark(0, AWAY)
    joined.mark(1, AWAY)
    by, lessons = joined.by, joined.lessons

    def close(lesson: int):
        return lambda: closing.close_lesson(lessons[lesson], 0, by=by, at=AT)

    results = overlap(app, close(0), close(1))
    assert not any(isinstance(result, Exception) for result in results), results
    assert joined.risks() == {BEHIND, ROW}
    assert db.session.scalar(select(func.count(Risk.id))) == 2


@pytest.mark.parametrize("women", [1, 3])
def test_statements_do_not_grow_with_the_women(app, count_statements, women):
    made = Class(women)
    made.by = factories.actor(Role.MANAGER)
    with transaction():
        db.session.execute(db.update(Enrolment).values(joined_on=made.cohort.starts_on.replace(day=1)))
    cohort_id = made.cohort.id
    made.mark(0, *[AWAY] * women)
    made.close(0)
    with transaction():  # all that was found is not so any more, and something else is
        db.session.execute(db.update(Risk).values(reason=OUT))
    with transaction(), count_statements() as seen:
        assert at_risk.refresh_risks(cohort_id, at=AT) == 2 * women
    assert len(seen) == 12


def test_whoever_was_spoken_with_moves_down_until_a_new_risk_is_found(joined):
    joined.hold(AWAY, AWAY)
    staff = factories.actor(Role.COHORT_STAFF, region=factories.DATONG)

    def order() -> list[tuple[int, bool]]:
        db.session.rollback()
        return [(joined.women.index(row.enrolment_id), row.is_waiting) for row in at_risk_page(staff).items]

    def call(woman: int, outcome: ContactOutcome) -> None:
        with transaction():
            at_risk.log_contact(joined.women[woman], outcome, "孩子病了", by=staff, at=AT)

    assert order() == [(0, True), (1, True)]
    call(0, ContactOutcome.CALL_AGAIN)
    assert order() == [(0, True), (1, True)]
    call(0, ContactOutcome.WILL_COME)
    assert order() == [(1, True), (0, False)]
    with transaction():
        at_risk.refresh_risks(joined.cohort.id, at=AT)
        db.session.add(
            Risk(enrolment_id=joined.women[0], reason=ROW, lesson_id=joined.lessons[0], found_at=clock.now())
        )
    assert order() == [(0, True), (1, True)]  # and graver, too
    assert len(get_follow_up(staff, joined.women[0]).contacts) == 2


def test_a_call_is_audited_without_its_words_and_they_lie_encrypted(joined):
    with transaction():
        at_risk.log_contact(joined.women[0], ContactOutcome.CANNOT_COME, "婆婆住院", by=joined.by, at=AT)
    event = db.session.scalar(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1))
    assert (event.action, event.object_type) == ("contact.log", "enrolment")
    assert "婆婆" not in str(event.details)
    assert "婆婆" not in str(db.session.execute(db.text("SELECT words FROM contacts")).scalar())
    assert db.session.scalar(select(Contact.words)) == "婆婆住院"
    with pytest.raises(NotFound), transaction():
        at_risk.log_contact(0, ContactOutcome.CANNOT_COME, "", by=joined.by, at=AT)


def test_the_list_shows_only_women_within_reach(joined):
    joined.hold(AWAY)
    for actor, count in (
        (factories.actor(Role.COHORT_STAFF, cohort=joined.cohort), 1),
        (factories.actor(Role.MANAGER, region=factories.DATONG), 1),
        (factories.actor(Role.COHORT_STAFF, region=factories.LINFEN), 0),
        (factories.actor(Role.AUDITOR), 0),
    ):
        assert at_risk_page(actor).total == count
        assert bool(get_follow_up(actor, joined.women[0])) == bool(count)
    assert mask_phone("14000000001") == "140****0001"
