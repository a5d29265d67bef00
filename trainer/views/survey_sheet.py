"""One questionnaire for staff: the call with its script, her answers and their history, corrections."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.survey import Answer, Question, SheetState, questions_of
from trainer.errors import NotFound, Refused
from trainer.forms.survey import CallForm, CorrectionForm, ReopenForm, build_form
from trainer.permissions import Permission, can
from trainer.queries.survey import Entry, list_entries
from trainer.queries.survey_sheet import SheetHead, get_sheet_for, list_calls_about, list_names
from trainer.services import survey, survey_caller
from trainer.views.disclosure import number_to_call
from trainer.views.form_page import form_page
from trainer.views.guards import actor, found, once, requires
from trainer.wording import say
from trainer.wording.survey import answer_words, help_words

pages = Blueprint("survey_sheet", __name__, url_prefix="/surveys")


@pages.get("/<int:survey_id>")
@requires(Permission.VIEW_OUTCOMES)
def show(survey_id: int):
    """Open: what to read out and where to type; answered: what she said, and how it came about."""
    return _page(found(get_sheet_for(actor(), Permission.VIEW_OUTCOMES, survey_id)))


@pages.post("/<int:survey_id>")
@requires(Permission.CONDUCT_SURVEYS)
def call(survey_id: int):
    """What the call came to, with her answers."""
    sheet = _sheet(survey_id)
    form = build_form(CallForm, sheet.wave)
    if not form.validate_on_submit():
        return _page(sheet, form), 422
    facts = survey_caller.Call(form.result.data, form.minutes.data, form.answers, form.words.data or "")

    def take_down() -> int:
        _sheet(survey_id)
        key = form.idempotency_key.data
        survey_caller.take_down_call(survey_id, facts, nonce=key, seen=form.seen, by=actor(), at=clock.now())
        return survey_id

    try:
        once(form.idempotency_key.data, "survey.call", take_down)
    except NotFound:
        raise
    except Refused as refused:
        sheet = _sheet(survey_id)
        form.version.data = sheet.version
        return _page(sheet, form, error=say(refused)), refused.status
    flash(_("The call with %(name)s is taken down.", name=sheet.name))
    return redirect(url_for("survey.index"), 303)


@pages.post("/<int:survey_id>/number")
@requires(Permission.UNMASK)
def number(survey_id: int):
    """Her phone number in full for this call, by the same rules as everywhere."""
    sheet = _sheet(survey_id)
    shown, status = number_to_call(sheet.person_id)
    return _page(sheet, **shown), status


@pages.route("/<int:survey_id>/correct", methods=["GET", "POST"])
@requires(Permission.CONDUCT_SURVEYS)
def correct(survey_id: int):
    """Of an answered one: another answer, with the reason; what stood there stays to be read."""
    sheet = _sheet(survey_id)
    if sheet.state is not SheetState.ANSWERED:
        return redirect(url_for("survey_sheet.show", survey_id=survey_id))
    form = build_form(CorrectionForm, sheet.wave, _answers(sheet), version=sheet.version)
    error = None
    if form.validate_on_submit():
        try:
            with transaction():
                _sheet(survey_id)
                facts = (survey_id, form.answers, form.reason.data)
                survey.correct(*facts, seen=form.seen, by=actor(), at=clock.now())
        except NotFound:
            raise
        except Refused as refused:
            error = refused
        else:
            flash(_("The answers are corrected. What stood there before can still be read below."))
            return redirect(url_for("survey_sheet.show", survey_id=survey_id), 303)
    return form_page("survey/correct.html", form, error, sheet=sheet, help_words=help_words)


@pages.post("/<int:survey_id>/reopen")
@requires(Permission.CONDUCT_SURVEYS)
def reopen(survey_id: int):
    """It was handed in or declined by mistake: she is asked again."""
    sheet, form = _sheet(survey_id), ReopenForm()
    if not form.validate_on_submit():
        return _page(sheet, reopening=form), 422
    try:
        with transaction():
            _sheet(survey_id)
            survey.reopen(survey_id, form.reason.data, by=actor(), at=clock.now())
    except NotFound:
        raise
    except Refused as refused:
        return _page(sheet, reopening=form, error=say(refused)), refused.status
    flash(_("The questionnaire is open again."))
    return redirect(url_for("survey_sheet.show", survey_id=survey_id), 303)


def _sheet(survey_id: int) -> SheetHead:
    return found(get_sheet_for(actor(), Permission.CONDUCT_SURVEYS, survey_id))


def _answers(sheet: SheetHead):
    """Those that count; of an open one what she has begun."""
    return next((one.answers for one in list_entries(sheet.id) if one.number == sheet.entry), {})


@dataclass(frozen=True)
class Step:
    """One entry beside the one before it."""

    at: datetime
    by: int | None
    changes: Sequence[tuple[Question, Answer | None, Answer | None]]


def _history(sheet: SheetHead, entries: Sequence[Entry]) -> list[Step]:
    """Before a second person has copied the paper too, nobody reads the first copy."""
    if sheet.state is SheetState.ENTERED:
        return []
    steps, before = [], None
    for entry in entries:
        pairs = [(one, (before or {}).get(one.code), entry.answers.get(one.code)) for one in questions_of(sheet.wave)]
        steps.append(Step(entry.at, entry.by, [pair for pair in pairs if before is not None and pair[1] != pair[2]]))
        before = entry.answers
    return steps


def _page(sheet: SheetHead, form: CallForm | None = None, reopening: ReopenForm | None = None, **shown) -> str:
    entries = list_entries(sheet.id)
    counting = next((one.answers for one in entries if one.number == sheet.entry), {})
    is_open = sheet.state is SheetState.OPEN and clock.today() <= sheet.last_on
    may_call = can(actor(), Permission.CONDUCT_SURVEYS, sheet.scope)
    if is_open and may_call and form is None:
        form = build_form(CallForm, sheet.wave, counting, version=sheet.version)
    return render_template(
        "survey/show.html",
        sheet=sheet,
        form=form if is_open else None,
        entries=entries,
        history=_history(sheet, entries),
        names=list_names({one.by for one in entries if one.by}),
        calls=list_calls_about(sheet.id),
        questions=questions_of(sheet.wave),
        answer_words=answer_words,
        help_words=help_words,
        may_call=may_call,
        reopening=reopening or ReopenForm(formdata=None),
        **shown,
    )
