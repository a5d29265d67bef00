"""Exceptions from the completion rule: proposed by one person with a reason, decided by another."""

from datetime import datetime

from sqlalchemy import select

from trainer.database import LockKey, db, take_turns
from trainer.domain.actors import Actor
from trainer.domain.completion_exception import ExceptionState
from trainer.domain.enrolment import ON_THE_ROLL, EnrolmentStatus, StatusCause
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.completion_exception import CompletionException
from trainer.models.enrolment import Enrolment
from trainer.queries.completion import get_woman_progress, requirements_of
from trainer.services import audit
from trainer.services.enrolment import move_enrolment


class ExceptionStands(Refused):
    """Of one woman only one is proposed or approved at a time."""

    code = "exception_stands"


class ExceptionNotNeeded(Refused):
    """She completes by the rule."""

    code = "exception_not_needed"


class NotOnTheRoll(Refused):
    code = "exception_not_on_the_roll"


class OwnProposal(Refused):
    """It takes two people."""

    code = "exception_own_proposal"


class OwnException(Refused):
    """Neither of the two people is she."""

    code = "exception_own"


class ExceptionDecided(Refused):
    code = "exception_decided"
    status = 409


_LIVE = (ExceptionState.PROPOSED, ExceptionState.APPROVED)


def propose(enrolment_id: int, reason: str, *, by: Actor, at: datetime) -> CompletionException:
    """Raises OwnException, NotOnTheRoll, ExceptionStands, ExceptionNotNeeded."""
    enrolment = _take_turn(enrolment_id)
    _refuse_herself(enrolment, by)
    if enrolment.status not in ON_THE_ROLL:
        raise NotOnTheRoll()
    live = select(CompletionException.id).where(
        CompletionException.enrolment_id == enrolment_id, CompletionException.state.in_(_LIVE)
    )
    if db.session.scalar(live) is not None:
        raise ExceptionStands()
    if get_woman_progress(enrolment).meets or enrolment.status is EnrolmentStatus.COMPLETED:
        raise ExceptionNotNeeded()
    row = CompletionException(
        enrolment_id=enrolment_id,
        state=ExceptionState.PROPOSED,
        reason=reason,
        proposed_at=at,
        proposed_by=by.account_id,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(
        *("completion_exception.propose", "completion_exception", row.id),
        **{"by": by, "at": at, "enrolment": enrolment_id, "with_reason": True},
    )
    return row


def decide(exception_id: int, approve: bool, answer: str, *, seen: int, by: Actor, at: datetime) -> CompletionException:
    """Where the class is concluded, an approved one lets her complete at once; else it does when it is.

    Raises Conflict, ExceptionDecided, OwnProposal, OwnException.
    """
    row, enrolment = _open_one(exception_id, seen)
    _refuse_herself(enrolment, by)
    if row.proposed_by == by.account_id:
        raise OwnProposal()
    row.state = ExceptionState.APPROVED if approve else ExceptionState.REFUSED
    row.answer, row.decided_at, row.decided_by = answer or None, at, by.account_id
    rule = requirements_of([enrolment.cohort_id])[enrolment.cohort_id]
    db.session.flush()
    audit.record(
        *("completion_exception.approve" if approve else "completion_exception.refuse", "completion_exception", row.id),
        **{"by": by, "at": at, "enrolment": enrolment.id, "with_reason": bool(answer)},
    )
    if approve and enrolment.status is EnrolmentStatus.NOT_COMPLETED:
        move_enrolment(
            *(enrolment, EnrolmentStatus.COMPLETED),
            **{"cause": StatusCause.EXCEPTION, "by": by, "at": at, "rule_id": rule.rule_id},
        )
    return row


def take_back(exception_id: int, *, seen: int, by: Actor, at: datetime) -> CompletionException:
    """Before somebody has decided. Raises Conflict, ExceptionDecided."""
    row, enrolment = _open_one(exception_id, seen)
    row.state, row.decided_at, row.decided_by = ExceptionState.TAKEN_BACK, at, by.account_id
    audit.record(
        *("completion_exception.take_back", "completion_exception", row.id),
        **{"by": by, "at": at, "enrolment": enrolment.id},
    )
    return row


def _refuse_herself(enrolment: Enrolment, by: Actor) -> None:
    if by.person_id == enrolment.person_id:
        raise OwnException()


def _take_turn(enrolment_id: int) -> Enrolment:
    take_turns(LockKey.ROSTER)
    enrolment = db.session.get(Enrolment, enrolment_id, with_for_update=True, populate_existing=True)
    if enrolment is None:
        raise NotFound()
    return enrolment


def _open_one(exception_id: int, seen: int) -> tuple[CompletionException, Enrolment]:
    enrolment_id = db.session.scalar(
        select(CompletionException.enrolment_id).where(CompletionException.id == exception_id)
    )
    if enrolment_id is None:
        raise NotFound()
    enrolment = _take_turn(enrolment_id)
    row = db.session.get(CompletionException, exception_id, with_for_update=True, populate_existing=True)
    if row.state is not ExceptionState.PROPOSED:
        raise ExceptionDecided(state=row.state)
    if row.version != seen:
        raise Conflict()
    return row, enrolment
