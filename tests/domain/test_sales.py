"""Sales arithmetic and orderings that need no file."""

from hypothesis import given
from hypothesis import strategies as st

from trainer.domain.sales import OrderStatus, share_out, total


def test_status_only_moves_forward():
    path = [OrderStatus.UNPAID, OrderStatus.PAID, OrderStatus.SHIPPED, OrderStatus.RECEIVED, OrderStatus.SETTLED]
    assert sorted(path, key=lambda status: status.rank) == path
    assert OrderStatus.CLOSED.rank > OrderStatus.SETTLED.rank
    assert OrderStatus.UNKNOWN.rank < OrderStatus.UNPAID.rank


def test_total_of_nothing_known_is_unknown():
    assert total([None, None]) is None
    assert total([None, 0]) == 0
    assert total([3, None, 4]) == 7


def test_share_out():
    assert share_out(100, [1, 1, 1]) == [34, 33, 33]
    assert share_out(100, [0, 0]) == [50, 50]
    assert share_out(1999, [1000, 3000]) == [500, 1499]


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**7), min_size=1, max_size=20))
def test_share_out_loses_nothing(amount, weights):
    shares = share_out(amount, weights)
    assert sum(shares) == amount
    assert all(share >= 0 for share in shares)
