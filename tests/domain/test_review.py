"""Own severity, reckoned from the scores of a run; and chains of seals."""

from decimal import Decimal

import pytest

from trainer.domain.review import own_severity

# Evaluator 3 gives ten points fewer than the two others, everywhere.
FILES = {f"A-{n:03}": [(1, Decimal(40 + 5 * n)), (2, Decimal(41 + 5 * n)), (3, Decimal(30 + 5 * n))] for n in range(8)}


@pytest.mark.parametrize(("evaluator", "low", "high", "chance"), [(3, -10.6, -9, False), (1, 4, 5, False)])
def test_how_strict_she_was(evaluator, low, high, chance):
    told = own_severity(FILES, evaluator, FILES)
    assert low < told.offset < high
    assert told.may_be_chance is chance
    assert (told.sheets, told.far_off) == (8, ())


def test_a_sheet_far_off_is_named_with_its_side():
    lifted = FILES | {"A-003": [(1, Decimal(95)), (2, Decimal(56)), (3, Decimal(45))]}
    ((code, points),) = own_severity(lifted, 1, FILES).far_off
    assert code == "A-003"
    assert points > 10
    assert own_severity(lifted, 2, FILES).far_off == ()


def test_only_files_she_may_see_are_spoken_of():
    lifted = FILES | {"A-003": [(1, Decimal(95)), (2, Decimal(56)), (3, Decimal(45))]}
    told = own_severity(lifted, 1, [code for code in FILES if code != "A-003"])
    assert (told.sheets, told.far_off) == (7, ())


def test_where_nothing_links_her_with_others_nothing_is_said():
    alone = FILES | {"A-100": [(9, Decimal(50))], "A-101": [(9, Decimal(60))]}
    told = own_severity(alone, 9, alone)
    assert (told.offset, told.margin, told.mean) == (None, None, Decimal("55.0"))
    assert own_severity(FILES, 9, FILES) is None
