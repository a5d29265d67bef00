"""A round reckoned: the evaluators' sheets and the candidates' figures in; points, totals, ranks, doubts and flags out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from statistics import median, stdev

import numpy as np

from trainer.domain.agreement import Agreement, agreement
from trainer.domain.figures import SHEETS
from trainer.domain.judged_scores import JudgedScores, judge_scores
from trainer.domain.quota import Proposal, propose
from trainer.domain.ranking import (
    RankUncertainty,
    certainty_of_ties,
    competition_ranks,
    tied_on_cut_line,
    uncertainty_of_draws,
)
from trainer.domain.round_inputs import RoundCriterion, RoundInputs, Sheet, sorted_quotas
from trainer.domain.rubric import Criterion, plain_number, round_half_up, score_levels
from trainer.domain.scoring_kinds import EXTREMES_NEED, TableRow, rounded
from trainer.domain.scoring_rules import award_points
from trainer.domain.selection import Aggregate, RankedBy, RankingFlag, Recommendation
from trainer.domain.severity_ranking import GREY, decided_by_one_judge, sha256_of
from trainer.domain.weight_doubt import seat_chances, smallest_change
from trainer.domain.weight_doubt import totals as plain_totals

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


@dataclass(frozen=True)
class RankedCandidate:
    """`total` is the one of the two that ranks. `low`…`high`: 90 % interval of the rank."""

    figures: Reckoned
    total: Decimal | None
    rank: int | None
    se: Decimal | None
    low: int | None
    high: int | None
    p_seat: Decimal | None
    weight_seat: Decimal | None
    flags: tuple[RankingFlag, ...]


@dataclass(frozen=True)
class JudgeFigures:
    """How many points too high an evaluator marks; None between unlinked groups. `inflated`: her sheets to look at."""

    evaluator: int
    sheets: int
    offset: Decimal | None
    offset_se: Decimal | None
    inflated: tuple[str, ...]


@dataclass(frozen=True)
class NamedChange:
    """The smallest change of one weight that alters the list, in basis points, and whom it lets in for whom."""

    criterion: str
    weight_bp: int
    to_bp: int
    comes_in: str
    goes_out: str


@dataclass(frozen=True)
class RoundRanking:
    """`adjusted`: whether severity is taken out of what ranks; `extremes_kept`: there were too few sheets to drop any."""

    rows: tuple[RankedCandidate, ...]
    judges: tuple[JudgeFigures, ...]
    components: int
    lambda2: Decimal | None
    agreement: Agreement
    adjusted: bool
    extremes_kept: bool
    weight_change: NamedChange | None
    quota: Proposal | None
    input_sha256: str

    def as_json(self) -> dict:
        """What is hashed: numbers as text."""
        return {
            "rows": [_plain(row) for row in self.rows],
            "judges": [_texts(asdict(judge)) for judge in self.judges],
            "components": self.components,
            "lambda2": _text(self.lambda2),
            "agreement": _texts(asdict(self.agreement)),
            "adjusted": self.adjusted,
            "extremes_kept": self.extremes_kept,
            "weights": {"change": asdict(self.weight_change) if self.weight_change else None},
            "quota": _quota_json(self.quota) if self.quota else None,
        }

    @property
    def output_sha256(self) -> str:
        return sha256_of(self.as_json())


def rank_round(inputs: RoundInputs) -> RoundRanking:
    """Best first; equal totals share a rank ("1 2 2 4"); whoever has no total comes last, without a rank."""
    judged = _judged(inputs)
    reckoned = reckon(inputs, judged)
    adjusted = judged is not None and judged.adjusted
    totals = [r.adjusted_total if adjusted else r.raw_total for r in reckoned]
    ranks = competition_ranks(totals)
    doubt = _Doubt(inputs, reckoned, totals, judged)
    flags = _flags(inputs, reckoned, ranks, doubt, judged)
    chances, change = _weights(inputs, reckoned, totals, adjusted)
    rows = [
        RankedCandidate(figures, totals[k], ranks[k], *doubt.of(k, ranks[k]), chances.get(k), flags[k])
        for k, figures in enumerate(reckoned)
    ]
    rows.sort(key=lambda row: (row.rank is None, row.rank or 0, row.figures.candidate))
    return RoundRanking(
        rows=tuple(rows),
        judges=_judges(inputs, judged),
        components=judged.plain.graph.components if judged else 0,
        lambda2=_decimal(judged.plain.graph.lambda2) if judged else None,
        agreement=_agreement(judged),
        adjusted=adjusted,
        extremes_kept=inputs.aggregate is Aggregate.DROP_EXTREMES and not _may_drop(_scored(inputs)),
        weight_change=change,
        quota=_proposal(inputs, reckoned, totals),
        input_sha256=inputs.sha256,
    )


def mean(values: Iterable) -> Decimal:
    """Of decimal numbers, to 28 digits."""
    given = list(values)
    return sum(given, Decimal(0)) / len(given)


# The sheets as scores.


def sheet_score(criteria: Sequence[RoundCriterion], levels: Mapping[str, int | None]) -> Decimal | None:
    """What one sheet is worth, 0–100, over the judged criteria; None where less than 60 % of their weight is answered."""
    judged = [
        Criterion(c.code, Decimal(c.weight_bp), Decimal(c.minimum), Decimal(c.maximum)) for c in criteria if c.judged
    ]
    score = score_levels(judged, levels)
    return None if score is None else round_half_up(score)


def _scored(inputs: RoundInputs) -> dict[str, list[tuple[Sheet, Decimal]]]:
    """The complete sheets of every candidate with their scores, in the order of the evaluators."""
    found: dict[str, list[tuple[Sheet, Decimal]]] = {code: [] for code in sorted(inputs.figures)}
    for sheet in sorted(inputs.sheets, key=lambda s: (s.candidate, s.evaluator)):
        score = sheet_score(inputs.criteria, sheet.levels)
        if score is not None:
            found[sheet.candidate].append((sheet, score))
    return found


def _judged(inputs: RoundInputs) -> JudgedScores | None:
    scored = _scored(inputs)
    raw = {code: round_half_up(mean(score for _, score in pairs)) for code, pairs in scored.items() if pairs}
    sheets = {(code, sheet.evaluator): score for code, pairs in scored.items() for sheet, score in pairs}
    return judge_scores(sheets, raw, adjusting=inputs.ranked_by is RankedBy.ADJUSTED)


def _may_drop(scored: Mapping[str, Sequence]) -> bool:
    """Whether everybody was scored by the same number of evaluators, of at least five."""
    counts = {len(pairs) for pairs in scored.values()}
    return len(counts) == 1 and min(counts) >= EXTREMES_NEED


def _together(scores: Sequence[Decimal], aggregate: Aggregate, may_drop: bool) -> Decimal:
    if aggregate is Aggregate.MEDIAN:
        return round_half_up(median(scores))
    if aggregate is Aggregate.DROP_EXTREMES and may_drop:
        return round_half_up(mean(sorted(scores)[1:-1]))
    return round_half_up(mean(scores))


# Every candidate's arithmetic.


def reckon(inputs: RoundInputs, judged: JudgedScores | None = None) -> list[Reckoned]:
    """By code. `judged`: the fitted sheets, where they are at hand already."""
    judged, scored = judged or _judged(inputs), _scored(inputs)
    adjusted, robust = _by_name(judged, "theta"), _by_name(judged, "huber")
    computed, table = _computed(inputs, scored)
    may_drop, bonuses, vetoes = _may_drop(scored), inputs.bonus_rules(), inputs.veto_rules()
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
    return {} if values is None else dict(zip(judged.candidates, map(_decimal, values.tolist()), strict=True))


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


# How sure all this is.


class _Doubt:
    """Redraws of the judged scores carried through to totals and ranks; nothing where the sheets cannot tell."""

    def __init__(
        self,
        inputs: RoundInputs,
        reckoned: Sequence[Reckoned],
        totals: Sequence[Decimal | None],
        judged: JudgedScores | None,
    ) -> None:
        self.seats, self.totals, self.judged = inputs.seats, totals, judged
        self.ranked = [k for k, total in enumerate(totals) if total is not None]
        self.place = {k: at for at, k in enumerate(self.ranked)}
        self.found: RankUncertainty | None = None
        self.values = np.array([float(totals[k]) for k in self.ranked])
        if judged is None or not judged.is_uncertain or not self.ranked:
            return
        place = {name: at for at, name in enumerate(judged.candidates)}
        self.columns = np.array([place[reckoned[k].candidate] for k in self.ranked])
        weight = sum(c.weight_bp for c in inputs.criteria if c.judged)
        self.share = weight / np.array([reckoned[k].known_bp for k in self.ranked])
        self.se = judged.se[self.columns] * self.share
        if judged.plain.noise_var == 0:
            self.found = certainty_of_ties(self.values, self.seats)
            return
        centre = judged.plain.theta if judged.adjusted else judged.plain.graph.means
        moved = (judged.draws(np.random.default_rng(_seed(inputs, "sheets"))) - centre)[:, self.columns]
        self.found = uncertainty_of_draws(self.values + moved * self.share, self.seats)

    def of(self, k: int, rank: int | None) -> tuple:
        """se, low, high, p_seat; the printed rank always lies in its printed interval."""
        if self.found is None or k not in self.place:
            return None, None, None, None
        at = self.place[k]
        low, high = min(int(self.found.low[at]), rank), max(int(self.found.high[at]), rank)
        return _decimal(self.se[at]), low, high, _decimal(self.found.p_seat[at])

    def one_judge(self) -> set[int]:
        """Positions of the candidates who would be on the other side of the line were one evaluator not there."""
        if self.judged is None or not self.ranked:
            return set()
        place = {name: at for at, name in enumerate(self.judged.candidates)}
        if not hasattr(self, "columns"):
            return set()
        refits = (
            np.round(self.values + (scores - self.judged.scores)[self.columns] * self.share, 6)
            for scores in self.judged.without_each_judge()
        )
        moved = decided_by_one_judge(np.round(self.values, 6), refits, len(self.judged.judges), self.seats)
        return {k for k, changes in zip(self.ranked, moved, strict=True) if changes and place}


def _weights(
    inputs: RoundInputs, reckoned: Sequence[Reckoned], totals: Sequence[Decimal | None], adjusted: bool
) -> tuple[dict[int, Decimal], NamedChange | None]:
    """Chances of a place when the weights are in doubt, by position, and the smallest change that alters the list.

    Of a judged criterion count its own points, moved so that at the official weights the totals are those that rank.
    """
    ranked = [k for k, total in enumerate(totals) if total is not None]
    if not ranked or len(inputs.criteria) < 2:
        return {}, None
    weights = np.array([c.weight_bp / 10_000 for c in inputs.criteria])
    judged = np.array([c.judged for c in inputs.criteria])
    parts = [[reckoned[k].parts[c.code].points for c in inputs.criteria] for k in ranked]
    points = np.array([[np.nan if p is None else float(p) for p in row] for row in parts])
    bonus = np.array([float(reckoned[k].bonus) for k in ranked])
    away = np.array([float(totals[k]) for k in ranked]) - bonus - plain_totals(points, weights)
    share = (~np.isnan(points) * judged) @ weights / (~np.isnan(points) @ weights)
    points += np.where(judged, (away / np.where(share > 0, share, 1.0))[:, None], 0.0)
    chances = seat_chances(points, weights, bonus, inputs.seats, np.random.default_rng(_seed(inputs, "weights")))
    found = smallest_change(points, weights, bonus, inputs.seats)
    change = found and NamedChange(
        criterion=inputs.criteria[found.criterion].code,
        weight_bp=inputs.criteria[found.criterion].weight_bp,
        to_bp=round(found.to * 10_000),
        comes_in=reckoned[ranked[found.comes_in]].candidate,
        goes_out=reckoned[ranked[found.goes_out]].candidate,
    )
    return {k: _decimal(p) for k, p in zip(ranked, chances, strict=True)}, change


def _proposal(inputs: RoundInputs, reckoned: Sequence[Reckoned], totals: Sequence[Decimal | None]) -> Proposal | None:
    """Who would be chosen under the quotas; None without any."""
    if not inputs.quotas:
        return None
    known = {r.candidate: total for r, total in zip(reckoned, totals, strict=True) if total is not None}
    return propose(known, inputs.groups, sorted_quotas(inputs.quotas), inputs.seats) if known else None


def _quota_json(found: Proposal) -> dict:
    return {
        "chosen": list(found.chosen),
        "comes_in": {code: list(rules) for code, rules in found.comes_in.items()},
        "goes_out": {code: list(rules) for code, rules in found.goes_out.items()},
        "price": _text(found.price),
        "unmet": list(found.unmet),
    }


def _seed(inputs: RoundInputs, what: str) -> int:
    return int(sha256(f"{inputs.sha256}:{inputs.seed}:{what}".encode()).hexdigest(), 16)


def _flags(
    inputs: RoundInputs,
    reckoned: Sequence[Reckoned],
    ranks: Sequence[int | None],
    doubt: _Doubt,
    judged: JudgedScores | None,
) -> list[tuple[RankingFlag, ...]]:
    tied, one_judge, inflated = tied_on_cut_line(ranks, inputs.seats), doubt.one_judge(), set()
    if judged:
        inflated = {judged.candidates[c] for c in judged.marks.candidate[judged.inflated]}
    needs_sheets, advice = any(c.judged for c in inputs.criteria), _advice(inputs)
    found = []
    for k, r in enumerate(reckoned):
        p = doubt.of(k, ranks[k])[3]
        raised = {
            RankingFlag.TIE_ON_CUT_LINE: tied[k],
            RankingFlag.GREY_ZONE: p is not None and GREY[0] < p < GREY[1],
            RankingFlag.ONE_JUDGE_DECIDES: k in one_judge,
            RankingFlag.INFLATED_REVIEW: r.candidate in inflated,
            RankingFlag.UNLINKED_JUDGES: judged is not None and not judged.linked,
            RankingFlag.TOO_FEW_REVIEWS: needs_sheets and len(r.sheets) < 2,
            RankingFlag.MISSING_FIGURE: any(not c.judged and r.parts[c.code].points is None for c in inputs.criteria),
            RankingFlag.TOO_LITTLE_KNOWN: r.raw_total is None and (r.judged_mean is not None or not needs_sheets),
            RankingFlag.VETO: bool(r.vetoes),
            RankingFlag.AGAINST_ADVICE: ranks[k] is not None
            and _is_against(ranks[k] <= inputs.seats, advice.get(r.candidate, ())),
        }
        found.append(tuple(flag for flag, is_raised in raised.items() if is_raised))
    return found


def _advice(inputs: RoundInputs) -> dict[str, list[str]]:
    """What the sheets of each candidate recommend, where they do."""
    said: dict[str, list[str]] = {}
    for sheet in inputs.sheets:
        if sheet.recommendation:
            said.setdefault(sheet.candidate, []).append(sheet.recommendation)
    return said


def _is_against(is_inside: bool, said: Sequence[str]) -> bool:
    """Within the line though most would not support her now, or below it though all who read her would, as she is."""
    if is_inside:
        return 2 * said.count(Recommendation.NOT_NOW) > len(said)
    return len(said) > 1 and said.count(Recommendation.SUPPORT) == len(said)


def _judges(inputs: RoundInputs, judged: JudgedScores | None) -> tuple[JudgeFigures, ...]:
    names = sorted({sheet.evaluator for sheet in inputs.sheets})
    if judged is None:
        return tuple(JudgeFigures(name, 0, None, None, ()) for name in names)
    marks, seat = judged.marks, {name: at for at, name in enumerate(judged.judges)}
    read, inflated = np.bincount(marks.judge, minlength=len(seat)), judged.inflated
    found = []
    for name in names:
        at = seat.get(name)
        known = at is not None and judged.linked
        hers = [judged.candidates[c] for c in marks.candidate[inflated & (marks.judge == at)]] if at is not None else []
        found.append(
            JudgeFigures(
                evaluator=name,
                sheets=0 if at is None else int(read[at]),
                offset=_decimal(judged.plain.offsets[at]) if known else None,
                offset_se=_decimal(judged.plain.offset_se[at]) if known and judged.is_uncertain else None,
                inflated=tuple(sorted(hers)),
            )
        )
    return tuple(found)


def _agreement(judged: JudgedScores | None) -> Agreement:
    if judged is None:
        return Agreement(None, None, None, None)
    found = asdict(agreement(judged.marks, judged.plain))
    return Agreement(**{name: None if value is None else round(value, 6) + 0.0 for name, value in found.items()})


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else round_half_up(Decimal(repr(round(float(value), 6) + 0.0)))


def _plain(row: RankedCandidate) -> dict:
    """A row as text: what is hashed, and what an export holds."""
    figures = asdict(row.figures)
    return {
        **_texts(figures),
        "sheets": [[evaluator, _text(score)] for evaluator, score in row.figures.sheets],
        "parts": {code: [part.value, _text(part.points)] for code, part in row.figures.parts.items()},
        "vetoes": list(row.figures.vetoes),
        **_texts(
            {name: getattr(row, name) for name in ("total", "rank", "se", "low", "high", "p_seat", "weight_seat")}
        ),
        "flags": [flag.value for flag in row.flags],
    }


def _texts(values: Mapping) -> dict:
    return {
        name: _text(value) if isinstance(value, Decimal) else list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def hundredths(value: Decimal | None) -> int | None:
    """A score as it is stored: whole hundredths, half up."""
    return None if value is None else int(round_half_up(value * 100, 0))


def basis_points(share: Decimal | None) -> int | None:
    return None if share is None else int(round_half_up(share * 10_000, 0))


@dataclass(frozen=True)
class RankingLine:
    """A candidate's line of a ranking as pages and workbooks show it; scores in hundredths, shares in basis points."""

    application_id: int
    code: str
    name: str
    village: str | None
    rank: int | None
    rank_low: int | None
    rank_high: int | None
    reviews: int
    total: int | None
    raw_total: int | None
    adjusted_total: int | None
    mean: int | None
    spread: int | None
    adjusted: int | None
    huber: int | None
    se: int | None
    p_seat: int | None
    weight_seat: int | None
    bonus: int
    parts: Mapping[str, Mapping[str, object]]
    vetoes: tuple[str, ...]
    flags: tuple[RankingFlag, ...]


def last_inside(lines: Sequence[RankingLine], seats: int) -> int | None:
    """The position in `lines`, best first, after which the seat line is drawn; None where nobody is left below it.

    Whoever shares the rank of the last seat stands above the line: a tie on it is shown as a tie.
    """
    inside = sum(line.rank is not None and line.rank <= seats for line in lines)
    return inside - 1 if 0 < inside < len(lines) else None
