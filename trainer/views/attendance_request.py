"""Requests about attendance: the queue of staff, one answered, a leave taken down for her; and a woman's own asking."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.attendance import AttendanceStatus
from trainer.domain.attendance_request import AttendanceRequestKind, AttendanceRequestState
from trainer.errors import NotFound, Refused
from trainer.forms.attendance_request import AnswerForm, GrantAllForm, LeaveForm, TakenDownLeaveForm, WrongForm
from trainer.forms.form import Form
from trainer.permissions import Permission
from trainer.queries.attendance_request import (
    RequestRow,
    count_same_device,
    get_own_request_state,
    get_request_row,
    list_own_places,
    list_own_requests,
    requests_page,
)
from trainer.queries.roll import get_roll
from trainer.services import attendance_request as requests
from trainer.views.guards import actor, ensure, found, herself, once, requires
from trainer.views.lists import chosen, paging
from trainer.views.roll import lesson_in_reach
from trainer.wording import choices, say

pages = Blueprint("attendance_request", __name__)
KIND, STATE = AttendanceRequestKind, AttendanceRequestState


@pages.route("/attendance-requests", methods=["GET", "POST"])
@requires(Permission.ANSWER_REQUESTS)
def index():
    """Those that wait, unless others are asked for; several granted with one answer."""
    form, error = GrantAllForm(), None
    if form.validate_on_submit():
        try:
            with transaction():
                done = requests.grant_all(_ticked(), form.answer.data or "", by=actor(), at=clock.now())
        except Refused as refused:
            error = refused
        else:
            flash(_("Granted: %(count)s", count=done))
            return redirect(request.full_path.removesuffix("?"), 303)
    state = chosen("state", STATE) or STATE.OPEN
    cut = {"kind": chosen("kind", KIND), "cohort_id": request.args.get("cohort", type=int)}
    found_ones = requests_page(actor(), state=state, lesson_id=request.args.get("lesson", type=int), **cut, **paging())
    page = render_template(
        "attendance_request/index.html",
        page=found_ones,
        form=form,
        error=say(error) if error else None,
        kinds=choices(KIND),
        states=choices(STATE),
    )
    return page, error.status if error else 422 if form.errors else 200


def _ticked() -> list[int]:
    """Those ticked on the page, each within her reach, else 404."""
    ids = request.form.getlist("request", int)
    for asked_id in ids[:100]:
        _in_reach(asked_id)
    return ids[:100]


def _in_reach(asked_id: int) -> RequestRow:
    row = found(get_request_row(asked_id))
    ensure(Permission.ANSWER_REQUESTS, row.scope)
    return row


@pages.route("/attendance-requests/<int:asked_id>", methods=["GET", "POST"])
@requires(Permission.ANSWER_REQUESTS)
def show(asked_id: int):
    """What she asks, what speaks for it, and the answer."""
    row, error = _in_reach(asked_id), None
    form = AnswerForm(status=row.wished)
    if row.kind is KIND.LATE_MARK:  # staff asked: nobody reads an answer
        form.answer.label.text = _("Reason")
    if form.validate_on_submit():
        try:
            with transaction():
                _decide(asked_id, form)
        except Refused as refused:
            error = refused
        else:
            flash(_("Answered."))
            return redirect(url_for("attendance_request.index"), 303)
    page = render_template(
        "attendance_request/show.html",
        asked=row,
        form=form,
        same_device=count_same_device(asked_id),
        error=say(error) if error else None,
        now=clock.now(),
    )
    return page, error.status if error else 422 if form.errors else 200


def _decide(asked_id: int, form: AnswerForm) -> None:
    answer, who = form.answer.data or "", {"by": actor(), "at": clock.now()}
    if request.form.get("act") == "refuse":
        requests.refuse(asked_id, answer, **who)
    else:
        requests.grant(asked_id, answer=answer, status=form.status.data, **who)


@pages.route("/lessons/<int:lesson_id>/roll/<int:enrolment_id>/leave", methods=["GET", "POST"])
@requires(Permission.ANSWER_REQUESTS)
def new(lesson_id: int, enrolment_id: int):
    """A leave that she asked staff for by word of mouth: taken down and granted at once."""
    lesson = lesson_in_reach(lesson_id, Permission.ANSWER_REQUESTS)
    row, form, error = found(get_roll(lesson).find(enrolment_id)), TakenDownLeaveForm(), None
    if form.validate_on_submit():
        try:
            once(
                form.idempotency_key.data, "attendance_request.new", lambda: _grant_leave(lesson_id, enrolment_id, form)
            )
        except Refused as refused:
            error = refused
        else:
            flash(_("%(name)s has leave for this lesson.", name=row.name))
            return redirect(url_for("roll.show", lesson_id=lesson_id, _anchor=f"e{enrolment_id}"), 303)
    page = render_template(
        "attendance_request/new.html", lesson=lesson, row=row, form=form, error=say(error) if error else None
    )
    return page, error.status if error else 422 if form.errors else 200


def _grant_leave(lesson_id: int, enrolment_id: int, form: TakenDownLeaveForm) -> int:
    who = {"by": actor(), "at": clock.now()}
    facts = {"wished": AttendanceStatus.EXCUSED, "words": form.words.data, "nonce": form.idempotency_key.data[:64]}
    asked = requests.ask(KIND.LEAVE, lesson_id, enrolment_id, **facts, **who)
    requests.grant(asked.id, **who)
    return asked.id


# --- her own ---


@pages.route("/me/leave", methods=["GET", "POST"])
@requires(Permission.VIEW_OWN_PROGRESS)
def leave():
    """Lessons to come with a box each; one reason for all that are ticked."""
    form, error = LeaveForm(), None
    places = list_own_places(herself(), after=clock.now())
    if form.validate_on_submit():
        ticked = set(request.form.getlist("lesson", int)) & {place.lesson_id for place in places}
        try:
            if not ticked:
                raise requests.NothingTicked()
            hers = {place.lesson_id: place.enrolment_id for place in places}
            once(form.idempotency_key.data, "attendance_request.leave", lambda: _ask_leave(ticked, hers, form))
        except Refused as refused:
            error = refused
        else:
            flash(_("Your leave is asked for. Your teacher answers here."))
            return redirect(url_for("trainee.lessons"), 303)
    page = render_template(
        "attendance_request/leave.html",
        form=form,
        places=places,
        requests=list_own_requests(herself()),
        ticked=set(request.values.getlist("lesson", int)),
        error=say(error) if error else None,
    )
    return page, error.status if error else 422 if form.errors else 200


def _ask_leave(ticked: set[int], hers: dict[int, int], form: LeaveForm) -> int:
    words, key = form.words.data or "", form.idempotency_key.data
    return len(requests.ask_for_leave(sorted(ticked), hers, words, key=key, by=actor(), at=clock.now()))


@pages.route("/me/lessons/<int:lesson_id>/wrong", methods=["GET", "POST"])
@requires(Permission.VIEW_OWN_PROGRESS)
def wrong(lesson_id: int):
    """“不对？”: what stands there is not what was."""
    place = found(next(iter(list_own_places(herself(), lesson_id=lesson_id)), None))
    form, error = WrongForm(), None
    if form.validate_on_submit():
        try:
            with transaction():
                requests.ask(
                    KIND.WRONG,
                    lesson_id,
                    place.enrolment_id,
                    wished=form.wished.data,
                    words=form.words.data or "",
                    nonce=form.idempotency_key.data[:64],
                    by=actor(),
                    at=clock.now(),
                )
        except Refused as refused:
            error = refused
        else:
            flash(_("Your teacher looks into it and answers here."))
            return redirect(url_for("trainee.lessons"), 303)
    page = render_template("attendance_request/wrong.html", place=place, form=form, error=say(error) if error else None)
    return page, error.status if error else 422 if form.errors else 200


@pages.post("/me/attendance-requests/<int:asked_id>/take-back")
@requires(Permission.VIEW_OWN_PROGRESS)
def take_back(asked_id: int):
    if get_own_request_state(herself(), asked_id) is None:
        raise NotFound()
    if Form().validate_on_submit():
        try:
            with transaction():
                requests.take_back(asked_id, by=actor(), at=clock.now())
            flash(_("Taken back."))
        except Refused as refused:
            flash(say(refused), "bad")
    return redirect(url_for("trainee.lessons"), 303)
