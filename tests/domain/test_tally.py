"""Tallies: what outsiders are not shown, and how a comparison is laid out."""

from datetime import date

import pytest

from trainer.domain.tally import COLUMNS, Count, Hidden, Question, Tally, hidden_cells, hides, lay_out


@pytest.mark.parametrize(
    ("rows", "hidden"),
    [
        ([{"a": 0}, {"a": 3}], set()),
        # One small number, and the next smallest, from which it could be reckoned.
        ([{"a": 1}, {"a": 9}, {"a": 5}], {(0, "a"), (2, "a")}),
        # Two small ones hide each other.
        ([{"a": 1}, {"a": 2}, {"a": 9}], {(0, "a"), (1, "a")}),
        ([{"a": 2}], {(0, "a")}),
        # Along the row too, and what that hides is looked at in its column.
        ([{"a": 2, "b": 7, "c": 0}], {(0, "a"), (0, "b")}),
    ],
)
def test_small_numbers_are_hidden_with_what_gives_them_away(rows, hidden):
    found = hidden_cells(rows)
    assert set(found) == hidden
    assert all((rows[at][name] < 3) == (why is Hidden.FEW) for (at, name), why in found.items())


def test_how_few_is_few_may_be_said():
    rows = [{"a": 4}, {"a": 9}, {"a": 5}]
    assert hidden_cells(rows) == {}
    assert hidden_cells(rows, fewest=5) == {(0, "a"): Hidden.FEW, (2, "a"): Hidden.WITHHELD}
    # Two that are few together say as much as one.
    assert hidden_cells([{"a": 1, "b": 1, "c": 7}]).keys() == {(0, "a"), (0, "b"), (0, "c")}


@pytest.mark.parametrize(
    ("part", "whole", "hidden"),
    [(0, 0, 0), (0, 9, 0), (9, 9, 0), (4, 9, 1), (5, 9, 1), (5, 10, 0), (3, 3, 1), (0, 3, 1)],
)
def test_a_share_hides_with_the_rest(part, whole, hidden):
    assert hides(part, whole, fewest=5) == bool(hidden)


def test_a_comparison_has_a_line_for_what_was_or_is():
    now = Tally({"foundation": {"all": Count(5, 4)}}, {"all": Count(5, 4)}, {}, {"all": Count(5, 4)})
    then = Tally({"cadre": {"all": Count(1, 1)}}, {}, {"all": Count(1, 1)}, {"all": Count(1, 1)})
    lines = lay_out(now, then, hide_small=False)
    assert [(line.part, line.key, line.changes["all"]) for line in lines] == [
        *(("group", "cadre", -1), ("group", "foundation", 4)),
        *(("trainees", "", 4), ("cadres", "", -1), ("together", "", 3)),
    ]
    assert all(set(line.cells) == set(COLUMNS) for line in lines)
    outside = lay_out(now, then, hide_small=True)
    assert [(line.key, line.cells["all"], line.changes["all"]) for line in outside[:2]] == [
        ("cadre", Count(), None),
        ("foundation", Count(5, 4), 4),
    ]


def test_a_day_ends_at_midnight_in_china():
    assert Question(date(2026, 6, 30)).until.isoformat() == "2026-07-01T00:00:00+08:00"
