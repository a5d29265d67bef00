"""Words of advice to a woman who sells: what made it speak, what she can do, and where the button leads. Kind, without
blame, and without a promise of income."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from trainer.domain.advice import Way
from trainer.wording.own_outcomes import month_day


@dataclass(frozen=True)
class AdviceWords:
    """`because` names the figures, `do` says what she can do."""

    because: object
    do: object


ADVICE: dict[str, AdviceWords] = {
    "sustained": AdviceWords(
        _(
            "You have broadcast and sold for three months in a row; that was reached %(days_since_sustained)s days ago. "
            "That is a business. Well done!"
        ),
        _(
            "Think about the next step together with your teacher: more kinds of goods, a helper, or applying for support."
        ),
    ),
    "first_order": AdviceWords(
        _("Your first paid order came %(days_since_first_order)s days ago. Congratulations!"),
        _(
            "Ask this buyer how she liked it, and show what she wrote in your next broadcast. Set the next three times "
            "at which you will broadcast."
        ),
    ),
    "unsettled": AdviceWords(
        _(
            "%(unsettled_orders)s orders, %(unsettled_fen)s in all, were received by their buyers and paid for more than "
            "30 days ago, and no settlement file has them yet."
        ),
        _(
            "Look into the platform's settlement page whether the money is waiting for something, such as a bank card "
            "to be bound. A newer settlement file may show it already."
        ),
    ),
    "ads": AdviceWords(
        _(
            "In your last four weeks %(ad_spend_fen)s went into paid promotion, and those broadcasts sold "
            "%(ad_sales_fen)s."
        ),
        _("Leave paid promotion out of your next two broadcasts and compare. Your teacher will look at it with you."),
    ),
    "stopped": AdviceWords(
        _(
            "You broadcast in %(weeks_kept)s of eight weeks. The last broadcast that we know of was on "
            "%(last_broadcast_on)s; in the %(days_silent)s days after it we know of none."
        ),
        _(
            "If you did broadcast, bring the newest list. If something came between, that happens: a short broadcast to "
            "say hello is a good way back, and your teacher helps."
        ),
    ),
    "refunds": AdviceWords(
        _(
            "Of your %(orders_old)s orders that are over a month old, %(refund_bp)s of the money was given back; in the "
            "middle of your class it is %(class_refund_bp)s."
        ),
        _(
            "Look at the reasons that buyers gave. Saying size, weight and taste plainly in the broadcast, and packing "
            "better, helps most often."
        ),
    ),
    "one_product": AdviceWords(
        _(
            "%(product_refund_bp)s of what was given back is of one product, “%(product)s”; of your sales it is "
            "%(product_sales_bp)s."
        ),
        _("Try one as a buyer would: unpack, weigh, taste. Set it aside until you know what the reason is."),
    ),
    "fewer": AdviceWords(
        _(
            "In your last four weeks you broadcast %(broadcasts_now)s times, in the four weeks before "
            "%(broadcasts_before)s times."
        ),
        _(
            "Choose two evenings of a week that suit you and your family, and tell your viewers. Short and regular is fine."
        ),
    ),
    "no_file": AdviceWords(
        _("The last of your sales that we know of are %(days_since_data)s days old."),
        _("Download the newest file and send it to your teacher: then this page can tell you more."),
    ),
    "typed_only": AdviceWords(
        _("You typed in %(typed_broadcasts)s broadcasts yourself. That was a good beginning."),
        _(
            "The platform's file says more and counts more: orders, refunds, and what reached you. The guide shows where "
            "it is."
        ),
    ),
    "short": AdviceWords(
        _("You broadcast %(broadcasts_now)s times in your last four weeks, mostly for %(minutes_each)s minutes."),
        _(
            "Platforms show a broadcast to more people after a while. Try to stay on for half an hour: prepare three "
            "products and tell each one's story twice."
        ),
    ),
    "few_buy": AdviceWords(
        _("%(viewers)s viewers came in your last four weeks, and %(orders_live)s orders came of it."),
        _(
            "People like to look in on you. Say the price, what is in the parcel and how to buy after each product, and "
            "begin with one cheap thing."
        ),
    ),
    "hour": AdviceWords(
        _(
            "You began at %(start_hours)s different hours. From %(best_hour)s a broadcast sold %(best_hour_fen)s on "
            "average, at the other hours %(other_hours_fen)s."
        ),
        _("Begin at this hour for two weeks, always at the same minute, so that your viewers find you again."),
    ),
    "weekday": AdviceWords(
        _(
            "On a %(best_weekday)s you sold %(best_weekday_fen)s on average, on other days %(other_weekdays_fen)s. In the "
            "last four weeks you broadcast on that day %(broadcasts_on_best_weekday)s times."
        ),
        _("If it suits you, put one broadcast a week on that day and tell your viewers before."),
    ),
    "outside": AdviceWords(
        _("Of your last %(orders_told)s orders, %(outside_bp)s of the money came outside broadcasts."),
        _(
            "Your shop sells by itself: keep its pictures and stock up to date, and show in the broadcast what is asked "
            "for most there."
        ),
    ),
    "followers": AdviceWords(
        _(
            "%(followers_now)s people began to follow you in your last four weeks, %(followers_before)s in the four "
            "weeks before."
        ),
        _("They want to see more of you. Greet new followers by name and say when you are on next."),
    ),
}

LABELS: dict[type, dict] = {
    Way: {
        Way.GUIDE: _("How to get the file"),
        Way.RECEIVED: _("How much reached me"),
        Way.LESSONS: _("Look at the lessons again"),
        Way.TEACHER: _("Call the teacher"),
    },
}
TONES: dict[type, dict] = {}
SENTENCES: dict[str, object] = {}


def advice_because(code: str, evidence: Mapping[str, object]) -> str:
    """The sentence with its figures."""
    return str(ADVICE[code].because) % {name: _said(name, value) for name, value in evidence.items()}


def advice_do(code: str) -> str:
    return str(ADVICE[code].do)


_WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))


def _weekday(value: int) -> str:
    return str(_WEEKDAYS[value])


def _hour(value: int) -> str:
    return f"{value}:00"


SAID: dict[str, Callable] = {"best_weekday": _weekday, "best_hour": _hour, "last_broadcast_on": month_day}


def _said(name: str, value) -> str:
    """A fact as it is read: its name tells its unit."""
    if name in SAID:
        return SAID[name](value)
    if name.endswith("_fen"):
        return f"¥{value / 100:,.2f}"
    if name.endswith("_bp"):
        return f"{value / 100:.0f}%"
    return f"{value:,}" if isinstance(value, int) else str(value)
