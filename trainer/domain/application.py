"""An application: what is written in it, what it still lacks, and when it may be written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trainer.domain.selection import ApplicationState, RoundState

MOST_FILES = 6
MOST_USES = 8
LONGEST_TITLE, LONGEST_PLAN = 80, 4000


class Step(StrEnum):
    """The screens of an application, one thing on each."""

    PLAN = "plan"
    MONEY = "money"
    FILES = "files"
    CHECK = "check"


class Lack(StrEnum):
    """What keeps an application from being handed in."""

    TITLE = "title"
    PLAN = "plan"
    AMOUNT = "amount"
    AMOUNT_TOO_HIGH = "amount_too_high"
    USES = "uses"
    SUM = "sum"

    @property
    def step(self) -> Step:
        """Where it is put right."""
        return Step.PLAN if self in (Lack.TITLE, Lack.PLAN) else Step.MONEY


class Window(StrEnum):
    """Whether women may apply; `none`: staff alone take candidates in."""

    NONE = "none"
    COMING = "coming"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True)
class Use:
    """A line of what the money is for."""

    item: str
    amount_fen: int

    def as_json(self) -> dict:
        return {"item": self.item, "amount_fen": self.amount_fen}


@dataclass(frozen=True)
class Content:
    """What is written in an application."""

    title: str = ""
    plan: str = ""
    amount_fen: int | None = None
    uses: Sequence[Use] = ()

    @property
    def used_fen(self) -> int:
        return sum(use.amount_fen for use in self.uses)


def uses_of(data: Sequence[dict]) -> tuple[Use, ...]:
    return tuple(Use(**line) for line in data)


def lacks(content: Content, highest_amount_fen: int | None) -> tuple[Lack, ...]:
    """What is missing before it can be handed in; no money is asked for where there is no highest amount."""
    found = [Lack.TITLE] if not content.title else []
    found += [Lack.PLAN] if not content.plan else []
    if highest_amount_fen is None:
        return tuple(found)
    if content.amount_fen is None:
        return (*found, Lack.AMOUNT)
    if content.amount_fen > highest_amount_fen:
        found.append(Lack.AMOUNT_TOO_HIGH)
    if not content.uses:
        found.append(Lack.USES)
    elif content.used_fen != content.amount_fen:
        found.append(Lack.SUM)
    return tuple(found)


def steps(highest_amount_fen: int | None) -> tuple[Step, ...]:
    """The screens of this selection's applications."""
    return tuple(step for step in Step if highest_amount_fen is not None or step is not Step.MONEY)


def window(first_round: RoundState, since: datetime | None, until: datetime | None, now: datetime) -> Window:
    """Applications are taken between the two moments, and never after the evaluators have begun."""
    if since is None or until is None:
        return Window.NONE
    if first_round is not RoundState.DRAFT or now >= until:
        return Window.OVER
    return Window.OPEN if now >= since else Window.COMING


# What she or somebody for her may still write on.
WRITABLE = (ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN)
