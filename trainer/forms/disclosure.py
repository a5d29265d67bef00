"""Protected values: why one is to be shown, why a list leaves in full."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField
from wtforms.validators import Length

from trainer.domain.disclosure import DisclosureReason, ProtectedField, Purpose
from trainer.forms.consent import ChecksField
from trainer.forms.form import CreatingForm, Form, enum_field, options, required
from trainer.wording import label


class RevealForm(Form):
    field = enum_field(_("Which value"), ProtectedField, validators=[required()])
    reason = enum_field(_("What it is needed for"), DisclosureReason, validators=[required(_("Choose what it is needed for."))])
    note = StringField(
        _("In your words"), [Length(max=200)], description=_("Needed for “something else”. She can read it.")
    )

    def __init__(self, fields: Sequence[ProtectedField], **kwargs) -> None:
        super().__init__(**kwargs)
        self.field.choices = options((field.value, label(field)) for field in fields)
        # Nothing is chosen beforehand: a reason that stands there already is no reason.
        self.reason.choices = options([("", _("Please choose")), *((r.value, label(r)) for r in DisclosureReason)])
        self.reason.coerce = _reason

    @property
    def purpose(self) -> Purpose:
        return Purpose(self.reason.data, self.note.data or "")


def _reason(value: object) -> DisclosureReason | str:
    return DisclosureReason(value) if value else ""


class ExportForm(CreatingForm):
    fields = ChecksField(_("In full"), coerce=ProtectedField, validators=[required(_("Tick at least one."))])
    reason = enum_field(_("What it is needed for"), DisclosureReason, validators=[required(_("Choose what it is needed for."))])
    note = StringField(_("In your words"), [Length(max=200)], description=_("Each of them can read it."))
    recipient = StringField(
        _("Who gets the file"),
        [required(), Length(max=120)],
        description=_("The office or person outside, by name; “ourselves” where it stays here."),
    )
    # How many there were when she looked: more or fewer, and she is asked again.
    people = HiddenField()

    def __init__(self, fields: Sequence[ProtectedField], **kwargs) -> None:
        super().__init__(**kwargs)
        self.fields.choices = options((field.value, label(field)) for field in fields)
        self.reason.choices = options([("", _("Please choose")), *((r.value, label(r)) for r in DisclosureReason)])
        self.reason.coerce = _reason

    @property
    def purpose(self) -> Purpose:
        return Purpose(self.reason.data, self.note.data or "", self.recipient.data)
