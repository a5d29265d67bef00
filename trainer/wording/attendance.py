"""Words for lessons and attendance."""

from flask_babel import lazy_gettext as _

from trainer.domain.attendance import AttendanceStatus, Evidence, LessonKind, LessonState, MarkChannel, Standing
from trainer.domain.attendance_request import AttendanceRequestKind, AttendanceRequestState

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
        MarkChannel.SCREEN_CODE: _("code on the screen"),
        MarkChannel.SEAT_NUMBER: _("seat number"),
        MarkChannel.PAPER: _("paper sheet"),
        MarkChannel.WALK_IN: _("noted at the door"),
        MarkChannel.CLAIM: _("claimed afterwards"),
        MarkChannel.LEAVE: _("leave"),
        MarkChannel.IMPORT: _("import"),
        MarkChannel.PLATFORM_LIST: _("list of the platform"),
    },
    Evidence: {
        Evidence.SEEN_BY_STAFF: _("seen by staff"),
        Evidence.PERSONAL_CODE: _("by seat number"),
        Evidence.SCREEN_CODE: _("by the code on the screen"),
        Evidence.LIST: _("from a list"),
        Evidence.CLAIM: _("claimed"),
    },
    AttendanceRequestKind: {
        AttendanceRequestKind.LEAVE: _("Leave"),
        AttendanceRequestKind.CLAIM: _("Late sign-in"),
        AttendanceRequestKind.WRONG: _("“This is wrong”"),
        AttendanceRequestKind.LATE_MARK: _("Mark that came after closing"),
    },
    AttendanceRequestState: {
        AttendanceRequestState.OPEN: _("Waiting"),
        AttendanceRequestState.GRANTED: _("Granted"),
        AttendanceRequestState.REFUSED: _("Refused"),
        AttendanceRequestState.TAKEN_BACK: _("Taken back"),
    },
    Standing: {
        Standing.ON_COURSE: _("On course"),
        Standing.BEHIND: _("Behind"),
        Standing.OUT_OF_REACH: _("Out of reach"),
    },
}

# Headings of a cohort's attendance as a workbook.
SHEET = {
    "seat": _("Seat"),
    "name": _("Name"),
    "unmarked": _("Not marked"),
    "not_applicable": _("Does not apply"),
    "hours": _("Hours attended"),
    "hours_counted": _("Hours counted"),
    "rate": _("Attendance rate"),
    "max_possible_rate": _("Highest rate still possible"),
    "may_still_miss": _("Lessons she may still miss"),
    "consecutive_absences": _("Absences in a row"),
    "meets_rule": _("Reaches the rule now"),
}
YES_OR_NO = {True: _("yes"), False: _("no")}

TONES = {
    AttendanceRequestState: {
        AttendanceRequestState.OPEN: "attention",
        AttendanceRequestState.GRANTED: "good",
        AttendanceRequestState.REFUSED: "bad",
        AttendanceRequestState.TAKEN_BACK: "quiet",
    },
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
    Standing: {
        Standing.ON_COURSE: "good",
        Standing.BEHIND: "attention",
        Standing.OUT_OF_REACH: "bad",
    },
}

SENTENCES: dict[str, object] = {
    "leave_too_late": _("“%(title)s” has begun already. Call your teacher instead."),
    "leave_nothing_ticked": _("Tick at least one lesson that you cannot come to."),
    "attendance_asked_too_early": _("“%(title)s” has not begun yet: nothing about it can be wrong so far."),
    "attendance_asked_too_late": _("“%(title)s” was more than %(days)s days ago. Call your teacher instead."),
    "attendance_asked_already": _("You asked this already. Your teacher will answer; you can also call."),
    "attendance_lesson_cancelled": _("“%(title)s” was cancelled: it counts for nobody."),
    "attendance_request_decided": _("Somebody has dealt with this request already: %(state)s. Look at it again."),
    "attendance_answer_missing": _("Write an answer: she reads it, and it is kept as the reason."),
    "roll_cancelled": _("This lesson was cancelled: no roll is taken."),
    "roll_not_begun": _("This lesson is on %(day)s. Its roll can be taken from that day on."),
    "roll_closed": _("This lesson is closed. Give a reason to change a mark."),
    "roll_not_on_it": _("%(name)s is not on the roll of this lesson. Open the roll afresh."),
    "roll_joined_later": _("%(name)s joined on %(day)s, after this lesson: it does not apply to her."),
    "roll_not_taken": _("Nobody is marked yet. Take the roll first, then close the lesson."),
    "roll_mark_unreadable": _("This mark could not be read. Open the roll afresh and tap again."),
    "lesson_already_closed": _(
        "%(name)s has closed this lesson already, with a headcount of %(headcount)s. Nothing was changed."
    ),
    "lesson_not_closed": _("This lesson is not closed."),
}
