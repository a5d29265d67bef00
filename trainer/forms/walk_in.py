"""Walk-ins: noting one, saying who she is, taking that back."""

from collections.abc import Callable, Sequence

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, StringField, TelField, ValidationError
from wtforms.validators import Length

from trainer.domain.people import Problem, clean_name, clean_phone
from trainer.forms.form import CreatingForm, Form, VersionForm, options, required
from trainer.queries.walk_in import Candidate
from trainer.wording import say

# What stands for somebody whom the register does not know yet.
NEW_WOMAN = "new"


def _cleaned(clean: Callable[[str], str], text: str) -> str:
    try:
        return clean(text)
    except Problem as problem:
        raise ValidationError(say(problem)) from None


class WalkInForm(CreatingForm):
    """Its key is the walk-in's nonce."""

    name = StringField(_("Name"), [required()], render_kw={"autocomplete": "off", "autofocus": True, "maxlength": 60})
    phone = TelField(
        _("Phone (may be left empty)"),
        [Length(max=30)],
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )

    def validate_name(self, field) -> None:
        field.data = _cleaned(clean_name, field.data)

    def validate_phone(self, field) -> None:
        field.data = _cleaned(clean_phone, field.data) if field.data else None


class MatchForm(VersionForm):
    """Who she is: a person's number, or somebody new. `offered`: whom the page named."""

    who = RadioField(_("Who is she?"), [required(_("Choose who she is."))])
    offered = HiddenField()
    reason = StringField(_("Reason (needed where the lesson is closed)"), [Length(max=200)])

    def __init__(self, candidates: Sequence[Candidate], **kwargs) -> None:
        super().__init__(**kwargs)
        self.who.choices = options([*((str(c.person_id), c.name) for c in candidates), (NEW_WOMAN, _("Somebody new"))])

    @property
    def person_id(self) -> int | None:
        return None if self.who.data == NEW_WOMAN else int(self.who.data)


class TakeMatchBackForm(Form):
    reason = StringField(_("Why was it wrong?"), [required(), Length(max=200)])
