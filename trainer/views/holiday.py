"""The table of holidays: a year of it, a day set or taken out."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.errors import NotFound
from trainer.forms.holiday import HolidayForm, RemoveHolidayForm
from trainer.forms.timetable import EARLIEST, LATEST
from trainer.permissions import Permission, can
from trainer.queries.holiday import list_year
from trainer.services import holiday as holidays
from trainer.views.guards import actor, requires, signed_in

pages = Blueprint("holiday", __name__, url_prefix="/holidays")


@pages.get("")
@signed_in
def index():
    """Everybody who plans looks; the whole site's staff change."""
    if not (can(actor(), Permission.VIEW_COHORT) or can(actor(), Permission.MANAGE_HOLIDAYS)):
        raise NotFound()
    return _page(_year(request.args.get("year", 0, int)), HolidayForm())


def _year(wanted: int) -> int:
    return wanted if EARLIEST.year <= wanted <= LATEST.year else clock.today().year


def _page(year: int, form: HolidayForm) -> str:
    return render_template("holiday/index.html", year=year, days=list_year(year), form=form)


@pages.post("")
@requires(Permission.MANAGE_HOLIDAYS)
def set_day():
    form = HolidayForm()
    if not form.validate():
        return _page(form.day.data.year if form.day.data else _year(0), form), 422
    with transaction():
        holidays.set_day(form.day.data, form.kind.data, form.name.data, by=actor(), at=clock.now())
    flash(_("%(day)s is set: %(name)s.", day=form.day.data, name=form.name.data))
    return redirect(url_for("holiday.index", year=form.day.data.year), 303)


@pages.post("/remove")
@requires(Permission.MANAGE_HOLIDAYS)
def remove():
    form = RemoveHolidayForm()
    if not form.validate():
        return _page(_year(0), HolidayForm(formdata=None)), 422
    with transaction():
        holidays.remove_day(form.day.data, by=actor(), at=clock.now())
    flash(_("%(day)s is taken out of the table: the weekday decides.", day=form.day.data))
    return redirect(url_for("holiday.index", year=form.day.data.year), 303)
