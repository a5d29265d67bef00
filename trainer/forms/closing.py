"""Closing a lesson with a headcount, opening it again, and pictures of the class."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField, StringField
from wtforms.validators import Length, NumberRange

from trainer.forms.form import CreatingForm, Form, required, required_number

ABOUT_PICTURES = _("JPG, PNG or WebP, at most 8 MB. It is stored encrypted, without what the camera wrote down.")
PICTURES = {"accept": "image/jpeg,image/png,image/webp"}


class CloseForm(Form):
    headcount = IntegerField(
        _("Heads counted in the room"),
        [required_number(_("Count the women in the room and enter the number.")), NumberRange(0, 9999)],
        render_kw={"inputmode": "numeric", "min": 0, "max": 9999, "autocomplete": "off"},
    )
    signer = StringField(
        _("Who stands for this roll"),
        [Length(max=60)],
        description=_("Usually the instructor; left empty, it is you."),
        render_kw={"autocomplete": "off"},
    )
    photo = FileField(_("Picture of the class (may stay empty)"), description=ABOUT_PICTURES, render_kw=PICTURES)


class ReopenForm(Form):
    reason = StringField(_("Why must it be opened again?"), [required(), Length(max=200)])


class PhotoForm(CreatingForm):
    photo = FileField(
        _("Picture of the class"),
        [FileRequired(_("Please choose a file."))],
        description=ABOUT_PICTURES,
        render_kw=PICTURES,
    )
