"""A person as lists show her, on pages and in workbooks."""

from dataclasses import dataclass, field


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
