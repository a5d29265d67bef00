"""Formats of templates: what a page prints must be what the ranking keeps."""

from decimal import Decimal

import pytest

from trainer.domain.round_ranking import hundredths
from trainer.templating import hundredths as printed
from trainer.templating import points


@pytest.mark.parametrize(
    ("value", "shown"), [("90.625", "90.63"), ("90.615", "90.62"), ("0", "0.00"), ("100", "100.00")]
)
def test_a_candidates_arithmetic_rounds_as_her_rank_does(value, shown):
    assert points(Decimal(value)) == printed(hundredths(Decimal(value))) == shown
