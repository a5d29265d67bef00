"""The figures of a few hundred random women against numpy, scipy and statsmodels, and what holds of any women."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ttest_ind
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.proportion import proportion_confint

from tests.outcome_women import T0, on, woman
from trainer.domain.outcome_difference import difference
from trainer.domain.outcome_funnel import funnel
from trainer.domain.outcome_money import middle_of, money, winsorised_mean
from trainer.domain.outcome_retention import retention, wilson
from trainer.domain.outcome_survival import first_order
from trainer.domain.outcome_weeks import coverage, months, weeks
from trainer.domain.outcome_woman import active_state, with_derived_stages
from trainer.domain.outcomes import RETENTION_DAYS, ComparisonKind, Stage
from trainer.domain.survey import Wave

AS_OF = on(380)


def random_women(n=300, seed=20260131):
    """Some without data, some with data that end early, some with orders before the course; sales with a heavy tail."""
    rng = np.random.default_rng(seed)
    women = []
    for number in range(n):
        reach = None if rng.random() < 0.1 else int(rng.integers(-20, 420))
        broadcasts = sorted(rng.integers(-30, 400, int(rng.integers(0, 60))).tolist())
        sold = {
            int(day): int(fen)
            for day, fen in zip(rng.integers(-30, 400, 12), rng.lognormal(8, 2, 12) - 900, strict=True)
        }
        stages = {"enrolled": -30, "attended": -20, "completed": 0, "first_paid_order": int(rng.integers(-10, 300))}
        skipped = [name for name in stages if rng.random() < 0.1]
        facts = {name: day for name, day in stages.items() if name not in skipped}
        done = rng.random() < 0.9
        women.append(woman(id=number, done=done, reach=reach, broadcasts=broadcasts, sold=sold, stages=facts))
    return women


WOMEN = random_women()


@pytest.mark.parametrize("n", [1, 2, 9, 30, 100, 997])
def test_wilson(n):
    for successes in {0, 1, n // 3, n - 1, n}:
        assert wilson(successes, n) == pytest.approx(proportion_confint(successes, n, method="wilson"), abs=1e-12)


def test_retention_counted_another_way():
    for cell in retention(WOMEN, AS_OF):
        k = cell.day
        graduates = [one for one in WOMEN if one.completed_on]
        reached = [one for one in graduates if one.reach_on and (one.reach_on - T0).days >= k]
        active = [
            one for one in reached if any(k - 30 < (day.day - T0).days <= k and day.qualifying for day in one.days)
        ]
        assert (cell.due, cell.eligible, cell.active) == (len(graduates), len(reached), len(active))
        low, high = proportion_confint(len(active), len(reached), method="wilson")
        assert (cell.wilson_low, cell.wilson_high) == pytest.approx((low, high), abs=1e-12)


def test_first_order():
    found = first_order(WOMEN, AS_OF)
    times, events = [], []
    for one in WOMEN:
        ordered_on = one.stages.get(Stage.FIRST_PAID_ORDER)
        end = min(one.reach_on, AS_OF) if one.reach_on else T0
        if one.completed_on and end > T0 and not (ordered_on and ordered_on <= T0):
            events.append(int(bool(ordered_on and ordered_on <= end)))
            times.append(((ordered_on if events[-1] else end) - T0).days)
    peer = SurvfuncRight(np.array(times), np.array(events))
    assert (found.n, found.events) == (len(times), sum(events))
    assert found.events > 80
    assert [step.day for step in found.steps] == peer.surv_times.tolist()
    assert [step.at_risk for step in found.steps] == peer.n_risk.tolist()
    assert [step.events for step in found.steps] == peer.n_events.tolist()
    assert [step.survival for step in found.steps] == pytest.approx(peer.surv_prob.tolist(), abs=1e-12)
    assert found.median_day == peer.quantile(0.5)


def test_money():
    nets = [
        sum(day.firm_net_fen for day in one.days if 0 < (day.day - T0).days <= 90)
        for one in WOMEN
        if one.completed_on and one.reach_on and one.reach_on >= T0 + timedelta(days=90)
    ]
    found = money(WOMEN, AS_OF)
    sold = sorted(net for net in nets if net > 0)
    assert (found.n, found.net_fen_total, found.sellers) == (len(nets), sum(nets), len(sold))
    assert found.net_fen_median == pytest.approx(np.median(nets), abs=0.5)
    clipped = np.clip(nets, *np.percentile(nets, [1, 99]))
    assert found.net_fen_mean_winsorised == pytest.approx(clipped.mean(), abs=0.51)
    assert abs(np.mean(nets) - clipped.mean()) > 100
    best = sold[-int(np.ceil(len(sold) / 10)) :]
    assert found.top_share == pytest.approx(sum(best) / sum(sold))


def asked_women(rng, n, gain, townships):
    """Women of a township gain alike."""
    shift = rng.normal(0, 40_000, townships)
    homes = rng.integers(0, townships, n)
    gains = rng.normal(gain, 50_000, n) + shift[homes]
    return [
        woman(township=f"T{home}", profits={"baseline": 100_000, "day_365": 100_000 + int(more)})
        for home, more in zip(homes, gains, strict=True)
    ]


@pytest.mark.parametrize(("trained", "compared", "townships"), [(60, 45, 24), (12, 9, 3)])
def test_difference_by_township(trained, compared, townships):
    rng = np.random.default_rng(trained)
    sides = asked_women(rng, trained, 40_000, townships), asked_women(rng, compared, 10_000, townships)
    found = difference(ComparisonKind.WAITLIST, Wave.DAY_365, *sides)
    women = [*sides[0], *sides[1]]
    gains = np.array([one.profits["day_365"] - one.profits["baseline"] for one in women], dtype=float)
    design = np.column_stack([np.ones(len(women)), [1.0] * trained + [0.0] * compared])
    groups = np.unique([one.township for one in women], return_inverse=True)[1]
    fit = OLS(gains, design).fit(cov_type="cluster", cov_kwds={"groups": groups}, use_t=True)
    assert found.clusters == groups.max() + 1
    assert found.effect_fen == pytest.approx(fit.params[1])
    assert found.se_fen == pytest.approx(fit.bse[1])
    assert (found.low_fen, found.high_fen) == pytest.approx(tuple(fit.conf_int()[1]))


def test_difference_without_townships():
    rng = np.random.default_rng(5)
    sides = asked_women(rng, 40, 40_000, 1), asked_women(rng, 9, 10_000, 1)
    found = difference(ComparisonKind.NOT_ADMITTED, Wave.DAY_365, *sides)
    gains = [[one.profits["day_365"] - one.profits["baseline"] for one in side] for side in sides]
    peer = ttest_ind(*gains, equal_var=False)
    interval = peer.confidence_interval(0.95)
    assert found.clusters is None
    assert found.df == pytest.approx(peer.df)
    assert (found.low_fen, found.high_fen) == pytest.approx((interval.low, interval.high))


DAYS = st.integers(-40, 380)
SOME_WOMEN = st.lists(
    st.builds(
        woman,
        done=st.booleans(),
        reach=st.none() | DAYS,
        since=st.none() | DAYS,
        broadcasts=st.lists(DAYS, max_size=6),
        sold=st.dictionaries(DAYS, st.integers(-10_000, 10_000), max_size=4),
        stages=st.dictionaries(st.sampled_from([str(stage) for stage in Stage]), DAYS),
        said=st.lists(DAYS, max_size=2),
    ),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(SOME_WOMEN, DAYS, st.randoms(use_true_random=False))
def test_what_holds_of_any_women(women, day, random):
    as_of = on(day)
    women = [with_derived_stages(one, as_of) for one in women]
    figures = [reckon(women, as_of) for reckon in (funnel, retention, first_order, money, months, coverage)]
    steps, cells, order, sums, by_month, sources = figures
    through = [step.reached_all_before for step in steps]
    assert through == sorted(through, reverse=True)
    assert all(step.reached_all_before <= step.reached <= len(women) for step in steps)
    assert all((step.median_days or 0) >= 0 for step in steps)
    for cell in cells:
        assert cell.active + cell.inactive + cell.no_data == cell.due
        if cell.eligible:
            assert 0 <= cell.low <= cell.rate <= cell.high <= 1
            assert 0 <= cell.wilson_low <= cell.rate <= cell.wilson_high <= 1
    survival = [1.0, *(step.survival for step in order.steps)]
    assert survival == sorted(survival, reverse=True)
    assert survival[-1] >= 0
    assert order.n + order.already <= sum(one.completed_on is not None for one in women)
    assert sums.top_share is None or 0 < sums.top_share <= 1
    assert all(month.active <= month.n for month in by_month)
    assert all(month.files + month.typed + month.said + month.none == month.due for month in sources)
    assert all(week.broadcasting <= week.n for week in weeks(women, as_of, T0))
    mixed = random.sample(women, len(women))
    assert [reckon(mixed, as_of) for reckon in (funnel, retention, first_order, money, months, coverage)] == figures


@settings(max_examples=40, deadline=None)
@given(SOME_WOMEN, st.sampled_from(RETENTION_DAYS))
def test_a_state_stays(women, day):
    """However much later it is asked with the same data."""
    for one in women:
        assert active_state(one, day, on(day)) is active_state(one, day, on(day + 400))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=40))
def test_the_middle_and_the_winsorised_mean_lie_within(amounts):
    assert min(amounts) <= middle_of(amounts) <= max(amounts)
    clipped = np.clip(np.array(amounts, dtype=float), *np.percentile(amounts, [1, 99]))
    assert winsorised_mean(amounts) == pytest.approx(clipped.mean(), abs=0.51)
