"""`attendance summary`: the contract's keys, shares and hours, and the exit for an unknown cohort."""

import json

from tests import factories
from trainer.database import transaction
from trainer.domain.attendance import AttendanceStatus, LessonState
from trainer.domain.enrolment import EnrolmentStatus
from trainer.models import Attendance, Mark

S = AttendanceStatus


def attend(lesson, enrolment, status: S) -> None:
    with transaction() as session:
        mark = Mark(
            lesson_id=lesson.id,
            enrolment_id=enrolment.id,
            status=status,
            channel="roll",
            at=factories.AT,
            nonce=f"{lesson.id}.{enrolment.id}",
        )
        session.add(mark)
        session.flush()
        session.add(Attendance(lesson_id=lesson.id, enrolment_id=enrolment.id, status=status, mark_id=mark.id))


def test_the_summary_of_a_cohort(app):
    cohort = factories.cohort("DT-2026-77")
    steady, late_joiner = factories.enrolment(cohort), factories.enrolment(cohort, joined_on=cohort.ends_on)
    factories.enrolment(cohort, status=EnrolmentStatus.WITHDRAWN)
    first = factories.lesson(cohort, state=LessonState.CLOSED, minutes=180)
    second = factories.lesson(cohort, day=1, state=LessonState.CLOSED, minutes=60)
    factories.lesson(cohort, day=2, state=LessonState.CANCELLED)
    factories.lesson(cohort, day=4, minutes=240)
    attend(first, steady, S.PRESENT)
    attend(second, steady, S.ABSENT)
    result = app.test_cli_runner().invoke(args=["attendance", "summary", "--cohort", "DT-2026-77", "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "cohort": "DT-2026-77",
        "lessons_closed": 2,
        "hours_closed": 4.0,
        "rows": [
            {
                "enrolment": steady.id,
                "name_masked": "王*芳",
                "present": 1,
                "late": 0,
                "left_early": 0,
                "excused": 0,
                "absent": 1,
                "made_up": 0,
                "unmarked": 0,
                "not_applicable": 0,
                "hours": 3.0,
                "rate": 0.75,
                "max_possible_rate": 0.875,
                "meets_rule": False,
                "consecutive_absences": 1,
            },
            {
                "enrolment": late_joiner.id,
                "name_masked": "王*芳",
                **dict.fromkeys(("present", "late", "left_early", "excused", "absent", "made_up", "unmarked"), 0),
                "not_applicable": 2,
                "hours": 0.0,
                "rate": None,
                "max_possible_rate": 1.0,
                "meets_rule": False,
                "consecutive_absences": 0,
            },
        ],
    }


def test_an_unknown_cohort_is_said_plainly(app):
    result = app.test_cli_runner().invoke(args=["attendance", "summary", "--cohort", "NO-SUCH", "--json"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("没有编号为 NO-SUCH 的")
    assert len(result.stderr.splitlines()) == 1
