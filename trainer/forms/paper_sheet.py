"""Paper sheets: the photograph, what is read off it, the word of a second person."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import Length, NumberRange

from trainer.domain.paper_sheet import SEATS_A_PAGE, Reading
from trainer.forms.form import ChecksField, CreatingForm, Form, VersionForm, options, required, required_number
from trainer.queries.roll import RollRow


class PhotoForm(Form):
    file = FileField(
        _("Photograph of the sheet"),
        [FileRequired(_("Please choose a file."))],
        description=_(
            "The whole page, flat and in good light. JPG, PNG or WebP, at most 8 MB; it is stored encrypted."
        ),
        render_kw={"accept": "image/jpeg,image/png,image/webp"},
    )


class EntryForm(CreatingForm):
    """Of the women of the page those without a signature, those whom nobody can read, and the count of signatures."""

    photo = HiddenField()
    absent = ChecksField(_("No signature"), coerce=int)
    unsure = ChecksField(_("Cannot be read, or not on the paper"), coerce=int)
    signatures = IntegerField(
        _("Signatures counted on the paper"),
        [required_number(_("Count the signatures on the paper and enter the number.")), NumberRange(0, SEATS_A_PAGE)],
        render_kw={"inputmode": "numeric", "min": 0, "max": SEATS_A_PAGE, "autocomplete": "off"},
    )

    def __init__(self, rows: Sequence[RollRow], **kwargs) -> None:
        super().__init__(**kwargs)
        women = options((row.enrolment_id, row.name) for row in rows)
        self.absent.choices = self.unsure.choices = women

    def reading(self, page: int, listed: Sequence[int]) -> Reading:
        return Reading(page, listed, frozenset(self.absent.data), frozenset(self.unsure.data))

    @property
    def photo_id(self) -> int:
        """0, which none has, where the page sent none."""
        return int(self.photo.data) if str(self.photo.data).isdecimal() and len(self.photo.data) < 10 else 0


class ConfirmForm(VersionForm):
    reason = StringField(_("Reason (the lesson is closed)"), [Length(max=200)], id="confirm_reason")


class ReturnForm(VersionForm):
    reason = StringField(_("What is wrong?"), [required(), Length(max=200)], id="return_reason")


class UndoForm(VersionForm):
    reason = StringField(_("Why is it taken back?"), [required(), Length(max=200)], id="undo_reason")
