"""Quotas: who moves in and out, by which rule, and the price."""

import random
from decimal import Decimal
from itertools import combinations

import pytest

from trainer.domain.quota import propose
from trainer.domain.round_inputs import QuotaRule
from trainer.domain.selection import QuotaAttribute

TOTALS = {code: Decimal(score) for code, score in (("A", 90), ("B", 80), ("C", 70), ("D", 60), ("E", 60), ("F", 50))}
COUNTIES = {"云州区": "ABC", "灵丘县": "DE", "广灵县": "F"}
GROUPS = {code: {"county": name} for name, codes in COUNTIES.items() for code in codes}


def county(value, at_least=None, at_most=None) -> QuotaRule:
    return QuotaRule(QuotaAttribute.COUNTY, value, at_least, at_most, "文件")


def test_without_need_nobody_moves():
    found = propose(TOTALS, GROUPS, [county("云州区", at_least=1)], 3)
    assert (found.chosen, found.comes_in, found.goes_out, found.price) == (("A", "B", "C"), {}, {}, 0)


def test_named_swaps_and_their_price():
    found = propose(TOTALS, GROUPS, [county("云州区", at_most=2), county("广灵县", at_least=1)], 3)
    assert found.chosen == ("A", "B", "F")
    assert found.comes_in == {"F": (1,)}
    assert found.goes_out == {"C": (0,)}
    assert found.price == Decimal("6.666667")  # (70 − 50) ÷ 3


def test_of_equals_the_earlier_code_moves():
    for totals in (TOTALS, dict(reversed(TOTALS.items()))):
        assert propose(totals, GROUPS, [county("灵丘县", at_least=1)], 3).comes_in == {"D": (0,)}


def test_points_come_before_few_moves():
    """One woman would keep both rules, far below two who keep one each."""
    totals = {code: Decimal(score) for code, score in zip("ABCDEF", (90, 89, 88, 87, 86, 10), strict=True)}
    groups = {"D": {"county": "灵丘县"}, "E": {"cohort": "一班"}, "F": {"county": "灵丘县", "cohort": "一班"}}
    both = [county("灵丘县", at_least=1), QuotaRule(QuotaAttribute.COHORT, "一班", 1, None)]
    found = propose(totals, groups, [*both, QuotaRule(QuotaAttribute.COHORT, "一班", None, 2)], 3)
    assert found.chosen == ("A", "D", "E")
    assert found.comes_in == {"D": (0,), "E": (1,)}  # a rule that lets at most so many in brings nobody in


def test_an_equal_of_another_group_does_not_move_in_without_need():
    totals = {"A": Decimal(50), "B": Decimal(50), "C": Decimal(51)}
    groups = {"A": {"county": "云州区"}, "B": {"county": "灵丘县"}, "C": {"county": "广灵县"}}
    for first in ("云州区", "灵丘县"):
        found = propose(totals, groups, [county(first, at_most=2), county("广灵县", at_most=1)], 2)
        assert (found.chosen, found.comes_in, found.price) == (("C", "A"), {}, 0)


@pytest.mark.parametrize("seed", range(12))
def test_among_all_choices_none_is_better(seed):
    """Counties and cohorts cross, and the totals lie so near each other that a solver may call the second best enough."""
    rng = random.Random(seed)
    totals = {f"C{k}": 80 + Decimal(rng.randint(0, 30_000)) / 1_000_000 for k in range(8)}
    groups = {code: {"county": rng.choice("xyz"), "cohort": rng.choice("xyz")} for code in totals}
    quotas = [
        QuotaRule(attribute, value, rng.choice([None, 1]), rng.choice([1, 2]))
        for attribute in (QuotaAttribute.COUNTY, QuotaAttribute.COHORT)
        for value in "xy"
    ]

    def keeps(chosen, rule) -> bool:
        inside = sum(groups[code][rule.attribute.value] == rule.value for code in chosen)
        return (rule.at_least or 0) <= inside <= rule.at_most

    legal = [chosen for chosen in combinations(totals, 5) if all(keeps(chosen, rule) for rule in quotas)]
    found = propose(totals, groups, quotas, 5)
    if legal:
        assert set(found.chosen) == set(max(legal, key=lambda chosen: sum(totals[code] for code in chosen)))
    else:
        assert (found.chosen, bool(found.unmet)) == ((), True)


def test_of_choices_worth_the_same_the_one_with_fewer_moves():
    totals = {code: Decimal(score) for code, score in zip("ABCDEFGH", (90, 80, 60, 50, 50, 40, 30, 20), strict=True)}
    groups = {"D": {"county": "灵丘县"}, "E": {"cohort": "一班"}, "H": {"county": "灵丘县", "cohort": "一班"}}
    both = [county("灵丘县", at_least=1), QuotaRule(QuotaAttribute.COHORT, "一班", 1, None)]
    # A, D, E and A, B, H are worth 190 alike.
    assert propose(totals, groups, both, 3).chosen == ("A", "B", "H")


def test_what_cannot_be_kept_is_named():
    found = propose(TOTALS, GROUPS, [county("云州区", at_least=1), county("广灵县", at_least=2)], 3)
    assert (found.chosen, found.price, found.unmet) == ((), None, (1,))
    together = propose(TOTALS, GROUPS, [county("云州区", at_least=2), county("灵丘县", at_least=2)], 3)
    assert together.unmet == (0, 1)
    beyond = propose(TOTALS, GROUPS, [county("云州区", at_least=3), county("灵丘县", at_most=2)], 2)
    assert beyond.unmet == (0,)  # more than there are places


def test_whose_group_nobody_knows_counts_for_none():
    found = propose({**TOTALS, "G": Decimal(55)}, GROUPS, [county("广灵县", at_least=1)], 3)
    assert found.comes_in == {"F": (0,)}


def test_fewer_candidates_than_places():
    assert propose({"A": Decimal(1)}, GROUPS, [county("云州区", at_most=1)], 3).chosen == ("A",)
