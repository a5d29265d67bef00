"""Who acts: a signed-in account with its roles, and the scope in which a thing lies."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    SYSTEM_ADMINISTRATOR = "system_administrator"
    MANAGER = "manager"
    COHORT_STAFF = "cohort_staff"
    INSTRUCTOR = "instructor"
    EVALUATOR = "evaluator"
    FINANCE = "finance"
    AUDITOR = "auditor"
    PARTNER = "partner"
    TRAINEE = "trainee"


class TokenKind(StrEnum):
    """The single-use ways in."""

    SETUP = "setup"
    INVITATION = "invitation"
    TRAINEE_CODE = "trainee_code"
    SLIP = "slip"


class SignInStep(StrEnum):
    """What still stands between a right password and the rights of the account."""

    SECOND_FACTOR = "second_factor"
    ENROL_SECOND_FACTOR = "enrol_second_factor"
    NEW_PASSWORD = "new_password"  # noqa: S105 (a step, not a secret)


STAFF_ROLES = frozenset(Role) - {Role.TRAINEE}


def region_prefix(code: str) -> str:
    """The part of a GB/T 2260 code that a region's whole subtree shares: 140000 → 14, 140200 → 1402."""
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code


def regions_above(code: str) -> tuple[str, str]:
    """The province and the city that a code lies in, or is: 140215 → 140000, 140200."""
    return code[:2] + "0000", code[:4] + "00"


@dataclass(frozen=True)
class Grant:
    """A role given to an account; both limits None means everywhere."""

    role: Role
    region_code: str | None = None
    cohort_id: int | None = None

    @property
    def is_of_a_province(self) -> bool:
        return self.region_code is not None and self.region_code.endswith("0000") and self.cohort_id is None

    @property
    def is_unlimited(self) -> bool:
        return self.region_code is None and self.cohort_id is None


@dataclass(frozen=True)
class Scope:
    """Where a thing lies: what a grant is compared with."""

    region_code: str | None = None
    cohort_id: int | None = None
    person_id: int | None = None
    account_ids: frozenset[int] = frozenset()
    # A programme of a province concerns the staff of its cities too: looking at it asks for overlap, not for descent.
    overlapping: bool = False

    @classmethod
    def of_lesson(cls, region_code: str, cohort_id: int, instructor_id: int | None) -> "Scope":
        """Its instructor reaches it, whatever her area."""
        return cls(region_code, cohort_id, account_ids=frozenset({instructor_id} - {None}))


@dataclass(frozen=True)
class Actor:
    """The account behind a request or a command."""

    account_id: int | None
    name: str
    person_id: int | None = None
    grants: tuple[Grant, ...] = ()
    session_id: int | None = None
    # Where the request came from; the audit trail keeps it.
    address: str | None = None
    # A keyed hash of the browser's cookie, by which marks of one device are told; empty where it keeps none.
    device: str = ""

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)

    @property
    def is_staff(self) -> bool:
        return bool(self.roles & STAFF_ROLES)


SYSTEM = Actor(account_id=None, name="system")
