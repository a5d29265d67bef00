"""Signing in, accepting an invitation, setting the installation up."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, PasswordField, StringField, TelField
from wtforms.validators import EqualTo, Length, Regexp

from trainer.domain.password import PasswordPolicy
from trainer.forms.form import Form, required
from trainer.wording.account import policy_words


class SignInForm(Form):
    username = StringField(
        _("User name or phone number"), [required(), Length(max=60)], render_kw={"autocomplete": "username"}
    )
    password = PasswordField(_("Password"), [required()], render_kw={"autocomplete": "current-password"})
    next = HiddenField()


class CodeForm(Form):
    phone = TelField(
        _("Your phone number"), [required(), Length(max=30)], render_kw={"autocomplete": "tel", "inputmode": "numeric"}
    )
    code = StringField(
        _("The six digits from your teacher"),
        [required(), Regexp(r"^\d{6}$", message=_("The code has six digits."))],
        filters=[lambda value: "".join(value.split()) if value else value],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 12},
    )


class PasswordForm(Form):
    """A new password, twice; what it must be is said beside it."""

    password = PasswordField(_("New password"), [required()], render_kw={"autocomplete": "new-password"})
    again = PasswordField(
        _("New password again"),
        [required(), EqualTo("password", message=_("The two passwords differ."))],
        render_kw={"autocomplete": "new-password"},
    )

    def __init__(self, policy: PasswordPolicy, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.password.description = policy_words(policy)


class SetUpForm(PasswordForm):
    name = StringField(_("Your name"), [required(), Length(max=60)], render_kw={"autocomplete": "name"})
    username = StringField(_("User name"), [required(), Length(min=3, max=60)], render_kw={"autocomplete": "username"})
