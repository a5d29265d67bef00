"""The drawing of spot checks, its share and its order; what the calls come to."""

import pytest

from trainer.domain.spot_check import SpotCheckOutcome, draw, is_left, summarise_calls, wilson

O = SpotCheckOutcome  # noqa: E741
TWENTY_FIVE = {woman: [woman * 10, woman * 10 + 1] for woman in range(1, 26)}


@pytest.mark.parametrize(("women", "drawn"), [(0, 0), (1, 1), (10, 1), (11, 2), (25, 3), (100, 10)])
def test_a_tenth_rounded_up(women, drawn):
    assert len(draw({n: [n] for n in range(women)}, {}, seed=7)) == drawn


def test_the_same_seed_draws_the_same_whatever_the_order_of_the_rows():
    once = draw(TWENTY_FIVE, {}, seed=20261122)
    assert once == draw(dict(reversed(TWENTY_FIVE.items())), {}, seed=20261122)
    assert once != draw(TWENTY_FIVE, {}, seed=20261123)
    assert all(lesson in TWENTY_FIVE[woman] for woman, lesson in once)


def test_a_drawing_can_be_drawn_again_years_later():
    assert draw({1: [11], 2: [21, 22], 3: [31], 5: [51, 52, 53]}, {}, seed=1) == [(2, 21)]


def test_nobody_is_drawn_again_before_everybody_was():
    often: dict[int, int] = {}
    for turn in range(9):  # eight of three and one of the last
        women = [woman for woman, _lesson in draw(TWENTY_FIVE, often, seed=turn)]
        assert not set(women) & set(often)
        assert len(women) == (3 if turn < 8 else 1)
        often |= dict.fromkeys(women, 1)
    assert set(often) == set(TWENTY_FIVE)
    assert len(draw(TWENTY_FIVE, often, seed=99)) == 3  # and then anew


def test_whoever_attended_since_is_drawn_first():
    often = dict.fromkeys(TWENTY_FIVE, 1)
    assert draw(TWENTY_FIVE | {99: [5]}, often, seed=3) == [(99, 5)]


@pytest.mark.parametrize(
    ("hits", "asked", "low", "high"),
    [(10, 10, 0.722, 1.0), (9, 10, 0.596, 0.982), (0, 10, 0.0, 0.278), (50, 100, 0.404, 0.596), (1, 1, 0.207, 1.0)],
)
def test_wilsons_interval(hits, asked, low, high):
    assert wilson(hits, asked) == pytest.approx((low, high), abs=0.001)


def test_nobody_asked_has_no_interval():
    assert wilson(0, 0) is None


@pytest.mark.parametrize(
    ("outcome", "tries", "left"),
    [(None, 0, True), (O.NOT_REACHED, 2, True), (O.NOT_REACHED, 3, False), (O.WRONG_NUMBER, 1, False)]
    + [(outcome, 1, False) for outcome in (O.WAS_THERE, O.WAS_NOT_THERE, O.UNSURE)],
)
def test_whom_to_call_again(outcome, tries, left):
    assert is_left(outcome, tries) is left


def test_what_the_calls_come_to():
    calls = [(O.WAS_THERE, 1)] * 3 + [
        (O.WAS_NOT_THERE, 2),
        (O.UNSURE, 1),
        (O.NOT_REACHED, 1),
        (O.WRONG_NUMBER, 1),
        (None, 0),
    ]
    summary = summarise_calls(calls)
    assert (summary.drawn, summary.reached, summary.left, summary.share) == (8, 5, 2, 0.6)
    assert (summary.was_not_there, summary.unsure, summary.wrong_number) == (1, 1, 1)
    assert summarise_calls([]).share is None
