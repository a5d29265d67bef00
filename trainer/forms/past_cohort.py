"""Classes held before this system: sending a file with what it leaves open."""

from collections.abc import Iterable
from decimal import Decimal

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, DecimalField, SelectField, StringField
from wtforms.validators import Length, NumberRange, Optional

from trainer.domain.past_cohort import Defaults
from trainer.domain.programme import Track
from trainer.forms.form import CreatingForm, enum_field, not_before, options


class PastFileForm(CreatingForm):
    file = FileField(
        _("List of the women and their certificates"),
        [FileRequired(_("Please choose a file."))],
        description=_(
            "Excel (.xlsx, .xls) or CSV, at most 20 MB; one class or several. Nothing is changed before you confirm."
        ),
        render_kw={"accept": ".xlsx,.xls,.csv,.txt"},
    )
    region_code = SelectField(_("Region where it was held"))
    track = enum_field(_("Track"), Track)
    course = StringField(
        _("Name of the class"), [Length(max=120)], description=_("Where the file has no column for it.")
    )
    starts_on = DateField(_("First day"), [Optional()], description=_("Where the file has no column for it."))
    ends_on = DateField(
        _("Last day"), [Optional(), not_before("starts_on", _("The last day lies before the first day."))]
    )
    place = StringField(_("Place"), [Length(max=120)])
    hours = DecimalField(
        _("Hours of the class"),
        [Optional(), NumberRange(min=0, max=2000)],
        places=1,
        description=_("Where the file does not say them."),
    )

    def offer(self, regions: Iterable[tuple[str, str]]) -> None:
        self.region_code.choices = options(regions)

    def defaults(self) -> Defaults:
        days = (self.starts_on.data, self.ends_on.data or self.starts_on.data)
        minutes = round((self.hours.data or Decimal(0)) * 60)
        return Defaults((self.course.data or "").strip(), *days, (self.place.data or "").strip(), minutes)
