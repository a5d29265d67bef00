"""Months of sales: every county's month within reach, one month of a county, city or province, approving, unlocking."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.sales_period import period_title, period_workbook, source_words
from trainer.domain.actors import Scope, regions_above
from trainer.domain.sales_period import (
    Figures,
    PeriodStage,
    changes,
    is_over,
    level_of,
    months_before,
    needed_of,
    standing_approvers,
    together,
    unit_of,
)
from trainer.errors import NotFound, Refused
from trainer.forms.sales_period import ApproveForm, UnlockForm
from trainer.permissions import Permission, can
from trainer.queries.region import full_region_name, region_names
from trainer.queries.sales_period import PeriodEvent, get_stages, homes_seen, homes_within, list_events
from trainer.queries.sales_period_figures import get_figures, list_cohort_quality, list_reporters
from trainer.services import audit
from trainer.services import sales_period as periods
from trainer.views.downloads import made_lines, workbook_response
from trainer.views.guards import actor, ensure, found, requires
from trainer.wording import say
from trainer.wording.sales_period import APPROVE, FIGURES, NOTES, SHEET

pages = Blueprint("sales_period", __name__, url_prefix="/sales/periods")

VIEW, APPROVES = Permission.VIEW_PERIODS, Permission.APPROVE_PERIODS
MONTHS_TO_CHOOSE, MONTHS_TO_SEE = 24, 6


@dataclass(frozen=True)
class CountyMonth:
    """A line of the month's table."""

    code: str
    name: str
    stage: PeriodStage
    figures: Figures


@pages.get("")
@requires(VIEW)
def index():
    choice = months_before(clock.today(), MONTHS_TO_CHOOSE)
    month = _month(request.args.get("month", "")) or choice[0]
    seen = sorted({*choice[:MONTHS_TO_SEE], month}, reverse=True)
    homes = homes_seen(actor())
    figures = get_figures(month, homes, list_reporters(month, homes))
    stages = get_stages(figures, seen)
    names = region_names({*figures, *(above for code in figures for above in regions_above(code))})
    return render_template(
        "sales_period/index.html",
        **{"month": month, "choice": choice, "levels": list(PeriodStage)},
        months=[(one, Counter(stages.get((code, one), PeriodStage.OPEN) for code in figures)) for one in seen],
        groups=[
            (city, names.get(city, city), can(actor(), VIEW, Scope(city)), list(rows))
            for city, rows in groupby(_rows(figures, stages, month, names), lambda row: regions_above(row.code)[1])
        ],
        provinces=[
            (code, names[code])
            for code in sorted({regions_above(code)[0] for code in figures})
            if code in names and can(actor(), VIEW, Scope(code))
        ],
    )


def _month(text: str) -> date | None:
    try:
        month = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 (a month, no moment)
    except ValueError:
        return None
    return month if 2000 <= month.year <= 2100 else None


def _rows(figures: dict[str, Figures], stages, month: date, names: dict[str, str]) -> list[CountyMonth]:
    return [
        CountyMonth(code, _county_name(code, names), stages.get((code, month), PeriodStage.OPEN), figures[code])
        for code in sorted(figures)
    ]


def _county_name(code: str, names: dict[str, str]) -> str:
    """A woman's record may name a city and no county: these are the city's own."""
    name = names.get(code, code)
    return name if level_of(code) is PeriodStage.COUNTY else str(SHEET["itself"]) % {"name": name}


@dataclass(frozen=True)
class UnitMonth:
    """What a page about one month of a county, city or province is made of."""

    code: str
    name: str
    month: date
    rows: list[CountyMonth]
    reporters: list
    history: list[PeriodEvent]

    @property
    def level(self) -> PeriodStage:
        return level_of(self.code)

    @property
    def whole(self) -> Figures:
        return together(row.figures for row in self.rows)

    @property
    def behind(self) -> list[str]:
        """Counties that the level below has still to approve."""
        return [row.name for row in self.rows if row.stage.rank < needed_of(row.code, self.code).rank]

    @property
    def is_approved(self) -> bool:
        return all(row.stage.rank >= self.level.rank for row in self.rows)

    @property
    def stage(self) -> PeriodStage:
        """The least of its counties."""
        return min((row.stage for row in self.rows), key=lambda stage: stage.rank, default=PeriodStage.OPEN)

    @property
    def kept(self) -> Figures | None:
        """The figures of the last approval that stands."""
        if self.stage is PeriodStage.OPEN:
            return None
        return next((one.figures for one in self.history[::-1] if one.step.is_approval), None)

    @property
    def approvers(self) -> set[int | None]:
        return set(standing_approvers((one.step for one in self.history), self.stage).values())


def _unit(region: str, month: str) -> UnitMonth:
    when = found(_month(month))
    ensure(VIEW, Scope(region))
    name = found(full_region_name(region) or None)
    homes = homes_within(region)
    reporters = list_reporters(when, homes)
    figures = get_figures(when, homes, reporters)
    stages, names = get_stages(figures, [when]), region_names(set(figures))
    history = list_events(region, when)
    return UnitMonth(region, name, when, _rows(figures, stages, when, names), reporters, history)


@pages.get("/<region>/<month>")
@requires(VIEW)
def show(region: str, month: str):
    return _page(_unit(region, month), ApproveForm(formdata=None))


def _page(unit: UnitMonth, form: ApproveForm, error: Refused | None = None):
    whole, scope = unit.whole, Scope(unit.code)
    page = render_template(
        "sales_period/show.html",
        **{"unit": unit, "whole": whole, "form": form, "error": say(error) if error else None, "notes": NOTES},
        **{"approve_words": APPROVE[unit.level], "words": FIGURES, "source_words": source_words},
        may_approve=can(actor(), APPROVES, scope),
        approved_below=actor().account_id in unit.approvers,
        is_over=is_over(unit.month, clock.today()),
        changed=changes(unit.kept, whole) if unit.kept else [],
        lacking=[one for one in unit.reporters if not one.has_data]
        if can(actor(), Permission.VIEW_SALES, scope)
        else [],
        quality=list_cohort_quality(unit.month, homes_within(unit.code), unit.reporters),
        unlockable={row.code for row in unit.rows if _may_unlock(row.code, row.stage)},
    )
    return page, error.status if error else 422 if form.errors else 200


def _may_unlock(county: str, stage: PeriodStage) -> bool:
    """Whoever approved it last, or a level above."""
    return stage is not PeriodStage.OPEN and can(actor(), APPROVES, Scope(unit_of(stage, county)))


@pages.post("/<region>/<month>")
@requires(APPROVES)
def approve(region: str, month: str):
    form, when = ApproveForm(), found(_month(month))
    ensure(APPROVES, Scope(region))
    if not form.validate_on_submit():
        return _page(_unit(region, month), form)
    try:
        with transaction():
            count = periods.approve(region, when, reason=form.reason.data or "", by=actor(), at=clock.now())
    except Refused as refused:
        return _page(_unit(region, month), form, refused)
    flash(_("Approved: %(count)s counties. Their sales of this month do not change any more.", count=count))
    return redirect(url_for("sales_period.show", region=region, month=month), 303)


@pages.route("/<region>/<month>/unlock", methods=["GET", "POST"])
@requires(APPROVES)
def unlock(region: str, month: str):
    """One county's month, back to a stage below; what follows stands on the page before the button."""
    when = found(_month(month))
    stage = get_stages([region], [when]).get((region, when), PeriodStage.OPEN)
    if not _may_unlock(region, stage):
        raise NotFound()
    form, error = UnlockForm(stage.below, data={"seen": stage.value, "to_stage": stage.below[0].value}), None
    if form.validate_on_submit():
        try:
            with transaction():
                said = (form.to_stage.data, form.reason.data)
                periods.unlock(region, when, *said, seen=form.stage_seen, by=actor(), at=clock.now())
        except Refused as refused:
            error = refused
        else:
            flash(_("Unlocked. Whoever approved it below was told."))
            return redirect(url_for("sales_period.show", region=region, month=month), 303)
    name = full_region_name(region)
    page = render_template(
        "sales_period/unlock.html",
        **{"form": form, "name": name, "month": when, "stage": stage, "region": region},
        error=say(error) if error else None,
    )
    return page, error.status if error else 422 if form.errors else 200


@pages.get("/<region>/<month>/export")
@requires(VIEW)
def export(region: str, month: str):
    """The month for the report upward; who took it out is written down."""
    unit, now = _unit(region, month), clock.now()
    with transaction():
        audit.record("sales_period.export", "sales_period", f"{region}-{month}", by=actor(), at=now)
    title = period_title(unit.name, month)
    rows = [(row.name, row.stage, row.figures) for row in unit.rows]
    return workbook_response(period_workbook(made_lines(title), rows), title)
