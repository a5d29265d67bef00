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
    MERGE = "merge"
    COMPLETION = "completion"
    EXCEPTION = "exception"
    TAKEN_OVER = "taken_over"


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
