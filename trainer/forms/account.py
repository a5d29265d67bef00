"""Accounts: inviting somebody with a role and the area it reaches."""

from collections.abc import Iterable

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import Length, ValidationError

from trainer.domain.actors import STAFF_ROLES, Grant, Role
from trainer.forms.form import CreatingForm, Form, options, required
from trainer.queries.region import find_regions
from trainer.wording import choices

# Of counties of the same name, so many stand in the sentence.
MOST_NAMED = 6

STAFF_CHOICES = options([("", _("Please choose")), *(c for c in choices(Role) if Role(c[0]) in STAFF_ROLES)])


class GrantForm(Form):
    """A role and how far it reaches: an area, one cohort, or everywhere."""

    role = SelectField(
        _("Role"), [required()], choices=STAFF_CHOICES, coerce=lambda value: Role(value) if value else ""
    )
    # Three thousand counties in a list are no choice: she types a name, the server finds it.
    region_code = StringField(
        _("Area"),
        [Length(max=60)],
        default="",
        description=_(
            "Type the name of a province, city or county; empty is everywhere. An instructor or evaluator without an "
            "area sees only what she is assigned."
        ),
        render_kw={"list": "areas", "autocomplete": "off"},
    )
    cohort_id = SelectField(_("Only this cohort"), default="", description=_("Leave empty where the area decides."))
    _region: str | None = None

    def offer(self, cohorts: Iterable[tuple[int, str]]) -> None:
        self.cohort_id.choices = options([("", "—"), *((str(number), name) for number, name in cohorts)])

    def validate_role(self, field: SelectField) -> None:
        """Keeping the system has no borders; half of it would be no right at all."""
        if field.data is Role.SYSTEM_ADMINISTRATOR and (self.region_code.data or self.cohort_id.data):
            raise ValidationError(_("A system administrator is for the whole site: choose “Everywhere”."))

    def validate_region_code(self, field: StringField) -> None:
        if not field.data:
            return
        found = find_regions(field.data)
        if not found:
            raise ValidationError(gettext("There is no area “%(name)s”. Type its name or its code.", name=field.data))
        if len(found) > 1:
            names = "；".join(name for _code, name in found[:MOST_NAMED])
            raise ValidationError(gettext("Several areas are meant. Type the one in full: %(names)s", names=names))
        self._region = found[0][0]

    @property
    def grant(self) -> Grant:
        """What was chosen; a cohort is narrower than an area and wins."""
        cohort_id = int(self.cohort_id.data) if self.cohort_id.data else None
        return Grant(self.role.data, region_code=None if cohort_id else self._region, cohort_id=cohort_id)


class InvitationForm(CreatingForm, GrantForm):
    name = StringField(_("Name"), [required(), Length(max=60)])
    username = StringField(_("User name"), [required(), Length(min=3, max=60)])
    organisation = StringField(_("Organisation"), [Length(max=120)])
    field_order = ("name", "username", "organisation", "role", "region_code", "cohort_id")
