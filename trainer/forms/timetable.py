"""Plans for a timetable: how lessons are repeated, copied, moved on; and which rows of a plan are wanted."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, HiddenField, IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from trainer.domain.timetable_plan import CopyOptions, Rhythm, Shift
from trainer.forms.form import ChecksField, CreatingForm, Form, options
from trainer.wording.timetable import WEEKDAYS

MOST_DAYS = 60

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


class PlanForm(Form):
    """What a plan is reckoned from; it stands in the address and changes nothing."""

    class Meta(Form.Meta):
        csrf = False

    go = HiddenField(default="1")


def possible_day(_form, field) -> None:
    if field.data and not EARLIEST <= field.data <= LATEST:
        raise ValidationError(gettext("Please choose a day between 2000 and 2100."))


def _number(words, most: int, **kwargs) -> IntegerField:
    return IntegerField(words, [Optional(), NumberRange(min=1, max=most)], **kwargs)


class RepeatForm(PlanForm):
    how = RadioField(
        _("On which days?"),
        choices=options([("every", _("Every so many days")), ("weekdays", _("On chosen weekdays"))]),
        default="every",
    )
    every = _number(_("Every how many days"), MOST_DAYS, default=1, description=_("1: every day; 7: once a week."))
    weekdays = ChecksField(_("Weekdays"), coerce=int, choices=options(enumerate(WEEKDAYS)))
    until = DateField(_("Until (this day included)"), [Optional(), possible_day])
    times = _number(_("Or so many times"), MOST_DAYS)

    def validate(self, extra_validators=None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.how.data == "every" and not self.every.data:
            self.every.errors = [gettext("Please fill this in.")]
        if self.how.data == "weekdays" and not self.weekdays.data:
            self.weekdays.errors = [gettext("Tick at least one weekday.")]
        if not self.until.data and not self.times.data:
            self.until.errors = [gettext("Say until when, or how many times.")]
        return not self.errors

    @property
    def rhythm(self) -> Rhythm:
        on = frozenset(self.weekdays.data or ()) if self.how.data == "weekdays" else frozenset()
        every = 0 if on else self.every.data
        return Rhythm(every, on, self.until.data, self.times.data or 0)


class CopyForm(PlanForm):
    source = SelectField(_("Copy the timetable of"), coerce=int)
    target = SelectField(_("to the cohort"), coerce=int)
    begins = DateField(
        _("Its first lesson day becomes"),
        [InputRequired(_("Please fill this in.")), possible_day],
        description=_("Gaps between the days, half days, hours, titles and kinds stay as they are."),
    )
    rest = RadioField(
        _("Days on which nobody works"),
        choices=options(
            [("leave_out", _("Leave them out")), ("pass", _("Move on to the next working day, and what follows too"))]
        ),
        default="leave_out",
    )
    instructors = BooleanField(_("With the instructors"))
    links = BooleanField(_("With the online links"))
    materials = BooleanField(_("With the materials"))

    def offer(self, sources: Mapping[int, str], targets: Mapping[int, str]) -> None:
        """Cohorts by id."""
        self.source.choices, self.target.choices = options(sources.items()), options(targets.items())

    def validate_target(self, field) -> None:
        if field.data == self.source.data:
            raise ValidationError(gettext("Choose another cohort than the one you copy from."))

    @property
    def options(self) -> CopyOptions:
        return CopyOptions(self.begins.data, self.rest.data == "pass", self.instructors.data, self.links.data)


class ShiftForm(PlanForm):
    how = RadioField(
        _("How far?"),
        choices=options(
            [
                ("days", _("This lesson and all that follow, by so many days")),
                ("half_day", _("To the next half day; what stands there goes on too, until one is free")),
            ]
        ),
        default="days",
    )
    days = _number(_("Number of days"), MOST_DAYS, default=1)
    past_rest = BooleanField(_("Pass over holidays and weekends"))

    def validate(self, extra_validators=None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.how.data == "days" and not self.days.data:
            self.days.errors = [gettext("Please fill this in.")]
        return not self.errors

    @property
    def shift(self) -> Shift:
        return Shift(self.days.data if self.how.data == "days" else 0, self.past_rest.data)


class PicksForm(CreatingForm):
    """The rows of a plan that were ticked, each as `lesson@day`."""

    def picks(self, sent: Sequence[str]) -> list[tuple[int, date]]:
        """Those that can be read."""
        found = []
        for text in sent:
            lesson_id, _at, day = text.partition("@")
            try:
                found.append((int(lesson_id[:9]), date.fromisoformat(day)))
            except ValueError:
                continue
        return [(lesson_id, day) for lesson_id, day in found if EARLIEST <= day <= LATEST]


class ShiftNowForm(CreatingForm):
    seen = HiddenField(validators=[Length(max=40)])


class TakeBackBatchForm(Form):
    """A button, and what it is about."""

    batch = HiddenField(validators=[InputRequired(), Length(max=32)])
