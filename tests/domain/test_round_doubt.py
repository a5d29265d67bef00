"""How sure a round's ranking is, reckoned once more the long way: chances, intervals, one evaluator, the weights."""

import random
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from trainer.domain.ranking import competition_ranks
from trainer.domain.round_inputs import Figure, RoundCriterion, RoundInputs, Sheet
from trainer.domain.round_ranking import rank_round
from trainer.domain.round_reckoning import fit_sheets
from trainer.domain.selection import CriterionKind, RankedBy, RankingFlag

PLAN = RoundCriterion("c1", "创业计划", CriterionKind.JUDGED, 4500, 1, 5)
SPILL = RoundCriterion("c2", "带动作用", CriterionKind.JUDGED, 2500, 1, 5)
ATTENDANCE = RoundCriterion("c3", "出勤率", CriterionKind.WEIGHTED, 3000, 1, 100, {"field": "rate", "of": 100})
CODES = tuple("ABCDEFGH")
SEATS = 3


def a_round(ranked_by=RankedBy.ADJUSTED, seed=4, **more) -> RoundInputs:
    """Eight women, four evaluators of unlike severity; H has no sheet, D and E have no record of attendance."""
    rng = random.Random(seed)
    sheets = [
        Sheet(code, e, {c.code: min(5, max(1, round(4 - k / 3 + e - 1.5 + rng.gauss(0, 0.7)))) for c in (PLAN, SPILL)})
        for k, code in enumerate(CODES[:7])
        for e in sorted(rng.sample(range(4), 3))
    ]
    figures = {code: {"rate": Figure(str(rng.randint(40, 100)))} for code in CODES}
    figures |= {"D": {}, "E": {}}
    inputs = RoundInputs((PLAN, SPILL, ATTENDANCE), SEATS, tuple(sheets), figures, ranked_by=ranked_by)
    return replace(inputs, **more)


def rows_of(inputs):
    """The rows with a total, by code, in the order of the codes."""
    return {row.figures.candidate: row for row in rank_round(inputs).rows[::-1] if row.total is not None}


@pytest.mark.parametrize("ranked_by", list(RankedBy))
def test_chances_and_intervals_are_those_of_the_total(ranked_by):
    """What a sheet leaves in doubt moves a total by the judged criteria's share of what is known of the woman."""
    inputs = a_round(ranked_by)
    judged, rows = fit_sheets(inputs), rows_of(inputs)
    names = sorted(rows)
    assert names == list(CODES[:7])
    share = np.array([1.0 if code in "DE" else 0.7 for code in names])
    fit, doubt = judged.plain, judged.plain.root
    if ranked_by is RankedBy.RAW:
        doubt = np.sqrt(fit.severity_var) * np.eye(4)
    shifts = fit.graph.share @ doubt
    covariance = shifts @ shifts.T + np.diag(fit.noise_var / fit.reviews)
    covariance *= np.outer(share, share)
    totals = np.array([float(rows[code].total) for code in names])
    draws = np.random.default_rng(7).multivariate_normal(totals, covariance, 8000)
    ranks = (draws[:, None, :] > draws[:, :, None]).sum(axis=2) + 1
    for k, code in enumerate(names):
        row, edges = rows[code], np.quantile(ranks[:, k], (0.03, 0.07, 0.93, 0.97), method="inverted_cdf")
        assert float(row.se) == pytest.approx(np.sqrt(covariance[k, k]), abs=1e-5)
        assert float(row.p_seat) == pytest.approx((ranks[:, k] <= SEATS).mean(), abs=0.05)
        assert min(edges[0], row.rank) <= row.low <= min(edges[1], row.rank)
        assert max(edges[2], row.rank) <= row.high <= max(edges[3], row.rank)
        assert (RankingFlag.GREY_ZONE in row.flags) == (Decimal("0.1") < row.p_seat < Decimal("0.9"))


def test_a_crowd_of_equals_stands_within_its_own_interval():
    codes = [f"A{k:02}" for k in range(30)]
    sheets = tuple(Sheet(code, e, {"c1": 1 + 4 * e, "c2": 5 - 4 * e}) for code in codes for e in (0, 1))
    inputs = RoundInputs(
        (replace(PLAN, weight_bp=5000), replace(SPILL, weight_bp=5000)), 5, sheets, {c: {} for c in codes}
    )
    uneven = replace(sheets[0], levels={"c1": 5, "c2": 5}), replace(sheets[1], levels={"c1": 1, "c2": 1})
    rows = rank_round(replace(inputs, sheets=(*uneven, *sheets[2:]))).rows
    assert {row.rank for row in rows} == {1}
    assert all(row.low == 1 < row.high for row in rows)


def test_whoever_has_sheets_and_no_total_shifts_nobodys_figures():
    halves = (replace(PLAN, weight_bp=5000), replace(ATTENDANCE, weight_bp=5000))
    inputs = a_round(criteria=halves)
    inputs = replace(inputs, figures={**inputs.figures, "A": {}})  # half of what counts is known of A, as of D and E
    judged, rows = fit_sheets(inputs), rows_of(inputs)
    assert sorted(rows) == ["B", "C", "F", "G"]
    assert len(set(judged.se.round(3))) > 1
    for code, row in rows.items():
        assert float(row.se) == pytest.approx(judged.se[judged.candidates.index(code)] / 2, abs=1e-5)


@pytest.mark.parametrize("seed", range(8))
def test_one_evaluator_decides_where_the_list_without_her_is_another(seed):
    inputs = a_round(RankedBy.RAW, seed)
    rows = rows_of(inputs)
    inside = {code for code, row in rows.items() if row.rank <= SEATS}
    moved = set()
    for evaluator in range(4):
        others = rows_of(replace(inputs, sheets=tuple(s for s in inputs.sheets if s.evaluator != evaluator)))
        assert set(others) == set(rows)
        moved |= inside ^ {code for code, row in others.items() if row.rank <= SEATS}
    assert {code for code, row in rows.items() if RankingFlag.ONE_JUDGE_DECIDES in row.flags} == moved


def test_whoever_would_be_left_without_a_reader_keeps_her_score():
    given = {"A": {0: 5, 1: 5}, "B": {0: 4}, "C": {1: 2, 2: 2}}
    sheets = tuple(Sheet(code, e, {"c1": level, "c2": level}) for code, of in given.items() for e, level in of.items())
    ranking = rank_round(RoundInputs((PLAN, SPILL), 2, sheets, {code: {} for code in given}))
    assert [row.figures.candidate for row in ranking.rows] == ["A", "B", "C"]
    assert not any(RankingFlag.ONE_JUDGE_DECIDES in row.flags for row in ranking.rows)


def test_the_weights_are_doubted_around_the_totals_that_rank():
    bonus = ({"field": "rate", "at_least": 70, "points": 4},)
    inputs = a_round(bonus=bonus)
    inputs = replace(inputs, figures={**inputs.figures, "D": {"rate": Figure("50")}, "E": {"rate": Figure("90")}})
    ranking, rows = rank_round(inputs), rows_of(inputs)
    names = sorted(rows)
    weights = np.array([0.45, 0.25, 0.30])
    parts = np.array([[float(rows[name].figures.parts[c.code].points) for c in inputs.criteria] for name in names])
    extra = np.array([float(rows[name].figures.bonus) for name in names])
    totals = np.array([float(rows[name].total) for name in names])
    assert 0 < extra.sum() < 4 * len(names)
    # Severity is taken out of the judged criteria together: both move alike, and the official total is the one that ranks.
    parts[:, :2] += ((totals - extra - parts @ weights) / 0.7)[:, None]
    scores = np.random.default_rng(3).dirichlet(40 * weights, 8000) @ parts.T + extra
    chances = ((scores[:, None, :] > scores[:, :, None]).sum(axis=2) < SEATS).mean(axis=0)
    found = [float(rows[name].weight_seat) for name in names]
    np.testing.assert_allclose(found, chances, atol=0.03)
    assert any(0.02 < chance < 0.98 for chance in found)
    change = ranking.weight_change
    place = [c.code for c in inputs.criteria].index(change.criterion)
    assert change.weight_bp == inputs.criteria[place].weight_bp
    moved = weights * (1 - change.to_bp / 10_000) / (1 - weights[place])
    moved[place] = change.to_bp / 10_000
    then = dict(zip(names, parts @ moved + extra, strict=True))
    assert then[change.comes_in] == pytest.approx(then[change.goes_out], abs=0.02)
    assert rows[change.goes_out].rank <= SEATS < rows[change.comes_in].rank


def test_other_inputs_and_another_seed_draw_otherwise():
    rows, again = rows_of(a_round()), rows_of(a_round(seed=4))
    assert rows == again
    other = rows_of(replace(a_round(), seed=2))
    assert [r.total for r in other.values()] == [r.total for r in rows.values()]
    assert [r.p_seat for r in other.values()] != [r.p_seat for r in rows.values()]
    renamed = replace(a_round(), criteria=(replace(PLAN, name="计划"), SPILL, ATTENDANCE))
    assert [r.p_seat for r in rows_of(renamed).values()] != [r.p_seat for r in rows.values()]


def test_between_unlinked_evaluators_the_means_rank_whatever_was_asked_for():
    mild = [Sheet(code, e, {"c1": 5 - k, "c2": 4}) for k, code in enumerate("ABC") for e in (0, 1)]
    strict = [Sheet(code, e, {"c1": 3 - k, "c2": 2}) for k, code in enumerate("DEF") for e in (2, 3)]
    inputs = RoundInputs((PLAN, SPILL), 3, (*mild, *strict), {code: {} for code in "ABCDEF"})
    asked = rank_round(replace(inputs, ranked_by=RankedBy.ADJUSTED))
    assert asked.adjusted is False
    assert {row.figures.candidate: row.rank for row in asked.rows} == dict(zip("ABCDEF", range(1, 7), strict=True))
    assert all(RankingFlag.UNLINKED_JUDGES in row.flags for row in asked.rows)
    assert {judge.offset for judge in asked.judges} == {None}


def test_where_nothing_is_corrected_the_adjusted_score_is_the_exact_mean():
    """Two sheets often meet at half a millionth: there the last digit must be the mean's, and equals stay equal."""
    rng = random.Random(1)
    criteria = [
        RoundCriterion(f"c{k}", f"c{k}", CriterionKind.JUDGED, weight, 1, top)
        for k, (weight, top) in enumerate(((3300, 4), (2300, 8), (4400, 7)))
    ]
    sheets = []
    for k in range(12):
        one, two = ({c.code: rng.randint(1, c.maximum) for c in criteria} for _ in range(2))
        for code, pair in ((f"A{k}", (one, two)), (f"B{k}", (two, one))):
            sheets += [Sheet(code, evaluator, levels) for evaluator, levels in enumerate(pair)]
    codes = {sheet.candidate for sheet in sheets}
    ranking = rank_round(
        RoundInputs(tuple(criteria), 5, tuple(sheets), {code: {} for code in codes}, ranked_by=RankedBy.ADJUSTED)
    )
    assert {judge.offset for judge in ranking.judges} == {0}
    assert all(row.figures.adjusted == row.figures.judged_mean == row.total for row in ranking.rows)
    assert [row.rank for row in ranking.rows] == competition_ranks([row.figures.raw_total for row in ranking.rows])
