"""The search box of staff: people, cohorts, programmes and applications within reach, a screenful of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.search import Wanted
from trainer.models.application import Application
from trainer.models.person import Person
from trainer.models.selection import Selection
from trainer.permissions import Permission, can
from trainer.queries.cohort import CohortRow, cohorts_page
from trainer.queries.person import PersonRow, people_by_number, people_page
from trainer.queries.programme import ProgrammeRow, programmes_page
from trainer.queries.scoping import Page, visible

MOST = 20
NOTHING: Page = Page((), 0, 1, MOST)


@dataclass(frozen=True)
class ApplicationRow:
    """A candidate by the code that evaluators know her by."""

    id: int
    selection_id: int
    code: str
    name: str
    selection: str


@dataclass(frozen=True)
class Found:
    """At most MOST of each; the pages know how many there are in all."""

    people: Page[PersonRow] = field(default=NOTHING)
    cohorts: Page[CohortRow] = field(default=NOTHING)
    programmes: Page[ProgrammeRow] = field(default=NOTHING)
    applications: Sequence[ApplicationRow] = ()

    def __bool__(self) -> bool:
        return bool(self.people.items or self.cohorts.items or self.programmes.items or self.applications)


def search(actor: Actor, wanted: Wanted) -> Found:
    """A fixed number of statements for a role, whatever is found; what she may not list is not looked for."""
    sees_people = can(actor, Permission.VIEW_PEOPLE)
    if wanted.number:
        return Found(people_by_number(actor, wanted) if sees_people else NOTHING)
    if not wanted.text:
        return Found()
    text = wanted.text
    return Found(
        people_page(actor, text=text) if sees_people else NOTHING,
        cohorts_page(actor, text=text) if can(actor, Permission.VIEW_COHORT) else NOTHING,
        programmes_page(actor, text=text) if can(actor, Permission.VIEW_PROGRAMME) else NOTHING,
        _applications(actor, text) if can(actor, Permission.VIEW_SELECTION) else (),
    )


def _applications(actor: Actor, text: str) -> list[ApplicationRow]:
    """By the beginning of the code: each selection counts its own, so that one code may be many women's."""
    rows = db.session.execute(
        select(Application.id, Selection.id, Application.code, Person.name, Selection.name)
        .join(Selection, Selection.id == Application.selection_id)
        .join(Person, Person.id == Application.person_id)
        .where(
            visible(actor, Permission.VIEW_SELECTION, region=Selection.region_code),
            Application.code.startswith(text.upper(), autoescape=True),
        )
        .order_by(Application.code, Selection.created_at.desc(), Application.id)
        .limit(MOST)
    )
    return [ApplicationRow(*row) for row in rows]
