"""Protected values: why one is to be shown, why a list leaves in full."""

from collections.abc import Sequence
from dataclasses import replace

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import Length

from trainer.domain.disclosure import DisclosureReason, ProtectedField, Purpose
from trainer.forms.form import ChecksField, CreatingForm, Form, enum_field, options, required
from trainer.wording import choices, label


class PurposeForm(Form):
    """Nothing is chosen beforehand: a reason that stands there already is no reason."""

    reason = SelectField(
        _("What it is needed for"),
        [required(_("Choose what it is needed for."))],
        choices=options([("", _("Please choose")), *choices(DisclosureReason)]),
        coerce=lambda value: DisclosureReason(value) if value else "",
    )
    note = StringField(
        _("In your words"), [Length(max=200)], description=_("Needed for “something else”. She can read it.")
    )

    @property
    def purpose(self) -> Purpose:
        return Purpose(self.reason.data, self.note.data or "")


class RevealForm(PurposeForm):
    field = enum_field(_("Which value"), ProtectedField, validators=[required()])
    field_order = ("field", "reason", "note")

    def __init__(self, fields: Sequence[ProtectedField], **kwargs) -> None:
        super().__init__(**kwargs)
        self.field.choices = options((field.value, label(field)) for field in fields)


class ExportForm(CreatingForm, PurposeForm):
    fields = ChecksField(_("In full"), coerce=ProtectedField, validators=[required(_("Tick at least one."))])
    note = StringField(_("In your words"), [Length(max=200)], description=_("Each of them can read it."))
    recipient = StringField(
        _("Who gets the file"),
        [required(), Length(max=120)],
        description=_("The office or person outside, by name; “ourselves” where it stays here."),
    )
    # How many there were when she looked: more or fewer, and she is asked again.
    people = HiddenField()
    field_order = ("fields", "reason", "note", "recipient")

    def __init__(self, fields: Sequence[ProtectedField], **kwargs) -> None:
        super().__init__(**kwargs)
        self.fields.choices = options((field.value, label(field)) for field in fields)

    @property
    def purpose(self) -> Purpose:
        return replace(super().purpose, recipient=self.recipient.data)
