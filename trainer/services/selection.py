"""Selections: making one, taking in candidates and their plans."""

import re
from collections.abc import Mapping, Sequence
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
from trainer.queries.candidate import list_eligible
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

    Whoever is a candidate already stays as she is, and so does whoever was led to other support; whoever had withdrawn
    or not handed in yet is in under her old code, with what she wrote.
    """
    round_ = take_round(round_id, version, RoundState.DRAFT, RoundNotDraft)
    if round_.number != 1:  # by rank, or named with a reason
        raise RoundNotDraft()
    selection = db.session.get(Selection, round_.selection_id)
    cohort = db.session.get(Cohort, cohort_id)
    if cohort is None:
        raise NotFound()
    if not lies_within(cohort.region_code, selection.region_code):
        raise CohortOutsideArea()
    wanted = [
        row
        for row in list_eligible(selection.id, cohort_id)
        if row.is_free and (enrolment_ids is None or row.enrolment_id in enrolment_ids)
    ]
    take_in(round_, {row.person_id: row.enrolment_id for row in wanted}, "", by=by, at=at)
    audit.record(
        "selection.add_candidates", "selection", selection.id, by=by, at=at, cohort=cohort.code, added=len(wanted)
    )
    return len(wanted)


def take_in(round_: Round, enrolments: Mapping[int, int], reason: str, *, by: Actor, at: datetime) -> list[Application]:
    """Make women (person → enrolment) candidates of a round that the act holds: with the application they have, or a
    new one. Codes are handed out in a drawn order, so that neither name nor seat number can be read from them."""
    theirs = (Application.selection_id == round_.selection_id, Application.person_id.in_(enrolments))
    found = {row.person_id: row for row in db.session.scalars(select(Application).where(*theirs))}
    for person_id, enrolment_id in enrolments.items():
        if person_id not in found:
            found[person_id] = Application(
                **{"selection_id": round_.selection_id, "person_id": person_id, "enrolment_id": enrolment_id},
                **{"created_at": at, "created_by": by.account_id},
            )
    drawn = sorted(found, key=lambda person_id: draw_key("code", round_.selection_id, person_id))
    without = [person_id for person_id in drawn if found[person_id].code is None]
    codes = dict(zip(without, next_codes(round_.selection_id, len(without)), strict=True))
    inside = set(db.session.scalars(select(Candidacy.application_id).where(Candidacy.round_id == round_.id)))
    for person_id in drawn:
        application = found[person_id]
        application.code = codes.get(person_id, application.code)
        application.state = ApplicationState.SUBMITTED
        application.submitted_at = application.submitted_at or at
        db.session.add(application)
        db.session.flush()
        if application.id in inside:
            note(application, reason, by=by, at=at)
        else:
            join_round(round_.id, application, reason=reason, by=by, at=at)
    return [found[person_id] for person_id in drawn]


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
    # Nothing in it says who she is: where she wrote nothing else, evaluators may read it as it stands.
    application.blind_title, application.blind_plan, application.blind_uses = "", plan, []
    is_all = not (application.title or application.uses)
    application.blinded_at, application.blinded_by = (at, by.account_id) if is_all else (None, None)
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
