"""Requests about one's own data: what is wrong, what she has to say, and what staff answer."""

from collections.abc import Mapping
from datetime import date

from flask_babel import lazy_gettext as _
from wtforms import RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from trainer.domain.consent import TOLD_TO_STAFF, ConsentChannel
from trainer.domain.data_request import CORRECTABLE, changes, clean_wish
from trainer.domain.people import Problem
from trainer.forms.form import Form, VersionForm, options, required
from trainer.wording import choices, say

LONGEST = 1000


def _fits(form, field) -> None:
    """By the rules of the register; an empty phone number is left as it is."""
    if field.name == "phone" and not field.data:
        return
    try:
        form.wished[field.name] = clean_wish(field.name, field.data or "", today=form.today)
    except Problem as problem:
        raise ValidationError(say(problem)) from None


class WordsForm(Form):
    words = TextAreaField(_("Do you want to tell us something? (need not be)"), [Length(max=LONGEST)])


class CorrectionForm(Form):
    """`wished` holds what was typed, cleaned; `present` what the record says."""

    name = StringField(_("Name"), [_fits])
    phone = StringField(_("Phone"), [_fits], render_kw={"inputmode": "tel", "autocomplete": "off"})
    birth_year = StringField(_("Year of birth"), [_fits], render_kw={"inputmode": "numeric"})
    township = StringField(_("Township"), [_fits])
    village = StringField(_("Village"), [_fits])
    business = StringField(_("Business"), [_fits])
    words = TextAreaField(_("Something else that is wrong"), [Length(max=LONGEST)])

    def __init__(self, present: Mapping[str, object], *, today: date, shows_phone: bool = True) -> None:
        self.present, self.today, self.wished = present, today, {}
        shown = {name: "" if value is None else str(value) for name, value in present.items()}
        super().__init__(data=shown if shows_phone else shown | {"phone": ""})
        if not shows_phone:
            self.phone.description = _("Leave it empty where the number is right.")

    @property
    def changed(self) -> dict[str, object]:
        return changes(self.wished, self.present)

    def validate(self, extra_validators=None) -> bool:
        if not super().validate(extra_validators):
            return False
        if not self.changed and not self.words.data:
            self.words.errors = [_("You changed nothing. Change what is wrong, or write to us what it is.")]
            return False
        return True


class TakenDown:
    """What staff add where a woman asks by telephone or on paper."""

    channel = RadioField(
        _("How did she tell you?"),
        [required(_("Choose one."))],
        choices=options((way, words) for way, words in choices(ConsentChannel) if way in TOLD_TO_STAFF),
        coerce=ConsentChannel,
    )


class TakenDownWordsForm(WordsForm, TakenDown):
    words = TextAreaField(_("What she said"), [required(), Length(max=LONGEST)])
    field_order = ("channel", "words")


class TakenDownCorrectionForm(CorrectionForm, TakenDown):
    field_order = ("channel", *CORRECTABLE, "words")


class AnswerForm(VersionForm):
    """An answer or a reason that she reads."""

    answer = TextAreaField(_("Answer, in words she understands"), [required(), Length(max=2000)])
