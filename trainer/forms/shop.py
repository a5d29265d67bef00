"""Shops: entering a woman's selling account."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, StringField
from wtforms.validators import Length, Optional

from trainer.domain.sales import Platform
from trainer.forms.form import CreatingForm, enum_field, required


class ShopForm(CreatingForm):
    platform = enum_field(_("Selling platform"), Platform)
    name = StringField(
        _("Name of the shop or account"),
        [required(), Length(max=120)],
        description=_("As it stands on the platform: files that name an account are compared with it."),
    )
    account_uid = StringField(
        _("Account number"), [Length(max=80)], description=_("Leave empty if you do not know it.")
    )
    opened_on = DateField(_("Opened on"), [Optional()])
