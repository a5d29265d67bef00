"""Paid work of a class by name list: whom its graduates pay, what it comes to in jobs, a row entered or taken back."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.paid_work import paid_work_title, paid_work_workbook
from trainer.domain.outcome_effort import jobs
from trainer.domain.paid_work import jobs_by_year
from trainer.errors import NotFound, Refused
from trainer.forms.paid_work import PaidWorkForm
from trainer.permissions import Permission, can
from trainer.queries.paid_work import get_evidence, get_work, list_employers, list_works
from trainer.queries.scoping import page_of
from trainer.services import audit
from trainer.services import paid_work as works
from trainer.views.downloads import made_lines, workbook_response
from trainer.views.evidence import evidence_response, sealed
from trainer.views.form_page import form_page
from trainer.views.guards import actor, found, requires
from trainer.views.lists import paging
from trainer.views.reach import cohort_in_reach
from trainer.views.taking_back import cohort_trail, take_back_page
from trainer.wording.paid_work import NOTES

pages = Blueprint("paid_work", __name__)

VIEW, RECORD = Permission.VIEW_OUTCOMES, Permission.RECORD_OUTCOMES


@pages.get("/cohorts/<int:cohort_id>/paid-work")
@requires(VIEW)
def index(cohort_id: int):
    """Workers' names in full for whoever writes them down, masked for whoever only looks."""
    cohort, rows = cohort_in_reach(cohort_id, VIEW), list_works(cohort_id)
    counted = [row for row in rows if row.counts]
    return render_template(
        "paid_work/index.html",
        **{"cohort": cohort, "page": page_of(rows, **paging()), "notes": NOTES},
        **{"years": jobs_by_year((row.until_on, row.days) for row in counted), "this_year": clock.today().year},
        **{"since": jobs(row.days for row in counted), "may_record": can(actor(), RECORD, cohort.scope)},
    )


@pages.get("/cohorts/<int:cohort_id>/paid-work/export")
@requires(RECORD)
def export(cohort_id: int):
    """A list to be signed by whoever was paid; who took it out is written down."""
    cohort, now = cohort_in_reach(cohort_id, RECORD), clock.now()
    rows, title = [row for row in list_works(cohort_id) if row.counts], paid_work_title(cohort.name)
    with transaction():
        audit.record("paid_work.export", "cohort", cohort_id, by=actor(), at=now, rows=len(rows))
    return workbook_response(paid_work_workbook(made_lines(title), rows), title)


@pages.route("/cohorts/<int:cohort_id>/paid-work/new", methods=["GET", "POST"])
@requires(RECORD)
def new(cohort_id: int):
    cohort = cohort_in_reach(cohort_id, RECORD)
    names = [(id_, f"{seat} {name}" if seat else name) for id_, seat, name in list_employers(cohort_id)]
    form, error = PaidWorkForm(names, data={"employer": request.args.get("woman", 0, int)}), None
    if form.validate_on_submit():
        try:
            _record(form)
        except NotFound:
            raise
        except Refused as refused:
            error = refused
        else:
            flash(_("Entered: %(days)s days", days=form.paid_days.data))
            return redirect(url_for("paid_work.index", cohort_id=cohort_id), 303)
    return form_page("paid_work/new.html", form, error, cohort=cohort, employers=names)


def _record(form: PaidWorkForm) -> None:
    evidence = sealed(form.evidence.data)
    with transaction():
        facts = {"nonce": form.idempotency_key.data, "evidence": evidence, "by": actor(), "at": clock.now()}
        works.record_paid_work(form.employer.data, form.draft(), **facts)


@pages.route("/cohorts/<int:cohort_id>/paid-work/<int:work_id>/take-back", methods=["GET", "POST"])
@requires(RECORD)
def take_back(cohort_id: int, work_id: int):
    cohort = cohort_in_reach(cohort_id, RECORD)
    row = found(get_work(cohort_id, work_id))
    return take_back_page(
        *(works.take_back, work_id),
        title=_("Take back paid days"),
        thing=f"{row.worker} · {row.from_on}—{row.until_on} · {_('%(days)s days', days=row.paid_days)}",
        trail=cohort_trail(cohort, _("Paid work"), url_for("paid_work.index", cohort_id=cohort_id)),
    )


@pages.get("/cohorts/<int:cohort_id>/paid-work/<int:work_id>/evidence")
@requires(RECORD)
def evidence(cohort_id: int, work_id: int):
    """It may show the worker's name: for whoever sees it in full."""
    cohort_in_reach(cohort_id, RECORD)
    found(get_work(cohort_id, work_id))
    return evidence_response(found(get_evidence(work_id)), "paid_work", work_id)
