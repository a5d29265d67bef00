"""What became of a cohort after the course: the tracker, the women behind each of its numbers, and both as workbooks."""

import json
from datetime import date
from functools import lru_cache
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from trainer import clock
from trainer.database import transaction
from trainer.documents import outcome_tables as tables
from trainer.documents.outcome_charts import outcome_charts
from trainer.documents.outcomes import outcomes_workbook, women_workbook
from trainer.domain.outcome_difference import claim_of
from trainer.domain.outcome_disclosure import suppress
from trainer.domain.outcome_groups import BANDS
from trainer.domain.outcome_women import Behind, Sold, Way, WomenOrder
from trainer.domain.outcomes import (
    FEW,
    FEWEST,
    RETENTION_DAYS,
    Activity,
    CohortFigures,
    DataSource,
    Stage,
    read_figures,
)
from trainer.domain.survey import SheetState, Wave
from trainer.permissions import Permission, can
from trainer.queries.outcome_women import list_women_behind, women_page
from trainer.queries.outcomes import KeptFigures, get_cohort_figures, get_figures_as_written
from trainer.queries.region import region_names
from trainer.services import audit
from trainer.views.downloads import cohort_lines, workbook_response
from trainer.views.guards import actor, ensure, requires
from trainer.views.lists import chosen, paging
from trainer.views.reach import cohort_in_reach
from trainer.wording import choices
from trainer.wording.outcomes import CHARTS, CLAIMS, DEFINITIONS, SHEET, band_words

pages = Blueprint("outcomes", __name__, url_prefix="/cohorts/<int:cohort_id>")


@pages.get("/outcomes")
@requires(Permission.VIEW_OUTCOME_SUMS)
def show(cohort_id: int):
    """All on one page, to be shown to a leader; with `open`, everything that folds lies open, to be printed."""
    cohort = cohort_in_reach(cohort_id, Permission.VIEW_OUTCOME_SUMS)
    written, kept = get_figures_as_written(cohort_id)
    names, open_all = _sees_women(cohort), "open" in request.args
    with_costs = can(actor(), Permission.VIEW_COSTS, cohort.scope)
    figures, body = None, None
    if written:
        figures, body = _drawn(written, names, with_costs, open_all, cohort_id, str(get_locale()))
    shown = {"figures": figures, "body": body, "names": names, "open_all": open_all, "FEWEST": FEWEST}
    return render_template("outcomes/show.html", cohort=cohort, kept=kept, **shown)


@lru_cache(maxsize=32)
def _drawn(
    written: str, names: bool, with_costs: bool, open_all: bool, cohort_id: int, _language: str
) -> tuple[CohortFigures, Markup]:
    """The figures as they may be told and the page of them. Drawing it takes longer than all the rest, and it follows
    from these arguments alone: so it is kept by them."""
    whole, women_at = read_figures(json.loads(written)), url_for("outcomes.women", cohort_id=cohort_id)
    figures = whole if names else suppress(whole)
    body = render_template(
        "outcomes/_body.html",
        figures=figures,
        cohort_id=cohort_id,
        names=names,
        open_all=open_all,
        **_claims(figures),
        tables=_tables(figures, with_costs=with_costs),
        charts=outcome_charts(figures),
        titles=CHARTS,
        definitions=DEFINITIONS,
        latest=_latest(figures),
        # Left out because either side is of a few, which is not the same as that there is none.
        has_hidden_difference=bool(whole.difference) and figures.difference is None,
        coverage_share=figures.coverage_share,
        FEW=FEW,
        FEWEST=FEWEST,
        Behind=Behind,
        link=lambda behind: f"{women_at}?{urlencode(behind.arguments())}",
    )
    return figures, Markup(body)  # noqa: S704 (a template's own answer)


def _figures(cohort_id: int) -> tuple[object, KeptFigures, CohortFigures | None]:
    """The cohort, what is kept of it, and as much of that as she may be told."""
    cohort = cohort_in_reach(cohort_id, Permission.VIEW_OUTCOME_SUMS)
    kept = get_cohort_figures(cohort_id)
    in_full = kept.figures is None or _sees_women(cohort)
    return cohort, kept, kept.figures if in_full else suppress(kept.figures)


def _sees_women(cohort) -> bool:
    return can(actor(), Permission.VIEW_OUTCOMES, cohort.scope)


def _tables(figures: CohortFigures, *, with_costs: bool) -> dict[str, tables.Table]:
    made = (
        *(tables.funnel_table, tables.retention_table, tables.weeks_table, tables.first_order_table),
        *(tables.money_table, tables.months_table, tables.products_table, tables.coverage_table),
        *(tables.bands_table, tables.waves_table, tables.changes_table, tables.jobs_table),
    )
    by_key = {table.key: table for table in (make(figures) for make in made)}
    by_key["areas"] = tables.areas_table(figures, region_names({area.region_code for area in figures.areas}))
    if with_costs:
        by_key["costs"] = tables.costs_table(figures)
    return by_key


def _claims(figures: CohortFigures) -> dict[str, object]:
    """What each kind of figure may claim, in words."""
    kinds = {"goes_together": figures.money, "before_after": figures.money.year_earlier}
    kinds |= {"compared": figures.difference} if figures.difference else {}
    claims = {name: claim_of(figure) for name, figure in kinds.items()}
    return {"claims": claims, "claim_words": CLAIMS}


def _latest(figures: CohortFigures):
    """The last day after the course of which something is known, for the sentence at the top."""
    return next((cell for cell in reversed(figures.retention) if cell.eligible and cell.active is not None), None)


@pages.get("/outcomes/women")
@requires(Permission.VIEW_OUTCOMES)
def women(cohort_id: int):
    """The women that a number counts."""
    cohort, behind, order = _asked(cohort_id)
    kept = get_cohort_figures(cohort_id)
    return render_template(
        "outcomes/women.html",
        cohort=cohort,
        kept=kept,
        behind=behind,
        order=order,
        page=women_page(cohort_id, behind, order=order, **paging()),
        day=_day_shown(behind),
        county=region_names({behind.county}).get(behind.county, behind.county) if behind.county else None,
        bands=[(low, band_words(low, high)) for low, high in BANDS],
        stages=choices(Stage),
        states=choices(Activity),
        days=RETENTION_DAYS,
        sources=choices(DataSource),
        Stage=Stage,
    )


def _asked(cohort_id: int) -> tuple[object, Behind, WomenOrder]:
    cohort = cohort_in_reach(cohort_id, Permission.VIEW_OUTCOMES)
    return cohort, _behind(), chosen("sort", WomenOrder) or WomenOrder.SEAT


def _behind() -> Behind:
    """As the address says; a word that means nothing narrows nothing."""
    numbers = {name: request.args.get(name, None, int) for name in ("day", "known", "month", "band")}
    kinds = {"stage": Stage, "way": Way, "state": Activity, "source": DataSource}
    kinds |= {"wave": Wave, "sheet": SheetState, "sold": Sold}
    return Behind(
        **numbers,
        **{name: chosen(name, kind) for name, kind in kinds.items()},
        county=request.args.get("county") or None,
        reach=request.args.get("reach", None, date.fromisoformat),
    )


def _day_shown(behind: Behind) -> int:
    """The day whose state stands in the list: the one asked for, else the day 90 that most figures are of."""
    return next((day for day in (behind.day, behind.known) if day in RETENTION_DAYS), 90)


@pages.get("/outcomes/women.xlsx")
@requires(Permission.EXPORT_PEOPLE)
def export_women(cohort_id: int) -> Response:
    """The whole list as it is cut and sorted."""
    cohort, behind, order = _asked(cohort_id)
    ensure(Permission.EXPORT_PEOPLE, cohort.scope)
    rows = list_women_behind(cohort_id, behind, order=order)
    title = _("Women behind the outcomes of %(cohort)s", cohort=cohort.name)
    content = women_workbook(cohort_lines(title, cohort), rows, _day_shown(behind))
    with transaction():
        audit.record("outcomes.export_women", "cohort", cohort_id, by=actor(), at=clock.now(), rows=len(rows))
    return workbook_response(content, title)


@pages.get("/outcomes.xlsx")
@requires(Permission.VIEW_OUTCOME_SUMS)
def export(cohort_id: int) -> Response:
    """Every table with its chart; the women too for whoever may take out people."""
    cohort, kept, figures = _figures(cohort_id)
    title = _("Outcomes of %(cohort)s", cohort=cohort.name)
    with_women = _sees_women(cohort) and can(actor(), Permission.EXPORT_PEOPLE, cohort.scope)
    rows = list_women_behind(cohort_id, Behind()) if with_women and figures else []
    lines = (*cohort_lines(title, cohort), *_dated(kept))
    with_costs = can(actor(), Permission.VIEW_COSTS, cohort.scope)
    sheets = _tables(figures, with_costs=with_costs).values() if figures else ()
    with transaction():
        audit.record("outcomes.export", "cohort", cohort_id, by=actor(), at=clock.now(), rows=len(rows))
    return workbook_response(outcomes_workbook(lines, list(sheets), rows, is_cut=not _sees_women(cohort)), title)


def _dated(kept: KeptFigures) -> tuple[str, ...]:
    if kept.figures is None:
        return (str(_("No figures yet: they are reckoned within minutes of the first change.")),)
    moment = f"{clock.local(kept.reckoned_at):%Y-%m-%d %H:%M}"
    return (str(SHEET["made_at"]) % {"day": kept.as_of, "moment": moment},)
