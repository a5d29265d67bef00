"""Blinding: what evaluators are to read, ticks for doubtful places, and pictures that may be seen."""

from flask_babel import lazy_gettext as _
from wtforms import FieldList, StringField, TextAreaField
from wtforms.validators import Length

from trainer.domain.blinding import Clue, Known, mask
from trainer.forms.form import ChecksField, VersionForm
from trainer.queries.blinding import BlindView

LONGEST = 20_000


class BlindForm(VersionForm):
    """Filled with what was confirmed before, else with the original as far as it can be masked by itself."""

    title = StringField(_("Title"), [Length(max=80)])
    plan = TextAreaField(_("Her plan"), [Length(max=LONGEST)], render_kw={"rows": 12})
    uses = FieldList(StringField(_("What the money is for"), [Length(max=200)]), max_entries=50)
    words = TextAreaField(
        _("More words to mask, one a line"),
        [Length(max=2000)],
        description=_("Names of her family, her partners, her shop or cooperative, a landmark everybody knows."),
        render_kw={"rows": 3},
    )
    ticked = ChecksField(validate_choice=False)
    blind_files = ChecksField(coerce=int, validate_choice=False)

    def mask_more(self, view: BlindView) -> None:
        """Mask in the text as it stands what the records know, and the words that staff add."""
        words = (word.strip() for word in (self.words.data or "").splitlines())
        known = (*view.known, *(Known(Clue.WORD, word) for word in words if word))
        for field in (self.title, self.plan, *self.uses):
            field.data = mask(field.data or "", known)


def build_blind_form(view: BlindView) -> BlindForm:
    files = [file.id for file in view.files if file.is_blind]
    if view.blinded_at:
        given = {"title": view.blind_title, "plan": view.blind_plan, "uses": view.blind_uses}
    else:
        given = {"title": mask(view.title, view.known), "plan": mask(view.plan, view.known)}
    uses = given.get("uses") or [mask(use, view.known) for use in view.uses]
    return BlindForm(data={**given, "uses": list(uses), "blind_files": files, "version": view.version})
