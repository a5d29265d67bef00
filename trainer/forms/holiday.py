"""Holidays: a day set off or worked."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, StringField
from wtforms.validators import Length

from trainer.domain.holiday import DayKind
from trainer.forms.form import Form, enum_field, required
from trainer.forms.timetable import possible_day


class HolidayForm(Form):
    day = DateField(_("Day"), [required(), possible_day])
    kind = enum_field(_("On this day"), DayKind)
    name = StringField(
        _("Name of the day"),
        [required(), Length(max=60)],
        description=_("As it is to be read in the timetable: National Day."),
    )


class RemoveHolidayForm(Form):
    day = DateField(validators=[required(), possible_day])
