"""Signing up for a cohort: the public form, looking the answer up, and the manager's settings."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TelField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from trainer.domain.people import LONGEST_NAME, Problem, check_id_number, clean_name, clean_phone, clean_text
from trainer.domain.person import PersonKind
from trainer.domain.sign_up import (
    CODE_DIGITS,
    PHONE_DIGITS,
    AnswerChannel,
    Helper,
    HelperRelation,
    SignUpDraft,
    SignUpSettings,
)
from trainer.forms.form import CreatingForm, Form, VersionForm, not_before, options, required
from trainer.wording import choices, say

# A stranger sees nothing of the shared fields' browser memory: several women may use this phone.
_PLAIN = {"autocomplete": "off"}
_NUMBER = {**_PLAIN, "inputmode": "numeric"}


def _cleaned(clean: Callable[[str], str], text: str | None) -> str:
    try:
        return clean(text or "")
    except Problem as problem:
        raise ValidationError(say(problem)) from None


class SignUpForm(CreatingForm):
    """Its key is the sign-up's nonce. Each description says why it is asked."""

    name = StringField(
        _("Her name"),
        [required(), Length(max=LONGEST_NAME)],
        description=_("So that we know who comes; it will stand on the roll and on the certificate."),
        render_kw=_PLAIN,
    )
    phone = TelField(
        _("Her phone number"),
        [required(), Length(max=30)],
        description=_("To tell her whether she has a place. Without a phone of her own, one she can be reached on."),
        render_kw=_NUMBER,
    )
    region_code = SelectField(
        _("County"), [required(_("Choose the county."))], description=_("To hold lessons where many come from.")
    )
    township = StringField(
        _("Township (may be left empty)"),
        [Length(max=60)],
        description=_("Several townships have a village of the same name."),
        render_kw=_PLAIN,
    )
    village = StringField(
        _("Village or community"),
        [required(), Length(max=60)],
        description=_("To tell women of the same name apart."),
        render_kw=_PLAIN,
    )
    kind = SelectField(
        _("What she does (may be left empty)"),
        choices=options([("", _("I would rather not say")), *choices(PersonKind)]),
        default="",
        description=_("To fit the lessons to those who come, and to count whom the programme reaches."),
    )
    id_number = StringField(
        _("ID number (may be left empty)"),
        [Length(max=40)],
        description=_(
            "A subsidy for this class asks for it. Without it she can take part all the same. It is kept encrypted."
        ),
        render_kw=_PLAIN,
    )
    id_agreed = BooleanField(_("The ID number may be kept to claim the subsidy"))
    answer_by = RadioField(
        _("How does she want to hear the answer?"),
        [required(_("Choose one of the answers."))],
        choices=options(choices(AnswerChannel)),
        description=_("So that we reach her in the way that suits her. The code works besides."),
    )
    helper_name = StringField(
        _("Your name, as the one who helps"),
        [Length(max=LONGEST_NAME)],
        description=_("So that the staff know who filled it in."),
        render_kw=_PLAIN,
    )
    helper_phone = TelField(
        _("Your phone number, as the one who helps"),
        [Length(max=30)],
        description=_("To ask you if something is unclear, or to let her know through you."),
        render_kw=_NUMBER,
    )
    helper_relation = SelectField(
        _("Who are you to her?"),
        choices=options([("", _("Please choose")), *choices(HelperRelation)]),
        default="",
        description=_("So that help is recorded as help."),
    )
    agreed = BooleanField(
        _("She knows what is kept and why, and agrees"),
        [required(_("Without agreement nothing may be kept. Read the notice, and tick the box if she agrees."))],
    )

    def __init__(self, counties: list[tuple[str, str]], *, with_id: bool, today: date, **kwargs) -> None:
        super().__init__(**kwargs)
        several = [("", _("Please choose"))] if len(counties) > 1 else []
        self.region_code.choices = options([*several, *counties])
        self.today = today
        if not with_id:
            del self.id_number, self.id_agreed

    def validate_name(self, field) -> None:
        field.data = _cleaned(clean_name, field.data)

    def validate_phone(self, field) -> None:
        field.data = _cleaned(clean_phone, field.data)

    def validate_id_number(self, field) -> None:
        if not field.data:
            return
        field.data = _cleaned(lambda text: check_id_number(text, latest_birth=self.today), field.data)
        if not self.id_agreed.data:
            raise ValidationError(_("Tick the box below it if the number may be kept, or leave it empty."))

    def validate_answer_by(self, field) -> None:
        if field.data == AnswerChannel.HELPER and not self.is_helped:
            raise ValidationError(_("Write down below who helps, or choose another answer."))

    def validate_helper_name(self, field) -> None:
        if self.is_helped:
            field.data = _cleaned(clean_name, field.data)

    def validate_helper_phone(self, field) -> None:
        if self.is_helped:
            field.data = _cleaned(clean_phone, field.data)

    def validate_helper_relation(self, field) -> None:
        if self.is_helped and not field.data:
            raise ValidationError(_("Say who you are to her."))

    @property
    def is_helped(self) -> bool:
        """Somebody who helps has begun to say who she is."""
        return any((self.helper_name.data, self.helper_phone.data, self.helper_relation.data))

    @property
    def helper_open(self) -> bool:
        """Whether the part about the helper is to be seen at once."""
        return self.is_helped or self.answer_by.data == AnswerChannel.HELPER

    def draft(self) -> SignUpDraft:
        helper = None
        if self.is_helped:
            relation = HelperRelation(self.helper_relation.data)
            helper = Helper(self.helper_name.data, self.helper_phone.data, relation)
        return SignUpDraft(
            name=self.name.data,
            phone=self.phone.data,
            region_code=self.region_code.data,
            township=clean_text(self.township.data or "") or None,
            village=clean_text(self.village.data),
            kind=PersonKind(self.kind.data) if self.kind.data else None,
            answer_by=AnswerChannel(self.answer_by.data),
            id_number=(self.id_number.data or None) if self.id_number else None,
            helper=helper,
        )


def _digits(value: str | None) -> str:
    """Full-width digits are digits; blanks and hyphens between them are none."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", value or ""))


def _exactly(number: int, message: object):
    def check(_form, field) -> None:
        if not re.fullmatch(rf"[0-9]{{{number}}}", field.data or ""):
            raise ValidationError(message)

    return check


class AnswerForm(Form):
    """What she was told to write down, and what only she and her helper know."""

    code = StringField(
        _("The 8 digits of your code"),
        [_exactly(CODE_DIGITS, _("Type the eight digits of your code, such as 1234 5678."))],
        filters=[_digits],
        render_kw={**_NUMBER, "maxlength": 20},
    )
    digits = StringField(
        _("The last four digits of the phone number you gave"),
        [_exactly(PHONE_DIGITS, _("Type the last four digits of the phone number, such as 1234."))],
        filters=[_digits],
        render_kw={**_NUMBER, "maxlength": 10},
    )


class SignUpSettingsForm(VersionForm):
    sign_up_opens_on = DateField(
        _("First day of signing up"),
        [Optional()],
        description=_("Leave it empty where women cannot sign up by themselves: the page then does not exist."),
    )
    sign_up_closes_on = DateField(
        _("Last day of signing up"),
        [Optional(), not_before("sign_up_opens_on", _("The last day lies before the first day."))],
        description=_("This day included. Left empty, signing up ends with the first day of the class."),
    )
    sign_up_note = TextAreaField(
        _("Note for whoever signs up"),
        [Length(max=1000)],
        description=_(
            "Who may come, what to bring. It stands on the page, and beside the answer of whoever has a place."
        ),
        render_kw={"rows": 4},
    )
    collects_id_numbers = BooleanField(
        _("Collect ID numbers"),
        description=_("Only where a subsidy asks for them. Off: no field for them, and rosters are read without them."),
    )
    waitlist_moves_up = BooleanField(
        _("The waitlist moves up by itself"),
        description=_("When a place becomes free, the first who waits gets it. Off: staff choose."),
    )

    def settings(self) -> SignUpSettings:
        return SignUpSettings(
            opens_on=self.sign_up_opens_on.data,
            closes_on=self.sign_up_closes_on.data,
            note=self.sign_up_note.data or "",
            collects_id_numbers=self.collects_id_numbers.data,
            waitlist_moves_up=self.waitlist_moves_up.data,
        )
