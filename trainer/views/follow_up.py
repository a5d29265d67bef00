"""Calls and visits after the course: the list of a class, whom to call next, one taken down, one taken back."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.follow_up import follow_up_title, follow_up_workbook
from trainer.domain.follow_up import FollowUpKind, FollowUpPurpose
from trainer.errors import NotFound, Refused
from trainer.forms.follow_up import FollowUpForm
from trainer.permissions import Permission, can
from trainer.queries.effort import get_effort
from trainer.queries.follow_up import (
    follow_ups_page,
    get_follow_up,
    get_spoken_with,
    get_woman_followed,
    list_callers,
    list_follow_ups,
    list_women_followed,
)
from trainer.services import audit
from trainer.services import follow_up as follow_ups
from trainer.views.disclosure import number_to_call
from trainer.views.downloads import made_lines, workbook_response
from trainer.views.guards import actor, found, requires
from trainer.views.lists import chosen, paging
from trainer.views.reach import cohort_in_reach
from trainer.views.taking_back import cohort_trail, take_back_page
from trainer.wording import choices, label, say
from trainer.wording.follow_up import STILL

pages = Blueprint("follow_up", __name__)

VIEW, RECORD = Permission.VIEW_OUTCOMES, Permission.RECORD_OUTCOMES


@pages.get("/cohorts/<int:cohort_id>/follow-ups")
@requires(VIEW)
def index(cohort_id: int):
    cohort = cohort_in_reach(cohort_id, VIEW)
    wanted = {"kind": chosen("kind", FollowUpKind), "purpose": chosen("purpose", FollowUpPurpose)}
    return render_template(
        "follow_up/index.html",
        **{"cohort": cohort, "effort": get_effort(cohort_id, clock.today()), "spoken_with": get_spoken_with(cohort_id)},
        page=follow_ups_page(cohort_id, **wanted, by=request.args.get("by", None, int), **paging()),
        **{"kinds": choices(FollowUpKind), "purposes": choices(FollowUpPurpose), "callers": list_callers(cohort_id)},
        **{"still": STILL, "may_record": can(actor(), RECORD, cohort.scope)},
        may_export=can(actor(), Permission.EXPORT_PEOPLE, cohort.scope),
    )


@pages.get("/cohorts/<int:cohort_id>/follow-ups/export")
@requires(Permission.EXPORT_PEOPLE)
def export(cohort_id: int):
    """All calls and visits, and whom to call next; who took them out is written down."""
    cohort, now = cohort_in_reach(cohort_id, Permission.EXPORT_PEOPLE), clock.now()
    rows, spoken_with, title = list_follow_ups(cohort_id), get_spoken_with(cohort_id), follow_up_title(cohort.name)
    with transaction():
        audit.record("follow_up.export", "cohort", cohort_id, by=actor(), at=now, rows=len(rows))
    return workbook_response(follow_up_workbook(made_lines(title), rows, spoken_with.to_call), title)


@pages.route("/cohorts/<int:cohort_id>/follow-ups/new", methods=["GET", "POST"])
@requires(RECORD)
def new(cohort_id: int):
    """For the woman whom the address names, or one chosen from the list."""
    cohort = cohort_in_reach(cohort_id, RECORD)
    women = list_women_followed(cohort_id)
    form, error = _form(women, request.args.get("woman", None, int)), None
    if form.validate_on_submit():
        try:
            with transaction():
                facts = {"nonce": form.idempotency_key.data, "by": actor(), "at": clock.now()}
                follow_ups.record_follow_up(form.woman.data, form.draft(), **facts)
        except NotFound:
            raise
        except Refused as refused:
            error = refused
        else:
            flash(_("Taken down."))
            return redirect(url_for("follow_up.index", cohort_id=cohort_id), 303)
    shown = {"error": say(error) if error else None}
    return _form_page(cohort, women, form, **shown), error.status if error else 422 if form.errors else 200


@pages.post("/follow-ups/women/<int:enrolment_id>/number")
@requires(Permission.UNMASK)
def number(enrolment_id: int):
    """Her phone number in full for this call, by the same rules as everywhere, and the form for what comes of it."""
    cohort_id, person_id = found(get_woman_followed(enrolment_id))
    cohort = cohort_in_reach(cohort_id, RECORD)
    shown, status = number_to_call(person_id)
    women = list_women_followed(cohort_id)
    return _form_page(cohort, women, _form(women, enrolment_id, formdata=None), **shown), status


def _form(women, enrolment_id: int | None, **kwargs) -> FollowUpForm:
    known = {"woman": enrolment_id or 0, "kind": FollowUpKind.CALL, "day": clock.today()}
    names = [(one.enrolment_id, _seated(one.name, one.seat)) for one in women]
    return FollowUpForm(names, data=known, **kwargs)


def _seated(name: str, seat: int | None) -> str:
    return f"{seat} {name}" if seat else name


def _form_page(cohort, women, form: FollowUpForm, **shown) -> str:
    asked = request.view_args.get("enrolment_id") or request.args.get("woman", None, int)
    woman = next((one for one in women if one.enrolment_id == asked), None)
    return render_template("follow_up/new.html", cohort=cohort, woman=woman, women=women, form=form, **shown)


@pages.route("/follow-ups/<int:follow_up_id>/take-back", methods=["GET", "POST"])
@requires(RECORD)
def take_back(follow_up_id: int):
    row = found(get_follow_up(follow_up_id))
    cohort = cohort_in_reach(row.cohort_id, RECORD)
    return take_back_page(
        *(follow_ups.take_back, follow_up_id),
        title=_("Take back a call or a visit"),
        thing=f"{row.name} · {label(row.kind)} · {row.day} · {label(row.outcome)}",
        trail=cohort_trail(cohort, _("Calls and visits"), url_for("follow_up.index", cohort_id=cohort.id)),
    )
