"""A rubric and what one filled-in sheet is worth on it, from 0 to 100."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal

from trainer.errors import Refused

FULL = Decimal(100)
ENOUGH_ANSWERED = Decimal(60)
WIDE = Context(prec=60, rounding=ROUND_HALF_UP)


class BadSelectionInput(Refused):
    """Scores, a rubric, rules or a table that cannot be reckoned with; `code` says what is wrong."""

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        super().__init__(**values)


@dataclass(frozen=True)
class Criterion:
    code: str
    weight: Decimal
    minimum: Decimal
    maximum: Decimal

    def __post_init__(self) -> None:
        if self.weight <= 0:
            raise BadSelectionInput("weight_not_positive", criterion=self.code)
        if self.maximum <= self.minimum:
            raise BadSelectionInput("scale_upside_down", criterion=self.code)


def score_levels(criteria: Sequence[Criterion], levels: Mapping[str, Decimal | int | None]) -> Decimal | None:
    """100·Σ w·(level−min)/(max−min) / Σ w, over the answered criteria only; the lowest level is worth 0.

    An absent level is an abstention, never a zero. Returns None while less than 60 % of the weight of `criteria` is
    answered: such a sheet is incomplete and does not count. Not rounded (28 digits): round where it is shown.
    """
    answered, worth = Decimal(0), Decimal(0)
    for criterion in criteria:
        level = levels.get(criterion.code)
        if level is None:
            continue
        answered += criterion.weight
        span = criterion.maximum - criterion.minimum
        worth += criterion.weight * (level - criterion.minimum) / span
    enough = ENOUGH_ANSWERED * sum(criterion.weight for criterion in criteria) / FULL
    return FULL * worth / answered if answered and answered >= enough else None


@dataclass(frozen=True)
class Rubric:
    """Criteria whose weights sum to exactly 100."""

    criteria: tuple[Criterion, ...]

    def __post_init__(self) -> None:
        codes = [criterion.code for criterion in self.criteria]
        for code in codes:
            if codes.count(code) > 1:
                raise BadSelectionInput("duplicate_criterion", criterion=code)
        total = sum((criterion.weight for criterion in self.criteria), Decimal(0))
        if total != FULL:
            raise BadSelectionInput("weights_not_100", total=str(total))

    def score_sheet(self, levels: Mapping[str, Decimal | None]) -> Decimal | None:
        return score_levels(self.criteria, levels)


@dataclass(frozen=True)
class RankRubric(Rubric):
    """A rubric with what a ranking needs besides: how many seats there are, and the seed of the redraws."""

    seats: int
    seed: int

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.seats < 1:
            raise BadSelectionInput("no_seats", seats=self.seats)


@dataclass(frozen=True)
class ScoreRow:
    """One level given by one judge; None = abstained. `row` is where it stood in a file, for the refusal's sentence."""

    candidate: str
    judge: str
    criterion: str
    level: Decimal | None
    row: int | None = field(default=None, compare=False)


def collect_sheets(rows: Sequence[ScoreRow], rubric: Rubric) -> dict[tuple[str, str], Decimal | None]:
    """The score of every (candidate, judge) that has any row, in sorted order; None = incomplete sheet."""
    known = {criterion.code: criterion for criterion in rubric.criteria}
    sheets: dict[tuple[str, str], dict[str, Decimal | None]] = {}
    for row in rows:
        _check_row(row, known.get(row.criterion))
        levels = sheets.setdefault((row.candidate, row.judge), {})
        if row.criterion in levels:
            raise BadSelectionInput(
                "duplicate_score", row=row.row, candidate=row.candidate, judge=row.judge, criterion=row.criterion
            )
        levels[row.criterion] = row.level
    return {pair: rubric.score_sheet(sheets[pair]) for pair in sorted(sheets)}


def _check_row(row: ScoreRow, criterion: Criterion | None) -> None:
    if criterion is None:
        raise BadSelectionInput("unknown_criterion", row=row.row, criterion=row.criterion)
    if row.level is not None and not criterion.minimum <= row.level <= criterion.maximum:
        raise BadSelectionInput(
            "level_outside_scale",
            row=row.row,
            criterion=row.criterion,
            level=plain_number(row.level),
            minimum=plain_number(criterion.minimum),
            maximum=plain_number(criterion.maximum),
        )


def round_half_up(value: Decimal, places: int = 6) -> Decimal:
    """Half away from zero, as people round on paper."""
    return value.quantize(Decimal(1).scaleb(-places), context=WIDE)


def plain_number(value: Decimal) -> str:
    """4, 4.0 and 4E0 are all "4": one spelling for sentences and for hashing."""
    return format(value.normalize() + 0, "f")
