"""Questionnaires on paper: copied by one person, copied again unseen by another, settled where the copies differ."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.survey import SheetState, questions_of
from trainer.errors import NotFound, Refused
from trainer.forms.survey import AnswersForm, CopyForm, FirstCopyForm, SettlingForm, build_form, build_form_of
from trainer.permissions import Permission
from trainer.queries.survey import differences_of
from trainer.queries.survey_paper import papers_page
from trainer.queries.survey_sheet import SheetHead, get_sheet_for
from trainer.services import survey_paper
from trainer.views.form_page import form_page
from trainer.views.guards import actor, found, requires
from trainer.views.lists import paging
from trainer.wording import say
from trainer.wording.survey import answer_words, help_words

pages = Blueprint("survey_paper", __name__, url_prefix="/surveys")


@pages.get("/papers")
@requires(Permission.CONDUCT_SURVEYS)
def index():
    """What waits for a second person; the number on a paper leads to its page."""
    number, error = request.args.get("number", "").strip()[:9], None
    if number:
        if number.isdecimal() and get_sheet_for(actor(), Permission.CONDUCT_SURVEYS, int(number)):
            return redirect(url_for("survey_paper.enter", survey_id=int(number)))
        error = _("No questionnaire of your classes has this number. Look at it once more: it stands behind the name.")
    page = papers_page(actor(), **paging())
    return render_template("survey/papers.html", page=page, number=number, error=error), 422 if error else 200


@pages.route("/<int:survey_id>/paper", methods=["GET", "POST"])
@requires(Permission.CONDUCT_SURVEYS)
def enter(survey_id: int):
    """The step that is next, by where the paper stands and who looks."""
    sheet = _sheet(survey_id)
    if sheet.state not in (SheetState.OPEN, SheetState.ENTERED):
        return redirect(url_for("survey_sheet.show", survey_id=survey_id))
    is_own = sheet.entered_by == actor().account_id
    if sheet.state is SheetState.OPEN or (is_own and sheet.checked_by is None and request.args.get("anew")):
        return _first(sheet)
    if is_own:
        page = render_template("survey/own_paper.html", sheet=sheet, sentence=say(survey_paper.OwnPaper()))
        return page, 422 if request.method == "POST" else 200
    return _settle(sheet) if sheet.checked_by is not None else _second(sheet)


def _sheet(survey_id: int) -> SheetHead:
    return found(get_sheet_for(actor(), Permission.CONDUCT_SURVEYS, survey_id))


def _first(sheet: SheetHead):
    form = build_form(FirstCopyForm, sheet.wave, version=sheet.version)
    act = partial(survey_paper.enter_paper, answered_on=form.answered_on.data)
    done = _("The paper of %(name)s is copied. Somebody else now copies it too; put it aside for her.", name=sheet.name)
    return _take(sheet, form, act, done, "survey/paper.html", is_second=False)


def _second(sheet: SheetHead):
    form = build_form(CopyForm, sheet.wave, version=sheet.version)
    done = _("Both copies of the paper of %(name)s say the same. It counts from now on.", name=sheet.name)
    return _take(sheet, form, survey_paper.check_paper, done, "survey/paper.html", is_second=True)


def _settle(sheet: SheetHead):
    differs = differences_of(sheet.id, sheet.entry)
    asked = tuple(one for one in questions_of(sheet.wave) if one.code in differs)
    form = build_form_of(SettlingForm, asked, version=sheet.version)
    done = _("The paper of %(name)s is settled. It counts from now on.", name=sheet.name)
    shown = {"differs": differs, "answer_words": answer_words, "help_words": help_words}
    return _take(sheet, form, survey_paper.settle_paper, done, "survey/settle.html", **shown)


def _take(sheet: SheetHead, form: AnswersForm, act: Callable, done: str, template: str, **shown):
    """What was typed is taken in by `act`; where the copies differ, they are settled next."""
    error = None
    if form.validate_on_submit():
        try:
            with transaction():
                _sheet(sheet.id)
                differs = act(sheet.id, form.answers, by=actor(), at=clock.now())
        except NotFound:
            raise
        except Refused as refused:
            error = refused
        else:
            if differs:
                return redirect(url_for("survey_paper.enter", survey_id=sheet.id), 303)
            flash(done)
            return redirect(url_for("survey_paper.index"), 303)
    return form_page(template, form, error, sheet=sheet, **shown)
