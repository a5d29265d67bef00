"""Ranking by what is left when every judge's severity is taken out: score rows and a rubric in, figures, ranks, flags out."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from importlib.metadata import version

import numpy as np

from trainer.domain.agreement import Agreement, agreement
from trainer.domain.judged_scores import JudgedScores, judge_scores
from trainer.domain.ranking import (
    RankUncertainty,
    RawFigures,
    certainty_of_ties,
    competition_ranks,
    raw_figures,
    tied_on_cut_line,
    uncertainty_of_draws,
)
from trainer.domain.rubric import RankRubric, ScoreRow, collect_sheets, plain_number

GREY = (0.1, 0.9)


@dataclass(frozen=True)
class RankedRow:
    """Scores 0–100 rounded to 1e-6; None where the sheets cannot tell. `rank_lo`…`rank_hi` is the 90 % interval."""

    candidate: str
    n: int
    raw: float | None
    adjusted: float | None
    huber: float | None
    se: float | None
    rank: int | None
    rank_lo: int | None
    rank_hi: int | None
    p_seat: float | None
    flags: tuple[str, ...]


@dataclass(frozen=True)
class JudgeRow:
    """`offset`: how many points too high this judge marks; None without a counted sheet or between unlinked judges."""

    judge: str
    n: int
    offset: float | None
    offset_se: float | None


@dataclass(frozen=True)
class RankResult:
    components: int
    lambda2: float | None
    agreement: Agreement
    rows: tuple[RankedRow, ...]
    judges: tuple[JudgeRow, ...]
    input_sha256: str


def rank_scores(scores: Sequence[ScoreRow], rubric: RankRubric) -> RankResult:
    """Rank by the adjusted score, or by the raw mean where the judges form more than one linked group.

    Incomplete sheets do not count; a candidate or judge without a counted sheet stays listed, without figures. Where
    noise and severity cannot be told apart (one review each, one judge only) adjusted = raw, there is no interval, and
    everybody is flagged `too_few_reviews`; else that is who has fewer than two. Raises BadSelectionInput for an unknown
    criterion, a level outside the scale, a second level for the same candidate, judge and criterion.
    """
    sheets = collect_sheets(scores, rubric)
    input_sha256 = sha256_of(_canonical_input(scores, rubric))
    figures = raw_figures(_by_candidate(sheets))
    counted = judge_scores(sheets, {f.candidate: f.mean for f in figures if f.mean is not None})
    if counted is None:
        rows = tuple(_unread_row(figure, linked=True) for figure in figures)
        return RankResult(0, None, Agreement(None, None, None, None), rows, _judge_rows(sheets, None), input_sha256)
    doubt = _uncertainty(counted, rubric.seats, _seed(input_sha256, rubric.seed))
    return RankResult(
        components=counted.plain.graph.components,
        lambda2=_rounded(counted.plain.graph.lambda2),
        agreement=_rounded_agreement(agreement(counted.marks, counted.plain)),
        rows=_rows(figures, counted, doubt, rubric.seats),
        judges=_judge_rows(sheets, counted),
        input_sha256=input_sha256,
    )


def rank_answer(result: RankResult) -> dict:
    """The machine-readable answer. `output_sha256` is over the result alone (not the input's hash, not the versions):

    JSON with sorted keys, no blanks, UTF-8, numbers rounded to 1e-6.
    """
    content = {
        "components": result.components,
        "lambda2": result.lambda2,
        "agreement": asdict(result.agreement),
        "rows": [{**asdict(row), "flags": list(row.flags)} for row in result.rows],
        "judges": [asdict(judge) for judge in result.judges],
    }
    return {
        **content,
        "input_sha256": result.input_sha256,
        "output_sha256": sha256_of(content),
        "versions": {"numpy": np.__version__, "scipy": version("scipy")},
    }


def _by_candidate(sheets: Mapping[tuple[str, str], Decimal | None]) -> dict[str, list[Decimal | None]]:
    scores: dict[str, list[Decimal | None]] = {}
    for (candidate, _), score in sheets.items():
        scores.setdefault(candidate, []).append(score)
    return scores


def _uncertainty(counted: JudgedScores, seats: int, seed: int) -> RankUncertainty | None:
    if not counted.is_uncertain:
        return None
    if counted.plain.noise_var == 0:
        return certainty_of_ties(counted.scores, seats)
    return uncertainty_of_draws(counted.draws(np.random.default_rng(seed)), seats)


def decided_by_one_judge(scores: np.ndarray, refits: Iterable[np.ndarray], judges: int, seats: int) -> np.ndarray:
    """Candidates who would be on the other side of the line were one judge not there. With a single judge, everybody."""
    inside = _within(scores, seats)
    if judges == 1:
        return np.ones_like(inside)
    moved = np.zeros_like(inside)
    for others in refits:
        moved |= _within(others, seats) != inside
    return moved


def _within(scores: np.ndarray, seats: int) -> np.ndarray:
    return np.array(competition_ranks(scores.tolist())) <= seats


def _rows(
    figures: Sequence[RawFigures], counted: JudgedScores, doubt: RankUncertainty | None, seats: int
) -> tuple[RankedRow, ...]:
    linked = counted.linked
    ranks = competition_ranks(counted.scores.tolist())
    flags = _flags(counted, ranks, doubt, seats)
    robust, se = counted.huber, counted.se
    place = {candidate: k for k, candidate in enumerate(counted.candidates)}
    rows = []
    for figure in figures:
        k = place.get(figure.candidate)
        if k is None:
            rows.append(_unread_row(figure, linked))
            continue
        rows.append(
            RankedRow(
                candidate=figure.candidate,
                n=figure.n,
                raw=float(figure.mean),
                adjusted=_rounded(counted.scores[k]) if linked else None,
                huber=_rounded(robust[k]) if robust is not None else None,
                se=_rounded(se[k]) if doubt else None,
                rank=ranks[k],
                # The printed rank always lies in its printed interval, even where a crowd of near-equals pushes it out.
                rank_lo=min(int(doubt.low[k]), ranks[k]) if doubt else None,
                rank_hi=max(int(doubt.high[k]), ranks[k]) if doubt else None,
                p_seat=_rounded(doubt.p_seat[k]) if doubt else None,
                flags=flags[k],
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.candidate)))


def _unread_row(figure: RawFigures, linked: bool) -> RankedRow:
    flags = ("too_few_reviews",) if linked else ("too_few_reviews", "unlinked_judges")
    return RankedRow(figure.candidate, 0, None, None, None, None, None, None, None, None, flags)


def _flags(
    counted: JudgedScores, ranks: Sequence[int], doubt: RankUncertainty | None, seats: int
) -> list[tuple[str, ...]]:
    """Sorted codes for each candidate."""
    n = len(counted.candidates)
    inflated = np.zeros(n, dtype=bool)
    inflated[counted.marks.candidate[counted.inflated]] = True
    raised = {
        "grey_zone": (GREY[0] < doubt.p_seat) & (doubt.p_seat < GREY[1]) if doubt else np.zeros(n, dtype=bool),
        "inflated_review": inflated,
        "one_judge_decides": decided_by_one_judge(
            counted.scores, counted.without_each_judge(), len(counted.judges), seats
        ),
        "tie_on_cut_line": tied_on_cut_line(ranks, seats),
        "too_few_reviews": counted.plain.reviews < (2 if doubt else np.inf),
        "unlinked_judges": np.full(n, not counted.linked),
    }
    return [tuple(code for code, who in raised.items() if who[k]) for k in range(n)]


def _judge_rows(sheets: Mapping[tuple[str, str], Decimal | None], counted: JudgedScores | None) -> tuple[JudgeRow, ...]:
    names = sorted({judge for _, judge in sheets})
    if counted is None:
        return tuple(JudgeRow(name, 0, None, None) for name in names)
    plain, seat = counted.plain, {judge: k for k, judge in enumerate(counted.judges)}
    read = np.bincount(counted.marks.judge, minlength=len(counted.judges))
    rows = []
    for name in names:
        k = seat.get(name)
        known = k is not None and counted.linked
        rows.append(
            JudgeRow(
                judge=name,
                n=0 if k is None else int(read[k]),
                offset=_rounded(plain.offsets[k]) if known else None,
                offset_se=_rounded(plain.offset_se[k]) if known and plain.noise_var is not None else None,
            )
        )
    return tuple(rows)


def _canonical_input(scores: Sequence[ScoreRow], rubric: RankRubric) -> dict:
    """The same whatever the order of rows or criteria, and however a number was spelt."""
    return {
        "criteria": sorted(
            [c.code, plain_number(c.weight), plain_number(c.minimum), plain_number(c.maximum)] for c in rubric.criteria
        ),
        "seats": rubric.seats,
        "seed": rubric.seed,
        "scores": sorted(
            [row.candidate, row.judge, row.criterion, "" if row.level is None else plain_number(row.level)]
            for row in scores
        ),
    }


def sha256_of(content: object) -> str:
    """Of JSON with sorted keys, no blanks, UTF-8."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _seed(input_sha256: str, rubric_seed: int) -> int:
    return int(hashlib.sha256(f"{input_sha256}:{rubric_seed}".encode()).hexdigest(), 16)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 6) + 0.0


def _rounded_agreement(found: Agreement) -> Agreement:
    return Agreement(**{name: _rounded(value) for name, value in asdict(found).items()})
