"""Honours: one of a year, and why it is taken from the list."""

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange

from trainer.domain.honour import EARLIEST, LATEST, HonourDraft
from trainer.forms.form import EditableForm, Form, required, required_number
from trainer.forms.region import OfRegion


class HonourForm(OfRegion, EditableForm):
    year = IntegerField(_("Year of the honour"), [required_number(), NumberRange(min=EARLIEST, max=LATEST)])
    title = StringField(
        _("Honour"),
        [required(), Length(max=120)],
        description=_(
            "As it is to be read on the list. The list is sorted by it: write it the same for all who have it."
        ),
    )
    project = StringField(_("Name of the project"), [required(), Length(max=120)])
    region = StringField(
        _("County or city"),
        [required()],
        description=_("A name or a code. Where several share the name, write the city before it."),
    )
    citation = TextAreaField(
        _("Citation"),
        [Length(max=600)],
        description=_(
            "Two or three sentences for the public page. No telephone numbers, and nothing she told you in confidence."
        ),
        render_kw={"rows": 4},
    )

    def __init__(self, *, person_id: int | None = None, **kwargs) -> None:
        super().__init__(**kwargs)
        self.person_id = person_id
        if person_id:
            del self.project

    def draft(self) -> HonourDraft:
        project = self.project.data if "project" in self else ""
        words = (self.title.data, self.region_code, self.citation.data or "")
        return HonourDraft(self.year.data, *words, person_id=self.person_id, project=project)


class WithdrawHonourForm(Form):
    reason = StringField(_("Why is it taken from the list?"), [Length(max=200)])
