"""The reporting board: of whom there are sales data, by county and cohort, and whom to remind."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.reporting import reporting_title, reporting_workbook
from trainer.domain.reporting import MOST_AT_ONCE, SILENT, Reporting, ReportingLine
from trainer.permissions import Permission
from trainer.queries.programme import list_programmes
from trainer.queries.reporting import (
    Wanted,
    cohorts_page,
    list_counties,
    list_silent,
    list_to_remind,
    silent_page,
    who_reminds,
)
from trainer.services import audit
from trainer.services.reporting import remind as send_reminders
from trainer.views.downloads import workbook_response
from trainer.views.guards import actor, requires
from trainer.views.lists import chosen, paging
from trainer.wording import choices
from trainer.wording.reporting import DEFINITIONS

pages = Blueprint("reporting", __name__, url_prefix="/outcomes/reporting")

# The page opens with so many counties, those with most women missing; the others unfold.
A_PAGE, FIRST_COUNTIES, MOST_ROWS = 20, 10, 5_000


@pages.get("")
@requires(Permission.VIEW_OUTCOMES)
def index():
    wanted, today = _wanted(), clock.today()
    counties = list_counties(actor(), wanted, today)
    page = silent_page(actor(), wanted, today, **paging())
    return render_template(
        "reporting/index.html",
        wanted=wanted,
        today=today,
        counties=counties,
        first_counties=FIRST_COUNTIES,
        together=_together(counties),
        cohorts=cohorts_page(actor(), wanted, today, page=request.args.get("cohorts", 1, int), per_page=A_PAGE),
        page=page,
        staff=who_reminds(page.items),
        programmes=[(id_, name) for id_, name, _region in list_programmes(actor())],
        kept=_kept(),
        states=[(value, words) for value, words in choices(Reporting) if value in SILENT],
        definitions=DEFINITIONS,
    )


def _wanted() -> Wanted:
    return Wanted(
        programme_id=request.args.get("programme", None, int),
        cohort_id=request.args.get("cohort", None, int),
        county=request.args.get("county", "")[:6],
        state=chosen("state", Reporting),
    )


def _together(counties: list[tuple[str, ReportingLine]]) -> ReportingLine:
    counts = {state: sum(line.counts.get(state, 0) for _name, line in counties) for state in Reporting}
    return ReportingLine(None, counts)


@pages.route("/remind", methods=["GET", "POST"])
@requires(Permission.SEND_MESSAGES)
def remind():
    """How many it would reach and what they read; the button sends it, and it cannot be taken back."""
    wanted, today = _wanted(), clock.today()
    if request.method == "POST":
        with transaction():
            women = list_to_remind(actor(), wanted, today, limit=MOST_AT_ONCE)
            told = send_reminders(women, link=url_for("own_sales_entry.index"), by=actor(), at=clock.now())
        flash(_("%(count)s women were reminded.", count=told))
        return redirect(url_for("reporting.index", **_kept()), 303)
    women = list_to_remind(actor(), wanted, today, limit=MOST_AT_ONCE)
    return render_template("reporting/remind.html", women=women, limit=MOST_AT_ONCE, kept=_kept())


def _kept() -> dict[str, str | None]:
    return {name: request.args.get(name) for name in ("programme", "cohort", "county", "state")}


@pages.get("/export")
@requires(Permission.EXPORT_PEOPLE)
def export():
    """Those to remind under the same filters, phones masked; who took it out, and how many, is written down."""
    women = list_silent(actor(), _wanted(), clock.today(), limit=MOST_ROWS)
    now, title = clock.now(), reporting_title(clock.today())
    with transaction():
        audit.record("sales_data.export", "person", "-", by=actor(), at=now, women=len(women))
    unit = current_app.config["ORGANISATION"] or _("She Power training")
    content = reporting_workbook(title, women, who_reminds(women), unit=unit, by=actor().name, at=clock.local(now))
    return workbook_response(content, title)
