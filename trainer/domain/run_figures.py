"""A run's figures as they are kept (RoundRanking.as_json), read again: what each sheet and each evaluator did to the ranks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import mean

import numpy as np

from trainer.domain.agreement import Agreement
from trainer.domain.judged_scores import JudgedScores, judge_scores
from trainer.domain.ranking import competition_ranks
from trainer.domain.round_ranking import JudgeFigures
from trainer.domain.round_reckoning import Part, Reckoned
from trainer.domain.rubric import round_half_up
from trainer.domain.severity import huber

# Below one the sheets say less of how two groups of evaluators differ than the model takes for granted; from four on
# they say most of it. (λ2 beside λ = σ_e²/σ_v², which lies about one: see `severity`.)
THIN, FIRM = 1, 4


@dataclass(frozen=True)
class RunFigures:
    """What holds for the whole of a run; `weights`, `quota` where there is something to say of them.

    `components` is None for a run of before such figures were kept.
    """

    judges: tuple[JudgeFigures, ...] = ()
    components: int | None = None
    lambda2: Decimal | None = None
    agreement: Agreement = field(default_factory=lambda: Agreement(None, None, None, None))
    adjusted: bool = False
    extremes_kept: bool = False
    weights: Mapping | None = None
    quota: Mapping | None = None

    @property
    def linked(self) -> bool:
        return self.components == 1

    @property
    def link(self) -> str:
        """How well the evaluators are linked, in a word."""
        if not self.linked:
            return "unlinked" if self.components else "none"
        if self.lambda2 is None:
            return "alone"
        return "thin" if self.lambda2 < THIN else "fair" if self.lambda2 < FIRM else "firm"


def read_figures(data: Mapping) -> RunFigures:
    """From the parts of a run's JSON that are not its rows."""
    if data.get("components") is None:
        return RunFigures()
    return RunFigures(
        judges=tuple(_judge(judge) for judge in data["judges"]),
        components=data["components"],
        lambda2=_number(data["lambda2"]),
        agreement=Agreement(**data["agreement"]),
        adjusted=data["adjusted"],
        extremes_kept=data["extremes_kept"],
        weights=data.get("weights"),
        quota=data.get("quota"),
    )


def _judge(data: Mapping) -> JudgeFigures:
    numbers = {name: _number(data[name]) for name in ("offset", "offset_se")}
    return JudgeFigures(**{**data, **numbers, "inflated": tuple(data["inflated"])})


def read_row(row: Mapping) -> Reckoned:
    """One candidate's arithmetic as it was kept."""
    numbers = ("judged_mean", "spread", "adjusted", "huber", "raw_total", "adjusted_total")
    return Reckoned(
        candidate=row["candidate"],
        sheets=tuple((judge, Decimal(score)) for judge, score in row["sheets"]),
        parts={code: Part(value, _number(points)) for code, (value, points) in row["parts"].items()},
        known_bp=row["known_bp"],
        bonus=Decimal(row["bonus"]),
        vetoes=tuple(row["vetoes"]),
        **{name: _number(row[name]) for name in numbers},
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


# What the sheets did.


@dataclass(frozen=True)
class SheetShare:
    """A sheet within a candidate's adjusted score: how many points too high its evaluator marks (None: nothing is known
    of her beside the others), and how much the sheet is worth in the Huber score, 1 unless it is far off."""

    evaluator: int
    score: Decimal
    offset: Decimal | None
    weight: Decimal | None

    @property
    def corrected(self) -> Decimal | None:
        return None if self.offset is None else self.score - self.offset


def fit_again(rows: Sequence[Mapping], *, adjusting: bool) -> JudgedScores | None:
    """The fit of a run's sheets, from the rows of its figures: the same as when it was made."""
    sheets = {(row["candidate"], judge): Decimal(score) for row in rows for judge, score in row["sheets"]}
    raw = {row["candidate"]: round_half_up(mean(Decimal(s) for _, s in row["sheets"])) for row in rows if row["sheets"]}
    return judge_scores(sheets, raw, adjusting=adjusting)


def sheet_shares(
    rows: Sequence[Mapping], judges: Sequence[JudgeFigures], fitted: JudgedScores | None
) -> dict[str, list[SheetShare]]:
    """Candidate → her sheets in the order of the evaluators."""
    offsets, weights = {judge.evaluator: judge.offset for judge in judges}, _huber_weights(fitted)
    return {
        row["candidate"]: [
            SheetShare(judge, Decimal(score), offsets.get(judge), weights.get((row["candidate"], judge)))
            for judge, score in sorted((judge, score) for judge, score in row["sheets"])
        ]
        for row in rows
    }


def _huber_weights(fitted: JudgedScores | None) -> dict[tuple[str, int], Decimal]:
    if fitted is None or fitted.huber is None:
        return {}
    marks, weights = fitted.marks, huber(fitted.marks, fitted.plain)[1]
    pairs = zip(marks.candidate.tolist(), marks.judge.tolist(), weights.tolist(), strict=True)
    return {(fitted.candidates[c], fitted.judges[j]): round_half_up(Decimal(repr(w)), 2) for c, j, w in pairs}


@dataclass(frozen=True)
class Without:
    """Who would come within the line, and who fall out of it, were one evaluator not there."""

    evaluator: int
    comes_in: tuple[str, ...]
    falls_out: tuple[str, ...]


def without_each(rows: Sequence[Mapping], fitted: JudgedScores | None, judged_bp: int, seats: int) -> Iterator[Without]:
    """In the order of the evaluators; `judged_bp`: weight of what they judge, in basis points."""
    ranked = [row for row in rows if row["total"] is not None]
    if fitted is None or not ranked:
        return
    place = {name: at for at, name in enumerate(fitted.candidates)}
    columns = np.array([place[row["candidate"]] for row in ranked])
    share = judged_bp / np.array([row["known_bp"] for row in ranked])
    totals = np.array([float(row["total"]) for row in ranked])
    inside = _inside(ranked, totals, seats)
    for judge, scores in zip(fitted.judges, fitted.without_each_judge(), strict=True):
        others = _inside(ranked, totals + (scores - fitted.scores)[columns] * share, seats)
        yield Without(judge, tuple(sorted(others - inside)), tuple(sorted(inside - others)))


def _inside(ranked: Sequence[Mapping], totals: np.ndarray, seats: int) -> set[str]:
    ranks = competition_ranks(np.round(totals, 6).tolist())
    return {row["candidate"] for row, rank in zip(ranked, ranks, strict=True) if rank <= seats}
