"""A person as lists show her, on pages and in workbooks; what kind of person she is."""

from dataclasses import dataclass, field
from enum import StrEnum


class PersonKind(StrEnum):
    """What she does in her village, as tallies tell people apart."""

    FARMER = "farmer"
    RETURNEE = "returnee"
    SHOPKEEPER = "shopkeeper"
    COMMUNITY_WORKER = "community_worker"
    MEDICAL_WORKER = "medical_worker"
    CADRE = "cadre"
    OTHER = "other"


@dataclass(frozen=True)
class PersonRow:
    """A line of the list of people; phone and ID number are masked, except in a list that was disclosed in full.

    `cohorts` are (id, name) of those she is or was in.
    """

    id: int
    name: str
    sex: str | None
    phone: str = field(repr=False)
    region: str
    township: str | None
    village: str | None
    business: str | None
    cohorts: tuple[tuple[int, str], ...] = ()
    id_number: str = field(default="", repr=False)
