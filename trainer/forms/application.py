"""Applications: how women apply for a selection, what is written in one, its pictures, leading to other support."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    DecimalField,
    FieldList,
    FormField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, NumberRange, Optional

from trainer.domain.application import LONGEST_PLAN, LONGEST_TITLE, MOST_USES, Content, Use
from trainer.domain.days import CHINA
from trainer.domain.eligibility import BroadcastSource, Eligibility
from trainer.domain.selection import ReferralKind
from trainer.forms.donation import whole_fen
from trainer.forms.form import CreatingForm, Form, Row, VersionForm, enum_field, not_before, options, required

MOST_YUAN = 10_000_000
MORE_USES = 3
FIRST_YEAR, LAST_YEAR = 2000, 2100
# As browsers send a moment; the first is how it is shown.
MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
_YUAN = {"inputmode": "decimal", "autocomplete": "off"}


def yuan_field(words: object, **more) -> DecimalField:
    checks = [Optional(), NumberRange(min=Decimal("0.01"), max=MOST_YUAN), whole_fen]
    return DecimalField(words, checks, places=None, render_kw=_YUAN, **more)


def as_fen(yuan: Decimal | None) -> int | None:
    return None if yuan is None else int(yuan * 100)


def as_yuan(fen: int | None) -> Decimal | None:
    """600000 → 6000, 600050 → 6000.50."""
    if fen is None:
        return None
    return Decimal(fen // 100) if fen % 100 == 0 else Decimal(fen) / 100


def this_century(_form, field: DateTimeLocalField) -> None:
    if field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
        raise ValidationError(gettext("Please look at the year."))


def _in_china(typed: datetime | None) -> datetime | None:
    return typed and typed.replace(tzinfo=CHINA)


class ApplyingForm(VersionForm):
    """How women apply; moments as a clock in China shows them."""

    introduction = TextAreaField(
        _("What it is about"),
        [Length(max=2000)],
        render_kw={"rows": 6},
        description=_("Women read it on their phones: what is given, to whom, and what happens afterwards."),
    )
    applies_from = DateTimeLocalField(
        _("Women may apply from"),
        [Optional(), this_century],
        format=MOMENTS,
        description=_("Both moments empty: nobody applies herself, staff take candidates in."),
    )
    applies_until = DateTimeLocalField(
        _("Women may apply until"),
        [Optional(), this_century, not_before("applies_from", _("The end must not lie before the beginning."))],
        format=MOMENTS,
    )
    highest_amount = yuan_field(
        _("The most that one may ask for (yuan)"), description=_("Empty: no money is asked for.")
    )
    residence = SelectField(_("She lives in"), description=_("By the area in her record."))
    attendance = DecimalField(
        _("Least share of the hours attended, in %"),
        [Optional(), NumberRange(min=1, max=100)],
        places=None,
        render_kw=_YUAN,
    )
    certificate = BooleanField(_("She has a valid certificate"))
    broadcasts = IntegerField(
        _("Least number of broadcasts"),
        [Optional(), NumberRange(min=1, max=10_000)],
        render_kw={"inputmode": "numeric"},
    )
    broadcast_source = enum_field(_("Which broadcasts count"), BroadcastSource, default=BroadcastSource.ALL)
    net_sales = yuan_field(
        _("Least net sales (yuan)"), description=_("Trusted orders less refunds, over all her shops.")
    )
    reason = StringField(
        _("Reason for the change"),
        [Length(max=200)],
        description=_("Needed once women may apply: it is kept with the change."),
    )

    def offer(self, regions: Iterable[tuple[str, str]]) -> None:
        self.residence.choices = options([("", gettext("anywhere")), *regions])

    def validate(self, extra_validators=None) -> bool:
        good = super().validate(extra_validators)
        if bool(self.applies_from.data) != bool(self.applies_until.data):
            missing = self.applies_until if self.applies_from.data else self.applies_from
            missing.errors = [gettext("Fill in both moments, or neither.")]
            return False
        return good

    @property
    def since(self) -> datetime | None:
        return _in_china(self.applies_from.data)

    @property
    def until(self) -> datetime | None:
        return _in_china(self.applies_until.data)

    def rules(self) -> Eligibility:
        return Eligibility(
            residence=self.residence.data or None,
            attendance_bp=None if self.attendance.data is None else int(self.attendance.data * 100),
            certificate=self.certificate.data,
            broadcasts=self.broadcasts.data,
            broadcast_source=self.broadcast_source.data if self.broadcasts.data else BroadcastSource.ALL,
            net_sales_fen=as_fen(self.net_sales.data),
        )


def filled_applying_form(version: int, selection) -> ApplyingForm:
    """As it stands."""
    asked = Eligibility.of(selection.eligibility)
    moments = ("applies_from", "applies_until")
    since, until = (at and at.astimezone(CHINA).replace(tzinfo=None) for at in (getattr(selection, n) for n in moments))
    return ApplyingForm(
        data={
            **{"version": version, "introduction": selection.introduction, "applies_from": since},
            **{"applies_until": until, "highest_amount": as_yuan(selection.highest_amount_fen)},
            **{"residence": asked.residence or "", "certificate": asked.certificate, "broadcasts": asked.broadcasts},
            **{"broadcast_source": asked.broadcast_source, "net_sales": as_yuan(asked.net_sales_fen)},
            "attendance": as_yuan(asked.attendance_bp),
        }
    )


class PlanForm(VersionForm):
    """May be kept unfinished: what is missing is said where it is handed in."""

    title = StringField(
        _("What do you want to do?"),
        [Length(max=LONGEST_TITLE)],
        description=_("In a few words, such as: dried day lilies of our village, sold by broadcasts."),
        render_kw={"autocomplete": "off"},
    )
    plan = TextAreaField(_("Your plan"), [Length(max=LONGEST_PLAN)], render_kw={"rows": 10})

    def changes(self) -> dict[str, object]:
        return {"title": self.title.data or "", "plan": (self.plan.data or "").replace("\r\n", "\n")}


class UseForm(Row):
    """A line of what the money is for; a line with nothing in it is none."""

    item = StringField(_("What the money goes to"), [Length(max=60)], render_kw={"autocomplete": "off"})
    amount = yuan_field(_("How much of it (yuan)"))

    def validate(self, extra_validators=None) -> bool:
        good = super().validate(extra_validators)
        if good and bool(self.item.data) != (self.amount.data is not None):
            missing = self.amount if self.item.data else self.item
            missing.errors = [gettext("Please fill this in.")]
            return False
        return good


class MoneyForm(VersionForm):
    amount = yuan_field(_("How much do you ask for? (yuan)"))
    uses = FieldList(FormField(UseForm), max_entries=MOST_USES)

    def add_rows(self) -> None:
        for _place in range(min(MORE_USES, MOST_USES - len(self.uses))):
            self.uses.append_entry()

    def changes(self) -> dict[str, object]:
        lines = [row.form for row in self.uses if row.form.item.data]
        uses = tuple(Use(line.item.data, as_fen(line.amount.data)) for line in lines)
        return {"amount_fen": as_fen(self.amount.data), "uses": uses}


class FilledForm(PlanForm, MoneyForm):
    """All of it on one page: staff fill it in for her."""

    def changes(self) -> dict[str, object]:
        return PlanForm.changes(self) | (MoneyForm.changes(self) if "amount" in self else {})


def build_money_form(
    kind: type[VersionForm], version: int, content: Content, *, asks_money: bool = True, blank: bool = False
):
    """The form over what is written so far, with blank lines for more uses; `blank`: what was sent is another form."""
    lines = [{"item": use.item, "amount": as_yuan(use.amount_fen)} for use in content.uses]
    data = {"version": version, "title": content.title, "plan": content.plan}
    data |= {"amount": as_yuan(content.amount_fen), "uses": lines}
    form = kind(formdata=None, data=data) if blank else kind(data=data)
    if not asks_money:
        del form.amount
        del form.uses
    elif blank or not form.is_submitted():
        form.add_rows()
    return form


class FileForm(CreatingForm):
    picture = FileField(
        _("Picture"),
        [required(_("Choose a picture first."))],
        description=_("One picture, at most 8 MB: JPG, PNG or WebP."),
        render_kw={"accept": "image/*"},
    )
    words = StringField(
        _("What is to be seen on it? (need not be)"), [Length(max=80)], render_kw={"autocomplete": "off"}
    )


class TakeInForm(VersionForm):
    enrolment_ids = SelectMultipleField(coerce=int, validate_choice=False)
    reason = StringField(
        _("Reason"),
        [Length(max=200)],
        description=_("Needed where one of them misses a condition: it is kept with her application."),
    )


class ReferralForm(CreatingForm):
    kind = enum_field(_("Which support"), ReferralKind)
    to_whom = StringField(
        _("Who takes it on"),
        [required(), Length(max=120)],
        description=_("Office and person whom she can turn to. She reads it."),
    )
    note = StringField(
        _("What was agreed with her"), [Length(max=200)], description=_("She reads it: what comes next, and when.")
    )


class OutcomeForm(Form):
    outcome = StringField(_("What came of the support"), [required(), Length(max=200)])
