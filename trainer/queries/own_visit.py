"""A visitor's own visit: whom she goes to and what she has found; nothing of another before she has signed."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select

from trainer.database import db
from trainer.domain.actors import Scope
from trainer.domain.field_visit import FactSource
from trainer.domain.selection import RoundState
from trainer.models.application import Application
from trainer.models.field_visit import FieldVisit, VisitFact, VisitStay
from trainer.models.panel import PanelSeat
from trainer.models.person import Person
from trainer.models.review import Assignment
from trainer.models.selection import Round, Selection
from trainer.queries.review import READABLE, SEATED


@dataclass(frozen=True)
class OwnVisit:
    """One visit as one of its visitors sees it; a visit is not blind. `writable`: the round takes facts of hers still."""

    id: int
    account_id: int
    round_id: int
    assignment_id: int
    selection: str
    state: RoundState
    code: str
    name: str
    village: str | None
    phone: str | None
    person_id: int
    planned_on: date | None
    words: str
    arrived_at: datetime | None
    has_place: bool
    signed_at: datetime | None
    wave: int
    first_open_wave: int

    @property
    def scope(self) -> Scope:
        return Scope(account_ids=frozenset({self.account_id}))

    @property
    def is_current(self) -> bool:
        """Not a visit of an earlier reading that is over."""
        return self.wave >= self.first_open_wave

    @property
    def writable(self) -> bool:
        return self.state is RoundState.OPEN and self.is_current and self.signed_at is None


def visits_of(account_id: int) -> Select:
    """The visits of an evaluator that she may still look at: dealt to her, seat taken and declared, no conflict."""
    return (
        select(
            *(FieldVisit.id, Assignment.account_id, Assignment.round_id, Assignment.id, Selection.name, Round.state),
            *(Application.code, Person.name, Person.village, Person.phone, Person.id),
            *(FieldVisit.planned_on, FieldVisit.words),
            *(VisitStay.arrived_at, VisitStay.latitude.is_not(None), VisitStay.signed_at),
            *(Assignment.wave, Round.first_open_wave),
        )
        .select_from(FieldVisit)
        .join(
            Assignment,
            (Assignment.round_id == FieldVisit.round_id) & (Assignment.application_id == FieldVisit.application_id),
        )
        .join(Round, Round.id == FieldVisit.round_id)
        .join(Selection, Selection.id == Round.selection_id)
        .join(Application, Application.id == FieldVisit.application_id)
        .join(Person, Person.id == Application.person_id)
        .join(PanelSeat, SEATED)
        .outerjoin(VisitStay, (VisitStay.visit_id == FieldVisit.id) & (VisitStay.account_id == Assignment.account_id))
        .where(Assignment.account_id == account_id, PanelSeat.declared_at.is_not(None), *READABLE)
    )


def get_own_visit(visit_id: int, account_id: int) -> OwnVisit | None:
    """None too where a conflict keeps the two apart, or it was taken from her."""
    row = db.session.execute(visits_of(account_id).where(FieldVisit.id == visit_id)).one_or_none()
    return OwnVisit(*row) if row else None


def find_own_visit(assignment_id: int, account_id: int) -> int | None:
    """The visit of a score sheet of hers."""
    return db.session.scalar(visits_of(account_id).where(Assignment.id == assignment_id))


def list_own_answers(visit_id: int, account_id: int) -> dict[int, str]:
    """Her last word on each question."""
    rows = db.session.execute(
        select(VisitFact.question_id, VisitFact.value)
        .where(
            VisitFact.visit_id == visit_id,
            VisitFact.account_id == account_id,
            VisitFact.source == FactSource.VISITOR,
        )
        .order_by(VisitFact.id)
    )
    return dict(rows.all())
