"""Spot checks: the drawing is kept with its seed, nobody draws until it suits; calls with their tries; what they show."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import factories
from tests.races import overlap
from tests.services.test_closing import AT, S, close, mark
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.roll_check import RollCheckKind
from trainer.domain.spot_check import SpotCheckOutcome, draw
from trainer.errors import Conflict, NotFound
from trainer.models import AuditEvent
from trainer.models.roll_check import RollCheck
from trainer.models.spot_check import SpotCheck, SpotCheckDraw
from trainer.queries.spot_check import list_calls, list_draws, list_reported
from trainer.services import spot_check

pytestmark = pytest.mark.sqlite_is_enough

O = SpotCheckOutcome  # noqa: E741


@pytest.fixture
def by(app):
    return factories.actor(Role.COHORT_STAFF, region=factories.DATONG)


@pytest.fixture
def caller(app):
    return factories.actor(Role.COHORT_STAFF, region=factories.DATONG)


@pytest.fixture
def women(cohort, by):
    """Eleven who came to two closed lessons, one who was absent, and a lesson that is not closed."""
    rows = [factories.enrolment(cohort) for _ in range(12)]
    for day in (0, 1):
        lesson = factories.lesson(cohort, day=day)
        for number, row in enumerate(rows):
            mark(lesson, row, S.ABSENT if number == 11 else S.PRESENT, by)
        close(lesson, 11, by)
    mark(factories.lesson(cohort, day=1, title="未结课"), rows[11], S.PRESENT, by)
    return rows


def drawn(cohort, by, seed=7, at=AT) -> SpotCheckDraw:
    with transaction():
        return spot_check.draw_women(cohort.id, seed, by=by, at=at)


def calls(cohort) -> list[SpotCheck]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(SpotCheck).order_by(SpotCheck.id)))


def call(row, outcome, by, *, note="", seen=None, at=AT):
    with transaction():
        spot_check.record_call(row.id, outcome, note, seen=seen or row.version, by=by, at=at)


def test_a_tenth_is_drawn_as_the_seed_says_and_only_of_closed_lessons(cohort, women, caller):
    made = drawn(cohort, caller)
    assert (made.eligible, made.drawn, made.seed, made.by) == (11, 2, 7, caller.account_id)
    reported = {woman: [lesson for lesson, _status in said] for woman, said in list_reported(cohort.id).items()}
    assert set(reported) == {row.id for row in women[:11]}
    assert [(row.enrolment_id, row.lesson_id) for row in calls(cohort)] == draw(reported, {}, 7)
    assert {row.reported for row in calls(cohort)} == {S.PRESENT}
    event = db.session.scalar(select(AuditEvent).order_by(AuditEvent.seq.desc()))
    assert (event.action, event.details["seed"], event.details["drawn"]) == ("spot_check.draw", 7, 2)


def test_nobody_to_draw(cohort, caller):
    with pytest.raises(spot_check.NobodyToDraw):
        drawn(cohort, caller)


def test_nobody_draws_until_the_names_suit(cohort, women, caller):
    drawn(cohort, caller)
    with pytest.raises(spot_check.CallsLeft) as refused:
        drawn(cohort, caller, seed=8)
    assert refused.value.values == {"left": 2}
    first = {row.enrolment_id for row in calls(cohort)}
    for row in calls(cohort):
        call(row, O.NOT_REACHED, caller)
    drawn(cohort, caller, seed=8)
    assert not first & {row.enrolment_id for row in calls(cohort)[2:]}
    assert [one.seed for one in list_draws(cohort.id)] == [8, 7]


def test_two_who_draw_at_once_draw_once(app, cohort, women, caller):
    cohort_id = cohort.id
    acts = [lambda seed=seed: spot_check.draw_women(cohort_id, seed, by=caller, at=AT).drawn for seed in (1, 2)]
    first, second = overlap(app, *acts)
    assert first == 2
    assert isinstance(second, spot_check.CallsLeft)
    assert len(calls(cohort)) == 2


def test_tries_are_counted_and_the_last_word_stands(cohort, women, caller):
    drawn(cohort, caller)
    row = calls(cohort)[0]
    call(row, O.NOT_REACHED, caller)
    later = AT + timedelta(hours=3)
    call(calls(cohort)[0], O.WAS_THERE, caller, note="记得讲剪辑", at=later)
    kept = calls(cohort)[0]
    assert (kept.outcome, kept.tries, kept.note, kept.called_at) == (O.WAS_THERE, 2, "记得讲剪辑", later)
    assert kept.called_by == caller.account_id
    event = db.session.scalar(select(AuditEvent).order_by(AuditEvent.seq.desc()))
    assert event.details == {"lesson": kept.lesson_id, "tries": 2, "before": "not_reached", "after": "was_there"}


def test_two_who_called_her_at_once_are_not_mixed(cohort, women, caller):
    drawn(cohort, caller)
    row = calls(cohort)[0]
    seen = row.version
    call(row, O.WAS_THERE, caller)
    with pytest.raises(Conflict):
        call(row, O.WAS_NOT_THERE, caller, seen=seen)
    with pytest.raises(NotFound), transaction():
        spot_check.record_call(999, O.UNSURE, "", seen=1, by=caller, at=AT)


def test_was_not_there_is_seen_one_level_up_until_it_is_put_right(cohort, women, caller):
    drawn(cohort, caller)
    row = calls(cohort)[0]
    call(row, O.WAS_NOT_THERE, caller)
    [check] = db.session.scalars(select(RollCheck))
    assert (check.kind, check.lesson_id) == (RollCheckKind.SAID_SHE_WAS_NOT_THERE, row.lesson_id)
    assert check.facts["women"] == 1
    call(calls(cohort)[0], O.WAS_THERE, caller, note="记错了日子")
    db.session.expire_all()
    assert db.session.scalars(select(RollCheck)).one().gone_at == AT


def test_a_call_by_whoever_took_the_roll_is_shown_as_such(cohort, women, by, caller):
    drawn(cohort, caller)
    call(calls(cohort)[0], O.WAS_THERE, by)
    told = {row.outcome: (row.called_by_marker, row.callers_own) for row in list_calls(caller, cohort.id)}
    assert told == {O.WAS_THERE: (True, False), None: (False, False)}
    assert all(row.callers_own for row in list_calls(by, cohort.id))
