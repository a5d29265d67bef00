"""Statements of what waits about questionnaires: women to call or who asked for it, papers that wait for a second
entry."""

from sqlalchemy import Select, and_, or_, select

from trainer.domain.survey import SheetState
from trainer.domain.survey_call import CALL_AFTER
from trainer.models.enrolment import Enrolment
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.survey import SurveySheet
from trainer.permissions import Permission
from trainer.queries.survey import in_time
from trainer.queries.survey_calls import is_nobodys
from trainer.queries.survey_sheet import reach
from trainer.queries.survey_sums import women_who_wish


def surveys_to_call(asked) -> Select:
    """Hers, and those that nobody calls about though they are long due."""
    long_due = and_(is_nobodys(), SurveySheet.due_on <= asked.today - CALL_AFTER)
    hers = or_(SurveySheet.caller_id == asked.actor.account_id, long_due)
    waiting = _sheets(asked, SheetState.OPEN, SurveySheet.due_on).where(hers, in_time(asked.today))
    return waiting.order_by(SurveySheet.due_on, SurveySheet.id)


def papers_to_check(asked) -> Select:
    """Copied from paper by somebody else."""
    others = or_(SurveySheet.entered_by.is_(None), SurveySheet.entered_by != asked.actor.account_id)
    return (
        _sheets(asked, SheetState.ENTERED, SurveySheet.answered_at)
        .where(others)
        .order_by(SurveySheet.answered_at, SurveySheet.id)
    )


def calls_wanted(asked) -> Select:
    """Each leads to the list of her class."""
    return women_who_wish(reach(asked.actor, Permission.CONDUCT_SURVEYS))


def _sheets(asked, state: SheetState, moment) -> Select:
    return (
        select(SurveySheet.id, Person.name, Cohort.name.label("detail"), moment)
        .join(Enrolment, Enrolment.id == SurveySheet.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(SurveySheet.state == state, reach(asked.actor, Permission.CONDUCT_SURVEYS))
    )
