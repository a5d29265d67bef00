"""Codes of the second factor, the password that guards changes to it, and the reason for a reset."""

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, StringField
from wtforms.validators import Length

from trainer.forms.form import Form, required


class FactorCodeForm(Form):
    code = StringField(
        _("Verification code"),
        [required(), Length(max=30)],
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"},
    )


class OwnPasswordForm(Form):
    password = PasswordField(_("Your password"), [required()], render_kw={"autocomplete": "current-password"})


class ReplaceForm(OwnPasswordForm, FactorCodeForm):
    """For another phone: the password, and a code of the present one or from paper."""

    field_order = ("password", "code")


class ResetForm(Form):
    reason = StringField(
        _("Reason"),
        [required(), Length(max=200)],
        description=_("What happened, and how you made sure that it is really her, for the colleague who decides."),
    )
