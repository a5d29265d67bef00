"""Words for plans of a timetable, its printed sheet, holidays and materials."""

from flask_babel import lazy_gettext as _

from trainer.domain.holiday import DayKind
from trainer.domain.material import MaterialKind
from trainer.domain.timetable_plan import Hindrance

WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))

LABELS: dict[type, dict[object, object]] = {
    Hindrance: {
        Hindrance.OUTSIDE: _("outside the cohort's dates"),
        Hindrance.TAKEN: _("the class has another lesson then"),
        Hindrance.INSTRUCTOR_BUSY: _("the instructor teaches elsewhere then"),
    },
    DayKind: {DayKind.OFF: _("Day off"), DayKind.WORKED: _("Worked")},
    MaterialKind: {
        MaterialKind.PDF: _("PDF"),
        MaterialKind.PICTURE: _("Picture"),
        MaterialKind.WORD: _("Word document"),
        MaterialKind.EXCEL: _("Excel table"),
        MaterialKind.POWERPOINT: _("Slides"),
        MaterialKind.VIDEO: _("Video"),
        MaterialKind.LINK: _("Link"),
    },
}

TONES: dict[type, dict[object, str]] = {DayKind: {DayKind.OFF: "good", DayKind.WORKED: "attention"}}

# Headings of the timetable as a workbook.
SHEET = {
    "sheet": _("Course timetable"),
    "day": _("Date"),
    "weekday": _("Weekday"),
    "time": _("Time"),
    "lesson": _("Lesson"),
    "kind": _("Kind"),
    "hours": _("Hours"),
    "place": _("Place"),
    "instructor": _("Instructor"),
}

SENTENCES: dict[str, object] = {
    "timetable_nothing_ticked": _("Tick at least one day that is free."),
    "timetable_shift_hindered": _(
        "The lessons cannot move like this: something is in the way of one of them. Choose another number of days, or "
        "move that lesson by itself first."
    ),
    "timetable_batch_in_use": _(
        "These lessons can no longer be taken back together: a roll was begun, a leave asked for, or a file added to one "
        "of them. Call off those that do not take place."
    ),
    "lesson_not_cancelled": _("“%(title)s” is not called off."),
    "too_many_materials": _("A lesson has room for %(most)s materials. Take one away first."),
    "material_empty": _("This file is empty. Choose another."),
    "material_too_large": _("A file may have %(most)s MB at most. Put a longer video on the web and add its link."),
    "material_type": _(
        "This kind of file cannot be opened on every phone. Use PDF, Word, Excel, PowerPoint, JPG, PNG, WebP or MP4."
    ),
    "material_macros": _("This file contains macros. Save it without them, or as PDF."),
    "material_pass_run_out": _("This address held for 15 minutes only. Go back to the lesson and open the file again."),
}
