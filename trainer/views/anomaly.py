"""Findings in sales figures: the queue, one with its evidence, what explains it, what a second person decides."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.workbook import Column, Sheet, export_lines, write_workbook
from trainer.domain.anomaly import AnomalyCheck, AnomalyState
from trainer.errors import NotFound, Refused
from trainer.forms.anomaly import AskForm, DecideForm, ExplainForm, ReopenForm
from trainer.permissions import Permission, can
from trainer.queries import anomaly as findings
from trainer.queries.anomaly import FindingHead, FindingRow, get_finding_for
from trainer.queries.anomaly_evidence import get_evidence
from trainer.services import anomaly, audit
from trainer.views.downloads import workbook_response
from trainer.views.guards import actor, found, requires
from trainer.views.lists import chosen, paging
from trainer.wording import anomaly as words
from trainer.wording import choices, label, platform_name, say

pages = Blueprint("anomaly", __name__, url_prefix="/anomalies")


def _wanted() -> dict[str, object]:
    """The filters of the queue and of its export; without any, what still waits."""
    return {
        "state": request.args.get("state", "waiting"),
        "check": chosen("check", AnomalyCheck),
        "region_code": request.args.get("region", ""),
        "shop_id": request.args.get("shop", None, int),
        "mine": bool(request.args.get("mine")),
    }


@pages.get("")
@requires(Permission.VIEW_SALES)
def index():
    return render_template(
        "anomaly/index.html",
        page=findings.findings_page(actor(), **_wanted(), **paging()),
        counts=findings.count_findings(actor()),
        counties=findings.list_counties(actor()),
        checks=choices(AnomalyCheck),
        states=words.STATES.items(),
        said=words.sentences,
        decides=can(actor(), Permission.DECIDE_ANOMALIES),
    )


@pages.get("/export")
@requires(Permission.VIEW_SALES)
def export():
    """The queue as it is filtered, as a workbook; who took it out is written down."""
    rows, now = findings.list_findings(actor(), **_wanted()), clock.now()
    with transaction():
        audit.record("anomaly.export", "anomaly", "-", by=actor(), at=now, count=len(rows))
    title = _("Findings in sales")
    columns = [
        Column(_("Owner"), width=12),
        Column(_("County")),
        Column(_("Selling platform")),
        Column(_("Shop"), width=24),
    ]
    columns += [
        Column(_("What was found"), width=28),
        Column(_("In a sentence"), width=60),
        Column(_("State"), width=18),
    ]
    columns += [Column(_("Found"), "moment", 18)]
    above = export_lines(title, unit=_("She Power training"), at=clock.local(now), by=actor().name)
    return workbook_response(write_workbook([Sheet(title, columns, [_cells(row) for row in rows], above)]), title)


def _cells(row: FindingRow) -> tuple[object, ...]:
    whose = (row.owner, row.county or "", platform_name(row.platform), row.shop)
    said = " ".join(words.sentences(row.evidence))
    return (*whose, label(row.check), said, label(row.stands), clock.local(row.found_at))


@pages.get("/<int:anomaly_id>")
@requires(Permission.VIEW_SALES)
def show(anomaly_id: int):
    return _page(found(get_finding_for(actor(), Permission.VIEW_SALES, anomaly_id)))


@pages.post("/<int:anomaly_id>/explanation")
@requires(Permission.EXPLAIN_ANOMALIES)
def explain(anomaly_id: int):
    row = _of(anomaly_id, Permission.EXPLAIN_ANOMALIES)
    form = ExplainForm(row.check)
    said = (form.explanation.data, form.words.data or "")
    return _act(
        row,
        form,
        Permission.EXPLAIN_ANOMALIES,
        lambda: anomaly.explain(row.id, *said, seen=form.seen, by=actor(), at=clock.now()),
        _("Your explanation is kept. Somebody else decides."),
    )


@pages.post("/<int:anomaly_id>/decision")
@requires(Permission.DECIDE_ANOMALIES)
def decide(anomaly_id: int):
    row, form = _of(anomaly_id, Permission.DECIDE_ANOMALIES), DecideForm()
    said = (form.decision.data, form.reason.data or "")
    return _act(
        row,
        form,
        Permission.DECIDE_ANOMALIES,
        lambda: anomaly.decide(row.id, *said, seen=form.seen, by=actor(), at=clock.now()),
        _("Your decision is kept."),
    )


@pages.post("/<int:anomaly_id>/reopening")
@requires(Permission.DECIDE_ANOMALIES)
def reopen(anomaly_id: int):
    row, form = _of(anomaly_id, Permission.DECIDE_ANOMALIES), ReopenForm()
    return _act(
        row,
        form,
        Permission.DECIDE_ANOMALIES,
        lambda: anomaly.reopen(row.id, form.reason.data, seen=form.seen, by=actor(), at=clock.now()),
        _("The decision is taken back. What was left out by it counts again."),
    )


@pages.post("/<int:anomaly_id>/question")
@requires(Permission.EXPLAIN_ANOMALIES)
def ask(anomaly_id: int):
    row, form = _of(anomaly_id, Permission.EXPLAIN_ANOMALIES), AskForm()
    return _act(
        row,
        form,
        Permission.EXPLAIN_ANOMALIES,
        lambda: anomaly.ask_her(row.id, form.question.data, by=actor(), at=clock.now()),
        _("Your question is in her inbox. Please call her, and write down what she says."),
    )


def _of(anomaly_id: int, permission: Permission) -> FindingHead:
    return found(get_finding_for(actor(), permission, anomaly_id))


def _act(row: FindingHead, form, permission: Permission, act: Callable[[], object], done: str):
    """One act on one finding, within her reach when it is done too; on a refusal the page with what she typed."""
    if not form.validate_on_submit():
        return _page(row, form=form), 422
    try:
        with transaction():
            _of(row.id, permission)
            act()
    except NotFound:
        raise
    except Refused as refused:
        return _page(_of(row.id, permission), form=form, error=say(refused)), refused.status
    flash(done)
    return redirect(url_for("anomaly.show", anomaly_id=row.id), 303)


def _page(row: FindingHead, *, form=None, error: str | None = None) -> str:
    forms = {
        "explain": ExplainForm(row.check, formdata=None),
        "decide": DecideForm(formdata=None),
        "reopen": ReopenForm(formdata=None),
        "ask": AskForm(formdata=None),
    }
    forms |= {name: form for name, blank in forms.items() if type(form) is type(blank)}
    for one in forms.values():
        if hasattr(one, "version"):
            one.version.data = row.version
    explained = row.state is AnomalyState.EXPLAINED
    others = row.explained_by != actor().account_id
    return render_template(
        "anomaly/show.html",
        row=row,
        said=words.sentences(row.evidence),
        looks_at=words.LOOK_AT[row.check],
        evidence=get_evidence(actor(), row),
        events=findings.list_events(row.id),
        others=findings.list_findings_of(row.shop_id, but=row.id, most=10),
        sentences=words.sentences,
        forms=forms,
        open_form=form,
        error=error,
        may_explain=row.may_explain and row.is_waiting,
        may_decide=row.may_decide and explained and others,
        waits_for_other=explained and not others,
    )
