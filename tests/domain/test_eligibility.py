"""How a woman stands to the conditions of a selection: met, missed, nearly, or not known."""

import pytest

from trainer.domain.eligibility import (
    BroadcastSource,
    Condition,
    Eligibility,
    Facts,
    Standing,
    is_near_miss,
    judge,
    overall,
)

DATONG, YUNZHOU, PINGCHENG, LINFEN = "140200", "140215", "140213", "141000"
MET, MISSED, UNKNOWN = Standing
AT_80 = {"attendance_bp": 8000}


@pytest.mark.parametrize(
    ("asked", "facts", "standing", "near"),
    [
        ({"residence": DATONG}, {"region_code": YUNZHOU}, MET, False),
        ({"residence": YUNZHOU}, {"region_code": YUNZHOU}, MET, False),
        ({"residence": YUNZHOU}, {"region_code": PINGCHENG}, MISSED, False),
        ({"residence": DATONG}, {"region_code": LINFEN}, MISSED, False),
        ({"residence": YUNZHOU}, {"region_code": DATONG}, UNKNOWN, False),
        (AT_80, {"attended_minutes": 80, "counted_minutes": 100}, MET, False),
        (AT_80, {"attended_minutes": 79_999, "counted_minutes": 100_000}, MISSED, True),
        (AT_80, {"attended_minutes": 78, "counted_minutes": 100}, MISSED, True),
        (AT_80, {"attended_minutes": 75, "counted_minutes": 100}, MISSED, True),
        (AT_80, {"attended_minutes": 74, "counted_minutes": 100}, MISSED, False),
        (AT_80, {"attended_minutes": 0, "counted_minutes": 100}, MISSED, False),
        (AT_80, {}, UNKNOWN, False),
        ({"certificate": True}, {"certificates": 1}, MET, False),
        ({"certificate": True}, {"certificates": 3}, MET, False),
        ({"certificate": True}, {}, MISSED, False),
        ({"broadcasts": 3}, {"listed": 2, "typed": 1}, MET, False),
        ({"broadcasts": 3}, {"listed": 2}, MISSED, True),
        ({"broadcasts": 3}, {"listed": 1}, MISSED, False),
        ({"broadcasts": 10}, {"typed": 8}, MISSED, True),
        ({"broadcasts": 10}, {"typed": 7}, MISSED, False),
        ({"broadcasts": 3}, {}, UNKNOWN, False),
        ({"broadcasts": 3, "broadcast_source": BroadcastSource.FILES}, {"listed": 2, "typed": 5}, MISSED, True),
        ({"broadcasts": 3, "broadcast_source": BroadcastSource.FILES}, {"typed": 5}, UNKNOWN, False),
        ({"net_sales_fen": 100_000}, {"net_sales_fen": 100_000}, MET, False),
        ({"net_sales_fen": 100_000}, {"net_sales_fen": 80_000}, MISSED, True),
        ({"net_sales_fen": 100_000}, {"net_sales_fen": 79_999}, MISSED, False),
        ({"net_sales_fen": 100_000}, {"net_sales_fen": 0}, MISSED, False),
        ({"net_sales_fen": 100_000}, {"net_sales_fen": -5}, MISSED, False),
        ({"net_sales_fen": 100_000}, {}, UNKNOWN, False),
    ],
)
def test_one_condition(asked, facts, standing, near):
    (verdict,) = judge(Eligibility(**asked), Facts(**{"region_code": YUNZHOU, **facts}))
    assert (verdict.standing, verdict.is_near) == (standing, near)


def test_nothing_asked_is_met_by_everybody():
    assert judge(Eligibility(), Facts(YUNZHOU)) == ()
    assert overall(()) is MET
    assert not is_near_miss(())


def test_several_conditions_and_the_whole():
    asked = Eligibility(residence=DATONG, attendance_bp=8000, broadcasts=2)
    near = judge(asked, Facts(YUNZHOU, attended_minutes=78, counted_minutes=100, listed=2))
    assert [verdict.condition for verdict in near] == [Condition.RESIDENCE, Condition.ATTENDANCE, Condition.BROADCASTS]
    assert near[1].short == 200
    assert overall(near) is MISSED
    assert is_near_miss(near)
    # One condition missed by far, the other nearly: not a near miss.
    assert not is_near_miss(judge(asked, Facts(LINFEN, attended_minutes=78, counted_minutes=100, listed=2)))
    # Not known is not missed.
    unknown = judge(asked, Facts(YUNZHOU, attended_minutes=90, counted_minutes=100))
    assert overall(unknown) is UNKNOWN
    assert not is_near_miss(unknown)


@pytest.mark.parametrize(
    "asked",
    [
        Eligibility(),
        Eligibility(residence=YUNZHOU, attendance_bp=8000, certificate=True, broadcasts=3, net_sales_fen=1),
        Eligibility(broadcasts=0, broadcast_source=BroadcastSource.FILES),
        Eligibility(attendance_bp=0, net_sales_fen=0),
    ],
)
def test_conditions_are_kept_as_data_and_read_back(asked):
    assert Eligibility.of(asked.as_json()) == asked
