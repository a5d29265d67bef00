"""Enrolment: the states of a person in a cohort."""

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


# Whoever is on the roll: marks are taken for them.
ON_THE_ROLL = frozenset(
    {EnrolmentStatus.ADMITTED, EnrolmentStatus.ACTIVE, EnrolmentStatus.COMPLETED, EnrolmentStatus.NOT_COMPLETED}
)
# Whose class goes on for her: what she attends can still change how it ends.
IN_TRAINING = frozenset({EnrolmentStatus.ADMITTED, EnrolmentStatus.ACTIVE})
