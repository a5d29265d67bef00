"""Words for making a timetable."""

from flask_babel import lazy_gettext as _

LABELS: dict[type, dict[object, object]] = {}

TONES: dict[type, dict[object, str]] = {}

SENTENCES: dict[str, object] = {
    "lesson_outside_cohort": _("%(day)s lies outside the cohort's days, %(first)s to %(last)s."),
    "lesson_ends_before_start": _("“%(title)s” must end later than it begins."),
    "lessons_overlap": _("“%(title)s” on %(day)s overlaps with “%(other)s”. A class has one lesson at a time."),
    "instructor_busy": _("%(name)s already teaches on %(day)s between %(begins)s and %(ends)s."),
    "lesson_not_planned": _("Only a planned lesson can be changed or cancelled. “%(title)s” stands as: %(state)s."),
}
