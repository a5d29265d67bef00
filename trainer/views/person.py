"""People of the register: the list and its masked export, one woman, and her sign-in code."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.people import people_title, people_workbook
from trainer.domain.background_task import TaskKind
from trainer.domain.browsers import read_user_agent
from trainer.domain.consent import standings
from trainer.domain.data_request import RequestKind
from trainer.domain.people import mask_id_number, mask_phone
from trainer.domain.search import parse
from trainer.errors import Refused
from trainer.forms.disclosure import RevealForm
from trainer.permissions import Permission, can
from trainer.queries.account import get_account_of_person
from trainer.queries.at_risk import list_contacts_of
from trainer.queries.consent import list_consents_of
from trainer.queries.data_request import list_requests_of
from trainer.queries.device import PhoneRow, list_phones_of
from trainer.queries.follow_up import list_follow_ups_of
from trainer.queries.person import (
    PersonEnrolment,
    count_people,
    get_person_for,
    list_enrolments_of,
    list_people,
    people_page,
    permissions_over,
    regions_of_people,
)
from trainer.queries.person_merge import get_successor_for, list_merges_of
from trainer.queries.region import full_region_name
from trainer.queries.service_hours import get_totals_of
from trainer.queries.shop import list_shops_of
from trainer.queries.site import get_site
from trainer.services import audit, trainee_access
from trainer.services.background_task import ask_for_task
from trainer.views.disclosure import fields_on_record
from trainer.views.downloads import workbook_response
from trainer.views.guards import actor, found, requires
from trainer.views.lists import paging, people_filters
from trainer.wording import choices

pages = Blueprint("person", __name__, url_prefix="/people")


# What her page asks of whoever looks at it.
OVER_HER = (
    *(Permission.UNMASK, Permission.VIEW_SALES, Permission.IMPORT_SALES, Permission.MANAGE_PEOPLE),
    Permission.HANDLE_DATA_REQUESTS,
)
# What somebody waits for in front of the browser; a longer list is made in the background.
MOST_AT_ONCE = 2_000


class TooManyAtOnce(Refused):
    code = "too_many_to_export_at_once"


@pages.get("")
@requires(Permission.VIEW_PEOPLE)
def index():
    """The list. A whole phone or ID number among the filters is sent away from, like in the search."""
    if not parse(people_filters()["text"]).may_stand_in_address:
        flash(_("Type a whole number into the search box: it must not stand in an address."), "bad")
        return redirect(url_for("person.index"), 303)
    page = people_page(actor(), **people_filters(), **paging())
    return render_template(
        "person/index.html",
        page=page,
        regions=regions_of_people(actor()),
        filters=people_filters(),
        is_long=page.total > MOST_AT_ONCE,
    )


@pages.get("/export")
@requires(Permission.EXPORT_PEOPLE)
def export():
    """What the list shows under the same filters, phones masked; who took it out, and how many, is written down."""
    count, now = count_people(actor(), **people_filters()), clock.now()
    if count > MOST_AT_ONCE:
        raise TooManyAtOnce(count=count)
    people = list_people(actor(), **people_filters())
    with transaction():
        audit.record(
            "person.export", "person", "-", by=actor(), at=now, people=count, region=people_filters()["region_code"]
        )
    unit, by = current_app.config["ORGANISATION"], actor().name
    return workbook_response(people_workbook(people, unit=unit, by=by, at=clock.local(now)), people_title())


@pages.post("/export")
@requires(Permission.EXPORT_PEOPLE)
def export_later():
    """The same for a long list, in the background. What so many have in common tells of none of them: the filter is
    kept with the task."""
    filters, now = people_filters(), clock.now()
    count = count_people(actor(), **filters)
    if count <= MOST_AT_ONCE:
        return redirect(url_for("person.export", q=filters["text"] or None, region=filters["region_code"] or None), 303)
    key = f"{actor().account_id} {filters['region_code']} {filters['text']}"[:120]
    with transaction():
        audit.record("person.export", "person", "-", by=actor(), at=now, people=count, region=filters["region_code"])
        task_id = ask_for_task(TaskKind.PEOPLE_EXPORT, key, filters, by=actor(), at=now)
    return redirect(url_for("background_task.show", task_id=task_id), 303)


@pages.get("/<int:person_id>")
@requires(Permission.VIEW_PEOPLE)
def show(person_id: int):
    """One woman: who she is, her cohorts, consents and shops; the phone masked."""
    person = get_person_for(actor(), Permission.VIEW_PEOPLE, person_id)
    if person is None:
        successor = found(get_successor_for(actor(), Permission.VIEW_PEOPLE, person_id))
        return redirect(url_for("person.show", person_id=successor), 303)
    enrolments = list_enrolments_of(person.id)
    account = get_account_of_person(person.id)
    consents = list_consents_of(person.id)
    may = permissions_over(actor(), person.id, OVER_HER)
    return render_template(
        "person/show.html",
        person=person,
        phone=mask_phone(person.phone),
        id_number=mask_id_number(person.id_number),
        reveal=_reveal_form(person) if Permission.UNMASK in may else None,
        region=full_region_name(person.region_code),
        site=get_site(person.site_id) if person.site_id else None,
        enrolments=[(row, _may_see(row)) for row in enrolments],
        consents=consents,
        standings=standings(consents),
        calls=list_contacts_of(actor(), person.id) if can(actor(), Permission.FOLLOW_UP) else [],
        follow_ups=list_follow_ups_of(actor(), person.id) if can(actor(), Permission.RECORD_OUTCOMES) else [],
        service=get_totals_of(person.id),
        shops=list_shops_of(person.id) if Permission.VIEW_SALES in may else None,
        may_enter_shops=Permission.IMPORT_SALES in may,
        may_issue_code=Permission.MANAGE_PEOPLE in may,
        signed_in_at=account.last_sign_in_at if account else None,
        phones=_phones(account.id) if account else [],
        requests=list_requests_of(person.id) if Permission.HANDLE_DATA_REQUESTS in may else None,
        request_kinds=choices(RequestKind),
        merges=list_merges_of(person.id),
    )


def _phones(account_id: int) -> list[tuple[PhoneRow, tuple]]:
    return [(row, read_user_agent(row.user_agent)) for row in list_phones_of(account_id, at=clock.now())]


def _reveal_form(person) -> RevealForm | None:
    """Where there is a value to look at in full."""
    fields = fields_on_record(person)
    return RevealForm(fields) if fields else None


def _may_see(enrolment: PersonEnrolment) -> bool:
    return can(actor(), Permission.VIEW_COHORT, enrolment.scope)


@pages.post("/<int:person_id>/code")
@requires(Permission.MANAGE_PEOPLE)
def issue_code(person_id: int):
    """Six digits to read aloud to her, shown once."""
    with transaction():
        person = found(get_person_for(actor(), Permission.MANAGE_PEOPLE, person_id))
        code = trainee_access.issue_code_for(person, by=actor(), at=clock.now())
    return render_template("person/code.html", person=person, phone=mask_phone(person.phone), code=code)
