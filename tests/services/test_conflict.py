"""Conflicts of interest: they hold at once, take the file away, and are decided by somebody else."""

import pytest

from tests import factories, selections
from tests.factories import AT
from trainer import errors
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.panel import ConflictKind, ConflictSource, ConflictState
from trainer.domain.selection import RoundState
from trainer.errors import NotFound
from trainer.models import Assignment, AuditEvent, Round
from trainer.models.panel import Conflict
from trainer.queries.account import get_actor
from trainer.queries.conflict import get_conflict, list_conflicts, list_held, list_own_conflicts
from trainer.services import conflict as conflicts
from trainer.services import panel as panels
from trainer.services import round as rounds


@pytest.fixture
def made(app):
    return selections.opened(2, 2)


def act(verb, *values, **named):
    with transaction():
        done = verb(*values, at=AT, **named)
        return done.id if isinstance(done, Conflict) else done


def judge(made, number: int = 0):
    return get_actor(made.evaluators[number])


def raised(made, **values) -> int:
    pair = (made.applications()[0].id, made.evaluators[0].id)
    return act(conflicts.raise_conflict, *pair, ConflictKind.SAME_VILLAGE, "同村", by=made.by, **values)


def fresh(conflict_id: int) -> Conflict:
    return db.session.get(Conflict, conflict_id, populate_existing=True)


def decided(conflict_id: int, upheld: bool, by=None, reason: str = "核实过") -> None:
    by = by or factories.actor(Role.MANAGER)
    act(conflicts.decide, conflict_id, fresh(conflict_id).version, upheld, reason, by=by)


def is_withdrawn(made) -> bool:
    db.session.expire_all()
    return made.assignment(0, 0).withdrawn_at is not None


def test_her_own_word_holds_at_once_and_takes_her_sheet_away(made):
    made.submit(0, 0, 2, 2)
    said = [(made.applications()[0].id, ConflictKind.FAMILY, "侄女")]
    for _twice in range(2):
        act(panels.declare, made.round_id, said, by=judge(made))
    (row,) = db.session.scalars(db.select(Conflict)).all()
    assert (row.state, row.source, row.raised_by) == (
        ConflictState.UPHELD,
        ConflictSource.SELF,
        made.evaluators[0].id,
    )
    assert is_withdrawn(made)
    assert list_held(made.round_id) == {(made.applications()[0].id, made.evaluators[0].id)}
    live = db.select(db.func.count()).where(Assignment.round_id == made.round_id, Assignment.withdrawn_at.is_(None))
    assert db.session.scalar(live) == 3


def test_of_a_sheet_she_knows_only_the_code(made):
    mine, others = made.assignment(0, 0).id, made.assignment(0, 1).id
    with pytest.raises(NotFound):
        act(conflicts.declare_of_sheet, others, ConflictKind.OTHER, "", by=judge(made))
    act(conflicts.declare_of_sheet, mine, ConflictKind.OTHER, "认得出", by=judge(made))
    assert is_withdrawn(made)
    with pytest.raises(NotFound):
        act(conflicts.declare_of_sheet, mine, ConflictKind.OTHER, "", by=judge(made))
    (own,) = list_own_conflicts(made.evaluators[0].id, made.round_id)
    assert (own.candidate, own.words) == ("", "认得出")  # a name here would say whose the code was


def test_what_staff_raise_holds_until_somebody_else_rejects_it(made):
    made.submit(0, 0, 2, 2)
    number = raised(made)
    assert is_withdrawn(made)
    with pytest.raises(conflicts.AlreadyHeld):
        raised(made)
    with pytest.raises(conflicts.OwnConflict):
        decided(number, False, by=made.by)
    with pytest.raises(conflicts.OwnConflict):
        decided(number, False, by=judge(made))
    with pytest.raises(conflicts.DecisionWithoutReason):
        decided(number, False, reason=" ")
    with pytest.raises(errors.Conflict):
        act(conflicts.decide, number, 99, True, "x", by=factories.actor(Role.MANAGER))
    decided(number, False)
    assert not is_withdrawn(made)
    with pytest.raises(conflicts.ConflictDecided):
        decided(number, True)


def test_a_dispute_is_decided_too(made):
    number = raised(made)
    with pytest.raises(NotFound):
        act(conflicts.dispute, number, "不是", by=judge(made, 1))
    with pytest.raises(conflicts.DecisionWithoutReason):
        act(conflicts.dispute, number, " ", by=judge(made))
    act(conflicts.dispute, number, "同名不同村", by=judge(made))
    with pytest.raises(conflicts.ConflictDecided):
        act(conflicts.dispute, number, "再说", by=judge(made))
    assert is_withdrawn(made)
    (own,) = list_own_conflicts(made.evaluators[0].id, made.round_id)
    assert (own.candidate, own.words, own.dispute) == ("王秀芳", "", "同名不同村")
    decided(number, True)
    assert fresh(number).state is ConflictState.UPHELD
    assert is_withdrawn(made)
    done = db.session.scalars(
        db.select(AuditEvent.action).where(AuditEvent.action.like("conflict.%")).order_by(AuditEvent.seq)
    ).all()
    assert done == ["conflict.raise", "conflict.dispute", "conflict.uphold"]


def test_rejecting_one_of_two_gives_nothing_back(made):
    number = raised(made)
    act(panels.declare, made.round_id, [(made.applications()[0].id, ConflictKind.FAMILY, "")], by=judge(made))
    decided(number, False)
    assert is_withdrawn(made)


def test_a_wrong_tick_is_taken_back_by_somebody_else(made):
    act(panels.declare, made.round_id, [(made.applications()[0].id, ConflictKind.FAMILY, "")], by=judge(made))
    (row,) = list_conflicts(made.selection_id)
    with pytest.raises(NotFound):
        act(conflicts.dispute, row.id, "点错了", by=judge(made))
    with pytest.raises(conflicts.ConflictDecided):
        decided(row.id, True)
    decided(row.id, False, reason="评委来电：点错了名字")
    assert not is_withdrawn(made)


def test_a_candidates_word_holds_once_staff_know_whom_she_means(made):
    her = factories.actor(Role.TRAINEE, person=factories.person("赵六妹"))
    number = act(
        conflicts.raise_by_applicant, made.applications()[0].id, ConflictKind.FINANCIAL, "老王：欠我钱", by=her
    )
    assert not is_withdrawn(made)
    with pytest.raises(conflicts.NobodyNamed):
        decided(number, True)
    with pytest.raises(NotFound):
        act(conflicts.name_evaluator, number, 1, made.manager.id, by=made.by)
    act(conflicts.name_evaluator, number, 1, made.evaluators[0].id, by=made.by)
    assert is_withdrawn(made)
    with pytest.raises(conflicts.ConflictDecided):
        act(conflicts.name_evaluator, number, fresh(number).version, made.evaluators[1].id, by=made.by)


def test_a_dismissed_hint_keeps_nobody_apart(made):
    pair = (made.applications()[0].id, made.evaluators[0].id)
    act(conflicts.dismiss_hint, *pair, ConflictKind.SAME_VILLAGE, by=made.by)
    assert not is_withdrawn(made)
    assert list_held(made.round_id) == set()
    assert list_own_conflicts(made.evaluators[0].id, made.round_id) == []


def test_nobody_dismisses_a_hint_about_herself(made):
    pair = (made.applications()[0].id, made.evaluators[0].id)
    with pytest.raises(conflicts.OwnConflict):
        act(conflicts.dismiss_hint, *pair, ConflictKind.SAME_VILLAGE, by=judge(made))


def test_a_sheet_left_out_by_one_persons_word_makes_no_result(made):
    for woman in range(2):
        for evaluator in range(2):
            made.submit(woman, evaluator, 2, 2)
    made.act(rounds.close_round)
    number = raised(made)
    made.act(rounds.rank_again)
    with pytest.raises(rounds.ConflictsUndecided):
        made.freeze()
    decided(number, True)
    made.freeze()


def test_after_the_freezing_it_is_recorded_and_changes_no_figure(made):
    made.submit(0, 0, 2, 2)
    with transaction():
        round_ = db.session.get(Round, made.round_id)
        round_.state, round_.frozen_at = RoundState.FROZEN, AT
    number = raised(made)
    assert not is_withdrawn(made)
    assert get_conflict(number).is_late
    decided(number, False)
    assert not get_conflict(number).is_late


def test_nobody_outside_is_raised_against(made):
    with pytest.raises(NotFound):
        act(conflicts.raise_conflict, made.applications()[0].id, made.manager.id, ConflictKind.OTHER, by=made.by)
    with pytest.raises(NotFound):
        act(conflicts.raise_conflict, 0, made.evaluators[0].id, ConflictKind.OTHER, by=made.by)
    with pytest.raises(NotFound):
        act(conflicts.decide, 0, 1, True, "x", by=made.by)
