"""Advice to a woman who sells: rules kept as data. One piece at a time, with the figures that made it speak."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from trainer.domain.sales import Platform


class Way(StrEnum):
    """Where the button of a piece of advice leads."""

    GUIDE = "guide"
    RECEIVED = "received"
    LESSONS = "lessons"
    TEACHER = "teacher"


@dataclass(frozen=True)
class AdviceFacts:
    """What is known of her sales as far as rules ask for it; None: not known, and then no rule that needs it speaks.

    "Now" are the four weeks up to the last day that her broadcasts are known of, "before" the four weeks before these.
    Shares are in hundredths of a percent.
    """

    platform: Platform | None = None
    # All sales: days since the last day that anything is known of, files and what was typed in and checked.
    days_since_data: int | None = None
    files: int | None = None
    typed_broadcasts: int | None = None
    # Broadcasts of the two times four weeks.
    broadcasts_now: int | None = None
    broadcasts_before: int | None = None
    minutes_each: int | None = None
    # Up to the last broadcast: of eight weeks, those with one; and how many days without are known of since.
    weeks_kept: int | None = None
    days_silent: int | None = None
    last_broadcast_on: date | None = None
    # Hours of day at which she began, and what a broadcast brought in at the best of them and at the others.
    start_hours: int | None = None
    best_hour: int | None = None
    best_hour_fen: int | None = None
    other_hours_fen: int | None = None
    # Broadcasts of which both are known.
    viewers: int | None = None
    orders_live: int | None = None
    followers_now: int | None = None
    followers_before: int | None = None
    ad_spend_fen: int | None = None
    ad_sales_fen: int | None = None
    # Orders of three months that are a month old: refunds of them have come in.
    orders_old: int | None = None
    refund_bp: int | None = None
    class_refund_bp: int | None = None
    product: str | None = None
    product_refund_bp: int | None = None
    product_sales_bp: int | None = None
    refunded_fen: int | None = None
    # Orders of eight weeks: sold outside broadcasts; by day of the week.
    orders_told: int | None = None
    outside_bp: int | None = None
    orders_by_weekday: int | None = None
    best_weekday: int | None = None
    best_weekday_fen: int | None = None
    other_weekdays_fen: int | None = None
    broadcasts_on_best_weekday: int | None = None
    # Received by the buyer, paid for more than a month ago, in no settlement file.
    unsettled_orders: int | None = None
    unsettled_fen: int | None = None
    # Days since the two stages that deserve a word.
    days_since_first_order: int | None = None
    days_since_sustained: int | None = None


@dataclass(frozen=True)
class Rule:
    """`needs`: the facts without which it is silent, each with the least it has to be (None: known at all). `shows`: those
    that are said with it. Rules stand in the order of their urgency."""

    code: str
    needs: Mapping[str, float | None]
    holds: Callable[[AdviceFacts], bool]
    shows: tuple[str, ...]
    way: Way

    def has_enough(self, facts: AdviceFacts) -> bool:
        known = {name: getattr(facts, name) for name in self.needs}
        return all(
            known[name] is not None and (least is None or known[name] >= least) for name, least in self.needs.items()
        )

    def speaks(self, facts: AdviceFacts) -> bool:
        return self.has_enough(facts) and self.holds(facts)


RULES: tuple[Rule, ...] = (
    Rule(
        "sustained",
        needs={"days_since_sustained": 0},
        holds=lambda facts: facts.days_since_sustained <= 60,
        shows=("days_since_sustained",),
        way=Way.TEACHER,
    ),
    Rule(
        "first_order",
        needs={"days_since_first_order": 0},
        holds=lambda facts: facts.days_since_first_order <= 60,
        shows=("days_since_first_order",),
        way=Way.LESSONS,
    ),
    Rule(
        "unsettled",
        needs={"unsettled_orders": 1, "unsettled_fen": None},
        holds=lambda facts: facts.unsettled_orders >= 3,
        shows=("unsettled_orders", "unsettled_fen"),
        way=Way.RECEIVED,
    ),
    Rule(
        "ads",
        needs={"ad_spend_fen": 5_000, "ad_sales_fen": None},
        holds=lambda facts: facts.ad_spend_fen > facts.ad_sales_fen,
        shows=("ad_spend_fen", "ad_sales_fen"),
        way=Way.TEACHER,
    ),
    Rule(
        "stopped",
        needs={"weeks_kept": 1, "days_silent": None, "last_broadcast_on": None},
        holds=lambda facts: facts.weeks_kept >= 6 and facts.days_silent >= 14,
        shows=("last_broadcast_on", "days_silent", "weeks_kept"),
        way=Way.TEACHER,
    ),
    Rule(
        "refunds",
        needs={"orders_old": 20, "refund_bp": None, "class_refund_bp": None},
        holds=lambda facts: (
            facts.refund_bp >= facts.class_refund_bp + 1_000 and facts.refund_bp * 2 >= facts.class_refund_bp * 3
        ),
        shows=("refund_bp", "class_refund_bp", "orders_old"),
        way=Way.TEACHER,
    ),
    Rule(
        "one_product",
        needs={
            "orders_old": 20,
            "refunded_fen": 10_000,
            "product": None,
            "product_refund_bp": None,
            "product_sales_bp": 0,
        },
        holds=lambda facts: (
            facts.product_refund_bp >= 5_000 and facts.product_refund_bp >= facts.product_sales_bp + 2_000
        ),
        shows=("product", "product_refund_bp", "product_sales_bp"),
        way=Way.TEACHER,
    ),
    Rule(
        "fewer",
        needs={"broadcasts_now": 0, "broadcasts_before": 4},
        holds=lambda facts: facts.broadcasts_now * 3 <= facts.broadcasts_before * 2,
        shows=("broadcasts_now", "broadcasts_before"),
        way=Way.LESSONS,
    ),
    Rule(
        "no_file",
        needs={"days_since_data": 0, "files": 1, "platform": None},
        holds=lambda facts: facts.days_since_data >= 30,
        shows=("days_since_data",),
        way=Way.GUIDE,
    ),
    Rule(
        "typed_only",
        needs={"typed_broadcasts": 3, "files": None, "platform": None},
        holds=lambda facts: facts.files == 0,
        shows=("typed_broadcasts",),
        way=Way.GUIDE,
    ),
    Rule(
        "short",
        needs={"broadcasts_now": 3, "minutes_each": 1},
        holds=lambda facts: facts.minutes_each < 30,
        shows=("broadcasts_now", "minutes_each"),
        way=Way.LESSONS,
    ),
    Rule(
        "few_buy",
        needs={"broadcasts_now": 3, "viewers": 600, "orders_live": 0},
        holds=lambda facts: facts.orders_live * 200 < facts.viewers,
        shows=("viewers", "orders_live"),
        way=Way.LESSONS,
    ),
    Rule(
        "hour",
        needs={"broadcasts_now": 1, "start_hours": 1, "best_hour": 0, "best_hour_fen": 1, "other_hours_fen": 0},
        holds=lambda facts: facts.start_hours >= 4 and facts.best_hour_fen * 2 >= facts.other_hours_fen * 3,
        shows=("start_hours", "best_hour", "best_hour_fen", "other_hours_fen"),
        way=Way.LESSONS,
    ),
    Rule(
        "weekday",
        needs={
            **{"orders_by_weekday": 20, "best_weekday": 0, "best_weekday_fen": 1, "other_weekdays_fen": 0},
            **{"broadcasts_now": 1, "broadcasts_on_best_weekday": 0},
        },
        holds=lambda facts: (
            facts.best_weekday_fen * 2 >= facts.other_weekdays_fen * 3 and facts.broadcasts_on_best_weekday <= 1
        ),
        shows=("best_weekday", "best_weekday_fen", "other_weekdays_fen", "broadcasts_on_best_weekday"),
        way=Way.LESSONS,
    ),
    Rule(
        "outside",
        needs={"orders_told": 20, "outside_bp": None, "broadcasts_now": 2},
        holds=lambda facts: facts.outside_bp >= 6_000,
        shows=("outside_bp", "orders_told"),
        way=Way.LESSONS,
    ),
    Rule(
        "followers",
        needs={"followers_now": 20, "followers_before": 5},
        holds=lambda facts: facts.followers_now * 2 >= facts.followers_before * 3,
        shows=("followers_now", "followers_before"),
        way=Way.LESSONS,
    ),
)


@dataclass(frozen=True)
class Advice:
    """One piece: its code, the figures to be said with it, where its button leads."""

    code: str
    evidence: Mapping[str, object]
    way: Way


def speaking(facts: AdviceFacts) -> list[Rule]:
    """The rules that hold and know enough, the most urgent first."""
    return [rule for rule in RULES if rule.speaks(facts)]


def advise(facts: AdviceFacts, today: date) -> Advice | None:
    """The most urgent, and in every other week the one after it, where there is one: nobody reads the same two weeks
    running while the same rules hold. Nothing is kept of what was shown: figures that change may repeat a piece."""
    rule = _of_this_week(speaking(facts), today)
    return Advice(rule.code, {name: getattr(facts, name) for name in rule.shows}, rule.way) if rule else None


def _of_this_week(rules: Sequence[Rule], today: date) -> Rule | None:
    if len(rules) < 2:
        return rules[0] if rules else None
    # Counted through, from Mondays: the numbers of a calendar begin anew after an odd 53rd week.
    return rules[(today.toordinal() - 1) // 7 % 2]
