"""Rules laid over the figures of the moment: what the computed part brings each candidate, before anybody has judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from trainer.domain.ranking import competition_ranks
from trainer.domain.round_inputs import Figure, RoundCriterion, exact
from trainer.domain.rubric import BadSelectionInput
from trainer.domain.scoring_kinds import TableRow, rounded
from trainer.domain.scoring_rules import award_points
from trainer.domain.selection_files import read_bonus, read_veto


@dataclass(frozen=True)
class PreviewPart:
    """What one criterion brings; None where the figure is missing. `figures`: what was looked at, by name."""

    points: Decimal | None
    figures: Mapping[str, Figure]


@dataclass(frozen=True)
class PreviewRow:
    """`subtotal` and `rank` are of the computed criteria alone, with bonus; None where a figure is missing."""

    candidate: str
    parts: Mapping[str, PreviewPart]
    bonus: Decimal
    flags: tuple[str, ...]
    missing: tuple[str, ...]
    subtotal: Decimal | None
    rank: int | None


def preview_rules(
    criteria: Sequence[RoundCriterion],
    bonus: Sequence[Mapping],
    veto: Sequence[Mapping],
    figures: Mapping[str, Mapping[str, Figure]],
) -> list[PreviewRow]:
    """Best first, who lacks a figure last, each in the order of the codes.

    Raises BadSelectionInput where the rules cannot be laid over these figures: a word where a number is needed, a mark
    outside its scale, a missing mark where the extremes are dropped.
    """
    try:
        return _laid_over(criteria, bonus, veto, figures)
    except BadSelectionInput as refused:
        if "row" not in refused.values:
            raise
        # There are no rows here: the candidate says where it stands.
        values = {name: value for name, value in refused.values.items() if name != "row"}
        raise BadSelectionInput(f"figure_{refused.code}", **values) from refused


def _laid_over(
    criteria: Sequence[RoundCriterion],
    bonus: Sequence[Mapping],
    veto: Sequence[Mapping],
    figures: Mapping[str, Mapping[str, Figure]],
) -> list[PreviewRow]:
    codes = sorted(figures)
    table = [TableRow(code, {name: f.value for name, f in figures[code].items()}) for code in codes]
    rules = {c.code: c.scoring() for c in criteria if not c.judged}
    awards = {code: award_points(rule, table) for code, rule in rules.items()}
    bonuses = [read_bonus(exact(item), f"bonus[{at}]") for at, item in enumerate(bonus, start=1)]
    vetoes = [read_veto(exact(item), f"veto[{at}]") for at, item in enumerate(veto, start=1)]
    more = [sum((Fraction(b.points) for b in bonuses if b.earned(row)), Fraction(0)) for row in table]
    totals: list[Decimal | None] = []
    for k, extra in enumerate(more):
        points = [award[k] for award in awards.values()]
        totals.append(rounded(sum(points, extra)) if points and None not in points else None)
    ranks = competition_ranks(totals)
    rows = [
        PreviewRow(
            candidate=code,
            parts={
                name: PreviewPart(
                    None if awards[name][k] is None else rounded(awards[name][k]),
                    {field: figures[code][field] for field in rule.needs if field in figures[code]},
                )
                for name, rule in rules.items()
            },
            bonus=rounded(more[k]),
            flags=tuple(v.flag for v in vetoes if v.raised(table[k])),
            missing=tuple(
                dict.fromkeys(field for rule in rules.values() for field in rule.needs if field not in figures[code])
            ),
            subtotal=totals[k],
            rank=ranks[k],
        )
        for k, code in enumerate(codes)
    ]
    return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0))
