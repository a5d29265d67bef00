"""The certificates of a cohort: who has earned one and has none, issuing and printing in the background, the register."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.certificate_register import certificate_register
from trainer.documents.fonts import missing_characters
from trainer.documents.workbook import export_lines
from trainer.domain.background_task import TaskKind
from trainer.domain.certificate import CertificateState
from trainer.forms.certificate import IssueForm
from trainer.permissions import Permission
from trainer.queries.certificate import certificates_page, count_by_state, list_entitled, list_register
from trainer.queries.certificate_facts import Draft, list_drafts
from trainer.services import audit
from trainer.services.background_task import ask_for_task
from trainer.views.certificate import certificate_filters, issuer
from trainer.views.downloads import workbook_response
from trainer.views.guards import actor, requires
from trainer.views.lists import paging
from trainer.views.reach import cohort_in_reach
from trainer.wording import choices
from trainer.wording.certificate import evidence_sentence

pages = Blueprint("certificate_issue", __name__)

# Of how many the page shows beforehand what will be printed.
SHOWN = 20
# A register is made while somebody waits: 2 seconds for so many lines.
MOST_LINES = 20_000


@pages.get("/cohorts/<int:cohort_id>/certificates")
@requires(Permission.VIEW_CERTIFICATES)
def show(cohort_id: int):
    """Whom to issue one, what will stand on it, and all that were issued."""
    cohort = cohort_in_reach(cohort_id, Permission.VIEW_CERTIFICATES)
    entitled = list_entitled(actor(), Permission.VIEW_CERTIFICATES, cohort_id)
    drafts = list_drafts([one.enrolment_id for one in entitled[:SHOWN]], organisation=issuer().organisation)
    return render_template(
        "certificate/cohort.html",
        cohort=cohort,
        entitled=entitled,
        drafts=drafts,
        undrawable=[(one, missing) for one in entitled if (missing := missing_characters([one.name], serif=True))],
        missing_for_all=_missing_for_all(drafts),
        no_organisation=bool(drafts) and not drafts[0].facts.organisation,
        counts=count_by_state(cohort_id),
        page=certificates_page(actor(), cohort_id=cohort_id, **certificate_filters(), **paging()),
        state_choices=choices(CertificateState),
        evidence=evidence_sentence,
        form=IssueForm(),
    )


def _missing_for_all(drafts: list[Draft]) -> str:
    """Characters that stand on every one of them and that our font lacks."""
    facts = [draft.facts for draft in drafts[:1]]
    texts = [text for one in facts for text in (one.programme, one.cohort, one.region, one.organisation)]
    return missing_characters(texts, serif=True)


@pages.post("/cohorts/<int:cohort_id>/certificates")
@requires(Permission.ISSUE_CERTIFICATES)
def issue(cohort_id: int):
    """In the background, some at a time; asked for twice it is done once."""
    cohort_in_reach(cohort_id, Permission.ISSUE_CERTIFICATES)
    form, left_out = IssueForm(), []
    if form.leave_out.data:
        entitled = list_entitled(actor(), Permission.ISSUE_CERTIFICATES, cohort_id)
        left_out = [one.enrolment_id for one in entitled if missing_characters([one.name], serif=True)]
    params = {"cohort_id": cohort_id, "left_out": left_out}
    with transaction():
        task_id = ask_for_task(TaskKind.CERTIFICATES, str(cohort_id), params, by=actor(), at=clock.now())
    return redirect(url_for("background_task.show", task_id=task_id), 303)


@pages.post("/cohorts/<int:cohort_id>/certificates/sheets")
@requires(Permission.EXPORT_PEOPLE)
def sheets(cohort_id: int):
    """All that are valid, or those ticked, as one file to print."""
    cohort_in_reach(cohort_id, Permission.EXPORT_PEOPLE)
    every = request.form.get("which") == "all"
    ticked = sorted({int(one) for one in request.form.getlist("certificate") if one.isdecimal() and len(one) < 10})
    if not every and not ticked:
        flash(_("Tick the certificates to print first."), "bad")
        return redirect(url_for("certificate_issue.show", cohort_id=cohort_id), 303)
    params = {"cohort_id": cohort_id, "certificate_ids": None if every else ticked}
    key = f"{cohort_id}:{actor().account_id}:{'all' if every else ','.join(map(str, ticked))}"
    with transaction():
        task_id = ask_for_task(TaskKind.CERTIFICATE_SHEETS, key[:200], params, by=actor(), at=clock.now())
    return redirect(url_for("background_task.show", task_id=task_id), 303)


@pages.get("/cohorts/<int:cohort_id>/certificates/register")
@requires(Permission.EXPORT_PEOPLE)
def cohort_register(cohort_id: int):
    """The list of the page as a workbook; written down, because names leave the house."""
    cohort = cohort_in_reach(cohort_id, Permission.EXPORT_PEOPLE)
    return _register(_("Register of certificates of %(cohort)s", cohort=cohort.name), cohort_id)


@pages.get("/certificates/register")
@requires(Permission.EXPORT_PEOPLE)
def register():
    """The same over everything within reach."""
    return _register(_("Register of certificates"), None)


def _register(title: str, cohort_id: int | None):
    rows = list_register(actor(), cohort_id=cohort_id, most=MOST_LINES, **certificate_filters())
    unit = current_app.config["ORGANISATION"] or _("She Power training")
    content = certificate_register(export_lines(title, unit=unit, at=clock.local(clock.now()), by=actor().name), rows)
    with transaction():
        facts = {"by": actor(), "at": clock.now(), "rows": len(rows)}
        audit.record("certificate.export", "cohort", cohort_id or "—", **facts)
    return workbook_response(content, title)
