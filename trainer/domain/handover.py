"""Handing over: what of a leaving colleague's open work her successor can take, and what not."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trainer.domain.actors import Grant


class Obstacle(StrEnum):
    """Why a piece of work stays where it is."""

    NO_ROLE = "no_role"
    BUSY = "busy"
    ALREADY_ASSIGNED = "already_assigned"


@dataclass(frozen=True)
class Piece:
    """A lesson that is not over, or an application not yet reviewed; `where` is the cohort or the selection."""

    id: int
    where: str
    version: int = 0
    obstacle: Obstacle | None = None


@dataclass(frozen=True)
class LessonPiece(Piece):
    region_code: str = ""
    cohort_id: int = 0
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True)
class AssignmentPiece(Piece):
    round_id: int = 0
    application_id: int = 0


@dataclass(frozen=True)
class HandoverPlan:
    """Everything that would move, and everything that would not, with the reason."""

    lessons: tuple[LessonPiece, ...]
    assignments: tuple[AssignmentPiece, ...]
    # Roles of hers that the successor lacks.
    roles: tuple[Grant, ...]
    # Long work that she asked for: it is hers alone and ends with her account.
    tasks: int

    @property
    def moving_lessons(self) -> list[LessonPiece]:
        return [piece for piece in self.lessons if piece.obstacle is None]

    @property
    def moving_assignments(self) -> list[AssignmentPiece]:
        return [piece for piece in self.assignments if piece.obstacle is None]

    @property
    def staying(self) -> list[tuple[str, Obstacle, int]]:
        """(cohort or selection, reason, how many)."""
        stays = Counter((p.where, p.obstacle) for p in (*self.lessons, *self.assignments) if p.obstacle)
        return [(where, obstacle, count) for (where, obstacle), count in stays.items()]

    @property
    def mark(self) -> str:
        """The same as long as nothing of this has changed: whoever acts on an older look is refused."""
        facts = (
            [(p.id, p.version, p.obstacle) for p in self.lessons],
            [(p.id, p.obstacle) for p in self.assignments],
            [(g.role.value, g.region_code, g.cohort_id) for g in self.roles],
        )
        return hashlib.sha256(repr(facts).encode()).hexdigest()


def by_place(pieces: Iterable[Piece]) -> list[tuple[str, int]]:
    """(cohort or selection, how many pieces)."""
    return list(Counter(piece.where for piece in pieces).items())
