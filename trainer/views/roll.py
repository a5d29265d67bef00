"""The roll of a lesson: tap by tap, the rest at the end, and the history of one woman's marks."""

import secrets

from flask import Blueprint, redirect, render_template, request, url_for

from trainer import clock
from trainer.database import transaction
from trainer.domain.attendance import UNFINISHED, AttendanceStatus, LessonState, MarkChannel, NewMark, is_meant
from trainer.domain.need import NeedKind
from trainer.domain.roll_queue import MOST, UnreadableMark, is_nonce
from trainer.errors import Refused
from trainer.forms.roll import CorrectionForm, RestAbsentForm, TakeBackForm, UndoRestForm
from trainer.permissions import Permission
from trainer.queries.closing import get_kept
from trainer.queries.need import count_needs
from trainer.queries.roll import (
    LessonHead,
    RollRow,
    get_lesson_head,
    get_roll,
    get_woman,
    list_marks,
    list_rest,
    list_rolls_of_day,
    rolls_left_page,
)
from trainer.queries.roll_changes import list_conflicts
from trainer.services import roll as rolls
from trainer.views.guards import actor, ensure, found, requires
from trainer.views.lists import paging
from trainer.wording import say
from trainer.wording.closing import evidence_sentence

pages = Blueprint("roll", __name__)

STATUSES = frozenset(AttendanceStatus)

# Read by the service worker: whose page this is, or "no".
KEEP = "X-Roll-Keep"

# What a row offers at one tap; the others stand on the woman's own page.
TAPS = (AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.EXCUSED, AttendanceStatus.ABSENT)


@pages.get("/rolls")
@requires(Permission.MARK_ATTENDANCE)
def index():
    """The board of the day: today's rolls, those of earlier days that nobody closed, and what follows from them."""
    today = clock.today()
    return render_template(
        "roll/index.html",
        today=today,
        rolls=list_rolls_of_day(actor(), today),
        left=rolls_left_page(actor(), today, **paging()),
        needs=count_needs(actor(), at=clock.now(), only=[kind for kind in NeedKind if kind.is_of_rolls]),
    )


@pages.route("/lessons/<int:lesson_id>/roll", methods=["GET", "POST"])
@requires(Permission.VIEW_ATTENDANCE)
def show(lesson_id: int):
    """The roll, also for those who only look; without a script a tap posts one mark. The script has its own address."""
    if request.method != "POST":  # HEAD looks too
        return _roll_page(lesson_in_reach(lesson_id, Permission.VIEW_ATTENDANCE))
    lesson = lesson_in_reach(lesson_id, Permission.MARK_ATTENDANCE)
    marks = [_read_tap(text) for text in _few("mark")]
    before = {row.enrolment_id: row.status for row in get_roll(lesson).rows} if len(marks) == 1 else {}
    try:
        with transaction():
            rolls.record_marks(lesson_id, marks, by=actor(), at=clock.now())
    except Refused as refused:
        return _roll_page(lesson_in_reach(lesson_id, Permission.MARK_ATTENDANCE), error=say(refused)), refused.status
    if len(marks) != 1:
        return redirect(url_for("roll.show", lesson_id=lesson_id, **_kept_filters()), 303)
    [tapped] = marks
    undo = f"{tapped.enrolment_id}:{before.get(tapped.enrolment_id) or ''}"
    here = url_for("roll.show", lesson_id=lesson_id, **_kept_filters(), undo=undo, _anchor=f"e{tapped.enrolment_id}")
    return redirect(here, 303)


def lesson_in_reach(lesson_id: int, permission: Permission) -> LessonHead:
    """The lesson, or 404 where it is not hers to act on."""
    lesson = found(get_lesson_head(lesson_id))
    ensure(permission, lesson.scope)
    return lesson


def _read_tap(text: str) -> NewMark:
    """`<enrolment>:<status>`, with what the page had seen; `<enrolment>:<status>:<nonce>` whatever others said.

    Taking a mark back has its own page, with a second question.
    """
    enrolment_id, _colon, rest = text.partition(":")
    status, decides, nonce = rest.partition(":")
    nonce = nonce if decides else f"{request.form.get('nonce', '')}.{text}"
    if not enrolment_id.isdecimal() or len(enrolment_id) > 10 or status not in STATUSES:
        raise UnreadableMark()
    if not is_nonce(nonce) or nonce.startswith("."):
        raise UnreadableMark()
    seen = None if decides else request.form.get("seen", type=int)
    return NewMark(int(enrolment_id), AttendanceStatus(status), nonce, seen)


def _few(name: str, kind: type = str) -> list:
    """What the form names so, no more than one post may bring."""
    sent = request.form.getlist(name, kind)
    if len(sent) > MOST:
        raise UnreadableMark()
    return sent


def _kept_filters() -> dict[str, str]:
    return {name: request.args[name] for name in ("q", "show") if request.args.get(name)}


def _roll_page(lesson: LessonHead, error: str | None = None):
    roll = get_roll(lesson)
    typed, only_unmarked = request.args.get("q", "").strip(), request.args.get("show") == "unmarked"
    rows = [r for r in roll.rows if not typed or is_meant(typed, seat=r.seat, initials=r.initials, name=r.name)]
    if only_unmarked:
        rows = [row for row in rows if row.applicable and row.status is None]
    conflicts = list_conflicts(lesson.id) if any(row.in_conflict for row in roll.rows) else []
    page = render_template(
        "roll/show.html",
        roll=roll,
        rows=rows,
        conflicts={conflict.enrolment_id: conflict.said for conflict in conflicts},
        taps=TAPS,
        statuses={row.status for row in rows},
        nonce=secrets.token_urlsafe(9),
        filters=_kept_filters(),
        undo=_tapped(roll.find),
        error=error,
        today=clock.today(),
        kept=get_kept(lesson.id) if lesson.state is LessonState.CLOSED else None,
        evidence=evidence_sentence,
    )
    return page if error or request.args else (page, {KEEP: _keeper(lesson)})


def _tapped(find) -> tuple[RollRow, AttendanceStatus | None] | None:
    """Without a script: whom the last tap was about, and what she was before."""
    number, _colon, before = request.args.get("undo", "").partition(":")
    row = find(int(number)) if number.isdecimal() and len(number) <= 10 else None
    if row is None or row.status is None or before == row.status or before not in {"", *STATUSES}:
        return None
    return row, AttendanceStatus(before) if before else None


def _keeper(lesson: LessonHead) -> str:
    """Whose phone may keep the page for when there is no connection; nobody's where no mark can be made."""
    takes_marks = lesson.state in UNFINISHED and lesson.day <= clock.today()
    return str(actor().account_id) if takes_marks else "no"


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
    looks = request.method != "POST"
    permission, error = Permission.VIEW_ATTENDANCE if looks else Permission.MARK_ATTENDANCE, None
    lesson = lesson_in_reach(lesson_id, permission)
    if form.validate_on_submit():
        new = NewMark(enrolment_id, status(), form.idempotency_key.data[:64])
        try:
            with transaction():
                rolls.record_marks(lesson_id, [new], by=actor(), at=clock.now(), reason=form.reason.data or "")
        except Refused as refused:
            error = say(refused)
        else:
            return redirect(url_for("roll.show", lesson_id=lesson_id, _anchor=f"e{enrolment_id}"), 303)
    row = found(get_woman(lesson, enrolment_id))
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
    """Second pass: whoever is not marked yet, by name, before she is put down as absent, or excused by her leave."""
    lesson, form, error = lesson_in_reach(lesson_id, Permission.MARK_ATTENDANCE), RestAbsentForm(), None
    if form.validate_on_submit():
        try:
            _mark_the_rest(lesson, form.idempotency_key.data[:40])
        except Refused as refused:
            error = say(refused)
        else:
            return redirect(url_for("roll.show", lesson_id=lesson_id, rest=form.idempotency_key.data[:40]), 303)
    page = render_template("roll/rest.html", roll=get_roll(lesson), form=form, error=error)
    return page, 422 if error else 200


def _mark_the_rest(lesson: LessonHead, key: str) -> None:
    """As the page named them; of whom it is no longer so, nothing is said."""
    on_leave = {row.enrolment_id for row in get_roll(lesson).rows if row.on_leave}
    absent = [id_ for id_ in _few("enrolment", int) if id_ not in on_leave]
    excused = [id_ for id_ in _few("on_leave", int) if id_ in on_leave]
    by_channel = {
        MarkChannel.ROLL: (AttendanceStatus.ABSENT, absent),
        MarkChannel.LEAVE: (AttendanceStatus.EXCUSED, excused),
    }
    with transaction():
        for channel, (status, women) in by_channel.items():
            marks = [NewMark(id_, status, f"{key}.{id_}") for id_ in women]
            at = clock.now()
            rolls.record_marks(lesson.id, marks, by=actor(), at=at, channel=channel, only_unmarked=True)


@pages.route("/lessons/<int:lesson_id>/roll/rest/undo", methods=["GET", "POST"])
@requires(Permission.MARK_ATTENDANCE)
def undo_rest(lesson_id: int):
    """Those whom "the rest" put down, by name, before they are 未点名 again."""
    lesson = lesson_in_reach(lesson_id, Permission.MARK_ATTENDANCE)
    form, error = UndoRestForm(key=request.args.get("key", "")), None
    if form.validate_on_submit():
        try:
            with transaction():
                rolls.take_back_rest(lesson_id, form.key.data, by=actor(), at=clock.now())
        except Refused as refused:
            error = say(refused)
        else:
            return redirect(url_for("roll.show", lesson_id=lesson_id), 303)
    rest = list_rest(lesson_id, form.key.data or "")
    return render_template(
        "roll/undo_rest.html", lesson=lesson, rest=rest, form=form, error=error
    ), 422 if error else 200
