"""Words for what needs somebody: what waits, and what to do about it."""

from flask_babel import lazy_gettext as _

from trainer.domain.need import NeedKind

LABELS = {
    NeedKind: {
        NeedKind.LESSON_TODAY: _("Lessons today: take the roll"),
        NeedKind.LESSON_LEFT: _("Lessons that are over: close the roll"),
        NeedKind.CALL_TO_MAKE: _("Women at risk: calls to make"),
        NeedKind.ATTENDANCE_REQUEST: _("Requests about attendance: to answer"),
        NeedKind.HAND_IN: _("Hand-ins: to be marked"),
        NeedKind.PAPER_SHEET: _("Sign-in sheets that wait for a second person"),
        NeedKind.WALK_IN: _("Walk-ins of earlier days: say who they are"),
        NeedKind.SIGN_UP: _("Sign-ups: to answer"),
        NeedKind.ANSWER_TO_TELL: _("Answers to sign-ups: women to tell"),
        NeedKind.ROLL_CHECK: _("Rolls on which something stands out: look into it"),
        NeedKind.SPOT_CHECK: _("Spot checks by phone: to call"),
        NeedKind.SALES_ENTRY: _("Broadcasts typed in by hand: to compare with the picture"),
        NeedKind.ANOMALY_OPEN: _("Findings in sales: to look into"),
        NeedKind.ANOMALY_EXPLAINED: _("Findings in sales: to decide"),
        NeedKind.SURVEY_CALL: _("Questionnaires that wait for your call"),
        NeedKind.SURVEY_PAPER: _("Paper questionnaires that wait for a second entry"),
        NeedKind.CALL_WANTED: _("Women who asked for a call"),
        NeedKind.TO_CONCLUDE: _("Classes that are over: conclude them"),
        NeedKind.EXCEPTION: _("Exceptions from the completion rule: to sign"),
        NeedKind.SHEET: _("Applications that wait for your scores"),
        NeedKind.REQUEST_OVERDUE: _("Requests about personal data: overdue"),
        NeedKind.REQUEST_OPEN: _("Requests about personal data: to answer"),
        NeedKind.SERVICE_HOURS: _("Service hours: to approve"),
        NeedKind.ROSTER_PREVIEW: _("Rosters taken in but not confirmed"),
        NeedKind.MARK_PREVIEW: _("Files of marks taken in but not confirmed"),
        NeedKind.SALES_PREVIEW: _("Sales files taken in but not confirmed"),
        NeedKind.NO_TIMETABLE: _("Cohorts that begin soon without a timetable"),
        NeedKind.ROUND_COMPLETE: _("Rounds whose sheets are all in: close them"),
        NeedKind.ROUND_TO_FREEZE: _("Rankings made: look at them, then freeze"),
        NeedKind.ROUND_TO_REOPEN: _("Rounds somebody wants opened again: answer"),
        NeedKind.SECOND_FACTOR_RESET: _("Second factors to take off: decide"),
        NeedKind.JOB_FAILED: _("Jobs of the site that failed"),
        NeedKind.TASK_FAILED: _("Your background work that failed"),
        NeedKind.LETTER_STUCK: _("Letters that did not reach everybody"),
        NeedKind.PROGRAMME_RUNNING: _("Programmes under way"),
        NeedKind.COHORT_RUNNING: _("Cohorts under way"),
        NeedKind.ROUND_CLOSED: _("Rankings that are frozen"),
        NeedKind.REFUSAL: _("Acts refused within the last day"),
    },
}

TONES = {
    NeedKind: {
        NeedKind.LESSON_TODAY: "attention",
        NeedKind.LESSON_LEFT: "attention",
        NeedKind.CALL_TO_MAKE: "attention",
        NeedKind.ATTENDANCE_REQUEST: "attention",
        NeedKind.HAND_IN: "attention",
        NeedKind.PAPER_SHEET: "attention",
        NeedKind.WALK_IN: "attention",
        NeedKind.SIGN_UP: "attention",
        NeedKind.ANSWER_TO_TELL: "attention",
        NeedKind.ROLL_CHECK: "attention",
        NeedKind.SPOT_CHECK: "attention",
        NeedKind.SALES_ENTRY: "attention",
        NeedKind.ANOMALY_OPEN: "attention",
        NeedKind.ANOMALY_EXPLAINED: "attention",
        NeedKind.SURVEY_CALL: "attention",
        NeedKind.SURVEY_PAPER: "attention",
        NeedKind.CALL_WANTED: "attention",
        NeedKind.TO_CONCLUDE: "attention",
        NeedKind.EXCEPTION: "attention",
        NeedKind.SHEET: "attention",
        NeedKind.REQUEST_OVERDUE: "bad",
        NeedKind.JOB_FAILED: "bad",
        NeedKind.TASK_FAILED: "bad",
        NeedKind.LETTER_STUCK: "bad",
    },
}

SENTENCES: dict[str, object] = {}
