"""What waits for somebody: kinds of open work, and what those who only look may find new."""

from datetime import timedelta
from enum import StrEnum

# A cohort without a timetable is urgent when it begins within so many days.
SOON = timedelta(days=14)
# A walk-in is to be matched within so long; of the same day it is still being sorted out.
MATCH_WITHIN = timedelta(days=1)
# A failed task of her own is news for so long.
NEWS = timedelta(days=7)


class NeedKind(StrEnum):
    """In the order in which they stand on the page."""

    LESSON_TODAY = "lesson_today"
    LESSON_LEFT = "lesson_left"
    CALL_TO_MAKE = "call_to_make"
    ATTENDANCE_REQUEST = "attendance_request"
    HAND_IN = "hand_in"
    PAPER_SHEET = "paper_sheet"
    WALK_IN = "walk_in"
    SIGN_UP = "sign_up"
    ANSWER_TO_TELL = "answer_to_tell"
    ROLL_CHECK = "roll_check"
    SPOT_CHECK = "spot_check"
    SALES_ENTRY = "sales_entry"
    ANOMALY_OPEN = "anomaly_open"
    ANOMALY_EXPLAINED = "anomaly_explained"
    SURVEY_CALL = "survey_call"
    SURVEY_PAPER = "survey_paper"
    CALL_WANTED = "call_wanted"
    TO_CONCLUDE = "to_conclude"
    EXCEPTION = "exception"
    PANEL_INVITATION = "panel_invitation"
    DECLARATION = "declaration"
    SHEET = "sheet"
    CONFLICT = "conflict"
    PANEL_SILENT = "panel_silent"
    PANEL_DECLINED = "panel_declined"
    REQUEST_OVERDUE = "request_overdue"
    REQUEST_OPEN = "request_open"
    SERVICE_HOURS = "service_hours"
    ROSTER_PREVIEW = "roster_preview"
    MARK_PREVIEW = "mark_preview"
    SALES_PREVIEW = "sales_preview"
    NO_TIMETABLE = "no_timetable"
    ROUND_COMPLETE = "round_complete"
    ROUND_TO_FREEZE = "round_to_freeze"
    ROUND_TO_REOPEN = "round_to_reopen"
    SECOND_FACTOR_RESET = "second_factor_reset"
    JOB_FAILED = "job_failed"
    TASK_FAILED = "task_failed"
    LETTER_STUCK = "letter_stuck"
    # For those who act on nothing: what there is to look at.
    PROGRAMME_RUNNING = "programme_running"
    COHORT_RUNNING = "cohort_running"
    ROUND_CLOSED = "round_closed"
    REFUSAL = "refusal"

    @property
    def is_of_rolls(self) -> bool:
        """What follows from lessons, as the board of the day counts it beside the lessons themselves."""
        return self in (
            NeedKind.CALL_TO_MAKE,
            NeedKind.ATTENDANCE_REQUEST,
            NeedKind.PAPER_SHEET,
            NeedKind.WALK_IN,
            NeedKind.ROLL_CHECK,
            NeedKind.SPOT_CHECK,
        )

    @property
    def is_to_look_at(self) -> bool:
        return self in (
            NeedKind.PROGRAMME_RUNNING,
            NeedKind.COHORT_RUNNING,
            NeedKind.ROUND_CLOSED,
            NeedKind.REFUSAL,
        )
