"""Sign-in slips: printed by staff for one woman or a whole cohort, and the page that her QR code opens."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from trainer import clock
from trainer.database import transaction
from trainer.documents.slips import slip_html
from trainer.domain.background_task import TaskKind
from trainer.domain.slip import Slip, slip_url
from trainer.forms.slip import CohortSlipsForm, DigitsForm
from trainer.permissions import Permission
from trainer.queries.device import get_open_slip, list_for_slips
from trainer.queries.person import get_person_for, list_enrolments_of
from trainer.services import trainee_access
from trainer.services.background_task import ask_for_task
from trainer.views.guards import actor, found, public, requires
from trainer.views.reach import cohort_in_reach
from trainer.views.session import device_life, enter, is_on_this_phone, make_room, newcomer
from trainer.views.visitor import visitor
from trainer.wording import say

pages = Blueprint("slip", __name__)


@pages.route("/slip/<slip>", methods=["GET", "POST"])
@public
def show(slip: str):
    """Looking spends nothing: WeChat and scanners look too. The digits and her button do."""
    form, now = DigitsForm(), clock.now()
    if get_open_slip(slip, at=now) is None:
        return _spent()
    wrong = False
    if form.validate_on_submit():
        life, who = device_life(), newcomer()
        try:
            with transaction():
                token = trainee_access.sign_in_with_slip(slip, form.digits.data, at=now, life=life, visitor=who)
                if token:
                    make_room(who, now)
        except trainee_access.SlipSpent:
            return _spent()
        if token:
            return enter(token, life, None, who)
        wrong = True
    return _page(slip, form, wrong)


def _page(slip: str, form: DigitsForm, wrong: bool):
    still = get_open_slip(slip, at=clock.now())
    if still is None:  # that was the last try
        return _spent()
    token, person = still
    page = render_template(
        "slip/show.html",
        slip=slip,
        name=person.name,
        form=form,
        left=token.tries_left if wrong else None,
        stays=actor().name if is_on_this_phone(visitor()) else None,
    )
    return page, 422 if wrong or form.errors else 200


def _spent():
    refused = trainee_access.SlipSpent()
    return render_template("slip/spent.html", error=say(refused)), refused.status


@pages.post("/slip/<slip>/not-me")
@public
def disown(slip: str):
    """“This is not me”: the slip is worth nothing any more, and staff are told."""
    try:
        with transaction():
            trainee_access.disown_slip(slip, at=clock.now(), visitor=visitor())
    except trainee_access.SlipSpent:
        return _spent()
    return render_template("slip/disowned.html")


@pages.post("/people/<int:person_id>/slip")
@requires(Permission.MANAGE_PEOPLE)
def create(person_id: int):
    """Her slip, shown once to be printed or sent."""
    now = clock.now()
    with transaction():
        person = found(get_person_for(actor(), Permission.MANAGE_PEOPLE, person_id))
        token = trainee_access.issue_slip_for(person, by=actor(), at=now)
    cohorts = [row.cohort for row in list_enrolments_of(person_id)]
    slip = Slip(
        *(person.name, person.village or "", cohorts[0] if cohorts else ""),
        *(slip_url(current_app.config["BASE_URL"], token), now + trainee_access.SLIP_LIFE),
    )
    return render_template("slip/created.html", person=person, slip=slip, paper=slip_html(slip))


@pages.route("/cohorts/<int:cohort_id>/slips", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def cohort(cohort_id: int):
    """Slips for everybody on the roll: how many, whose older ones end, and then a file to print."""
    cohort, now, form = cohort_in_reach(cohort_id, Permission.MANAGE_PEOPLE), clock.now(), CohortSlipsForm()
    if form.validate_on_submit():
        params = {"cohort_id": cohort_id, "only_without_phone": form.only_without_phone}
        with transaction():
            key = f"{cohort_id}:{form.whom.data}"
            task_id = ask_for_task(TaskKind.SLIPS, key, params, by=actor(), at=now)
        return redirect(url_for("background_task.show", task_id=task_id))
    counts = {
        whom: len(list_for_slips(actor(), cohort_id, only_without_phone=whom == "rest", at=now))
        for whom in ("rest", "all")
    }
    page = render_template("slip/cohort.html", cohort=cohort, form=form, counts=counts)
    return page, 422 if request.method == "POST" else 200
