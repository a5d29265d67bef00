"""What a run's figures say again of sheets and evaluators, and two runs beside each other."""

from dataclasses import replace
from decimal import Decimal

import pytest

from trainer.domain.judged_scores import judge_scores
from trainer.domain.ranking_line import RankingLine
from trainer.domain.round_inputs import Figure, RoundCriterion, RoundInputs, Sheet
from trainer.domain.round_ranking import rank_round
from trainer.domain.run_comparison import compare_runs
from trainer.domain.run_figures import RunFigures, fit_again, read_figures, read_row, sheet_shares, without_each
from trainer.domain.selection import CriterionKind, RankedBy

PLAN = RoundCriterion("c1", "创业计划", CriterionKind.JUDGED, 8000, 1, 9)
RATE = RoundCriterion("c2", "出勤", CriterionKind.WEIGHTED, 2000, 1, 100, {"field": "attendance_rate", "of": 100})
# Evaluator 3 is strict, 1 is mild; only 2 reads all.
LEVELS = {"A": {1: 9, 2: 8}, "B": {2: 7, 3: 5}, "C": {1: 8, 2: 6}, "D": {2: 6, 3: 4}, "E": {1: 5, 2: 4, 3: 1}}
SHEETS = tuple(Sheet(code, judge, {"c1": level}) for code, given in LEVELS.items() for judge, level in given.items())
INPUTS = RoundInputs(
    (PLAN, RATE), 2, SHEETS, {code: {"attendance_rate": Figure("80")} for code in LEVELS}, ranked_by=RankedBy.ADJUSTED
)


def test_the_fit_read_again_is_the_fit_that_ranked():
    ranking = rank_round(INPUTS)
    kept = ranking.as_json()
    again, head = fit_again(kept["rows"], adjusting=True), read_figures(kept)
    assert head.judges == ranking.judges
    assert head.linked
    shares = sheet_shares(kept["rows"], head.judges, again)
    for row in ranking.rows:
        assert read_row(next(r for r in kept["rows"] if r["candidate"] == row.figures.candidate)) == row.figures
        hers = shares[row.figures.candidate]
        average = sum(share.corrected for share in hers) / len(hers)
        assert abs(average - row.figures.adjusted) < Decimal("0.000005")  # as the page says it
        assert all(0 < share.weight <= 1 for share in hers)


def test_without_an_evaluator_is_the_ranking_of_the_others():
    rows = rank_round(INPUTS).as_json()["rows"]
    inside = {row["candidate"] for row in rows if row["rank"] <= 2}
    found = {w.evaluator: w for w in without_each(rows, fit_again(rows, adjusting=True), 8000, 2)}
    assert sorted(found) == [1, 2, 3]
    for judge, effect in found.items():
        left = tuple(sheet for sheet in SHEETS if sheet.evaluator != judge)
        others = {row.figures.candidate for row in rank_round(replace(INPUTS, sheets=left)).rows if row.rank <= 2}
        assert set(effect.comes_in) == others - inside
        assert set(effect.falls_out) == inside - others


def test_nobody_judged_and_a_run_of_before():
    assert read_figures({}) == RunFigures()
    assert read_figures({}).link == "none"
    assert fit_again([{"candidate": "A", "sheets": []}], adjusting=True) is None
    assert judge_scores({}, {}) is None
    assert list(without_each([], None, 8000, 2)) == []


@pytest.mark.parametrize(
    ("components", "lambda2", "link"),
    [
        (1, "0.4", "thin"),
        (1, "1", "fair"),
        (1, "4", "firm"),
        (2, "0", "unlinked"),
        (1, None, "alone"),
        (0, None, "none"),
    ],
)
def test_how_well_they_are_linked(components, lambda2, link):
    assert RunFigures(components=components, lambda2=lambda2 and Decimal(lambda2)).link == link


def line(id_: int, rank: int | None) -> RankingLine:
    empty = dict.fromkeys(RankingLine.__dataclass_fields__)
    return RankingLine(**{**empty, "application_id": id_, "code": f"A-{id_}", "rank": rank, "flags": ()})


def test_who_moved_and_who_crossed():
    before = [line(1, 1), line(2, 2), line(3, 3), line(4, 4), line(5, None)]
    after = [line(3, 1), line(1, 2), line(2, 3), line(4, 4), line(6, 5)]
    found = compare_runs(before, after, seats=2)
    assert [(m.line.code, m.is_inside) for m in found.crossed] == [("A-3", True), ("A-2", False)]
    assert [(m.line.code, m.ranks, m.places) for m in found.moved] == [
        ("A-6", (None, 5), None),
        ("A-1", (1, 2), -1),
    ]
    assert found.same == 2  # 4 kept her rank; 5 had none and has none
