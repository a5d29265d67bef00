"""Words for lessons and attendance."""

from datetime import datetime

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

# One character a cell of the table of lessons by trainees.
SIGNS = {
    AttendanceStatus.PRESENT: _("P"),
    AttendanceStatus.LATE: _("L"),
    AttendanceStatus.LEFT_EARLY: _("E"),
    AttendanceStatus.EXCUSED: _("X"),
    AttendanceStatus.ABSENT: _("A"),
    AttendanceStatus.MADE_UP: _("M"),
}
UNMARKED_SIGN, NOT_APPLICABLE_SIGN = "·", "−"
# What entries are listed by, besides their status.
ENTRY_GROUPS = {
    "attended": _("Came"),
    "unmarked": _("Not marked"),
    "contradicted": _("Two markers contradict each other"),
    "corrected": _("Corrected by the office"),
}

# Headings of a cohort's attendance as a workbook.
SHEET = {
    "number": _("No."),
    "seat": _("Seat"),
    "name": _("Name"),
    "sex": _("Sex"),
    "phone": _("Phone"),
    "village": _("Village"),
    "county": _("County"),
    "expected": _("Expected"),
    "attended": _("Attended"),
    "late": _("of it late"),
    "left_early": _("of it left early"),
    "excused": _("Excused"),
    "absent": _("Absent"),
    "made_up": _("of it made up"),
    "unmarked": _("Not marked"),
    "not_applicable": _("Does not apply"),
    "hours": _("Hours"),
    "rate": _("Attendance rate"),
    "meets_rule": _("Enough attendance"),
    "remark": _("Remark"),
    "lesson": _("Lesson"),
    "when": _("When"),
    "marker": _("Said by the roll"),
    "office": _("Said by the office"),
    "by": _("Corrected by"),
    "at": _("Corrected at"),
    "reason": _("Reason"),
    "total": _("All together"),
    "summary": _("Attendance summary"),
    "corrections": _("Corrections"),
    "sign_in": _("Sign-in sheet"),
}
YES_OR_NO = {True: _("yes"), False: _("no")}
REMARKS = {
    "joined_later": _("joined later: %(count)s lessons do not apply"),
    "in_a_row": _("%(count)s absences in a row"),
    "out_of_reach": _("cannot reach the bar any more"),
    "and": _("; "),
}
TO_SIGN = _("Filled in by: ____________    Checked by: ____________    Date: ____________    (Seal)")
HALVES = (_("morning"), _("afternoon"))

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
    "leave_of_other_time": _(
        "“%(title)s” was moved after this leave was asked for. Refuse it with a word to her: she can ask for the new time."
    ),
    "leave_too_late": _("“%(title)s” has begun already. Call your teacher instead."),
    "leave_nothing_ticked": _("Tick at least one lesson that you cannot come to."),
    "attendance_asked_too_early": _("“%(title)s” has not begun yet: nothing about it can be wrong so far."),
    "attendance_asked_too_late": _("“%(title)s” was more than %(days)s days ago. Call your teacher instead."),
    "attendance_asked_already": _("You asked this already. Your teacher will answer; you can also call."),
    "attendance_lesson_cancelled": _("“%(title)s” was cancelled: it counts for nobody."),
    "attendance_request_decided": _("Somebody has dealt with this request already: %(state)s. Look at it again."),
    "attendance_answer_missing": _(
        "Write an answer: it is kept as the reason, and she reads it where she asked herself."
    ),
    "roll_cancelled": _("This lesson was cancelled: no roll is taken."),
    "roll_not_begun": _("This lesson is on %(day)s. Its roll can be taken from that day on."),
    "roll_closed": _("This lesson is closed. Give a reason to change a mark."),
    "roll_not_on_it": _("%(name)s is not on the roll of this lesson. Open the roll afresh."),
    "roll_joined_later": _("%(name)s joined on %(day)s, after this lesson: it does not apply to her."),
    "roll_not_taken": _("Nobody is marked yet. Take the roll first, then close the lesson."),
    "roll_late_mark_waiting": _(
        "The roll is closed, and what somebody else said about her waits for a decision already. Tell the office."
    ),
    "roll_somebody_else": _("Somebody else is signed in here now. Open the roll afresh."),
    "roll_mark_unreadable": _("This mark could not be read. Open the roll afresh and tap again."),
    "lesson_already_closed": _(
        "%(name)s has closed this lesson already, with a headcount of %(headcount)s. Nothing was changed."
    ),
    "lesson_not_closed": _("This lesson is not closed."),
}


def half_day(moment: datetime) -> str:
    """3/9 morning; `moment` by China's clock."""
    return f"{moment.month}/{moment.day} {HALVES[moment.hour >= 12]}"
