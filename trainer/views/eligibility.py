"""Who may apply for a selection: every woman of its area with each condition, near misses apart, taken in from there."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from trainer import clock
from trainer.database import transaction
from trainer.documents.workbook import Column, Sheet, write_workbook
from trainer.domain.eligibility import Eligibility, Standing
from trainer.errors import Refused
from trainer.forms.application import TakeInForm
from trainer.permissions import Permission
from trainer.queries.eligibility import EligibilityRow, list_eligibility
from trainer.queries.region import region_names
from trainer.queries.scoping import page_of
from trainer.queries.selection import Stage
from trainer.services import application as applications
from trainer.services import audit
from trainer.views.downloads import made_lines, workbook_response
from trainer.views.guards import actor, ensure, requires
from trainer.views.lists import chosen, paging
from trainer.views.selection import stage_for
from trainer.wording import choices, label, say
from trainer.wording.application import verdict_words

pages = Blueprint("eligibility", __name__, url_prefix="/selections/<int:selection_id>")
NEAR = "near"


@pages.get("/eligibility")
@requires(Permission.VIEW_SELECTION)
def index(selection_id: int):
    stage = _stage(selection_id)
    return _list_page(stage, TakeInForm(data={"version": stage.rounds[0].version}), None)


@pages.post("/eligibility")
@requires(Permission.MANAGE_SELECTION)
def take_in(selection_id: int):
    """The ticked ones; against a condition only with a reason."""
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    form = TakeInForm()
    if not form.validate_on_submit():
        return _list_page(stage, form, None), 422
    try:
        with transaction():
            added = applications.take_in_judged(
                stage.rounds[0].id,
                form.seen,
                form.enrolment_ids.data,
                form.reason.data or "",
                by=actor(),
                at=clock.now(),
            )
    except Refused as refused:
        return _list_page(stage, form, refused), refused.status
    flash(ngettext("%(num)d candidate was added.", "%(num)d candidates were added.", added))
    return redirect(url_for("eligibility.index", selection_id=selection_id), 303)


@pages.get("/eligibility.xlsx")
@requires(Permission.EXPORT_PEOPLE)
def export(selection_id: int):
    """The same as a workbook, written down: names leave the house."""
    stage = _stage(selection_id)
    ensure(Permission.EXPORT_PEOPLE, stage.scope)
    rows, names = _rows(stage)
    title = _("%(name)s: who may apply", name=stage.name)
    asked = Eligibility.of(stage.eligibility).asked
    columns = [
        Column(_("No."), "number", 6),
        *(Column(words) for words in (_("Name"), _("Village"))),
        *(Column(words, width=20) for words in (_("Cohort"), _("Application"), _("Together"))),
        *(Column(label(condition), width=30) for condition in asked),
    ]
    wanted = [row for row in rows if _is_wanted(row)]
    lines = [_line(number, row, names) for number, row in enumerate(wanted, start=1)]
    with transaction():
        audit.record("eligibility.export", "selection", selection_id, by=actor(), at=clock.now(), rows=len(lines))
    return workbook_response(write_workbook([Sheet(_("Who may apply"), columns, lines, made_lines(title))]), title)


def _line(number: int, row: EligibilityRow, names: dict[str, str]) -> list[object]:
    woman = row.woman
    application = " ".join(part for part in (woman.code, woman.state and label(woman.state)) if part)
    together = _("nearly") if row.is_near_miss else label(row.overall)
    standings = [f"{label(verdict.standing)}{_(': ')}{verdict_words(verdict, names)}" for verdict in row.verdicts]
    return [number, woman.name, woman.village, woman.cohort, application, together, *standings]


def _stage(selection_id: int) -> Stage:
    """Whoever sees the selection and the women behind it."""
    stage = stage_for(selection_id, Permission.VIEW_SELECTION)
    ensure(Permission.VIEW_PEOPLE, stage.scope)
    return stage


def _rows(stage: Stage) -> tuple[list[EligibilityRow], dict[str, str]]:
    """All women of the area, and the names of regions they speak of."""
    asked = Eligibility.of(stage.eligibility)
    rows = list_eligibility(stage.id, stage.region_code, asked, at=clock.now())
    names = {row.woman.region_code: row.woman.region for row in rows}
    if asked.residence and asked.residence not in names:
        names |= region_names({asked.residence})
    return rows, names


def _is_wanted(row: EligibilityRow) -> bool:
    text, standing = request.args.get("q", "").strip(), chosen("standing", Standing)
    if text and text not in row.woman.name and text != row.woman.code:
        return False
    if request.args.get("standing") == NEAR:
        return row.is_near_miss
    return standing is None or row.overall is standing


def _list_page(stage: Stage, form: TakeInForm, error: Refused | None) -> str:
    rows, names = _rows(stage)
    return render_template(
        "eligibility/index.html",
        stage=stage,
        first=stage.rounds[0],
        asked=Eligibility.of(stage.eligibility).asked,
        page=page_of([row for row in rows if _is_wanted(row)], **paging()),
        counts=_counts(rows),
        verdict_words=lambda verdict: verdict_words(verdict, names),
        standing_choices=[(NEAR, _("nearly: little is missing")), *choices(Standing)],
        form=form,
        error=say(error) if error else None,
    )


def _counts(rows: list[EligibilityRow]) -> dict[str, int]:
    counts = {standing.value: sum(row.overall is standing for row in rows) for standing in Standing}
    return counts | {NEAR: sum(row.is_near_miss for row in rows)}
