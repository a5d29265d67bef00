"""Service hours: help entered by staff or by whoever gave it, decided, and the tariff."""

from collections.abc import Iterable
from decimal import Decimal

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, DecimalField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange

from trainer.domain.service_hours import Help, ServiceKind
from trainer.forms.form import CreatingForm, Form, enum_field, options, required, required_number

PICTURES = {"accept": "image/jpeg,image/png,image/webp"}


class OwnHelpForm(CreatingForm):
    """What she did for others, in her words; a picture need not be."""

    kind = enum_field(
        _("What kind of help was it?"), ServiceKind, default=ServiceKind.PEER_HELP, validators=[required()]
    )
    day = DateField(_("On which day?"), [required()])
    hours = DecimalField(
        _("For how many hours?"),
        [required_number(), NumberRange(min=Decimal("0.1"), max=24, message=_("Between 0.1 and 24 hours in one day."))],
        places=None,
        description=_("1.5 is an hour and a half."),
        render_kw={"inputmode": "decimal"},
    )
    words = TextAreaField(_("What did you do, and for whom?"), [required(), Length(max=500)])
    picture = FileField(_("A picture of it (need not be)"), render_kw=PICTURES)
    anyway = BooleanField(_("It was so: the same help twice on this day"))

    def help(self) -> Help:
        cohort_id = self.cohort_id.data or None if "cohort_id" in self else None
        minutes = max(1, round(self.hours.data * 60))
        return Help(self.kind.data, self.day.data, minutes, self.words.data or "", cohort_id)


class HelpForm(OwnHelpForm):
    """The same for staff: of one person or several, who are ticked on the page."""

    cohort_id = SelectField(_("Cohort that was helped"), coerce=int, default=0)
    field_order = ("kind", "day", "hours", "cohort_id", "words", "picture")

    def __init__(self, cohorts: Iterable[tuple[int, str]], **kwargs) -> None:
        super().__init__(**kwargs)
        self.cohort_id.choices = options([(0, _("none in particular")), *cohorts])
        self.kind.label.text, self.day.label.text = _("Kind of help"), _("Day")
        self.hours.label.text, self.words.label.text = _("Hours of help"), _("What was done")
        self.picture.label.text = _("Picture as evidence (need not be)")


class ReasonForm(Form):
    reason = StringField(_("Reason, which she reads"), [Length(max=300)])


class RateForm(Form):
    kind = enum_field(_("Kind of help"), ServiceKind, validators=[required()])
    from_on = DateField(_("From this day on"), [required()])
    points_per_hour = IntegerField(_("Points an hour"), [required_number(), NumberRange(min=0, max=1000)])
