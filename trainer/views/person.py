"""People of the register: the list and its export."""

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.workbook import Column, Sheet, export_lines, write_workbook
from trainer.permissions import Permission
from trainer.queries.person import list_people, people_page, regions_of_people
from trainer.services import audit
from trainer.views.downloads import workbook_response
from trainer.views.guards import actor, requires

pages = Blueprint("person", __name__, url_prefix="/people")


@pages.get("")
@requires(Permission.VIEW_PEOPLE)
def index():
    page = people_page(
        actor(),
        **_filters(),
        page=request.args.get("page", 1, int),
        per_page=request.args.get("per_page", 20, int),
    )
    return render_template("person/index.html", page=page, regions=regions_of_people(actor()), filters=_filters())


@pages.get("/export")
@requires(Permission.EXPORT_PEOPLE)
def export():
    """What the list shows under the same filters, phones masked; who took it out, and how many, is written down."""
    people, now = list_people(actor(), **_filters()), clock.now()
    with transaction():
        audit.record(
            "person.export", "person", "-", by=actor(), at=now, people=len(people), region=_filters()["region_code"]
        )
    columns = [
        *(Column(_("No."), "number", 6), Column(_("Name")), Column(_("Phone"), width=14), Column(_("County"))),
        *(Column(_("Township"), width=14), Column(_("Village"), width=14), Column(_("Business"), width=14)),
        Column(_("Cohorts"), width=36),
    ]
    rows = [
        (number, row.name, row.phone, row.region, row.township, row.village, row.business, _names(row.cohorts))
        for number, row in enumerate(people, 1)
    ]
    title = _("People of the register")
    above = export_lines(title, unit=_("She Power training"), at=clock.local(now), by=actor().name)
    return workbook_response(write_workbook([Sheet(title, columns, rows, above)]), title)


def _filters() -> dict[str, str]:
    return {"text": request.args.get("q", "").strip(), "region_code": request.args.get("region", "")}


def _names(cohorts: tuple[tuple[int, str], ...]) -> str:
    return "、".join(name for _id, name in cohorts)
