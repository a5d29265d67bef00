"""Women of the demonstration who wanted a place in its first class and got none: with them the class is compared."""

from datetime import timedelta

from trainer.domain.days import day_begins
from trainer.domain.demo_people import Maker
from trainer.domain.demo_sales import BUSINESSES
from trainer.domain.demonstration import CohortPlan, stream
from trainer.domain.enrolment import EnrolmentStatus, StatusCause
from trainer.models import Enrolment, EnrolmentEvent
from trainer.services.demo_people import add_consents, add_person
from trainer.services.demo_place import Place
from trainer.services.demo_rows import Rows

# The class whose women were chosen among more, and how many got no place.
CHOSEN_AMONG, WITHOUT_PLACE = "141000", 24
REASON = "名额已满，按报名先后未能录取"
# Days before the course: what became of the sign-up.
STEPS = (
    (20, EnrolmentStatus.APPLIED, StatusCause.SIGN_UP, ""),
    (12, EnrolmentStatus.REJECTED, StatusCause.STAFF, REASON),
)


def add_compared(rows: Rows, maker: Maker, plan: CohortPlan, cohort_id: int, place: Place) -> None:
    chance = stream(plan.name, "without a place")
    for _ in range(WITHOUT_PLACE):
        woman = maker.woman(chance, chance.choice(plan.counties), list(BUSINESSES))
        person_id = add_person(rows, woman, plan, place)
        add_consents(rows, chance, person_id, plan, place)
        enrolment_id = rows.add(
            Enrolment,
            cohort_id=cohort_id,
            person_id=person_id,
            seat_number=None,
            status=EnrolmentStatus.REJECTED,
            joined_on=plan.starts_on,
        )
        for days, status, cause, reason in STEPS:
            rows.add(
                EnrolmentEvent,
                enrolment_id=enrolment_id,
                status=status,
                at=day_begins(plan.starts_on) - timedelta(days=days, hours=-9),
                by=place.accounts[plan.staff],
                reason=reason,
                cause=cause,
                rule_id=None,
            )
