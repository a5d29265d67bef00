"""What one sheet is worth, and what a rubric may not be."""

from decimal import Decimal

import pytest

from trainer.domain.rubric import (
    BadSelectionInput,
    Criterion,
    RankRubric,
    Rubric,
    ScoreRow,
    collect_sheets,
    plain_number,
    round_half_up,
)


def d(text):
    return Decimal(text)


HALVES = Rubric((Criterion("a", d(60), d(1), d(5)), Criterion("b", d(40), d(0), d(10))))


@pytest.mark.parametrize(
    ("levels", "worth"),
    [
        ({"a": d(1), "b": d(0)}, d(0)),
        ({"a": d(5), "b": d(10)}, d(100)),
        ({"a": d(3), "b": d(5)}, d(50)),
        ({"a": d(2), "b": d(10)}, d(55)),  # 60·¼ + 40
        ({"a": d(2), "b": None}, d(25)),  # 60 of 100 answered: just enough, re-weighted to a alone
        ({"a": d(2)}, d(25)),  # no row at all is an abstention too
        ({"a": None, "b": d(10)}, None),  # 40 of 100 answered: incomplete
        ({}, None),
    ],
)
def test_sheet(levels, worth):
    assert HALVES.score_sheet(levels) == worth


@pytest.mark.parametrize(
    ("criteria", "code", "values"),
    [
        ([("a", 50, 1, 5)], "weights_not_100", {"total": "50"}),
        ([], "weights_not_100", {"total": "0"}),
        ([("a", 50, 1, 5), ("a", 50, 1, 5)], "duplicate_criterion", {"criterion": "a"}),
        ([("a", 100, 5, 5)], "scale_upside_down", {"criterion": "a"}),
        ([("a", 110, 1, 5), ("b", -10, 1, 5)], "weight_not_positive", {"criterion": "b"}),
    ],
)
def test_impossible_rubrics_are_refused(criteria, code, values):
    with pytest.raises(BadSelectionInput) as refused:
        Rubric(tuple(Criterion(name, d(w), d(low), d(high)) for name, w, low, high in criteria))
    assert (refused.value.code, refused.value.values) == (code, values)


def test_a_ranking_needs_a_seat():
    with pytest.raises(BadSelectionInput, match="no_seats"):
        RankRubric(HALVES.criteria, seats=0, seed=1)


@pytest.mark.parametrize(
    ("rows", "code", "values"),
    [
        ([ScoreRow("c", "j", "z", d(1), 4)], "unknown_criterion", {"row": 4, "criterion": "z"}),
        (
            [ScoreRow("c", "j", "a", d("5.5"), 2)],
            "level_outside_scale",
            {"row": 2, "criterion": "a", "level": "5.5", "minimum": "1", "maximum": "5"},
        ),
        (
            [ScoreRow("c", "j", "a", d(1), 2), ScoreRow("c", "j", "a", None, 3)],
            "duplicate_score",
            {"row": 3, "candidate": "c", "judge": "j", "criterion": "a"},
        ),
    ],
)
def test_impossible_rows_are_refused(rows, code, values):
    with pytest.raises(BadSelectionInput) as refused:
        collect_sheets(rows, HALVES)
    assert (refused.value.code, refused.value.values) == (code, values)


def test_numbers():
    assert [plain_number(d(text)) for text in ("4.0", "4", "100", "1E+2", "-0", "0.50")] == [
        "4",
        "4",
        "100",
        "100",
        "0",
        "0.5",
    ]
    assert [str(round_half_up(d(text), 2)) for text in ("1.005", "-1.005", "1.0049", "2")] == [
        "1.01",
        "-1.01",
        "1.00",
        "2.00",
    ]
