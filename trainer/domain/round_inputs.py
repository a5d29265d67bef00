"""What a ranking is made of, as it is frozen, exported and read again: rubric, figures, sheets and the rules fixed before."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from functools import cached_property

from trainer.domain.rubric import plain_number
from trainer.domain.scoring_kinds import Criterion as ScoringCriterion
from trainer.domain.scoring_rules import Bonus, Veto
from trainer.domain.selection import Aggregate, CriterionKind, QuotaAttribute, RankedBy
from trainer.domain.selection_files import read_bonus, read_criterion, read_veto
from trainer.domain.severity_ranking import sha256_of

FORMAT = 2


@dataclass(frozen=True)
class RoundCriterion:
    """A line of the rubric; weight in basis points, of 10,000 together. Only judged ones have a scale.

    `rule`: what a computed kind asks for beside its points, under the names of a file of rules.
    """

    code: str
    name: str
    kind: CriterionKind
    weight_bp: int
    minimum: int
    maximum: int
    rule: Mapping[str, object] = field(default_factory=dict)

    @property
    def judged(self) -> bool:
        return self.kind is CriterionKind.JUDGED

    def points(self, level: int) -> Decimal:
        """What a level is worth, 0–100."""
        return Decimal(100 * (level - self.minimum)) / (self.maximum - self.minimum)

    def as_rule(self) -> dict:
        """As in a file of rules; not for judged ones, whose marks are on the evaluators' sheets."""
        points = Decimal(self.weight_bp) / 100
        kind = "judged" if self.kind is CriterionKind.MARKS else self.kind.value
        rule = {"code": self.code, "kind": kind, **self.rule}
        if self.kind is CriterionKind.PER_UNIT:
            return {**rule, "cap": points}
        return rule if self.kind is CriterionKind.BANDS else {**rule, "points": points}

    def scoring(self) -> ScoringCriterion:
        """Raises BadSelectionInput where the rule is not one of its kind."""
        return read_criterion(exact(self.as_rule()), self.name)


@dataclass(frozen=True)
class Sheet:
    """A submitted sheet; the evaluator goes by a number. A level of None is an abstention."""

    candidate: str
    evaluator: int
    levels: Mapping[str, int | None]
    recommendation: str | None = None


@dataclass(frozen=True)
class Figure:
    """What the records or a table say of a candidate, as text; `counted` of `of` say how much of them could be used."""

    value: str
    counted: int | None = None
    of: int | None = None


@dataclass(frozen=True)
class QuotaRule:
    """So many of the chosen whose `attribute` is `value`, for `basis`."""

    attribute: QuotaAttribute
    value: str
    at_least: int | None
    at_most: int | None
    basis: str = ""


@dataclass(frozen=True)
class RoundInputs:
    """All that a ranking is made of; `figures` names every candidate by her code.

    `groups`: what quotas go by; `facts`: what visitors found that must be talked about.
    """

    criteria: tuple[RoundCriterion, ...]
    seats: int
    sheets: tuple[Sheet, ...]
    figures: Mapping[str, Mapping[str, Figure]]
    bonus: tuple[Mapping[str, object], ...] = ()
    veto: tuple[Mapping[str, object], ...] = ()
    ranked_by: RankedBy = RankedBy.RAW
    aggregate: Aggregate = Aggregate.MEAN
    seed: int = 1
    quotas: tuple[QuotaRule, ...] = ()
    groups: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def bonus_rules(self) -> list[Bonus]:
        return [read_bonus(exact(item), f"bonus[{place}]") for place, item in enumerate(self.bonus, start=1)]

    def veto_rules(self) -> list[Veto]:
        return [read_veto(exact(item), f"veto[{place}]") for place, item in enumerate(self.veto, start=1)]

    def as_json(self) -> dict:
        """The same whatever order the rows came in."""
        return {
            "format": FORMAT,
            "criteria": [asdict(c) for c in self.criteria],
            "seats": self.seats,
            "sheets": [
                {**asdict(s), "levels": dict(sorted(s.levels.items()))}
                for s in sorted(self.sheets, key=lambda s: (s.candidate, s.evaluator))
            ],
            "figures": {
                code: {name: asdict(figure) for name, figure in sorted(self.figures[code].items())}
                for code in sorted(self.figures)
            },
            "bonus": list(self.bonus),
            "veto": list(self.veto),
            "ranked_by": self.ranked_by.value,
            "aggregate": self.aggregate.value,
            "seed": self.seed,
            "quotas": [asdict(q) for q in sorted_quotas(self.quotas)],
            "groups": {code: dict(sorted(self.groups[code].items())) for code in sorted(self.groups)},
            "facts": {code: sorted(self.facts[code]) for code in sorted(self.facts)},
        }

    @classmethod
    def from_json(cls, data: Mapping) -> "RoundInputs":
        """Raises KeyError, TypeError or ValueError where the document is not one of ours."""
        data = from_first_format(data) if "format" not in data else data
        return cls(
            criteria=tuple(RoundCriterion(**{**c, "kind": CriterionKind(c["kind"])}) for c in data["criteria"]),
            seats=data["seats"],
            sheets=tuple(Sheet(**s) for s in data["sheets"]),
            figures={code: {n: Figure(**f) for n, f in of.items()} for code, of in data["figures"].items()},
            bonus=tuple(data["bonus"]),
            veto=tuple(data["veto"]),
            ranked_by=RankedBy(data["ranked_by"]),
            aggregate=Aggregate(data["aggregate"]),
            seed=data["seed"],
            quotas=tuple(QuotaRule(**{**q, "attribute": QuotaAttribute(q["attribute"])}) for q in data["quotas"]),
            groups=data["groups"],
            facts={code: tuple(words) for code, words in data["facts"].items()},
        )

    @cached_property
    def sha256(self) -> str:
        content = self.as_json()
        content["criteria"] = sorted(content["criteria"], key=lambda c: c["code"])
        return sha256_of(content)


def sorted_quotas(quotas: Sequence[QuotaRule]) -> list[QuotaRule]:
    """In the order in which a proposal counts them."""
    return sorted(quotas, key=lambda q: (q.attribute, q.value))


# What the first releases could compute, as rules of today.
_FIRST_KINDS = {
    "attendance_rate": {"kind": "weighted", "rule": {"field": "attendance_rate", "of": 100}},
    "net_sales": {"kind": "percentile", "rule": {"field": "net_sales_fen"}},
}


def from_first_format(data: Mapping) -> dict:
    """Inputs frozen before rules were data, as the same inputs of today."""
    return {
        "criteria": [{**c, **_FIRST_KINDS.get(c["kind"], {})} for c in data["criteria"]],
        "seats": data["seats"],
        "sheets": data["sheets"],
        "figures": {code: _first_figures(evidence) for code, evidence in data["evidence"].items()},
        **{"bonus": [], "veto": [], "ranked_by": "raw", "aggregate": "mean", "seed": 1},
        **{"quotas": [], "groups": {}, "facts": {}},
    }


def _first_figures(evidence: Mapping) -> dict:
    attended, counted = evidence["attended_minutes"], evidence["counted_minutes"]
    figures = {}
    if counted:
        figures["attendance_rate"] = {"value": rate_text(attended, counted), "counted": attended, "of": counted}
    if evidence["net_fen"] is not None:
        figures["net_sales_fen"] = {
            **{"value": str(evidence["net_fen"])},
            **{"counted": evidence["lines_counted"], "of": evidence["lines"]},
        }
    return figures


def exact(value):
    """Settings as they were typed: what a database's JSON made a float is a decimal number again."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, Mapping):
        return {name: exact(part) for name, part in value.items()}
    return [exact(part) for part in value] if isinstance(value, list | tuple) else value


def rate_text(part: int, whole: int) -> str:
    """A share in percent, exact to 1e-6: "66.666667"."""
    return plain_number(round(Decimal(100 * part) / whole, 6))


def rules_sha256(criteria: Sequence[RoundCriterion], bonus: Sequence[Mapping], veto: Sequence[Mapping]) -> str:
    """Of a rubric as it is reckoned with: what was locked is what ranked."""
    return sha256_of({"criteria": [asdict(c) for c in criteria], "bonus": list(bonus), "veto": list(veto)})


def fields_of(criteria: Sequence[RoundCriterion], extras: Sequence[Mapping[str, object]]) -> list[str]:
    """Every figure that criteria, bonus and veto ask for, each once."""
    named = [name for c in criteria if not c.judged for name in c.scoring().needs]
    return list(dict.fromkeys([*named, *(str(extra["field"]) for extra in extras)]))
