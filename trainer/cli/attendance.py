"""Attendance: a cohort's summary, a row a woman."""

import click
from flask.cli import AppGroup

from trainer.cli.answers import answer, refusing
from trainer.domain.attendance import AttendanceStatus, WomanAttendance
from trainer.errors import Refused
from trainer.queries.attendance import get_cohort_attendance
from trainer.queries.cohort import get_cohort_by_code

group = AppGroup("attendance", help="Attendance of cohorts.")


class UnknownCohort(Refused):
    code = "unknown_cohort"


def cohort_called(code: str):
    """The cohort a command names. Raises UnknownCohort."""
    cohort = get_cohort_by_code(code)
    if cohort is None:
        raise UnknownCohort(code=code)
    return cohort


@group.command()
@click.option("--cohort", "code", required=True, help="The cohort's code.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document; else a line a woman.")
@refusing
def summary(code: str, as_json: bool) -> None:
    """What each woman's attendance comes to, over closed lessons, weighted by hours."""
    cohort = cohort_called(code)
    found = get_cohort_attendance(cohort.id)
    rows = [_row(woman) for woman in found.rows]
    if as_json:
        answer(
            {
                "cohort": cohort.code,
                "lessons_closed": found.lessons_closed,
                "hours_closed": found.minutes_closed / 60,
                "rows": rows,
            }
        )
        return
    for row in rows:
        click.echo("\t".join(f"{name}={value}" for name, value in row.items()))


def _row(woman: WomanAttendance) -> dict[str, object]:
    found = woman.summary
    return {
        "enrolment": woman.enrolment_id,
        "name_masked": woman.name_masked,
        **{status.value: getattr(found, status.value) for status in AttendanceStatus},
        "unmarked": found.unmarked,
        "not_applicable": found.not_applicable,
        "hours": found.minutes / 60,
        "rate": found.rate,
        "max_possible_rate": found.max_possible_rate,
        "meets_rule": found.meets_rule,
        "consecutive_absences": found.consecutive_absences,
    }
