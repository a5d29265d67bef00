"""Cohorts: the form of one, and of a new one with its first completion rule."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from flask_babel import lazy_gettext as _
from wtforms import DateField, DecimalField, IntegerField, SelectField, StringField, TelField
from wtforms.validators import Length, NoneOf, NumberRange, Optional, Regexp

from trainer.domain.programme import CohortDraft, CompletionRule, ExcusedCounts, Track
from trainer.forms.form import EditableForm, enum_field, not_before, options, required, required_number
from trainer.forms.site import NONE, site_options


class CohortForm(EditableForm):
    code = StringField(
        _("Code"),
        [
            required(),
            Length(max=30),
            Regexp(r"^[A-Za-z0-9][A-Za-z0-9._-]*$", message=_("Letters, digits, hyphen, dot and underline only.")),
            # Its sign-up stands at /join/<code>, and at /join/answer the answers do.
            NoneOf(("answer",), message=_("This word is taken by the site. Choose another code.")),
        ],
        description=_("Short and unique, such as DT-2026-01. It stands on every list and file."),
    )
    name = StringField(_("Name of the cohort"), [required(), Length(max=120)])
    programme_id = SelectField(_("Programme"), coerce=int)
    track = enum_field(_("Track"), Track)
    region_code = SelectField(_("Region"))
    site_id = SelectField(
        _("Site of the network"), coerce=int, default=NONE, description=_("Where it is held, if at one of the sites.")
    )
    place = StringField(_("Place"), [required(), Length(max=120)])
    starts_on = DateField(_("First day"), [required()])
    ends_on = DateField(
        _("Last day"), [required(), not_before("starts_on", _("The last day lies before the first day."))]
    )
    capacity = IntegerField(_("Number of places"), [required_number(), NumberRange(min=1, max=10_000)], default=100)
    teacher_name = StringField(_("Class teacher"), [required(), Length(max=60)])
    teacher_phone = TelField(
        _("The teacher's phone"),
        [required(), Length(max=20), Regexp(r"^\+?[0-9][0-9 -]{4,}$", message=_("Digits, blanks and hyphens only."))],
        description=_("Every trainee sees it on each of her pages."),
    )

    def offer(self, programmes: Iterable[tuple[int, str]], regions: Iterable[tuple[str, str]], sites: Iterable) -> None:
        self.programme_id.choices = options(programmes)
        self.region_code.choices = options(regions)
        self.site_id.choices = site_options(sites)

    def draft(self) -> CohortDraft:
        plain = ("code", "programme_id", "name", "track", "region_code", "place", "starts_on", "ends_on", "capacity")
        facts = {name: self[name].data for name in (*plain, "teacher_name", "teacher_phone")}
        return CohortDraft(**facts, site_id=self.site_id.data or None)


class NewCohortForm(CohortForm):
    """With the rule it begins with; later versions are made on a page of their own."""

    min_rate = DecimalField(
        _("Attendance needed to complete, in percent of the hours"),
        [required_number(), NumberRange(min=0, max=100)],
        places=None,
        default=Decimal(80),
    )
    max_unexcused = IntegerField(
        _("Absences allowed without excuse"),
        [Optional(), NumberRange(min=0, max=1000)],
        description=_("Leave it empty where there is no such limit."),
    )
    excused_counts = enum_field(_("An excused absence"), ExcusedCounts)

    def draft(self) -> CohortDraft:
        rule = CompletionRule(round(self.min_rate.data * 100), self.max_unexcused.data, self.excused_counts.data)
        return replace(super().draft(), rule=rule)


def filled_form(draft: CohortDraft, version: int) -> CohortForm:
    """The form of a cohort that exists."""
    values = {name: getattr(draft, name) for name in draft.__dataclass_fields__ if name != "rule"}
    return CohortForm(data={**values, "site_id": draft.site_id or NONE, "version": version})
