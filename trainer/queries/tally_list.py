"""The list behind a number of a tally or of the board."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, true, type_coerce

from trainer.domain.actors import Actor
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.programme import Track
from trainer.domain.tally import ALL, Question
from trainer.models.enrolment import Enrolment, EnrolmentEvent
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.queries.person import visible_people
from trainer.queries.scoping import Page, fetch_page
from trainer.queries.tally import as_of_places, behind


@dataclass(frozen=True)
class PlaceRow:
    """Somebody behind a number: where she stood at the end of the day, and since when."""

    person_id: int
    name: str
    village: str | None
    cohort_id: int
    cohort: str
    status: EnrolmentStatus
    since: datetime


def places_page(
    actor: Actor,
    question: Question,
    *,
    key: str | None,
    cadre: bool | None = None,
    column: str = ALL,
    page: int = 1,
    per_page: int = 20,
) -> Page[PlaceRow]:
    """Who stands behind a number of the tally, as far as the actor may see people: a line a place."""
    places = as_of_places(actor, question).subquery("places")
    since = (
        select(func.max(EnrolmentEvent.at))
        .where(EnrolmentEvent.enrolment_id == places.c.enrolment, EnrolmentEvent.at < question.until)
        .scalar_subquery()
    )
    statement = (
        select(
            *(Person.id, Person.name, Person.village, Cohort.id.label("cohort_id"), Cohort.name.label("cohort")),
            *(places.c.stage, type_coerce(since, EnrolmentEvent.at.type).label("since")),
        )
        .select_from(places)
        .join(Enrolment, Enrolment.id == places.c.enrolment)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Person, Person.id == places.c.person)
        .where(visible_people(actor), _in_group(places.c, key), behind(column, places.c, question))
        .where(places.c.cadre == (Track.CADRE.value if cadre else "") if cadre is not None else true())
        .order_by(Person.name_pinyin, Person.id, Cohort.starts_on, Cohort.id)
    )
    return fetch_page(statement, _place_row, page=page, per_page=per_page)


def _in_group(columns, key: str | None) -> ColumnElement[bool]:
    """None is whatever the group, "" where nothing is said."""
    if key is None:
        return true()
    return columns.key == key if key else columns.key.is_(None)


def _place_row(row) -> PlaceRow:
    person_id, name, village, cohort_id, cohort, stage, since = row
    return PlaceRow(person_id, name, village, cohort_id, cohort, EnrolmentStatus(stage), since)
