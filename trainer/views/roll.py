"""The roll of a lesson: tap by tap, the rest at the end, and the history of one woman's marks."""

import secrets

from flask import Blueprint, jsonify, redirect, render_template, request, url_for

from trainer import clock
from trainer.database import transaction
from trainer.domain.attendance import AttendanceStatus, NewMark, is_meant
from trainer.errors import Refused
from trainer.forms.roll import CorrectionForm, RestAbsentForm, TakeBackForm
from trainer.permissions import Permission
from trainer.queries.roll import (
    LessonHead,
    get_lesson_head,
    get_roll,
    get_tally,
    list_marks,
    list_rolls_of_day,
    rolls_left_page,
)
from trainer.services import roll as rolls
from trainer.views.guards import actor, ensure, found, requires
from trainer.views.lists import paging
from trainer.wording import label, say, tone

pages = Blueprint("roll", __name__)

# What a row offers at one tap; the others stand on the woman's own page.
TAPS = (AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.EXCUSED, AttendanceStatus.ABSENT)


class UnreadableMark(Refused):
    code = "roll_mark_unreadable"
    status = 400


@pages.get("/rolls")
@requires(Permission.MARK_ATTENDANCE)
def index():
    """The rolls of today, and those of earlier days that nobody closed."""
    today = clock.today()
    left = rolls_left_page(actor(), today, **paging())
    return render_template("roll/index.html", today=today, rolls=list_rolls_of_day(actor(), today), left=left)


@pages.route("/lessons/<int:lesson_id>/roll", methods=["GET", "POST"])
@requires(Permission.VIEW_ATTENDANCE)
def show(lesson_id: int):
    """The roll, also for those who only look; a tap posts one mark, by the script as JSON or as a form."""
    if request.method == "GET":
        return _roll_page(lesson_in_reach(lesson_id, Permission.VIEW_ATTENDANCE))
    lesson = lesson_in_reach(lesson_id, Permission.MARK_ATTENDANCE)
    marks = [_read_mark(text) for text in request.form.getlist("mark")]
    wants_json = request.accept_mimetypes.best == "application/json"
    try:
        with transaction():
            statuses = rolls.record_marks(lesson_id, marks, by=actor(), at=clock.now()).statuses
    except Refused as refused:
        if wants_json:
            raise
        return _roll_page(lesson_in_reach(lesson_id, Permission.MARK_ATTENDANCE), error=say(refused)), refused.status
    if wants_json:
        return _answer(lesson, statuses)
    anchor = f"e{marks[-1][0]}" if marks else None
    return redirect(url_for("roll.show", lesson_id=lesson_id, **_kept_filters(), _anchor=anchor), 303)


def lesson_in_reach(lesson_id: int, permission: Permission) -> LessonHead:
    """The lesson, or 404 where it is not hers to act on."""
    lesson = found(get_lesson_head(lesson_id))
    ensure(permission, lesson.scope)
    return lesson


def _read_mark(text: str) -> NewMark:
    """`<enrolment>:<status>:<nonce>`; taking a mark back has its own page, with a second question."""
    enrolment_id, _colon, rest = text.partition(":")
    status, _colon, nonce = rest.partition(":")
    if (
        not enrolment_id.isdecimal()
        or len(enrolment_id) > 10
        or status not in set(AttendanceStatus)
        or not 0 < len(nonce) <= 64
    ):
        raise UnreadableMark()
    return NewMark(int(enrolment_id), AttendanceStatus(status), nonce)


def _kept_filters() -> dict[str, str]:
    return {name: request.args[name] for name in ("q", "show") if request.args.get(name)}


def _roll_page(lesson: LessonHead, error: str | None = None):
    roll = get_roll(lesson)
    typed, only_unmarked = request.args.get("q", "").strip(), request.args.get("show") == "unmarked"
    rows = [r for r in roll.rows if not typed or is_meant(typed, seat=r.seat, initials=r.initials, name=r.name)]
    if only_unmarked:
        rows = [row for row in rows if row.applicable and row.status is None]
    return render_template(
        "roll/show.html",
        roll=roll,
        rows=rows,
        taps=_taps(secrets.token_urlsafe(9)),
        filters=_kept_filters(),
        error=error,
        today=clock.today(),
    )


def _taps(nonce: str) -> list[tuple[str, str, str]]:
    """(status, what a button's value has between the woman's id and the id again, word); made once for all rows."""
    return [(tap.value, f":{tap.value}:{nonce}.{n}.", label(tap)) for n, tap in enumerate(TAPS, start=1)]


def _answer(lesson: LessonHead, statuses: dict[int, AttendanceStatus | None]):
    """What the script shows after a tap: the row as it is now, and the counts."""
    tally = get_tally(lesson)
    return jsonify(
        marks={
            id_: {"status": status, "label": label(status), "tone": tone(status)} for id_, status in statuses.items()
        },
        counts={name: getattr(tally, name) for name in ("attended", "excused", "absent", "unmarked")},
    )


@pages.route("/lessons/<int:lesson_id>/roll/<int:enrolment_id>", methods=["GET", "POST"])
@requires(Permission.VIEW_ATTENDANCE)
def mark(lesson_id: int, enrolment_id: int):
    """One woman at one lesson: any status, a reason, and the history of her marks."""
    form = CorrectionForm()
    return _about_one(lesson_id, enrolment_id, form, lambda: form.status.data)


@pages.post("/lessons/<int:lesson_id>/roll/<int:enrolment_id>/take-back")
@requires(Permission.MARK_ATTENDANCE)
def take_back(lesson_id: int, enrolment_id: int):
    """She is 未点名 again; what was marked stays in her history."""
    form = TakeBackForm()
    return _about_one(lesson_id, enrolment_id, form, lambda: None)


def _about_one(lesson_id: int, enrolment_id: int, form, status):
    looks = request.method == "GET"
    lesson, error = (
        lesson_in_reach(lesson_id, Permission.VIEW_ATTENDANCE if looks else Permission.MARK_ATTENDANCE),
        None,
    )
    if form.validate_on_submit():
        new = NewMark(enrolment_id, status(), form.idempotency_key.data[:64])
        try:
            with transaction():
                rolls.record_marks(lesson_id, [new], by=actor(), at=clock.now(), reason=form.reason.data or "")
        except Refused as refused:
            error = say(refused)
        else:
            return redirect(url_for("roll.show", lesson_id=lesson_id, _anchor=f"e{enrolment_id}"), 303)
    roll = get_roll(lesson)
    row = found(roll.find(enrolment_id))
    if looks and row.status:
        form.status.data = row.status
    page = render_template(
        "roll/mark.html",
        lesson=lesson,
        row=row,
        form=form if isinstance(form, CorrectionForm) else CorrectionForm(formdata=None, status=row.status),
        take_back_form=TakeBackForm(formdata=None),
        marks=list_marks(lesson_id, enrolment_id),
        error=error,
    )
    return page, 422 if error or form.errors else 200


@pages.route("/lessons/<int:lesson_id>/roll/rest", methods=["GET", "POST"])
@requires(Permission.MARK_ATTENDANCE)
def rest(lesson_id: int):
    """Second pass: whoever is not marked yet, by name, before she is put down as absent."""
    lesson, form, error = lesson_in_reach(lesson_id, Permission.MARK_ATTENDANCE), RestAbsentForm(), None
    if form.validate_on_submit():
        named = request.form.getlist("enrolment", int)
        key = form.idempotency_key.data[:40]
        marks = [NewMark(id_, AttendanceStatus.ABSENT, f"{key}.{id_}") for id_ in named]
        try:
            with transaction():
                rolls.record_marks(lesson_id, marks, by=actor(), at=clock.now(), only_unmarked=True)
        except Refused as refused:
            error = say(refused)
        else:
            return redirect(url_for("roll.show", lesson_id=lesson_id), 303)
    page = render_template("roll/rest.html", roll=get_roll(lesson), form=form, error=error)
    return page, 422 if error else 200
