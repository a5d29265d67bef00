"""What outsiders are told of a cohort: nothing of one to four women, nor what gives them away."""

import random
from dataclasses import fields, is_dataclass, replace
from itertools import pairwise

import pytest

from tests.outcome_figures import retention_cell, sample_figures
from trainer.domain.outcome_disclosure import suppress
from trainer.domain.outcomes import (
    FEWEST,
    AreaSales,
    Band,
    Change,
    CoverageMonth,
    FirstOrder,
    Jobs,
    ProductSales,
    Stage,
    SurvivalStep,
    WaveFigures,
)

FIGURES = sample_figures()
# Numbers of women; all else is money, shares, days and what they are of.
OF_WOMEN = {
    *("n", "completed", "undecided", "reached", "reached_all_before", "due", "eligible", "active", "no_data", "events"),
    *("already", "at_risk", "sellers", "top_sellers", "broadcasting", "selling", "women", "with_data", "active_90"),
    *("files", "typed", "said", "none", "answered", "declined", "profits", "earned_before", "uplift", "sustained"),
    *("earned_nothing", "from_zero", "trained", "compared", "workers", "lost"),
}


def numbers_of_women(thing):
    if isinstance(thing, tuple):
        for part in thing:
            yield from numbers_of_women(part)
    elif is_dataclass(thing):
        for one in fields(thing):
            value = getattr(thing, one.name)
            if one.name in OF_WOMEN:
                yield one.name, value
            else:
                yield from numbers_of_women(value)


def test_no_number_of_one_to_four_women_is_left_in_a_cohort_of_a_hundred():
    assert any(value and value < FEWEST for _name, value in numbers_of_women(FIGURES))
    assert [name for name, value in numbers_of_women(suppress(FIGURES)) if value and value < FEWEST] == []


@pytest.mark.parametrize("seed", range(20))
def test_nor_of_any_other_cohort(seed):
    assert [one for one in numbers_of_women(suppress(shrunk(FIGURES, seed))) if one[1] and one[1] < FEWEST] == []


def shrunk(thing, seed: int):
    """The same with its numbers of women drawn anew, few of them large; parts stay within their wholes as far as asked."""
    draw = random.Random(seed)

    def anew(part):
        if isinstance(part, tuple):
            return tuple(anew(one) for one in part)
        if not is_dataclass(part):
            return part
        values = {one.name: anew(getattr(part, one.name)) for one in fields(part)}
        return replace(
            part,
            **{name: draw.choice((0, 1, 4, 5, 9, 30)) if name in OF_WOMEN else value for name, value in values.items()},
        )

    return anew(thing)


def test_what_is_of_many_stays():
    told = suppress(FIGURES)
    assert (told.n, told.completed, told.retention_at(60)) == (100, 86, FIGURES.retention_at(60))
    assert told.money.net_fen_median == FIGURES.money.net_fen_median
    assert told.difference == FIGURES.difference


@pytest.mark.parametrize(
    ("completed", "n", "told"),
    [(86, 100, (86, 100)), (97, 100, (97, None)), (100, 100, (100, 100)), (0, 100, (0, 100)), (4, 100, (None, 100))],
)
def test_a_part_and_its_rest(completed, n, told):
    shown = suppress(replace(FIGURES, completed=completed, n=n))
    assert (shown.completed, shown.n) == told


def test_steps_of_the_funnel_that_differ_by_a_few_do_not_stand_side_by_side():
    told = suppress(FIGURES)
    # 55 and 61 reached it, 55 of them through all; of ACTIVE_30 44 through all after 50 who had money settled.
    shown = sorted({n for step in told.funnel for n in (step.reached, step.reached_all_before) if n is not None})
    assert all(high - low >= FEWEST for low, high in pairwise(shown))
    assert told.step(Stage.ATTENDED).reached_all_before == 91
    assert told.step(Stage.SUSTAINED).reached is None  # 29 of the 31 are told
    assert told.costs.per_sustained_fen is None  # it would say them again


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ((30, 86, 74, 55), (86, 74, 55, 12)),
        ((30, 86, 74, 3), (86, 74, None, 12)),
        ((30, 86, 74, 71), (86, 74, None, 12)),  # three inactive
        ((30, 86, 83, 40), (86, None, None, None)),  # three without data
        ((30, 84, 70, 40), (None, None, None, None)),  # two whose day has not come
        ((30, 86, 86, 86), (86, 86, 86, 0)),
    ],
)
def test_retention(cell, told):
    shown = suppress(replace(FIGURES, retention=(retention_cell(*cell),))).retention[0]
    assert (shown.due, shown.eligible, shown.active, shown.no_data) == told
    assert (shown.rate is None, shown.low is None, shown.wilson_high is None) == (told[2] is None,) * 3


def test_a_curve_of_single_women_becomes_one_of_fives():
    steps = tuple(SurvivalStep(day, 40 - day, 1, 1 - day / 40) for day in range(1, 13))
    told = suppress(replace(FIGURES, first_order=FirstOrder(40, 12, 0, None, steps))).first_order
    assert [(step.day, step.at_risk, step.events, step.survival) for step in told.steps] == [
        (5, 39, 5, 0.875),
        (10, 34, 5, 0.75),
    ]
    few = suppress(replace(FIGURES, first_order=FirstOrder(40, 4, 0, 9, steps[:4]))).first_order
    assert (few.events, few.median_day, few.steps) == (None, None, ())


def test_sums_of_a_few_sellers_are_theirs():
    money = suppress(replace(FIGURES, money=replace(FIGURES.money, sellers=3))).money
    assert (money.n, money.sellers, money.net_fen_total, money.top_share, money.paid_fen) == (
        66,
        None,
        None,
        None,
        None,
    )
    assert (money.net_fen_median, money.net_fen_mean_winsorised) == (None, None)
    few = suppress(replace(FIGURES, money=replace(FIGURES.money, top_sellers=4))).money
    assert (few.net_fen_total, few.top_share, few.top_sellers) == (6_204_800, None, None)


def test_one_small_county_takes_the_next_with_it():
    areas = (AreaSales("1", 3, 3, 2, 900), AreaSales("2", 12, 12, 7, 500), AreaSales("3", 40, 31, 9, 700))
    told = suppress(replace(FIGURES, areas=areas)).areas
    assert [(area.women, area.with_data, area.sellers, area.net_fen) for area in told] == [
        (None, None, None, None),
        (None, None, None, None),
        (40, 31, 9, 700),
    ]


def test_a_product_of_a_few_takes_the_next_with_it():
    told = suppress(replace(FIGURES, products=(ProductSales("fruit", 2, 9), ProductSales("", 6, 5)))).products
    assert [(product.women, product.net_fen) for product in told] == [(None, None), (None, None)]


def test_bands_waves_changes_coverage_and_jobs():
    told = suppress(
        replace(
            FIGURES,
            bands=(Band(0, 5000, 20, 4, 1, 9), Band(5000, 8000, 30, 20, 18, 7), Band(8000, 10001, 50, 40, 30, 8)),
            waves=(WaveFigures("day_90", 86, 83, 3, 70, 5), WaveFigures("day_30", 86, 60, 0, 4, 5)),
            changes=(Change("day_90", 30, 2, 1, 1, 20, 9, 10, 6), Change("day_365", 30, 9, 1, 1, 27, 9, 3, 1)),
            coverage=(CoverageMonth(1, 86, 60, 14, 3, 9),),
            jobs=Jobs(4, 1.5, 1.0, 0.0),
        )
    )
    assert [(band.with_data, band.active_90, band.net_fen_median) for band in told.bands] == [
        (None, None, None),
        (None, None, 7),
        (40, 30, 8),
    ]
    assert [(wave.answered, wave.declined, wave.profits, wave.profit_fen_median) for wave in told.waves] == [
        (None, None, None, None),
        (60, 0, None, None),
    ]
    assert [(change.n, change.earned_before, change.from_zero, change.median_fen) for change in told.changes] == [
        (None, None, None, None),
        (30, None, None, 1),
    ]
    (month,) = told.coverage
    assert (month.files, month.typed, month.said, month.none) == (60, None, None, None)
    assert told.jobs == Jobs(None, None, None, None)


def test_who_did_not_finish_is_found_neither_by_the_graduates_of_a_day_nor_by_a_questionnaire():
    """With two who did not complete, the number of graduates stands at every day: then nobody says how many took part."""
    bands = (Band(0, 5000, 10, 8, 0, 1), Band(5000, 10001, 90, 80, 60, 1))
    waves = (WaveFigures("baseline", 100, 90, 0, 90, 1), WaveFigures("day_30", 98, 90, 0, 90, 1))
    retention = (retention_cell(30, 98, 80, 60),)
    numbers = (100, 100, 98, 80, 74, 61, 55, 55, 31)
    steps = zip(FIGURES.funnel, numbers, strict=True)
    funnel = tuple(replace(step, reached=number, reached_all_before=number) for step, number in steps)
    parts = {"bands": bands, "waves": waves, "retention": retention, "funnel": funnel}
    told = suppress(replace(FIGURES, n=100, completed=98, undecided=0, **parts))
    assert (told.n, told.completed, told.undecided, told.retention[0].due) == (None, 98, None, 98)
    assert [step.reached for step in told.funnel][:3] == [None, None, 98]
    assert {band.women for band in told.bands} == {None}
    assert [wave.due for wave in told.waves] == [None, 98]


def test_bands_do_not_give_away_what_the_day_has_in_sum():
    bands = (Band(0, 5000, 20, 12, 3, 1), Band(5000, 8000, 30, 20, 10, 7), Band(8000, 10001, 50, 40, 30, 8))
    told = suppress(replace(FIGURES, bands=bands)).bands
    # 43 of them were active at day 90: with 10 and 30 the 3 would be found.
    assert [band.active_90 for band in told] == [None, None, 30]


def test_counties_do_not_give_away_what_the_class_has_in_sum():
    areas = (AreaSales("1", 20, 20, 2, 900), AreaSales("2", 30, 30, 12, 500), AreaSales("3", 40, 40, 20, 700))
    told = suppress(replace(FIGURES, areas=areas)).areas
    assert [(area.sellers, area.net_fen) for area in told] == [(None, None), (None, None), (20, 700)]


def test_a_product_that_all_but_a_few_sell_is_not_told():
    told = suppress(replace(FIGURES, products=(ProductSales("fruit", 84, 9), ProductSales("", 60, 5)))).products
    assert [product.women for product in told] == [None, 60]


def test_months_do_not_give_away_the_money_of_a_few():
    """One woman sold: what the first three months have in sum is hers."""
    months = tuple(replace(month, sellers=1) for month in FIGURES.months)
    told = suppress(replace(FIGURES, months=months, money=replace(FIGURES.money, sellers=1)))
    assert {month.net_fen_total for month in told.months} == {None}
    # Of three months one is of a few: another goes with it, since the money of the ninety days is told.
    sellers = (30, 2, 20, 20, 20, 20)
    months = tuple(replace(month, sellers=n) for month, n in zip(FIGURES.months, sellers, strict=True))
    told = suppress(replace(FIGURES, months=months))
    assert [month.net_fen_total is None for month in told.months] == [False, True, True, False, False, False]
    assert told.money.net_fen_total == FIGURES.money.net_fen_total


def test_no_week_of_a_few_sellers_stands_alone():
    weeks = tuple(replace(week, selling=2 if week.number == 5 else 20) for week in FIGURES.weeks)
    told = suppress(replace(FIGURES, weeks=weeks)).weeks
    assert [week.number for week in told if week.paid_fen is None] == [1, 5]


def test_who_only_said_so_is_not_found_beside_whose_data_are_there():
    """77 are known at day 30, 74 by data: three have said that they do not broadcast."""
    figures = replace(
        FIGURES, retention=(retention_cell(30, 86, 77, 50),), coverage=(CoverageMonth(1, 86, 60, 14, 3, 9),)
    )
    told = suppress(figures)
    assert (told.months[0].n, told.months[0].no_data, told.months[0].net_fen_mean_winsorised) == (None, None, None)
    assert told.months[0].net_fen_median == FIGURES.months[0].net_fen_median
    assert (told.coverage[0].typed, told.coverage[0].said) == (None, None)
    assert told.coverage_share is None


def test_who_has_not_answered_yet_is_not_the_rest_of_two_numbers():
    told = suppress(replace(FIGURES, waves=(WaveFigures("day_30", 86, 76, 7, 70, 5),))).waves[0]
    assert (told.due, told.answered, told.declined) == (86, 76, None)
