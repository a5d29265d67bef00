"""Protected values in full: one on the page, with a reason; a list as a file, with a reason and a recipient."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from trainer import clock
from trainer.database import transaction
from trainer.domain.disclosure import DisclosureReason, ProtectedField, Purpose
from trainer.errors import Conflict, NotFound, Refused
from trainer.forms.disclosure import ExportForm, RevealForm
from trainer.permissions import Permission
from trainer.queries.disclosure import exportable_fields
from trainer.queries.person import get_person_for, ids_to_disclose
from trainer.services import disclosure
from trainer.views.guards import actor, found, once, requires
from trainer.views.lists import people_filters
from trainer.views.reach import cohort_in_reach
from trainer.wording import say

pages = Blueprint("disclosure", __name__, url_prefix="/people")


class ListChanged(Conflict):
    """Since she read how many they are, somebody came or went."""

    code = "list_to_export_changed"


@pages.route("/<int:person_id>/reveal", methods=["GET", "POST"])
@requires(Permission.UNMASK)
def reveal(person_id: int):
    """Which value and why; the answer shows it this once."""
    person = found(get_person_for(actor(), Permission.UNMASK, person_id))
    form, error, status = RevealForm(fields_on_record(person)), None, 200
    if form.validate_on_submit():
        try:
            value = shown_in_full(person_id, form.field.data, form.purpose)
            return render_template("disclosure/value.html", person=person, field=form.field.data, value=value)
        except NotFound:
            raise
        except Refused as refused:
            error, status = say(refused), refused.status
    page = render_template("disclosure/reveal.html", person=person, form=form, error=error)
    return page, 422 if form.errors else status


def fields_on_record(person) -> list[ProtectedField]:
    """What there is to show of her."""
    there = {ProtectedField.PHONE: person.phone_index, ProtectedField.ID_NUMBER: person.id_number_index}
    return [field for field, index in there.items() if index]


def shown_in_full(person_id: int, field: ProtectedField, purpose: Purpose) -> str:
    """The value, for this once; that somebody at her limit goes on asking is written down."""
    most = current_app.config["UNMASK_PER_DAY"]
    try:
        with transaction():
            person = found(get_person_for(actor(), Permission.UNMASK, person_id))
            return disclosure.reveal(person, field, purpose, most_a_day=most, by=actor(), at=clock.now())
    except disclosure.TooManyLooks:
        with transaction():
            disclosure.note_refusal(person_id, field, by=actor(), at=clock.now())
        raise


def number_to_call(person_id: int) -> tuple[dict[str, str | None], int]:
    """Her phone number in full for a call, or why not: what the page of the call shows, and its status."""
    try:
        return {"phone": shown_in_full(person_id, ProtectedField.PHONE, Purpose(DisclosureReason.CALL_HER))}, 200
    except NotFound:
        raise
    except Refused as refused:
        return {"phone": None, "error": say(refused)}, refused.status


@pages.route("/export/full", methods=["GET", "POST"])
@requires(Permission.EXPORT_UNMASKED)
def export():
    """How many they are, which values, why, for whom; then a background task makes the file: a list of people, or with
    `cohort` the register of that class."""
    form, error, status = ExportForm(exportable_fields(actor())), None, 200
    cohort = _cohort()
    count = len(ids_to_disclose(actor(), **_filters(cohort)))
    if form.validate_on_submit():
        try:
            return redirect(url_for("background_task.show", task_id=_asked(form)), 303)
        except NotFound:
            raise
        except Refused as refused:
            error, status = say(refused), refused.status
    form.people.data = count
    page = render_template(
        "disclosure/export.html", form=form, error=error, count=count, filters=people_filters(), cohort=cohort
    )
    return page, 422 if form.errors else status


def _cohort():
    """The class that the address names, where there is one."""
    cohort_id = request.args.get("cohort", None, int)
    if cohort_id is None:
        return None
    return cohort_in_reach(cohort_id, Permission.EXPORT_UNMASKED)


def _filters(cohort) -> dict[str, object]:
    return {"cohort_id": cohort.id} if cohort else people_filters()


def _asked(form: ExportForm) -> str:
    def ask() -> int:
        cohort = _cohort()
        people = ids_to_disclose(actor(), **_filters(cohort))
        if str(form.people.data) != str(len(people)):
            raise ListChanged()
        of_cohort = {"cohort_id": cohort.id} if cohort else {}
        return disclosure.export_in_full(
            people, form.fields.data, form.purpose, **of_cohort, by=actor(), at=clock.now()
        )

    return once(form.idempotency_key.data, "person.export_in_full", ask)
