"""Putting two records together: which value stays where they differ, and why; and parting them again."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import Length

from trainer.forms.form import Form, options, required

KEPT, GONE = "kept", "gone"


class MergeForm(Form):
    """With a choice for every group of values that differs (see `build_merge_form`)."""

    reason = StringField(
        _("How do you know that she is one woman?"),
        [required(), Length(max=200)],
        render_kw={"autocomplete": "off"},
    )
    keep, versions = HiddenField(), HiddenField()

    @property
    def seen(self) -> tuple[int, int]:
        """The versions of both that were looked at, the record that stays first; -1, which none has, where none came."""
        said = [part for part in (self.versions.data or "").split(" ") if part.isdecimal() and len(part) < 10]
        return (int(said[0]), int(said[1])) if len(said) == 2 else (-1, -1)

    @property
    def chosen(self) -> list[str]:
        """Groups whose value comes from the record that goes."""
        return [name.removeprefix("take_") for name, field in self._fields.items() if _is_choice(name, field, GONE)]


def _is_choice(name: str, field, value: str) -> bool:
    return name.startswith("take_") and field.data == value


def build_merge_form(groups: Sequence[str], **data: object) -> MergeForm:
    pairs = options([(KEPT, _("of the record that stays")), (GONE, _("of the other record"))])
    choices = {f"take_{name}": RadioField(choices=pairs, default=KEPT) for name in groups}
    return type("MergeForm", (MergeForm,), choices)(**data)


class PartForm(Form):
    reason = StringField(_("Why are they two records after all?"), [required(), Length(max=200)])
