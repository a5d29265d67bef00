"""Her questionnaires: one question a page, each answer kept at once, all of them looked over before they are handed in."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for

from trainer import clock
from trainer.database import transaction
from trainer.domain.survey import (
    Answer,
    Question,
    SurveyMode,
    as_given,
    is_complete,
    next_question,
    questions_of,
)
from trainer.errors import NotFound, Refused
from trainer.forms.form import VersionForm
from trainer.forms.own_survey import AnswerForm
from trainer.permissions import Permission
from trainer.queries.survey import Sheet, answers_of, get_own_sheet, list_own_sheets
from trainer.services import survey
from trainer.views.guards import actor, found, herself, requires
from trainer.wording import say
from trainer.wording.survey import ASKED_WHEN, answer_words, help_words, options

pages = Blueprint("own_survey", __name__, url_prefix="/me/surveys")

HERSELF = SurveyMode.HERSELF


@dataclass(frozen=True)
class Place:
    """Where a question stands among those that she is asked."""

    number: int
    count: int
    before: Question | None
    after: Question | None


@pages.get("")
@requires(Permission.VIEW_OWN_PROGRESS)
def index():
    """What is asked now, and what was."""
    sheets = list_own_sheets(herself())
    answers = answers_of([sheet.id for sheet in sheets])
    onwards = {sheet.id: _onwards(sheet, answers.get(sheet.id, {})) for sheet in sheets}
    return render_template(
        "own_survey/index.html", sheets=sheets, answers=answers, onwards=onwards, asked_when=ASKED_WHEN
    )


@pages.get("/<int:survey_id>")
@requires(Permission.VIEW_OWN_PROGRESS)
def show(survey_id: int):
    """To look over what she said; handed in, what becomes of it."""
    return _look_over(_hers(survey_id))


def _hers(survey_id: int) -> Sheet:
    return found(get_own_sheet(herself(), survey_id))


def _look_over(sheet: Sheet, error: Refused | None = None):
    answers = answers_of([sheet.id]).get(sheet.id, {})
    page = render_template(
        "own_survey/show.html",
        sheet=sheet,
        asked_when=ASKED_WHEN,
        rows=[(one, answers.get(one.code)) for one in questions_of(sheet.wave, answers)],
        answer_words=answer_words,
        following=next_question(sheet.wave, answers),
        form=VersionForm(formdata=None, data={"version": sheet.version}),
        error=say(error) if error else None,
    )
    return page, error.status if error else 200


@pages.route("/<int:survey_id>/<question>", methods=["GET", "POST"])
@requires(Permission.VIEW_OWN_PROGRESS)
def ask(survey_id: int, question: str):
    """One question; its answer is kept before the next one comes."""
    sheet = _hers(survey_id)
    if not sheet.takes_answers(clock.today()):
        return redirect(url_for("own_survey.show", survey_id=survey_id), 303)
    answers = answers_of([survey_id]).get(survey_id, {})
    asked = found(next((one for one in questions_of(sheet.wave, answers) if one.code == question), None))
    form, error = AnswerForm(), None
    if form.validate_on_submit():
        try:
            with transaction():
                facts = {"mode": HERSELF, "sure": form.sure.data, "by": actor(), "at": clock.now()}
                survey.answer(survey_id, question, form.given, **facts)
        except NotFound:
            raise
        except Refused as refused:
            error = refused
        else:
            return redirect(_onwards(sheet, answers_of([survey_id]).get(survey_id, {})), 303)
    return _question_page(sheet, asked, answers, form, error)


def _onwards(sheet: Sheet, answers: Mapping[str, Answer]) -> str:
    """To the next question without an answer, or to all of them."""
    following = next_question(sheet.wave, answers)
    if following is None:
        return url_for("own_survey.show", survey_id=sheet.id)
    return url_for("own_survey.ask", survey_id=sheet.id, question=following.code)


def _question_page(
    sheet: Sheet, asked: Question, answers: Mapping[str, Answer], form: AnswerForm, error: Refused | None
):
    answer = answers.get(asked.code)
    given = form.answer.data if form.is_submitted() else as_given(asked, answer) if answer else []
    if not form.is_submitted() and answer and answer.number is not None and answer.number < 0:
        form.is_loss.data, given = True, [given[0].removeprefix("-")]
    page = render_template(
        "own_survey/ask.html",
        sheet=sheet,
        question=asked,
        place=_place(asked, questions_of(sheet.wave, answers)),
        help_words=help_words(asked),
        options=options(asked),
        form=form,
        given=given or [],
        is_answered=answer is not None,
        is_complete=is_complete(sheet.wave, answers),
        looks_again=error is not None and error.code == "survey_look_again",
        error=say(error) if error else None,
    )
    return page, error.status if error else 422 if form.errors else 200


def _place(asked: Question, questions: tuple[Question, ...]) -> Place:
    at = questions.index(asked)
    before, after = questions[at - 1] if at else None, questions[at + 1] if at + 1 < len(questions) else None
    return Place(at + 1, len(questions), before, after)


@pages.post("/<int:survey_id>/submit")
@requires(Permission.VIEW_OWN_PROGRESS)
def submit(survey_id: int):
    """All of it, as she looked it over."""
    return _end(survey_id, lambda form: survey.submit(survey_id, seen=form.seen, **_now()))


@pages.post("/<int:survey_id>/decline")
@requires(Permission.VIEW_OWN_PROGRESS)
def decline(survey_id: int):
    """She would rather not answer; nobody reminds her of it again."""
    return _end(survey_id, lambda _form: survey.decline(survey_id, **_now()))


def _now() -> dict[str, object]:
    return {"mode": HERSELF, "by": actor(), "at": clock.now()}


def _end(survey_id: int, act):
    sheet, form = _hers(survey_id), VersionForm()
    if not form.validate_on_submit():
        return _look_over(sheet)
    try:
        with transaction():
            act(form)
    except NotFound:
        raise
    except Refused as refused:
        return _look_over(_hers(survey_id), refused)
    return redirect(url_for("own_survey.show", survey_id=survey_id), 303)
