"""Words for lessons and attendance."""

from flask_babel import lazy_gettext as _

from trainer.domain.attendance import AttendanceStatus, LessonKind, LessonState, MarkChannel

LABELS = {
    LessonKind: {
        LessonKind.LECTURE: _("Lecture"),
        LessonKind.DISCUSSION: _("Discussion"),
        LessonKind.CASE: _("Case teaching"),
        LessonKind.SITE_VISIT: _("Site visit"),
        LessonKind.PRACTICE: _("Practice"),
        LessonKind.LIVESTREAM_PRACTICE: _("Livestream practice"),
        LessonKind.STUDY_TOUR: _("Study tour"),
    },
    LessonState: {
        LessonState.PLANNED: _("Planned"),
        LessonState.OPEN: _("Roll open"),
        LessonState.CLOSED: _("Closed"),
        LessonState.CANCELLED: _("Cancelled"),
    },
    AttendanceStatus: {
        AttendanceStatus.PRESENT: _("Present"),
        AttendanceStatus.LATE: _("Late"),
        AttendanceStatus.LEFT_EARLY: _("Left early"),
        AttendanceStatus.EXCUSED: _("Excused"),
        AttendanceStatus.ABSENT: _("Absent"),
        AttendanceStatus.MADE_UP: _("Made up"),
    },
    MarkChannel: {
        MarkChannel.ROLL: _("roll"),
        MarkChannel.IMPORT: _("import"),
    },
}

TONES = {
    LessonState: {
        LessonState.OPEN: "attention",
        LessonState.CLOSED: "good",
        LessonState.CANCELLED: "quiet",
    },
    AttendanceStatus: {
        AttendanceStatus.PRESENT: "good",
        AttendanceStatus.MADE_UP: "good",
        AttendanceStatus.LATE: "attention",
        AttendanceStatus.LEFT_EARLY: "attention",
        AttendanceStatus.ABSENT: "bad",
    },
}

SENTENCES: dict[str, object] = {}
