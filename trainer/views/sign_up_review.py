"""Sign-ups of a cohort: reviewed one by one or many at once, the waitlist, women to be told."""

from collections.abc import Callable

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.search import PHONE_TAIL, parse
from trainer.domain.sign_up_review import DECISIONS, MAY_BE_TAKEN, Tab
from trainer.errors import Conflict, NotFound, Refused
from trainer.forms.sign_up_review import NEW_WOMAN, FirstForm, ManyForm, ReasonForm, SeenForm, SettleForm
from trainer.permissions import Permission
from trainer.queries.enrolment import get_places, list_waiting
from trainer.queries.region import region_names
from trainer.queries.sign_up_match import Matches, find_matches
from trainer.queries.sign_up_review import (
    SignUpRow,
    count_tabs,
    get_sign_up,
    get_stored,
    list_stored,
    regions_of_sign_ups,
    sign_ups_page,
)
from trainer.services import disclosure, sign_up_answer, sign_up_review, sign_up_undo, waitlist
from trainer.services.sign_up_review import Decision, Pick
from trainer.views.guards import actor, ensure, found, requires
from trainer.views.lists import chosen, paging
from trainer.views.reach import cohort_in_reach
from trainer.wording import choices, label, say
from trainer.wording.sign_up_review import field_name

pages = Blueprint("sign_up_review", __name__)

MANAGE = Permission.MANAGE_ENROLMENTS
PHONES = ("phone", "helper_phone")


def _sign_up(sign_up_id: int):
    row = found(get_sign_up(sign_up_id))
    return row, cohort_in_reach(row.cohort_id, MANAGE)


@pages.get("/cohorts/<int:cohort_id>/sign-ups")
@requires(MANAGE)
def index(cohort_id: int):
    """A whole number is sent away from, on to its last four digits: it must not stand in an address."""
    cohort, wanted = cohort_in_reach(cohort_id, MANAGE), parse(request.args.get("q", ""))
    if not wanted.may_stand_in_address:
        tab, tail = chosen("tab", Tab), wanted.number and wanted.number[-PHONE_TAIL:]
        return redirect(url_for("sign_up_review.index", cohort_id=cohort_id, tab=tab and tab.value, q=tail), 303)
    return _list(cohort, ManyForm(formdata=None))


def _list(cohort, form: ManyForm, error: str | None = None, ticked: frozenset[str] = frozenset(), status: int = 200):
    """One of the lists side by side; those to answer with who in the register each could be."""
    tab, text = chosen("tab", Tab) or Tab.OPEN, request.args.get("q", "").strip()[:60]
    waiting = list_waiting(cohort.id) if tab is Tab.WAITLIST else []
    filters = {"text": text, "region_code": request.args.get("region", ""), "status": chosen("status", EnrolmentStatus)}
    page = None if tab is Tab.WAITLIST else sign_ups_page(cohort.id, tab, **filters, **paging())
    stored = list_stored(cohort.id, [row.id for row in page.items]) if tab is Tab.OPEN else []
    places = get_places(cohort.id)
    body = render_template(
        "sign_up_review/index.html",
        **{"cohort": cohort, "tab": tab, "tabs": choices(Tab), "counts": count_tabs(cohort.id), "places": places},
        **{"page": page, "matches": find_matches(actor(), stored), "form": form, "error": error, "ticked": ticked},
        **{"waiting": waiting, "first": waiting[: places.can_move_up], "first_form": FirstForm(formdata=None)},
        regions=regions_of_sign_ups(cohort.id),
        statuses=[(value, label(value)) for value in DECISIONS],
    )
    return body, status


@pages.post("/cohorts/<int:cohort_id>/sign-ups/decide")
@requires(MANAGE)
def decide(cohort_id: int):
    """Those that are ticked and plain; the others are left out and named."""
    cohort, form, error, status = cohort_in_reach(cohort_id, MANAGE), ManyForm(), None, 422
    ticked = frozenset(request.form.getlist("row")[:200])
    if form.validate_on_submit():
        try:
            done, left = _decide_many(cohort_id, ticked, form)
        except Refused as refused:
            error, status = say(refused), refused.status
        else:
            return _decided(cohort_id, done, left)
    return _list(cohort, form, error, ticked, status)


def _decide_many(cohort_id: int, ticked: frozenset[str], form: ManyForm) -> tuple[int, list[str]]:
    """`ticked`: sign-ups with the version that was looked at, as “12.1”."""
    seen = {
        int(id_): int(version) for id_, _dot, version in (row.partition(".") for row in ticked) if _are(id_, version)
    }
    if not seen:
        raise sign_up_review.NobodyTicked()
    with transaction():
        stored = list_stored(cohort_id, list(seen))
        if len(stored) != len(seen):
            raise Conflict()
        picks, left = _sort_out(stored, seen)
        if picks:
            decision = Decision(form.status, form.reason.data or "", form.over.data)
            sign_up_review.settle_many(cohort_id, picks, decision, by=actor(), at=clock.now())
    return len(picks), left


def _are(*numbers: str) -> bool:
    return all(number.isdecimal() and len(number) < 10 for number in numbers)


def _sort_out(stored, seen: dict[int, int]) -> tuple[list[Pick], list[str]]:
    """Who is plainly one woman of the register, or plainly nobody of it; two sign-ups of one woman are not plain."""
    matches, picks, left, known = find_matches(actor(), stored), [], [], set()
    for sign_up in stored:
        same = {(sign_up.name, sign_up.phone_index), sign_up.id_number_index} - {None}
        if matches[sign_up.id].plain and not same & known:
            exact = matches[sign_up.id].exact
            picks.append(Pick(sign_up.id, seen[sign_up.id], exact.person_id if exact else None))
        else:
            left.append(sign_up.name)
        known |= same
    return picks, left


def _decided(cohort_id: int, done: int, left: list[str]):
    if done:
        flash(_("Answered: %(count)s sign-ups.", count=done))
    if left:
        flash(_("Left out, because somebody has to look who they are: %(names)s", names=_(", ").join(left)), "bad")
    return redirect(url_for("sign_up_review.index", cohort_id=cohort_id), 303)


@pages.post("/cohorts/<int:cohort_id>/waitlist/admit")
@requires(MANAGE)
def admit_first(cohort_id: int):
    """The first of the waitlist, as the page named them."""
    cohort_in_reach(cohort_id, MANAGE)
    form = FirstForm()
    if form.validate_on_submit():
        try:
            with transaction():
                moved = waitlist.admit_first(cohort_id, form.ids, by=actor(), at=clock.now())
        except Conflict as refused:
            flash(say(refused), "bad")
        else:
            flash(
                _("Admitted from the waitlist: %(count)s. Please tell those whom no message reaches.", count=len(moved))
            )
    return redirect(url_for("sign_up_review.index", cohort_id=cohort_id, tab=Tab.WAITLIST.value), 303)


@pages.route("/sign-ups/<int:sign_up_id>", methods=["GET", "POST"])
@requires(MANAGE)
def show(sign_up_id: int):
    """What she sent beside those she could be; one is chosen, and decided."""
    row, cohort = _sign_up(sign_up_id)
    matches = _matches(row)
    form, error, status = SettleForm([c.person_id for c in matches.candidates]), None, 422
    if form.validate_on_submit():
        try:
            _settle(row, form)
        except NotFound:
            raise
        except Refused as refused:
            error, status = say(refused), refused.status
        else:
            flash(_("The sign-up of %(name)s is answered.", name=row.name))
            return redirect(url_for("sign_up_review.show", sign_up_id=row.id), 303)
    return _page(row, cohort, matches, form, error), status if error or form.errors else 200


def _matches(row: SignUpRow) -> Matches:
    return find_matches(actor(), [get_stored(row.id)])[row.id]


def _settle(row: SignUpRow, form: SettleForm) -> None:
    """Somebody new is made only by who has seen everybody that is like her."""
    with transaction():
        offered = {str(c.person_id) for c in _matches(row).candidates}
        if form.person_id is None and offered - set(form.offered.data.split(".")):
            raise Conflict()
        if form.person_id is not None and str(form.person_id) not in offered:
            raise NotFound()
        takes = [] if form.person_id is None else request.form.getlist(f"take-{form.person_id}")
        decision = Decision(form.status, form.reason.data or "", form.over.data)
        pick = Pick(row.id, form.seen, form.person_id)
        kept = set(takes) & set(MAY_BE_TAKEN)
        sign_up_review.settle(pick, decision, takes=kept, by=actor(), at=clock.now())


def _page(row: SignUpRow, cohort, matches: Matches, form: SettleForm | None, error: str | None, **shown) -> str:
    if form is not None:
        form.version.data, form.offered.data = row.version, ".".join(str(c.person_id) for c in matches.candidates)
        if form.who.data is None and matches.plain:
            form.who.data = str(matches.exact.person_id) if matches.exact else NEW_WOMAN
    codes = {d.kept for c in matches.candidates for d in c.differences if d.field == "region_code"}
    plain = {"reason_form": ReasonForm(formdata=None), "seen_form": SeenForm(formdata=None)} | shown
    for other in (plain["reason_form"], plain["seen_form"]):
        other.version.data = row.version
    why = plain["reason_form"].reason
    why.id = why.label.field_id = "why"  # the decision beside it has a reason too
    return render_template(
        "sign_up_review/show.html",
        **{"row": row, "cohort": cohort, "matches": matches, "form": form, "error": error},
        **{"places": get_places(cohort.id), "field_name": field_name, "statuses": DECISIONS},
        **{"areas": region_names({row.region_code, *codes}), "new": NEW_WOMAN, **plain},
    )


def _with_reason(sign_up_id: int, act: Callable) -> tuple[ReasonForm, str | None, int]:
    """(form, what stands in the way, status); nothing stands in the way where it is done."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return form, form.reason.errors[0], 422
    try:
        with transaction():
            act(sign_up_id, form.reason.data, seen=form.seen, by=actor(), at=clock.now())
    except Refused as refused:
        return form, say(refused), refused.status
    return form, None, 303


@pages.post("/sign-ups/<int:sign_up_id>/strike-out")
@requires(MANAGE)
def strike_out(sign_up_id: int):
    """Nobody real sent it; it stays, crossed out."""
    row, cohort = _sign_up(sign_up_id)
    form, error, status = _with_reason(sign_up_id, sign_up_undo.strike_out)
    if error is None:
        flash(_("The sign-up of %(name)s is struck out.", name=row.name))
        return redirect(url_for("sign_up_review.index", cohort_id=cohort.id), 303)
    matches = _matches(row)
    settle = SettleForm([c.person_id for c in matches.candidates], formdata=None)
    return _page(row, cohort, matches, settle, error, reason_form=form), status


@pages.post("/sign-ups/<int:sign_up_id>/put-back")
@requires(MANAGE)
def put_back(sign_up_id: int):
    """It was somebody after all."""
    row, _cohort_of_it = _sign_up(sign_up_id)
    form = SeenForm()
    if form.validate_on_submit():
        try:
            with transaction():
                sign_up_undo.put_back(sign_up_id, seen=form.seen, by=actor(), at=clock.now())
        except Refused as refused:
            flash(say(refused), "bad")
        else:
            flash(_("The sign-up of %(name)s waits for an answer again.", name=row.name))
    return redirect(url_for("sign_up_review.show", sign_up_id=sign_up_id), 303)


@pages.post("/sign-ups/<int:sign_up_id>/take-answer-back")
@requires(MANAGE)
def take_answer_back(sign_up_id: int):
    """The answer was wrong: the sign-up is open again."""
    row, cohort = _sign_up(sign_up_id)
    form, error, status = _with_reason(sign_up_id, sign_up_undo.take_answer_back)
    if error is None:
        flash(_("The sign-up of %(name)s waits for an answer again.", name=row.name))
        return redirect(url_for("sign_up_review.show", sign_up_id=sign_up_id), 303)
    return _page(row, cohort, Matches(()), None, error, reason_form=form), status


@pages.post("/sign-ups/<int:sign_up_id>/told")
@requires(MANAGE)
def told(sign_up_id: int):
    """Somebody has told her; `status`: what she was told."""
    row, cohort = _sign_up(sign_up_id)
    seen = request.form.get("status", "")
    try:
        with transaction():
            if seen not in set(EnrolmentStatus):
                raise Conflict()
            sign_up_answer.note_told(sign_up_id, seen=EnrolmentStatus(seen), by=actor(), at=clock.now())
    except Conflict as refused:
        flash(say(refused), "bad")
    else:
        flash(_("%(name)s knows the answer.", name=row.name))
    back = url_for("sign_up_review.index", cohort_id=cohort.id, tab=Tab.TO_TELL.value)
    return redirect(back, 303)


@pages.post("/sign-ups/<int:sign_up_id>/number")
@requires(Permission.UNMASK)
def number(sign_up_id: int):
    """Her phone, or her helper's, in full for this call, by the same rules as everywhere."""
    row, cohort = _sign_up(sign_up_id)
    ensure(Permission.UNMASK, cohort.scope)
    field = request.form.get("field", "phone")
    if field not in PHONES:
        raise NotFound()
    most, shown, status = current_app.config["UNMASK_PER_DAY"], {}, 200
    error = None
    try:
        with transaction():
            stored = found(get_stored(sign_up_id))
            facts = {"most_a_day": most, "by": actor(), "at": clock.now()}
            shown = {field: disclosure.reveal_of_sign_up(stored, field, **facts)}
    except Refused as refused:
        error, status = say(refused), refused.status
    matches = _matches(row)
    form = SettleForm([c.person_id for c in matches.candidates], formdata=None) if row.state == "open" else None
    return _page(row, cohort, matches, form, error, shown=shown), status
