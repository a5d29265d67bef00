"""A contest's rules laid over a table of figures: points, bonus, total, rank, who advances, what to look at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from trainer.domain.ranking import competition_ranks, tied_on_cut_line
from trainer.domain.scoring_kinds import Awards, Criterion, TableRow, rounded


@dataclass(frozen=True)
class Bonus:
    """`points` more where the field equals a word or number, or is at least a number."""

    field: str
    points: Decimal
    equals: str | Decimal | None = None
    at_least: Decimal | None = None

    def earned(self, row: TableRow) -> bool:
        if not row.text(self.field):
            return False
        if self.at_least is not None:
            return row.number(self.field) >= self.at_least
        if isinstance(self.equals, Decimal):
            return row.number(self.field) == self.equals
        return row.text(self.field) == self.equals


@dataclass(frozen=True)
class Veto:
    """Raises `flag` where the field is below or above a number. People decide; nobody is removed."""

    field: str
    flag: str
    below: Decimal | None = None
    above: Decimal | None = None

    def raised(self, row: TableRow) -> bool:
        value = row.number(self.field)
        if value is None:
            return False
        return (self.below is not None and value < self.below) or (self.above is not None and value > self.above)


@dataclass(frozen=True)
class Rules:
    """`key`: the column that names the candidate; `advance`: how many go on, None = nobody is cut."""

    title: str
    key: str
    criteria: tuple[Criterion, ...]
    advance: int | None = None
    bonus: tuple[Bonus, ...] = ()
    veto: tuple[Veto, ...] = ()

    @property
    def needs(self) -> list[str]:
        """Every column the rules read, the key first, each once."""
        columns = [self.key, *(name for criterion in self.criteria for name in criterion.needs)]
        columns += [extra.field for extra in (*self.bonus, *self.veto)]
        return list(dict.fromkeys(columns))


@dataclass(frozen=True)
class ScoredRow:
    candidate: str
    total: Decimal | None
    rank: int | None
    advances: bool | None
    points: Mapping[str, Decimal | None]
    bonus: Decimal
    flags: tuple[str, ...]


@dataclass(frozen=True)
class ScoreResult:
    """`formula`: for every criterion's code its kind and the values its published sentence names."""

    rows: tuple[ScoredRow, ...]
    formula: Mapping[str, tuple[str, Mapping[str, str]]]


def score_table(rules: Rules, table: Sequence[TableRow]) -> ScoreResult:
    """Best first; equals share a rank and keep the table's order.

    A missing figure is never zero: its points are None, the candidate has neither total nor rank and is flagged
    `missing_value` until somebody fills it in; the others are compared among themselves. Where only some of the judges'
    marks are missing the rest are averaged (flag `missing_mark`). A blank bonus or veto field earns nothing, raises
    nothing, and is flagged `missing_value`. Everybody tied on the advance line advances and is flagged
    `tie_on_cut_line`, even where that is more than the places there are.
    """
    awards = {criterion.code: award_points(criterion, table) for criterion in rules.criteria}
    bonuses = [sum((Fraction(b.points) for b in rules.bonus if b.earned(row)), Fraction(0)) for row in table]
    totals = []
    for k, bonus in enumerate(bonuses):
        points = [column[k] for column in awards.values()]
        totals.append(None if None in points else rounded(sum(points, bonus)))
    ranks = competition_ranks(totals)
    tied = tied_on_cut_line(ranks, rules.advance) if rules.advance else [False] * len(ranks)
    rows = [
        ScoredRow(
            candidate=row.candidate,
            total=totals[k],
            rank=ranks[k],
            advances=None if rules.advance is None else ranks[k] is not None and ranks[k] <= rules.advance,
            points={code: None if column[k] is None else rounded(column[k]) for code, column in awards.items()},
            bonus=rounded(bonuses[k]),
            flags=_flags(rules, row, totals[k], tied[k]),
        )
        for k, row in enumerate(table)
    ]
    formula = {criterion.code: (criterion.kind, criterion.values(table)) for criterion in rules.criteria}
    return ScoreResult(tuple(sorted(rows, key=lambda row: (row.rank is None, row.rank or 0))), formula)


def award_points(criterion: Criterion, table: Sequence[TableRow]) -> Awards:
    """The points of each row of the table, in its order, within the cap and floor of the criterion."""
    awards = criterion.award(table)
    floor, cap = criterion.floor, criterion.cap
    limited = awards if floor is None else [None if p is None else max(p, Fraction(floor)) for p in awards]
    return limited if cap is None else [None if p is None else min(p, Fraction(cap)) for p in limited]


def _flags(rules: Rules, row: TableRow, total: Decimal | None, tied: bool) -> tuple[str, ...]:
    flags = []
    if total is None or any(not row.text(extra.field) for extra in (*rules.bonus, *rules.veto)):
        flags.append("missing_value")
    marks = [name for criterion in rules.criteria if criterion.kind == "judged" for name in criterion.needs]
    if any(not row.text(name) for name in marks):
        flags.append("missing_mark")
    flags += [veto.flag for veto in rules.veto if veto.raised(row)]
    if tied:
        flags.append("tie_on_cut_line")
    return tuple(dict.fromkeys(flags))


def score_answer(result: ScoreResult, sentence: Callable[[str, Mapping[str, str]], str]) -> dict:
    """The machine-readable answer; `sentence(kind, values)` puts a criterion's formula into words."""
    return {
        "rows": [
            {
                "candidate": row.candidate,
                "total": _plain(row.total),
                "rank": row.rank,
                "advances": row.advances,
                "points": {code: _plain(points) for code, points in row.points.items()},
                "bonus": _plain(row.bonus),
                "flags": list(row.flags),
            }
            for row in result.rows
        ],
        "formula": {code: sentence(kind, values) for code, (kind, values) in result.formula.items()},
    }


def _plain(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
