"""Calibration files: written before the round opens, scored once before the first real sheet, shown to nobody by name."""

import pytest

from tests import factories, selections
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.selection import CriterionDraft, CriterionKind
from trainer.errors import NotFound
from trainer.models import CalibrationFile, PanelSeat
from trainer.queries.account import get_actor
from trainer.queries.calibration import (
    calibration_missing,
    count_unfit,
    get_calibration_round,
    list_calibration_progress,
    list_calibrations,
    list_spreads,
)
from trainer.services import calibration
from trainer.services import review as reviews
from trainer.services import round as rounds
from trainer.services import rubric as rubrics

pytestmark = pytest.mark.sqlite_is_enough

LEVELS = {"c1": 2, "c2": 3}


def add(made, levels=LEVELS):
    return made.act(calibration.add_calibration, "想开直播卖小米", levels, "计划具体").id


def give(made, file_id, evaluator=0, *levels, by=None):
    levels = {f"c{k}": level for k, level in enumerate(levels or (1, 2), start=1)}
    with transaction():
        by = by or get_actor(made.evaluators[evaluator])
        calibration.give_levels(made.round_id, file_id, levels, by=by, at=AT)


def test_they_are_written_changed_and_deleted_while_the_round_is_prepared(app):
    made = selections.ready(women=1)
    first, second = add(made), add(made)
    made.act(calibration.update_calibration, first, "另一份", {"c1": 1, "c2": 1}, "太空")
    made.act(calibration.delete_calibration, second)
    (file,) = list_calibrations(made.round_id)
    assert (file.id, file.position, file.text, file.levels, file.words) == (
        *(first, 1, "另一份"),
        *({"c1": 1, "c2": 1}, "太空"),
    )
    with pytest.raises(NotFound):
        made.act(calibration.update_calibration, second, "x", LEVELS, "y")
    made.act(rounds.open_round)
    for act in (
        lambda: add(made),
        lambda: made.act(calibration.update_calibration, first, "x", LEVELS, "y"),
        lambda: made.act(calibration.delete_calibration, first),
    ):
        with pytest.raises(rounds.RoundNotDraft):
            act()


@pytest.mark.parametrize("levels", [{}, {"c1": 2}, {"c1": 2, "c2": 4}, {"c1": 2, "c2": 3, "c9": 1}])
def test_a_reference_answers_the_whole_score_sheet(app, levels):
    made = selections.ready(women=1)
    with pytest.raises(calibration.LevelsIncomplete):
        add(made, levels)


def test_five_at_most_and_none_without_a_score_sheet(app):
    made = selections.ready(women=1)
    for _file in range(calibration.MOST_FILES):
        add(made)
    with pytest.raises(calibration.TooManyCalibrations):
        add(made)
    with pytest.raises(rounds.RubricMissing):
        add(selections.make(women=1))


def test_a_score_sheet_changed_since_keeps_the_round_shut(app):
    made = selections.ready(women=1)
    add(made)
    made.act(rubrics.set_rubric, [CriterionDraft("创业计划", CriterionKind.JUDGED, 10_000, selections.LEVELS)])
    assert count_unfit(made.round_id) == 1
    with pytest.raises(rounds.CalibrationOutdated):
        made.act(rounds.open_round)


def test_no_real_sheet_before_the_last_calibration_file(app):
    made = selections.ready(women=1)
    one, two = add(made), add(made)
    made.act(rounds.open_round)
    for file_id, missing in ((one, 2), (two, 1)):
        assert calibration_missing(made.round_id, made.evaluators[0].id) == missing
        with pytest.raises(reviews.CalibrationFirst):
            made.draft(0, 0, 2, 2)
        with pytest.raises(reviews.CalibrationFirst):
            made.submit(0, 0, 2, 2)
        give(made, file_id)
    made.submit(0, 0, 2, 2)
    with pytest.raises(reviews.CalibrationFirst):
        made.submit(0, 1, 2, 2)


def test_levels_are_given_once_in_an_open_round_by_its_panel(app):
    made, other = selections.ready(women=1), selections.opened(women=1)
    file_id, foreign = add(made), selections.calibration_file(other)
    with pytest.raises(NotFound):
        give(made, file_id)
    made.act(rounds.open_round)
    with pytest.raises(calibration.LevelsIncomplete):
        give(made, file_id, 0, 1)
    with pytest.raises(NotFound):
        give(made, foreign)
    for stranger in (factories.account(Role.EVALUATOR), made.manager):
        with pytest.raises(NotFound):
            give(made, file_id, by=get_actor(stranger))
    give(made, file_id)
    with pytest.raises(calibration.AlreadyCalibrated):
        give(made, file_id)
    with transaction() as session:
        session.execute(db.update(PanelSeat).values(declared_at=None))
    assert get_calibration_round(made.round_id, made.evaluators[1].id) is None


def test_nothing_is_given_after_the_closing(app):
    made = selections.opened(women=1)
    made.submit(0, 0, 2, 2)
    made.act(rounds.close_round)
    with pytest.raises(rounds.RoundNotOpen):
        give(made, selections.calibration_file(made))


def test_how_all_scored_it_is_shown_from_three_on_and_never_who(app):
    made = selections.ready(women=1, evaluators=4)
    file_id = add(made)
    made.act(rounds.open_round)
    for evaluator, levels in enumerate([(1, 3), (2, 3)]):
        give(made, file_id, evaluator, *levels)
    few = list_spreads(made.round_id)[file_id]
    assert (few.answered, few.criteria) == (2, {})
    give(made, file_id, 2, 3, 1)
    spread = list_spreads(made.round_id)[file_id].criteria
    assert (dict(spread["c1"].counts), spread["c1"].reference, spread["c1"].gap) == ({1: 1, 2: 1, 3: 1}, 2, 0)
    assert (spread["c2"].gap, spread["c2"].apart) == (pytest.approx(-2 / 3), 1)
    assert sorted(one.done for one in list_calibration_progress(made.round_id)) == [0, 1, 1, 1]
    with transaction() as session:
        session.execute(
            db.update(PanelSeat).where(PanelSeat.account_id == made.evaluators[2].id).values(state="removed")
        )
    assert list_spreads(made.round_id)[file_id].criteria == {}


def test_they_count_in_no_ranking(app):
    plain, made = selections.opened(women=1), selections.ready(women=1)
    file_id = add(made)
    made.act(rounds.open_round)
    for one in (plain, made):
        for evaluator in range(2):
            if one is made:
                give(one, file_id, evaluator, 1, 1)
            one.submit(0, evaluator, 3, 3)
    runs = [one.act(rounds.close_round) for one in (plain, made)]
    assert db.session.scalar(db.select(db.func.count()).select_from(CalibrationFile)) == 1
    assert [run.inputs["sheets"][0]["levels"] for run in runs] == [{"c1": 3, "c2": 3}] * 2
    assert [len(run.inputs["sheets"]) for run in runs] == [2, 2]
