"""The demonstration's cohorts as rows: women, enrolments with their history, lessons, marks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from trainer.domain.attendance import IN_THE_ROOM, AttendanceStatus, LessonOutcome, LessonState, summarise
from trainer.domain.days import china_day, day_begins
from trainer.domain.demo_lessons import HABITS, Habit, HalfDayLesson, Said, roll, timetable
from trainer.domain.demo_people import pick
from trainer.domain.demonstration import FULL_COHORT, CohortPlan, Part, stream
from trainer.domain.enrolment import EnrolmentStatus, StatusCause
from trainer.domain.programme import CompletionRule
from trainer.domain.timetable import CREDIT_MINUTES
from trainer.models import Attendance, Cohort, CompletionRuleVersion, Enrolment, EnrolmentEvent, Lesson, Mark
from trainer.services.demo_place import Place
from trainer.services.demo_rows import Rows

RULE = CompletionRule()
NOTICE = "2026-01"
TEACHER_PHONE = "14000000001"
CAUSES = {
    EnrolmentStatus.ADMITTED: StatusCause.ROSTER,
    EnrolmentStatus.ACTIVE: StatusCause.BEGUN,
    EnrolmentStatus.WITHDRAWN: StatusCause.STAFF,
    EnrolmentStatus.COMPLETED: StatusCause.COMPLETION,
    EnrolmentStatus.NOT_COMPLETED: StatusCause.COMPLETION,
}
# Of today's open lesson the roll is half taken.
TAKEN_SO_FAR = 0.5


@dataclass
class _Seat:
    """An enrolment in the making, with what was said of it lesson by lesson."""

    person_id: int
    number: int
    habit: Habit
    joined_on: date
    said: list[list[Said]]
    enrolment_id: int = 0


def add_cohort(rows: Rows, plan: CohortPlan, people: Sequence[tuple[int, Part | None]], place: Place) -> list[int]:
    """The cohort of these people with its lessons, enrolments and marks; returns the enrolments in order of seats."""
    cohort_id = _add_cohort_row(rows, plan, place)
    lessons = timetable(plan.track, plan.starts_on, plan.lessons, place.today, forgotten=plan.forgotten)
    chance = stream(plan.name, "attendance")
    seats = [_seat(chance, number, who, part, plan, lessons) for number, (who, part) in enumerate(people, start=1)]
    for seat in seats:
        _add_enrolment(rows, seat, cohort_id, plan, lessons, place)
    for number, lesson in enumerate(lessons):
        _add_lesson(rows, chance, number, lesson, seats, cohort_id, plan, place)
    rows.write_when_many()
    return [seat.enrolment_id for seat in seats]


def _add_cohort_row(rows: Rows, plan: CohortPlan, place: Place) -> int:
    made_at = place.past(day_begins(plan.starts_on) - timedelta(days=30))
    cohort_id = rows.add(
        Cohort,
        code=plan.code,
        programme_id=place.programme_id,
        name=plan.name,
        track=plan.track,
        region_code=plan.region_code,
        place=plan.place,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        capacity=plan.women or FULL_COHORT,
        teacher_name=plan.teacher,
        teacher_phone=TEACHER_PHONE,
        created_at=made_at,
    )
    rows.add(
        CompletionRuleVersion,
        cohort_id=cohort_id,
        number=1,
        min_rate_bp=RULE.min_rate_bp,
        max_unexcused=RULE.max_unexcused,
        excused_counts=RULE.excused_counts,
        set_at=made_at,
        set_by=place.accounts["manager"],
    )
    return cohort_id


def _seat(
    chance: Random, number: int, person_id: int, part: Part | None, plan: CohortPlan, lessons: Sequence[HalfDayLesson]
) -> _Seat:
    habit = part.habit if part else Habit(pick(chance, HABITS))
    late = habit is Habit.JOINS_LATE and plan.lessons > 2
    joined_on = plan.starts_on + timedelta(days=1 if late else 0)
    said = list(roll(chance, habit, lessons, joined_on))
    return _Seat(person_id, number, habit, joined_on, _so_far(chance, said, lessons, number / plan.women))


def _so_far(
    chance: Random, said: list[list[Said]], lessons: Sequence[HalfDayLesson], place_on_roll: float
) -> list[list[Said]]:
    """Nothing of lessons to come; of an open one the first half of the roll, of a forgotten one nearly all."""
    known = []
    open_ones = [lesson for lesson in lessons if lesson.state is LessonState.OPEN]
    for lesson, words in zip(lessons, said, strict=True):
        running = open_ones and lesson is open_ones[-1]
        taken = {
            LessonState.CLOSED: True,
            LessonState.OPEN: place_on_roll <= TAKEN_SO_FAR if running else chance.random() < 0.92,
        }.get(lesson.state, False)
        known.append(words if taken else [])
    return known


def _add_enrolment(
    rows: Rows, seat: _Seat, cohort_id: int, plan: CohortPlan, lessons: Sequence[HalfDayLesson], place: Place
) -> None:
    steps = _history(seat, plan, lessons, place)
    seat.enrolment_id = rows.add(
        Enrolment,
        cohort_id=cohort_id,
        person_id=seat.person_id,
        seat_number=seat.number,
        status=steps[-1][0],
        joined_on=seat.joined_on,
    )
    rule_id = rows.given[CompletionRuleVersion.__tablename__]
    for status, moment, reason in steps:
        cause = CAUSES[status]
        rows.add(
            EnrolmentEvent,
            enrolment_id=seat.enrolment_id,
            status=status,
            at=place.past(moment),
            by=place.accounts[plan.staff],
            reason=reason,
            cause=cause,
            rule_id=rule_id if cause is StatusCause.COMPLETION else None,
        )


def _history(
    seat: _Seat, plan: CohortPlan, lessons: Sequence[HalfDayLesson], place: Place
) -> list[tuple[EnrolmentStatus, datetime, str]]:
    """Admitted, in training, and how it ended: by the cohort's own rule, from what was marked."""
    steps = [(EnrolmentStatus.ADMITTED, day_begins(plan.starts_on) - timedelta(days=7), "")]
    if place.today < plan.starts_on:
        return steps
    steps.append((EnrolmentStatus.ACTIVE, day_begins(seat.joined_on) + timedelta(hours=8), ""))
    if seat.habit is Habit.WITHDRAWS and any(seat.said):
        last = max(lesson.ends_at for lesson, words in zip(lessons, seat.said, strict=True) if words)
        steps.append((EnrolmentStatus.WITHDRAWN, last + timedelta(hours=3), "家中有事，本人申请退出"))
    elif place.today > plan.ends_on:
        outcomes = [
            LessonOutcome(CREDIT_MINUTES, True, words[-1].status if words else None, seat.joined_on <= _day(lesson))
            for lesson, words in zip(lessons, seat.said, strict=True)
        ]
        done = summarise(outcomes, RULE).meets_rule
        status = EnrolmentStatus.COMPLETED if done else EnrolmentStatus.NOT_COMPLETED
        steps.append((status, lessons[-1].ends_at + timedelta(days=1), "" if done else "出勤率未达到结业规则"))
    return steps


def _day(lesson: HalfDayLesson) -> date:
    return china_day(lesson.starts_at)


def _add_lesson(
    rows: Rows,
    chance: Random,
    number: int,
    lesson: HalfDayLesson,
    seats: Sequence[_Seat],
    cohort_id: int,
    plan: CohortPlan,
    place: Place,
) -> None:
    closed = lesson.state is LessonState.CLOSED
    instructor = place.accounts[plan.instructors[number // 2 % len(plan.instructors)]]
    came = sum(1 for seat in seats if seat.said[number] and seat.said[number][-1].status in IN_THE_ROOM)
    lesson_id = rows.add(
        Lesson,
        cohort_id=cohort_id,
        title=lesson.title,
        kind=lesson.kind,
        starts_at=lesson.starts_at,
        ends_at=lesson.ends_at,
        credit_minutes=CREDIT_MINUTES,
        place=plan.place,
        instructor_id=instructor,
        state=lesson.state,
        headcount=came if closed else None,
        closed_at=lesson.ends_at + timedelta(minutes=chance.randrange(3, 40)) if closed else None,
        closed_by=instructor if closed else None,
    )
    for seat in seats:
        for turn, said in enumerate(seat.said[number]):
            moment = _marked_at(lesson, seat, said, turn, place)
            _add_mark(rows, lesson_id, seat, turn, said, instructor, moment, is_office=_is_office(lesson, said))
        if seat.said[number]:
            _add_attendance(rows, lesson_id, lesson, seat, seat.said[number])


def _add_attendance(rows: Rows, lesson_id: int, lesson: HalfDayLesson, seat: _Seat, said: list[Said]) -> None:
    """What her marks, the last of them just added, come to."""
    first, last = said[0], said[-1]
    by_office = _is_office(lesson, last)
    rows.put(
        Attendance,
        lesson_id=lesson_id,
        enrolment_id=seat.enrolment_id,
        status=last.status,
        marker_status=first.status if by_office else last.status,
        office_status=last.status if by_office else None,
        mark_id=rows.given[Mark.__tablename__],
    )


def _is_office(lesson: HalfDayLesson, said: Said) -> bool:
    """Made up on another day: the lesson was closed by then."""
    return lesson.state is LessonState.CLOSED and said.status is AttendanceStatus.MADE_UP


def _marked_at(lesson: HalfDayLesson, seat: _Seat, said: Said, turn: int, place: Place) -> datetime:
    """Down the roll in the first minutes; who left early at the end; what was put right later, after the lesson."""
    moment = lesson.starts_at + timedelta(seconds=300 + 4 * seat.number)
    if said.status is AttendanceStatus.LEFT_EARLY:
        moment = lesson.ends_at - timedelta(minutes=20)
    if _is_office(lesson, said):
        moment = lesson.ends_at + timedelta(hours=20)
    elif turn:
        moment = lesson.ends_at + timedelta(minutes=1 + seat.number % 2)
    return place.past(moment)


def _add_mark(
    rows: Rows,
    lesson_id: int,
    seat: _Seat,
    turn: int,
    said: Said,
    instructor: int,
    moment: datetime,
    *,
    is_office: bool,
) -> None:
    rows.add(
        Mark,
        lesson_id=lesson_id,
        enrolment_id=seat.enrolment_id,
        status=said.status,
        channel=said.channel,
        by=instructor,
        at=moment,
        is_office=is_office,
        nonce=f"demonstration:{lesson_id}:{seat.enrolment_id}:{turn}",
        reason=said.reason,
    )
