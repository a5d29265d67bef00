"""A closed round reckoned: the evaluators' sheets and the women's records in, points, totals, ranks and flags out."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from statistics import mean, stdev

import numpy as np

from trainer.domain.ranking import competition_ranks, middle_share, tied_on_cut_line
from trainer.domain.rubric import Criterion, round_half_up, score_levels
from trainer.domain.selection import CriterionKind, RankingFlag
from trainer.domain.severity import Marks, fit
from trainer.domain.severity_ranking import sha256_of

ENOUGH_KNOWN_BP = 6000


@dataclass(frozen=True)
class RoundCriterion:
    """A line of the rubric; weight in basis points, of 10,000 together. Computed ones have no scale."""

    code: str
    name: str
    kind: CriterionKind
    weight_bp: int
    minimum: int
    maximum: int

    @property
    def judged(self) -> bool:
        return self.kind is CriterionKind.JUDGED

    def points(self, level: int) -> Decimal:
        return Decimal(100 * (level - self.minimum)) / (self.maximum - self.minimum)


@dataclass(frozen=True)
class Sheet:
    """A submitted sheet; the evaluator goes by a number. A level of None is an abstention."""

    candidate: str
    evaluator: int
    levels: Mapping[str, int | None]


@dataclass(frozen=True)
class Evidence:
    """What the records say of one candidate: minutes of closed lessons, and order lines certain enough to count."""

    attended_minutes: int = 0
    counted_minutes: int = 0
    net_fen: int | None = None
    lines_counted: int = 0
    lines: int = 0


@dataclass(frozen=True)
class RoundInputs:
    """All that a ranking is made of; `evidence` names every candidate by her code."""

    criteria: tuple[RoundCriterion, ...]
    seats: int
    sheets: tuple[Sheet, ...]
    evidence: Mapping[str, Evidence]

    def as_json(self) -> dict:
        """The same whatever order the rows came in."""
        return {
            "criteria": [asdict(c) for c in self.criteria],
            "seats": self.seats,
            "sheets": [
                {"candidate": s.candidate, "evaluator": s.evaluator, "levels": dict(sorted(s.levels.items()))}
                for s in sorted(self.sheets, key=lambda s: (s.candidate, s.evaluator))
            ],
            "evidence": {code: asdict(self.evidence[code]) for code in sorted(self.evidence)},
        }

    @classmethod
    def from_json(cls, data: Mapping) -> "RoundInputs":
        return cls(
            criteria=tuple(RoundCriterion(**{**c, "kind": CriterionKind(c["kind"])}) for c in data["criteria"]),
            seats=data["seats"],
            sheets=tuple(Sheet(**s) for s in data["sheets"]),
            evidence={code: Evidence(**e) for code, e in data["evidence"].items()},
        )

    @property
    def sha256(self) -> str:
        content = self.as_json()
        content["criteria"] = sorted(content["criteria"], key=lambda c: c["code"])
        return sha256_of(content)


@dataclass(frozen=True)
class Part:
    """One criterion of one candidate: the record's figure (basis points of attendance, fen of sales) and 0–100 points."""

    value: int | None
    points: Decimal | None


@dataclass(frozen=True)
class Reckoned:
    """One candidate's arithmetic, rounded to 1e-6.

    `total` = Σ weight·points / Σ weight over what is known: the judged criteria together as the mean of the sheets,
    each computed criterion that has data. `known_bp` is that Σ weight. No sheet, or less than 60 % known: no total.
    """

    candidate: str
    sheets: tuple[tuple[int, Decimal], ...]
    judged_mean: Decimal | None
    spread: Decimal | None
    parts: Mapping[str, Part]
    known_bp: int
    total: Decimal | None


@dataclass(frozen=True)
class RankedCandidate:
    """`adjusted`: the mean of her sheets with every evaluator's severity taken out; for information, it ranks nobody."""

    figures: Reckoned
    rank: int | None
    adjusted: Decimal | None
    flags: tuple[RankingFlag, ...]


@dataclass(frozen=True)
class RoundRanking:
    rows: tuple[RankedCandidate, ...]
    input_sha256: str
    output_sha256: str


def rank_round(inputs: RoundInputs) -> RoundRanking:
    """Best first; equal totals share a rank ("1 2 2 4"); whoever has no total comes last, without a rank."""
    reckoned = reckon(inputs)
    ranks = competition_ranks([figures.total for figures in reckoned])
    tied = tied_on_cut_line(ranks, inputs.seats)
    adjusted = _adjusted_means(reckoned)
    rows = [
        RankedCandidate(figures, ranks[k], adjusted.get(figures.candidate), _flags(figures, inputs, tied[k]))
        for k, figures in enumerate(reckoned)
    ]
    rows.sort(key=lambda row: (row.rank is None, row.rank or 0, row.figures.candidate))
    return RoundRanking(tuple(rows), inputs.sha256, sha256_of([_plain(row) for row in rows]))


def reckon(inputs: RoundInputs) -> list[Reckoned]:
    """Every candidate's arithmetic, by code."""
    sheets: dict[str, list[Sheet]] = {code: [] for code in inputs.evidence}
    for sheet in sorted(inputs.sheets, key=lambda s: s.evaluator):
        sheets[sheet.candidate].append(sheet)
    known_sales = sorted(e.net_fen for e in inputs.evidence.values() if e.net_fen is not None)
    return [_reckon_one(code, sheets[code], inputs, known_sales) for code in sorted(inputs.evidence)]


def sheet_score(criteria: Sequence[RoundCriterion], levels: Mapping[str, int | None]) -> Decimal | None:
    """What one sheet is worth, 0–100, over the judged criteria; None where less than 60 % of their weight is answered."""
    judged = [
        Criterion(c.code, Decimal(c.weight_bp), Decimal(c.minimum), Decimal(c.maximum)) for c in criteria if c.judged
    ]
    score = score_levels(judged, levels)
    return None if score is None else round_half_up(score)


def _reckon_one(code: str, sheets: Sequence[Sheet], inputs: RoundInputs, known_sales: Sequence[int]) -> Reckoned:
    scored = [(sheet, sheet_score(inputs.criteria, sheet.levels)) for sheet in sheets]
    counted = [(sheet, score) for sheet, score in scored if score is not None]
    scores = [score for _, score in counted]
    average = round_half_up(mean(scores)) if scores else None
    parts = {
        c.code: _judged_part(c, [sheet for sheet, _ in counted])
        if c.judged
        else _computed_part(c.kind, inputs.evidence[code], known_sales)
        for c in inputs.criteria
    }
    known_bp, total = _total(inputs.criteria, parts, average)
    return Reckoned(
        candidate=code,
        sheets=tuple((sheet.evaluator, score) for sheet, score in counted),
        judged_mean=average,
        spread=round_half_up(stdev(scores)) if len(scores) > 1 else None,
        parts=parts,
        known_bp=known_bp,
        total=total,
    )


def _judged_part(criterion: RoundCriterion, sheets: Sequence[Sheet]) -> Part:
    given = [criterion.points(level) for s in sheets if (level := s.levels.get(criterion.code)) is not None]
    return Part(None, round_half_up(mean(given)) if given else None)


def _computed_part(kind: CriterionKind, evidence: Evidence, known_sales: Sequence[int]) -> Part:
    if kind is CriterionKind.ATTENDANCE_RATE:
        if not evidence.counted_minutes:
            return Part(None, None)
        share = Decimal(evidence.attended_minutes) / evidence.counted_minutes
        return Part(int(round_half_up(share * 10_000, 0)), round_half_up(share * 100))
    if evidence.net_fen is None:
        return Part(None, None)
    share = middle_share(evidence.net_fen, known_sales)
    return Part(evidence.net_fen, round_half_up(Decimal(100 * share.numerator) / share.denominator))


def _total(
    criteria: Sequence[RoundCriterion], parts: Mapping[str, Part], judged_mean: Decimal | None
) -> tuple[int, Decimal | None]:
    known, worth = 0, Decimal(0)
    for criterion in criteria:
        points = judged_mean if criterion.judged else parts[criterion.code].points
        if points is not None:
            known += criterion.weight_bp
            worth += criterion.weight_bp * points
    if judged_mean is None or known < ENOUGH_KNOWN_BP:
        return known, None
    return known, round_half_up(worth / known)


def _adjusted_means(reckoned: Sequence[Reckoned]) -> dict[str, Decimal]:
    """θ̂ of the severity model over whole sheets; empty where the evaluators are not linked, for then it means nothing."""
    rows = [(r.candidate, evaluator, float(score)) for r in reckoned for evaluator, score in r.sheets]
    if not rows:
        return {}
    candidates, candidate = np.unique([row[0] for row in rows], return_inverse=True)
    judge = np.unique([row[1] for row in rows], return_inverse=True)[1]
    found = fit(Marks(candidate, judge, np.array([row[2] for row in rows])))
    if found.graph.components > 1:
        return {}
    means = np.round(found.theta, 6).tolist()
    return {str(name): round_half_up(Decimal(repr(value))) for name, value in zip(candidates, means, strict=True)}


def _flags(figures: Reckoned, inputs: RoundInputs, tied: bool) -> tuple[RankingFlag, ...]:
    missing = {c.kind for c in inputs.criteria if not c.judged and figures.parts[c.code].points is None}
    raised = {
        RankingFlag.TIE_ON_CUT_LINE: tied,
        RankingFlag.TOO_FEW_REVIEWS: len(figures.sheets) < 2,
        RankingFlag.NO_ATTENDANCE_DATA: CriterionKind.ATTENDANCE_RATE in missing,
        RankingFlag.NO_SALES_DATA: CriterionKind.NET_SALES in missing,
        RankingFlag.TOO_LITTLE_KNOWN: figures.judged_mean is not None and figures.total is None,
    }
    return tuple(flag for flag, is_raised in raised.items() if is_raised)


def _plain(row: RankedCandidate) -> list:
    f = row.figures
    parts = {code: [part.value, _text(part.points)] for code, part in f.parts.items()}
    figures = [_text(value) for value in (f.total, f.judged_mean, f.spread, row.adjusted)]
    return [f.candidate, row.rank, len(f.sheets), *figures, parts, [flag.value for flag in row.flags]]


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def hundredths(value: Decimal | None) -> int | None:
    """A score as it is stored: whole hundredths, half up."""
    return None if value is None else int(round_half_up(value * 100, 0))


@dataclass(frozen=True)
class RankingLine:
    """A candidate's line of a frozen ranking as pages and workbooks show it; scores in hundredths."""

    application_id: int
    code: str
    name: str
    village: str | None
    rank: int | None
    reviews: int
    total: int | None
    mean: int | None
    spread: int | None
    adjusted: int | None
    parts: Mapping[str, Mapping[str, int | None]]
    flags: tuple[RankingFlag, ...]


def last_inside(lines: Sequence[RankingLine], seats: int) -> int | None:
    """The position in `lines`, best first, after which the seat line is drawn; None where nobody is left below it.

    Whoever shares the rank of the last seat stands above the line: a tie on it is shown as a tie.
    """
    inside = sum(line.rank is not None and line.rank <= seats for line in lines)
    return inside - 1 if 0 < inside < len(lines) else None
