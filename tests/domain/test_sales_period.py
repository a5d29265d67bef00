"""Months of sales: who approves what, what a step back leads to, what changed since."""

from dataclasses import replace
from datetime import date

import pytest

from trainer.domain.sales import SalesKind
from trainer.domain.sales_period import (
    Change,
    Figures,
    PeriodLine,
    PeriodStage,
    PeriodStep,
    changes,
    is_over,
    level_of,
    month_after,
    months_before,
    standing_approvers,
    unit_of,
)

OPEN, COUNTY, CITY, PROVINCE = PeriodStage
LINE = PeriodLine(SalesKind.ORDER, "kuaishou", 3, 12, 120_000, 20_000, 100_000)


@pytest.mark.parametrize(
    ("code", "level", "units"),
    [
        ("140215", COUNTY, ("140215", "140200", "140000")),
        ("140200", CITY, ("140200", "140200", "140000")),
        ("140000", PROVINCE, ("140000", "140000", "140000")),
    ],
)
def test_a_code_says_whose_approval_it_is(code, level, units):
    assert level_of(code) is level
    assert tuple(unit_of(stage, code) for stage in (COUNTY, CITY, PROVINCE)) == units


@pytest.mark.parametrize(
    ("stage", "back"),
    [(OPEN, ()), (COUNTY, (OPEN,)), (CITY, (COUNTY, OPEN)), (PROVINCE, (CITY, COUNTY, OPEN))],
)
def test_unlocking_leads_one_or_more_levels_back(stage, back):
    assert stage.below == back


@pytest.mark.parametrize(
    ("month", "today", "over"),
    [
        (date(2026, 2, 1), date(2026, 2, 28), False),
        (date(2026, 2, 1), date(2026, 3, 1), True),
        (date(2026, 4, 1), date(2026, 3, 31), False),
        (date(2025, 12, 1), date(2026, 1, 1), True),
    ],
)
def test_only_a_month_that_is_over_is_approved(month, today, over):
    assert is_over(month, today) is over


def test_months_are_counted_over_new_year():
    assert months_before(date(2026, 2, 14), 3) == [date(2026, 1, 1), date(2025, 12, 1), date(2025, 11, 1)]
    assert month_after(date(2025, 12, 1)) == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("steps", "stage", "approvers"),
    [
        ([], OPEN, {}),
        ([(OPEN, COUNTY, 1)], COUNTY, {COUNTY: 1}),
        ([(OPEN, COUNTY, 1), (COUNTY, CITY, 2)], CITY, {COUNTY: 1, CITY: 2}),
        ([(OPEN, COUNTY, 1), (COUNTY, CITY, 2), (CITY, COUNTY, 2)], COUNTY, {COUNTY: 1}),
        ([(OPEN, COUNTY, 1), (COUNTY, OPEN, 1), (OPEN, COUNTY, 3)], COUNTY, {COUNTY: 3}),
    ],
)
def test_a_month_rests_on_the_approvals_that_stand(steps, stage, approvers):
    assert standing_approvers([PeriodStep(*step) for step in steps], stage) == approvers


def test_figures_come_back_as_they_were_kept():
    figures = Figures(shops=2, women=2, with_data=1, findings=1, lines=[LINE])
    assert Figures.kept(figures.keep()) == figures
    assert figures.open_ends == {"findings": 1}


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (Figures(women=2, lines=[LINE]), []),
        (Figures(women=2, findings=3, lines=[LINE]), []),
        (Figures(women=3, lines=[LINE]), [Change("women", 2, 3)]),
        (
            Figures(women=2, lines=[replace(LINE, refund_fen=30_000, net_fen=90_000)]),
            [("refund_fen", 20_000, 30_000), ("net_fen", 100_000, 90_000)],
        ),
        (
            Figures(women=2),
            [
                ("count", 12, None),
                ("gross_fen", 120_000, None),
                ("refund_fen", 20_000, None),
                ("net_fen", 100_000, None),
            ],
        ),
    ],
)
def test_what_changed_since_is_told_line_by_line(now, found):
    told = changes(Figures(women=2, lines=[LINE]), now)
    assert [one if one.line is None else (one.name, one.then, one.now) for one in told] == found
