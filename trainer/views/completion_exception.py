"""Exceptions from the completion rule: proposing one for a woman, and another person's signature."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.actors import Scope
from trainer.errors import Refused
from trainer.forms.completion_exception import APPROVE, DecisionForm, ProposalForm, WithdrawForm
from trainer.permissions import Permission, can
from trainer.queries.completion import get_enrolment, get_woman_progress
from trainer.queries.completion_exception import ExceptionRow, get_exception, list_exceptions
from trainer.services import completion_exception as exceptions
from trainer.views.guards import actor, ensure, found, once, requires
from trainer.views.reach import cohort_in_reach
from trainer.wording import say
from trainer.wording.completion import missing_sentence

pages = Blueprint("completion_exception", __name__)


@pages.get("/cohorts/<int:cohort_id>/exceptions")
@requires(Permission.VIEW_EXCEPTIONS)
def index(cohort_id: int):
    cohort = cohort_in_reach(cohort_id, Permission.VIEW_EXCEPTIONS)
    rows = list_exceptions(actor(), cohort_id=cohort_id)
    return render_template("completion_exception/index.html", cohort=cohort, rows=rows)


@pages.route("/enrolments/<int:enrolment_id>/exception", methods=["GET", "POST"])
@requires(Permission.MANAGE_ENROLMENTS)
def new(enrolment_id: int):
    """What she lacks, and why she should complete all the same."""
    _in_reach(enrolment_id)
    form, error = ProposalForm(), None
    if form.validate_on_submit():

        def propose() -> int:
            _in_reach(enrolment_id)
            return exceptions.propose(enrolment_id, form.reason.data, by=actor(), at=clock.now()).id

        try:
            made = once(form.idempotency_key.data, "completion_exception.propose", propose)
        except Refused as refused:
            error = say(refused)
        else:
            flash(_("The exception is proposed. A manager other than you has to sign it."))
            return redirect(url_for("completion_exception.show", exception_id=made), 303)
    enrolment = _in_reach(enrolment_id)
    page = render_template(
        "completion_exception/new.html",
        enrolment=enrolment,
        progress=get_woman_progress(enrolment),
        form=form,
        error=error,
        sentence=missing_sentence,
    )
    return page, 422 if form.errors or error else 200


@pages.get("/exceptions/<int:exception_id>")
@requires(Permission.VIEW_EXCEPTIONS)
def show(exception_id: int):
    return _page(found(get_exception(actor(), exception_id)))


@pages.post("/exceptions/<int:exception_id>")
@requires(Permission.APPROVE_EXCEPTIONS)
def decide(exception_id: int):
    row, form = found(get_exception(actor(), exception_id)), DecisionForm()
    ensure(Permission.APPROVE_EXCEPTIONS, row.scope)
    if not form.validate_on_submit():
        return _page(row, form=form), 422

    def act() -> None:
        ensure(Permission.APPROVE_EXCEPTIONS, found(get_exception(actor(), exception_id)).scope)
        approve = form.decision.data == APPROVE
        exceptions.decide(exception_id, approve, form.answer.data or "", seen=form.seen, by=actor(), at=clock.now())

    return _done(row, act, _("Your decision is kept."))


@pages.post("/exceptions/<int:exception_id>/take-back")
@requires(Permission.MANAGE_ENROLMENTS)
def take_back(exception_id: int):
    row, form = found(get_exception(actor(), exception_id)), WithdrawForm()
    ensure(Permission.MANAGE_ENROLMENTS, row.scope)
    if not form.validate_on_submit():
        return _page(row), 422

    def act() -> None:
        found(get_exception(actor(), exception_id))
        exceptions.take_back(exception_id, seen=form.seen, by=actor(), at=clock.now())

    return _done(row, act, _("The proposal is taken back."))


def _done(row: ExceptionRow, act, words: str):
    try:
        with transaction():
            act()
    except Refused as refused:
        fresh = found(get_exception(actor(), row.id))
        return _page(fresh, error=say(refused)), refused.status
    flash(words)
    return redirect(url_for("completion_exception.show", exception_id=row.id), 303)


def _in_reach(enrolment_id: int):
    enrolment = found(get_enrolment(enrolment_id))
    ensure(Permission.MANAGE_ENROLMENTS, Scope(enrolment.cohort.region_code, enrolment.cohort_id))
    return enrolment


def _page(row: ExceptionRow, *, form: DecisionForm | None = None, error: str | None = None) -> str:
    others = row.proposed_by != actor().account_id
    form = form or DecisionForm(formdata=None)
    form.version.data = row.version
    return render_template(
        "completion_exception/show.html",
        row=row,
        progress=get_woman_progress(found(get_enrolment(row.enrolment_id))),
        may_take_back=row.is_open and can(actor(), Permission.MANAGE_ENROLMENTS, row.scope),
        may_decide=row.is_open and others and can(actor(), Permission.APPROVE_EXCEPTIONS, row.scope),
        is_own=not others,
        form=form,
        withdraw=WithdrawForm(formdata=None, data={"version": row.version}),
        error=error,
        sentence=missing_sentence,
    )
