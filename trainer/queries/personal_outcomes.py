"""What one woman is given of the time after the course: her questionnaires, calls and visits, and whom she paid."""

from sqlalchemy import Select, select

from trainer.models.enrolment import Enrolment
from trainer.models.follow_up import FollowUp, PaidWork
from trainer.models.programme import Cohort
from trainer.models.survey import SurveyAnswer, SurveySheet


def surveys(person_id: int) -> Select:
    """A row an answer; of a sheet without any, one row. All entries, so that corrections can be seen."""
    facts = (SurveySheet.wave, SurveySheet.state.label("sheet_state"), SurveySheet.mode, SurveySheet.answered_on)
    said = (SurveyAnswer.question, SurveyAnswer.entry, SurveyAnswer.number, SurveyAnswer.choices)
    return (
        select(Cohort.name.label("cohort"), *facts, SurveySheet.reason, *said, SurveyAnswer.declined)
        .select_from(SurveySheet)
        .join(Enrolment, Enrolment.id == SurveySheet.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(SurveyAnswer, SurveyAnswer.sheet_id == SurveySheet.id)
        .where(Enrolment.person_id == person_id)
        .order_by(SurveySheet.id, SurveyAnswer.question, SurveyAnswer.entry)
    )


def follow_ups(person_id: int) -> Select:
    facts = (FollowUp.day, FollowUp.kind.label("follow_up"), FollowUp.purpose.label("what_for"), FollowUp.outcome)
    said = (FollowUp.minutes, FollowUp.broadcasts_still, FollowUp.words, FollowUp.taken_back_because.label("reason"))
    return (
        select(Cohort.name.label("cohort"), *facts, *said)
        .join(Enrolment, Enrolment.id == FollowUp.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.person_id == person_id)
        .order_by(FollowUp.id)
    )


def paid_works(person_id: int) -> Select:
    facts = (PaidWork.worker, PaidWork.is_woman, PaidWork.is_seasonal, PaidWork.from_on, PaidWork.until_on)
    return (
        select(*facts, PaidWork.paid_days, PaidWork.taken_back_because.label("reason"))
        .where(PaidWork.person_id == person_id)
        .order_by(PaidWork.id)
    )
