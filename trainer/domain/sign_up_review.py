"""The review of sign-ups: the lists they stand in, and what can be decided."""

from enum import StrEnum

from trainer.domain.enrolment import EnrolmentStatus

DECISIONS = (EnrolmentStatus.ADMITTED, EnrolmentStatus.WAITLISTED, EnrolmentStatus.REJECTED)
# What may be taken over from a sign-up into a record that is there.
MAY_BE_TAKEN = ("phone", "id_number", "kind", "region_code", "township", "village")


class Tab(StrEnum):
    """The lists side by side; the waitlist is one of enrolments."""

    OPEN = "open"
    WAITLIST = "waitlist"
    TO_TELL = "to_tell"
    DECIDED = "decided"
    GONE = "gone"
