"""Shops: entering a woman's selling account."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, StringField
from wtforms.validators import Length, Optional

from trainer.domain.sales import Platform, ShopRole
from trainer.forms.form import CreatingForm, Form, enum_field, required


class ShopFacts(Form):
    """What is known of a shop, on either form."""

    name = StringField(
        _("Name of the shop or account"),
        [required(), Length(max=120)],
        description=_("As it stands on the platform: files that name an account are compared with it."),
    )
    account_uid = StringField(
        _("Account number"), [Length(max=80)], description=_("Leave empty if you do not know it.")
    )
    role = enum_field(
        _("What it sells"),
        ShopRole,
        default=ShopRole.OWN,
        description=_(
            "Her own goods: what is earned is the sale less refunds. Goods of others, for a commission: what is earned "
            "is only the commission."
        ),
    )
    opened_on = DateField(_("Opened on"), [Optional()])


class ShopForm(ShopFacts, CreatingForm):
    field_order = ("platform", "name", "account_uid", "role", "opened_on")
    platform = enum_field(_("Selling platform"), Platform)
