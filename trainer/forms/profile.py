"""A staff member's own name, phone and password."""

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, StringField, TelField, ValidationError
from wtforms.validators import Length

from trainer.domain.people import Problem, clean_phone
from trainer.forms.form import Form, required
from trainer.forms.session import PasswordForm


class ProfileForm(Form):
    name = StringField(_("Your name"), [required(), Length(max=60)], render_kw={"autocomplete": "name"})
    phone = TelField(
        _("Your phone number"),
        [Length(max=30)],
        description=_("Eleven digits, such as 13800138000. You may sign in with it instead of your user name."),
        render_kw={"autocomplete": "tel", "inputmode": "numeric"},
    )

    def validate_phone(self, field):
        if not field.data:
            return
        try:
            field.data = clean_phone(field.data)
        except Problem:
            raise ValidationError(
                _("This is not a mobile number of eleven digits. Type one, or leave it empty.")
            ) from None


class ChangePasswordForm(PasswordForm):
    """The old one too: whoever finds an open screen does not know it."""

    old = PasswordField(_("Password until now"), [required()], render_kw={"autocomplete": "current-password"})
    field_order = ("old", "password", "again")
