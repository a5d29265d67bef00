"""Selections: making one, taking in candidates and their plans."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.assignment import draw_key
from trainer.domain.programme import lies_within
from trainer.domain.selection import (
    RANKED,
    ApplicationState,
    CandidacyOrigin,
    RoundKind,
    RoundState,
    SelectionKind,
)
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.application import Application, ApplicationEvent
from trainer.models.person import Person
from trainer.models.programme import Cohort, Programme
from trainer.models.rubric import Rubric
from trainer.models.selection import Candidacy, Round, Selection
from trainer.queries.candidate import EligibleRow, list_eligible
from trainer.queries.selection import is_last_round
from trainer.services import audit
from trainer.services import panel as panels
from trainer.services.round import RoundNotDraft, take_round


class AreaOutsideProgramme(Refused):
    code = "area_outside_programme"


class CohortOutsideArea(Refused):
    code = "cohort_outside_area"


class PlanNamesHer(Refused):
    """The evaluators read blind: her plan must not say who she is."""

    code = "plan_names_her"


class AlreadyWithdrawn(Refused):
    code = "already_withdrawn"


@dataclass(frozen=True)
class NewSelection:
    programme_id: int
    name: str
    kind: SelectionKind
    region_code: str
    seats: int
    round_kind: RoundKind


def create_selection(data: NewSelection, *, by: Actor, at: datetime) -> Selection:
    """A selection with its first round, being prepared."""
    programme = db.session.get(Programme, data.programme_id)
    if programme is None:
        raise NotFound()
    if not lies_within(data.region_code, programme.region_code):
        raise AreaOutsideProgramme()
    selection = Selection(
        programme_id=programme.id,
        name=data.name,
        kind=data.kind,
        region_code=data.region_code,
        seats=data.seats,
        created_at=at,
    )
    db.session.add(selection)
    db.session.flush()
    round_ = Round(selection_id=selection.id, number=1, kind=data.round_kind, advances=data.seats)
    db.session.add(round_)
    db.session.flush()
    db.session.add(Rubric(round_id=round_.id, created_at=at, created_by=by.account_id))
    audit.record(
        "selection.create", "selection", selection.id, by=by, at=at, name=data.name, seats=data.seats, kind=data.kind
    )
    return selection


def add_candidates(
    round_id: int, version: int, cohort_id: int, enrolment_ids: Sequence[int] | None, *, by: Actor, at: datetime
) -> int:
    """Take women of a cohort in (None: all who are in training or completed it); returns how many are new.

    Codes are handed out in a drawn order, so that neither name nor seat number can be read from them. Whoever is a
    candidate already stays as she is; whoever had withdrawn is in again under her old code.
    """
    round_ = take_round(round_id, version, RoundState.DRAFT, RoundNotDraft)
    selection = db.session.get(Selection, round_.selection_id)
    cohort = db.session.get(Cohort, cohort_id)
    if cohort is None:
        raise NotFound()
    if not lies_within(cohort.region_code, selection.region_code):
        raise CohortOutsideArea()
    wanted = [
        row
        for row in list_eligible(selection.id, cohort_id)
        if row.code is None and (enrolment_ids is None or row.enrolment_id in enrolment_ids)
    ]
    new = _take_back(selection.id, wanted, by=by, at=at)
    if len(new) < len(wanted):
        panels.ask_to_declare_again(round_.id)
    new.sort(key=lambda row: draw_key("code", selection.id, row.person_id))
    made = [
        Application(
            selection_id=selection.id,
            person_id=row.person_id,
            enrolment_id=row.enrolment_id,
            code=code,
            state=ApplicationState.SUBMITTED,
            created_at=at,
            created_by=by.account_id,
            submitted_at=at,
        )
        for row, code in zip(new, next_codes(selection.id, len(new)), strict=True)
    ]
    db.session.add_all(made)
    db.session.flush()
    for application in made:
        join_round(round_.id, application, by=by, at=at)
    audit.record(
        "selection.add_candidates", "selection", selection.id, by=by, at=at, cohort=cohort.code, added=len(wanted)
    )
    return len(wanted)


def next_codes(selection_id: int, count: int) -> list[str]:
    """The next free ones: A-017, A-018 …; the selection's round must be held, so that nobody else takes them."""
    given = db.session.scalar(
        select(func.count()).where(Application.selection_id == selection_id, Application.code.is_not(None))
    )
    return [f"A-{place:03d}" for place in range(given + 1, given + count + 1)]


def join_round(
    round_id: int,
    application: Application,
    *,
    origin: CandidacyOrigin = CandidacyOrigin.APPLIED,
    reason: str = "",
    by: Actor,
    at: datetime,
) -> None:
    """Make an application a candidate of a round, with a line in its history."""
    db.session.add(
        Candidacy(
            round_id=round_id, application_id=application.id, origin=origin, reason=reason, at=at, by=by.account_id
        )
    )
    panels.ask_to_declare_again(round_id)
    note(application, reason, by=by, at=at)


def note(application: Application, reason: str, *, by: Actor, at: datetime) -> None:
    """What became of an application, kept beside all that came before."""
    db.session.add(
        ApplicationEvent(application_id=application.id, state=application.state, at=at, by=by.account_id, reason=reason)
    )


def _take_back(selection_id: int, wanted: Sequence[EligibleRow], *, by: Actor, at: datetime) -> list[EligibleRow]:
    """Let those who had withdrawn in again; the rest of `wanted` is returned."""
    withdrawn = {
        application.person_id: application
        for application in db.session.scalars(
            select(Application).where(
                Application.selection_id == selection_id, Application.state == ApplicationState.WITHDRAWN
            )
        )
    }
    for row in wanted:
        if row.person_id in withdrawn:
            withdrawn[row.person_id].state = ApplicationState.SUBMITTED
            note(withdrawn[row.person_id], "", by=by, at=at)
    return [row for row in wanted if row.person_id not in withdrawn]


def set_plan(application_id: int, version: int, plan: str, *, by: Actor, at: datetime) -> None:
    """The text evaluators read: only while nobody reads it, and without anything that says who she is."""
    application, round_ = _application(application_id, version)
    if round_.state is not RoundState.DRAFT:
        raise RoundNotDraft()
    person = db.session.get(Person, application.person_id)
    for part in (person.name, person.village, person.phone):
        if part and part in plan:
            raise PlanNamesHer(part=part if part != person.phone else "1" + "*" * 10)
    if re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", plan):
        raise PlanNamesHer(part="1" + "*" * 10)
    before, application.plan = application.plan, plan
    # Nothing in it says who she is: evaluators may read it as it stands.
    application.blind_title, application.blind_plan = application.title, plan
    application.blinded_at, application.blinded_by = at, by.account_id
    audit.record(
        "application.set_plan", "application", application_id, by=by, at=at, before=len(before), after=len(plan)
    )


def withdraw(application_id: int, version: int, reason: str, *, by: Actor, at: datetime) -> None:
    """She takes no part any more: evaluators no longer see her, rankings leave her out. Not after the closing."""
    application, round_ = _application(application_id, version)
    if round_.state in RANKED:
        raise RoundNotDraft()
    if application.state is ApplicationState.WITHDRAWN:
        raise AlreadyWithdrawn()
    application.state = ApplicationState.WITHDRAWN
    note(application, reason, by=by, at=at)
    audit.record("application.withdraw", "application", application_id, by=by, at=at, reason=reason)


def _application(application_id: int, version: int) -> tuple[Application, Round]:
    """The application with its round, held against an opening or closing at the same moment."""
    application = db.session.get(Application, application_id)
    if application is None:
        raise NotFound()
    if application.version != version:
        raise Conflict()
    round_ = db.session.scalar(
        select(Round)
        .where(Round.selection_id == application.selection_id, is_last_round())
        .with_for_update(read=True, of=Round)
    )
    return application, round_
