"""People of the register: the list and its export, one woman, and her sign-in code."""

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.workbook import Column, Sheet, export_lines, write_workbook
from trainer.domain.actors import Scope
from trainer.domain.people import mask_phone
from trainer.permissions import Permission, can
from trainer.queries.account import get_account_of_person
from trainer.queries.person import (
    PersonEnrolment,
    get_person_for,
    list_consents_of,
    list_enrolments_of,
    list_people,
    people_page,
    regions_of_people,
)
from trainer.queries.region import full_region_name
from trainer.queries.shop import get_seller_for, list_shops_of
from trainer.services import audit, trainee_access
from trainer.views.downloads import workbook_response
from trainer.views.guards import actor, found, requires
from trainer.views.lists import paging

pages = Blueprint("person", __name__, url_prefix="/people")


@pages.get("")
@requires(Permission.VIEW_PEOPLE)
def index():
    page = people_page(actor(), **_filters(), **paging())
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


@pages.get("/<int:person_id>")
@requires(Permission.VIEW_PEOPLE)
def show(person_id: int):
    """One woman: who she is, her cohorts, consents and shops; the phone masked."""
    person = found(get_person_for(actor(), Permission.VIEW_PEOPLE, person_id))
    enrolments = list_enrolments_of(person.id)
    account = get_account_of_person(person.id)
    return render_template(
        "person/show.html",
        person=person,
        phone=mask_phone(person.phone),
        region=full_region_name(person.region_code),
        enrolments=[(row, _may_see(row)) for row in enrolments],
        consents=list_consents_of(person.id),
        shops=list_shops_of(person.id) if get_seller_for(actor(), Permission.VIEW_SALES, person.id) else None,
        may_enter_shops=get_seller_for(actor(), Permission.IMPORT_SALES, person.id) is not None,
        may_issue_code=get_person_for(actor(), Permission.MANAGE_PEOPLE, person.id) is not None,
        signed_in_at=account.last_sign_in_at if account else None,
    )


def _may_see(enrolment: PersonEnrolment) -> bool:
    return can(actor(), Permission.VIEW_COHORT, Scope(enrolment.region_code, enrolment.cohort_id))


@pages.post("/<int:person_id>/code")
@requires(Permission.MANAGE_PEOPLE)
def issue_code(person_id: int):
    """Six digits to read aloud to her, shown once."""
    with transaction():
        person = found(get_person_for(actor(), Permission.MANAGE_PEOPLE, person_id))
        code = trainee_access.issue_code_for(person, by=actor(), at=clock.now())
    return render_template("person/code.html", person=person, phone=mask_phone(person.phone), code=code)


def _filters() -> dict[str, str]:
    return {"text": request.args.get("q", "").strip(), "region_code": request.args.get("region", "")}


def _names(cohorts: tuple[tuple[int, str], ...]) -> str:
    return "、".join(name for _id, name in cohorts)
