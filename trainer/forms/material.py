"""Materials of a lesson: a file or an address, with a title."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import Length, ValidationError

from trainer.domain.lesson_file import web_address
from trainer.forms.form import CreatingForm, required


def check_address(_form, field) -> None:
    """Empty, or an address of the web; kept as it will be opened."""
    if not field.data:
        return
    found = web_address(field.data)
    if found is None:
        raise ValidationError(gettext("Write an address that begins with https:// or http://, and nothing else."))
    field.data = found


class MaterialFileForm(CreatingForm):
    file = FileField(_("File"), [FileRequired(_("Please choose a file."))])
    title = StringField(_("Title"), [Length(max=120)], description=_("Empty: the name of the file."))


class MaterialLinkForm(CreatingForm):
    link = StringField(_("Web address"), [required(), Length(max=290), check_address], render_kw={"inputmode": "url"})
    title = StringField(_("Title"), [required(), Length(max=120)], id="link_title")
