"""Honours of a year: who or what is honoured."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

# Those of earlier years are entered too, from the lists that were printed then.
EARLIEST, LATEST = 2000, 2100


class HonourKind(StrEnum):
    PERSON = "person"
    PROJECT = "project"


class HonourState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


def honour_state(published_at: datetime | None, withdrawn_at: datetime | None) -> HonourState:
    """What is taken from the list stays off it, published or not."""
    if withdrawn_at:
        return HonourState.WITHDRAWN
    return HonourState.PUBLISHED if published_at else HonourState.DRAFT


@dataclass(frozen=True)
class HonourDraft:
    """What stands on the list: a person by her number, or a project by its name."""

    year: int
    title: str
    region_code: str
    citation: str = ""
    person_id: int | None = None
    project: str = ""

    @property
    def kind(self) -> HonourKind:
        return HonourKind.PERSON if self.person_id else HonourKind.PROJECT
