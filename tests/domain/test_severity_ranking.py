"""A ranking run as a whole: what it answers, that row order is nothing to it, and known severities over many worlds."""

import json
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau

from trainer.domain.rubric import Criterion, RankRubric, ScoreRow
from trainer.domain.severity_ranking import rank_answer, rank_scores

ONE = (Criterion("all", Decimal(100), Decimal(0), Decimal(100)),)
FIVE = tuple(Criterion(f"k{k}", Decimal(20), Decimal(1), Decimal(10)) for k in range(5))


def one(seats=1, seed=1):
    return RankRubric(ONE, seats=seats, seed=seed)


def scores_of(table):
    """{candidate: {judge: score}} → rows on a rubric of one criterion from 0 to 100."""
    return [
        ScoreRow(candidate, judge, "all", None if score is None else Decimal(str(score)))
        for candidate, given in table.items()
        for judge, score in given.items()
    ]


def rows_by_name(result):
    return {row.candidate: row for row in result.rows}


LINKED = {
    "甲": {"A": 80, "B": 70, "C": 76},
    "乙": {"A": 70, "B": 62, "C": 67},
    "丙": {"A": 90, "B": 79},
    "丁": {"B": 55, "C": 60},
}


def test_the_answer_has_the_agreed_shape():
    answer = rank_answer(rank_scores(scores_of(LINKED), one(seats=2)))
    assert list(answer) == [
        "components",
        "lambda2",
        "agreement",
        "rows",
        "judges",
        "input_sha256",
        "output_sha256",
        "versions",
    ]
    assert list(answer["agreement"]) == ["icc_single", "icc_mean_raw", "icc_mean_adjusted", "alpha"]
    columns = ["candidate", "n", "raw", "adjusted", "huber", "se", "rank", "rank_lo", "rank_hi", "p_seat", "flags"]
    assert all(list(row) == columns for row in answer["rows"])
    assert all(list(judge) == ["judge", "n", "offset", "offset_se"] for judge in answer["judges"])
    assert sorted(answer["versions"]) == ["numpy", "scipy"]
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer
    assert [row["candidate"] for row in answer["rows"]] == ["丙", "甲", "乙", "丁"]


def test_a_strict_judge_is_taken_out_of_the_score():
    # B marks about ten lower than A: 丁, never read by A, loses less than her raw mean says.
    result = rank_scores(scores_of(LINKED), one(seats=2))
    rows = rows_by_name(result)
    offsets = {judge.judge: judge.offset for judge in result.judges}
    assert offsets["A"] > offsets["C"] > offsets["B"]
    assert rows["丙"].raw == 84.5
    assert rows["丙"].adjusted == pytest.approx(84.5 - (offsets["A"] + offsets["B"]) / 2, abs=2e-6)
    assert rows["丁"].adjusted > rows["丁"].raw == 57.5
    for row in result.rows:
        assert row.rank_lo <= row.rank <= row.rank_hi
        assert 0 <= row.p_seat <= 1


def test_missing_marks_are_reweighted_or_the_sheet_does_not_count():
    rubric = RankRubric(FIVE, seats=1, seed=1)
    rows = [ScoreRow("a", "A", f"k{k}", Decimal(10)) for k in range(3)]
    rows += [ScoreRow("a", "A", "k3", None)]
    rows += [ScoreRow("b", "A", f"k{k}", Decimal(1)) for k in range(5)]
    rows += [ScoreRow("c", "B", f"k{k}", Decimal(10)) for k in range(2)]
    result = rank_scores(rows, rubric)
    found = {row.candidate: (row.n, row.raw, row.rank) for row in result.rows}
    assert found == {"a": (1, 100.0, 1), "b": (1, 0.0, 2), "c": (0, None, None)}
    assert [(judge.judge, judge.n, judge.offset) for judge in result.judges] == [("A", 2, 0.0), ("B", 0, None)]
    assert rows_by_name(result)["c"].flags == ("too_few_reviews",)


def test_no_counted_sheet_at_all():
    answer = rank_answer(rank_scores(scores_of({"a": {"A": None}}), one()))
    assert (answer["components"], answer["lambda2"]) == (0, None)
    assert answer["rows"][0]["rank"] is None
    assert rank_answer(rank_scores([], one()))["rows"] == []


def test_all_equal_scores_are_all_tied():
    result = rank_scores(scores_of({name: {"A": 60, "B": 60} for name in "abcd"}), one(seats=2))
    for row in result.rows:
        assert (row.raw, row.adjusted, row.huber, row.se) == (60.0, 60.0, 60.0, 0.0)
        assert (row.rank, row.rank_lo, row.rank_hi, row.p_seat) == (1, 1, 4, 0.5)
        assert "tie_on_cut_line" in row.flags
    assert rank_answer(result)["agreement"] == dict.fromkeys(
        ["icc_single", "icc_mean_raw", "icc_mean_adjusted", "alpha"]
    )


def test_one_judge_only_has_no_offset_and_no_interval_and_says_so():
    result = rank_scores(scores_of({"a": {"A": 60}, "b": {"A": 70}}), one())
    assert (result.components, result.lambda2) == (1, None)
    for row in result.rows:
        assert row.adjusted == row.raw
        assert (row.se, row.rank_lo, row.rank_hi, row.p_seat, row.huber) == (None,) * 5
        assert {"too_few_reviews", "one_judge_decides"} <= set(row.flags)
    assert [(judge.offset, judge.offset_se) for judge in result.judges] == [(0.0, None)]


def test_one_review_each_by_several_judges_is_ranked_raw():
    result = rank_scores(scores_of({"a": {"A": 60}, "b": {"B": 70}, "c": {"B": 60}}), one())
    assert (result.components, result.lambda2) == (2, 0.0)
    assert [(row.candidate, row.rank, row.adjusted) for row in result.rows] == [
        ("b", 1, None),
        ("a", 2, None),
        ("c", 2, None),
    ]
    assert all({"too_few_reviews", "unlinked_judges"} <= set(row.flags) for row in result.rows)


def test_where_noise_cannot_be_told_from_severity_two_reviews_are_too_few_as_well():
    rows = rank_scores(scores_of({"甲": {"A": 80, "B": 70}, "乙": {"A": 60}}), one()).rows
    assert [(row.candidate, row.n, row.se, row.flags[-1]) for row in rows] == [
        ("甲", 2, None, "too_few_reviews"),
        ("乙", 1, None, "too_few_reviews"),
    ]


def test_judges_without_a_common_candidate_are_not_compared():
    table = {f"a{k}": {"A": 60 + k, "B": 64 - k} for k in range(4)} | {
        f"b{k}": {"C": 50 + k, "D": 50} for k in range(4)
    }
    result = rank_scores(scores_of(table), one(seats=3))
    assert (result.components, result.lambda2) == (2, 0.0)
    assert all(row.adjusted is None and row.huber is None for row in result.rows)
    assert all(judge.offset is None for judge in result.judges)
    assert all("unlinked_judges" in row.flags for row in result.rows)
    assert {row.rank for row in result.rows[:4]} == {1}  # raw means: 62 for every a
    assert all(("tie_on_cut_line" in row.flags) == row.candidate.startswith("a") for row in result.rows)
    assert all(row.rank_lo <= row.rank <= row.rank_hi for row in result.rows)
    assert result.agreement.icc_mean_adjusted is None


def test_a_candidate_with_one_review_is_flagged_among_others():
    rows = rows_by_name(rank_scores(scores_of(LINKED | {"戊": {"A": 50}}), one(seats=2)))
    assert {name for name, row in rows.items() if "too_few_reviews" in row.flags} == {"戊"}
    assert rows["戊"].se > rows["甲"].se


def test_an_inflated_review_and_the_judge_who_decides_are_pointed_out():
    rng = np.random.default_rng(2)
    table = {f"c{i:02d}": {j: round(65 - i + rng.normal(0, 1.5), 1) for j in "ABC"} for i in range(30)}
    table["c12"]["B"] += 40  # lifts her from 13th place to the top
    rows = rows_by_name(rank_scores(scores_of(table), one(seats=10)))
    assert [name for name, row in rows.items() if "inflated_review" in row.flags] == ["c12"]
    assert rows["c12"].rank <= 10
    assert "one_judge_decides" in rows["c12"].flags
    assert "one_judge_decides" not in rows["c00"].flags
    assert rows["c12"].huber < rows["c12"].adjusted - 4
    assert all((0.1 < row.p_seat < 0.9) == ("grey_zone" in row.flags) for row in rows.values())


def test_what_is_hashed():
    plain = rank_answer(rank_scores(scores_of(LINKED), one(seats=2)))
    spelt = [ScoreRow(r.candidate, r.judge, r.criterion, Decimal(f"{r.level}.00")) for r in scores_of(LINKED)]
    assert rank_answer(rank_scores(spelt, one(seats=2))) == plain
    changed = scores_of(LINKED | {"丁": {"B": 55, "C": 61}})
    other = rank_answer(rank_scores(changed, one(seats=2)))
    assert other["input_sha256"] != plain["input_sha256"]
    assert other["output_sha256"] != plain["output_sha256"]
    reseeded = rank_answer(rank_scores(scores_of(LINKED), one(seats=2, seed=2)))
    assert reseeded["input_sha256"] != plain["input_sha256"]
    assert [row["adjusted"] for row in reseeded["rows"]] == [row["adjusted"] for row in plain["rows"]]


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 1000))
def test_row_order_changes_nothing(random, seed):
    rows, _ = world(seed, n=12, judges=4)
    rubric = RankRubric(FIVE, seats=4, seed=1)
    shuffled = RankRubric(tuple(random.sample(FIVE, 5)), seats=4, seed=1)
    assert rank_answer(rank_scores(random.sample(rows, len(rows)), shuffled)) == rank_answer(rank_scores(rows, rubric))


def world(seed, *, severity=0.8, reviews=3, n=100, judges=12, counties=1):
    """Score rows and the true quality. Truth ~ N(0,1) (+ county), criteria truth + N(0,.5); judges differ in severity,
    scale use and noise, of which the criteria of one sheet share 70 %; levels 1–10.
    """
    rng = np.random.default_rng(seed)
    county = np.arange(n) % counties
    truth = rng.normal(size=n) + rng.normal(0, 0.5 if counties > 1 else 0, counties)[county]
    criteria = truth[:, None] + rng.normal(0, 0.5, (n, 5))
    strict, slope = rng.normal(0, severity, judges), np.exp(rng.normal(0, 0.15, judges))
    noise, load, rows = 0.8 * np.exp(rng.normal(0, 0.2, judges)), np.zeros(judges), []
    for i in rng.permutation(n):
        own = np.flatnonzero(np.arange(judges) % counties == county[i])
        for j in own[np.lexsort((rng.random(own.size), load[own]))[:reviews]]:
            load[j] += 1
            slip = noise[j] * (np.sqrt(0.7) * rng.normal() + np.sqrt(0.3) * rng.normal(size=5))
            levels = np.clip(np.round(5.5 + 1.2 * (slope[j] * criteria[i] - strict[j] + slip)), 1, 10)
            rows += [ScoreRow(f"c{i:03d}", f"j{j:02d}", f"k{k}", Decimal(int(x))) for k, x in enumerate(levels)]
    return rows, criteria.mean(axis=1)


@pytest.mark.parametrize(
    ("design", "gain"),
    [
        ({}, 0.04),  # A: three reviews each, random
        ({"severity": 1.5}, 0.04),  # C: judges differ much
        ({"severity": 0.0}, -0.01),  # B: judges do not differ: correction must cost next to nothing
        ({"counties": 4}, -0.01),  # K: counties keep to themselves: raw it stays
    ],
    ids=["A", "C", "B", "K"],
)
def test_known_severities(design, gain):
    """Kendall's τ with the truth against the raw mean's, and how often the 90 % rank interval holds the true rank."""
    gains, covered, rubric = [], [], RankRubric(FIVE, seats=20, seed=1)
    for seed in range(30):
        rows, truth = world(seed, **design)
        ranked = sorted(rank_scores(rows, rubric).rows, key=lambda row: row.candidate)
        raw = [row.raw for row in ranked]
        used = [row.raw if row.adjusted is None else row.adjusted for row in ranked]
        gains.append(kendalltau(used, truth).statistic - kendalltau(raw, truth).statistic)
        true_rank = np.argsort(np.argsort(-truth)) + 1
        covered.append(np.mean([row.rank_lo <= r <= row.rank_hi for row, r in zip(ranked, true_rank, strict=True)]))
    assert np.mean(gains) >= gain
    assert 0.85 <= np.mean(covered) <= 0.95
