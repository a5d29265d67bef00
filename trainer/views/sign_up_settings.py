"""The settings of a cohort's sign-up, its poster to print, and the words for a group."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.slips import qr_code
from trainer.errors import NotFound, Refused
from trainer.forms.sign_up import SignUpSettingsForm
from trainer.permissions import Permission
from trainer.queries.sign_up import OpenCohort, get_open_cohort
from trainer.services import sign_up
from trainer.views.guards import actor, found, requires
from trainer.views.reach import cohort_in_reach
from trainer.wording import label, say

pages = Blueprint("sign_up_settings", __name__, url_prefix="/cohorts/<int:cohort_id>/sign-up")


@pages.route("", methods=["GET", "POST"])
@requires(Permission.MANAGE_COHORT)
def edit(cohort_id: int):
    cohort = cohort_in_reach(cohort_id, Permission.MANAGE_COHORT)
    form, error = SignUpSettingsForm(obj=cohort), None
    if form.validate_on_submit():
        try:
            with transaction():
                sign_up.set_up(cohort_id, form.settings(), seen=form.seen, by=actor(), at=clock.now())
        except NotFound:
            raise
        except Refused as refused:
            error = say(refused)
        else:
            flash(_("Saved."))
            return redirect(url_for("sign_up_settings.edit", cohort_id=cohort_id), 303)
    told = get_open_cohort(cohort_id)
    page = render_template("sign_up/settings.html", form=form, error=error, cohort=told, link=_link(told))
    return page, 422 if form.errors or error else 200


@pages.get("/poster")
@requires(Permission.VIEW_COHORT)
def poster(cohort_id: int):
    """One page of A4 with a large code that leads to the public page."""
    cohort_in_reach(cohort_id, Permission.VIEW_COHORT, teaching=True)
    told = found(get_open_cohort(cohort_id))
    if told.opens_on is None:
        raise NotFound()
    link = _link(told)
    return render_template(
        "sign_up/poster.html", cohort=told, link=link, picture=qr_code(link), group_text=_group_text(told, link)
    )


def _link(cohort: OpenCohort) -> str:
    return current_app.config["BASE_URL"].rstrip("/") + url_for("sign_up.show", cohort_code=cohort.code)


def _group_text(cohort: OpenCohort, link: str) -> str:
    return _(
        "Sign up now: %(name)s (%(track)s)\nWhen: %(first)s to %(last)s\nWhere: %(place)s\n"
        "Sign up until %(until)s: %(link)s\nQuestions: %(teacher)s, %(phone)s",
        name=cohort.name,
        track=label(cohort.track),
        first=cohort.starts_on,
        last=cohort.ends_on,
        place=cohort.place,
        until=cohort.last_day,
        link=link,
        teacher=cohort.teacher_name,
        phone=cohort.teacher_phone,
    )
