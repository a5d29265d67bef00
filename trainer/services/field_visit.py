"""Visits prepared and looked through by staff: what must be found out, who goes when and where, and what stands."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, func, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.field_visit import MOST_QUESTIONS, STANDARD, FactKind, FactSource, neighbour
from trainer.domain.selection import RoundState
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.field_visit import FieldVisit, VisitFact, VisitQuestion
from trainer.models.review import Assignment
from trainer.models.selection import Candidacy, Round
from trainer.queries.field_visit import list_findings
from trainer.services import audit
from trainer.services.round import ReasonMissing, RoundNotDraft, RoundNotOpen, take_round


class TooManyQuestions(Refused):
    """Visitors have an hour at each place."""

    code = "too_many_visit_questions"


class QuestionThere(Refused):
    code = "visit_question_there"


class QuestionAnswered(Refused):
    """Visitors have answered it in a round that was opened before."""

    code = "visit_question_answered"


class NothingToSettle(Refused):
    """Only what two visitors say differently is settled, and by one of the two."""

    code = "nothing_to_settle"


class FindingsFrozen(Refused):
    code = "findings_frozen"


class OwnFindings(Refused):
    """Whoever was there does not say which of the two is right."""

    code = "own_findings"


def add_question(
    round_id: int, version: int, words: str, kind: FactKind, is_veto: bool, *, by: Actor, at: datetime
) -> None:
    """At the end of the list; only “no” can be a veto. Raises Conflict, RoundNotDraft, QuestionThere, TooManyQuestions."""
    take_round(round_id, version, RoundState.DRAFT, RoundNotDraft)
    if words.strip() in {question.words for question in _questions(round_id)}:
        raise QuestionThere()
    _append(round_id, [(words.strip(), kind, is_veto and kind is FactKind.YES_NO)])
    audit.record("visit_question.create", "round", round_id, by=by, at=at, kind=kind, is_veto=is_veto)


def add_standard(round_id: int, version: int, *, by: Actor, at: datetime) -> None:
    """The ready list, without what is there already. Raises Conflict, RoundNotDraft, TooManyQuestions."""
    take_round(round_id, version, RoundState.DRAFT, RoundNotDraft)
    there = {question.words for question in _questions(round_id)}
    new = [question for question in STANDARD if question[0] not in there]
    _append(round_id, new)
    audit.record("visit_question.create_standard", "round", round_id, by=by, at=at, count=len(new))


def _append(round_id: int, new) -> None:
    positions = [question.position for question in _questions(round_id)]
    if len(positions) + len(new) > MOST_QUESTIONS:
        raise TooManyQuestions(most=MOST_QUESTIONS)
    for position, (words, kind, is_veto) in enumerate(new, start=max(positions, default=0) + 1):
        db.session.add(VisitQuestion(round_id=round_id, position=position, words=words, kind=kind, is_veto=is_veto))
    db.session.flush()


def move_question(round_id: int, version: int, question_id: int, *, up: bool, by: Actor, at: datetime) -> None:
    """One place up or down; at the end nothing happens. Raises Conflict, RoundNotDraft, NotFound."""
    take_round(round_id, version, RoundState.DRAFT, RoundNotDraft)
    questions = {question.position: question for question in _questions(round_id)}
    one = next((question for question in questions.values() if question.id == question_id), None)
    if one is None:
        raise NotFound()
    here = one.position
    there = neighbour(list(questions), here, up=up)
    if there is None:
        return
    for question, position in ((one, 0), (questions[there], here), (one, there)):  # no two at one place in between
        question.position = position
        db.session.flush()
    audit.record("visit_question.move", "round", round_id, by=by, at=at, before=here, after=there)


def remove_question(round_id: int, version: int, question_id: int, *, by: Actor, at: datetime) -> None:
    """Raises Conflict, RoundNotDraft, NotFound, QuestionAnswered."""
    take_round(round_id, version, RoundState.DRAFT, RoundNotDraft)
    one = next((question for question in _questions(round_id) if question.id == question_id), None)
    if one is None:
        raise NotFound()
    if db.session.scalar(select(exists().where(VisitFact.question_id == question_id))):
        raise QuestionAnswered()
    db.session.delete(one)
    audit.record("visit_question.delete", "round", round_id, by=by, at=at, position=one.position)


def _questions(round_id: int) -> list[VisitQuestion]:
    return list(
        db.session.scalars(
            select(VisitQuestion).where(VisitQuestion.round_id == round_id).order_by(VisitQuestion.position)
        )
    )


@dataclass(frozen=True)
class Plan:
    """When a candidate is visited, where to go and whom to ask for."""

    planned_on: date | None
    words: str


def plan_visits(round_id: int, version: int, plans: Mapping[int, Plan], *, by: Actor, at: datetime) -> int:
    """The plan by application, while the round is prepared or open; returns how many are others now.

    Raises Conflict, RoundNotOpen.
    """
    state = db.session.scalar(select(Round.state).where(Round.id == round_id))
    take_round(round_id, version, state if state is RoundState.DRAFT else RoundState.OPEN, RoundNotOpen)
    there = {visit.application_id: visit for visit in _visits(round_id)}
    candidates = set(db.session.scalars(select(Candidacy.application_id).where(Candidacy.round_id == round_id)))
    changed = 0
    for application_id in sorted(candidates & plans.keys()):
        plan, visit = plans[application_id], there.get(application_id)
        if visit and (visit.planned_on, visit.words) == (plan.planned_on, plan.words):
            continue
        if visit is None:
            visit = FieldVisit(round_id=round_id, application_id=application_id)
            db.session.add(visit)
        visit.planned_on, visit.words = plan.planned_on, plan.words
        changed += 1
    db.session.flush()
    audit.record("field_visit.plan", "round", round_id, by=by, at=at, count=changed)
    return changed


def _visits(round_id: int):
    return db.session.scalars(select(FieldVisit).where(FieldVisit.round_id == round_id))


def settle(visit_id: int, version: int, question_id: int, value: str, reason: str, *, by: Actor, at: datetime) -> None:
    """Which of two words on a question stands, or "": it stays open; kept as a fact of its own beside theirs.

    Raises Conflict, NotFound, ReasonMissing, RoundNotOpen, FindingsFrozen, OwnFindings, NothingToSettle. A ranking that
    was made before does not change; it must be made again before it can be frozen.
    """
    visit, round_ = _taken(visit_id, version)
    if _was_there(visit, by):
        raise OwnFindings()
    found = list_findings(round_.id, while_open=round_.state is RoundState.OPEN, visit_id=visit_id)
    finding = next((one for one in found.get(visit_id, ()) if one.question.id == question_id), None)
    if finding is None or not (finding.standing.contradicted or finding.settled) or value not in (*finding.values, ""):
        raise NothingToSettle()
    if not reason.strip():
        raise ReasonMissing()
    said = {"source": FactSource.SETTLED, "value": value, "reason": reason.strip(), "found_at": at, "received_at": at}
    row = VisitFact(visit_id=visit_id, question_id=question_id, account_id=by.account_id, **said)
    row.nonce = secrets.token_hex(16)
    db.session.add(row)
    visit.version = version + 1
    db.session.flush()
    audit.record("field_visit.settle", "field_visit", visit_id, by=by, at=at, position=finding.question.position)


def _taken(visit_id: int, version: int) -> tuple[FieldVisit, Round]:
    round_ = db.session.scalar(
        select(Round)
        .join(FieldVisit, FieldVisit.round_id == Round.id)
        .where(FieldVisit.id == visit_id)
        .with_for_update(of=Round)
    )
    if round_ is None:
        raise NotFound()
    if round_.state is RoundState.FROZEN:
        raise FindingsFrozen()
    if round_.state is RoundState.DRAFT:
        raise RoundNotOpen()
    visit = db.session.get(FieldVisit, visit_id, populate_existing=True, with_for_update=True)
    if visit.version != version:
        raise Conflict()
    return visit, round_


def _was_there(visit: FieldVisit, by: Actor) -> bool:
    here = (Assignment.round_id == visit.round_id, Assignment.application_id == visit.application_id)
    return bool(db.session.scalar(select(func.count()).where(*here, Assignment.account_id == by.account_id)))


def record_places(visit_id: int, *, by: Actor, at: datetime) -> None:
    """Somebody looked where the visitors' phones were."""
    audit.record("field_visit.show_places", "field_visit", visit_id, by=by, at=at)
