"""What a class answered to its questionnaires: the facts behind the sums, and who asked for a call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.follow_up import FOLLOWED, FollowUpOutcome, FollowUpPurpose
from trainer.domain.survey import SheetState, Wave, answers_that_count
from trainer.domain.survey_sums import Asking
from trainer.models.enrolment import Enrolment
from trainer.models.follow_up import FollowUp
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.survey import SurveyAnswer, SurveySheet
from trainer.queries.outcome_facts import took_a_seat
from trainer.queries.person import is_here
from trainer.queries.survey import answers_of


def list_askings(cohort_id: int) -> dict[Wave, Asking]:
    """Every wave that was opened, of the women of the class; who is only compared with it is not in it. Two statements."""
    rows = db.session.execute(
        select(SurveySheet.wave, SurveySheet.state, SurveySheet.id, Enrolment.id)
        .join(Enrolment, Enrolment.id == SurveySheet.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(took_a_seat(cohort_id), is_here())
        .order_by(SurveySheet.id)
    ).all()
    answers = answers_of([sheet for _wave, state, sheet, _woman in rows if state is SheetState.ANSWERED])
    return {wave: _asking(wave, of_wave, answers) for wave in Wave if (of_wave := [r for r in rows if r[0] is wave])}


def _asking(wave: Wave, rows: Sequence, answers) -> Asking:
    answered = {woman: sheet for _wave, state, sheet, woman in rows if state is SheetState.ANSWERED}
    return Asking(
        wave,
        due=len(rows),
        declined=sum(state is SheetState.DECLINED for _wave, state, *_ids in rows),
        said={woman: answers_that_count(wave, answers.get(sheet, {})) for woman, sheet in answered.items()},
    )


@dataclass(frozen=True)
class Wish:
    """A woman who asked for a call and has not been spoken with. `since`: the first day on which she did; the rest as
    she said it last."""

    enrolment_id: int
    person_id: int
    name: str
    seat: int | None
    status: EnrolmentStatus
    since: date
    wave: Wave
    sheet_id: int
    obstacle: str | None


def list_wishes(cohort_id: int) -> list[Wish]:
    """Longest waiting first: one statement."""
    obstacle = aliased(SurveyAnswer)
    said = and_(
        *(obstacle.sheet_id == SurveySheet.id, obstacle.entry == SurveySheet.entry, obstacle.question == "obstacle"),
    )
    woman = (Enrolment.id, Person.id, Person.name, Enrolment.seat_number, Enrolment.status)
    rows = db.session.execute(
        wishes(*woman, SurveySheet.answered_on, SurveySheet.wave, SurveySheet.id, obstacle.choices)
        .outerjoin(obstacle, said)
        .where(Enrolment.cohort_id == cohort_id)
        .order_by(Enrolment.id, SurveySheet.answered_on, SurveySheet.id)
    )
    women = [list(hers) for _id, hers in groupby(rows, lambda row: row[0])]
    found = [Wish(*hers[-1][:5], hers[0].answered_on, *hers[-1][6:]) for hers in women]
    return sorted(found, key=lambda wish: (wish.since, wish.seat or 0))


def wishes(*columns) -> Select:
    """A row a questionnaire in which a woman asked for a call that she has not had, and did not say later that there is
    no need. A call about a questionnaire is not the one she asked for."""
    said = and_(
        *(SurveyAnswer.sheet_id == SurveySheet.id, SurveyAnswer.entry == SurveySheet.entry),
        *(SurveyAnswer.question == "wants_call", SurveyAnswer.number == 1),
    )
    return (
        select(*columns)
        .select_from(SurveySheet)
        .join(SurveyAnswer, said)
        .join(Enrolment, Enrolment.id == SurveySheet.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(SurveySheet.state == SheetState.ANSWERED, Enrolment.status.in_(FOLLOWED), is_here())
        .where(~_spoken_with(), ~_has_no_need())
    )


def _spoken_with() -> ColumnElement[bool]:
    return exists().where(
        *(FollowUp.enrolment_id == SurveySheet.enrolment_id, FollowUp.day >= SurveySheet.answered_on),
        *(FollowUp.outcome == FollowUpOutcome.SPOKEN, FollowUp.purpose != FollowUpPurpose.SURVEY),
        FollowUp.taken_back_at.is_(None),
    )


def _has_no_need() -> ColumnElement[bool]:
    later, said = aliased(SurveySheet), aliased(SurveyAnswer)
    return exists().where(
        *(later.enrolment_id == SurveySheet.enrolment_id, later.state == SheetState.ANSWERED),
        later.answered_on > SurveySheet.answered_on,
        *(said.sheet_id == later.id, said.entry == later.entry),
        *(said.question == "wants_call", said.number == 0),
    )


def women_who_wish(reach: ColumnElement[bool]) -> Select:
    """(class, woman, class's name, since) for the home page, one a woman."""
    since = func.min(SurveySheet.answered_on).label("since")
    woman = (Enrolment.id, Cohort.id, Person.name, Cohort.name)
    columns = (Cohort.id, Person.name, Cohort.name.label("detail"), since)
    return wishes(*columns).where(reach).group_by(*woman).order_by(since, Enrolment.id)
