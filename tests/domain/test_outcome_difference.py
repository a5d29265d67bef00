"""Asked profit against before, and against women who were not trained."""

from dataclasses import replace

import pytest

from tests.outcome_women import on, woman
from trainer.domain.outcome_difference import changes, claim_of, difference
from trainer.domain.outcome_money import year_earlier
from trainer.domain.outcome_retention import retention_at
from trainer.domain.outcomes import Change, Claim, ComparisonKind, Difference
from trainer.domain.survey import Wave

WAITLIST = ComparisonKind.WAITLIST


def asked(before, after, wave="day_365", township=None):
    profits = {"baseline": before, wave: after}
    return woman(township=township, profits={name: fen for name, fen in profits.items() if fen is not None})


def gained(*gains, townships=()):
    townships = townships or [None] * len(gains)
    return [asked(1000, 1000 + gain, township=name) for gain, name in zip(gains, townships, strict=True)]


def test_changes():
    women = [
        asked(100, 120),
        asked(100, 119),
        # A fifth of 5 is 1; of 7 it is more than 1.
        *(asked(5, 6), asked(7, 8)),
        *(asked(0, 50), asked(0, 0), asked(-30, 1)),
        *(asked(100, None), asked(None, 100), asked(None, None)),
        asked(100, 300, wave="day_90"),
    ]
    middle, end = changes(women)
    # Gained 20, 19, 1, 1, 50, 0, 31; drawn in to 0.06 and 48.86 they come to 120.92.
    assert end == Change("day_365", 7, 2, 19, 17, 4, 2, 3, 2)
    assert middle == Change("day_90", 1, 8, 200, 200, 1, 1, 0, 0)
    assert changes([], (Wave.DAY_90,)) == (Change("day_90", 0, 0, None, None, 0, 0, 0, 0),)


def test_difference_of_two_small_groups():
    """Changes 2, 4, 6 and 1, 1: δ = 4 − 1; s² = 4 and 0: SE = √(4/3) with 2 degrees of freedom, t = 4.302653."""
    found = difference(WAITLIST, Wave.DAY_365, gained(2, 4, 6), [*gained(1, 1), asked(5, None), asked(None, 9)])
    half = pytest.approx(4.968276, abs=1e-5)
    assert found.effect_fen - found.low_fen == found.high_fen - found.effect_fen == half
    assert replace(found, low_fen=None, high_fen=None) == Difference(
        *(
            WAITLIST,
            "day_365",
            3,
            2,
            4.0,
            1.0,
            3.0,
            pytest.approx((4 / 3) ** 0.5),
            None,
            None,
            pytest.approx(2.0),
            None,
        ),
        is_indicative=True,
    )


def test_difference_by_township():
    """Residuals over n: trained in a −2/3 + 0, in b +2/3; compared in a +1/2, in b −1/2 (taken off): a −7/6, b +7/6.

    SE² = 2/1 · 4/3 · 2 · 49/36.
    """
    found = difference(WAITLIST, Wave.DAY_365, gained(2, 4, 6, townships="aab"), gained(2, 0, townships="ab"))
    assert (found.effect_fen, found.clusters, found.df) == (3.0, 2, 1.0)
    assert found.se_fen == pytest.approx((2 * 4 / 3 * 2 * 49 / 36) ** 0.5)
    assert found.high_fen == pytest.approx(3 + 12.706205 * found.se_fen)


@pytest.mark.parametrize(
    ("trained", "compared", "clusters"),
    [
        (gained(2, 4, townships="ab"), gained(1, 3, townships="cd"), 4),
        (gained(2, 4, townships="ab"), gained(1, 3, townships=["a", None]), None),
        (gained(2, 4, townships="ab"), gained(1, 3, townships=["a", ""]), None),
        # One township on a side: its residuals add up to nothing.
        (gained(2, 4, townships="aa"), gained(1, 3, townships="ab"), None),
        (gained(2, 4), gained(1, 3), None),
    ],
)
def test_townships_count_where_all_are_known(trained, compared, clusters):
    found = difference(WAITLIST, Wave.DAY_365, trained, compared)
    assert found.clusters == clusters
    # Each side (2 − 0)²/2 = 2: without townships √(2/2 + 2/2).
    assert clusters or found.se_fen == pytest.approx(2**0.5)


def test_no_comparison_with_one_woman():
    assert difference(WAITLIST, Wave.DAY_365, gained(2), gained(1, 3)) is None
    assert difference(WAITLIST, Wave.DAY_365, gained(2, 4), []) is None
    assert difference(WAITLIST, Wave.DAY_90, gained(2, 4), gained(1, 3)) is None


@pytest.mark.parametrize("townships", ["ab", (None, None)])
def test_where_nothing_varies_there_is_no_interval(townships):
    found = difference(WAITLIST, Wave.DAY_365, gained(5, 5, townships=townships), gained(1, 1, townships=townships))
    assert (found.effect_fen, found.se_fen, found.low_fen, found.high_fen, found.df) == (4.0, None, None, None, None)


@pytest.mark.parametrize(
    ("a_side", "townships", "is_indicative"), [(30, 20, False), (29, 20, True), (30, 19, True), (30, 0, True)]
)
def test_how_many_it_takes_to_say_more(a_side, townships, is_indicative):
    names = [str(number % townships) if townships else None for number in range(a_side)]
    side = gained(*range(a_side), townships=names)
    assert difference(WAITLIST, Wave.DAY_365, side, side).is_indicative is is_indicative


def test_what_may_be_claimed():
    found = difference(WAITLIST, Wave.DAY_365, gained(20_000, 40_000), gained(5_000, 6_000))
    assert claim_of(found) is Claim.COMPARED
    assert claim_of(changes([])[0]) is claim_of(year_earlier([], on(90))) is Claim.BEFORE_AFTER
    assert claim_of(retention_at([], 30, on(90))) is Claim.ASSOCIATED
