"""Cohorts and cities on equal age: the page, the same of one programme, the workbook."""

from itertools import groupby
from typing import NamedTuple

from flask import Blueprint, current_app, render_template, request
from flask_babel import gettext as _

from trainer import clock
from trainer.documents.outcome_comparison import (
    comparison_title,
    comparison_workbook,
    line_name,
    lines_above,
    retention_chart,
)
from trainer.documents.workbook import export_lines
from trainer.domain.outcome_comparison import Comparison, Cut, Sort, compare, usual_day
from trainer.domain.outcomes import RETENTION_DAYS
from trainer.domain.programme import Track
from trainer.domain.tally import Level
from trainer.permissions import Permission, can
from trainer.queries.outcome_comparison import list_facts, regions_to_compare, years_to_compare
from trainer.queries.programme import get_programme, list_programmes
from trainer.queries.scoping import page_of
from trainer.views.downloads import workbook_response
from trainer.views.guards import actor, ensure, found, requires
from trainer.views.lists import chosen
from trainer.views.tally import area_names
from trainer.wording import choices
from trainer.wording.outcome_comparison import DEFINITIONS, HEADS

pages = Blueprint("outcome_comparison", __name__)

A_PAGE = 50
# Of those not compared the page names so many, the next to come first; the workbook has them all.
MOST_WAITING = 50


class Compared(NamedTuple):
    """What a page or a workbook is made of."""

    comparison: Comparison
    cities: dict[str, str]


@pages.get("/outcomes")
@requires(Permission.VIEW_OUTCOME_SUMS)
def index():
    return _page(asked())


@pages.get("/programmes/<int:programme_id>/outcomes")
@requires(Permission.VIEW_OUTCOME_SUMS)
def programme(programme_id: int):
    """The same, cut to a programme."""
    wanted = found(get_programme(programme_id))
    ensure(Permission.VIEW_PROGRAMME, wanted.viewing_scope)
    return _page(asked(programme_id), programme=wanted)


@pages.get("/outcomes/export")
@requires(Permission.VIEW_OUTCOME_SUMS)
def export():
    comparison, cities = compared(asked())
    title = comparison_title(comparison.day)
    unit = current_app.config["ORGANISATION"] or _("She Power training")
    above = export_lines(title, unit=unit, at=clock.local(clock.now()), by=actor().name)
    above = lines_above(above, comparison.oldest, has_hidden=_is_told_less(comparison))
    content = comparison_workbook(above, comparison, cities, with_costs=can(actor(), Permission.VIEW_COSTS))
    return workbook_response(content, title)


def asked(programme_id: int | None = None) -> Cut:
    """As the address asks; what cannot be is as if it had not been asked."""
    year = request.args.get("year", 0, int)
    return Cut(
        programme_id=programme_id or request.args.get("programme", None, int),
        region_code=request.args.get("region", "")[:6],
        track=chosen("track", Track),
        year=year if 1990 <= year <= 2100 else None,
    )


def compared(cut: Cut, *, hide_small: bool = False) -> Compared:
    """At the day of the address, or the usual one of these cohorts; two statements."""
    cohorts = list_facts(actor(), cut)
    day = request.args.get("day", 0, int)
    day = day if day in RETENTION_DAYS else usual_day(cohorts)
    sort = chosen("sort", Sort) or Sort.END
    comparison = compare(cohorts, day, today=clock.today(), hide_small=hide_small, sort=sort)
    return Compared(comparison, area_names({head.region_code for head, _lines in comparison.cities}, Level.CITY))


def _page(cut: Cut, programme=None) -> str:
    comparison, cities = compared(cut)
    everybody = [(head, line) for head, lines in comparison.cities for line in lines]
    page = page_of(everybody, page=request.args.get("page", 1, int), per_page=A_PAGE)
    on_page = [(head, [line for _head, line in own]) for head, own in groupby(page.items, key=lambda pair: pair[0])]
    return render_template(
        "outcome_comparison/index.html",
        comparison=comparison,
        page=page,
        # The sum of one cohort says nothing that the cohort does not say.
        rows=[line for head, lines in on_page for line in ((head, *lines) if head.cohorts > 1 else lines)],
        name=lambda line: line_name(line, cities),
        chart=retention_chart(comparison, cities, str(DEFINITIONS[0][1])),
        waiting=comparison.waiting[:MOST_WAITING],
        is_told_less=_is_told_less(comparison),
        programme=programme,
        programmes=[] if programme else [(id_, words) for id_, words, _region in list_programmes(actor())],
        regions=regions_to_compare(actor()),
        tracks=choices(Track),
        years=[(year, year) for year in years_to_compare(actor())],
        sorts=choices(Sort),
        sort=chosen("sort", Sort) or Sort.END,
        days=RETENTION_DAYS,
        heads=HEADS,
        definitions=DEFINITIONS,
    )


def _is_told_less(comparison: Comparison) -> bool:
    """Whether small numbers are hidden from her in some of the cohorts."""
    return not can(actor(), Permission.VIEW_OUTCOMES) or comparison.hidden > 0
