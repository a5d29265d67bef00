"""What is known of the women of a cohort, as its outcomes are reckoned from: a fixed number of statements."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, groupby

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.attendance import LessonState
from trainer.domain.enrolment import ON_THE_ROLL, EnrolmentStatus, StatusCause
from trainer.domain.outcomes import Stage, Woman
from trainer.domain.sales_figures import WHOLE_BP
from trainer.domain.survey import SheetState, Wave
from trainer.models.attendance import Attendance
from trainer.models.enrolment import Enrolment, EnrolmentEvent
from trainer.models.follow_up import FollowUp
from trainer.models.lesson import Lesson
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.survey import SurveyAnswer, SurveySheet
from trainer.queries.completion import attended_and_counted, requirements_of
from trainer.queries.sales_figures import day_of
from trainer.queries.selling import NO_SELLING, Selling, list_selling

ATTENDED_SHARE_BP = 8_000
PROFIT, BROADCASTS = "profit", "broadcasts_30"


@dataclass(frozen=True)
class CohortFacts:
    """A cohort and its women as of a day; `undecided`: on the roll though the course is over."""

    cohort_id: int
    programme_id: int
    region_code: str
    starts_on: date
    ends_on: date
    as_of: date
    women: tuple[Woman, ...]
    undecided: int


@dataclass(frozen=True)
class _Seat:
    enrolment_id: int
    person_id: int
    status: EnrolmentStatus
    joined_on: date
    region_code: str
    township: str | None


def get_cohort_facts(cohort_id: int, as_of: date) -> CohortFacts:
    """Nine statements."""
    columns = (Cohort.programme_id, Cohort.region_code, Cohort.starts_on, Cohort.ends_on)
    programme_id, region_code, starts_on, ends_on = db.session.execute(
        select(*columns).where(Cohort.id == cohort_id)
    ).one()
    seats = _seats(took_a_seat(cohort_id), as_of)
    women = list_women(cohort_id, seats, ends_on, as_of)
    undecided = sum(seat.status in _STILL_OPEN for seat in seats) if ends_on < as_of else 0
    return CohortFacts(cohort_id, programme_id, region_code, starts_on, ends_on, as_of, tuple(women), undecided)


_STILL_OPEN = (EnrolmentStatus.ADMITTED, EnrolmentStatus.ACTIVE)
_ELSEWHERE = (StatusCause.TRANSFER, StatusCause.MERGE)


def took_a_seat(cohort_id: int) -> ColumnElement[bool]:
    """On the roll, or gone again from it; who was transferred or merged is counted where she went on."""
    gone_on = exists().where(EnrolmentEvent.enrolment_id == Enrolment.id, EnrolmentEvent.cause.in_(_ELSEWHERE))
    left = and_(Enrolment.status == EnrolmentStatus.WITHDRAWN, Enrolment.seat_number.is_not(None), ~gone_on)
    return and_(Enrolment.cohort_id == cohort_id, or_(Enrolment.status.in_(ON_THE_ROLL), left))


def _seats(which: ColumnElement[bool], as_of: date) -> list[_Seat]:
    rows = db.session.execute(
        select(
            *(Enrolment.id, Enrolment.person_id, Enrolment.status, Enrolment.joined_on),
            *(Person.region_code, Person.township),
        )
        .join(Person, Person.id == Enrolment.person_id)
        .where(which, Enrolment.joined_on <= as_of)
        .order_by(Enrolment.id)
    )
    return [_Seat(*row) for row in rows]


def list_women(cohort_id: int, seats: Sequence[_Seat], ends_on: date, as_of: date) -> list[Woman]:
    people = {seat.person_id for seat in seats}
    attended = _attendance(cohort_id, as_of)
    selling = list_selling(people, ends_on, as_of)
    enrolments = [seat.enrolment_id for seat in seats]
    answers, calls = _answers(enrolments, as_of), _said_on_calls(enrolments, as_of)
    women = []
    for seat in seats:
        profits, said_on = answers.get(seat.enrolment_id, ({}, []))
        said_on = (*said_on, *calls.get(seat.enrolment_id, ()))
        hers = selling.get(seat.person_id, NO_SELLING)
        women.append(
            _woman(seat, ends_on, as_of, attended.get(seat.enrolment_id, (None, None)), hers, profits, said_on)
        )
    return women


def _woman(seat, ends_on, as_of, attendance, selling: Selling, profits, said_on) -> Woman:
    rate, attended_on = attendance
    completed_on = ends_on if seat.status is EnrolmentStatus.COMPLETED and ends_on <= as_of else None
    if rate is None:  # a class of before, without a roll: who completed it was there
        attended_on = completed_on
    reached = {
        Stage.ENROLLED: seat.joined_on,
        Stage.ATTENDED: attended_on,
        Stage.COMPLETED: completed_on,
        Stage.SHOP_OPENED: selling.opened_on,
        Stage.FIRST_BROADCAST: selling.broadcast_on,
        Stage.FIRST_PAID_ORDER: selling.paid_on,
        Stage.FIRST_SETTLED: selling.settled_on,
    }
    return Woman(
        id=seat.enrolment_id,
        region_code=seat.region_code,
        township=seat.township,
        attendance_bp=rate,
        completed_on=completed_on,
        stages={stage: day for stage, day in reached.items() if day is not None},
        reach_from=selling.known_from,
        reach_on=selling.known_until,
        days=selling.days,
        said_on=tuple(sorted(said_on)),
        file_months=selling.file_months,
        typed_months=selling.typed_months,
        profits=profits,
    )


def _attendance(cohort_id: int, as_of: date) -> dict[int, tuple[int | None, date | None]]:
    """Enrolment → (share of counted time in hundredths of a percent, the day on which four fifths of it were attended)."""
    attended, counted = attended_and_counted(requirements_of([cohort_id])[cohort_id].rule)
    day = day_of(Lesson.starts_at).label("day")
    rows = db.session.execute(
        select(
            *(Enrolment.id, day),
            func.sum(case((attended, Lesson.credit_minutes), else_=0)),
            func.sum(case((counted, Lesson.credit_minutes), else_=0)),
        )
        .select_from(Enrolment)
        .join(Lesson, and_(Lesson.cohort_id == Enrolment.cohort_id, Lesson.state == LessonState.CLOSED))
        .join(Attendance, and_(Attendance.lesson_id == Lesson.id, Attendance.enrolment_id == Enrolment.id))
        .where(Enrolment.cohort_id == cohort_id, day >= Enrolment.joined_on, day <= as_of)
        .group_by(Enrolment.id, "day")
        .order_by(Enrolment.id, "day")
    )
    return {id_: _share([row[1:] for row in of_hers]) for id_, of_hers in groupby(rows, lambda row: row[0])}


def _share(days: Sequence[tuple[date, int, int]]) -> tuple[int | None, date | None]:
    counted = sum(minutes for _day, _attended, minutes in days)
    if not counted:
        return None, None
    sums = accumulate(attended for _day, attended, _counted in days)
    reached = (
        day for (day, *_), so_far in zip(days, sums, strict=True) if so_far * WHOLE_BP >= counted * ATTENDED_SHARE_BP
    )
    return sum(attended for _day, attended, _ in days) * WHOLE_BP // counted, next(reached, None)


def _answers(enrolments: Collection[int], as_of: date) -> dict[int, tuple[dict[str, int], list[date]]]:
    """Enrolment → (profit named by wave in fen, days on which she said how often she had broadcast)."""
    asked = (SurveyAnswer.question == PROFIT) | (SurveyAnswer.question == BROADCASTS)
    rows = db.session.execute(
        select(
            SurveySheet.enrolment_id,
            SurveySheet.wave,
            SurveySheet.answered_on,
            SurveyAnswer.question,
            SurveyAnswer.number,
        )
        .join(SurveyAnswer, and_(SurveyAnswer.sheet_id == SurveySheet.id, SurveyAnswer.entry == SurveySheet.entry))
        .where(SurveySheet.enrolment_id.in_(enrolments), SurveySheet.state == SheetState.ANSWERED, asked)
        .where(SurveySheet.answered_on <= as_of, SurveyAnswer.number.is_not(None))
    )
    found: dict[int, tuple[dict[str, int], list[date]]] = {}
    for enrolment_id, wave, day, question, number in rows:
        profits, said_on = found.setdefault(enrolment_id, ({}, []))
        if question == PROFIT:
            profits[wave.value] = number
        else:
            said_on.append(day)
    return found


def _said_on_calls(enrolments: Collection[int], as_of: date) -> dict[int, list[date]]:
    rows = db.session.execute(
        select(FollowUp.enrolment_id, FollowUp.day)
        .where(FollowUp.enrolment_id.in_(enrolments), FollowUp.broadcasts_still.is_not(None))
        .where(FollowUp.taken_back_at.is_(None), FollowUp.day <= as_of)
    )
    found: dict[int, list[date]] = {}
    for enrolment_id, day in rows:
        found.setdefault(enrolment_id, []).append(day)
    return found


def list_compared(facts: CohortFacts, status: EnrolmentStatus) -> list[Woman]:
    """Who signed up for the cohort and was never on its roll, nor on any other's up to the day; with what they answered."""
    trained = aliased(Enrolment)
    elsewhere = exists().where(
        trained.person_id == Enrolment.person_id, trained.status.in_(ON_THE_ROLL), trained.joined_on <= facts.as_of
    )
    which = and_(Enrolment.cohort_id == facts.cohort_id, Enrolment.status == status, ~elsewhere)
    seats = _seats(which, facts.as_of)
    answers = _answers([seat.enrolment_id for seat in seats], facts.as_of)
    return [
        Woman(seat.enrolment_id, seat.region_code, seat.township, profits=answers[seat.enrolment_id][0])
        for seat in seats
        if seat.enrolment_id in answers
    ]


# So far from the day in question an answer may lie and still be taken for it.
NEAR = timedelta(days=45)


def list_earlier(facts: CohortFacts, wave: Wave) -> list[Woman]:
    """Graduates of cohorts of the same programme that were over before this one began, with what they named around the
    days on which this cohort was asked: the answer nearest to each, not farther than NEAR."""
    mine = select(Enrolment.person_id).where(Enrolment.cohort_id == facts.cohort_id)
    rows = db.session.execute(
        select(Enrolment.id, Person.region_code, Person.township, SurveySheet.answered_on, SurveyAnswer.number)
        .join(SurveySheet, SurveySheet.enrolment_id == Enrolment.id)
        .join(SurveyAnswer, and_(SurveyAnswer.sheet_id == SurveySheet.id, SurveyAnswer.entry == SurveySheet.entry))
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Cohort.programme_id == facts.programme_id, Cohort.ends_on < facts.starts_on)
        .where(Enrolment.status == EnrolmentStatus.COMPLETED, Enrolment.person_id.not_in(mine))
        .where(SurveyAnswer.question == PROFIT)
        .where(SurveySheet.state == SheetState.ANSWERED, SurveyAnswer.number.is_not(None))
        .order_by(Enrolment.id, SurveySheet.answered_on)
    )
    days = {Wave.BASELINE: facts.starts_on, wave: wave.due_on(facts.starts_on, facts.ends_on)}
    women = []
    for (id_, region, township), of_hers in groupby(rows, lambda row: row[:3]):
        answers = [tuple(row[3:]) for row in of_hers]
        near = {one: _nearest(answers, day) for one, day in days.items()}
        profits = {one.value: number for one, number in near.items() if number is not None}
        if profits:
            women.append(Woman(id_, region, township, profits=profits))
    return women


def _nearest(answers: Sequence[tuple[date, int]], day: date) -> int | None:
    close = [(abs(answered_on - day), number) for answered_on, number in answers if abs(answered_on - day) <= NEAR]
    return min(close)[1] if close else None
