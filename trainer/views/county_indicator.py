"""County indicators of a programme: before and after, one series, a reading entered and taken back, its evidence."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.chart import Axis, Bar, bars
from trainer.documents.county_indicator import indicators_title, indicators_workbook
from trainer.domain.actors import Scope
from trainer.domain.county_indicator import COUNTED, before_after, compare
from trainer.domain.programme import common_area
from trainer.errors import NotFound, Refused
from trainer.forms.county_indicator import ReadingForm
from trainer.forms.form import options
from trainer.permissions import Permission, can
from trainer.queries.county_indicator import (
    ReadingRow,
    county_choices,
    get_evidence,
    get_reading,
    list_readings,
    list_series,
)
from trainer.queries.programme import get_programme
from trainer.services import audit
from trainer.services import county_indicator as indicators
from trainer.views.downloads import made_lines, workbook_response
from trainer.views.evidence import evidence_response, sealed
from trainer.views.form_page import form_page
from trainer.views.guards import actor, ensure, found, requires
from trainer.views.places import own_areas
from trainer.views.taking_back import programme_trail, take_back_page
from trainer.wording import label
from trainer.wording.county_indicator import NOT_BEFORE, NOTES

pages = Blueprint("county_indicator", __name__, url_prefix="/programmes")

VIEW, RECORD = Permission.VIEW_OUTCOME_SUMS, Permission.RECORD_OUTCOMES
# As many as a phone shows with their values above them.
COLUMNS = 6


def programme_in_reach(programme_id: int):
    """One that she may see the sums of; 404 else."""
    programme = found(get_programme(programme_id))
    ensure(VIEW, programme.viewing_scope)
    return programme


def counties_within(programme, permission: Permission) -> list[tuple[str, str]]:
    """(code, name) of the programme's counties in which she may do `permission`; 404 where there is none."""
    areas = {
        common_area(area, programme.region_code) if area else programme.region_code for area in own_areas(permission)
    }
    return county_choices(areas - {None}) or found(None)


def has_counties(programme, permission: Permission) -> bool:
    """Whether she has an area that the programme reaches."""
    return any(area is None or common_area(area, programme.region_code) for area in own_areas(permission))


@pages.get("/<int:programme_id>/counties")
@requires(VIEW)
def index(programme_id: int):
    programme = programme_in_reach(programme_id)
    return render_template(
        "county_indicator/index.html",
        programme=programme,
        pairs=compare(list_readings(actor(), programme_id), programme.starts_on),
        may_record=has_counties(programme, RECORD),
        notes=NOTES,
        not_before=NOT_BEFORE,
    )


@pages.get("/<int:programme_id>/counties/export")
@requires(VIEW)
def export(programme_id: int):
    """As the page shows it, and all readings behind it; who took it out is written down."""
    programme, now = programme_in_reach(programme_id), clock.now()
    name, begins_on = programme.name, programme.starts_on
    readings = list_readings(actor(), programme_id)
    with transaction():
        audit.record("county_indicator.export", "programme", programme_id, by=actor(), at=now)
    title = indicators_title(name)
    return workbook_response(indicators_workbook(made_lines(title), compare(readings, begins_on), readings), title)


@pages.route("/<int:programme_id>/counties/new", methods=["GET", "POST"])
@requires(RECORD)
def new(programme_id: int):
    programme = found(get_programme(programme_id))
    form, error = ReadingForm(data={"measured_on": clock.today()}), None
    form.region_code.choices = options(counties_within(programme, RECORD))
    if form.validate_on_submit():
        try:
            evidence = sealed(form.evidence.data)
            with transaction():
                row = indicators.record_reading(
                    *(programme_id, form.draft()),
                    **{"nonce": form.idempotency_key.data, "evidence": evidence, "by": actor(), "at": clock.now()},
                )
                reading_id = row.id
        except NotFound:
            raise
        except Refused as refused:
            error = refused
        else:
            flash(_("Entered. It stands in its series."))
            return redirect(url_for("county_indicator.show", reading_id=reading_id), 303)
    leaps = isinstance(error, indicators.ReadingLeaps) or form.is_sure.data
    return form_page("county_indicator/new.html", form, error, programme=get_programme(programme_id), leaps=leaps)


def _reading(permission: Permission, reading_id: int):
    row = found(get_reading(reading_id))
    ensure(permission, Scope(row.region_code))
    return row


@pages.get("/counties/<int:reading_id>")
@requires(VIEW)
def show(reading_id: int):
    """The series that a reading stands in."""
    row = _reading(VIEW, reading_id)
    programme, readings = get_programme(row.programme_id), list_series(row)
    standing = [one for one in readings if not one.taken_back_at]
    return render_template(
        "county_indicator/show.html",
        **{"programme": programme, "one": row, "readings": readings, "notes": NOTES, "not_before": NOT_BEFORE},
        standing=len(standing),
        pair=before_after(standing, programme.starts_on) if standing else None,
        chart=_chart(standing) if len(standing) > 1 else None,
        may_record=can(actor(), RECORD, Scope(row.region_code)),
        sees_evidence=can(actor(), Permission.VIEW_OUTCOMES, Scope(row.region_code)),
    )


def _chart(readings):
    """The newest readings that count, a column each; all of them stand in the table beside it."""
    one, newest = readings[0], readings[-COLUMNS:]
    columns = tuple(Bar(f"{row.measured_on:%Y-%m}", row.value_hundredths / 100, _amount(row)) for row in newest)
    title = " · ".join(filter(None, (one.region, label(one.kind), one.subject)))
    return bars(title, f"{one.unit}.", columns, Axis(one.unit))


def _amount(row: ReadingRow) -> str:
    return f"{row.value_hundredths / 100:,.{0 if row.kind in COUNTED else 2}f}"


@pages.route("/counties/<int:reading_id>/take-back", methods=["GET", "POST"])
@requires(RECORD)
def take_back(reading_id: int):
    row = _reading(RECORD, reading_id)
    programme, subject = get_programme(row.programme_id), " · ".join(filter(None, (label(row.kind), row.subject)))
    return take_back_page(
        *(indicators.take_back, reading_id),
        title=_("Take back the reading of %(day)s", day=row.measured_on),
        thing=f"{row.region} · {subject} · {_amount(row)} {row.unit}",
        trail=programme_trail(
            programme,
            (_("County indicators"), url_for("county_indicator.index", programme_id=programme.id)),
            (f"{row.region} · {subject}", url_for("county_indicator.show", reading_id=reading_id)),
        ),
    )


@pages.get("/counties/<int:reading_id>/evidence")
@requires(Permission.VIEW_OUTCOMES)
def evidence(reading_id: int):
    """A picture or a PDF, which may name people: not for outsiders; that it was looked at is written down."""
    _reading(Permission.VIEW_OUTCOMES, reading_id)
    return evidence_response(found(get_evidence(reading_id)), "county_indicator", reading_id)
