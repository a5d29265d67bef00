"""The ledger of help: its list, help entered, approved by somebody else, taken back; the tariff."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.service_hours import ledger_title, ledger_workbook
from trainer.domain.search import parse
from trainer.domain.service_hours import POINTS_PER_HOUR, ServiceKind, ServiceState, points_for, rate_on
from trainer.errors import NotFound, Refused
from trainer.forms.form import Form
from trainer.forms.service_hours import HelpForm, RateForm, ReasonForm
from trainer.permissions import Permission, can
from trainer.queries.person import get_person_for
from trainer.queries.service_hours import (
    MOST_TO_TICK,
    EntryRow,
    Helper,
    Wanted,
    entries_page,
    get_entry_for,
    get_evidence,
    get_totals,
    list_cohorts_to_help,
    list_entries,
    list_helpers,
    list_rate_history,
    list_rates,
    list_to_approve,
    regions_of_helpers,
)
from trainer.services import audit
from trainer.services import service_hours as ledger
from trainer.services.file import read_file
from trainer.services.picture import redraw_sent
from trainer.views.downloads import picture_response, workbook_response
from trainer.views.guards import actor, found, requires
from trainer.views.lists import chosen, paging
from trainer.wording import choices, say

pages = Blueprint("service_hours", __name__, url_prefix="/service-hours")

# What somebody waits for in front of the browser.
MOST_ROWS = 5_000
MOST_AT_ONCE = 100


class TooManyEntries(Refused):
    code = "service_too_many_to_export"


@pages.get("")
@requires(Permission.VIEW_PEOPLE)
def index():
    """The ledger with its sums; a box before each entry that she may approve."""
    wanted = _wanted()
    return render_template(
        "service_hours/index.html",
        page=entries_page(actor(), wanted, **paging()),
        totals=get_totals(actor(), wanted),
        regions=regions_of_helpers(actor()),
        kinds=choices(ServiceKind),
        states=choices(ServiceState),
        person=get_person_for(actor(), Permission.VIEW_PEOPLE, wanted.person_id) if wanted.person_id else None,
        years=range(clock.today().year, clock.today().year - 5, -1),
    )


def _wanted() -> Wanted:
    year = request.args.get("year", 0, int)
    return Wanted(
        *(chosen("state", ServiceState), chosen("kind", ServiceKind), request.args.get("region", "")[:12]),
        *(request.args.get("person", type=int), year if 2000 <= year <= 2100 else None),
    )


@pages.get("/export")
@requires(Permission.EXPORT_PEOPLE)
def export():
    """What the list shows under the same filters; who took it out is written down."""
    wanted, now = _wanted(), clock.now()
    entries = list_entries(actor(), wanted, most=MOST_ROWS + 1)
    if len(entries) > MOST_ROWS:
        raise TooManyEntries(most=MOST_ROWS)
    with transaction():
        audit.record("service_hours.export", "service_hours", "-", by=actor(), at=now, rows=len(entries))
    unit = current_app.config["ORGANISATION"] or _("She Power training")
    facts = {"unit": unit, "by": actor().name, "at": clock.local(now)}
    totals = get_totals(actor(), wanted, Permission.EXPORT_PEOPLE)
    return workbook_response(ledger_workbook(entries, totals, **facts), ledger_title())


@pages.route("/new", methods=["GET", "POST"])
@requires(Permission.RECORD_SERVICE)
def new():
    """Who helped: looked for by name or by cohort, and ticked; then what they did."""
    form, error = HelpForm(list_cohorts_to_help(actor()), data={"day": clock.today()}), None
    ticked = request.form.getlist("person", int)[:MOST_TO_TICK]
    if form.validate_on_submit():
        try:
            entered = _enter(form, ticked)
        except NotFound:
            raise
        except Refused as refused:
            error = refused
        else:
            flash(_("Entered for %(count)s people. Somebody else approves it.", count=entered))
            return redirect(url_for("service_hours.index", state=ServiceState.PROPOSED.value), 303)
    page = render_template(
        "service_hours/new.html",
        **{"form": form, "helpers": _helpers(ticked), "ticked": ticked or request.args.getlist("person", int)},
        **{"most": MOST_TO_TICK, "cohorts": form.cohort_id.choices[1:], "asks_again": _asks_again(error, form)},
        error=say(error) if error else None,
    )
    return page, error.status if error else 422 if form.errors else 200


def _asks_again(error: Refused | None, form) -> bool:
    """The box “It was so” stands there only where it was asked for."""
    return isinstance(error, ledger.EnteredAlready) or bool(form.anyway.data)


def _helpers(ticked: list[int]) -> list[Helper]:
    """The names to tick; what was ticked stays to be seen whatever is looked for."""
    text = request.args.get("q", "").strip()
    cohort_id, ids = request.args.get("cohort", type=int), request.args.getlist("person", int)[:MOST_TO_TICK]
    if not parse(text).may_stand_in_address:
        flash(_("Type a whole number into the search box: it must not stand in an address."), "bad")
        text = ""
    if text or cohort_id or ids:
        return list_helpers(actor(), text=parse(text).text, cohort_id=cohort_id, ids=ids or None)
    return list_helpers(actor(), ids=ticked) if ticked else []


def _enter(form: HelpForm, ticked: list[int]) -> int:
    picture = redraw_sent(form.picture.data)
    with transaction():
        if len(list_helpers(actor(), ids=ticked)) != len(set(ticked)):
            raise NotFound()
        facts = {"nonce": form.idempotency_key.data, "picture": picture, "anyway": form.anyway.data}
        return len(ledger.enter(ticked, form.help(), **facts, by=actor(), at=clock.now()))


@pages.route("/approve", methods=["GET", "POST"])
@requires(Permission.APPROVE_SERVICE)
def approve():
    """Those that were ticked: their names and what they come to, then one button."""
    ids = request.values.getlist("entry", int)[:MOST_AT_ONCE]
    rows, error = list_to_approve(actor(), ids), None
    if len(rows) != len(set(ids)):
        raise NotFound()
    ours = [row for row in rows if row.may_be_decided_by(actor())]
    form = Form()
    if form.validate_on_submit():
        try:
            with transaction():
                done = ledger.approve(ids, by=actor(), at=clock.now())
        except Refused as refused:
            error = refused
        else:
            flash(_("Approved: %(count)s", count=done))
            return redirect(url_for("service_hours.index", state=ServiceState.PROPOSED.value), 303)
    points = _points(ours)
    page = render_template(
        "service_hours/approve.html",
        **{"ours": ours, "others": [row for row in rows if row not in ours], "points": points, "form": form},
        error=say(error) if error else None,
    )
    return page, error.status if error else 422 if form.errors else 200


def _points(rows: list[EntryRow]) -> dict[int, int]:
    """What each would be worth, approved now."""
    rates = list_rates()
    return {row.id: points_for(row.minutes, rate_on(rates, row.kind, row.day)) for row in rows}


@pages.route("/<int:entry_id>", methods=["GET", "POST"])
@requires(Permission.VIEW_PEOPLE)
def show(entry_id: int):
    """One entry, and what may be done with it: approve, refuse, take back."""
    row, form, error = found(get_entry_for(actor(), Permission.VIEW_PEOPLE, entry_id)), ReasonForm(), None
    if request.method == "POST":
        may_decide = _may_decide(entry_id)
        if form.validate_on_submit():
            try:
                with transaction():
                    _act(entry_id, form.reason.data or "", may_decide=may_decide)
            except NotFound:
                raise
            except Refused as refused:
                error = refused
            else:
                flash(_("Saved."))
                return redirect(url_for("service_hours.show", entry_id=entry_id), 303)
    page = render_template(
        "service_hours/show.html",
        **{"row": row, "form": form, "points": _points([row])[row.id], "may_decide": _may_decide(entry_id)},
        error=say(error) if error else None,
    )
    return page, error.status if error else 422 if form.errors else 200


def _may_decide(entry_id: int) -> bool:
    can_approve = can(actor(), Permission.APPROVE_SERVICE)
    return can_approve and get_entry_for(actor(), Permission.APPROVE_SERVICE, entry_id) is not None


def _act(entry_id: int, reason: str, *, may_decide: bool) -> None:
    act, who = request.form.get("act"), {"by": actor(), "at": clock.now()}
    if act == "withdraw":  # her own mistake, before anybody decided
        ledger.withdraw(entry_id, **who)
    elif not may_decide:
        raise NotFound()
    elif act == "refuse":
        ledger.refuse(entry_id, reason, **who)
    elif act == "take_back":
        ledger.take_back(entry_id, reason, **who)
    else:
        ledger.approve([entry_id], **who)


@pages.get("/<int:entry_id>/evidence")
@requires(Permission.VIEW_PEOPLE)
def evidence(entry_id: int):
    """The picture; that it was looked at is written down."""
    found(get_entry_for(actor(), Permission.VIEW_PEOPLE, entry_id))
    picture = picture_response(read_file(found(get_evidence(entry_id))), f"help-{entry_id}")
    with transaction():
        audit.record("service_hours.show_evidence", "service_hours", entry_id, by=actor(), at=clock.now())
    return picture


@pages.route("/tariff", methods=["GET", "POST"])
@requires(Permission.VIEW_PEOPLE)
def tariff():
    """What an hour is worth today, what it will be, what it was; set by whoever plans for a province."""
    may_set, form, error = can(actor(), Permission.MANAGE_TARIFF), RateForm(), None
    if request.method == "POST" and not may_set:
        raise NotFound()
    if form.validate_on_submit():
        try:
            with transaction():
                facts = (form.kind.data, form.from_on.data, form.points_per_hour.data)
                ledger.set_rate(*facts, by=actor(), at=clock.now())
        except Refused as refused:
            error = refused
        else:
            flash(_("The new rate stands."))
            return redirect(url_for("service_hours.tariff"), 303)
    history = list_rate_history()
    today, rates = clock.today(), [rate for rate, _at, _by in history]
    page = render_template(
        "service_hours/tariff.html",
        **{"form": form, "may_set": may_set, "history": history, "default": POINTS_PER_HOUR},
        now=[(kind, rate_on(rates, kind, today)) for kind in ServiceKind],
        error=say(error) if error else None,
    )
    return page, error.status if error else 422 if form.errors else 200
