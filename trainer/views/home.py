"""The front door: staff land on what needs them, trainees on their own page, everybody else at the sign-in."""

from flask import Blueprint, g, redirect, render_template, url_for

from trainer import clock
from trainer.domain.need import NeedKind
from trainer.errors import NotFound
from trainer.queries.account import database_answers, get_account, has_accounts
from trainer.queries.need import count_needs, kinds_of, needs_page
from trainer.services.session import password_since
from trainer.views.guards import actor, public, signed_in, to_the_sign_in
from trainer.views.lists import paging
from trainer.views.visitor import rules

pages = Blueprint("home", __name__)

# Where one thing of a kind is dealt with: the page, and what it calls the thing.
PLACES = {
    NeedKind.LESSON_TODAY: ("roll.show", "lesson_id"),
    NeedKind.LESSON_LEFT: ("roll.show", "lesson_id"),
    NeedKind.CALL_TO_MAKE: ("at_risk.show", "enrolment_id"),
    NeedKind.ATTENDANCE_REQUEST: ("attendance_request.show", "asked_id"),
    NeedKind.HAND_IN: ("hand_in.show", "hand_in_id"),
    NeedKind.PAPER_SHEET: ("paper_sheet.show", "sheet_id"),
    NeedKind.WALK_IN: ("walk_in.match", "walk_in_id"),
    NeedKind.SIGN_UP: ("sign_up_review.show", "sign_up_id"),
    NeedKind.ANSWER_TO_TELL: ("sign_up_review.show", "sign_up_id"),
    NeedKind.ROLL_CHECK: ("roll_check.show", "finding_id"),
    NeedKind.SPOT_CHECK: ("spot_check.show", "call_id"),
    NeedKind.SALES_ENTRY: ("sales_entry.show", "typed_id"),
    NeedKind.ANOMALY_OPEN: ("anomaly.show", "anomaly_id"),
    NeedKind.ANOMALY_EXPLAINED: ("anomaly.show", "anomaly_id"),
    NeedKind.SURVEY_CALL: ("survey_sheet.show", "survey_id"),
    NeedKind.SURVEY_PAPER: ("survey_paper.enter", "survey_id"),
    NeedKind.CALL_WANTED: ("survey.cohort", "cohort_id"),
    NeedKind.TO_CONCLUDE: ("conclusion.show", "cohort_id"),
    NeedKind.EXCEPTION: ("completion_exception.show", "exception_id"),
    NeedKind.PANEL_INVITATION: ("panel_invitation.own", "round_id"),
    NeedKind.DECLARATION: ("declaration.show", "round_id"),
    NeedKind.SHEET: ("review.show", "assignment_id"),
    NeedKind.CONFLICT: ("conflict.show", "conflict_id"),
    NeedKind.PANEL_SILENT: ("panel.show", "selection_id"),
    NeedKind.PANEL_DECLINED: ("panel.show", "selection_id"),
    NeedKind.REQUEST_OVERDUE: ("data_request.show", "request_id"),
    NeedKind.REQUEST_OPEN: ("data_request.show", "request_id"),
    NeedKind.SERVICE_HOURS: ("service_hours.show", "entry_id"),
    NeedKind.ROSTER_PREVIEW: ("roster.show", "batch_id"),
    NeedKind.MARK_PREVIEW: ("mark_import.show", "batch_id"),
    NeedKind.SALES_PREVIEW: ("sales.show", "batch_id"),
    NeedKind.NO_TIMETABLE: ("lesson.timetable", "cohort_id"),
    NeedKind.ROUND_COMPLETE: ("selection.show", "selection_id"),
    NeedKind.ROUND_TO_FREEZE: ("ranking.show", "selection_id"),
    NeedKind.ROUND_TO_REOPEN: ("reopening.show", "selection_id"),
    NeedKind.SECOND_FACTOR_RESET: ("second_factor_reset.index", None),
    NeedKind.JOB_FAILED: ("job.index", None),
    NeedKind.TASK_FAILED: ("background_task.show", "task_id"),
    NeedKind.LETTER_STUCK: ("letter.show", "message_id"),
    NeedKind.PROGRAMME_RUNNING: ("programme.show", "programme_id"),
    NeedKind.COHORT_RUNNING: ("cohort.show", "cohort_id"),
    NeedKind.ROUND_CLOSED: ("ranking.show", "selection_id"),
    NeedKind.REFUSAL: ("audit.index", None),
}


@pages.get("/")
@public
def index():
    """What needs her, with a count and one link each."""
    if g.actor is None:
        return to_the_sign_in() if has_accounts() else render_template("home/empty.html")
    if not g.actor.is_staff:
        return redirect(url_for("trainee.show" if g.actor.person_id else "profile.show"))
    now = clock.now()
    account = get_account(g.actor.account_id)
    due = rules().reminds(password_since(account), at=now) if account.password_hash else None
    return render_template(
        "home/index.html",
        needs=count_needs(g.actor, at=now),
        days_left=(due - now).days if due else None,
    )


@pages.get("/needs/<need>")
@signed_in
def needs(need: str):
    """What one of those counts is made of."""
    if need not in set(NeedKind) or not actor().is_staff or NeedKind(need) not in kinds_of(actor()):
        raise NotFound()
    kind = NeedKind(need)
    page = needs_page(actor(), kind, at=clock.now(), **paging())
    return render_template("home/needs.html", kind=kind, page=page, place=lambda row: _place(kind, row))


@pages.get("/healthz")
@public
def health():
    """For whoever watches the process: the database answers."""
    return {"status": "ok" if database_answers() else "database"}


def _place(kind: NeedKind, row) -> str:
    endpoint, argument = PLACES[kind]
    return url_for(endpoint, **({argument: row.id} if argument else {}))
