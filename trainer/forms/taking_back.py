"""Why something that was written down is taken back."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import Length

from trainer.forms.form import Form, required


class TakeBackForm(Form):
    reason = StringField(_("Why is it taken back?"), [required(), Length(max=300)])
