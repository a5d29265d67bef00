"""Months of sales: how far a county's month is approved, and which step may follow which."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from trainer.domain.actors import regions_above
from trainer.domain.sales import GmvMeasure, RefundBasis, SalesKind, ShopRole, TrustBasis, trust_basis


class PeriodStage(StrEnum):
    OPEN = "open"
    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"

    @property
    def rank(self) -> int:
        return list(PeriodStage).index(self)

    @property
    def below(self) -> tuple["PeriodStage", ...]:
        """Where unlocking may lead back to, the nearest first."""
        return tuple(PeriodStage)[: self.rank][::-1]


# Which stage whose approval gives, and what every county of it has to have reached before.
NEEDED = {
    PeriodStage.COUNTY: PeriodStage.OPEN,
    PeriodStage.CITY: PeriodStage.COUNTY,
    PeriodStage.PROVINCE: PeriodStage.CITY,
}


def level_of(region_code: str) -> PeriodStage:
    """What the unit's approval makes of a month."""
    if region_code.endswith("0000"):
        return PeriodStage.PROVINCE
    return PeriodStage.CITY if region_code.endswith("00") else PeriodStage.COUNTY


def unit_of(stage: PeriodStage, county: str) -> str:
    """Whose approval brought a county's month to `stage`: its own, its city's, its province's."""
    province, city = regions_above(county)
    return {PeriodStage.CITY: city, PeriodStage.PROVINCE: province}.get(stage, county)


def needed_of(county: str, unit: str) -> PeriodStage:
    """How far a county's month has to be before its city or province approves it. What is the unit's own, of women whose
    record names no county, has nobody below."""
    return PeriodStage.OPEN if county == unit else NEEDED[level_of(unit)]


def month_after(month: date, months: int = 1) -> date:
    years, at = divmod(month.year * 12 + month.month - 1 + months, 12)
    return date(years, at + 1, 1)


def is_over(month: date, today: date) -> bool:
    return month_after(month) <= today


def months_before(today: date, many: int) -> list[date]:
    """The last months that are over, the newest first."""
    return [month_after(today.replace(day=1), -back) for back in range(1, many + 1)]


@dataclass(frozen=True)
class PeriodStep:
    """One approval or unlocking, as far as the rules ask."""

    from_stage: PeriodStage
    to_stage: PeriodStage
    by: int | None

    @property
    def is_approval(self) -> bool:
        return self.to_stage.rank > self.from_stage.rank


def standing_approvers(steps: Iterable[PeriodStep], stage: PeriodStage) -> dict[PeriodStage, int | None]:
    """Who gave the approvals that a month at `stage` rests on, by stage; `steps` the oldest first."""
    given = {step.to_stage: step.by for step in steps if step.is_approval}
    return {reached: by for reached, by in given.items() if reached.rank <= stage.rank}


@dataclass(frozen=True)
class PeriodLine:
    """What one source says on one platform at one level of trust; lines are never added.

    What a commission host sold for others stands apart from her own goods. Orders and broadcasts: `gross_fen` sold, `refund_fen` of the basis. Settlements: what came in and went back, with
    `net_fen` what was paid out. None: no file says.
    """

    source: SalesKind
    platform: str
    trust: int
    count: int
    gross_fen: int | None
    refund_fen: int | None
    net_fen: int | None
    measure: GmvMeasure | None = None
    basis: RefundBasis | None = None
    role: ShopRole = ShopRole.OWN

    @property
    def key(self) -> tuple[str, ...]:
        return (self.source, self.role, self.platform, str(self.trust), self.measure or "", self.basis or "")

    @property
    def rests_on(self) -> TrustBasis:
        return trust_basis(self.trust, self.source)

    def plus(self, other: "PeriodLine") -> "PeriodLine":
        """Where one of them does not say, nor does the sum."""
        sums = {name: _sum(getattr(self, name), getattr(other, name)) for name in MONEY}
        return replace(self, count=self.count + other.count, **sums)

    def keep(self) -> list[object]:
        return [*self.key, self.count, self.gross_fen, self.refund_fen, self.net_fen]

    @classmethod
    def kept(cls, facts: Sequence) -> "PeriodLine":
        source, role, platform, trust, measure, basis, *numbers = facts
        of = {"measure": GmvMeasure(measure) if measure else None, "basis": RefundBasis(basis) if basis else None}
        return cls(SalesKind(source), platform, int(trust), *numbers, **of, role=ShopRole(role))


MONEY = ("gross_fen", "refund_fen", "net_fen")


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


@dataclass
class Figures:
    """A county's month. `with_data`: women of whose shops something is known; `timely`: known by the 15th after."""

    shops: int = 0
    women: int = 0
    with_data: int = 0
    timely: int = 0
    findings: int = 0
    unchecked: int = 0
    previews: int = 0
    lines: list[PeriodLine] = field(default_factory=list)

    @property
    def without_data(self) -> int:
        return self.women - self.with_data

    @property
    def open_ends(self) -> dict[str, int]:
        """What should be done before the month is approved; approved all the same only with a reason."""
        said = {name: getattr(self, name) for name in ("findings", "unchecked", "previews")}
        return {name: number for name, number in said.items() if number}

    def count(self, source: SalesKind) -> int:
        """How many broadcasts or orders: things, not money, so platforms may be put together."""
        return sum(line.count for line in self.lines if line.source == source)

    def keep(self) -> dict[str, object]:
        """As an approval keeps them."""
        return {name: getattr(self, name) for name in COUNTS} | {"lines": [line.keep() for line in self.lines]}

    @classmethod
    def kept(cls, facts: Mapping) -> "Figures":
        counts = {name: facts.get(name, 0) for name in COUNTS}
        return cls(**counts, lines=[PeriodLine.kept(line) for line in facts.get("lines", ())])


def together(figures: Iterable[Figures]) -> Figures:
    """Of several counties: lines of the same source, platform, trust and basis are added, others are not."""
    whole, lines = Figures(), {}
    for one in figures:
        for name in COUNTS:
            setattr(whole, name, getattr(whole, name) + getattr(one, name))
        for line in one.lines:
            lines[line.key] = line.plus(lines[line.key]) if line.key in lines else line
    whole.lines = in_order(lines.values())
    return whole


def in_order(lines: Iterable[PeriodLine]) -> list[PeriodLine]:
    return sorted(lines, key=lambda line: (list(SalesKind).index(line.source), line.key))


COUNTS = ("shops", "women", "with_data", "timely", "findings", "unchecked", "previews")
# What may move after an approval without a word of sales having changed.
QUIET = {"findings", "unchecked", "previews", "timely"}


@dataclass(frozen=True)
class Change:
    """A figure that is another one than when the month was approved; `line` is None where it is one of the counts."""

    name: str
    then: int | None
    now: int | None
    line: PeriodLine | None = None


def changes(then: Figures, now: Figures) -> list[Change]:
    """What differs, counts first, then line by line."""
    counted = [(name, getattr(then, name), getattr(now, name)) for name in COUNTS if name not in QUIET]
    found = [Change(*one) for one in counted if one[1] != one[2]]
    before, after = ({line.key: line for line in figures.lines} for figures in (then, now))
    for key in before | after:
        old, new = before.get(key), after.get(key)
        for name in ("count", *MONEY):
            was, is_ = getattr(old, name, None), getattr(new, name, None)
            if was != is_:
                found.append(Change(name, was, is_, new or old))
    return found
