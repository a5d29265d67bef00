"""Signing up for a cohort without an account: the page of a poster, the code, and where she stands."""

from datetime import UTC, datetime, timedelta

from flask import Blueprint, current_app, flash, g, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.actors import Actor
from trainer.domain.sign_up import OPEN_DOORS, Door, grouped
from trainer.domain.visitor import plain_address
from trainer.errors import NotFound, Refused
from trainer.forms.form import Form
from trainer.forms.sign_up import AnswerForm, SignUpForm
from trainer.queries.sign_up import (
    OpenCohort,
    counties_to_choose,
    find_open_cohort,
    get_answer,
    get_helper,
    get_open_cohort,
)
from trainer.services import sign_up
from trainer.views.guards import found, public
from trainer.views.visitor import browser_key, keep_browser, visitor
from trainer.wording import say

pages = Blueprint("sign_up", __name__, url_prefix="/join")

# In the browser's signed cookie: the sign-up made last and its code, and the answer looked up last, each with its
# moment. No address holds any of it.
MADE, LOOKED_UP = "sign_up", "sign_up_answer"
# Phones are shared: what is shown goes after a while.
MADE_SHOWN_FOR, ANSWER_SHOWN_FOR = timedelta(hours=1), timedelta(minutes=10)


@pages.route("/<cohort_code>", methods=["GET", "POST"])
@public
def show(cohort_code: str):
    """What the cohort is, whether one can sign up, and the form."""
    cohort = found(find_open_cohort(cohort_code))
    door = cohort.door(clock.today())
    if door is Door.SHUT:
        raise NotFound()
    if door not in OPEN_DOORS:
        return _page(cohort, door, status=200 if request.method != "POST" else 422)
    form = _form(cohort)
    if request.method != "POST" or not form.validate():
        return _known_browser(_page(cohort, door, form))
    try:
        with transaction():
            made, code = sign_up.sign_up(
                cohort.id,
                form.draft(),
                nonce=form.idempotency_key.data,
                network=visitor().network,
                by=_who(),
                at=clock.now(),
            )
    except Refused as refused:
        return _page(cohort, door, form, refused)
    session[MADE] = [made.id, code, clock.now().timestamp()]
    return redirect(url_for("sign_up.done"), 303)


def _form(cohort: OpenCohort) -> SignUpForm:
    """Empty; for the next woman whom the same helper signs up, with the helper and the county."""
    counties = counties_to_choose(cohort.region_code)
    form = SignUpForm(counties, with_id=cohort.collects_id_numbers, today=clock.today())
    if request.method != "POST" and request.args.get("next") and (last := _last()):
        helper = get_helper(last[0])
        if helper:
            form.helper_name.data, form.helper_phone.data, form.helper_relation.data = helper[:3]
            form.region_code.data, form.township.data = helper[3:]
    return form


def _page(
    cohort: OpenCohort, door: Door, form: SignUpForm | None = None, refused: Refused | None = None, status: int = 200
):
    page = render_template(
        "sign_up/show.html",
        cohort=cohort,
        door=door.value,
        form=form,
        error=say(refused) if refused else None,
        address=current_app.config["BASE_URL"].rstrip("/"),
    )
    return page, refused.status if refused else 422 if form and form.errors else status


def _known_browser(page):
    """Sign-ups of one browser are known to be of one: a cookie, which lets nobody in."""
    response = make_response(page)
    if not browser_key():
        keep_browser(response, visitor())
    return response


def _who() -> Actor:
    """The account on this phone, else nobody; the phone itself in any case."""
    return g.actor or Actor(None, "", address=plain_address(request.remote_addr) or None, device=browser_key())


def _last() -> tuple[int, str] | None:
    """(sign-up, code) of the sign-up that this browser made within the hour."""
    return _kept(MADE, MADE_SHOWN_FOR)


def _kept(name: str, shown_for: timedelta) -> tuple | None:
    *what, moment = session.get(name, [None])
    if not what or clock.now() - datetime.fromtimestamp(moment, UTC) > shown_for:
        return None
    return tuple(what)


@pages.get("/answer/code")
@public
def done():
    """Her code, to write down; what comes next."""
    made = _last()
    answer = get_answer(made[0], now=clock.now()) if made else None
    if answer is None:
        return redirect(url_for("sign_up.answer"))
    return render_template(
        "sign_up/done.html",
        answer=answer,
        code=grouped(made[1]),
        cohort=get_open_cohort(answer.cohort_id),
        helped=get_helper(made[0]) is not None,
    )


@pages.route("/answer", methods=["GET", "POST"])
@public
def answer():
    """Code and four digits; both by POST, so that neither stands in an address."""
    form = AnswerForm()
    if request.method != "POST" or not form.validate():
        page = render_template("sign_up/answer.html", form=form, error=None, cohort=_asked_about())
        return _known_browser((page, 422 if form.errors else 200))
    try:
        with transaction():
            found_id = sign_up.find_answer(
                *(form.code.data, form.digits.data),
                browser=browser_key(),
                network=visitor().network,
                at=clock.now(),
            )
        if found_id is None:  # a wrong try is counted before it is refused
            raise sign_up.WrongCode()
    except Refused as refused:
        page = render_template("sign_up/answer.html", form=form, error=say(refused), cohort=_asked_about())
        return page, refused.status
    session[LOOKED_UP] = [found_id, clock.now().timestamp()]
    return redirect(url_for("sign_up.mine"), 303)


def _asked_about() -> OpenCohort | None:
    """The cohort from whose page she came: whom to call stands there."""
    cohort = find_open_cohort(request.args.get("cohort", ""))
    return cohort if cohort and cohort.door(clock.today()) is not Door.SHUT else None


@pages.get("/answer/mine")
@public
def mine():
    """Where she stands; open for ten minutes after she looked it up."""
    return _answer_page() or redirect(url_for("sign_up.answer"))


def _answer_page(refused: Refused | None = None):
    looked_up = _kept(LOOKED_UP, ANSWER_SHOWN_FOR)
    answer = get_answer(looked_up[0], now=clock.now()) if looked_up else None
    if answer is None:
        return None
    page = render_template(
        "sign_up/mine.html",
        answer=answer,
        cohort=get_open_cohort(answer.cohort_id),
        error=say(refused) if refused else None,
    )
    return page, refused.status if refused else 200


@pages.post("/answer/take-back")
@public
def take_back():
    """She does not want to come any more."""
    looked_up = _kept(LOOKED_UP, ANSWER_SHOWN_FOR)
    if looked_up is None or not Form().validate_on_submit():
        return redirect(url_for("sign_up.answer"), 303)
    try:
        with transaction():
            sign_up.take_back(looked_up[0], by=_who(), at=clock.now())
    except NotFound:
        raise
    except Refused as refused:
        return _answer_page(refused)
    flash(_("Your sign-up is taken back. Thank you for letting us know."))
    return redirect(url_for("sign_up.mine"), 303)
