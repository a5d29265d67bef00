"""Checks on the marker through closing, reopening and late changes; who answers them; statements however large the roll."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import factories
from tests.services.test_closing import AT, S, close, mark, reopen
from trainer.database import db, transaction
from trainer.domain.actors import Actor, Role
from trainer.domain.attendance import MarkChannel, NewMark
from trainer.domain.roll_check import RollCheckAnswer, RollCheckKind
from trainer.errors import Conflict, NotFound
from trainer.models import AuditEvent
from trainer.models.roll_check import RollCheck
from trainer.queries.roll_check import checks_page, get_check_for
from trainer.services import roll_check, walk_in
from trainer.services.roll import record_marks

pytestmark = pytest.mark.sqlite_is_enough

K = RollCheckKind
LATER = AT + timedelta(hours=1)


@pytest.fixture
def by(app):
    return factories.actor(Role.COHORT_STAFF, region=factories.DATONG)


@pytest.fixture
def manager(app):
    return factories.actor(Role.MANAGER, region=factories.SHANXI)


@pytest.fixture
def differing(cohort, lesson, by) -> RollCheck:
    """One woman on the roll, three heads counted."""
    mark(lesson, factories.enrolment(cohort), S.PRESENT, by)
    close(lesson, 3, by)
    return found(lesson)[K.HEADCOUNT_DIFFERS]


def found(lesson) -> dict[RollCheckKind, RollCheck]:
    db.session.rollback()
    db.session.expire_all()
    return {row.kind: row for row in db.session.scalars(select(RollCheck).where(RollCheck.lesson_id == lesson.id))}


def answer(check, by, *, kind=RollCheckAnswer.EXPLAINED, words="有两位家属旁听", seen=None, at=LATER):
    with transaction():
        roll_check.answer_check(check.id, kind, words, seen=seen or check.found_at.isoformat(), by=by, at=at)


def tap(lesson, women, by, *, every, absent=(), begin=AT - timedelta(hours=2)):
    """A roll taken by one marker, tap after tap."""
    for number, woman in enumerate(women):
        status = S.ABSENT if number in absent else S.PRESENT
        mark(lesson, woman, status, by, at=begin + timedelta(seconds=every * number))


def test_a_closing_writes_down_what_stands_out(differing):
    assert (differing.facts, differing.found_at, differing.gone_at) == (
        {"headcount": 3, "on_the_roll": 1},
        AT,
        None,
    )


def test_an_honest_roll_leaves_nothing(cohort, lesson, by):
    mark(lesson, factories.enrolment(cohort), S.PRESENT, by)
    close(lesson, 1, by)
    assert found(lesson) == {}


def test_opening_again_takes_nothing_off_and_a_right_closing_does(lesson, differing, by):
    reopen(lesson, by)
    assert found(lesson)[K.HEADCOUNT_DIFFERS].gone_at is None
    close(lesson, 1, by, at=LATER)
    assert found(lesson)[K.HEADCOUNT_DIFFERS].gone_at == LATER


def test_a_late_change_is_found_and_settles_the_headcount(cohort, lesson, differing, by):
    for number in range(2):
        mark(lesson, factories.enrolment(cohort), S.PRESENT, by, at=LATER, reason="签到纸上有", nonce=f"late{number}")
    now = found(lesson)
    assert now[K.HEADCOUNT_DIFFERS].gone_at == LATER
    assert now[K.MARKED_AFTER_CLOSING].facts == {"marks": 2, "as_attending": 2}


def test_a_guest_struck_out_after_the_closing_is_a_head_less(cohort, lesson, by):
    mark(lesson, factories.enrolment(cohort), S.PRESENT, by)
    guest = factories.walk_in(lesson)
    close(lesson, 2, by)
    assert found(lesson) == {}
    with transaction():
        walk_in.strike_out(guest.id, by=by, at=LATER)
    assert found(lesson)[K.HEADCOUNT_DIFFERS].facts == {"headcount": 2, "on_the_roll": 1}


def test_a_roll_that_was_never_closed_has_no_checks(cohort, lesson, by):
    mark(lesson, factories.enrolment(cohort), S.PRESENT, by)
    with transaction():
        walk_in.strike_out(factories.walk_in(lesson).id, by=by, at=AT)
        roll_check.refresh_checks(lesson.id, at=AT)
    assert found(lesson) == {}


def test_what_a_woman_asked_for_is_no_mark_after_closing(cohort, lesson, differing, by):
    mark(lesson, factories.enrolment(cohort), S.LATE, by, at=LATER, reason="补签", channel=MarkChannel.CLAIM)
    assert K.MARKED_AFTER_CLOSING not in found(lesson)


def test_marks_between_reopening_and_closing_again_count_too(cohort, lesson, differing, by):
    reopen(lesson, by)
    mark(lesson, factories.enrolment(cohort), S.PRESENT, by, at=LATER)
    close(lesson, 2, by, at=LATER)
    assert found(lesson)[K.MARKED_AFTER_CLOSING].facts == {"marks": 1, "as_attending": 1}


def test_a_roll_in_seconds_and_the_same_again_the_day_after(cohort, by):
    women = [factories.enrolment(cohort) for _ in range(24)]
    first, second = factories.lesson(cohort), factories.lesson(cohort, day=1)
    tap(first, women, by, every=3, absent={2, 5})
    close(first, 22, by)
    assert found(first) == {}
    tap(second, women, by, every=0.5, absent={2, 5}, begin=AT)
    close(second, 22, by, at=LATER)
    now = found(second)
    assert set(now) == {K.TAKEN_IN_SECONDS, K.SAME_AS_THE_DAY_BEFORE}
    assert now[K.TAKEN_IN_SECONDS].facts == {"taps": 24, "seconds": 12, "median": 0.5, "by": by.account_id}
    assert now[K.SAME_AS_THE_DAY_BEFORE].facts == {"absent": 2, "women": 24, "lesson": first.id}


def test_many_on_one_device(cohort, lesson, by):
    for _ in range(6):
        phone = Actor(None, "她", device="a" * 16)
        mark(lesson, factories.enrolment(cohort), S.PRESENT, phone, channel=MarkChannel.SCREEN_CODE)
    close(lesson, 6, by)
    assert found(lesson)[K.ONE_DEVICE_FOR_MANY].facts == {"women": 6, "devices": 1, "most": 5}


def test_the_answer_is_kept_and_written_down_without_its_words(differing, lesson, manager):
    answer(differing, manager)
    kept = found(lesson)[K.HEADCOUNT_DIFFERS]
    assert (kept.answer, kept.words, kept.answered_by) == (
        RollCheckAnswer.EXPLAINED,
        "有两位家属旁听",
        manager.account_id,
    )
    event = db.session.scalar(select(AuditEvent).order_by(AuditEvent.seq.desc()))
    assert (event.action, event.object_id, event.details["after"]) == ("roll_check.answer", str(lesson.id), "explained")
    assert "家属" not in str(event.details)


def test_the_second_answer_one_without_words_and_one_on_other_facts_are_refused(differing, lesson, by, manager):
    with pytest.raises(roll_check.CheckWordsMissing):
        answer(differing, manager, words="")
    with pytest.raises(Conflict):
        answer(differing, manager, seen="2026-01-01T00:00:00+00:00")
    with pytest.raises(NotFound), transaction():
        roll_check.answer_check(999, RollCheckAnswer.EXPLAINED, "x", seen="", by=manager, at=LATER)
    answer(differing, manager)
    with pytest.raises(roll_check.CheckAnswered):
        answer(differing, factories.actor(Role.MANAGER))


def test_a_roll_that_is_open_again_or_put_right_is_not_answered(differing, lesson, by, manager):
    reopen(lesson, by)
    with pytest.raises(roll_check.CheckGone):
        answer(differing, manager)
    close(lesson, 1, by, at=LATER)
    with pytest.raises(roll_check.CheckGone):
        answer(differing, manager)


def test_an_answer_falls_with_the_facts_it_was_about_and_stands_with_them(cohort, differing, lesson, by, manager):
    answer(differing, manager)
    reopen(lesson, by, at=LATER)
    close(lesson, 3, by, at=LATER)
    assert found(lesson)[K.HEADCOUNT_DIFFERS].answer is RollCheckAnswer.EXPLAINED
    reopen(lesson, by, at=LATER)
    close(lesson, 5, by, at=LATER)
    anew = found(lesson)[K.HEADCOUNT_DIFFERS]
    assert (anew.answer, anew.words, anew.answered_at, anew.facts["headcount"]) == (None, "", None, 5)


def test_whoever_took_or_closed_the_roll_sees_no_check_of_it(cohort, differing, lesson, manager, by):
    account = factories.account(Role.MANAGER, region=factories.SHANXI)
    marker = factories.actor_of(account)
    assert get_check_for(marker, differing.id)
    mark(lesson, factories.enrolment(cohort), S.ABSENT, marker, at=LATER, reason="看了照片")
    assert get_check_for(marker, differing.id) is None
    seen = {row.id for row in checks_page(manager).items}
    assert differing.id in seen
    assert checks_page(marker).total == 0
    reopen(lesson, manager)
    close(lesson, 4, manager, at=LATER)
    assert checks_page(manager).total == 0


@pytest.mark.parametrize("area", [factories.LINFEN, factories.YUNZHOU])
def test_the_list_ends_at_her_area(differing, area):
    assert checks_page(factories.actor(Role.MANAGER, region=area)).total == 0
    assert get_check_for(factories.actor(Role.MANAGER, region=area), differing.id) is None


@pytest.mark.parametrize("women", [1, 60])
def test_a_refresh_takes_five_statements(cohort, lesson, by, count_statements, women):
    rows = [factories.enrolment(cohort) for _ in range(women)]
    with transaction():
        record_marks(lesson.id, [NewMark(row.id, S.PRESENT, f"n{row.id}") for row in rows], by=by, at=AT)
    close(lesson, women + 1, by)
    lesson_id = lesson.id
    with transaction() as session:
        session.execute(db.delete(RollCheck))
    with transaction(), count_statements() as seen:
        roll_check.refresh_checks(lesson_id, at=AT)
    assert len(seen) == 5
    assert found(lesson)
