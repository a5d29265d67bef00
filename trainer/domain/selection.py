"""Selections: kinds and states of selections, rounds, criteria, applications and reviews."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    FROZEN = "frozen"


# The evaluators' work is done: staff may see what came of it.
RANKED = (RoundState.CLOSED, RoundState.FROZEN)


class RankedBy(StrEnum):
    """Whether the evaluators' severity is taken out before the judged part ranks."""

    RAW = "raw"
    ADJUSTED = "adjusted"


class Aggregate(StrEnum):
    """How the sheets of one candidate become one score, where they are not adjusted."""

    MEAN = "mean"
    MEDIAN = "median"
    DROP_EXTREMES = "drop_extremes"


class CandidacyOrigin(StrEnum):
    """How an application came into a round: from the start, by its rank in the round before, or named with a reason."""

    APPLIED = "applied"
    ADVANCED = "advanced"
    NAMED = "named"


class QuotaAttribute(StrEnum):
    """What a quota goes by."""

    COUNTY = "county"
    COHORT = "cohort"
    BUSINESS = "business"


class CriterionKind(StrEnum):
    """Where a criterion's points come from: evaluators' levels on their sheets, or a figure and a rule.

    The others are the kinds of a file of rules (`scoring_kinds`); `marks` is its `judged`: marks in a table's columns.
    """

    JUDGED = "judged"
    RANK_STEP = "rank_step"
    PER_UNIT = "per_unit"
    MIN_MAX = "min_max"
    PERCENTILE = "percentile"
    BANDS = "bands"
    WEIGHTED = "weighted"
    MARKS = "marks"


class ReviewState(StrEnum):
    NOT_STARTED = "not_started"
    DRAFT = "draft"
    SUBMITTED = "submitted"


class ApplicationState(StrEnum):
    """`referred`: she does not qualify and was led to other support."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"


class ReferralKind(StrEnum):
    """Other support for whoever does not qualify."""

    NEXT_COURSE = "next_course"
    PRACTICE = "practice"
    MICROLOAN = "microloan"
    MENTOR = "mentor"
    SHOP_HELP = "shop_help"
    OTHER_BODY = "other_body"


class AssignmentOrigin(StrEnum):
    """Why an evaluator was given an application."""

    AUTO = "auto"
    ANCHOR = "anchor"
    MANUAL = "manual"
    ADAPTIVE = "adaptive"
    THIRD_READER = "third_reader"
    REPLACEMENT = "replacement"


class Recommendation(StrEnum):
    """What an evaluator would do, asked beside her levels: where the two disagree, people talk."""

    SUPPORT = "support"
    SUPPORT_WITH_CHANGES = "support_with_changes"
    NOT_NOW = "not_now"


class SheetSource(StrEnum):
    SCREEN = "screen"
    PAPER = "paper"


class RankingFlag(StrEnum):
    """What a person should look at before believing a rank."""

    TIE_ON_CUT_LINE = "tie_on_cut_line"
    GREY_ZONE = "grey_zone"
    ONE_JUDGE_DECIDES = "one_judge_decides"
    INFLATED_REVIEW = "inflated_review"
    UNLINKED_JUDGES = "unlinked_judges"
    TOO_FEW_REVIEWS = "too_few_reviews"
    MISSING_FIGURE = "missing_figure"
    TOO_LITTLE_KNOWN = "too_little_known"
    VETO = "veto"
    # The evaluators' recommendations say something else than their levels.
    AGAINST_ADVICE = "against_advice"


class Step(StrEnum):
    """The one thing to do next in a round."""

    RUBRIC = "rubric"
    CANDIDATES = "candidates"
    EVALUATORS = "evaluators"
    OPEN = "open"
    CLOSE = "close"
    RANKING = "ranking"
    FREEZE = "freeze"
    NEXT_ROUND = "next_round"


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
    is_last: bool = True
    fewest_readers: int = 0
    most_readers: int = 0

    @property
    def rubric_ready(self) -> bool:
        return self.weight_bp == FULL_WEIGHT_BP

    @property
    def missing(self) -> int:
        return self.sheets - self.submitted

    @property
    def next_step(self) -> Step:
        if self.state is RoundState.OPEN:
            return Step.CLOSE
        if self.state is RoundState.CLOSED:
            return Step.FREEZE
        if self.state is RoundState.FROZEN:
            return Step.RANKING if self.is_last else Step.NEXT_ROUND
        if not self.rubric_ready:
            return Step.RUBRIC
        if not self.candidates:
            return Step.CANDIDATES
        return Step.EVALUATORS if self.judged_bp and self.unread else Step.OPEN


@dataclass(frozen=True)
class CriterionDraft:
    """A line of a rubric as it is written: the words of the levels lowest first, none for a computed criterion."""

    name: str
    kind: CriterionKind
    weight_bp: int
    levels: tuple[str, ...] = ()
    # What a computed kind asks for beside its points, under the names of a file of rules.
    rule: Mapping[str, object] = field(default_factory=dict)
    # What it goes by wherever it is reckoned; nothing: the next free of c1, c2 …
    code: str = ""


@dataclass(frozen=True)
class SheetDraft:
    """What an evaluator has filled in so far; a level of None is not answered."""

    levels: Mapping[str, int | None]
    strengths: str = ""
    risks: str = ""
    # Why she abstains, by criterion; from 1 to 3 how sure she is; what she would do.
    abstentions: Mapping[str, str] = field(default_factory=dict)
    confidence: int | None = None
    recommendation: Recommendation | None = None

    def as_json(self) -> dict:
        return {
            "levels": dict(self.levels),
            "strengths": self.strengths,
            "risks": self.risks,
            "abstentions": dict(self.abstentions),
            "confidence": self.confidence,
            "recommendation": self.recommendation.value if self.recommendation else None,
        }
