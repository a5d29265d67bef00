"""Sales files on their way in: choosing them, saying whose one is."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileRequired, MultipleFileField
from wtforms import IntegerField
from wtforms.validators import InputRequired

from trainer.forms.form import CreatingForm, Form


class SalesFilesForm(CreatingForm):
    file = MultipleFileField(_("Files from the platform"), [FileRequired(_("Please choose a file."))])


class WhoseForm(Form):
    shop_id = IntegerField(validators=[InputRequired()])
