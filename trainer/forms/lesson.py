"""Lessons: one, a whole timetable of half days, and cancelling."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, DecimalField, FieldList, FormField, StringField, TimeField
from wtforms.validators import Length, NumberRange
from wtforms.widgets import HiddenInput

from trainer.domain.attendance import LessonKind
from trainer.domain.timetable import CREDIT_MINUTES, MORNING, LessonDraft, Slot
from trainer.forms.form import CreatingForm, EditableForm, Form, Row, enum_field, required, required_number
from trainer.forms.material import check_address

# Account names are offered as a list to the text field; whatever else is typed is kept as a plain name.
INSTRUCTOR = {"list": "instructors", "autocomplete": "off"}


class _Common:
    """What a single lesson and a row of the timetable ask alike."""

    title = StringField(_("Title of the lesson"), [required(), Length(max=120)])
    kind = enum_field(_("Kind"), LessonKind)
    instructor = StringField(_("Instructor"), [Length(max=60)], render_kw=INSTRUCTOR)
    begins = TimeField(_("Begins"), [required()], default=MORNING.begins)
    ends = TimeField(_("Ends"), [required()], default=MORNING.ends)
    credit_hours = DecimalField(
        _("Hours it counts"),
        [required_number(), NumberRange(min=Decimal("0.5"), max=24)],
        places=None,
        default=Decimal(CREDIT_MINUTES) / 60,
    )

    def lesson(self, day: date, place: str, instructors: Mapping[str, int], link: str = "") -> LessonDraft:
        """`instructors`: account ids by the names that are offered."""
        typed = self.instructor.data or ""
        return LessonDraft(
            title=self.title.data,
            kind=self.kind.data,
            day=day,
            begins=self.begins.data,
            ends=self.ends.data,
            credit_minutes=round(self.credit_hours.data * 60),
            place=place,
            instructor_id=instructors.get(typed),
            instructor_name="" if typed in instructors else typed,
            link=link,
        )


class LessonForm(_Common, EditableForm):
    day = DateField(_("Day"), [required()])
    place = StringField(_("Place"), [required(), Length(max=120)], description=_("A room, or “online”."))
    link = StringField(
        _("Online link"),
        [Length(max=290), check_address],
        description=_("For a lesson online: the women see it as a button."),
        render_kw={"inputmode": "url"},
    )

    def draft(self, instructors: Mapping[str, int]) -> LessonDraft:
        return self.lesson(self.day.data, self.place.data, instructors, self.link.data or "")


class SlotForm(_Common, Row):
    """A half day; only a chosen one is read and checked."""

    chosen = BooleanField()
    day = DateField(validators=[required()], widget=HiddenInput())

    def validate(self, extra_validators=None) -> bool:
        return not self.chosen.data or super().validate(extra_validators)


class TimetableForm(CreatingForm):
    place = StringField(_("Place"), [required(), Length(max=120)])
    slots = FieldList(FormField(SlotForm))

    def validate(self, extra_validators=None) -> bool:
        if not super().validate(extra_validators):
            return False
        if any(slot.chosen.data for slot in self.slots):
            return True
        self.form_errors.append(gettext("Tick at least one half day."))
        return False

    def drafts(self, instructors: Mapping[str, int]) -> list[LessonDraft]:
        return [
            slot.form.lesson(slot.form.day.data, self.place.data, instructors)
            for slot in self.slots
            if slot.form.chosen.data
        ]


class CancelForm(Form):
    reason = StringField(_("Why is it cancelled?"), [required(), Length(max=200)])


class RestoreForm(Form):
    """A button alone."""


def blank_timetable(free: Sequence[Slot], place: str, *, chosen: bool) -> TimetableForm:
    """A row for each free half day; those on which nobody works come unticked."""
    rows = [
        {"chosen": chosen and not slot.rest, "day": slot.day, "begins": slot.half.begins, "ends": slot.half.ends}
        for slot in free
    ]
    return TimetableForm(data={"place": place, "slots": rows})


def filled_form(draft: LessonDraft, instructor: str, version: int) -> LessonForm:
    """The form of a lesson that exists."""
    hours = Decimal(draft.credit_minutes) / 60
    return LessonForm(
        data={
            "version": version,
            "title": draft.title,
            "kind": draft.kind,
            "instructor": instructor,
            "day": draft.day,
            "begins": draft.begins,
            "ends": draft.ends,
            "credit_hours": hours.to_integral_value() if hours == hours.to_integral_value() else hours,
            "place": draft.place,
            "link": draft.link,
        }
    )
