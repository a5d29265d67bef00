"""The review of sign-ups: who she is and what is decided, many at once, struck out, an answer taken back."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import Length

from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.sign_up_review import DECISIONS
from trainer.forms.form import Form, VersionForm, options, required
from trainer.wording import label

# What stands for somebody whom the register does not know yet.
NEW_WOMAN = "new"


class _Decided(VersionForm):
    decision = RadioField(_("Decision"), [required(_("Choose what is decided."))], coerce=str)
    reason = StringField(
        _("Reason (needed where she is not admitted, or over the number of places)"),
        [Length(max=200)],
        description=_("Who is not admitted reads it with the answer: write it so that she may."),
    )
    over = BooleanField(_("Admit over the number of places"))

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self.decision.choices = options((status.value, label(status)) for status in DECISIONS)

    @property
    def status(self) -> EnrolmentStatus:
        return EnrolmentStatus(self.decision.data)


class SettleForm(_Decided):
    """`offered`: whom the page named."""

    who = RadioField(_("Who is she?"), [required(_("Choose who she is."))])
    offered = HiddenField()

    def __init__(self, people: Iterable[int], **kwargs) -> None:
        super().__init__(**kwargs)
        self.who.choices = options([*((str(id_), str(id_)) for id_ in people), (NEW_WOMAN, _("Somebody new"))])

    @property
    def person_id(self) -> int | None:
        return None if self.who.data == NEW_WOMAN else int(self.who.data)


class ManyForm(_Decided):
    """One decision for all that are ticked."""


class ReasonForm(VersionForm):
    reason = StringField(_("Reason"), [required(), Length(max=200)])


class SeenForm(VersionForm):
    """An act that needs no words."""


class FirstForm(Form):
    """The first of the waitlist: `first`, whom the page named."""

    first = HiddenField()

    @property
    def ids(self) -> list[int]:
        return [int(number) for number in (self.first.data or "").split(".") if number.isdecimal()]
