"""A round reckoned: the evaluators' sheets and the candidates' figures in; points, totals, ranks, doubts and flags out."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

import numpy as np

from trainer.domain.agreement import Agreement, agreement
from trainer.domain.judged_scores import JudgedScores
from trainer.domain.quota import Proposal, propose
from trainer.domain.ranking import competition_ranks, tied_on_cut_line
from trainer.domain.round_doubt import Doubt, NamedChange, doubt_weights
from trainer.domain.round_inputs import RoundInputs, sorted_quotas
from trainer.domain.round_reckoning import Reckoned, fit_sheets, may_drop_extremes, reckon, score_sheets, to_decimal
from trainer.domain.rubric import round_half_up
from trainer.domain.selection import Aggregate, RankingFlag, Recommendation
from trainer.domain.severity_ranking import GREY, sha256_of


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
    judged = fit_sheets(inputs)
    reckoned = reckon(inputs, judged)
    adjusted = judged is not None and judged.adjusted
    totals = [r.adjusted_total if adjusted else r.raw_total for r in reckoned]
    ranks = competition_ranks(totals)
    doubt = Doubt(inputs, reckoned, totals, judged)
    flags = _flags(inputs, reckoned, ranks, doubt, judged)
    chances, change = doubt_weights(inputs, reckoned, totals, adjusted)
    rows = [
        RankedCandidate(figures, totals[k], ranks[k], *doubt.of(k, ranks[k]), chances.get(k), flags[k])
        for k, figures in enumerate(reckoned)
    ]
    rows.sort(key=lambda row: (row.rank is None, row.rank or 0, row.figures.candidate))
    return RoundRanking(
        rows=tuple(rows),
        judges=_judges(inputs, judged),
        components=judged.plain.graph.components if judged else 0,
        lambda2=to_decimal(judged.plain.graph.lambda2) if judged else None,
        agreement=_agreement(judged),
        adjusted=adjusted,
        extremes_kept=inputs.aggregate is Aggregate.DROP_EXTREMES and not may_drop_extremes(score_sheets(inputs)),
        weight_change=change,
        quota=_proposal(inputs, reckoned, totals),
        input_sha256=inputs.sha256,
    )


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


def _flags(
    inputs: RoundInputs,
    reckoned: Sequence[Reckoned],
    ranks: Sequence[int | None],
    doubt: Doubt,
    judged: JudgedScores | None,
) -> list[tuple[RankingFlag, ...]]:
    tied, inflated = tied_on_cut_line(ranks, inputs.seats), set()
    if judged:
        inflated = {judged.candidates[c] for c in judged.marks.candidate[judged.inflated]}
    needs_sheets, advice = any(c.judged for c in inputs.criteria), _advice(inputs)
    found = []
    for k, r in enumerate(reckoned):
        p = doubt.of(k, ranks[k])[3]
        raised = {
            RankingFlag.TIE_ON_CUT_LINE: tied[k],
            RankingFlag.GREY_ZONE: p is not None and GREY[0] < p < GREY[1],
            RankingFlag.ONE_JUDGE_DECIDES: k in doubt.decided_by_one,
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
                offset=to_decimal(judged.plain.offsets[at]) if known else None,
                offset_se=to_decimal(judged.plain.offset_se[at]) if known and judged.is_uncertain else None,
                inflated=tuple(sorted(hers)),
            )
        )
    return tuple(found)


def _agreement(judged: JudgedScores | None) -> Agreement:
    if judged is None:
        return Agreement(None, None, None, None)
    found = asdict(agreement(judged.marks, judged.plain))
    return Agreement(**{name: None if value is None else round(value, 6) + 0.0 for name, value in found.items()})


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
