"""A round reckoned by hand: totals, missing data, ties, the seat line, and the hash."""

from dataclasses import replace
from decimal import Decimal

import pytest

from trainer.domain.round_ranking import (
    Evidence,
    RankingLine,
    RoundCriterion,
    RoundInputs,
    Sheet,
    hundredths,
    last_inside,
    rank_round,
    reckon,
)
from trainer.domain.selection import CriterionKind, RankingFlag

PLAN = RoundCriterion("c1", "创业计划", CriterionKind.JUDGED, 5000, 1, 3)
SPILL = RoundCriterion("c2", "带动作用", CriterionKind.JUDGED, 3000, 1, 3)
ATTENDANCE = RoundCriterion("attendance_rate", "出勤率", CriterionKind.ATTENDANCE_RATE, 2000, 1, 100)
SALES = RoundCriterion("net_sales", "净成交额", CriterionKind.NET_SALES, 2000, 1, 100)
HALF = Evidence(attended_minutes=180, counted_minutes=360)


def inputs(sheets, evidence, criteria=(PLAN, SPILL, ATTENDANCE), seats=1) -> RoundInputs:
    rows = tuple(Sheet(code, evaluator, {"c1": one, "c2": two}) for code, evaluator, one, two in sheets)
    return RoundInputs(tuple(criteria), seats, rows, evidence)


def by_code(ranking):
    return {row.figures.candidate: row for row in ranking.rows}


def test_a_total_by_hand():
    # Sheets: (50·100 + 30·50)/80 = 81.25 and (50·50 + 30·50)/80 = 50, mean 65.625, sd 31.25/√2.
    row = rank_round(inputs([("A", 1, 3, 2), ("A", 2, 2, 2)], {"A": HALF})).rows[0]
    assert row.figures.sheets == ((1, Decimal("81.250000")), (2, Decimal("50.000000")))
    assert row.figures.judged_mean == Decimal("65.625")
    assert row.figures.spread == Decimal("22.097087")
    # (80·65.625 + 20·50)/100
    assert row.figures.total == Decimal("62.5")
    assert row.figures.parts["c1"].points == 75
    assert row.figures.parts["attendance_rate"].value == 5000
    assert row.rank == 1


def test_a_missing_record_is_left_out_and_never_zero():
    row = rank_round(inputs([("A", 1, 3, 2), ("A", 2, 2, 2)], {"A": Evidence()})).rows[0]
    assert row.figures.total == row.figures.judged_mean == Decimal("65.625")
    assert row.figures.known_bp == 8000
    assert row.figures.parts["attendance_rate"].points is None
    assert row.flags == (RankingFlag.NO_ATTENDANCE_DATA,)


def test_an_abstention_is_weighted_anew_and_a_thin_sheet_does_not_count():
    rows = by_code(rank_round(inputs([("A", 1, 3, None), ("B", 1, None, 3)], {"A": HALF, "B": HALF})))
    assert rows["A"].figures.judged_mean == 100  # 50 of 80 answered: 62.5 %
    assert rows["B"].figures.judged_mean is None  # 30 of 80: 37.5 %
    assert rows["B"].rank is None
    assert rows["B"].figures.total is None


def test_with_less_than_sixty_percent_known_there_is_no_total():
    criteria = (replace(PLAN, weight_bp=4000), replace(ATTENDANCE, weight_bp=6000))
    rows = by_code(rank_round(inputs([("A", 1, 3, None), ("B", 1, 2, None)], {"A": Evidence(), "B": HALF}, criteria)))
    assert rows["A"].figures.total is None
    assert RankingFlag.TOO_LITTLE_KNOWN in rows["A"].flags
    assert rows["B"].figures.total == 50


def test_net_sales_become_percentiles_and_ties_share_the_middle():
    evidence = {code: Evidence(net_fen=net) for code, net in (("A", 100), ("B", 200), ("C", 200), ("D", None))}
    figures = {f.candidate: f.parts["net_sales"] for f in reckon(inputs([], evidence, (PLAN, SPILL, SALES)))}
    assert figures["A"].points == Decimal("16.666667")
    assert figures["B"].points == figures["C"].points == Decimal("66.666667")
    assert (figures["D"].value, figures["D"].points) == (None, None)


def test_equals_share_a_rank_and_a_tie_on_the_line_is_flagged():
    sheets = [(code, e, level, 2) for code, level in (("A", 3), ("B", 2), ("C", 2), ("D", 1)) for e in (1, 2)]
    ranking = rank_round(inputs(sheets, dict.fromkeys("ABCD", HALF), seats=2))
    assert [(r.figures.candidate, r.rank) for r in ranking.rows] == [("A", 1), ("B", 2), ("C", 2), ("D", 4)]
    tied = [r.figures.candidate for r in ranking.rows if RankingFlag.TIE_ON_CUT_LINE in r.flags]
    assert tied == ["B", "C"]


def test_severity_is_taken_out_beside_but_ranks_nobody():
    sheets = [("A", 1, 3, 3), ("A", 2, 2, 2), ("B", 2, 2, 2), ("B", 3, 1, 1), ("C", 1, 3, 3), ("C", 3, 1, 1)]
    rows = by_code(rank_round(inputs(sheets, dict.fromkeys("ABC", HALF))))
    assert rows["A"].figures.judged_mean > rows["C"].figures.judged_mean > rows["B"].figures.judged_mean
    # Judge 1 is mild, judge 3 strict: adjusted, the three draw together.
    spread = [row.adjusted for row in rows.values()]
    assert max(spread) - min(spread) < 25
    assert [rows[code].rank for code in "ACB"] == [1, 2, 3]


def test_between_unlinked_evaluators_nothing_is_adjusted():
    sheets = [("A", 1, 3, 3), ("A", 2, 2, 2), ("B", 3, 3, 3), ("B", 4, 1, 1)]
    assert {row.adjusted for row in rank_round(inputs(sheets, dict.fromkeys("AB", HALF))).rows} == {None}


def test_nobody_scored_gives_no_ranks_and_no_failure():
    rows = rank_round(inputs([], {"A": HALF, "B": Evidence()})).rows
    assert [(r.figures.candidate, r.rank, r.adjusted) for r in rows] == [("A", None, None), ("B", None, None)]


def test_the_hashes_do_not_depend_on_any_order():
    sheets = [("A", 1, 3, 2), ("A", 2, 2, 2), ("B", 1, 1, None), ("B", 2, 3, 1)]
    one = inputs(sheets, {"A": HALF, "B": Evidence()})
    other = inputs(reversed(sheets), {"B": Evidence(), "A": HALF}, (ATTENDANCE, SPILL, PLAN))
    first, second = rank_round(one), rank_round(other)
    assert first.input_sha256 == second.input_sha256
    assert first.output_sha256 == second.output_sha256
    changed = rank_round(inputs([("A", 1, 3, 3), *sheets[1:]], {"A": HALF, "B": Evidence()}))
    assert changed.input_sha256 != first.input_sha256
    assert changed.output_sha256 != first.output_sha256


def test_frozen_inputs_give_the_same_ranking_again():
    frozen = inputs([("A", 1, 3, 2), ("B", 1, 1, None)], {"A": HALF, "B": Evidence(net_fen=5, lines=2)})
    assert rank_round(RoundInputs.from_json(frozen.as_json())) == rank_round(frozen)


def line(rank: int | None) -> RankingLine:
    return RankingLine(1, "A-001", "王秀芳", None, rank, 2, None, None, None, None, {}, ())


@pytest.mark.parametrize(
    ("ranks", "seats", "after"),
    [((1, 2, 3), 2, 1), ((1, 2, 2, 4), 2, 2), ((1, 2), 2, None), ((1, None), 2, 0), ((None, None), 1, None)],
)
def test_the_line_is_drawn_below_whoever_shares_the_last_seat(ranks, seats, after):
    assert last_inside([line(rank) for rank in ranks], seats) == after


def test_hundredths_round_half_up():
    assert hundredths(Decimal("65.625")) == 6563
    assert hundredths(None) is None
