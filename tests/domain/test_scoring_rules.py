"""Every kind of scoring rule against figures reckoned by hand, and the worked example of a contest to the letter."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.domain.rubric import BadSelectionInput
from trainer.domain.scoring_kinds import (
    KINDS,
    Bands,
    Judged,
    MinMax,
    Percentile,
    PerUnit,
    RankStep,
    TableRow,
    Weighted,
)
from trainer.domain.scoring_rules import Bonus, Rules, Veto, score_answer, score_table
from trainer.domain.selection_files import read_rules, read_table
from trainer.wording.scoring_rules import FORMULAS, formula_sentence

CONTEST = """
{"title": "County livestream contest", "key": "name", "advance": 3,
 "criteria": [
  {"code": "viewers", "kind": "rank_step", "field": "viewers", "points": 20, "step": 0.5},
  {"code": "likes",   "kind": "rank_step", "field": "likes",   "points": 20, "step": 0.5},
  {"code": "orders",  "kind": "rank_step", "field": "orders",  "points": 20, "step": 0.5},
  {"code": "sales",   "kind": "rank_step", "field": "sales_fen", "points": 40, "step": 0.5}],
 "bonus": [], "veto": []}
"""
FIGURES = """name,viewers,likes,orders,sales_fen
甲,5200,31000,86,412300
乙,8100,29500,86,398000
丙,3900,45200,51,515050
丁,8100,12000,40,99000
戊,450,800,2,3600
"""


def test_the_worked_example():
    rules = read_rules(CONTEST)
    answer = score_answer(score_table(rules, read_table(FIGURES, rules)), lambda kind, values: kind + values["field"])
    points = [
        ("甲", 98, 1, True, [19, 19.5, 20, 39.5]),
        ("乙", 98, 1, True, [20, 19, 20, 39]),
        ("丙", 97.5, 3, True, [18.5, 20, 19, 40]),
        ("丁", 95.5, 4, False, [20, 18.5, 18.5, 38.5]),
        ("戊", 92, 5, False, [18, 18, 18, 38]),
    ]
    assert answer == {
        "rows": [
            {
                "candidate": name,
                "total": total,
                "rank": rank,
                "advances": advances,
                "points": dict(zip(["viewers", "likes", "orders", "sales"], each, strict=True)),
                "bonus": 0,
                "flags": [],
            }
            for name, total, rank, advances, each in points
        ],
        "formula": {
            "viewers": "rank_stepviewers",
            "likes": "rank_steplikes",
            "orders": "rank_steporders",
            "sales": "rank_stepsales_fen",
        },
    }


def table_of(field, *values):
    return [TableRow(f"c{k}", {} if value is None else {field: str(value)}) for k, value in enumerate(values)]


def d(text):
    return Decimal(str(text))


X = {"code": "x", "field": "x"}


@pytest.mark.parametrize(
    ("criterion", "values", "points"),
    [
        (RankStep(**X, points=d(20), step=d("0.5")), [9, 8, 8, 7], ["20", "19.5", "19.5", "18.5"]),
        (RankStep(**X, points=d(2), step=d(1)), [9, 8, 7, 6], ["2", "1", "0", "0"]),
        (RankStep(**X, points=d(20), step=d(1)), [9, None, 0], ["20", None, "19"]),
        (PerUnit(**X, points_per_unit=d(2)), [3, "0.5", 0, None], ["6", "1", "0", None]),
        (PerUnit(**X, points_per_unit=d(1), unit=d(10000)), [25000, 1], ["5/2", "1/10000"]),
        (MinMax(**X, points=d(10)), [0, 5, 20, None], ["0", "5/2", "10", None]),
        (MinMax(**X, points=d(10), low=d(5), high=d(15)), [0, 5, 10, 20], ["0", "0", "5", "10"]),
        (MinMax(**X, points=d(10)), [7, 7], ["10", "10"]),
        (MinMax(**X, points=d(10)), [None], [None]),
        # one below nobody, two in the middle, one above three: (0+½)/4, (1+1)/4, (3+½)/4
        (Percentile(**X, points=d(40)), [1, 2, 2, 9], ["5", "20", "20", "35"]),
        (Percentile(**X, points=d(40)), [0, 0, 0, None], ["20", "20", "20", None]),
        (
            Bands(**X, bands=((d(100), d(5)), (d(0), d(1)), (d(1000), d(9)))),
            [-1, 0, 99, 100, 5000],
            ["0", "1", "1", "5", "9"],
        ),
        (Bands(**X, bands=((d(0), d(9)), (d(10), d(5)))), [5, 10], ["9", "5"]),  # more is not always better
        (Weighted(**X, points=d(30), of=d(100)), [85, 0, None], ["51/2", "0", None]),
    ],
    ids=lambda value: value.kind if hasattr(value, "kind") else None,
)
def test_kinds(criterion, values, points):
    expected = [None if each is None else Fraction(each) for each in points]
    assert criterion.award(table_of("x", *values)) == expected


def test_percentile_compares_within_the_group_only():
    criterion = Percentile(**X, points=d(100), group=("trade", "region"))
    rows = [("fruit", "Datong", 5), ("fruit", "Datong", 9), ("fruit", "Linfen", 1), ("", "Datong", 7)]
    table = [TableRow(str(k), {"trade": t, "region": r, "x": str(x)}) for k, (t, r, x) in enumerate(rows)]
    assert criterion.award(table) == [25, 75, 50, None]


@pytest.mark.parametrize(
    ("aggregate", "marks", "points"),
    [
        ("mean", [80, 90, 85, 70, 100], 34),
        ("median", [80, 90, 85, 70, 100], 34),
        ("drop_extremes", [80, 90, 85, 70, 100], 34),
        ("mean", [0, 90, 90, 90, 90], "28.8"),
        ("median", [0, 90, 90, 90, 90], 36),
        ("drop_extremes", [0, 0, 90, 90, 90], 24),  # one lowest only: (0+90+90)/3
        ("mean", [80, None, 90, None, None], 34),
        ("median", [80, None, 90, None, None], 34),
        ("mean", [None] * 5, None),
    ],
)
def test_judged(aggregate, marks, points):
    names = tuple("ABCDE")
    criterion = Judged(code="live", fields=names, points=d(40), of=d(100), aggregate=aggregate)
    row = TableRow("c", {name: "" if mark is None else str(mark) for name, mark in zip(names, marks, strict=True)})
    assert criterion.award([row]) == [None if points is None else Fraction(str(points))]


def test_extremes_are_not_dropped_where_that_is_unfair():
    with pytest.raises(BadSelectionInput) as few:
        Judged(code="live", fields=tuple("ABCD"), points=d(40), of=d(100), aggregate="drop_extremes")
    assert (few.value.code, few.value.values["judges"]) == ("too_few_judges_to_drop", 4)
    criterion = Judged(code="live", fields=tuple("ABCDE"), points=d(40), of=d(100), aggregate="drop_extremes")
    with pytest.raises(BadSelectionInput) as missing:
        criterion.award([TableRow("丁", {"A": "1", "B": "2", "C": "3", "D": "4"}, 5)])
    assert (missing.value.code, missing.value.values["candidate"]) == ("mark_missing_to_drop", "丁")


@pytest.mark.parametrize("value", ["101", "-1"])
def test_marks_outside_their_scale_are_refused(value):
    with pytest.raises(BadSelectionInput, match="mark_outside_scale"):
        Weighted(**X, points=d(30), of=d(100)).award(table_of("x", value))


@pytest.mark.parametrize("value", ["many", "1,200", "NaN", "Infinity", "1e999999", "12%"])
def test_what_is_no_number_is_refused_with_its_place(value):
    with pytest.raises(BadSelectionInput) as refused:
        score_table(rules_of(PerUnit(**X, points_per_unit=d(1))), [TableRow("甲", {"x": value}, 7)])
    assert refused.value.code == "cell_not_a_number"
    assert refused.value.values == {"value": value, "row": 7, "candidate": "甲", "field": "x"}


def rules_of(*criteria, **more):
    return Rules(title="", key="name", criteria=criteria, **more)


def test_cap_and_floor():
    per_unit = PerUnit(**X, points_per_unit=d(1), cap=d(10), floor=d(2))
    rows = score_table(rules_of(per_unit), table_of("x", 50, 5, -3)).rows
    assert [row.points["x"] for row in rows] == [10, 5, 2]
    never_below_zero = PerUnit(**X, points_per_unit=d(1), floor=d(0))
    assert [row.points["x"] for row in score_table(rules_of(never_below_zero), table_of("x", 5, -3)).rows] == [5, 0]


def test_a_missing_figure_is_no_zero():
    rows = score_table(rules_of(PerUnit(**X, points_per_unit=d(1)), advance=1), table_of("x", None, -5, 3)).rows
    assert [(row.candidate, row.total, row.rank, row.advances, row.flags) for row in rows] == [
        ("c2", 3, 1, True, ()),
        ("c1", -5, 2, False, ()),
        ("c0", None, None, False, ("missing_value",)),
    ]


def test_a_mark_missing_from_a_mean_is_flagged():
    judged = Judged(code="live", fields=("A", "B"), points=d(10), of=d(10))
    (row,) = score_table(rules_of(judged), [TableRow("c", {"A": "8", "B": " "})]).rows
    assert (row.total, row.flags, row.advances) == (8, ("missing_mark",), None)


def test_everybody_tied_on_the_advance_line_is_kept_and_flagged():
    rows = score_table(rules_of(PerUnit(**X, points_per_unit=d(1)), advance=2), table_of("x", 5, 3, 9, 5)).rows
    assert [(row.candidate, row.rank, row.advances, row.flags) for row in rows] == [
        ("c2", 1, True, ()),
        ("c0", 2, True, ("tie_on_cut_line",)),
        ("c3", 2, True, ("tie_on_cut_line",)),
        ("c1", 4, False, ()),
    ]


def test_bonus_and_veto():
    rules = rules_of(
        PerUnit(**X, points_per_unit=d(1)),
        bonus=(
            Bonus("county", d(5), equals="云州区"),
            Bonus("homes", d(2), at_least=d(10)),
            Bonus("team", d(1), equals=d(3)),
        ),
        veto=(Veto("feasibility", "discuss", below=d(2)), Veto("refunds", "check_refunds", above=d("0.3"))),
    )
    cells = {"x": "1", "county": "云州区", "homes": "10", "team": "3.0", "feasibility": "2", "refunds": "0.3"}
    rows = [
        TableRow("all", cells),
        TableRow(
            "none", cells | {"county": "平城区", "homes": "9", "team": "4", "feasibility": "1.9", "refunds": "0.31"}
        ),
        TableRow("blank", {"x": "1"}),
    ]
    found = score_table(rules, rows).rows
    assert [(row.candidate, row.bonus, row.total, row.rank, row.flags) for row in found] == [
        ("all", 8, 9, 1, ()),
        ("none", 0, 1, 2, ("discuss", "check_refunds")),
        ("blank", 0, 1, 2, ("missing_value",)),
    ]


def test_thirds_are_rounded_half_up_once_and_equal_sums_stay_equal():
    table = [TableRow("a", {"x": "1", "y": "2"}), TableRow("b", {"x": "2", "y": "1"})]
    both = [Weighted(code=name, field=name, points=d(1), of=d(3)) for name in "xy"]
    rows = score_table(rules_of(*both), table).rows
    assert [(row.rank, row.total) for row in rows] == [(1, 1), (1, 1)]
    assert rows[0].points == {"x": d("0.333333"), "y": d("0.666667")}


NUMBERS = st.lists(st.integers(-50, 50) | st.none(), min_size=1, max_size=10)
CRITERIA = st.sampled_from(
    [
        RankStep(**X, points=d(20), step=d("0.5")),
        PerUnit(**X, points_per_unit=d("0.1")),
        MinMax(**X, points=d(10)),
        Percentile(**X, points=d(40)),
        Bands(**X, bands=((d(0), d(1)), (d(10), d(2)))),
    ]
)


@given(CRITERIA, NUMBERS, st.randoms(use_true_random=False))
def test_points_follow_the_figure_not_the_place_and_more_is_never_worth_less(criterion, values, random):
    awarded = dict(zip(values, criterion.award(table_of("x", *values)), strict=True))
    shuffled = random.sample(values, len(values))
    assert criterion.award(table_of("x", *shuffled)) == [awarded[value] for value in shuffled]
    known = sorted(value for value in awarded if value is not None)
    assert all(awarded[low] <= awarded[high] for low, high in pairwise(known))
    assert awarded.get(None) is None


@given(NUMBERS, st.integers(1, 9), st.integers(-20, 20))
def test_ranks_percentiles_and_spans_do_not_depend_on_the_unit(values, stretch, shift):
    moved = [None if value is None else stretch * value + shift for value in values]
    for criterion in (RankStep(**X, points=d(20), step=d(1)), MinMax(**X, points=d(9)), Percentile(**X, points=d(9))):
        assert criterion.award(table_of("x", *moved)) == criterion.award(table_of("x", *values))


@pytest.mark.parametrize(
    ("criterion", "sentence"),
    [
        (
            RankStep(**X, points=d(20), step=d("0.5")),
            "The best in x gets 20 points, each following rank 0.5 less, not below zero.",
        ),
        (
            PerUnit(**X, points_per_unit=d(1), unit=d(100), cap=d(30), floor=d(0)),
            "1 points for every 100 of x, parts in proportion. At least 0 points. At most 30 points.",
        ),
        (MinMax(**X, points=d(10)), "10 × (x − 2) ÷ (8 − 2), between 0 and 10 points."),
        (Percentile(**X, points=d(9)), "9 × the share of all whose x is lower, equals (herself too) counting half."),
        (
            Percentile(**X, points=d(9), group=("trade", "region")),
            "9 × the share of those with the same trade, region whose x is lower, equals (herself too) counting half.",
        ),
        (Bands(**X, bands=((d(9), d(5)), (d(1), d(2)))), "Points by x: ≥ 1: 2; ≥ 9: 5; below the lowest threshold 0."),
        (Weighted(**X, points=d(30), of=d(100)), "30 × x ÷ 100."),
        (
            Judged(code="j", fields=("A", "B"), points=d(40), of=d(10)),
            "40 × the mean of the judges' marks (A, B) ÷ 10.",
        ),
        (
            Judged(code="j", fields=("A", "B"), points=d(40), of=d(10), aggregate="median"),
            "40 × the median of the judges' marks (A, B) ÷ 10.",
        ),
        (
            Judged(code="j", fields=tuple("ABCDE"), points=d(40), of=d(10), aggregate="drop_extremes"),
            "40 × the mean of the marks of 5 judges, without one highest and one lowest, ÷ 10.",
        ),
    ],
)
def test_published_formulas(criterion, sentence):
    table = [TableRow("a", {"x": "2"}), TableRow("b", {"x": "8"})]
    assert formula_sentence(criterion.kind, criterion.values(table)) == sentence


def test_no_kind_is_without_a_formula():
    assert {name.split("_in_")[0] for name in FORMULAS if not name.startswith("judged")} == set(KINDS) - {"judged"}
