"""Typed broadcasts: six numbers and a screenshot, and what the second person says of them."""

from collections.abc import Callable, Iterable

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import DateTimeLocalField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, Optional

from trainer.domain.days import CHINA
from trainer.domain.sales_entry import (
    MOST_FEN,
    MOST_PEOPLE,
    Typed,
    UnreadableFigure,
    read_duration,
    read_number,
    written,
)
from trainer.forms.form import EditableForm, VersionForm, options

PICTURES = {"accept": "image/jpeg,image/png,image/webp"}
MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]


class FigureField(StringField):
    """What platforms print as a figure; `figure` after validation, `rounded` where it was printed with 万."""

    figure: int | None = None
    rounded = False

    def __init__(self, label, read: Callable[[str], tuple[int, bool]], message, **kwargs) -> None:
        super().__init__(label, [Length(max=40)], **kwargs)
        self._read, self._message = read, message

    def pre_validate(self, form) -> None:
        if not (self.data or "").strip():
            return
        try:
            self.figure, exact = self._read(self.data)
        except UnreadableFigure:
            raise ValidationError(self._message) from None
        self.rounded = not exact


def _count(text: str) -> tuple[int, bool]:
    return read_number(text, most=MOST_PEOPLE)


def _money(text: str) -> tuple[int, bool]:
    return read_number(text, most=MOST_FEN, decimals=2)


def _duration(text: str) -> tuple[int, bool]:
    return read_duration(text), True


_NO_COUNT = _("This is no number. Type digits, such as 328, or %(rounded)s as the app shows it.", rounded="1.2万")
_NO_MONEY = _(
    "This is no amount. Type yuan, such as 588 or 588.50, or %(rounded)s as the app shows it.", rounded="1.2万"
)
_NUMERIC, _DECIMAL = ({"inputmode": mode, "autocomplete": "off"} for mode in ("numeric", "decimal"))


class EntryForm(EditableForm):
    """Nothing is required: what is missing may come later, as long as it is a draft."""

    shop_id = SelectField(_("Which shop?"), coerce=int)
    picture = FileField(
        _("Screenshot of the figures"),
        description=_("The page that the app shows after the broadcast. JPG, PNG or WebP, at most 8 MB."),
        render_kw=PICTURES,
    )
    started_at = DateTimeLocalField(_("When did the broadcast begin?"), [Optional()], format=MOMENTS)
    duration = FigureField(
        _("How long was it?"),
        _duration,
        _("This is no duration. Type minutes, such as 90, or 1:30, or %(spoken)s.", spoken="1小时30分"),
        description=_("Minutes, such as 90. Or as the app shows it: 1:30, %(spoken)s.", spoken="1小时30分"),
        render_kw={"autocomplete": "off"},
    )
    viewers = FigureField(
        _("How many people watched?"),
        _count,
        _NO_COUNT,
        description=_("Such as 328 or %(rounded)s.", rounded="1.2万"),
        render_kw=_DECIMAL,
    )
    orders = FigureField(_("How many orders?"), _count, _NO_COUNT, render_kw=_NUMERIC)
    amount = FigureField(
        _("Amount sold (yuan)"), _money, _NO_MONEY, description=_("Before refunds. None: 0."), render_kw=_DECIMAL
    )
    refund = FigureField(
        _("Refunded of these orders (yuan)"),
        _money,
        _NO_MONEY,
        description=_("None: 0. Not known yet: leave it empty."),
        render_kw=_DECIMAL,
    )

    def typed(self) -> Typed:
        moment = self.started_at.data
        fields = {"viewers": self.viewers, "orders": self.orders, "gmv_fen": self.amount, "refund_fen": self.refund}
        return Typed(
            moment.replace(tzinfo=CHINA) if moment else None,
            self.duration.figure,
            **{name: field.figure for name, field in fields.items()},
            rounded=tuple(name for name, field in fields.items() if field.rounded),
        )


def build_entry_form(*, shops: Iterable[tuple[int, str]] = (), entry=None) -> EntryForm:
    """For a new entry of one of these shops (asked where there are several), or to change one."""
    form = EntryForm(data=_values(entry.typed) | {"version": entry.version} if entry else None)
    form.shop_id.choices = options(shops)
    if len(form.shop_id.choices) < 2:
        del form.shop_id
    return form


def _values(typed: Typed) -> dict[str, object]:
    def said(name: str, decimals: int = 0) -> str:
        return written(getattr(typed, name), rounded=name in typed.rounded, decimals=decimals)

    seconds = typed.duration_s
    return {
        "started_at": typed.started_at.astimezone(CHINA).replace(tzinfo=None) if typed.started_at else None,
        "duration": "" if seconds is None else _clock(seconds),
        "viewers": said("viewers"),
        "orders": said("orders"),
        "amount": said("gmv_fen", 2),
        "refund": said("refund_fen", 2),
    }


def _clock(seconds: int) -> str:
    if seconds % 60:
        return f"{seconds // 3600}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"
    return str(seconds // 60)


class CheckForm(VersionForm):
    """What the second person says; `retyped` where she reads the amount first."""

    retyped = FigureField(_("Amount on the picture (yuan)"), _money, _NO_MONEY, render_kw=_DECIMAL)
    reason = TextAreaField(_("What is wrong, for her to read"), [Length(max=300)], render_kw={"rows": 2})
