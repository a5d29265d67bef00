"""One ranking run: score rows and a rubric in, every candidate's figures, rank and flags out, the same in any row order."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

import numpy as np
import scipy

from trainer.domain.agreement import Agreement, agreement, krippendorff_alpha
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
from trainer.domain.severity import Fit, Marks, fit, huber, redraw, studentised

DRAWS = 2000
INFLATED = 2.5  # studentised residual above which a third reader should look (finds about ¾ of planted favours)
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
    """`offset`: how many points above the others this judge marks; None without a counted sheet or between unlinked judges."""

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


@dataclass(frozen=True)
class _Counted:
    """The counted sheets as arrays, with the names behind the positions; `ranked_by` is rounded, one a candidate."""

    candidates: list[str]
    judges: list[str]
    marks: Marks
    plain: Fit
    linked: bool
    ranked_by: np.ndarray


def rank_scores(scores: Sequence[ScoreRow], rubric: RankRubric) -> RankResult:
    """Rank by the adjusted score, or by the raw mean where the judges form more than one linked group.

    Incomplete sheets do not count; a candidate or judge without a counted sheet stays listed, without figures. Where noise
    and severity cannot be told apart (one review each, one judge only) adjusted = raw, there is no interval, and everybody
    is flagged `too_few_reviews`. Raises BadSelectionInput for an unknown criterion, a level outside the scale, a duplicate.
    """
    sheets = collect_sheets(scores, rubric)
    input_sha256 = _sha256(_canonical_input(scores, rubric))
    figures = raw_figures(_by_candidate(sheets))
    counted = _count(sheets)
    if counted is None:
        rows = tuple(_unread_row(figure) for figure in figures)
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
        "output_sha256": _sha256(content),
        "versions": {"numpy": np.__version__, "scipy": scipy.__version__},
    }


def _by_candidate(sheets: Mapping[tuple[str, str], Decimal | None]) -> dict[str, list[Decimal | None]]:
    scores: dict[str, list[Decimal | None]] = {}
    for (candidate, _), score in sheets.items():
        scores.setdefault(candidate, []).append(score)
    return scores


def _count(sheets: Mapping[tuple[str, str], Decimal | None]) -> _Counted | None:
    complete = {pair: score for pair, score in sheets.items() if score is not None}
    if not complete:
        return None
    candidates = sorted({candidate for candidate, _ in complete})
    judges = sorted({judge for _, judge in complete})
    place, seat = {c: k for k, c in enumerate(candidates)}, {j: k for k, j in enumerate(judges)}
    marks = Marks(
        np.array([place[candidate] for candidate, _ in complete]),
        np.array([seat[judge] for _, judge in complete]),
        np.array([float(score) for score in complete.values()]),
    )
    plain = fit(marks)
    linked = plain.graph.components == 1
    return _Counted(candidates, judges, marks, plain, linked, np.round(_ranked_by(plain, linked), 6))


def _ranked_by(plain: Fit, linked: bool) -> np.ndarray:
    return plain.theta if linked else plain.graph.means


def _doubt_about_judges(counted: _Counted) -> np.ndarray:
    """Around adjusted scores what the fit leaves open; around raw means the judges' whole severity."""
    if counted.linked:
        return counted.plain.root
    return np.sqrt(counted.plain.severity_var or 0.0) * np.eye(len(counted.judges))


def _uncertainty(counted: _Counted, seats: int, seed: int) -> RankUncertainty | None:
    plain = counted.plain
    if plain.noise_var is None:
        return None
    if plain.noise_var == 0:
        return certainty_of_ties(counted.ranked_by, seats)
    centre = _ranked_by(plain, counted.linked)
    draws = redraw(centre, _doubt_about_judges(counted), plain, DRAWS, np.random.default_rng(seed))
    return uncertainty_of_draws(draws, seats)


def _decided_by_one_judge(counted: _Counted, seats: int) -> np.ndarray:
    """Candidates who would be on the other side of the line were one judge not there (refit without each in turn).

    Who would be left without any reader keeps her score in that refit. With a single judge, everybody.
    """
    marks, inside = counted.marks, _within(counted.ranked_by, seats)
    if len(counted.judges) == 1:
        return np.ones_like(inside)
    moved = np.zeros_like(inside)
    for judge in range(len(counted.judges)):
        kept = marks.judge != judge
        left, candidate = np.unique(marks.candidate[kept], return_inverse=True)
        others = np.unique(marks.judge[kept], return_inverse=True)[1]
        scores = counted.ranked_by.copy()
        scores[left] = np.round(_ranked_by(fit(Marks(candidate, others, marks.score[kept])), counted.linked), 6)
        moved |= _within(scores, seats) != inside
    return moved


def _within(scores: np.ndarray, seats: int) -> np.ndarray:
    return np.array(competition_ranks(scores.tolist())) <= seats


def _rows(
    figures: Sequence[RawFigures], counted: _Counted, doubt: RankUncertainty | None, seats: int
) -> tuple[RankedRow, ...]:
    plain, linked = counted.plain, counted.linked
    ranks = competition_ranks(counted.ranked_by.tolist())
    flags = _flags(counted, ranks, doubt, seats)
    robust = huber(counted.marks, plain)[0] if linked and plain.noise_var is not None else None
    se = np.sqrt(plain.theta_var(_doubt_about_judges(counted)))
    place = {candidate: k for k, candidate in enumerate(counted.candidates)}
    rows = []
    for figure in figures:
        k = place.get(figure.candidate)
        if k is None:
            rows.append(_unread_row(figure, () if linked else ("unlinked_judges",)))
            continue
        rows.append(
            RankedRow(
                candidate=figure.candidate,
                n=figure.n,
                raw=float(figure.mean),
                adjusted=_rounded(plain.theta[k]) if linked else None,
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
