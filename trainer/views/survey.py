"""Questionnaires of a cohort: how far each wave is, who has not answered, who calls her; and the calls of one person."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.survey_calls import calls_title, calls_workbook
from trainer.domain.survey import Wave, wave_on
from trainer.errors import NotFound, Refused
from trainer.forms.survey import CallerForm
from trainer.permissions import Permission, can
from trainer.queries.survey_calls import (
    calls_page,
    count_to_compare,
    list_callers,
    list_unanswered,
    list_waves,
    unanswered_page,
)
from trainer.queries.survey_sums import list_wishes
from trainer.services import audit, survey_caller
from trainer.views.downloads import cohort_lines, workbook_response
from trainer.views.guards import actor, requires
from trainer.views.lists import chosen, paging
from trainer.views.reach import cohort_in_reach
from trainer.wording import choices, say
from trainer.wording.survey import OPTIONS

pages = Blueprint("survey", __name__)

MINE, NOBODYS = "mine", "nobodys"
ALL = "all"


@pages.get("/cohorts/<int:cohort_id>/surveys")
@requires(Permission.VIEW_OUTCOMES)
def cohort(cohort_id: int):
    """Each wave counted, who asked for a call, then who has not answered."""
    return _cohort_page(cohort_in_reach(cohort_id, Permission.VIEW_OUTCOMES))


@pages.post("/cohorts/<int:cohort_id>/surveys")
@requires(Permission.CONDUCT_SURVEYS)
def assign(cohort_id: int):
    """Who calls the ticked women, or all of them; nobody takes it back."""
    of_cohort = cohort_in_reach(cohort_id, Permission.CONDUCT_SURVEYS)
    form = CallerForm(list_callers(of_cohort.region_code, cohort_id))
    if not form.validate_on_submit():
        return _cohort_page(of_cohort, error=say(survey_caller.MayNotCall())), 422
    sheets = None if form.whose.data == ALL else form.sheets.data
    try:
        with transaction():
            count = survey_caller.assign_caller(cohort_id, sheets, form.caller.data, by=actor(), at=clock.now())
    except NotFound:
        raise
    except Refused as refused:
        return _cohort_page(of_cohort, error=say(refused)), refused.status
    if form.caller.data:
        flash(_("%(name)s calls %(count)s women.", name=dict(form.callers)[form.caller.data], count=count))
    else:
        flash(_("Nobody is to call %(count)s women any more.", count=count))
    return redirect(url_for("survey.cohort", cohort_id=cohort_id, wave=request.args.get("wave")), 303)


@pages.post("/cohorts/<int:cohort_id>/surveys/compare")
@requires(Permission.CONDUCT_SURVEYS)
def compare(cohort_id: int):
    """Open the present wave for the women without a place, all of them: a few that somebody chose compare to nothing."""
    of_cohort = cohort_in_reach(cohort_id, Permission.CONDUCT_SURVEYS)
    try:
        with transaction():
            count = survey_caller.ask_to_compare(cohort_id, by=actor(), at=clock.now())
    except NotFound:
        raise
    except Refused as refused:
        return _cohort_page(of_cohort, error=say(refused)), refused.status
    flash(_("%(count)s questionnaires are open for women without a place. Somebody has to call them.", count=count))
    return redirect(url_for("survey.cohort", cohort_id=cohort_id), 303)


def _cohort_page(of_cohort, *, error: str | None = None) -> str:
    today, may_call = clock.today(), can(actor(), Permission.CONDUCT_SURVEYS, of_cohort.scope)
    now_asked = wave_on(today, of_cohort.starts_on, of_cohort.ends_on)
    return render_template(
        "survey/cohort.html",
        cohort=of_cohort,
        waves=list_waves(of_cohort, today=today),
        page=unanswered_page(actor(), of_cohort.id, today=today, wave=chosen("wave", Wave), **paging()),
        form=_callers(of_cohort) if may_call else None,
        wishes=list_wishes(of_cohort.id),
        obstacles=OPTIONS["obstacle"],
        now_asked=now_asked,
        to_compare=count_to_compare(of_cohort.id, now_asked) if may_call and now_asked else 0,
        wave_choices=choices(Wave),
        error=error,
    )


def _callers(of_cohort) -> CallerForm:
    """She herself stands chosen."""
    callers = list_callers(of_cohort.region_code, of_cohort.id)
    return CallerForm(callers, formdata=None, data={"caller": actor().account_id})


@pages.get("/cohorts/<int:cohort_id>/surveys/calls")
@requires(Permission.VIEW_OUTCOMES)
def printed(cohort_id: int):
    """The list to print, with room to write in beside each name."""
    of_cohort, wave = cohort_in_reach(cohort_id, Permission.VIEW_OUTCOMES), chosen("wave", Wave)
    rows = list_unanswered(actor(), cohort_id, today=clock.today(), wave=wave)
    return render_template("survey/calls.html", cohort=of_cohort, rows=rows, wave=wave, now=clock.now())


@pages.get("/cohorts/<int:cohort_id>/surveys/calls.xlsx")
@requires(Permission.EXPORT_PEOPLE)
def export(cohort_id: int):
    """The same as a workbook, phones masked; written down, because names leave the house."""
    of_cohort, wave = cohort_in_reach(cohort_id, Permission.EXPORT_PEOPLE), chosen("wave", Wave)
    rows, title = list_unanswered(actor(), cohort_id, today=clock.today(), wave=wave), calls_title(of_cohort.name)
    content = calls_workbook(cohort_lines(title, of_cohort), rows)
    with transaction():
        audit.record("survey.export", "cohort", cohort_id, by=actor(), at=clock.now(), rows=len(rows))
    return workbook_response(content, title)


@pages.get("/surveys")
@requires(Permission.CONDUCT_SURVEYS)
def index():
    """Her calls, and those that are nobody's, of every class within her reach."""
    return render_template(
        "survey/index.html",
        page=calls_page(
            actor(),
            today=clock.today(),
            is_mine={MINE: True, NOBODYS: False}.get(request.args.get("whose", "")),
            wave=chosen("wave", Wave),
            **paging(),
        ),
        wave_choices=choices(Wave),
        whose=[(MINE, _("Mine")), (NOBODYS, _("Nobody's yet"))],
    )
