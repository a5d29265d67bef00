"""What an application lacks, which screens it has, and when it may be written."""

from datetime import UTC, datetime, timedelta

import pytest

from trainer.domain.application import Content, Lack, Step, Use, Window, lacks, steps, window
from trainer.domain.selection import RoundState

NOW = datetime(2026, 3, 10, tzinfo=UTC)
DAY = timedelta(days=1)
TWO = (Use("烤箱", 300_000), Use("包装", 200_000))


@pytest.mark.parametrize(
    ("content", "highest", "missing"),
    [
        (Content(), None, (Lack.TITLE, Lack.PLAN)),
        (Content("黄花", "种和卖"), None, ()),
        (Content("黄花", "种和卖", 500_000, TWO), None, ()),
        (Content("黄花", "种和卖"), 500_000, (Lack.AMOUNT,)),
        (Content("黄花", "种和卖", 500_000), 500_000, (Lack.USES,)),
        (Content("黄花", "种和卖", 500_000, TWO), 500_000, ()),
        (Content("黄花", "种和卖", 500_000, TWO), 499_999, (Lack.AMOUNT_TOO_HIGH,)),
        (Content("黄花", "种和卖", 500_001, TWO), 600_000, (Lack.SUM,)),
        (Content("", "种和卖", 600_001, TWO), 600_000, (Lack.TITLE, Lack.AMOUNT_TOO_HIGH, Lack.SUM)),
    ],
)
def test_what_is_missing(content, highest, missing):
    assert lacks(content, highest) == missing


def test_no_money_no_screen_for_it():
    assert steps(None) == (Step.PLAN, Step.FILES, Step.CHECK)
    assert steps(1) == tuple(Step)


@pytest.mark.parametrize(
    ("state", "since", "until", "expected"),
    [
        (RoundState.DRAFT, None, None, Window.NONE),
        (RoundState.DRAFT, NOW, None, Window.NONE),
        (RoundState.DRAFT, NOW + DAY, NOW + 2 * DAY, Window.COMING),
        (RoundState.DRAFT, NOW, NOW + DAY, Window.OPEN),
        (RoundState.DRAFT, NOW - DAY, NOW, Window.OVER),
        (RoundState.OPEN, NOW - DAY, NOW + DAY, Window.OVER),
        (RoundState.FROZEN, NOW + DAY, NOW + 2 * DAY, Window.OVER),
    ],
)
def test_when_applications_are_taken(state, since, until, expected):
    assert window(state, since, until, NOW) is expected
