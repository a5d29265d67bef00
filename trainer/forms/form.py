"""The kinds of form and field every other builds on."""

import secrets
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.i18n import translations as library
from wtforms import HiddenField, SelectField, SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from trainer.wording import choices

# Messages that the libraries' own Chinese catalogues lack; ours has them.
LIBRARY_MESSAGES = (
    _("Date must be at least %(min)s."),
    _("Date must be at most %(max)s."),
    _("Date must be between %(min)s and %(max)s."),
    _("This field cannot be edited."),
    _("This field is disabled and cannot have a value."),
    _("'%(value)s' is not a valid choice for this field."),
    _("Not a valid week value."),
    _("The CSRF token is missing."),
    _("The CSRF token is invalid."),
    _("The CSRF session token is missing."),
    _("The CSRF tokens do not match."),
    _("The CSRF token has expired."),
)


class Words:
    """The words of the form libraries: from our catalogue, else from WTForms' own."""

    def gettext(self, text: str) -> str:
        ours = str(gettext(text))
        return ours if ours != text else library.gettext(text)

    def ngettext(self, one: str, many: str, count: int) -> str:
        return library.ngettext(one, many, count)


class Form(FlaskForm):
    """A form of the site: protected against forgery, stripped of surrounding blanks."""

    class Meta:
        def get_translations(self, form):
            return Words()

        def bind_field(self, form, unbound_field, options):
            filters = list(unbound_field.kwargs.get("filters", ()))
            if unbound_field.field_class.__name__ in ("StringField", "TextAreaField", "TelField"):
                filters.append(lambda value: value.strip() if isinstance(value, str) else value)
            elif unbound_field.field_class.__name__ == "DecimalField":  # reads “sNaN”, which no comparison survives
                filters.append(lambda value: value if value is None or Decimal(value).is_finite() else None)
            return unbound_field.bind(form=form, filters=filters, **options)

        def render_field(self, field, render_kw):
            if isinstance(field, HiddenField):  # nobody points to it, and a page may have several forms
                render_kw.setdefault("id", False)
            return super().render_field(field, render_kw)


class Row(wtforms.Form):
    """Fields that repeat within a form; it speaks the same language and strips the same blanks."""

    class Meta:
        get_translations = Form.Meta.get_translations
        bind_field = Form.Meta.bind_field


class ChecksField(SelectMultipleField):
    """Several of a list, a box each."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class CreatingForm(Form):
    """A form that makes something: its key lets a double click make it once."""

    # Some become numbers of marks: those that the site makes up itself have a blank in them.
    idempotency_key = HiddenField(validators=[Length(max=80), Regexp(r"^\S*$")])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.idempotency_key.data:
            self.idempotency_key.data = secrets.token_urlsafe(24)


class VersionForm(Form):
    """An act on what the person has before her: somebody faster makes it refuse."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version she saw; -1, which none has, where the page sent none."""
        return int(str(self.version.data)[:9]) if str(self.version.data).isdecimal() else -1


class EditableForm(CreatingForm, VersionForm):
    """A form that makes a thing, or changes one that is there."""


def required(message: object = None) -> DataRequired:
    return DataRequired(message or _("Please fill this in."))


def required_number(message: object = None) -> InputRequired:
    """Like `required`, but 0 is an answer."""
    return InputRequired(message or _("Please fill this in."))


def options(pairs: Iterable[tuple[object, object]]) -> list[SelectChoice]:
    """(value, words) pairs as a select field takes them."""
    return [SelectChoice(value=value, label=words) for value, words in pairs]


def enum_field(words: object, kind: type[StrEnum], **kwargs) -> SelectField:
    """A select over a StrEnum; its data is the member."""
    return SelectField(words, choices=options(choices(kind)), coerce=kind, **kwargs)


def not_before(other: str, message: object):
    """A validator: this date or time must not lie before the field named `other`."""

    def check(form, field):
        start = form[other].data
        if start and field.data and field.data < start:
            raise ValidationError(message)

    return check
