"""The places of a cohort: held while they are given, and the first of the waitlist moved up where one is free."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from trainer.database import LockKey, db, take_turns
from trainer.domain.actors import SYSTEM, Actor
from trainer.domain.days import china_day
from trainer.domain.enrolment import EnrolmentStatus, StatusCause
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.enrolment import Enrolment
from trainer.models.person import Person
from trainer.models.programme import Cohort
from trainer.queries.at_risk import list_followers
from trainer.queries.enrolment import get_places, in_order_of_waiting
from trainer.services.at_risk import follow_closing
from trainer.services.enrolment import move_enrolment
from trainer.services.message import notify
from trainer.services.metrics import hold_figures
from trainer.services.roster_commit import joining_day
from trainer.services.sign_up_answer import tell_her

_S = EnrolmentStatus


class NoPlaceFree(Refused):
    """The places are taken; over their number somebody is admitted only on purpose, with a reason."""

    code = "enrolment_no_place"


class OverWithoutReason(Refused):
    code = "enrolment_over_without_reason"


def hold_places(*cohort_ids: int) -> dict[int, Cohort]:
    """These cohorts as they are now. Until the act ends nobody else gives or takes a place, and whoever waits stays
    the same person; before the first entry in the audit trail, whose turn comes last. Raises NotFound."""
    take_turns(LockKey.ROSTER)
    rows = select(Cohort).where(Cohort.id.in_(cohort_ids)).order_by(Cohort.id).with_for_update(key_share=True)
    cohorts = {row.id: row for row in db.session.scalars(rows.execution_options(populate_existing=True))}
    if set(cohort_ids) - cohorts.keys():
        raise NotFound()
    waiting = (Enrolment.cohort_id.in_(cohort_ids), Enrolment.status == _S.WAITLISTED)
    people = select(Person.id).where(Person.id.in_(select(Enrolment.person_id).where(*waiting))).order_by(Person.id)
    db.session.execute(people.with_for_update(read=True, key_share=True))
    hold_figures(*cohort_ids)
    return cohorts


def check_place(cohort: Cohort, *, over: bool, reason: str) -> None:
    """That a place is free, or that somebody says on purpose that she is admitted over their number, and why.

    Raises NoPlaceFree, OverWithoutReason.
    """
    places = get_places(cohort.id)
    if places.free:
        return
    if not over:
        raise NoPlaceFree(name=cohort.name, taken=places.taken, capacity=places.capacity)
    if not reason:
        raise OverWithoutReason()


def admit(
    enrolment: Enrolment, cohort: Cohort, *, cause: StatusCause, by: Actor, at: datetime, reason: str = ""
) -> None:
    """She has a place; where the class has begun, she is in training at once."""
    if enrolment.seat_number is None:  # never on the roll so far: lessons before today are none of hers
        enrolment.joined_on = joining_day(cohort, at)
    move_enrolment(enrolment, _S.ADMITTED, cause=cause, by=by, at=at, reason=reason)
    begin(enrolment, cohort, at=at)


def begin(enrolment: Enrolment, cohort: Cohort, *, at: datetime) -> None:
    """Whoever is admitted is in training from the first day on."""
    if enrolment.status is _S.ADMITTED and cohort.starts_on <= china_day(at):
        move_enrolment(enrolment, _S.ACTIVE, cause=StatusCause.BEGUN, by=SYSTEM, at=at)


def begin_class(cohort_id: int, *, at: datetime) -> int:
    """Everybody admitted, once its first day has come; how many."""
    cohort = hold_places(cohort_id)[cohort_id]
    admitted = (Enrolment.cohort_id == cohort_id, Enrolment.status == _S.ADMITTED)
    enrolments = db.session.scalars(select(Enrolment).where(*admitted).order_by(Enrolment.id)).all()
    for enrolment in enrolments:
        begin(enrolment, cohort, at=at)
    return sum(enrolment.status is _S.ACTIVE for enrolment in enrolments)


def follow_change(cohort: Cohort, *, at: datetime, but: int | None = None) -> list[int]:
    """What follows where somebody came or went: free places go to the first who wait (not to `but`, who has just been
    put there), then the figures and the risks. Returns the enrolments that moved up."""
    moved: list[int] = []
    if cohort.waitlist_moves_up and china_day(at) <= cohort.ends_on:
        moved = _move_up(cohort, _first(cohort, but=but), by=SYSTEM, at=at)
    follow_closing(cohort.id, at=at)
    return moved


def admit_first(cohort_id: int, seen: Sequence[int], *, by: Actor, at: datetime) -> list[int]:
    """The first of the waitlist, as many as have a place: `seen` are those whom the page named, in order.

    Raises Conflict where it would be others now.
    """
    cohort = hold_places(cohort_id)[cohort_id]
    first = _first(cohort)
    if not first or [enrolment.id for enrolment in first] != list(seen):
        raise Conflict()
    moved = _move_up(cohort, first, by=by, at=at)
    follow_closing(cohort.id, at=at)
    return moved


def _first(cohort: Cohort, *, but: int | None = None) -> list[Enrolment]:
    free = get_places(cohort.id).free
    if not free:
        return []
    waiting = in_order_of_waiting(cohort.id).where(Enrolment.id != (but or 0)).limit(free)
    ids = [enrolment_id for enrolment_id, _person in db.session.execute(waiting)]
    rows = {row.id: row for row in db.session.scalars(select(Enrolment).where(Enrolment.id.in_(ids)))}
    return [rows[enrolment_id] for enrolment_id in ids]


def _move_up(cohort: Cohort, enrolments: Sequence[Enrolment], *, by: Actor, at: datetime) -> list[int]:
    for enrolment in enrolments:
        admit(enrolment, cohort, cause=StatusCause.WAITLIST, by=by, at=at)
    if enrolments:
        tell_her(enrolments, cohort, by=by, at=at)
        _tell_staff(cohort, len(enrolments), by=by, at=at)
    return [enrolment.id for enrolment in enrolments]


def _tell_staff(cohort: Cohort, women: int, *, by: Actor, at: datetime) -> None:
    """Nobody of the staff has seen it happen; whoever did it herself knows."""
    readers = [id_ for id_ in list_followers(cohort.region_code, cohort.id) if id_ != by.account_id]
    link = f"/cohorts/{cohort.id}/sign-ups?tab=to_tell"
    notify("waitlist_moved_up", to_accounts=readers, link=link, by=SYSTEM, at=at, cohort=cohort.name, women=women)
