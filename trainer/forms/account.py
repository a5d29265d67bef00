"""Accounts: inviting somebody with a role and the area it reaches."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import Length, ValidationError

from trainer.domain.actors import STAFF_ROLES, Grant, Role
from trainer.forms.form import CreatingForm, Form, options, required
from trainer.wording import choices

STAFF_CHOICES = options([("", _("Please choose")), *(c for c in choices(Role) if Role(c[0]) in STAFF_ROLES)])


class GrantForm(Form):
    """A role and how far it reaches: an area, one cohort, or everywhere."""

    role = SelectField(
        _("Role"), [required()], choices=STAFF_CHOICES, coerce=lambda value: Role(value) if value else ""
    )
    region_code = SelectField(
        _("Area"),
        default="",
        description=_("An instructor or evaluator without an area sees only what she is assigned."),
    )
    cohort_id = SelectField(_("Only this cohort"), default="", description=_("Leave empty where the area decides."))

    def offer(self, regions: Iterable[tuple[str, str]], cohorts: Iterable[tuple[int, str]]) -> None:
        self.region_code.choices = options([("", _("Everywhere")), *regions])
        self.cohort_id.choices = options([("", "—"), *((str(number), name) for number, name in cohorts)])

    def validate_role(self, field: SelectField) -> None:
        """Keeping the system has no borders; half of it would be no right at all."""
        if field.data is Role.SYSTEM_ADMINISTRATOR and (self.region_code.data or self.cohort_id.data):
            raise ValidationError(_("A system administrator is for the whole site: choose “Everywhere”."))

    @property
    def grant(self) -> Grant:
        """What was chosen; a cohort is narrower than an area and wins."""
        cohort_id = int(self.cohort_id.data) if self.cohort_id.data else None
        region_code = None if cohort_id else self.region_code.data or None
        return Grant(self.role.data, region_code=region_code, cohort_id=cohort_id)


class InvitationForm(CreatingForm, GrantForm):
    name = StringField(_("Name"), [required(), Length(max=60)])
    username = StringField(_("User name"), [required(), Length(min=3, max=60)])
    organisation = StringField(_("Organisation"), [Length(max=120)])
    field_order = ("name", "username", "organisation", "role", "region_code", "cohort_id")
