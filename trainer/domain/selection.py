"""Selections: kinds and states of selections, rounds, criteria and reviews."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

FULL_WEIGHT_BP = 10_000


class SelectionKind(StrEnum):
    ADVANCED_TRAINING = "advanced_training"
    STARTUP_FUNDING = "startup_funding"


class RoundKind(StrEnum):
    SCREENING = "screening"
    EXPERT = "expert"
    FIELD = "field"
    FINAL = "final"


class RoundState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class CriterionKind(StrEnum):
    """Where a criterion's points come from: evaluators, or the women's own records."""

    JUDGED = "judged"
    ATTENDANCE_RATE = "attendance_rate"
    NET_SALES = "net_sales"


class ReviewState(StrEnum):
    NOT_STARTED = "not_started"
    DRAFT = "draft"
    SUBMITTED = "submitted"


class ApplicationState(StrEnum):
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"


class RankingFlag(StrEnum):
    """What a person should look at before believing a rank."""

    TIE_ON_CUT_LINE = "tie_on_cut_line"
    TOO_FEW_REVIEWS = "too_few_reviews"
    NO_ATTENDANCE_DATA = "no_attendance_data"
    NO_SALES_DATA = "no_sales_data"
    TOO_LITTLE_KNOWN = "too_little_known"


class Step(StrEnum):
    """The one thing to do next in a round."""

    RUBRIC = "rubric"
    CANDIDATES = "candidates"
    EVALUATORS = "evaluators"
    OPEN = "open"
    CLOSE = "close"
    RANKING = "ranking"


@dataclass(frozen=True)
class RoundFacts:
    """How far a round is: weights in basis points, live candidates, how many of them nobody reads, sheets."""

    state: RoundState
    weight_bp: int
    judged_bp: int
    candidates: int
    unread: int
    sheets: int
    submitted: int

    @property
    def rubric_ready(self) -> bool:
        return self.weight_bp == FULL_WEIGHT_BP and self.judged_bp > 0

    @property
    def missing(self) -> int:
        return self.sheets - self.submitted

    @property
    def next_step(self) -> Step:
        if self.state is RoundState.OPEN:
            return Step.CLOSE
        if self.state is RoundState.CLOSED:
            return Step.RANKING
        if not self.rubric_ready:
            return Step.RUBRIC
        if not self.candidates:
            return Step.CANDIDATES
        return Step.EVALUATORS if self.unread else Step.OPEN


@dataclass(frozen=True)
class CriterionDraft:
    """A line of a rubric as it is written: the words of the levels lowest first, none for a computed criterion."""

    name: str
    kind: CriterionKind
    weight_bp: int
    levels: tuple[str, ...] = ()


@dataclass(frozen=True)
class SheetDraft:
    """What an evaluator has filled in so far; a level of None is not answered."""

    levels: Mapping[str, int | None]
    strengths: str = ""
    risks: str = ""

    def as_json(self) -> dict:
        return {"levels": dict(self.levels), "strengths": self.strengths, "risks": self.risks}
