"""What templates may call: formats for money, times and shares, words for states, permission checks."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, partial
from gettext import NullTranslations
from urllib.parse import urlencode

from flask import Flask, has_request_context, request, url_for
from flask_babel import get_locale, get_translations
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from trainer import clock, wording
from trainer.domain.people import mask_name, mask_numbers
from trainer.domain.rubric import round_half_up
from trainer.permissions import Permission, can
from trainer.wording import notice
from trainer.wording.figures import figure_name, with_unit
from trainer.wording.own_outcomes import month_day
from trainer.wording.sales_figures import definition, trust_words
from trainer.wording.scoring_rules import bonus_sentence, explain, veto_sentence


def money(fen: int | None) -> str:
    """¥12,345.60 from integer fen; a dash where nothing is known."""
    if fen is None:
        return "—"
    return f"{'-' if fen < 0 else ''}¥{Decimal(abs(fen)) / 100:,.2f}"


def percent(share: float | None) -> str:
    """86.7% from a share 0–1."""
    return "—" if share is None else f"{share * 100:.1f}%"


def hundredths(value: int | None) -> str:
    """A score kept in hundredths: 8310 → 83.10."""
    return "—" if value is None else f"{value / 100:.2f}"


def points(value: Decimal) -> str:
    """A reckoned score as rankings keep it: 90.625 → 90.63, half up."""
    return str(round_half_up(value, 2))


def moment(value: datetime | None, form: str | None = None) -> str:
    """A stored moment as people in China read it: 2026-03-08 14:30."""
    if value is None:
        return "—"
    local = clock.local(value)
    return local.strftime(form) if form else local.isoformat(" ")[:16]


def clock_time(value: datetime | None) -> str:
    return "—" if value is None else clock.local(value).isoformat()[11:16]


def _language(context: Context) -> str:
    """Of the page around: Flask-Babel's answer costs as much as a row of a list. A macro may have none around it."""
    return context.get("language") or str(get_locale())


@pass_context
def long_day(context: Context, value: date | datetime) -> str:
    """2026年3月8日（星期日）, or Sunday 8 March 2026."""
    return _day(_language(context), _as_day(value), with_year=True)


@pass_context
def short_day(context: Context, value: date | datetime) -> str:
    """3月8日（星期日）, or Sunday 8 March: where the year goes without saying."""
    return _day(_language(context), _as_day(value), with_year=False)


def _as_day(value: date | datetime) -> date:
    return clock.local(value).date() if isinstance(value, datetime) else value


@lru_cache(maxsize=1000)  # a list of lessons says the same days again and again
def _day(language: str, day: date, *, with_year: bool) -> str:
    if language.startswith("en"):
        return f"{day:%A} {day.day} {day:%B}" + (f" {day.year}" if with_year else "")
    year = f"{day.year}年" if with_year else ""
    return f"{year}{day.month}月{day.day}日（星期{'一二三四五六日'[day.weekday()]}）"


def month_name(value: date) -> str:
    """2026年3月, or March 2026."""
    return f"{value:%B %Y}" if str(get_locale()).startswith("en") else f"{value.year}年{value.month}月"


def weekday(value: date) -> str:
    """周三, or Wed."""
    return f"{value:%a}" if str(get_locale()).startswith("en") else f"周{'一二三四五六日'[value.weekday()]}"


def hours(minutes: int | None) -> str:
    """Minutes as hours, without a needless .0."""
    return "—" if minutes is None else f"{Decimal(minutes) / 60:.1f}".removesuffix(".0")


def duration(seconds: int | None) -> str:
    """2:15 for two hours and a quarter."""
    return "—" if seconds is None else f"{seconds // 3600}:{seconds % 3600 // 60:02d}"


def words() -> Callable[..., Markup]:
    """`_("…")` of a page, in its language: Flask-Babel's asks for the language at each of its forty words and more."""
    return partial(_say, _catalogue(get_locale()))


def gettext(message: str, /, **values: object) -> Markup:
    """`_("…")` where no page is around it, as in macros."""
    return _say(_catalogue(get_locale()), message, **values)


def _say(catalogue: NullTranslations, message: str, /, **values: object) -> Markup:
    said = Markup(catalogue.gettext(message))  # noqa: S704 (our own words)
    return said % values if "%" in said else said


@lru_cache
def _catalogue(_language: object) -> NullTranslations:
    """The words of a language; they do not change while the program runs."""
    return get_translations()


@pass_context
def pill(context: Context, value: object) -> Markup:
    """A state as a word in a pill with a shape."""
    return _pill(_language(context), value)


@lru_cache(maxsize=1000, typed=True)  # by type too: "open" is another word for a lesson than for a round
def _pill(_language: str, value: object) -> Markup:
    return Markup('<span class="pill pill-{}">{}</span>').format(wording.tone(value), wording.label(value))


def same_page(**changes: object) -> str:
    """The question part of this page's address with some arguments changed; None takes one away.

    Only that part: what stands in an address is not ours, and given to `url_for` it could name a scheme or a host.
    """
    arguments = {**request.args.to_dict(flat=False), **changes}
    return "?" + urlencode({k: v for k, v in arguments.items() if v is not None}, doseq=True)


def address(endpoint: str, **values: object) -> str:
    """`url_for` of a page; an address without arguments, of which a page has twenty and more, is reckoned once."""
    if endpoint.startswith(".") or values.keys() - {"filename"} or not has_request_context():
        return url_for(endpoint, **values)
    return _fixed_address(request.root_path, endpoint, values.get("filename"))


@lru_cache(maxsize=1000)
def _fixed_address(_root: str, endpoint: str, filename: str | None) -> str:
    return url_for(endpoint, filename=filename) if filename else url_for(endpoint)


def install(app: Flask) -> None:
    """Give every template the names above."""
    filters = (money, percent, hundredths, points, moment, clock_time, long_day, short_day)
    filters += (month_name, month_day, weekday, hours, duration, pill)
    app.jinja_env.filters |= {f.__name__: f for f in filters}
    app.jinja_env.filters["masked_name"] = mask_name
    app.jinja_env.filters["mask_numbers"] = mask_numbers
    app.jinja_env.filters["label"] = wording.label
    app.jinja_env.filters |= {"trust_words": trust_words, "definition": definition}
    app.jinja_env.filters["tone"] = wording.tone
    rules = (explain, bonus_sentence, veto_sentence, figure_name, with_unit)
    app.jinja_env.filters |= {f.__name__: f for f in rules}
    app.jinja_env.filters |= {"notice_title": notice.notice_title, "notice_text": notice.notice_text}
    app.jinja_env.filters["platform_name"] = wording.platform_name
    app.jinja_env.globals |= {"can": can, "Permission": Permission, "same_page": same_page, "today": clock.today}
    app.jinja_env.globals |= {"_": gettext, "url_for": address}
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
