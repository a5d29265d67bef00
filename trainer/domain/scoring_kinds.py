"""The kinds of criterion a scoring rule can have, and what each awards: exact fractions, no code per contest."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from statistics import median
from typing import ClassVar

from trainer.domain.ranking import competition_ranks, middle_share
from trainer.domain.rubric import BadSelectionInput, plain_number, round_half_up

EXTREMES_NEED = 5  # below five judges dropping the highest and the lowest leaves too few to speak of

MAGNITUDE = 12  # powers of ten either way


@dataclass(frozen=True)
class TableRow:
    """One candidate's cells as they were typed; an absent or blank cell is missing, never zero."""

    candidate: str
    cells: Mapping[str, str]
    row: int | None = field(default=None, compare=False)

    def text(self, name: str) -> str:
        return str(self.cells.get(name, "")).strip()

    def number(self, name: str) -> Fraction | None:
        text = self.text(name)
        return Fraction(parse_number(text, row=self.row, candidate=self.candidate, field=name)) if text else None


def is_workable(value: Decimal) -> bool:
    """Finite, and of a size any figure of a contest can have: 1e999999 would keep exact arithmetic busy for ever."""
    return (
        value.is_finite() and (not value or abs(value.adjusted()) <= MAGNITUDE) and len(value.as_tuple().digits) <= 30
    )


def parse_number(text: str, **where: object) -> Decimal:
    """A plain decimal number; anything else is refused with where it stood."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not is_workable(value):
        raise BadSelectionInput("cell_not_a_number", value=text, **where)
    return value


def rounded(value: Fraction) -> Decimal:
    """Half up to 1e-6: the only rounding on the way from a table to a total."""
    return round_half_up(Decimal(value.numerator) / Decimal(value.denominator))


Awards = list[Fraction | None]


@dataclass(frozen=True, kw_only=True)
class Criterion(ABC):
    """`award` gives each row its points (None = missing); cap and floor are laid on by `score_table`."""

    kind: ClassVar[str]
    code: str
    cap: Decimal | None = None
    floor: Decimal | None = None

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns it reads."""
        return (self.field,)

    def values(self, table: Sequence[TableRow]) -> dict[str, str]:
        """What the published formula names, as plain text."""
        return {
            part.name: plain_number(value) if isinstance(value, Decimal) else str(value)
            for part in fields(self)
            if (value := getattr(self, part.name)) is not None
        }

    @abstractmethod
    def award(self, table: Sequence[TableRow]) -> Awards:
        """The points of each row of the table, in its order."""


@dataclass(frozen=True, kw_only=True)
class RankStep(Criterion):
    """The best gets `points`, each following competition rank `step` less, never below zero."""

    kind = "rank_step"
    field: str
    points: Decimal
    step: Decimal

    def award(self, table: Sequence[TableRow]) -> Awards:
        figures = [row.number(self.field) for row in table]
        points, step = Fraction(self.points), Fraction(self.step)
        return [
            None if rank is None else max(Fraction(0), points - step * (rank - 1))
            for rank in competition_ranks(figures)
        ]


@dataclass(frozen=True, kw_only=True)
class PerUnit(Criterion):
    """`points_per_unit` for every `unit` of the field, parts of a unit in proportion."""

    kind = "per_unit"
    field: str
    points_per_unit: Decimal
    unit: Decimal = Decimal(1)

    def award(self, table: Sequence[TableRow]) -> Awards:
        each = Fraction(self.points_per_unit) / Fraction(self.unit)
        return [None if (value := row.number(self.field)) is None else value * each for row in table]


@dataclass(frozen=True, kw_only=True)
class MinMax(Criterion):
    """points·(value−low)/(high−low), within 0 and `points`; low and high default to the data's.

    Where all figures are equal everybody has the best one: full points.
    """

    kind = "min_max"
    field: str
    points: Decimal
    low: Decimal | None = None
    high: Decimal | None = None

    def _ends(self, figures: Awards) -> tuple[Fraction, Fraction]:
        known = [value for value in figures if value is not None] or [Fraction(0)]
        low = min(known) if self.low is None else Fraction(self.low)
        high = max(known) if self.high is None else Fraction(self.high)
        return low, high

    def values(self, table: Sequence[TableRow]) -> dict[str, str]:
        low, high = self._ends([row.number(self.field) for row in table])
        return {**super().values(table), "low": plain_number(rounded(low)), "high": plain_number(rounded(high))}

    def award(self, table: Sequence[TableRow]) -> Awards:
        figures = [row.number(self.field) for row in table]
        low, high = self._ends(figures)

        def share(value: Fraction) -> Fraction:
            if high <= low:
                return Fraction(1) if value >= high else Fraction(0)
            return min(Fraction(1), max(Fraction(0), (value - low) / (high - low)))

        return [None if value is None else Fraction(self.points) * share(value) for value in figures]


@dataclass(frozen=True, kw_only=True)
class Percentile(Criterion):
    """points·(fewer + half of the equals)/all, herself among the equals, within rows that agree in every `group` field.

    The percentile rank with ties sharing the middle. A row whose group is unknown has no fair company: missing.
    """

    kind = "percentile"
    field: str
    points: Decimal
    group: tuple[str, ...] = ()

    @property
    def needs(self) -> tuple[str, ...]:
        return (self.field, *self.group)

    def values(self, table: Sequence[TableRow]) -> dict[str, str]:
        return {**super().values(table), "group": ", ".join(self.group)}

    def award(self, table: Sequence[TableRow]) -> Awards:
        groups: dict[tuple[str, ...], list[Fraction]] = {}
        placed = []
        for row in table:
            key, value = tuple(row.text(name) for name in self.group), row.number(self.field)
            known = value is not None and all(key)
            placed.append((key, value) if known else None)
            if known:
                groups.setdefault(key, []).append(value)
        ordered = {key: sorted(company) for key, company in groups.items()}
        full = Fraction(self.points)
        return [None if place is None else full * middle_share(place[1], ordered[place[0]]) for place in placed]


@dataclass(frozen=True, kw_only=True)
class Bands(Criterion):
    """The points of the highest threshold that is reached; below the lowest, 0."""

    kind = "bands"
    field: str
    bands: tuple[tuple[Decimal, Decimal], ...]

    def values(self, table: Sequence[TableRow]) -> dict[str, str]:
        listed = "; ".join(f"≥ {plain_number(start)}: {plain_number(points)}" for start, points in sorted(self.bands))
        return {**super().values(table), "bands": listed}

    def award(self, table: Sequence[TableRow]) -> Awards:
        return [None if (value := row.number(self.field)) is None else self._points(value) for row in table]

    def _points(self, value: Fraction) -> Fraction:
        reached = [(start, points) for start, points in self.bands if value >= start]
        return Fraction(max(reached)[1]) if reached else Fraction(0)


@dataclass(frozen=True, kw_only=True)
class Weighted(Criterion):
    """points·value/of; a value outside 0…of is refused."""

    kind = "weighted"
    field: str
    points: Decimal
    of: Decimal

    def award(self, table: Sequence[TableRow]) -> Awards:
        marks = [_mark(row, self.field, self.of) for row in table]
        return [None if mark is None else Fraction(self.points) * mark / Fraction(self.of) for mark in marks]


@dataclass(frozen=True, kw_only=True)
class Judged(Criterion):
    """points·(mean, median, or mean without one highest and one lowest, of the judges' marks)/of.

    Absent marks do not count in mean and median. Dropping the extremes is right only where at least five judges marked
    everybody; it is refused otherwise.
    """

    kind = "judged"
    fields: tuple[str, ...]
    points: Decimal
    of: Decimal
    aggregate: str = "mean"

    def __post_init__(self) -> None:
        if self.aggregate == "drop_extremes" and len(self.fields) < EXTREMES_NEED:
            raise BadSelectionInput(
                "too_few_judges_to_drop", criterion=self.code, judges=len(self.fields), needed=EXTREMES_NEED
            )

    @property
    def needs(self) -> tuple[str, ...]:
        return self.fields

    def values(self, table: Sequence[TableRow]) -> dict[str, str]:
        return {**super().values(table), "fields": ", ".join(self.fields), "judges": str(len(self.fields))}

    def award(self, table: Sequence[TableRow]) -> Awards:
        return [self._points(row) for row in table]

    def _points(self, row: TableRow) -> Fraction | None:
        marks = sorted(mark for name in self.fields if (mark := _mark(row, name, self.of)) is not None)
        if self.aggregate == "drop_extremes":
            if len(marks) < len(self.fields):
                raise BadSelectionInput(
                    "mark_missing_to_drop", criterion=self.code, row=row.row, candidate=row.candidate
                )
            marks = marks[1:-1]
        if not marks:
            return None
        middle = median(marks) if self.aggregate == "median" else sum(marks) / len(marks)
        return Fraction(self.points) * middle / Fraction(self.of)


def _mark(row: TableRow, name: str, of: Decimal) -> Fraction | None:
    mark = row.number(name)
    if mark is not None and not 0 <= mark <= of:
        raise BadSelectionInput(
            "mark_outside_scale",
            row=row.row,
            candidate=row.candidate,
            field=name,
            value=row.text(name),
            maximum=plain_number(of),
        )
    return mark


KINDS: dict[str, type[Criterion]] = {
    kind.kind: kind for kind in (RankStep, PerUnit, MinMax, Percentile, Bands, Weighted, Judged)
}
AGGREGATES = ("mean", "median", "drop_extremes")
