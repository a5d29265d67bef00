"""A new version of a completion rule: its terms, and what it demands by name."""

from decimal import Decimal

from flask_babel import lazy_gettext as _
from wtforms import DecimalField, HiddenField, IntegerField, StringField
from wtforms.validators import Length, NumberRange, Optional

from trainer.domain.completion import Required, Requirements
from trainer.domain.programme import CompletionRule, ExcusedCounts
from trainer.forms.form import ChecksField, Form, enum_field, options, required_number
from trainer.queries.completion_rule import Demandable
from trainer.wording.completion import short


class RuleForm(Form):
    """Asked for with GET to be previewed, sent with POST to take effect; `seen` is the fingerprint of the preview."""

    min_rate = DecimalField(
        _("Attendance needed to complete, in percent of the hours"),
        [required_number(), NumberRange(min=0, max=100)],
        places=None,
    )
    max_unexcused = IntegerField(
        _("Absences allowed without excuse"),
        [Optional(), NumberRange(min=0, max=1000)],
        description=_("Leave it empty where there is no such limit."),
    )
    excused_counts = enum_field(_("An excused absence"), ExcusedCounts)
    lessons = ChecksField(_("Lessons that nobody may miss"), coerce=int)
    tasks = ChecksField(_("Tasks that have to be passed"), coerce=int)
    reason = StringField(_("Why is the rule changed?"), [Length(max=200)])
    seen = HiddenField()

    @property
    def score_fields(self) -> list:
        return [field for name, field in self._fields.items() if name.startswith("score_")]

    def wanted(self, offered: Demandable) -> Requirements:
        scores = {one.id: self[f"score_{one.id}"].data for one in offered.assessments}
        return Requirements(
            CompletionRule(round(self.min_rate.data * 100), self.max_unexcused.data, self.excused_counts.data),
            [Required(one.id, one.name) for one in offered.lessons if one.id in self.lessons.data],
            [Required(one.id, one.name) for one in offered.tasks if one.id in self.tasks.data],
            [
                Required(one.id, one.name, round(scores[one.id] * 100))
                for one in offered.assessments
                if scores[one.id] is not None
            ],
        )


def build_rule_form(offered: Demandable, now: Requirements, *, asked=None) -> RuleForm:
    """Filled with the rule in force; with what was asked for in the address where `asked` is given, or with what was
    sent."""
    fields = {f"score_{one.id}": _score_field(one.name, one.max_score) for one in offered.assessments}
    kind = type("RuleFormOfCohort", (RuleForm,), fields)
    values = {
        "min_rate": _plain(now.rule.min_rate_bp),
        "max_unexcused": now.rule.max_unexcused,
        "excused_counts": now.rule.excused_counts,
        "lessons": [one.id for one in now.lessons],
        "tasks": [one.id for one in now.tasks],
        **{f"score_{one.id}": _plain(one.min_score) for one in now.assessments},
    }
    form = kind(data=values) if asked is None else kind(asked, meta={"csrf": False})
    form.lessons.choices = options((one.id, one.name) for one in offered.lessons)
    form.tasks.choices = options((one.id, one.name) for one in offered.tasks)
    return form


def _score_field(name: str, max_score: int) -> DecimalField:
    return DecimalField(
        name,
        [Optional(), NumberRange(min=Decimal("0.01"), max=Decimal(max_score) / 100)],
        places=None,
        description=_("Points needed, of %(most)s; empty: not demanded.", most=short(max_score)),
        render_kw={"inputmode": "decimal"},
    )


def _plain(hundredths: int) -> Decimal:
    return Decimal(short(hundredths))
