"""Checks on the marker, one level up: the list, one with what was seen, the answer."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.roll_check import RollCheckKind
from trainer.errors import NotFound, Refused
from trainer.forms.roll_check import AnswerForm
from trainer.permissions import Permission, can
from trainer.queries.roll_check import STATES, CheckRow, checks_page, cohorts_with_checks, get_check_for
from trainer.services import roll_check
from trainer.views.guards import actor, ensure, found, requires
from trainer.views.lists import chosen, paging
from trainer.wording import choices, say
from trainer.wording import roll_check as words

pages = Blueprint("roll_check", __name__, url_prefix="/roll-checks")


@pages.get("")
@requires(Permission.REVIEW_ROLLS)
def index():
    """What is to be looked into, unless other checks are asked for."""
    state = request.args.get("state", "open")
    page = checks_page(
        actor(),
        state=state if state in STATES else "open",
        kind=chosen("kind", RollCheckKind),
        cohort_id=request.args.get("cohort", None, int),
        lesson_id=request.args.get("lesson", None, int),
        **paging(),
    )
    return render_template(
        "roll_check/index.html",
        page=page,
        seen=_seen,
        kinds=choices(RollCheckKind),
        states=words.STATES.items(),
        cohorts=cohorts_with_checks(actor()),
    )


@pages.route("/<int:finding_id>", methods=["GET", "POST"])
@requires(Permission.REVIEW_ROLLS)
def show(finding_id: int):
    """One of them; answered by whoever keeps the cohorts there, never by whoever took or closed that roll."""
    check, form, error, status = found(get_check_for(actor(), finding_id)), AnswerForm(), None, 422
    if request.method == "POST":
        ensure(Permission.MANAGE_COHORT, check.scope)
    if form.validate_on_submit():
        try:
            _answer(finding_id, form)
        except NotFound:
            raise
        except Refused as refused:
            check, error, status = found(get_check_for(actor(), finding_id)), say(refused), refused.status
        else:
            flash(_("Your answer is kept."))
            return redirect(url_for("roll_check.index"), 303)
    if not form.is_submitted():
        form.seen.data = check.found_at.isoformat()
    page = render_template(
        "roll_check/show.html",
        check=check,
        seen=_seen,
        may_be=words.MAY_BE[check.kind],
        form=form,
        error=error,
        may_answer=check.is_open and can(actor(), Permission.MANAGE_COHORT, check.scope),
    )
    return page, status if error or form.errors else 200


def _answer(finding_id: int, form: AnswerForm) -> None:
    with transaction():
        found(get_check_for(actor(), finding_id))
        seen = form.seen.data or ""
        roll_check.answer_check(finding_id, form.answer.data, form.words.data, seen=seen, by=actor(), at=clock.now())


def _seen(check: CheckRow) -> str:
    other = f"{check.other_title} {clock.local(check.other_starts_at):%m-%d %H:%M}" if check.other_title else ""
    return words.seen(check.kind, check.facts, who=check.marker or "", other=other)
