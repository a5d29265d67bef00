"""Programmes: the form with its partners and targets."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import DateField, FieldList, FormField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional, ValidationError

from trainer.domain.programme import PartnerKind, ProgrammeDraft, Promise, TargetKind
from trainer.forms.form import EditableForm, Row, enum_field, not_before, options, required

BLANK_ROWS = 3


class PartnerForm(Row):
    """One partner; a row without a name is no partner."""

    name = StringField(_("Organisation"), [Length(max=120)])
    kind = enum_field(_("Part it takes"), PartnerKind)

    def validate(self, extra_validators=None) -> bool:
        return not self.name.data or super().validate(extra_validators)


class TargetForm(Row):
    """What was promised of one kind; without a number there is no target."""

    value = IntegerField(_("Target"), [Optional(), NumberRange(min=1, max=2_000_000_000)])
    due_on = DateField(_("By when"), [Optional()])
    source = StringField(_("Where it is written"), [Length(max=200)])

    def validate_source(self, field: StringField) -> None:
        if self.value.raw_data and not self.value.data and not self.value.errors and (field.data or self.due_on.data):
            raise ValidationError(_("A target needs its number."))


class TargetsForm(Row):
    """A row for each kind that the system counts."""


for _kind in TargetKind:
    setattr(TargetsForm, _kind.value, FormField(TargetForm))


class ProgrammeForm(EditableForm):
    name = StringField(_("Name of the programme"), [required(), Length(max=120)])
    region_code = SelectField(_("Region"))
    starts_on = DateField(_("First day"), [required()])
    ends_on = DateField(
        _("Last day"), [required(), not_before("starts_on", _("The last day lies before the first day."))]
    )
    description = TextAreaField(_("What it is for"), [Length(max=4000)], render_kw={"rows": 4})
    partners = FieldList(FormField(PartnerForm), _("Partners"), min_entries=5)
    targets = FormField(TargetsForm, _("Targets"))

    def offer_regions(self, regions: Iterable[tuple[str, str]]) -> None:
        self.region_code.choices = options(regions)

    def draft(self) -> ProgrammeDraft:
        partners = [(row["name"], row["kind"]) for row in self.partners.data if row["name"]]
        said = {kind: self.targets.data[kind.value] for kind in TargetKind}
        targets = {
            kind: Promise(row["value"], row["due_on"], row["source"] or "")
            for kind, row in said.items()
            if row["value"]
        }
        return ProgrammeDraft(
            self.name.data,
            self.region_code.data,
            self.starts_on.data,
            self.ends_on.data,
            self.description.data or "",
            tuple(partners),
            targets,
        )


def filled_form(draft: ProgrammeDraft, version: int) -> ProgrammeForm:
    """The form of a programme that exists, with blank rows for more partners."""
    partners = [{"name": name, "kind": kind} for name, kind in draft.partners]
    blank = [{"name": "", "kind": PartnerKind.ORGANISER}] * BLANK_ROWS
    return ProgrammeForm(
        data={
            "version": version,
            "name": draft.name,
            "region_code": draft.region_code,
            "starts_on": draft.starts_on,
            "ends_on": draft.ends_on,
            "description": draft.description,
            "partners": partners + blank,
            "targets": {kind.value: vars(promise) for kind, promise in draft.targets.items()},
        }
    )
