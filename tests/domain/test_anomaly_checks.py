"""The checks on sales: what each asks about, and where it has nothing to say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.domain.anomaly import (
    DEFAULTS,
    FITTING,
    AnomalyCheck,
    Explanation,
    Finding,
    Sign,
    fitting,
    is_news,
    weightiest,
)
from trainer.domain.broadcast_checks import (
    BroadcastFacts,
    abnormal_trades,
    against_orders,
    conversion_logs,
    conversion_outlier,
    formula_mismatch,
    impossible,
    like_of,
    overlaps,
    same_figures,
)
from trainer.domain.entry_checks import Claim, EntryFacts, double_claims, typed_fast, typed_late, typed_numbers
from trainer.domain.order_checks import (
    Line,
    Parcel,
    Saying,
    Totals,
    bursts,
    deadline_rush,
    fast_recovery,
    is_elsewhere,
    order_findings,
    refund_rate,
    runs,
    shipping,
)
from trainer.domain.reconciliation import Reconciled

AT = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def live(id_: int = 1, **values) -> BroadcastFacts:
    return BroadcastFacts(**{"id": id_, "natural_key": f"live-{id_}", "started_at": AT, **values})


def signs(found) -> list[Sign]:
    findings = [found] if isinstance(found, Finding) else list(found or [])
    return [sign for finding in findings for sign, _values in finding.said]


PAYMENT = {"refund_basis": "payment_day"}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"peak_online": 50, "viewers": 49}, [Sign.PEAK_ABOVE_VIEWERS]),
        ({"peak_online": 50, "viewers": 50}, []),
        # Printed as 1.2万: right to two digits.
        ({"peak_online": 12_300, "viewers": 12_000, "viewers_exact": False}, []),
        ({"peak_online": 13_000, "viewers": 12_000, "viewers_exact": False}, [Sign.PEAK_ABOVE_VIEWERS]),
        ({"avg_online": 9, "peak_online": 8}, [Sign.AVERAGE_ABOVE_PEAK]),
        ({"buyers": 3, "orders": 2, "items": 1}, [Sign.BUYERS_ABOVE_ORDERS, Sign.ORDERS_ABOVE_ITEMS]),
        ({"buyers": 3, "items": 1}, []),
        (
            {"product_clickers": 5, "product_exposed": 4, "viewers": 3},
            [Sign.CLICKERS_ABOVE_EXPOSED, Sign.EXPOSED_ABOVE_VIEWERS],
        ),
        ({"ended_at": AT - HOUR}, [Sign.ENDS_BEFORE_BEGINNING]),
        ({"ended_at": AT}, [Sign.ENDS_BEFORE_BEGINNING]),
        ({"duration_s": 0}, []),
        ({"duration_s": 86_401}, [Sign.LONGER_THAN_A_DAY]),
        ({"duration_s": 86_400}, []),
        ({"refund_fen": 101, "gmv_fen": 100, **PAYMENT}, [Sign.REFUND_ABOVE_PAID]),
        # Of what was sold with abnormal trades too; and by the day of refund it says nothing.
        ({"refund_fen": 101, "gmv_fen": 100, "gmv_incl_abnormal_fen": 200, **PAYMENT}, []),
        ({"refund_fen": 101, "gmv_fen": 100, "refund_basis": "refund_day"}, []),
        ({"refund_fen": 101, "gmv_fen": 100}, []),
        ({}, []),
    ],
)
def test_figures_that_do_not_go_together(values, expected):
    assert signs(impossible(live(**values))) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"stated_gpm_fen": 10_000, "gmv_fen": 20_000, "views": 1_000}, [Sign.GPM_DIFFERS]),
        ({"stated_gpm_fen": 20_900, "gmv_fen": 20_000, "views": 1_000}, []),
        # Of viewers it is another figure.
        ({"stated_gpm_fen": 10_000, "gmv_fen": 20_000, "viewers": 1_000}, []),
        ({"stated_gpm_fen": 10_000, "gmv_fen": 20_000, "views": 1_000, "gmv_exact": False}, []),
        ({"stated_gpm_fen": 10_000, "gmv_fen": 2_000_000, "views": 12_000}, []),
        ({"stated_gpm_fen": 30_000, "gmv_fen": 20_000, "gmv_incl_abnormal_fen": 30_000, "views": 1_000}, []),
        ({"stated_per_buyer_fen": 500, "gmv_fen": 10_000, "buyers": 10}, [Sign.PER_BUYER_DIFFERS]),
        ({"stated_per_buyer_fen": 500, "gmv_fen": 10_000, "buyers": 0}, []),
        ({"stated_buyer_rate_bp": 100, "buyers": 5, "viewers": 100}, [Sign.BUYER_RATE_DIFFERS]),
        ({"stated_buyer_rate_bp": 100, "buyers": 5, "viewers": 100, "viewers_exact": False}, []),
        # 0.03 % printed for 0.04 %: a hundredth is what is printed.
        ({"stated_buyer_rate_bp": 3, "buyers": 4, "viewers": 10_001}, []),
        ({"stated_gpm_fen": 5, "gmv_fen": 0, "views": 10}, []),
    ],
)
def test_ratios(values, expected):
    assert signs(formula_mismatch(live(**values))) == expected


@pytest.mark.parametrize(
    ("whole", "plain", "expected"),
    [
        (10_000, 9_500, [Sign.ABNORMAL_NOTE]),
        (10_000, 9_501, []),
        (10_000, 8_000, [Sign.ABNORMAL_HOLD]),
        (0, 0, []),
        (None, 100, []),
        (10_000, None, []),
    ],
)
def test_trades_set_apart(whole, plain, expected):
    assert signs(abnormal_trades(live(gmv_incl_abnormal_fen=whole, gmv_fen=plain))) == expected


def test_overlapping_broadcasts():
    first = live(1, duration_s=7200)
    second = live(2, started_at=AT + HOUR, duration_s=3600)
    touching = live(3, started_at=AT + 2 * HOUR - timedelta(seconds=60), duration_s=60)
    endless = live(4, started_at=AT + timedelta(minutes=30))
    assert [finding.livestreams for finding in overlaps([second, first, touching])] == [(1, 2)]
    assert signs(overlaps([endless, touching])) == []
    assert signs(overlaps([first, endless])) == [Sign.OVERLAP]


def test_the_same_figures_on_another_day():
    figures = {"viewers": 812, "orders": 23, "gmv_fen": 91_770}
    one, other = live(1, **figures), live(2, started_at=AT + timedelta(days=2), **figures)
    assert signs(same_figures([one, other])) == [Sign.SAME_FIGURES]
    assert signs(same_figures([one, replace(other, started_at=AT + HOUR)])) == []
    assert signs(same_figures([replace(one, orders=1), replace(other, orders=1)])) == []
    assert signs(same_figures([replace(one, viewers=None), replace(other, viewers=None)])) == []


def test_who_sells_more_than_the_like():
    like = [live(n, buyers=10 + n % 5, viewers=1_000) for n in range(20)]
    logs = [conversion_logs(row)[Sign.MANY_BUYERS_OF_VIEWERS] for row in like]
    likes = {Sign.MANY_BUYERS_OF_VIEWERS: like_of(logs)}
    assert signs(conversion_outlier(live(buyers=300, viewers=1_000), likes)) == [Sign.MANY_BUYERS_OF_VIEWERS]
    # Few buyers are no matter, nor is what has no logarithm.
    for none in ({"buyers": 1}, {"buyers": 0}, {"viewers": 0, "buyers": 3}, {"gmv_fen": 10**9, "views": 1}):
        assert conversion_outlier(live(**{"viewers": 1_000, **none}), likes) is None
    assert like_of(logs[:19]) is None
    assert like_of([1.0] * 30) is None  # all alike: MAD is 0


def test_lists_against_orders():
    rows = [live(1), live(2), live(3)]
    compared = [Reconciled(1, 100_000, 50_000, 0), Reconciled(2, 100_000, 95_000, 0), Reconciled(3, 0, 30_000, 30_000)]
    found = list(against_orders(rows, [*compared, Reconciled(9, 1, 10**6, 0)]))
    assert [(finding.livestreams, finding.weight) for finding in found] == [((1,), 5.0), ((3,), 1.0)]


def line(n: int, seconds: int | None = None, **values) -> Line:
    facts = {"product_key": "小米", "sku": None, "quantity": 1, "paid_fen": 3990, "refunded_fen": 0, "province": "山西"}
    facts |= {"id": n, "order_key": f"o{n}", "paid_s": n * 40 if seconds is None else seconds}
    return Line(**{**facts, **values})


def test_a_burst_is_many_orders_to_one_place():
    assert [f.order_lines for f in bursts([line(n) for n in range(5)])] == [(0, 1, 2, 3, 4)]
    assert list(bursts([line(n) for n in range(4)])) == []
    assert list(bursts([line(n, n * 46) for n in range(5)])) == []  # 184 seconds
    assert list(bursts([line(n, order_key="one") for n in range(5)])) == []  # lines of one order
    assert list(bursts([line(n, province=None) for n in range(5)])) == []
    spread = [line(n, province=f"省{n % 3}") for n in range(9)]
    assert list(bursts(spread)) == []
    three_of_five = [line(n, province="山西" if n < 3 else "广东") for n in range(5)]
    assert next(bursts(three_of_five)).said[0][1]["share"] == 0.6
    apart = [line(n) for n in range(5)] + [line(n + 100) for n in range(5)]
    assert len(list(bursts(apart))) == 2


@given(st.lists(st.integers(0, 400), max_size=30))
def test_runs_are_what_a_look_at_every_window_finds(moments):
    lines = [line(n, moment) for n, moment in enumerate(sorted(moments))]
    found = {one.id for run, _place in runs(lines, 60, 3) for one in run}
    windows = [[one for one in lines if 0 <= one.paid_s - first.paid_s <= 60] for first in lines]
    assert found == {one.id for window in windows if len(window) >= 3 for one in window}


def test_refunds_of_orders_paid_together():
    lines = [line(n, refunded_fen=3990 if n in (0, 2, 4) else 0) for n in range(5)]
    found = [f for f in order_findings(lines, list) if Sign.REFUNDED_TOGETHER in signs(f)]
    assert [f.order_lines for f in found] == [(0, 2, 4)]
    assert Sign.REFUNDED_TOGETHER not in signs(order_findings(lines[:4], list))


@pytest.mark.parametrize(
    ("refunded", "peers", "asked"),
    [
        (5, [], True),
        (4, [], False),
        (5, [0.5, 0.5, 0.5, 0.5, 0.5], False),
        # Four others are too few to say what is usual.
        (5, [0.5, 0.5, 0.5, 0.5], True),
        (5, [0.1, 0.1, 0.1, 0.1, 0.1], True),
    ],
)
def test_the_refund_rate(refunded, peers, asked):
    totals = Totals()
    totals.add([line(n, refunded_fen=3990 if n < refunded else 0) for n in range(10)])
    assert bool(list(refund_rate(totals, peers))) is asked


def test_a_rate_of_few_orders_says_nothing():
    totals = Totals()
    totals.add([line(n, refunded_fen=3990) for n in range(9)])
    assert list(refund_rate(totals, [])) == []
    assert Totals().rate == 0


def test_one_pattern():
    many = [line(n, n * 1000) for n in range(13)]
    others = [line(n, n * 1000, paid_fen=100 + n, sku=f"v{n % 2}") for n in range(100, 107)]
    asked = [f for f in order_findings([*many, *others], list) if f.check is AnomalyCheck.PATTERN_SHARE]
    assert (asked[0].said[0][1]["share"], asked[0].whole) == (0.65, False)
    assert order_findings([*many[:12], *others], list) == []  # 19 lines
    assert order_findings([*many[:12], *others, line(9, 9000, paid_fen=7)], list) == []  # 60 %
    two = [each._replace(sku="v0" if each.sku == "v1" else each.sku) for each in others]
    assert order_findings([*many, *two], list) == []  # she has two things to sell


def test_parcels_are_asked_about_by_month():
    odd = [Parcel(n, Sign.ONE_PARCEL, "2026-03") for n in range(4)] + [Parcel(9, Sign.EMPTY_PARCEL, "2026-03")]
    found = {f.subject: f for f in shipping(odd)}
    assert found["one_parcel:2026-03"].order_lines == (0, 1, 2, 3)
    assert found["empty_parcel:2026-03"].weight > found["one_parcel:2026-03"].weight
    few = replace(DEFAULTS, most_rows=3)
    assert not next(iter(shipping(odd, few))).whole


@pytest.mark.parametrize(
    ("province", "elsewhere"), [("广东省", True), ("山西", False), ("山西省", False), (None, False), ("", False)]
)
def test_another_province(province, elsewhere):
    assert is_elsewhere(province, "山西省") is elsewhere
    assert not is_elsewhere(province, None)


def test_a_rush_before_a_deadline():
    closes, day = 100 * 86_400, 86_400
    early = [(n, closes - 20 * day, 100) for n in range(4)]
    late = [(n, closes - 3 * day, 100) for n in range(10, 17)]
    found = deadline_rush([*early, *late], closes, 7)
    assert (found.order_lines, found.subject) == (tuple(range(10, 17)), "deadline_rush:7")
    assert deadline_rush([*early, *late[:6]], closes, 7) is None  # 60 %
    assert deadline_rush(late, closes, 7) is None  # fewer than ten orders
    assert deadline_rush([(n, closes, 0) for n in range(20)], closes, 7) is None


def saying(batch: int, *, key: str = "k", refunded: int = 0, status: str = "received") -> Saying:
    return Saying(key, batch, refunded, status, 5)


@pytest.mark.parametrize(
    ("before", "after", "news", "expected"),
    [
        ({"refunded": 100}, {"refunded": 0}, True, [Sign.REFUND_VANISHED]),
        # A file that brings nothing new may be an older one.
        ({"refunded": 100}, {"refunded": 0}, False, []),
        ({"refunded": 0}, {"refunded": 100}, True, []),
        ({"status": "closed"}, {"status": "paid"}, True, [Sign.STATE_WENT_BACK]),
        ({"status": "closed"}, {"status": "unknown"}, True, []),
        ({"status": "paid"}, {"status": "shipped"}, True, []),
    ],
)
def test_what_a_later_file_takes_back(before, after, news, expected):
    sayings = [saying(1, **before), saying(2, **after), saying(2, key="other")]
    assert signs(fast_recovery(sayings, {1: True, 2: news})) == expected


def entry(n: int, **values) -> EntryFacts:
    facts = {
        "shop_id": 1,
        "entered_by": 7,
        "entered_at": AT + n * HOUR,
        "started_at": AT - HOUR,
        "livestream_id": n + 100,
    }
    return EntryFacts(**{"id": n, **facts, **values})


def test_digits_of_what_was_typed():
    assert signs(typed_numbers([entry(n, viewers=100 + 10 * n) for n in range(50)])) == [Sign.LAST_DIGITS]
    assert typed_numbers([entry(n, viewers=100 + 10 * n) for n in range(49)]) is None
    assert typed_numbers([entry(n, viewers=101 + 7 * n) for n in range(80)]) is None
    # Round because the platform prints 万, and amounts are prices: neither is looked at.
    assert typed_numbers([entry(n, viewers=10_000 + 1_000 * n, gmv_fen=990 * n) for n in range(99)]) is None


def test_round_hundreds():
    typed = [entry(n, viewers=1_000 + 100 * n) for n in range(11)] + [
        entry(n, viewers=1_537 + n) for n in range(20, 29)
    ]
    assert signs(typed_numbers(typed)) == [Sign.ROUND_HUNDREDS]
    assert typed_numbers([*typed[1:], entry(40, viewers=2_345)]) is None  # half of them
    assert typed_numbers(typed[:19]) is None


def test_first_digits_only_of_many_over_a_wide_range():
    wide = [entry(n, viewers=9 * 10 ** (n % 4) + n % 10 ** (n % 4 or 1)) for n in range(500)]
    assert Sign.FIRST_DIGITS in signs(typed_numbers(wide))
    assert Sign.FIRST_DIGITS not in signs(typed_numbers(wide[:499]))
    narrow = [entry(n, viewers=900 + n % 90) for n in range(600)]
    assert Sign.FIRST_DIGITS not in signs(typed_numbers(narrow))


def test_the_pace_of_typing():
    fast = [entry(n, entered_at=AT + timedelta(seconds=30 * n)) for n in range(10)]
    assert [(f.entries, f.livestreams[0]) for f in typed_fast(fast)] == [(tuple(range(10)), 100)]
    assert list(typed_fast(fast[:9])) == []
    assert list(typed_fast([entry(n, entered_at=AT + timedelta(seconds=34 * n)) for n in range(10)])) == []


def test_typed_long_after():
    old = [entry(n, started_at=AT - timedelta(days=40)) for n in range(3)]
    recent = entry(9, started_at=AT - timedelta(days=20))
    assert [(f.entries, f.said[0][1]["days"]) for f in typed_late([*old, recent])] == [((0, 1, 2), 40)]


def test_who_has_the_row_and_who_claims_it():
    claims = [Claim(2, 1, f"k{n}", n, is_order=True) for n in (4, 5)] + [Claim(2, 1, "b", 8, is_order=False)]
    (holder,) = double_claims(1, claims)
    (claimant,) = double_claims(2, claims)
    assert (signs(holder), holder.order_lines, holder.livestreams) == ([Sign.CLAIMED_BY_OTHERS], (4, 5), (8,))
    assert (signs(claimant), claimant.order_lines) == ([Sign.CLAIMS_ORDERS, Sign.CLAIMS_BROADCASTS], ())


def test_news_is_other_rows_or_much_more():
    found = Finding(AnomalyCheck.BURST, "x", 1.0, (), order_lines=(1, 2))
    assert not is_news(found.evidence, 1.0, found)
    assert not is_news(found.evidence, 1.0, replace(found, weight=1.05))
    assert is_news(found.evidence, 1.0, replace(found, weight=1.2))
    assert is_news(found.evidence, 1.0, replace(found, order_lines=(1, 2, 3)))


def test_nobody_reads_hundreds_of_one_kind():
    found = [Finding(AnomalyCheck.BURST, f"{n}", float(n), ()) for n in range(60)]
    kept = weightiest([*found, found[59]])
    assert (len(kept), kept[0].weight) == (50, 59.0)


def test_every_check_has_honest_explanations():
    assert set(FITTING) == set(AnomalyCheck)
    for check in AnomalyCheck:
        assert Explanation.NO_EXPLANATION in fitting(check)
        assert len(fitting(check)) >= 4
