"""Rounds: closing, reckoning again, freezing, further readers, opening again by two people, and the next round."""

from datetime import timedelta

import pytest

from tests import factories, selections
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.selection import AssignmentOrigin, RoundKind, RoundState
from trainer.domain.severity_ranking import sha256_of
from trainer.errors import NotFound
from trainer.jobs import check_sheets
from trainer.models import Assignment, Candidacy, RankingRow, RankingRun, Round, Rubric
from trainer.queries.account import get_actor
from trainer.services import application as applications
from trainer.services import next_round, reopening
from trainer.services import round as rounds
from trainer.services import selection as services
from trainer.services.review import SheetStands

LATER = AT + timedelta(days=1)


def closed(women: int = 3, evaluators: int = 2, **values):
    """Everybody scored by everybody, the earlier woman the better."""
    made = selections.opened(women, evaluators, **values)
    for place in range(women):
        for evaluator in range(evaluators):
            made.submit(place, evaluator, 3 - place, 2)
    made.act(rounds.close_round)
    return made


def runs(made) -> list[RankingRun]:
    return db.session.scalars(
        db.select(RankingRun).where(RankingRun.round_id == made.round_id).order_by(RankingRun.id)
    ).all()


def other():
    return get_actor(factories.account(Role.MANAGER))


def test_opening_locks_the_rules_with_their_seal(app):
    made = selections.opened()
    rubric = db.session.scalar(
        db.select(Rubric).where(Rubric.round_id == made.round_id, Rubric.superseded_at.is_(None))
    )
    assert rubric.locked_at == AT
    assert len(rubric.sha256) == 64


def test_closed_is_not_frozen_and_frozen_stands_still(app):
    made = closed()
    assert made.state is RoundState.CLOSED
    assert runs(made)[0].frozen_at is None
    run_id = made.freeze(at=LATER)
    assert made.state is RoundState.FROZEN
    assert (runs(made)[0].id, runs(made)[0].frozen_at) == (run_id, LATER)
    for act, values in ((rounds.rank_again, ()), (rounds.freeze_round, (run_id,)), (rounds.close_round, ())):
        with pytest.raises((rounds.RoundNotClosed, rounds.RoundNotOpen)):
            made.act(act, *values)
    application = made.applications()[0]
    with pytest.raises(rounds.RoundNotDraft), transaction():
        services.withdraw(application.id, application.version, "搬家", by=made.by, at=LATER)


def test_only_the_last_run_of_this_round_is_frozen(app):
    made = closed()
    first = runs(made)[0].id
    made.act(rounds.rank_again, at=LATER)
    assert [run.frozen_at for run in runs(made)] == [None, None]
    with pytest.raises(rounds.RunOutdated):
        made.act(rounds.freeze_round, first)
    with pytest.raises(NotFound):
        made.act(rounds.freeze_round, closed().freeze())
    assert made.freeze() == runs(made)[1].id


def test_a_run_from_which_a_sheet_fell_out_is_not_frozen(app):
    made = closed()
    with transaction():
        fallen = db.session.scalar(db.select(Assignment).where(Assignment.id == made.assignment(0, 0).id))
        fallen.withdrawn_at = LATER
    with pytest.raises(rounds.RunOutdated):
        made.freeze()
    made.act(rounds.rank_again, at=LATER)
    made.freeze()
    first, second = runs(made)
    assert (len(first.inputs["sheets"]), len(second.inputs["sheets"])) == (6, 5)


def test_further_readers_alone_can_write(app):
    made = selections.opened(3, 3, readers=2)
    dealt = {(a.application_id, a.account_id) for a in db.session.scalars(db.select(Assignment))}
    ids, judges = [a.id for a in made.applications()], [e.id for e in made.evaluators]
    for application, judge in dealt:
        made.submit(ids.index(application), judges.index(judge), 3 - ids.index(application), 2)
    made.act(rounds.close_round)
    missing = next((a, j) for a in ids for j in judges if (a, j) not in dealt)
    with pytest.raises(rounds.NobodyAsked):
        made.act(rounds.open_wave, [])
    made.act(rounds.open_wave, [(*missing, AssignmentOrigin.ADAPTIVE, "接近分界线")], at=LATER)
    assert made.state is RoundState.OPEN
    place, judge = ids.index(missing[0]), judges.index(missing[1])
    made.submit(place, judge, 3, 3, at=LATER)
    beside = min(dealt)
    with pytest.raises(SheetStands):
        made.submit(ids.index(beside[0]), judges.index(beside[1]), 1, 1, version=1, reason="改主意", at=LATER)
    made.act(rounds.close_round, at=LATER)
    assert [len(run.inputs["sheets"]) for run in runs(made)] == [6, 7]


def test_opening_again_takes_two_people_and_reasons(app):
    made = closed()
    made.freeze()
    with pytest.raises(rounds.ReasonMissing), transaction():
        reopening.ask_to_reopen(made.round_id, " ", by=made.by, at=AT)
    with transaction():
        request = reopening.ask_to_reopen(made.round_id, "漏了一份纸质评分表", by=made.by, at=AT)
    assert made.state is RoundState.FROZEN
    with pytest.raises(reopening.AskedAlready), transaction():
        reopening.ask_to_reopen(made.round_id, "再来一次", by=other(), at=AT)
    with pytest.raises(reopening.OwnRequest), transaction():
        reopening.answer_reopening(made.round_id, request.id, True, "同意", by=made.by, at=AT)
    with pytest.raises(rounds.ReasonMissing), transaction():
        reopening.answer_reopening(made.round_id, request.id, True, "", by=other(), at=AT)
    with transaction():
        reopening.answer_reopening(made.round_id, request.id, True, "核实过原件", by=other(), at=AT)
    assert made.state is RoundState.OPEN
    with pytest.raises(rounds.RoundNotClosed), transaction():
        reopening.answer_reopening(made.round_id, request.id, True, "再答", by=other(), at=AT)
    made.submit(0, 0, 1, 1, version=1, reason="更正", at=LATER)
    made.act(rounds.close_round, at=LATER)
    first, second = runs(made)
    assert first.frozen_at == AT
    assert first.output_sha256 != second.output_sha256


def test_a_refusal_leaves_it_closed(app):
    made = closed()
    with transaction():
        request = reopening.ask_to_reopen(made.round_id, "想再看看", by=made.by, at=AT)
    with transaction():
        reopening.answer_reopening(made.round_id, request.id, False, "没有依据", by=other(), at=AT)
    assert made.state is RoundState.CLOSED
    made.freeze()


def test_the_best_go_on_and_a_tie_on_the_line_as_a_whole(app):
    made = selections.opened(4, 2, seats=2)
    for place, level in enumerate((3, 2, 2, 1)):
        for evaluator in range(2):
            made.submit(place, evaluator, level, 2)
    made.act(rounds.close_round)
    with pytest.raises(rounds.RoundNotFrozen):
        made.act(next_round.start_next_round, RoundKind.FINAL, 1)
    made.freeze()
    following = made.act(next_round.start_next_round, RoundKind.FINAL, 1)
    assert (following.number, following.state, following.advances) == (2, RoundState.DRAFT, 1)
    inside = set(db.session.scalars(db.select(Candidacy.application_id).where(Candidacy.round_id == following.id)))
    assert inside == {a.id for a in made.applications()[:3]}
    with pytest.raises(reopening.LaterRoundExists):
        made.act(next_round.start_next_round, RoundKind.FINAL, 1)
    with pytest.raises(reopening.LaterRoundExists), transaction():
        reopening.ask_to_reopen(made.round_id, "晚了", by=made.by, at=AT)


def test_nobody_goes_on_from_a_result_changed_behind_the_sites_back(app):
    made = closed()
    run_id = made.freeze()
    with transaction() as session:
        last = db.select(RankingRow).where(RankingRow.run_id == run_id, RankingRow.rank == 3)
        session.scalar(last).rank = 1
    with pytest.raises(next_round.RunTampered):
        made.act(next_round.start_next_round, RoundKind.EXPERT, 1)


@pytest.mark.parametrize(
    "change",
    [
        lambda run: db.update(RankingRow).where(RankingRow.run_id == run.id).values(p_seat_bp=1),
        lambda run: db.delete(RankingRow).where(RankingRow.run_id == run.id),
        lambda run: db.update(RankingRun).values(figures={**run.figures, "components": 9}),
        lambda run: db.update(RankingRun).values(
            figures={**run.figures, "components": 9}, output_sha256=sha256_of({**run.figures, "components": 9})
        ),
    ],
)
def test_a_frozen_ranking_changed_behind_the_sites_back_is_found_by_night(app, change):
    made = closed()
    made.freeze()
    assert "job_sheets_hold" in check_sheets.run({})
    with transaction() as session:
        session.execute(change(runs(made)[0]))
    db.session.expire_all()
    with pytest.raises(check_sheets.RankingBroken):
        check_sheets.run({})


def test_into_a_later_round_nobody_comes_by_the_way_of_the_first(app):
    """By rank or named with a reason; taking in from a cohort would ask for neither."""
    made = closed()
    made.freeze()
    following = made.act(next_round.start_next_round, RoundKind.EXPERT, 1)
    late = factories.enrolment(made.cohort, factories.person("后来"))
    for act, values in (
        (services.add_candidates, (made.cohort.id, None)),
        (applications.take_in_judged, ([late.id], "补上")),
    ):
        version = db.session.get(Round, following.id, populate_existing=True).version
        with pytest.raises(rounds.RoundNotDraft), transaction():
            act(following.id, version, *values, by=made.by, at=AT)


def test_whoever_names_a_candidate_does_not_open_the_round(app):
    made = closed(3, 2, seats=1)
    made.freeze()
    following = made.act(next_round.start_next_round, RoundKind.EXPERT, 1)
    left = made.applications()[2]

    def name(application_id, reason="少数民族聚居村代表"):
        with transaction():
            version = db.session.get(Round, following.id, populate_existing=True).version
            next_round.name_candidate(following.id, version, application_id, reason, by=made.by, at=AT)

    with pytest.raises(rounds.ReasonMissing):
        name(left.id, " ")
    with pytest.raises(NotFound):
        name(closed().applications()[0].id)
    name(left.id)
    with pytest.raises(next_round.InRoundAlready):
        name(left.id)
    later = selections.Made(
        made.selection_id, following.id, made.cohort, made.manager, made.enrolments, made.evaluators
    )
    selections.prepare(later)
    with pytest.raises(rounds.NamedHerself):
        later.act(rounds.open_round)
    later.act(rounds.open_round, by=other())
    assert later.state is RoundState.OPEN
