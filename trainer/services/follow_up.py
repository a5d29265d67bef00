"""Calls and visits after the course: taken down once, taken back with a reason; the class's figures are told."""

from datetime import date, datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.days import china_day
from trainer.domain.follow_up import FOLLOWED, MOST_MINUTES, WITHOUT_HER, FollowUpDraft
from trainer.errors import Refused
from trainer.models.enrolment import Enrolment
from trainer.models.follow_up import FollowUp
from trainer.models.programme import Cohort
from trainer.services import audit
from trainer.services.outcomes import touch_cohort
from trainer.services.person_lock import hold_here
from trainer.services.taken_down import add, find_made, take_row_back


class FollowUpToCome(Refused):
    """The day lies in the future."""

    code = "follow_up_to_come"


class FollowUpBeforeCourse(Refused):
    code = "follow_up_before_course"


class FollowUpTooLong(Refused):
    """Less than a minute, or more than a working day."""

    code = "follow_up_minutes"


class SpokeWithNobody(Refused):
    """An answer of hers is given, though nobody spoke with her."""

    code = "follow_up_spoke_with_nobody"


class NotFollowedUp(Refused):
    """She only applied, or left before the end: the class is not measured by her."""

    code = "follow_up_not_of_class"


def record_follow_up(enrolment_id: int, draft: FollowUpDraft, *, nonce: str, by: Actor, at: datetime) -> FollowUp:
    """Sent twice with one nonce it stands once.

    Raises FollowUpToCome, FollowUpBeforeCourse, FollowUpTooLong, SpokeWithNobody, NotFollowedUp, Conflict, NotFound
    (she is not there, or was erased).
    """
    enrolment, starts_on = _hold_enrolment(enrolment_id)
    if made := find_made(FollowUp, nonce, by=by):
        return made
    if enrolment.status not in FOLLOWED:
        raise NotFollowedUp()
    if draft.day > china_day(at):
        raise FollowUpToCome(day=draft.day)
    if draft.day < starts_on:
        raise FollowUpBeforeCourse(day=draft.day, starts_on=starts_on)
    if not 0 < draft.minutes <= MOST_MINUTES:
        raise FollowUpTooLong(most=MOST_MINUTES)
    if draft.broadcasts_still is not None and draft.outcome in WITHOUT_HER:
        raise SpokeWithNobody()
    facts = {**vars(draft), "words": draft.words or None}
    row = add(FollowUp(enrolment_id=enrolment_id, **facts), nonce, by=by, at=at)
    touch_cohort(enrolment.cohort_id, at=at)
    audit.record("follow_up.record", "follow_up", row.id, by=by, at=at, after=_told(row))
    return row


def take_back(follow_up_id: int, reason: str, *, by: Actor, at: datetime) -> None:
    """Raises NoReasonToTakeBack, TakenBackBefore, NotFound."""
    row = take_row_back(FollowUp, follow_up_id, reason, by=by, at=at)
    touch_cohort(db.session.scalar(select(Enrolment.cohort_id).where(Enrolment.id == row.enrolment_id)), at=at)
    audit.record("follow_up.take_back", "follow_up", row.id, by=by, at=at, before=_told(row), with_reason=True)


def _told(row: FollowUp) -> dict[str, object]:
    """Without what she said."""
    facts = {"enrolment": row.enrolment_id, "kind": row.kind, "purpose": row.purpose, "outcome": row.outcome}
    return {**facts, "day": row.day, "minutes": row.minutes, "broadcasts_still": row.broadcasts_still}


def _hold_enrolment(enrolment_id: int) -> tuple[Enrolment, date]:
    """Held, so that the same form sent twice at once waits for itself; and the first day of the course."""
    hold_here(enrolment_id)
    held = (
        select(Enrolment, Cohort.starts_on)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.id == enrolment_id)
        .with_for_update(key_share=True, of=Enrolment)
    )
    row = db.session.execute(held, execution_options={"populate_existing": True}).one()
    return row.Enrolment, row.starts_on
