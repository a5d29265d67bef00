"""Accounts: inviting somebody with a role and the area it reaches."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import Length

from trainer.domain.actors import STAFF_ROLES, Role
from trainer.forms.form import CreatingForm, options, required
from trainer.wording import choices


class InvitationForm(CreatingForm):
    name = StringField(_("Name"), [required(), Length(max=60)])
    username = StringField(_("User name"), [required(), Length(min=3, max=60)])
    organisation = StringField(_("Organisation"), [Length(max=120)])
    role = SelectField(_("Role"), choices=options(c for c in choices(Role) if Role(c[0]) in STAFF_ROLES), coerce=Role)
    region_code = SelectField(_("Area"))

    def offer_regions(self, regions: Iterable[tuple[str, str]]) -> None:
        self.region_code.choices = options([("", _("Everywhere")), *regions])
