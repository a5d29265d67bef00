"""Enrolment: the states of a person in a cohort."""

from collections.abc import Mapping
from enum import StrEnum


class EnrolmentStatus(StrEnum):
    APPLIED = "applied"
    WAITLISTED = "waitlisted"
    ADMITTED = "admitted"
    ACTIVE = "active"
    COMPLETED = "completed"
    NOT_COMPLETED = "not_completed"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"


class StatusCause(StrEnum):
    """What brought a step of an enrolment about."""

    SIGN_UP = "sign_up"
    STAFF = "staff"
    WAITLIST = "waitlist"
    TRANSFER = "transfer"
    ROSTER = "roster"
    WALK_IN = "walk_in"
    BEGUN = "begun"
    MERGE = "merge"
    COMPLETION = "completion"
    EXCEPTION = "exception"
    TAKEN_OVER = "taken_over"


class WhoAsked(StrEnum):
    """Who wanted that she leaves a cohort."""

    HERSELF = "herself"
    FAMILY = "family"
    STAFF = "staff"


class EnrolmentAct(StrEnum):
    """What staff do with one enrolment."""

    ADMIT = "admit"
    WAITLIST = "waitlist"
    REJECT = "reject"
    TRANSFER = "transfer"
    WITHDRAW = "withdraw"
    TAKE_BACK = "take_back"
    TRANSFER_BACK = "transfer_back"
    REOPEN = "reopen"


# Whoever is on the roll: marks are taken for them, and each takes one of the places.
ON_THE_ROLL = frozenset(
    {EnrolmentStatus.ADMITTED, EnrolmentStatus.ACTIVE, EnrolmentStatus.COMPLETED, EnrolmentStatus.NOT_COMPLETED}
)
# Where a step may lead from each; every one has a way back.
STEPS: Mapping[EnrolmentStatus, frozenset[EnrolmentStatus]] = {
    EnrolmentStatus.APPLIED: frozenset(
        {
            EnrolmentStatus.WAITLISTED,
            EnrolmentStatus.ADMITTED,
            EnrolmentStatus.ACTIVE,
            EnrolmentStatus.REJECTED,
            EnrolmentStatus.WITHDRAWN,
        }
    ),
    EnrolmentStatus.WAITLISTED: frozenset(
        {
            EnrolmentStatus.APPLIED,
            EnrolmentStatus.ADMITTED,
            EnrolmentStatus.ACTIVE,
            EnrolmentStatus.REJECTED,
            EnrolmentStatus.WITHDRAWN,
        }
    ),
    EnrolmentStatus.ADMITTED: frozenset(
        {
            EnrolmentStatus.ACTIVE,
            EnrolmentStatus.WAITLISTED,
            EnrolmentStatus.COMPLETED,
            EnrolmentStatus.NOT_COMPLETED,
            EnrolmentStatus.WITHDRAWN,
        }
    ),
    EnrolmentStatus.ACTIVE: frozenset(
        {EnrolmentStatus.COMPLETED, EnrolmentStatus.NOT_COMPLETED, EnrolmentStatus.WITHDRAWN}
    ),
    EnrolmentStatus.COMPLETED: frozenset({EnrolmentStatus.NOT_COMPLETED, EnrolmentStatus.ACTIVE}),
    EnrolmentStatus.NOT_COMPLETED: frozenset({EnrolmentStatus.COMPLETED, EnrolmentStatus.ACTIVE}),
    EnrolmentStatus.WITHDRAWN: frozenset(
        {EnrolmentStatus.APPLIED, EnrolmentStatus.WAITLISTED, EnrolmentStatus.ADMITTED, EnrolmentStatus.ACTIVE}
    ),
    EnrolmentStatus.REJECTED: frozenset(
        {EnrolmentStatus.APPLIED, EnrolmentStatus.WAITLISTED, EnrolmentStatus.ADMITTED, EnrolmentStatus.ACTIVE}
    ),
}
# Whose class goes on for her: what she attends can still change how it ends.
IN_TRAINING = frozenset({EnrolmentStatus.ADMITTED, EnrolmentStatus.ACTIVE})


def steps_between(start: EnrolmentStatus, end: EnrolmentStatus) -> tuple[EnrolmentStatus, ...]:
    """The fewest steps that lead from one to the other, the last of them `end`; none where they are the same."""
    ways: list[tuple[EnrolmentStatus, ...]] = [()]
    reached = {start}
    while ways:
        way = ways.pop(0)
        here = way[-1] if way else start
        if here is end:
            return way
        for step in EnrolmentStatus:
            if step in STEPS[here] and step not in reached:
                reached.add(step)
                ways.append((*way, step))
    raise ValueError(end)


_WAITS = frozenset({EnrolmentStatus.APPLIED, EnrolmentStatus.WAITLISTED})
_FROM: Mapping[EnrolmentAct, frozenset[EnrolmentStatus]] = {
    EnrolmentAct.ADMIT: _WAITS | {EnrolmentStatus.REJECTED},
    EnrolmentAct.WAITLIST: frozenset({EnrolmentStatus.APPLIED, EnrolmentStatus.ADMITTED, EnrolmentStatus.REJECTED}),
    EnrolmentAct.REJECT: _WAITS,
    EnrolmentAct.TRANSFER: _WAITS | IN_TRAINING,
    EnrolmentAct.WITHDRAW: _WAITS | IN_TRAINING,
    EnrolmentAct.TAKE_BACK: frozenset({EnrolmentStatus.WITHDRAWN}),
    EnrolmentAct.TRANSFER_BACK: IN_TRAINING,
    EnrolmentAct.REOPEN: frozenset({EnrolmentStatus.COMPLETED, EnrolmentStatus.NOT_COMPLETED}),
}


def acts_from(status: EnrolmentStatus, *, came: bool, went: bool) -> tuple[EnrolmentAct, ...]:
    """What can be done; `came`: by a transfer, `went`: withdrawn by one, which is taken back on the other page."""
    shut = {EnrolmentAct.TRANSFER_BACK} if not came else set()
    shut |= {EnrolmentAct.TAKE_BACK} if went else set()
    return tuple(act for act in EnrolmentAct if status in _FROM[act] and act not in shut)
