"""Reading SCORES, RUBRIC, RULES and TABLE: what is taken, and the code and place of everything that is not."""

import json
from decimal import Decimal

import pytest

from trainer.domain.rubric import BadSelectionInput, ScoreRow
from trainer.domain.scoring_kinds import PerUnit
from trainer.domain.scoring_rules import Rules
from trainer.domain.selection_files import read_rank_rubric, read_rules, read_scores, read_table
from trainer.wording import SENTENCES, say

HEAD = "candidate,judge,criterion,level\n"


def test_scores_in_any_column_order_with_abstentions_and_blank_lines():
    text = "\ufefflevel,judge,candidate,criterion\r\n4, A ,甲,k\r\n\r\n,B,甲,k\r\n"
    rows = read_scores(text)
    assert rows == [ScoreRow("甲", "A", "k", Decimal(4)), ScoreRow("甲", "B", "k", None)]
    assert [row.row for row in rows] == [2, 4]


@pytest.mark.parametrize(
    ("text", "code", "values"),
    [
        ("", "column_missing", {"column": "candidate"}),
        ("candidate,judge,criterion\n", "column_missing", {"column": "level"}),
        ("candidate,judge,criterion,level,note\n", "column_unknown", {"column": "note"}),
        ("candidate,judge,criterion,level,level\n", "column_named_twice", {"column": "level"}),
        (HEAD + "a,A,k\n", "wrong_cell_count", {"row": 2, "found": 3, "expected": 4}),
        (HEAD + "a,A,k,4\n,A,k,4\n", "cell_blank", {"row": 3, "field": "candidate"}),
        (HEAD + "a,A,k,four\n", "cell_not_a_number", {"value": "four", "row": 2, "candidate": "a", "field": "level"}),
        (HEAD + 'a,A,k,"4\n', "not_csv", {"row": 2}),
    ],
)
def test_scores_refused(text, code, values):
    refused(lambda: read_scores(text), code, values)


def refused(act, code, values=None):
    with pytest.raises(BadSelectionInput) as caught:
        act()
    assert caught.value.code == code
    if values is not None:
        assert caught.value.values == values
    assert code in SENTENCES
    assert "%(" not in say(caught.value)


RUBRIC = {"criteria": [{"code": "k", "weight": 100, "min": 1, "max": 5}], "seats": 20, "seed": 1}


def test_rubric():
    rubric = read_rank_rubric(json.dumps(RUBRIC | {"title": "ignored"}))
    assert (rubric.seats, rubric.seed, rubric.criteria[0].maximum) == (20, 1, 5)


@pytest.mark.parametrize(
    ("change", "code", "values"),
    [
        ({"criteria": []}, "missing_setting", {"setting": "criteria"}),
        ({"criteria": [{"code": "k", "min": 1, "max": 5}]}, "missing_setting", {"setting": "criteria[1].weight"}),
        (
            {"criteria": [{"code": "k", "weight": "100", "min": 1, "max": 5}]},
            "setting_not_a_number",
            {"setting": "criteria[1].weight", "value": "100"},
        ),
        (
            {"criteria": [{"code": "k", "weight": 99.5, "min": 1, "max": 5}]},
            "weights_not_100",
            {"total": "99.5"},
        ),
        ({"criteria": [{"code": "k", "weight": 100, "min": 5, "max": 5}]}, "scale_upside_down", {"criterion": "k"}),
        ({"seats": None}, "missing_setting", {"setting": "seats"}),
        ({"seats": 0}, "no_seats", {"seats": 0}),
        ({"seats": 2.5}, "setting_not_a_number", {"setting": "seats", "value": "2.5"}),
        ({"seed": True}, "setting_not_a_number", {"setting": "seed", "value": "True"}),
    ],
)
def test_rubric_refused(change, code, values):
    refused(lambda: read_rank_rubric(json.dumps(RUBRIC | change)), code, values)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"seats": NaN}x', "3"])
def test_not_json(text):
    refused(lambda: read_rank_rubric(text), "not_json", {})


def rules_with(criterion=None, **top):
    base = {"code": "c", "kind": "per_unit", "field": "x", "points_per_unit": 1}
    return json.dumps({"key": "name", "criteria": [criterion or base]} | top)


def kind(name, **settings):
    return {"code": "c", "kind": name, "field": "x"} | settings


def test_rules_in_full():
    judged = {"code": "live", "kind": "judged", "fields": ["A", "B"], "points": 40, "of": 100, "aggregate": "median"}
    rules = read_rules(
        rules_with(
            judged | {"cap": 30, "name": "Live"},
            title="T",
            advance=2,
            bonus=[{"field": "county", "equals": "云州区", "points": 5}],
            veto=[{"field": "feasibility", "below": 2, "flag": "discuss"}],
        )
    )
    assert (rules.title, rules.key, rules.advance) == ("T", "name", 2)
    assert rules.needs == ["name", "A", "B", "county", "feasibility"]
    (criterion,) = rules.criteria
    assert (criterion.kind, criterion.aggregate, criterion.cap, criterion.floor) == ("judged", "median", 30, None)
    assert rules.bonus[0].equals == "云州区"
    assert rules.veto[0].below == 2


@pytest.mark.parametrize(
    ("text", "code", "values"),
    [
        (rules_with(kind("magic")), "unknown_kind", {"criterion": "c", "kind": "magic"}),
        (rules_with(kind("rank_step", points=20)), "missing_setting", {"setting": "criteria[1].step"}),
        (rules_with(kind("weighted", points=2, of=5, capp=1)), "unknown_setting", {"setting": "criteria[1].capp"}),
        (rules_with(kind("weighted", points=2, of=0)), "not_positive", {"setting": "criteria[1].of"}),
        (rules_with(kind("per_unit", points_per_unit=1, unit=0)), "not_positive", {"setting": "criteria[1].unit"}),
        (rules_with(kind("min_max", points=2, low=5, high=5)), "scale_upside_down", {"criterion": "c"}),
        (rules_with(kind("bands", bands=[[0, 1], [0, 2]])), "duplicate_threshold", {"setting": "criteria[1].bands"}),
        (rules_with(kind("bands", bands=[[0]])), "missing_setting", {"setting": "criteria[1].bands"}),
        (
            rules_with(
                {"code": "c", "kind": "judged", "fields": list("AB"), "points": 1, "of": 1, "aggregate": "best"}
            ),
            "unknown_aggregate",
            {"criterion": "c", "aggregate": "best"},
        ),
        (
            rules_with(
                {
                    "code": "c",
                    "kind": "judged",
                    "fields": list("ABCD"),
                    "points": 1,
                    "of": 1,
                    "aggregate": "drop_extremes",
                }
            ),
            "too_few_judges_to_drop",
            {"criterion": "c", "judges": 4, "needed": 5},
        ),
        (rules_with(advance=0), "no_seats", {"seats": 0}),
        (rules_with(key=" "), "missing_setting", {"setting": "key"}),
        (
            rules_with(bonus=[{"field": "x", "points": 1}]),
            "needs_one_of",
            {"where": "bonus[1]", "first": "equals", "second": "at_least"},
        ),
        (
            rules_with(veto=[{"field": "x", "below": 1, "above": 3, "flag": "f"}]),
            "needs_one_of",
            {"where": "veto[1]", "first": "below", "second": "above"},
        ),
        (
            json.dumps({"key": "n", "criteria": [kind("per_unit", points_per_unit=1)] * 2}),
            "duplicate_criterion",
            {"criterion": "c"},
        ),
    ],
)
def test_rules_refused(text, code, values):
    refused(lambda: read_rules(text), code, values)


RULES = Rules(title="", key="name", criteria=(PerUnit(code="c", field="x", points_per_unit=Decimal(1)),))


def test_a_table_may_have_more_columns_than_the_rules_read():
    (row,) = read_table("county,name,x\n云州区,甲, 5 \n", RULES)
    assert (row.candidate, row.number("x"), row.text("county"), row.row) == ("甲", 5, "云州区", 2)


@pytest.mark.parametrize(
    ("text", "code", "values"),
    [
        ("name,y\n甲,1\n", "column_missing", {"column": "x"}),
        ("name,x\n甲,1\n甲,2\n", "duplicate_candidate", {"row": 3, "candidate": "甲"}),
        ("name,x\n,1\n", "cell_blank", {"row": 2, "field": "name"}),
    ],
)
def test_tables_refused(text, code, values):
    refused(lambda: read_table(text, RULES), code, values)
