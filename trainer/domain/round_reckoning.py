"""Every candidate's arithmetic in a round: the sheets as scores, the figures as points, and their totals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import median, stdev

from trainer.domain.figures import SHEETS
from trainer.domain.judged_scores import JudgedScores, judge_scores
from trainer.domain.round_inputs import RoundCriterion, RoundInputs, Sheet
from trainer.domain.rubric import Criterion, plain_number, round_half_up, score_levels
from trainer.domain.scoring_kinds import EXTREMES_NEED, TableRow, rounded
from trainer.domain.scoring_rules import award_points
from trainer.domain.selection import Aggregate, RankedBy

ENOUGH_KNOWN_BP = 6000


@dataclass(frozen=True)
class Part:
    """One criterion of one candidate: the figure as it was said, and 0–100 points; None where nothing is known."""

    value: str | None
    points: Decimal | None


@dataclass(frozen=True)
class Reckoned:
    """One candidate's arithmetic, rounded to 1e-6.

    `raw_total` = Σ weight·points / Σ weight over what is known + bonus: the judged criteria together as the sheets' mean
    (or what the rules say instead), each computed one that has a figure. `adjusted_total`: the same with severity taken
    out. `known_bp` is that Σ weight. Nothing judged where evaluators judge, or less than 60 % known: no total.
    """

    candidate: str
    sheets: tuple[tuple[int, Decimal], ...]
    judged_mean: Decimal | None
    spread: Decimal | None
    adjusted: Decimal | None
    huber: Decimal | None
    parts: Mapping[str, Part]
    known_bp: int
    bonus: Decimal
    vetoes: tuple[str, ...]
    raw_total: Decimal | None
    adjusted_total: Decimal | None


def sheet_score(criteria: Sequence[RoundCriterion], levels: Mapping[str, int | None]) -> Decimal | None:
    """What one sheet is worth, 0–100, over the judged criteria; None where less than 60 % of their weight is answered."""
    judged = [
        Criterion(c.code, Decimal(c.weight_bp), Decimal(c.minimum), Decimal(c.maximum)) for c in criteria if c.judged
    ]
    score = score_levels(judged, levels)
    return None if score is None else round_half_up(score)


def score_sheets(inputs: RoundInputs) -> dict[str, list[tuple[Sheet, Decimal]]]:
    """The complete sheets of every candidate with their scores, in the order of the evaluators."""
    found: dict[str, list[tuple[Sheet, Decimal]]] = {code: [] for code in sorted(inputs.figures)}
    for sheet in sorted(inputs.sheets, key=lambda s: (s.candidate, s.evaluator)):
        score = sheet_score(inputs.criteria, sheet.levels)
        if score is not None:
            found[sheet.candidate].append((sheet, score))
    return found


def fit_sheets(inputs: RoundInputs) -> JudgedScores | None:
    """The complete sheets with the evaluators' severity estimated; None without any."""
    scored = score_sheets(inputs)
    raw = {code: round_half_up(mean(score for _, score in pairs)) for code, pairs in scored.items() if pairs}
    sheets = {(code, sheet.evaluator): score for code, pairs in scored.items() for sheet, score in pairs}
    return judge_scores(sheets, raw, adjusting=inputs.ranked_by is RankedBy.ADJUSTED)


def may_drop_extremes(scored: Mapping[str, Sequence]) -> bool:
    """Whether everybody was scored by the same number of evaluators, of at least five."""
    counts = {len(pairs) for pairs in scored.values()}
    return len(counts) == 1 and min(counts) >= EXTREMES_NEED


def _together(scores: Sequence[Decimal], aggregate: Aggregate, may_drop: bool) -> Decimal:
    if aggregate is Aggregate.MEDIAN:
        return round_half_up(median(scores))
    if aggregate is Aggregate.DROP_EXTREMES and may_drop:
        return round_half_up(mean(sorted(scores)[1:-1]))
    return round_half_up(mean(scores))


def reckon(inputs: RoundInputs, judged: JudgedScores | None = None) -> list[Reckoned]:
    """By code. `judged`: the fitted sheets, where they are at hand already."""
    judged, scored = judged or fit_sheets(inputs), score_sheets(inputs)
    adjusted, robust = _by_name(judged, "theta"), _by_name(judged, "huber")
    computed, table = _computed(inputs, scored)
    may_drop, bonuses, vetoes = may_drop_extremes(scored), inputs.bonus_rules(), inputs.veto_rules()
    found = []
    for code, row in zip(scored, table, strict=True):
        scores = [score for _, score in scored[code]]
        together = _together(scores, inputs.aggregate, may_drop) if scores else None
        parts = {
            c.code: _judged_part(c, [sheet for sheet, _ in scored[code]]) if c.judged else computed[c.code][code]
            for c in inputs.criteria
        }
        bonus = rounded(sum((Fraction(b.points) for b in bonuses if b.earned(row)), Fraction(0)))
        known_bp, raw_total = _total(inputs.criteria, parts, together, bonus)
        found.append(
            Reckoned(
                candidate=code,
                sheets=tuple((sheet.evaluator, score) for sheet, score in scored[code]),
                judged_mean=together,
                spread=round_half_up(stdev(scores)) if len(scores) > 1 else None,
                adjusted=adjusted.get(code),
                huber=robust.get(code),
                parts=parts,
                known_bp=known_bp,
                bonus=bonus,
                vetoes=(*(v.flag for v in vetoes if v.raised(row)), *inputs.facts.get(code, ())),
                raw_total=raw_total,
                adjusted_total=_total(inputs.criteria, parts, adjusted.get(code), bonus)[1],
            )
        )
    return found


def _by_name(judged: JudgedScores | None, name: str) -> dict[str, Decimal]:
    values = getattr(judged, name) if judged else None
    return {} if values is None else dict(zip(judged.candidates, map(to_decimal, values.tolist()), strict=True))


def _computed(
    inputs: RoundInputs, scored: Mapping[str, Sequence[tuple[Sheet, Decimal]]]
) -> tuple[dict[str, dict[str, Part]], list[TableRow]]:
    """Criterion → candidate → part, by the rules alone; and the table they were laid over.

    Bonus and vetoes may ask it for a judged criterion too: for the mean of the levels on the sheets that count.
    """
    codes = sorted(inputs.figures)
    table = [
        TableRow(
            code,
            {name: f.value for name, f in inputs.figures[code].items()}
            | _mean_levels(inputs.criteria, [sheet for sheet, _ in scored[code]]),
        )
        for code in codes
    ]
    found = {}
    for criterion in inputs.criteria:
        if not criterion.judged:
            rule = criterion.scoring()
            awards = award_points(rule, table)
            full = Fraction(criterion.weight_bp, 100)
            found[criterion.code] = {
                code: Part(
                    "、".join(text for name in rule.needs if (text := row.text(name))) or None,
                    None if points is None else rounded(100 * points / full),
                )
                for code, row, points in zip(codes, table, awards, strict=True)
            }
    return found, table


def _mean_levels(criteria: Sequence[RoundCriterion], sheets: Sequence[Sheet]) -> dict[str, str]:
    found = {}
    for criterion in criteria:
        given = [Decimal(level) for s in sheets if (level := s.levels.get(criterion.code)) is not None]
        if criterion.judged and given:
            found[f"{SHEETS}{criterion.code}"] = plain_number(round_half_up(mean(given)))
    return found


def _judged_part(criterion: RoundCriterion, sheets: Sequence[Sheet]) -> Part:
    given = [criterion.points(level) for s in sheets if (level := s.levels.get(criterion.code)) is not None]
    return Part(None, round_half_up(mean(given)) if given else None)


def _total(
    criteria: Sequence[RoundCriterion], parts: Mapping[str, Part], judged_score: Decimal | None, bonus: Decimal
) -> tuple[int, Decimal | None]:
    known, worth = 0, Decimal(0)
    for criterion in criteria:
        points = judged_score if criterion.judged else parts[criterion.code].points
        if points is not None:
            known += criterion.weight_bp
            worth += criterion.weight_bp * points
    needs_sheets = any(c.judged for c in criteria)
    if (needs_sheets and judged_score is None) or known < ENOUGH_KNOWN_BP:
        return known, None
    return known, round_half_up(worth / known + bonus)


def mean(values: Iterable) -> Decimal:
    """Of decimal numbers, to 28 digits."""
    given = list(values)
    return sum(given, Decimal(0)) / len(given)


def to_decimal(value: float | None) -> Decimal | None:
    """Rounded to 1e-6; nothing stays nothing."""
    return None if value is None else round_half_up(Decimal(repr(round(float(value), 6) + 0.0)))
