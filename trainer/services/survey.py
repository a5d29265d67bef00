"""Follow-up questionnaires: asked when they are due, answered question by question, handed in, declined, corrected.

An entry of a sheet is all its answers under one number. `SurveySheet.entry` names the one that counts; a correction is the
next one, and those before it stay. While a sheet is open its newest entry is a draft.
Sheets are opened in `services.survey_asking`, paper is taken in by `services.survey_paper`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm.attributes import flag_modified

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.days import china_day
from trainer.domain.survey import (
    Answer,
    SheetState,
    SurveyMode,
    Wave,
    answers_that_count,
    check_answer,
    find_question,
    next_question,
    questions_of,
)
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.enrolment import Enrolment
from trainer.models.programme import Cohort
from trainer.models.survey import SurveyAnswer, SurveySheet
from trainer.queries.survey import answers_of
from trainer.services import audit
from trainer.services.outcomes import touch_cohort
from trainer.services.person_lock import hold_here

STATE = SheetState
# As a form gives it: one text, or the choices that were ticked.
Raw = str | Sequence[str]


class SheetMoved(Refused):
    """It is not where this can be done any more: somebody was faster."""

    code = "survey_moved"
    status = 409


class SheetIncomplete(Refused):
    """A question has no answer yet."""

    code = "survey_incomplete"


class SurveyOver(Refused):
    """She may answer from its first day to its last: else the answer would be of another time."""

    code = "survey_over"
    status = 409


class SurveyReasonMissing(Refused):
    code = "survey_reason_missing"


def answer(
    sheet_id: int, question: str, raw: Raw, *, mode: SurveyMode, sure: bool = False, by: Actor, at: datetime
) -> None:
    """One question, saved at once; the same answer again changes nothing, another one takes its place.

    `sure`: she has looked again at an unusual figure. Raises NotFound (no such question here), AnswerUnfit, SheetMoved,
    SurveyOver.
    """
    sheet, cohort = hold_sheet(sheet_id, STATE.OPEN)
    require_in_time(sheet, cohort, china_day(at))
    asked, said = find_question(sheet.wave, question), answers_so_far(sheet)
    if asked is None or not asked.applies(said):
        raise NotFound()
    given = check_answer(asked, raw, sure=sure)
    if said.get(question) == given and sheet.mode is mode:
        return
    write_entry(sheet, sheet.entry, {question: given}, by=by, at=at)
    sheet.mode = mode
    flag_modified(sheet, "mode")  # whoever has the last page open sees that it is another sheet by now
    db.session.flush()
    audit.record("survey.answer", "survey_sheet", sheet_id, by=by, at=at, question=question, mode=mode)


def submit(sheet_id: int, *, mode: SurveyMode, seen: int, by: Actor, at: datetime) -> None:
    """She, or whoever has called her, is through. Sent twice it is the same. `seen`: the version that was looked over.

    Raises NotFound, SheetMoved, Conflict (an answer was changed meanwhile), SheetIncomplete, SurveyOver.
    """
    sheet, cohort = hold_sheet(sheet_id)
    if sheet.state is STATE.ANSWERED and (sheet.mode, sheet.entered_by) == (mode, by.account_id):
        return
    require_state(sheet, STATE.OPEN)
    if sheet.version != seen:
        raise Conflict()
    require_in_time(sheet, cohort, china_day(at))
    require_complete(sheet.wave, answers := answers_so_far(sheet))
    _drop(sheet, set(answers) - set(answers_that_count(sheet.wave, answers)))
    sheet.state, sheet.mode, sheet.answered_on, sheet.answered_at = STATE.ANSWERED, mode, china_day(at), at
    sheet.entered_by = by.account_id
    touch_cohort(cohort.id, at=at)
    audit.record("survey.submit", "survey_sheet", sheet_id, by=by, at=at, mode=mode)


def decline(sheet_id: int, *, mode: SurveyMode, reason: str = "", by: Actor, at: datetime) -> None:
    """She would rather not: what she had begun to answer is thrown away. Twice is the same.

    Raises NotFound, SheetMoved.
    """
    sheet, cohort = hold_sheet(sheet_id)
    if sheet.state is STATE.DECLINED:
        return
    require_state(sheet, STATE.OPEN)
    _drop(sheet, answers_so_far(sheet))
    sheet.state, sheet.mode, sheet.reason = STATE.DECLINED, mode, reason.strip() or None
    sheet.answered_at, sheet.entered_by = at, by.account_id
    touch_cohort(cohort.id, at=at)
    audit.record("survey.decline", "survey_sheet", sheet_id, by=by, at=at, mode=mode)


def correct(sheet_id: int, answers: Mapping[str, Raw], reason: str, *, seen: int, by: Actor, at: datetime) -> None:
    """Of a sheet that is handed in: these questions otherwise, as the next entry; what stood before stays to be read.

    Raises NotFound, SheetMoved, Conflict, SurveyReasonMissing, AnswerUnfit, SheetIncomplete.
    """
    sheet, cohort = hold_sheet(sheet_id, STATE.ANSWERED)
    if sheet.version != seen:
        raise Conflict()
    if not reason.strip():
        raise SurveyReasonMissing()
    before = answers_so_far(sheet)
    after = answers_that_count(sheet.wave, before | read_answers(sheet.wave, answers))
    require_complete(sheet.wave, after)
    if after == before:
        return
    write_next(sheet, after, by=by, at=at)
    sheet.reason = reason.strip()
    touch_cohort(cohort.id, at=at)
    changed = sorted(code for code in before | after if before.get(code) != after.get(code))
    audit.record("survey.correct", "survey_sheet", sheet_id, by=by, at=at, entry=sheet.entry, questions=changed)


def reopen(sheet_id: int, reason: str, *, by: Actor, at: datetime) -> None:
    """It was handed in, declined or copied by mistake (another woman's paper, too early): open again, what was answered
    as its draft. Open already, nothing happens. Raises NotFound, SurveyReasonMissing.
    """
    sheet, cohort = hold_sheet(sheet_id)
    if sheet.state is STATE.OPEN:
        return
    if not reason.strip():
        raise SurveyReasonMissing()
    before, answers = sheet.state, answers_so_far(sheet)
    if answers:
        write_next(sheet, answers, by=by, at=at)
    sheet.state, sheet.reason = STATE.OPEN, reason.strip()
    sheet.answered_on = sheet.answered_at = sheet.entered_by = sheet.checked_by = None
    touch_cohort(cohort.id, at=at)
    audit.record("survey.reopen", "survey_sheet", sheet_id, by=by, at=at, before=before, after=STATE.OPEN)


def hold_sheet(sheet_id: int, *wanted: SheetState) -> tuple[SurveySheet, Cohort]:
    """The sheet of a woman who is there, held until the act ends, and its cohort. Raises NotFound, SheetMoved."""
    hold_here(db.session.scalar(select(SurveySheet.enrolment_id).where(SurveySheet.id == sheet_id)))
    held = (
        select(SurveySheet)
        .where(SurveySheet.id == sheet_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    sheet = db.session.scalar(held)
    if sheet is None:
        raise NotFound()
    if wanted:
        require_state(sheet, *wanted)
    return sheet, _cohort_of(sheet)


def _cohort_of(sheet: SurveySheet) -> Cohort:
    of_hers = select(Cohort).join(Enrolment, Enrolment.cohort_id == Cohort.id)
    return db.session.scalar(of_hers.where(Enrolment.id == sheet.enrolment_id))


def require_state(sheet: SurveySheet, *wanted: SheetState) -> None:
    if sheet.state not in wanted:
        raise SheetMoved(state=sheet.state)


def require_in_time(sheet: SurveySheet, cohort: Cohort, day: date) -> None:
    first, last = sheet.wave.span(cohort.starts_on, cohort.ends_on)
    if not first <= day <= last:
        raise SurveyOver(first=first, last=last)


def require_complete(wave: Wave, answers: Mapping[str, Answer]) -> None:
    if missing := next_question(wave, answers):
        raise SheetIncomplete(question=missing)


def answers_so_far(sheet: SurveySheet) -> dict[str, Answer]:
    return answers_of([sheet.id]).get(sheet.id, {})


def read_answers(wave: Wave, answers: Mapping[str, Raw]) -> dict[str, Answer]:
    """What was given of this wave's questions. Whoever enters a whole sheet has it before her: she is not asked twice."""
    asked = {one.code: one for one in questions_of(wave)}
    return {code: check_answer(asked[code], raw, sure=True) for code, raw in answers.items() if code in asked}


def write_entry(sheet: SurveySheet, entry: int, answers: Mapping[str, Answer], *, by: Actor, at: datetime) -> None:
    for code, said in answers.items():
        row = SurveyAnswer(sheet_id=sheet.id, question=code, entry=entry, at=at, by=by.account_id)
        row.number, row.choices, row.declined = said.number, ",".join(said.choices) or None, said.declined
        db.session.merge(row)
    db.session.flush()


def write_next(sheet: SurveySheet, answers: Mapping[str, Answer], *, by: Actor, at: datetime) -> None:
    """Under the next number, and from now on these count."""
    newest = select(func.max(SurveyAnswer.entry)).where(SurveyAnswer.sheet_id == sheet.id)
    sheet.entry = (db.session.scalar(newest) or 0) + 1
    write_entry(sheet, sheet.entry, answers, by=by, at=at)


def _drop(sheet: SurveySheet, questions) -> None:
    """Answers of a draft that are no answers after all."""
    which = (SurveyAnswer.sheet_id == sheet.id, SurveyAnswer.entry == sheet.entry)
    db.session.execute(delete(SurveyAnswer).where(*which, SurveyAnswer.question.in_(questions)))
