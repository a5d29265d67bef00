"""A cohort's women as the federation's forms list them: the register of the class, and who completed it."""

from dataclasses import dataclass, field
from datetime import date

from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.person import PersonKind


@dataclass(frozen=True)
class RegisterRow:
    """A line of the 花名册. Phone and ID number are masked, except in a list that was disclosed in full."""

    enrolment_id: int
    seat: int | None
    name: str
    sex: str | None
    birth_year: int | None
    ethnicity: str | None
    education: str | None
    kind: PersonKind | None
    id_number: str = field(repr=False)
    phone: str = field(repr=False)
    county: str
    township: str | None
    village: str | None
    business: str | None
    status: EnrolmentStatus
    joined_on: date


@dataclass(frozen=True)
class CompletionRow:
    """A line of the 结业名册. Minutes and rate are of closed lessons; scores in hundredths, by assessment in order."""

    seat: int | None
    name: str
    sex: str | None
    county: str
    village: str | None
    minutes: int
    rate: float | None
    scores: tuple[int | None, ...]
    tasks_passed: int
    status: EnrolmentStatus
    by_exception: bool
    certificate: str
    issued_on: date | None
