"""Cohorts: the form with its completion rule."""

from collections.abc import Iterable
from decimal import Decimal

from flask_babel import lazy_gettext as _
from wtforms import DateField, DecimalField, IntegerField, SelectField, StringField, TelField
from wtforms.validators import Length, NumberRange, Optional, Regexp

from trainer.domain.programme import CohortDraft, CompletionRule, ExcusedCounts, Track
from trainer.forms.form import EditableForm, enum_field, not_before, options, required, required_number


class CohortForm(EditableForm):
    code = StringField(
        _("Code"),
        [
            required(),
            Length(max=30),
            Regexp(r"^[A-Za-z0-9][A-Za-z0-9._-]*$", message=_("Letters, digits, hyphen, dot and underline only.")),
        ],
        description=_("Short and unique, such as DT-2026-01. It stands on every list and file."),
    )
    name = StringField(_("Name of the cohort"), [required(), Length(max=120)])
    programme_id = SelectField(_("Programme"), coerce=int)
    track = enum_field(_("Track"), Track)
    region_code = SelectField(_("Region"))
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

    def offer(self, programmes: Iterable[tuple[int, str]], regions: Iterable[tuple[str, str]]) -> None:
        self.programme_id.choices = options(programmes)
        self.region_code.choices = options(regions)

    def draft(self) -> CohortDraft:
        plain = ("code", "programme_id", "name", "track", "region_code", "place", "starts_on", "ends_on", "capacity")
        rule = CompletionRule(round(self.min_rate.data * 100), self.max_unexcused.data, self.excused_counts.data)
        return CohortDraft(**{name: self[name].data for name in (*plain, "teacher_name", "teacher_phone")}, rule=rule)


def filled_form(draft: CohortDraft, version: int) -> CohortForm:
    """The form of a cohort that exists."""
    rule = draft.rule
    values = {name: getattr(draft, name) for name in draft.__dataclass_fields__ if name != "rule"}
    rate = Decimal(rule.min_rate_bp) / 100
    return CohortForm(
        data={
            **values,
            "version": version,
            "min_rate": rate.to_integral_value() if rate == rate.to_integral_value() else rate,
            "max_unexcused": rule.max_unexcused,
            "excused_counts": rule.excused_counts,
        }
    )
