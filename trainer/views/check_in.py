"""Signing in to a lesson by the code on its screen: the projector's page, the scanned link, the typed digits."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Blueprint, current_app, flash, g, jsonify, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.slips import qr_code
from trainer.domain.actors import Actor
from trainer.domain.attendance import AttendanceStatus, LessonState
from trainer.domain.check_in import CheckInOutcome, CheckInRules, HeldCode, ScreenState, Worth
from trainer.domain.visitor import plain_address
from trainer.errors import Refused
from trainer.forms.check_in import ScreenDigitsForm, SeatForm, TypedForm
from trainer.permissions import Permission
from trainer.queries.check_in import (
    Wall,
    code_of,
    get_name_and_seat,
    get_place,
    get_shown_lesson,
    get_wall,
    list_shown_lessons,
    list_typed,
    read_code,
)
from trainer.services import check_in
from trainer.services.roll import LessonCancelled
from trainer.views.guards import ensure, found, public, requires
from trainer.views.held_code import held_code, hold
from trainer.views.visitor import browser_key, keep_browser, visitor
from trainer.wording import say

pages = Blueprint("check_in", __name__)

# What came of the last tap in this browser, in its signed cookie: for the page that says so.
DONE = "checked_in"


def rules() -> CheckInRules:
    return CheckInRules(current_app.config["CHECK_IN_SLOT_SECONDS"], current_app.config["CHECK_IN_LATE_MINUTES"])


# --- the projector -------------------------------------------------------------------------------------------------


@pages.get("/lessons/<int:lesson_id>/screen")
@requires(Permission.MARK_ATTENDANCE)
def wall(lesson_id: int):
    """The code as large as the wall allows; looking at it, however often, leaves no trace."""
    lesson, now = _wall_in_reach(lesson_id), clock.now()
    return render_template("check_in/wall.html", wall=lesson, address=_typed_address(), **_screen(lesson, now))


@pages.get("/lessons/<int:lesson_id>/screen/now")
@requires(Permission.MARK_ATTENDANCE)
def screen(lesson_id: int):
    """What the page asks for every few seconds; the picture only where it is another one (`have`)."""
    lesson, now = _wall_in_reach(lesson_id), clock.now()
    shown = _screen(lesson, now, have=request.args.get("have"))
    return jsonify(here=lesson.here, expected=lesson.expected, **shown)


def _wall_in_reach(lesson_id: int) -> Wall:
    lesson = found(get_wall(lesson_id))
    ensure(Permission.MARK_ATTENDANCE, lesson.scope)
    return lesson


def _screen(lesson: Wall, now: datetime, have: str | None = None) -> dict[str, object]:
    """The code of this moment by the server's clock, and in how many milliseconds the next one comes."""
    state = lesson.shows(now)
    if state is not ScreenState.OPEN:
        return {"state": state, "slot": "", "next_in": 30_000}
    since = rules().slot_of(now)
    code, slot = code_of(lesson.id, since), str(int(since.timestamp()))
    ends = since + timedelta(seconds=rules().slot_seconds)
    shown = {"state": state, "slot": slot, "next_in": int((ends - now) / timedelta(milliseconds=1)) + 1}
    if slot != have:
        link = current_app.config["BASE_URL"].rstrip("/") + url_for("check_in.scan", code=code.text)
        shown |= {"digits": code.digits, "picture": qr_code(link, "m")}
    return shown


def _typed_address() -> str:
    """As somebody reads it from the wall and types it."""
    return current_app.config["BASE_URL"].rstrip("/").split("://")[-1] + url_for("check_in.typed")


# --- her phone -----------------------------------------------------------------------------------------------------


@pages.get("/c/<code>")
@public
def scan(code: str):
    """The scanned link: the code is proven and kept before anybody is asked who she is. It marks nobody."""
    said, now = read_code(code), clock.now()
    lesson = get_shown_lesson(said.lesson_id) if said else None
    if lesson is None:
        return _typed_page(error=check_in.CodeUnreadable())
    held = HeldCode(said.lesson_id, said.since, now)
    if lesson.state is LessonState.CANCELLED:
        return _typed_page(error=LessonCancelled())
    if held.worth(rules(), now) is Worth.NOTHING:
        return _typed_page(error=check_in.CodeTooOld())
    hold(held, rules())
    # On to an address without the code: whoever forwards this page forwards nothing.
    return _known_browser(redirect(url_for("check_in.go")))


@pages.route("/c/go", methods=["GET", "POST"])
@public
def go():
    """One button for whoever is signed in; seat and last digits for everybody else."""
    held = held_code()
    if held is None:
        return _nothing_held()
    if request.method != "POST" or not _signed_in():  # HEAD looks too
        return _go_page(held, SeatForm())
    return _act(
        lambda now: check_in.by_account([held], rules=rules(), by=_who(), at=now),
        check_in.NotYourLesson,
        lambda refused: _go_page(held, SeatForm(formdata=None), refused),
    )


@pages.post("/c/seat")
@public
def seat():
    """The woman at a seat, on a phone where somebody else is signed in or nobody."""
    held, form = held_code(), SeatForm()
    if held is None:
        return _nothing_held()
    if not form.validate():
        return _go_page(held, form)
    return _act(
        lambda now: _by_seat([held], form, now),
        check_in.WrongSeat,
        lambda refused: _go_page(held, form, refused),
    )


@pages.route("/c", methods=["GET", "POST"])
@public
def typed():
    """Without a scan: the four digits, and who she is where that is not known."""
    form, her = _typed_form(), g.actor.person_id if _signed_in() else None
    if request.method != "POST" and her and _has_scanned(her):
        return redirect(url_for("check_in.go"))
    if request.method != "POST" or not form.validate():
        return _known_browser(current_app.make_response(_typed_page(form)))
    codes = list_typed(form.screen.data, rules(), at=clock.now(), person_id=her)

    def act(now: datetime) -> check_in.CheckedIn | None:
        if her:
            return check_in.by_account(codes, typed=True, rules=rules(), by=_who(), at=now)
        return _by_seat(codes, form, now)

    wrong = check_in.WrongScreenDigits if her else check_in.WrongTyped
    return _act(act, wrong, lambda refused: _typed_page(form, refused), codes)


def _has_scanned(person_id: int) -> bool:
    """Whether this phone has shown a good code of a lesson of hers: the woman before her may have."""
    held = held_code()
    good = held and held.worth(rules(), clock.now()) is Worth.MARK
    return bool(good and get_place(held.lesson_id, person_id=person_id))


@pages.get("/c/done")
@public
def done():
    """What came of it, and what to do if that is wrong."""
    if DONE not in session:
        return redirect(url_for("check_in.typed"))
    outcome, lesson_id, enrolment_id, status, moment = session[DONE]
    name, seat = found(get_name_and_seat(enrolment_id))
    return render_template(
        "check_in/done.html",
        outcome=CheckInOutcome(outcome),
        lesson=found(get_shown_lesson(lesson_id)),
        name=name,
        seat=seat,
        status=AttendanceStatus(status),
        moment=datetime.fromtimestamp(moment, UTC),
        another=held_code() is not None,
    )


def _act(
    act: Callable[[datetime], check_in.CheckedIn | None],
    wrong: type[Refused],
    page: Callable[[Refused], object],
    codes: list[HeldCode] = (),
):
    """One tap: what came of it stands on the next page; a wrong try is counted before it is refused."""
    try:
        with transaction():
            came_of_it = act(clock.now())
        if came_of_it is None:
            raise wrong()
    except Refused as refused:
        return page(refused)
    for code in codes:
        if code.lesson_id == came_of_it.lesson_id:  # the next woman with this phone need not type them again
            hold(code, rules())
    facts = (came_of_it.lesson_id, came_of_it.enrolment_id, came_of_it.status, came_of_it.moment.timestamp())
    session[DONE] = [came_of_it.outcome, *facts]
    return redirect(url_for("check_in.done"), 303)


def _by_seat(codes: list[HeldCode], form: SeatForm, now: datetime) -> check_in.CheckedIn | None:
    where = visitor().place
    return check_in.by_seat(codes, form.number, form.digits.data, where=where, rules=rules(), by=_who(), at=now)


def _who() -> Actor:
    """The account on this phone, else nobody; the phone itself in any case."""
    return g.actor or Actor(None, "", address=plain_address(request.remote_addr) or None, device=browser_key())


def _signed_in() -> bool:
    return bool(g.actor and g.actor.person_id)


def _nothing_held():
    """The browser has shown no code, did not keep it, or somebody signed out in between."""
    flash(_("No code is at hand here. Scan the one on the screen again, or type its four digits."), "bad")
    return redirect(url_for("check_in.typed"), 303)


def _typed_form():
    return ScreenDigitsForm() if _signed_in() else TypedForm()


def _known_browser(response):
    """Marks of one phone are known to be of one: a cookie, which lets nobody in."""
    if not browser_key():
        keep_browser(response, visitor())
    return response


def _go_page(held: HeldCode, form: SeatForm, refused: Refused | None = None):
    lesson, now = found(get_shown_lesson(held.lesson_id)), clock.now()
    page = render_template(
        "check_in/go.html",
        held=held,
        lesson=lesson,
        form=form,
        mark=held.worth(rules(), now) is Worth.MARK and lesson.state is not LessonState.CLOSED,
        herself=_signed_in(),
        error=say(refused) if refused else None,
    )
    return page, refused.status if refused else 422 if form.errors else 200


def _typed_page(form=None, error: Refused | None = None):
    """`error` may be what was wrong with a scanned code: the digits are the other way in."""
    which = list_shown_lessons([code.lesson_id for code in error.held]) if _is_choice(error) else []
    codes = {code.lesson_id: code_of(code.lesson_id, code.since).text for code in error.held} if which else {}
    page = render_template(
        "check_in/typed.html",
        form=form or (ScreenDigitsForm if _signed_in() else TypedForm)(formdata=None),
        error=say(error) if error else None,
        which=[(lesson, codes[lesson.id]) for lesson in which],
    )
    return page, error.status if error else 422 if form and form.errors else 200


def _is_choice(error: Refused | None) -> bool:
    return isinstance(error, check_in.WhichLesson)
