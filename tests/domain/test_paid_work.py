"""What a row of paid work may say, and jobs told by the year."""

from datetime import date

import pytest

from trainer.domain.outcome_effort import PaidDays
from trainer.domain.paid_work import PaidWorkDraft, jobs_by_year
from trainer.errors import Refused

END, TODAY = date(2026, 3, 13), date(2026, 6, 30)

CASES = [
    (date(2026, 4, 1), date(2026, 4, 30), 30, None),
    (date(2026, 4, 1), date(2026, 4, 30), 31, "paid_work_days"),
    (date(2026, 4, 1), date(2026, 4, 1), 1, None),
    (date(2026, 4, 1), date(2026, 4, 30), 0, "paid_work_days"),
    (date(2026, 4, 2), date(2026, 4, 1), 1, "paid_work_dates"),
    (date(2026, 3, 14), date(2026, 6, 30), 60, None),
    (date(2026, 3, 13), date(2026, 6, 30), 60, "paid_work_before_end"),
    (date(2026, 4, 1), date(2026, 7, 1), 60, "paid_work_to_come"),
    (date(2026, 12, 1), date(2027, 1, 1), 20, "paid_work_two_years"),
]


@pytest.mark.parametrize(("from_on", "until_on", "days", "code"), CASES)
def test_what_a_row_may_say(from_on, until_on, days, code):
    draft = PaidWorkDraft("王大姐", True, False, from_on, until_on, days)
    try:
        draft.check(END, TODAY)
        said = None
    except Refused as refused:
        said = refused.code
    assert said == code


def test_days_overlap_where_they_share_one():
    draft = PaidWorkDraft(" 王大姐 ", True, False, date(2026, 4, 10), date(2026, 4, 20), 5)
    others = [(date(2026, 4, 1), date(2026, 4, 9)), (date(2026, 4, 20), date(2026, 4, 30))]
    assert [draft.overlaps(*other) for other in others] == [False, True]
    assert draft.name == "王大姐"


def test_jobs_are_told_by_the_year_of_their_days():
    rows = [
        (date(2026, 5, 1), PaidDays(True, False, 120, "1 王")),
        (date(2026, 9, 1), PaidDays(False, True, 60, "1 李")),
        (date(2027, 2, 1), PaidDays(True, True, 24, "1 王")),
    ]
    years = jobs_by_year(rows)
    assert [(year, one.workers, one.fte, one.women_fte, one.seasonal_fte) for year, one in years.items()] == [
        (2027, 1, 0.1, 0.1, 0.1),
        (2026, 2, 0.75, 0.5, 0.25),
    ]
