"""Questionnaires filled in on paper: copied by one person, copied again unseen by a second, settled where they differ."""

from collections.abc import Mapping
from datetime import date, datetime

from trainer.domain.actors import Actor
from trainer.domain.days import china_day
from trainer.domain.survey import SheetState, SurveyMode, answers_that_count, differing
from trainer.errors import Refused
from trainer.models.survey import SurveySheet
from trainer.queries.survey import differences_of
from trainer.services import audit
from trainer.services.outcomes import touch_cohort
from trainer.services.survey import (
    Raw,
    SheetMoved,
    answers_so_far,
    hold_sheet,
    read_answers,
    require_complete,
    require_in_time,
    require_state,
    write_entry,
    write_next,
)

STATE = SheetState


class OwnPaper(Refused):
    """Two people: who copied it does not check it."""

    code = "survey_own_paper"


class PaperFromTomorrow(Refused):
    code = "survey_from_tomorrow"


def enter_paper(sheet_id: int, answers: Mapping[str, Raw], *, answered_on: date, by: Actor, at: datetime) -> None:
    """The first copy, of all questions (what she left empty is `DECLINED`); until it is checked it can be sent again.

    Raises NotFound, SheetMoved, PaperFromTomorrow, SurveyOver (`answered_on` is no day of this wave), AnswerUnfit,
    SheetIncomplete.
    """
    sheet, cohort = hold_sheet(sheet_id, STATE.OPEN, STATE.ENTERED)
    if sheet.checked_by is not None:
        raise SheetMoved(state=sheet.state)
    if answered_on > china_day(at):
        raise PaperFromTomorrow()
    require_in_time(sheet, cohort, answered_on)
    given = _all_answers(sheet, answers)
    before = answers_so_far(sheet) if sheet.state is STATE.ENTERED else None
    if (before, sheet.answered_on, sheet.entered_by) == (given, answered_on, by.account_id):
        return
    write_next(sheet, given, by=by, at=at)
    sheet.state, sheet.mode, sheet.answered_on, sheet.answered_at = STATE.ENTERED, SurveyMode.PAPER, answered_on, at
    sheet.entered_by = by.account_id
    touch_cohort(cohort.id, at=at)
    audit.record("survey.enter_paper", "survey_sheet", sheet_id, by=by, at=at, entry=sheet.entry)


def check_paper(sheet_id: int, answers: Mapping[str, Raw], *, by: Actor, at: datetime) -> tuple[str, ...]:
    """The second copy, made without seeing the first. Where both say the same the sheet is answered; else the codes of the
    questions that differ, to be settled with the paper in hand. Sent again it is the same.

    Raises NotFound, SheetMoved, OwnPaper, AnswerUnfit, SheetIncomplete.
    """
    sheet, cohort = hold_sheet(sheet_id)
    if sheet.state is STATE.ANSWERED and (sheet.mode, sheet.checked_by) == (SurveyMode.PAPER, by.account_id):
        return ()
    _require_second(sheet, by)
    if sheet.checked_by is not None:
        return tuple(differences_of(sheet.id, sheet.entry))
    given, first = _all_answers(sheet, answers), answers_so_far(sheet)
    differs = differing(sheet.wave, first, given)
    write_entry(sheet, sheet.entry + 1, given, by=by, at=at)
    sheet.checked_by = by.account_id
    if not differs:
        sheet.state, sheet.answered_at, sheet.entry = STATE.ANSWERED, at, sheet.entry + 1
    touch_cohort(cohort.id, at=at)
    audit.record("survey.check_paper", "survey_sheet", sheet_id, by=by, at=at, differs=list(differs))
    return differs


def settle_paper(sheet_id: int, answers: Mapping[str, Raw], *, by: Actor, at: datetime) -> None:
    """What the paper says of every question in which the two copies differ. Not by whoever made the first one.

    Raises NotFound, SheetMoved, OwnPaper, AnswerUnfit, SheetIncomplete.
    """
    sheet, cohort = hold_sheet(sheet_id)
    _require_second(sheet, by)
    differs = differences_of(sheet.id, sheet.entry)
    if not differs:
        raise SheetMoved(state=sheet.state)
    settled = read_answers(sheet.wave, answers)
    # What is not asked after an answer that was settled needs none itself.
    agreed = {code: said for code, said in answers_so_far(sheet).items() if code not in differs}
    agreed = answers_that_count(sheet.wave, agreed | {code: settled[code] for code in differs if code in settled})
    require_complete(sheet.wave, agreed)
    write_next(sheet, agreed, by=by, at=at)
    sheet.state, sheet.answered_at = STATE.ANSWERED, at
    touch_cohort(cohort.id, at=at)
    audit.record("survey.settle_paper", "survey_sheet", sheet_id, by=by, at=at, questions=list(differs))


def _require_second(sheet: SurveySheet, by: Actor) -> None:
    require_state(sheet, STATE.ENTERED)
    if sheet.entered_by == by.account_id:
        raise OwnPaper()


def _all_answers(sheet: SurveySheet, answers: Mapping[str, Raw]):
    given = answers_that_count(sheet.wave, read_answers(sheet.wave, answers))
    require_complete(sheet.wave, given)
    return given
