"""By region and by attendance."""

import pytest

from tests.outcome_women import on, woman
from trainer.domain.outcome_groups import areas, bands
from trainer.domain.outcomes import AreaSales


def test_areas():
    women = [
        woman(region_code="320200", reach=1, sold={0: 7, 1: 100}),
        woman(region_code="320100", reach=90, sold={1: 100, 89: -30, 91: 5}),
        woman(region_code="320100", reach=90, sold={1: -100}),
        woman(region_code="320100", reach=0),
        woman(region_code="320100"),
        woman(region_code="320300", done=False, reach=90, sold={1: 100}),
    ]
    assert areas(women, on(90)) == (AreaSales("320100", 4, 2, 1, -30), AreaSales("320200", 1, 1, 1, 100))
    assert areas(women, on(0)) == (AreaSales("320100", 4, 0, 0, 0), AreaSales("320200", 1, 0, 0, 0))
    assert areas([], on(90)) == ()


def test_bands():
    women = [
        woman(attendance_bp=0),
        woman(attendance_bp=4999, reach=90, broadcasts=[61], sold={1: 100}),
        woman(attendance_bp=5000, reach=90, broadcasts=[60], sold={90: 10, 91: 5}),
        # Who did not complete counts from the same day.
        woman(attendance_bp=8000, reach=90, done=False, broadcasts=[61]),
        woman(attendance_bp=10_000, reach=89, broadcasts=[61]),
        # Her word is no data: of it there is no money.
        woman(attendance_bp=10_000, said=[90]),
        woman(attendance_bp=None, reach=90),
    ]
    found = [(band.women, band.with_data, band.active_90, band.net_fen_median) for band in bands(women, on(0), on(100))]
    assert found == [(2, 1, 1, 100), (1, 1, 0, 10), (3, 1, 1, 0)]


@pytest.mark.parametrize("as_of", [0, 89])
def test_bands_before_the_ninetieth_day(as_of):
    found = bands([woman(attendance_bp=9000, reach=400)], on(0), on(as_of))
    assert [(band.women, band.with_data) for band in found] == [(0, 0), (0, 0), (1, 0)]
