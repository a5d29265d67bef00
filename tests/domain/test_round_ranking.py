"""A round reckoned by hand: totals, missing data, ties, the seat line, and the hash."""

from dataclasses import replace
from decimal import Decimal

import pytest

from trainer.domain.ranking_line import RankingLine, last_inside
from trainer.domain.round_inputs import Figure, QuotaRule, RoundCriterion, RoundInputs, Sheet
from trainer.domain.round_ranking import hundredths, rank_round
from trainer.domain.round_reckoning import reckon
from trainer.domain.selection import Aggregate, CriterionKind, QuotaAttribute, RankedBy, RankingFlag

PLAN = RoundCriterion("c1", "创业计划", CriterionKind.JUDGED, 5000, 1, 3)
SPILL = RoundCriterion("c2", "带动作用", CriterionKind.JUDGED, 3000, 1, 3)
ATTENDANCE = RoundCriterion(
    "c3", "出勤率", CriterionKind.WEIGHTED, 2000, 1, 100, {"field": "attendance_rate", "of": 100}
)
SALES = RoundCriterion("c4", "净成交额", CriterionKind.PERCENTILE, 2000, 1, 100, {"field": "net_sales_fen"})
HALF, NOTHING = {"attendance_rate": Figure("50", 180, 360)}, {}


def inputs(sheets, figures, criteria=(PLAN, SPILL, ATTENDANCE), seats=1, **rules) -> RoundInputs:
    rows = tuple(Sheet(code, evaluator, {"c1": one, "c2": two}) for code, evaluator, one, two in sheets)
    return RoundInputs(tuple(criteria), seats, rows, figures, **rules)


def by_code(ranking):
    return {row.figures.candidate: row for row in ranking.rows}


def test_a_total_by_hand():
    # Sheets: (50·100 + 30·50)/80 = 81.25 and (50·50 + 30·50)/80 = 50, mean 65.625, sd 31.25/√2.
    row = rank_round(inputs([("A", 1, 3, 2), ("A", 2, 2, 2)], {"A": HALF})).rows[0]
    assert row.figures.sheets == ((1, Decimal("81.250000")), (2, Decimal("50.000000")))
    assert row.figures.judged_mean == Decimal("65.625")
    assert row.figures.spread == Decimal("22.097087")
    # (80·65.625 + 20·50)/100
    assert row.total == row.figures.raw_total == Decimal("62.5")
    assert row.figures.parts["c1"].points == 75
    assert (row.figures.parts["c3"].value, row.figures.parts["c3"].points) == ("50", 50)
    assert row.rank == 1


def test_a_sheets_score_is_rounded_before_anything_is_made_of_it():
    of_seven = RoundCriterion("c1", "创业计划", CriterionKind.JUDGED, 10_000, 1, 7)
    sheets = tuple(Sheet("A", e, {"c1": level}) for e, level in ((1, 2), (2, 2), (3, 3)))
    row = rank_round(RoundInputs((of_seven,), 1, sheets, {"A": NOTHING})).rows[0]
    assert [score for _, score in row.figures.sheets] == [Decimal("16.666667")] * 2 + [Decimal("33.333333")]
    assert row.total == Decimal("22.222222")


def test_a_missing_record_is_left_out_and_never_zero():
    row = rank_round(inputs([("A", 1, 3, 2), ("A", 2, 2, 2)], {"A": NOTHING})).rows[0]
    assert row.total == row.figures.judged_mean == Decimal("65.625")
    assert row.figures.known_bp == 8000
    assert row.figures.parts["c3"].points is None
    assert row.flags == (RankingFlag.MISSING_FIGURE,)


def test_an_abstention_is_weighted_anew_and_a_thin_sheet_does_not_count():
    rows = by_code(rank_round(inputs([("A", 1, 3, None), ("B", 1, None, 3)], {"A": HALF, "B": HALF})))
    assert rows["A"].figures.judged_mean == 100  # 50 of 80 answered: 62.5 %
    assert rows["B"].figures.judged_mean is None  # 30 of 80: 37.5 %
    assert rows["B"].rank is None
    assert rows["B"].total is None


def test_with_less_than_sixty_percent_known_there_is_no_total():
    criteria = (replace(PLAN, weight_bp=4000), replace(ATTENDANCE, weight_bp=6000))
    rows = by_code(rank_round(inputs([("A", 1, 3, None), ("B", 1, 2, None)], {"A": NOTHING, "B": HALF}, criteria)))
    assert rows["A"].total is None
    assert RankingFlag.TOO_LITTLE_KNOWN in rows["A"].flags
    assert rows["B"].total == 50


def test_net_sales_become_percentiles_and_ties_share_the_middle():
    known = {code: {"net_sales_fen": Figure(net)} for code, net in (("A", "100"), ("B", "200"), ("C", "200"))}
    figures = {f.candidate: f.parts["c4"] for f in reckon(inputs([], {**known, "D": NOTHING}, (PLAN, SPILL, SALES)))}
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
    spread = [row.figures.adjusted for row in rows.values()]
    assert max(spread) - min(spread) < 25
    assert [rows[code].rank for code in "ACB"] == [1, 2, 3]


def test_between_unlinked_evaluators_nothing_is_adjusted():
    sheets = [("A", 1, 3, 3), ("A", 2, 2, 2), ("B", 3, 3, 3), ("B", 4, 1, 1)]
    assert {row.figures.adjusted for row in rank_round(inputs(sheets, dict.fromkeys("AB", HALF))).rows} == {None}


def test_nobody_scored_gives_no_ranks_and_no_failure():
    rows = rank_round(inputs([], {"A": HALF, "B": NOTHING})).rows
    assert [(r.figures.candidate, r.rank, r.figures.adjusted) for r in rows] == [("A", None, None), ("B", None, None)]


def test_the_hashes_do_not_depend_on_any_order():
    sheets = [("A", 1, 3, 2), ("A", 2, 2, 2), ("B", 1, 1, None), ("B", 2, 3, 1)]
    one = inputs(sheets, {"A": HALF, "B": NOTHING})
    other = inputs(reversed(sheets), {"B": NOTHING, "A": HALF}, (ATTENDANCE, SPILL, PLAN))
    first, second = rank_round(one), rank_round(other)
    assert first.input_sha256 == second.input_sha256
    assert first.output_sha256 == second.output_sha256
    changed = rank_round(inputs([("A", 1, 3, 3), *sheets[1:]], {"A": HALF, "B": NOTHING}))
    assert changed.input_sha256 != first.input_sha256
    assert changed.output_sha256 != first.output_sha256


def test_frozen_inputs_give_the_same_ranking_again():
    frozen = inputs([("A", 1, 3, 2), ("B", 1, 1, None)], {"A": HALF, "B": {"net_sales_fen": Figure("5", 0, 2)}})
    assert rank_round(RoundInputs.from_json(frozen.as_json())) == rank_round(frozen)


def line(rank: int | None) -> RankingLine:
    values = dict.fromkeys(RankingLine.__dataclass_fields__)
    return RankingLine(**{**values, "application_id": 1, "code": "A-001", "name": "王秀芳", "rank": rank})


@pytest.mark.parametrize(
    ("ranks", "seats", "after"),
    [((1, 2, 3), 2, 1), ((1, 2, 2, 4), 2, 2), ((1, 2), 2, None), ((1, None), 2, 0), ((None, None), 1, None)],
)
def test_the_line_is_drawn_below_whoever_shares_the_last_seat(ranks, seats, after):
    assert last_inside([line(rank) for rank in ranks], seats) == after


def test_hundredths_round_half_up():
    assert hundredths(Decimal("65.625")) == 6563
    assert hundredths(None) is None


# Two strict evaluators against two mild ones; everybody is linked. Without severity B would be ahead of A.
STRICT = [("A", 1, 2, 2), ("A", 2, 2, 2), ("B", 3, 3, 2), ("B", 4, 2, 2), ("C", 1, 1, 1), ("C", 3, 3, 3)]
LINKS = [*STRICT, ("D", 2, 1, 1), ("D", 4, 2, 3), ("E", 1, 1, 2), ("E", 4, 2, 3), ("F", 2, 1, 2), ("F", 3, 3, 3)]


def test_which_score_ranks_is_said_before():
    figures = dict.fromkeys("ABCDEF", HALF)
    raw = by_code(rank_round(inputs(LINKS, figures)))
    adjusted = by_code(rank_round(inputs(LINKS, figures, ranked_by=RankedBy.ADJUSTED)))
    assert raw["B"].rank < raw["A"].rank
    assert adjusted["A"].rank < adjusted["B"].rank
    assert raw["A"].figures == adjusted["A"].figures  # both scores stand beside each other either way
    assert adjusted["A"].total == adjusted["A"].figures.adjusted_total
    assert raw["A"].total == raw["A"].figures.raw_total


def test_an_adjusted_score_is_the_mean_of_sheets_less_offsets():
    ranking = rank_round(inputs(LINKS, dict.fromkeys("ABCDEF", HALF), ranked_by=RankedBy.ADJUSTED))
    offsets = {judge.evaluator: judge.offset for judge in ranking.judges}
    for row in ranking.rows:
        proof = [score - offsets[evaluator] for evaluator, score in row.figures.sheets]
        assert abs(row.figures.adjusted - sum(proof) / len(proof)) < Decimal("0.00001")


def test_ranks_lie_in_their_intervals_and_chances_fill_the_seats():
    ranking = rank_round(inputs(LINKS, dict.fromkeys("ABCDEF", HALF), seats=2))
    assert all(row.low <= row.rank <= row.high for row in ranking.rows)
    assert abs(sum(row.p_seat for row in ranking.rows) - 2) < Decimal("0.001")
    grey = {r.figures.candidate for r in ranking.rows if Decimal("0.1") < r.p_seat < Decimal("0.9")}
    assert grey == {r.figures.candidate for r in ranking.rows if RankingFlag.GREY_ZONE in r.flags}


@pytest.mark.parametrize(
    ("aggregate", "evaluators", "score", "kept"),
    [
        (Aggregate.MEAN, 5, Decimal("51.25"), False),
        (Aggregate.MEDIAN, 5, Decimal("37.5"), False),
        (Aggregate.DROP_EXTREMES, 5, Decimal("45.833333"), False),
        (Aggregate.DROP_EXTREMES, 4, Decimal("54.6875"), True),  # too few: nothing is dropped, and it is said
    ],
)
def test_how_sheets_become_one_score(aggregate, evaluators, score, kept):
    # Scores of the sheets: 100, 62.5 (of 5:3 parts 100 and 0), 37.5, 18.75 (0 and 50), 37.5.
    levels = [(3, 3), (3, 1), (1, 3), (1, 2), (1, 3)][:evaluators]
    ranking = rank_round(
        inputs([("A", e, *pair) for e, pair in enumerate(levels)], {"A": NOTHING}, (PLAN, SPILL), aggregate=aggregate)
    )
    assert ranking.rows[0].figures.judged_mean == score
    assert ranking.extremes_kept is kept


def test_extremes_are_kept_where_one_has_more_sheets_than_another():
    sheets = [*(("A", e, 3, 3) for e in range(5)), *(("B", e, 2 + (e == 0), 2) for e in range(6))]
    ranking = rank_round(inputs(sheets, dict.fromkeys("AB", NOTHING), aggregate=Aggregate.DROP_EXTREMES))
    assert ranking.extremes_kept is True
    # (81.25 + 5·50)/6: nothing dropped.
    assert by_code(ranking)["B"].figures.judged_mean == Decimal("55.208333")


def test_just_sixty_percent_known_is_enough_and_no_sheet_is_not():
    plan, rate = (replace(PLAN, weight_bp=weight) for weight in (6000, 4000)), ATTENDANCE
    (six, four), sheets = plan, [("A", 1, 3, None), ("A", 2, 3, None)]
    of = lambda weight: replace(rate, weight_bp=weight)  # noqa: E731
    assert rank_round(inputs(sheets, {"A": NOTHING}, (six, of(4000)))).rows[0].total == 100
    assert rank_round(inputs(sheets, {"A": NOTHING}, (four, of(6000)))).rows[0].total is None
    unread = rank_round(inputs([], {"A": HALF}, (four, of(6000)))).rows[0]
    assert (unread.total, unread.figures.known_bp) == (None, 6000)


@pytest.mark.parametrize(
    ("sheets", "figures", "flags"),
    [
        ([("A", 1, 3, 3), ("A", 2, 3, 3)], HALF, ()),
        ([("A", 1, 3, 3)], HALF, (RankingFlag.TOO_FEW_REVIEWS,)),
        ([("A", 1, 3, 3), ("A", 2, 3, 3)], NOTHING, (RankingFlag.MISSING_FIGURE,)),
        ([("A", 1, None, 3)], HALF, (RankingFlag.TOO_FEW_REVIEWS,)),  # an incomplete sheet, and so nothing is known
    ],
)
def test_what_is_lacking_is_flagged(sheets, figures, flags):
    """Beside another who lacks nothing, and is not flagged for it."""
    full = [("B", 1, 1, 1), ("B", 2, 1, 2)]
    rows = by_code(rank_round(inputs([*sheets, *full], {"A": figures, "B": HALF}, seats=2)))
    lacking = {RankingFlag.TOO_FEW_REVIEWS, RankingFlag.MISSING_FIGURE, RankingFlag.TOO_LITTLE_KNOWN}
    assert tuple(flag for flag in rows["A"].flags if flag in lacking) == flags
    assert not lacking & set(rows["B"].flags)


def test_one_voice_is_not_the_advice_of_all_who_read():
    sheets = (
        *(Sheet("A", e, {"c1": 3, "c2": 3}) for e in (1, 2)),
        Sheet("B", 1, {"c1": 1, "c2": 1}, "support"),
    )
    rows = by_code(rank_round(RoundInputs((PLAN, SPILL), 1, sheets, dict.fromkeys("AB", NOTHING))))
    assert RankingFlag.AGAINST_ADVICE not in rows["B"].flags


def test_quotas_are_counted_in_one_order_and_only_among_those_with_a_total():
    county = lambda value, **limits: QuotaRule(QuotaAttribute.COUNTY, value, **limits)  # noqa: E731
    rules = (county("灵丘县", at_least=1, at_most=None), county("云州区", at_least=None, at_most=1))
    sheets = [(code, e, level, level) for code, level in zip("ABC", (3, 2, 1), strict=True) for e in (1, 2)]
    groups = {"A": "云州区", "B": "云州区", "C": "灵丘县", "D": "灵丘县"}
    found = [
        rank_round(
            inputs(
                sheets,
                dict.fromkeys("ABCD", HALF),
                seats=2,
                quotas=quotas,
                groups={code: {"county": name} for code, name in groups.items()},
            )
        )
        for quotas in (rules, rules[::-1])
    ]
    assert found[0].quota.chosen == ("A", "C")  # D was read by nobody
    assert (found[0].quota.comes_in, found[0].quota.goes_out) == ({"C": (1,)}, {"B": (0,)})
    assert found[0].as_json() == found[1].as_json()
    assert found[0].input_sha256 == found[1].input_sha256


def test_a_contest_of_figures_alone_gives_the_known_points():
    # The worked example of a county's contest: 98, 98, 97.5, 95.5, 92.
    names = ("viewers", "likes", "orders", "sales_fen")
    table = {
        **{"甲": (5200, 31000, 86, 412300), "乙": (8100, 29500, 86, 398000), "丙": (3900, 45200, 51, 515050)},
        **{"丁": (8100, 12000, 40, 99000), "戊": (450, 800, 2, 3600)},
    }
    criteria = [
        RoundCriterion(f"c{k}", name, CriterionKind.RANK_STEP, points, 1, 100, {"field": name, "step": 0.5})
        for k, (name, points) in enumerate(zip(names, (2000, 2000, 2000, 4000), strict=True))
    ]
    figures = {
        who: {name: Figure(str(value)) for name, value in zip(names, row, strict=True)} for who, row in table.items()
    }
    rows = by_code(rank_round(RoundInputs(tuple(criteria), 3, (), figures)))
    assert {who: (rows[who].rank, rows[who].total) for who in table} == {
        **{"甲": (1, 98), "乙": (1, 98), "丙": (3, Decimal("97.5"))},
        **{"丁": (4, Decimal("95.5")), "戊": (5, 92)},
    }
    assert all(row.low is None and row.flags == () for row in rows.values())


def test_bonus_is_added_and_a_veto_flags_and_removes_nobody():
    ranking = rank_round(
        inputs(
            [("A", 1, 3, 3), ("A", 2, 3, 3), ("B", 1, 2, 2), ("B", 2, 2, 2)],
            {"A": {"county": Figure("云州区")}, "B": {"county": Figure("灵丘县"), "table.feasible": Figure("1")}},
            (PLAN, SPILL),
            bonus=({"field": "county", "equals": "灵丘县", "points": 2.5},),
            veto=({"field": "table.feasible", "below": 2, "flag": "可行性低于2"},),
            facts={"A": ("没有固定经营场所",)},
        )
    )
    rows = by_code(ranking)
    assert (rows["B"].total, rows["B"].figures.bonus) == (Decimal("52.5"), Decimal("2.5"))
    assert (rows["A"].figures.vetoes, rows["B"].figures.vetoes) == (("没有固定经营场所",), ("可行性低于2",))
    assert [(r.rank, RankingFlag.VETO in r.flags) for r in ranking.rows] == [(1, True), (2, True)]


def test_one_sheet_far_above_the_others_is_flagged_and_not_removed():
    even = [(code, e, 2, 2 if (k + e) % 2 else 1) for k, code in enumerate("ABCDEFGH") for e in (1, 2, 3, 4)]
    sheets = [(c, e, 3, 3) if (c, e) == ("H", 4) else (c, e, one, two) for c, e, one, two in even]
    ranking = rank_round(inputs(sheets, dict.fromkeys("ABCDEFGH", HALF), seats=1))
    flagged = {r.figures.candidate for r in ranking.rows if RankingFlag.INFLATED_REVIEW in r.flags}
    assert flagged == {"H"}
    assert {judge.evaluator: judge.inflated for judge in ranking.judges}[4] == ("H",)
    assert len(by_code(ranking)["H"].figures.sheets) == 4


def test_advice_against_the_line_is_flagged():
    said = {"A": ("not_now", "not_now"), "B": ("support", "support"), "C": ("support", "not_now"), "D": ()}
    sheets = tuple(
        Sheet(code, e, {"c1": level, "c2": level}, dict(enumerate(said[code])).get(e))
        for code, level in zip("ABCD", (3, 2, 1, 1), strict=True)
        for e in (0, 1)
    )
    ranking = rank_round(RoundInputs((PLAN, SPILL), 1, sheets, dict.fromkeys("ABCD", NOTHING)))
    flagged = {r.figures.candidate for r in ranking.rows if RankingFlag.AGAINST_ADVICE in r.flags}
    assert flagged == {"A", "B"}


def test_inputs_of_the_first_format_are_read_as_today():
    old = {
        "criteria": [
            {"code": "c1", "name": "创业计划", "kind": "judged", "weight_bp": 6000, "minimum": 1, "maximum": 3},
            {"code": "x", "name": "出勤", "kind": "attendance_rate", "weight_bp": 2000, "minimum": 1, "maximum": 100},
            {"code": "y", "name": "成交", "kind": "net_sales", "weight_bp": 2000, "minimum": 1, "maximum": 100},
        ],
        "seats": 1,
        "sheets": [{"candidate": "A", "evaluator": 1, "levels": {"c1": 2}}],
        "evidence": {
            "A": {"attended_minutes": 1, "counted_minutes": 3, "net_fen": 5, "lines_counted": 1, "lines": 2},
            "B": {"attended_minutes": 0, "counted_minutes": 0, "net_fen": None, "lines_counted": 0, "lines": 0},
        },
    }
    row = rank_round(RoundInputs.from_json(old)).rows[0]
    # 0.6·50 + 0.2·33.333333 + 0.2·50: alone in her company she stands in the middle of it.
    assert row.total == Decimal("46.666667")
