"""Ratios of one broadcast: each only where its parts are known and of the same sales."""

import pytest

from trainer.domain.broadcast_ratios import BroadcastFacts, Metric, Ratio, ratios
from trainer.domain.sales import GmvMeasure, RefundBasis

NOTHING = dict.fromkeys(BroadcastFacts.__dataclass_fields__) | {"gmv_measure": GmvMeasure.ROOM}


@pytest.mark.parametrize(
    ("known", "found"),
    [
        ({}, []),
        ({"gmv_fen": 0, "buyers": 0, "viewers": 0}, []),
        ({"gmv_fen": 10_000, "views": 400}, [Ratio(Metric.PER_THOUSAND_VIEWS, fen=25_000)]),
        ({"gmv_fen": 10_000, "viewers": 400}, [Ratio(Metric.PER_VIEWER, fen=25)]),  # people are no visits: no GPM
        (
            {"gmv_fen": 10_000, "buyers": 3, "orders": 4},
            [Ratio(Metric.PER_BUYER, fen=3_333), Ratio(Metric.PER_ORDER, fen=2_500)],
        ),
        ({"gmv_fen": 10_000, "gmv_measure": GmvMeasure.WINDOW, "buyers": 3, "views": 9}, []),
        ({"gmv_fen": 8_000, "gmv_incl_abnormal_fen": 10_000}, [Ratio(Metric.ABNORMAL_SHARE, bp=2_000)]),
        ({"gmv_fen": 8_000, "refund_fen": 800, "refund_basis": RefundBasis.REFUND_DAY, "duration_s": 3600}, []),
        (
            {"gmv_fen": 8_000, "refund_fen": 800, "refund_basis": RefundBasis.PAYMENT_DAY, "duration_s": 1800},
            [Ratio(Metric.REFUND_RATE, bp=1_000), Ratio(Metric.NET_PER_HOUR, fen=14_400)],
        ),
        (
            {"product_exposed": 200, "product_clickers": 50, "buyers": 5, "viewers": 500},
            [
                Ratio(Metric.CLICK_RATE, bp=2_500),
                Ratio(Metric.CLICK_TO_BUY, bp=1_000),
                Ratio(Metric.WATCH_TO_BUY, bp=100),
            ],
        ),
    ],
)
def test_a_ratio_needs_its_parts(known, found):
    assert ratios(BroadcastFacts(**(NOTHING | known))) == found
