"""Costs of a cohort: the list by kind with what each graduate cost, one entered with its evidence, one taken back."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.cost import cost_title, cost_workbook
from trainer.domain.cost import CostKind
from trainer.domain.outcome_effort import costs as reckon
from trainer.domain.outcomes import Costs, Stage
from trainer.errors import NotFound, Refused
from trainer.forms.cost import CostForm
from trainer.permissions import Permission, can
from trainer.queries.cost import costs_page, get_cost, get_evidence, list_costs
from trainer.queries.effort import get_effort
from trainer.queries.outcomes import KeptFigures, get_cohort_figures
from trainer.services import audit
from trainer.services import cost as costs
from trainer.views.downloads import made_lines, workbook_response
from trainer.views.evidence import evidence_response, sealed
from trainer.views.form_page import form_page
from trainer.views.guards import actor, found, requires
from trainer.views.lists import chosen, paging
from trainer.views.reach import cohort_in_reach
from trainer.views.taking_back import cohort_trail, take_back_page
from trainer.wording import choices, label
from trainer.wording.cost import NOTES

pages = Blueprint("cost", __name__)

VIEW, RECORD = Permission.VIEW_COSTS, Permission.RECORD_COSTS


@pages.get("/cohorts/<int:cohort_id>/costs")
@requires(VIEW)
def index(cohort_id: int):
    cohort, kept = cohort_in_reach(cohort_id, VIEW), get_cohort_figures(cohort_id)
    return render_template(
        "cost/index.html",
        **{"cohort": cohort, "kept": kept, "sums": _sums(cohort_id, kept), "kinds": choices(CostKind)},
        **_women(kept),
        page=costs_page(cohort_id, kind=chosen("kind", CostKind), **paging()),
        **{"notes": NOTES, "may_record": can(actor(), RECORD, cohort.scope)},
    )


def _women(kept: KeptFigures) -> dict[str, int]:
    """Who completed and who goes on selling, by the figures as they are kept."""
    figures = kept.figures
    if figures is None:
        return {"completed": 0, "sustained": 0}
    return {"completed": figures.completed, "sustained": figures.step(Stage.SUSTAINED).reached}


def _sums(cohort_id: int, kept: KeptFigures) -> Costs:
    """What is entered up to this moment, in all and for each woman."""
    return reckon(get_effort(cohort_id, clock.today()).cost_by_kind, **_women(kept))


@pages.get("/cohorts/<int:cohort_id>/costs/export")
@requires(VIEW)
def export(cohort_id: int):
    """The costs as their page shows them; who took them out is written down."""
    cohort, now = cohort_in_reach(cohort_id, VIEW), clock.now()
    rows, sums = list_costs(cohort_id), _sums(cohort_id, get_cohort_figures(cohort_id))
    with transaction():
        audit.record("cohort_cost.export", "cohort", cohort_id, by=actor(), at=now, rows=len(rows))
    title = cost_title(cohort.name)
    return workbook_response(cost_workbook(made_lines(title), rows, sums), title)


@pages.route("/cohorts/<int:cohort_id>/costs/new", methods=["GET", "POST"])
@requires(RECORD)
def new(cohort_id: int):
    cohort = cohort_in_reach(cohort_id, RECORD)
    form, error = CostForm(data={"spent_on": clock.today()}), None
    if form.validate_on_submit():
        try:
            evidence = sealed(form.evidence.data)
            with transaction():
                facts = {"nonce": form.idempotency_key.data, "evidence": evidence, "by": actor(), "at": clock.now()}
                costs.record_cost(cohort_id, form.draft(), **facts)
        except NotFound:
            raise
        except Refused as refused:
            error = refused
        else:
            flash(_("Entered: ¥%(amount)s", amount=f"{form.amount.data:,.2f}"))
            return redirect(url_for("cost.index", cohort_id=cohort_id), 303)
    return form_page("cost/new.html", form, error, cohort=cohort)


@pages.route("/costs/<int:cost_id>/take-back", methods=["GET", "POST"])
@requires(RECORD)
def take_back(cost_id: int):
    row = found(get_cost(cost_id))
    cohort = cohort_in_reach(row.cohort_id, RECORD)
    return take_back_page(
        *(costs.take_back, cost_id),
        title=_("Take back a cost"),
        thing=f"{label(row.kind)} · ¥{row.amount_fen / 100:,.2f} · {row.spent_on}",
        trail=cohort_trail(cohort, _("Costs"), url_for("cost.index", cohort_id=cohort.id)),
    )


@pages.get("/costs/<int:cost_id>/evidence")
@requires(VIEW)
def evidence(cost_id: int):
    cohort_in_reach(found(get_cost(cost_id)).cohort_id, VIEW)
    return evidence_response(found(get_evidence(cost_id)), "cohort_cost", cost_id)
