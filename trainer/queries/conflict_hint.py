"""What the records hint at: pairs of candidate and evaluator at which somebody should look before anything opens."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, union

from trainer.crypto import keyring
from trainer.database import db
from trainer.domain.panel import (
    KIND_OF_HINT,
    CandidateFacts,
    ConflictKind,
    EvaluatorFacts,
    Hint,
    SeatState,
    find_hints,
)
from trainer.domain.selection import ApplicationState
from trainer.models.account import Account, RoleGrant
from trainer.models.application import Application
from trainer.models.county_indicator import MentorPosting
from trainer.models.enrolment import Enrolment
from trainer.models.lesson import Lesson
from trainer.models.panel import Conflict, PanelSeat
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.models.selection import Candidacy
from trainer.models.site import Site


@dataclass(frozen=True)
class HintRow:
    """A hint with the names of the pair."""

    hint: Hint
    code: str | None
    candidate: str
    village: str | None
    evaluator: str

    @property
    def kind(self) -> ConflictKind:
        return KIND_OF_HINT[self.hint.kind]


def list_hints(round_id: int) -> list[HintRow]:
    """Of every pair of a round the weightiest, without what somebody has said or dismissed already; six statements."""
    codes, candidates = {}, {}
    for code, *facts in _candidates(round_id):
        candidate = CandidateFacts(*facts)
        codes[candidate.application_id], candidates[candidate.application_id] = code, candidate
    evaluators = {facts.account_id: facts for facts in _evaluators(round_id)}
    said = set(
        db.session.execute(
            select(Conflict.application_id, Conflict.account_id)
            .join(Candidacy, Candidacy.application_id == Conflict.application_id)
            .where(Candidacy.round_id == round_id)
        ).all()
    )
    rows = []
    for hint in find_hints(candidates.values(), evaluators.values()):
        if (hint.application_id, hint.account_id) not in said:
            candidate = candidates[hint.application_id]
            about = (codes[hint.application_id], candidate.name, candidate.village)
            rows.append(HintRow(hint, *about, evaluators[hint.account_id].name))
    return rows


def _candidates(round_id: int):
    return db.session.execute(
        select(
            *(Application.code, Application.id, Person.id, Person.name, Person.region_code, Person.village),
            *(Person.phone_index, Enrolment.cohort_id, Site.name),
        )
        .join(Candidacy, Candidacy.application_id == Application.id)
        .join(Person, Person.id == Application.person_id)
        .join(Enrolment, Enrolment.id == Application.enrolment_id)
        .outerjoin(Site, Site.id == Person.site_id)
        .where(Candidacy.round_id == round_id, Application.state == ApplicationState.SUBMITTED)
        .order_by(Application.id)
    )


def _evaluators(round_id: int) -> list[EvaluatorFacts]:
    """Those who were asked and have not declined."""
    rows = db.session.execute(
        select(
            *(Account.id, Account.name, Account.organisation, PanelSeat.region_code, PanelSeat.village),
            *(Account.phone_index, Account.person_id),
        )
        .join(Account, Account.id == PanelSeat.account_id)
        .where(PanelSeat.round_id == round_id, PanelSeat.state.in_((SeatState.INVITED, SeatState.ACCEPTED)))
        .order_by(Account.name, Account.id)
    ).all()
    taught, teachers = _taught([row.id for row in rows]), _teachers(round_id)
    counties = _counties([row.name for row in rows])
    return [
        EvaluatorFacts(
            *row,
            cohorts=frozenset(taught[row.id] | teachers[row.name] | teachers.get(row.phone_index or "-", set())),
            counties=frozenset(counties[row.name]),
        )
        for row in rows
    ]


def _taught(account_ids: Sequence[int]) -> dict[int, set[int]]:
    """The cohorts each gave a lesson in, or has a role over."""
    given = select(Lesson.instructor_id, Lesson.cohort_id).where(Lesson.instructor_id.in_(account_ids))
    held = select(RoleGrant.account_id, RoleGrant.cohort_id).where(
        RoleGrant.account_id.in_(account_ids), RoleGrant.cohort_id.is_not(None)
    )
    cohorts: dict[int, set[int]] = defaultdict(set)
    for account_id, cohort_id in db.session.execute(union(given, held)):
        cohorts[account_id].add(cohort_id)
    return cohorts


def _teachers(round_id: int) -> dict[str, set[int]]:
    """The candidates' cohorts by the name of the teacher who cared for them, and by the index of her phone."""
    rows = db.session.execute(
        select(Cohort.id, Cohort.teacher_name, Cohort.teacher_phone)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .join(Application, Application.enrolment_id == Enrolment.id)
        .join(Candidacy, Candidacy.application_id == Application.id)
        .where(Candidacy.round_id == round_id)
        .distinct()
    )
    cohorts: dict[str, set[int]] = defaultdict(set)
    for cohort_id, name, phone in rows:
        cohorts[name].add(cohort_id)
        cohorts[keyring().blind_index("phone", phone)].add(cohort_id)
    return cohorts


def _counties(names: Sequence[str]) -> dict[str, set[str]]:
    """Where mentors of these names are, or were, posted to."""
    counties: dict[str, set[str]] = defaultdict(set)
    posted = select(MentorPosting.name, MentorPosting.region_code).where(MentorPosting.name.in_(names))
    for name, region_code in db.session.execute(posted):
        counties[name].add(region_code)
    return counties
