"""Who calls about a questionnaire, what the call came to, and asking women outside the class."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.days import china_day
from trainer.domain.follow_up import FollowUpDraft, FollowUpKind, FollowUpPurpose
from trainer.domain.survey import SheetState, SurveyMode, questions_of, wave_on
from trainer.domain.survey_call import CallResult
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.enrolment import Enrolment
from trainer.models.follow_up import FollowUp
from trainer.models.programme import Cohort
from trainer.models.survey import SurveySheet
from trainer.queries.survey_calls import list_callers, list_to_compare
from trainer.services import audit, survey
from trainer.services.cohort import hold_cohort
from trainer.services.follow_up import record_follow_up
from trainer.services.outcomes import touch_cohort
from trainer.services.person_lock import hold_here
from trainer.services.survey import Raw
from trainer.services.taken_down import find_made


class NothingAskedNow(Refused):
    """Between two questionnaires of this class, or after the last."""

    code = "survey_nothing_now"
    status = 409


class NobodyChosen(Refused):
    """No open questionnaire of the class is among those chosen."""

    code = "survey_nobody_chosen"


class MayNotCall(Refused):
    """The class does not lie within that colleague's reach."""

    code = "survey_may_not_call"


@dataclass(frozen=True)
class Call:
    """One call: her answers by question as the page gives them, her words where she declined or what is to be known."""

    result: CallResult
    minutes: int
    answers: Mapping[str, Raw] = field(default_factory=dict)
    words: str = ""


def ask_to_compare(cohort_id: int, *, by: Actor, at: datetime) -> int:
    """Open the wave of today for every woman who wanted a place and has none: all of them, since a few that somebody chose
    compare to nothing. Nobody writes to them, they are called. How many are new. Raises NothingAskedNow, NotFound.
    """
    cohort = hold_cohort(cohort_id)
    wave = wave_on(china_day(at), cohort.starts_on, cohort.ends_on)
    if wave is None:
        raise NothingAskedNow()
    women = db.session.scalars(list_to_compare(cohort_id, wave)).all()
    facts = {"wave": wave, "state": SheetState.OPEN, "due_on": wave.due_on(cohort.starts_on, cohort.ends_on)}
    db.session.add_all(SurveySheet(enrolment_id=woman, opened_at=at, **facts) for woman in women)
    db.session.flush()
    if women:
        touch_cohort(cohort_id, at=at)
        audit.record("survey.compare", "cohort", cohort_id, by=by, at=at, wave=wave, sheets=len(women))
    return len(women)


def assign_caller(
    cohort_id: int, sheet_ids: Collection[int] | None, caller_id: int | None, *, by: Actor, at: datetime
) -> int:
    """Of these open sheets of a class, or of all where None: who calls her; None takes it back. How many changed.

    Raises MayNotCall, NobodyChosen, NotFound.
    """
    cohort = db.session.get(Cohort, cohort_id)
    if cohort is None:
        raise NotFound()
    if caller_id is not None and caller_id not in dict(list_callers(cohort.region_code, cohort_id)):
        raise MayNotCall()
    sheets = [sheet for sheet in _hold_open(cohort_id, sheet_ids) if sheet.caller_id != caller_id]
    if not sheets:
        raise NobodyChosen()
    before = sorted({sheet.caller_id for sheet in sheets} - {None})
    for sheet in sheets:
        sheet.caller_id = caller_id
    ids = [sheet.id for sheet in sheets]
    audit.record("survey.assign", "cohort", cohort_id, by=by, at=at, sheets=ids, before=before, after=caller_id)
    return len(sheets)


def _hold_open(cohort_id: int, sheet_ids: Collection[int] | None) -> Sequence[SurveySheet]:
    of_cohort = select(Enrolment.id).where(Enrolment.cohort_id == cohort_id)
    held = (
        select(SurveySheet)
        .where(SurveySheet.enrolment_id.in_(of_cohort), SurveySheet.state == SheetState.OPEN)
        .order_by(SurveySheet.id)
        .with_for_update()
    )
    if sheet_ids is not None:
        held = held.where(SurveySheet.id.in_(sheet_ids))
    return db.session.scalars(held, execution_options={"populate_existing": True}).all()


def take_down_call(sheet_id: int, call: Call, *, nonce: str, seen: int, by: Actor, at: datetime) -> None:
    """A call with all that it came to: among the calls to her, and on the sheet. Whoever was not reached stays open; who
    is to be called again keeps what she has answered so far. Sent twice with one nonce it stands once.

    Raises NotFound, SheetMoved, Conflict, FollowUpTooLong, NotFollowedUp, AnswerUnfit, SheetIncomplete, SurveyOver.
    """
    sheet = _hold_with_enrolment(sheet_id)
    if find_made(FollowUp, nonce, by=by):
        return
    survey.require_state(sheet, SheetState.OPEN)
    if sheet.version != seen:
        raise Conflict()
    words = "" if call.result is CallResult.DECLINED else call.words
    draft = FollowUpDraft(
        *(FollowUpKind.CALL, FollowUpPurpose.SURVEY, call.result.outcome, china_day(at), call.minutes), words=words
    )
    record_follow_up(sheet.enrolment_id, draft, nonce=nonce, by=by, at=at)
    given = {"mode": SurveyMode.PHONE, "by": by, "at": at}
    if call.result is CallResult.DECLINED:
        survey.decline(sheet_id, reason=call.words, **given)
    elif call.result in (CallResult.ANSWERED, CallResult.CALL_AGAIN):
        said = {code: raw for code, raw in call.answers.items() if raw}
        for question in questions_of(sheet.wave, survey.read_answers(sheet.wave, said)):
            if question.code in said:
                survey.answer(sheet_id, question.code, said[question.code], sure=True, **given)
        if call.result is CallResult.ANSWERED:
            survey.submit(sheet_id, seen=sheet.version, **given)


def _hold_with_enrolment(sheet_id: int) -> SurveySheet:
    """Her place before her sheet, as everywhere; all of it before the trail is written. Raises NotFound."""
    enrolment_id = db.session.scalar(select(SurveySheet.enrolment_id).where(SurveySheet.id == sheet_id))
    hold_here(enrolment_id)
    db.session.execute(select(Enrolment.id).where(Enrolment.id == enrolment_id).with_for_update(key_share=True))
    return db.session.get(SurveySheet, sheet_id, with_for_update=True, populate_existing=True)
