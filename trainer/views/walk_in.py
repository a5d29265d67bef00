"""Walk-ins: noted at the door, struck out, and later matched to the women they were."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.errors import Conflict, NotFound, Refused
from trainer.forms.walk_in import MatchForm, TakeMatchBackForm, WalkInForm
from trainer.permissions import Permission
from trainer.queries.walk_in import (
    WalkInRow,
    get_candidate,
    get_walk_in,
    list_candidates,
    list_of_cohort,
    list_walk_ins,
)
from trainer.services import walk_in as walk_ins
from trainer.services import walk_in_match
from trainer.views.guards import actor, found, requires
from trainer.views.reach import cohort_in_reach
from trainer.views.roll import lesson_in_reach
from trainer.wording import say

pages = Blueprint("walk_in", __name__)


@pages.route("/lessons/<int:lesson_id>/walk-ins", methods=["GET", "POST"])
@requires(Permission.MARK_ATTENDANCE)
def new(lesson_id: int):
    """One after the other: a name, perhaps a phone, saved; below it those noted so far."""
    lesson, form, error, status = lesson_in_reach(lesson_id, Permission.MARK_ATTENDANCE), WalkInForm(), None, 422
    if form.validate_on_submit():
        try:
            with transaction():
                key = form.idempotency_key.data
                made = walk_ins.note(lesson_id, form.name.data, form.phone.data, key, by=actor(), at=clock.now())
                number = made.number
        except Refused as refused:
            error, status = say(refused), refused.status
        else:
            flash(_("%(name)s is noted: number %(number)s. The next one, please.", name=form.name.data, number=number))
            return redirect(url_for("walk_in.new", lesson_id=lesson_id), 303)
    page = render_template("walk_in/new.html", lesson=lesson, form=form, error=error, rows=list_walk_ins(lesson_id))
    return page, status if error or form.errors else 200


@pages.post("/walk-ins/<int:walk_in_id>/strike-out")
@requires(Permission.MARK_ATTENDANCE)
def strike_out(walk_in_id: int):
    """She stays on the page, crossed out, and counts no more."""
    row = found(get_walk_in(walk_in_id))
    lesson_in_reach(row.lesson_id, Permission.MARK_ATTENDANCE)
    with transaction():
        walk_ins.strike_out(walk_in_id, by=actor(), at=clock.now())
    flash(_("%(name)s is struck out.", name=row.name))
    return redirect(url_for("walk_in.new", lesson_id=row.lesson_id), 303)


@pages.get("/cohorts/<int:cohort_id>/walk-ins")
@requires(Permission.MANAGE_PEOPLE)
def cohort(cohort_id: int):
    """Those nobody has matched yet, and below them who the others turned out to be."""
    of_cohort = cohort_in_reach(cohort_id, Permission.MANAGE_PEOPLE)
    rows = list_of_cohort(cohort_id)
    left, matched = [row for row in rows if row.is_open], [row for row in rows if not row.is_open]
    return render_template("walk_in/cohort.html", cohort=of_cohort, left=left[::-1], matched=matched)


@pages.route("/walk-ins/<int:walk_in_id>/match", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def match(walk_in_id: int):
    """She and those she could be, side by side; one is chosen."""
    row, lesson = _in_reach(walk_in_id)
    text = request.values.get("q", "").strip()[:60]
    alike = list_candidates(actor(), lesson, walk_in_id)
    candidates = list_candidates(actor(), lesson, walk_in_id, text=text) if text else alike
    form, error, status = MatchForm(candidates), None, 422
    if form.validate_on_submit():
        try:
            done = _match(row, lesson, form)
        except NotFound:
            raise
        except Refused as refused:
            error, status = say(refused), refused.status
        else:
            flash(_what_was_done(row, done))
            return redirect(url_for("walk_in.cohort", cohort_id=lesson.cohort_id), 303)
    form.version.data, form.offered.data = row.version, ".".join(str(c.person_id) for c in alike)
    page = render_template(
        "walk_in/match.html",
        **{"row": row, "lesson": lesson, "candidates": candidates, "text": text, "form": form, "error": error},
        take_back_form=TakeMatchBackForm(formdata=None),
    )
    return page, status if error or form.errors else 200


def _in_reach(walk_in_id: int):
    row = found(get_walk_in(walk_in_id))
    return row, lesson_in_reach(row.lesson_id, Permission.MANAGE_PEOPLE)


def _match(row: WalkInRow, lesson, form: MatchForm) -> walk_in_match.Matched:
    """Somebody new is made only by who has seen everybody that is like her."""
    with transaction():
        if form.person_id is not None:
            found(get_candidate(actor(), lesson, row.id, form.person_id))
        elif {str(c.person_id) for c in list_candidates(actor(), lesson, row.id)} - set(form.offered.data.split(".")):
            raise Conflict()
        given = {"seen": form.seen, "reason": form.reason.data or ""}
        return walk_in_match.match(row.id, form.person_id, **given, by=actor(), at=clock.now())


def _what_was_done(row: WalkInRow, done: walk_in_match.Matched) -> str:
    if done.enrolled and done.marked:
        return _("%(name)s is on the roll now and marked as present.", name=row.name)
    if done.marked:
        return _("%(name)s is marked as present.", name=row.name)
    return _("%(name)s is matched. The roll needs no mark of it.", name=row.name)


@pages.post("/walk-ins/<int:walk_in_id>/take-match-back")
@requires(Permission.MANAGE_PEOPLE)
def take_match_back(walk_in_id: int):
    """It was another woman: mark and enrolment go as far as nothing has been built on them."""
    row, lesson = _in_reach(walk_in_id)
    form, error, status = TakeMatchBackForm(), None, 422
    if form.validate_on_submit():
        try:
            with transaction():
                done = walk_in_match.take_match_back(walk_in_id, form.reason.data, by=actor(), at=clock.now())
        except NotFound:
            raise
        except Refused as refused:
            error, status = say(refused), refused.status
        else:
            flash(_what_was_undone(row, done))
            return redirect(url_for("walk_in.match", walk_in_id=walk_in_id), 303)
    page = render_template(
        "walk_in/match.html",
        **{"row": row, "lesson": lesson, "candidates": [], "text": "", "form": None, "error": error},
        take_back_form=form,
    )
    return page, status


def _what_was_undone(row: WalkInRow, done: walk_in_match.TakenBack) -> str:
    said = [_("The match of %(name)s is taken back.", name=row.name)]
    if done.unmarked:
        said.append(_("Its mark is gone from the roll."))
    if done.enrolment_ended:
        said.append(_("Her place in the cohort, which the match had made, has ended."))
    elif done.enrolment_stays:
        said.append(_("She stays on the roll: more has happened there since."))
    return " ".join(said)
