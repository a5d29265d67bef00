"""A class's attendance as a table, how its marks were made, what the office corrected, and the sums of areas."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, distinct, func, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.attendance import ATTENDED, EVIDENCE, Evidence, LessonState
from trainer.domain.attendance_table import AttendanceTable, Cell, Correction, Signatory, TableLesson, TableWoman
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.people import mask_phone
from trainer.models.account import Account
from trainer.models.attendance import Attendance, Mark
from trainer.models.enrolment import Enrolment
from trainer.models.job import CohortMetrics
from trainer.models.lesson import Lesson
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.region import Region
from trainer.permissions import Permission
from trainer.queries.cohort import visible_cohorts


def get_attendance_table(cohort_id: int) -> AttendanceTable:
    """Three statements whatever the size."""
    lessons = db.session.execute(
        select(*(Lesson.id, Lesson.title, Lesson.starts_at, Lesson.credit_minutes, Lesson.state, Lesson.instructor_id))
        .where(Lesson.cohort_id == cohort_id, Lesson.state != LessonState.CANCELLED)
        .order_by(Lesson.starts_at, Lesson.id)
    )
    women = db.session.execute(
        select(
            *(Enrolment.id, Person.id, Enrolment.seat_number, Person.name, Enrolment.joined_on),
            *(Region.code, Region.name.label("county")),
        )
        .join(Person, Person.id == Enrolment.person_id)
        .join(Region, Region.code == Person.region_code)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.status.in_(ON_THE_ROLL))
        .order_by(Enrolment.seat_number)
    )
    cells = db.session.execute(
        select(
            *(Attendance.enrolment_id, Attendance.lesson_id, Attendance.status),
            # The roll's word is wanted where the office has another; reading it of all takes a fifth of the page.
            case((Attendance.office_status.is_not(None), Attendance.marker_status)),
            *(Attendance.office_status, Attendance.conflict_mark_id),
        )
        .join(Lesson, Lesson.id == Attendance.lesson_id)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .where(Lesson.cohort_id == cohort_id, Lesson.state != LessonState.CANCELLED, Enrolment.status.in_(ON_THE_ROLL))
    )
    return AttendanceTable(
        [TableLesson(*row) for row in lessons],
        [TableWoman(*row) for row in women],
        {
            (enrolment, lesson): Cell(status, marker, office, conflict is not None)
            for enrolment, lesson, status, marker, office, conflict in cells
        },
    )


def count_evidence(cohort_id: int) -> dict[int, dict[Evidence, int]]:
    """By lesson: how those who came were seen."""
    counts: dict[int, dict[Evidence, int]] = {}
    for lesson_id, channel, number in db.session.execute(
        select(Attendance.lesson_id, Mark.channel, func.count())
        .join(Mark, Mark.id == Attendance.mark_id)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .where(
            Enrolment.cohort_id == cohort_id, Enrolment.status.in_(ON_THE_ROLL), Attendance.status.in_(list(ATTENDED))
        )
        .group_by(Attendance.lesson_id, Mark.channel)
    ):
        own, evidence = counts.setdefault(lesson_id, {}), EVIDENCE[channel]
        own[evidence] = own.get(evidence, 0) + number
    return counts


def list_corrections(cohort_id: int) -> list[Correction]:
    """In order of the lessons, then of the seats."""
    rows = db.session.execute(
        select(
            *(Enrolment.seat_number, Person.name, Lesson.title, Lesson.starts_at),
            *(Attendance.marker_status, Attendance.office_status, Mark.at, Account.name.label("by"), Mark.reason),
        )
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Lesson, Lesson.id == Attendance.lesson_id)
        .join(Mark, Mark.id == Attendance.mark_id)
        .outerjoin(Account, Account.id == Mark.by)
        .where(
            Enrolment.cohort_id == cohort_id,
            Attendance.office_status.is_not(None),
            Attendance.office_status.is_distinct_from(Attendance.marker_status),
        )
        .order_by(Lesson.starts_at, Lesson.id, Enrolment.seat_number)
    )
    return [Correction(*row) for row in rows]


def list_signatories(cohort_id: int) -> list[Signatory]:
    """Everybody on the roll by seat."""
    rows = db.session.execute(
        select(
            *(Enrolment.id, Enrolment.seat_number, Person.name, Person.sex, Person.phone),
            *(Person.township, Person.village, Enrolment.joined_on),
        )
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.status.in_(ON_THE_ROLL))
        .order_by(Enrolment.seat_number)
    )
    return [
        Signatory(id_, seat, name, sex, mask_phone(phone), f"{township or ''}{village or ''}", joined_on)
        for id_, seat, name, sex, phone, township, village, joined_on in rows
    ]


@dataclass(frozen=True)
class AreaSums:
    """The cohorts of one city: places taken (person-times) beside the women there are, minutes, and who reaches the
    rule."""

    code: str
    name: str
    cohorts: int
    enrolled: int
    people: int
    attended_minutes: int
    counted_minutes: int
    meeting_rule: int

    @property
    def is_city(self) -> bool:
        """Not the province itself, whose list of cohorts holds those of all its cities."""
        return not self.code.endswith("0000")

    @property
    def rate(self) -> float | None:
        return self.attended_minutes / self.counted_minutes if self.counted_minutes else None


def list_areas(actor: Actor, programme_id: int) -> Sequence[AreaSums]:
    """The cities where a programme's cohorts are held that she may look at, from the kept figures: two statements."""
    city = func.substr(Cohort.region_code, 1, 4).concat("00")
    within = (Cohort.programme_id == programme_id, visible_cohorts(actor, Permission.VIEW_ATTENDANCE))
    people = dict(
        db.session.execute(
            select(city.label("city"), func.count(distinct(Enrolment.person_id)))
            .join(Enrolment, Enrolment.cohort_id == Cohort.id)
            .where(*within, Enrolment.status.in_(ON_THE_ROLL))
            .group_by("city")
        ).all()
    )
    rows = db.session.execute(
        select(
            *(Region.code, Region.name, func.count(Cohort.id)),
            *(
                func.coalesce(func.sum(column), 0)
                for column in (
                    CohortMetrics.enrolled,
                    CohortMetrics.attended_minutes,
                    CohortMetrics.counted_minutes,
                    CohortMetrics.meeting_rule,
                )
            ),
        )
        .join(Cohort, city == Region.code)
        .outerjoin(CohortMetrics, CohortMetrics.cohort_id == Cohort.id)
        .where(*within)
        .group_by(Region.code, Region.name)
        .order_by(Region.code)
    )
    return [
        AreaSums(code, name, cohorts, int(enrolled), people.get(code, 0), *map(int, sums))
        for code, name, cohorts, enrolled, *sums in rows
    ]
