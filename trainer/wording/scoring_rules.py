"""Words for scoring rules: what each kind does, its published formula, bonus and vetoes; the same on every page."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal

from flask_babel import lazy_gettext as _

from trainer.domain.figures import describe
from trainer.domain.round_inputs import RoundCriterion
from trainer.domain.rubric import plain_number
from trainer.domain.scoring_kinds import Criterion as ScoringCriterion
from trainer.domain.selection import CriterionKind
from trainer.wording.figures import COUNTED, figure_name, with_unit

FORMULAS: dict[str, object] = {
    "rank_step": _("The best in %(field)s gets %(points)s points, each following rank %(step)s less, not below zero."),
    "per_unit": _("%(points_per_unit)s points for every %(unit)s of %(field)s, parts in proportion."),
    "min_max": _("%(points)s × (%(field)s − %(low)s) ÷ (%(high)s − %(low)s), between 0 and %(points)s points."),
    "percentile": _("%(points)s × the share of all whose %(field)s is lower, equals (herself too) counting half."),
    "percentile_in_group": _(
        "%(points)s × the share of those with the same %(group)s whose %(field)s is lower, "
        "equals (herself too) counting half."
    ),
    "bands": _("Points by %(field)s: %(bands)s; below the lowest threshold 0."),
    "weighted": _("%(points)s × %(field)s ÷ %(of)s."),
    "judged_mean": _("%(points)s × the mean of the judges' marks (%(fields)s) ÷ %(of)s."),
    "judged_median": _("%(points)s × the median of the judges' marks (%(fields)s) ÷ %(of)s."),
    "judged_drop_extremes": _(
        "%(points)s × the mean of the marks of %(judges)s judges, without one highest and one lowest, ÷ %(of)s."
    ),
}
LIMITS: dict[str, object] = {"floor": _(" At least %(floor)s points."), "cap": _(" At most %(cap)s points.")}


def formula_sentence(kind: str, values: Mapping[str, str]) -> str:
    """The published formula of one criterion of a scoring rule."""
    if kind == "judged":
        kind = f"judged_{values['aggregate']}"
    elif kind == "percentile" and values["group"]:
        kind = "percentile_in_group"
    limits = (str(words) % values for name, words in LIMITS.items() if name in values)
    return str(FORMULAS[kind]) % values + "".join(limits)


# What a kind is for, where one is chosen and where its rule is explained.
KINDS: dict[CriterionKind, object] = {
    CriterionKind.JUDGED: _(
        "Each evaluator picks one of the levels. The lowest brings nothing, the highest all points, those between in "
        "equal steps; then the evaluators are put together."
    ),
    CriterionKind.RANK_STEP: _(
        "Candidates are put in order. The best gets all points, each following place a step less; equals share a place."
    ),
    CriterionKind.PER_UNIT: _("Every unit brings the same number of points, up to the highest."),
    CriterionKind.MIN_MAX: _(
        "The lowest value brings nothing, the highest all points; in between in proportion to the distance."
    ),
    CriterionKind.PERCENTILE: _(
        "Counts how many of the others she is ahead of, not by how much: one huge figure changes nothing for the rest. "
        "She can be compared only with those in the same position."
    ),
    CriterionKind.BANDS: _("Whoever reaches a threshold gets its points."),
    CriterionKind.WEIGHTED: _("A mark out of a full mark: half the mark brings half the points."),
    CriterionKind.MARKS: _("Judges have marked outside this site: their marks stand in columns of your table."),
}
_JUDGED = _("%(points)s × (level − 1) ÷ %(steps)s, where the highest of %(levels)s levels is %(levels)s.")
_BAND = _("from %(start)s on %(points)s points")
_BONUS = {
    "equals": _("%(points)s points more where %(field)s is %(value)s."),
    "at_least": _("%(points)s points more where %(field)s is at least %(value)s."),
}
_VETO = {
    "below": _("Where %(field)s is below %(value)s: “%(flag)s”. Nobody is left out by it; people talk about it."),
    "above": _("Where %(field)s is above %(value)s: “%(flag)s”. Nobody is left out by it; people talk about it."),
}
# Of a rule, what is typed and read in the unit of its figure.
IN_UNITS = ("low", "high", "unit", "of")


@dataclass(frozen=True)
class Explained:
    """A criterion for people: points, what its kind does, its formula, and how each figure in it is counted."""

    name: str
    points: str
    words: str
    formula: str
    counted: tuple[tuple[str, str], ...] = ()


def explain(criterion: RoundCriterion, names: Mapping[str, str] = {}) -> Explained:
    """`names`: what only the records know, such as what an assessment is called."""
    points, words = plain_number(Decimal(criterion.weight_bp) / 100), str(KINDS[criterion.kind])
    if criterion.judged:
        levels = criterion.maximum - criterion.minimum + 1
        formula = str(_JUDGED) % {"points": points, "levels": levels, "steps": levels - 1}
        return Explained(criterion.name, points, words, formula)
    rule = criterion.scoring()
    counted = tuple((figure_name(name, names), str(COUNTED[name])) for name in rule.needs if name in COUNTED)
    return Explained(criterion.name, points, words, _formula(rule, names), counted)


def _formula(rule: ScoringCriterion, names: Mapping[str, str]) -> str:
    """With figures by their names, and money in yuan."""
    shown = _in_units(rule)
    values = shown.values([])
    for name in ("low", "high"):
        if name in values and getattr(rule, name) is None:
            values[name] = str(_("the lowest of all") if name == "low" else _("the highest of all"))
    if "field" in values:
        values["field"] = with_unit(values["field"], names)
    if "bands" in values:
        steps = ((plain_number(start), plain_number(points)) for start, points in sorted(shown.bands))
        values["bands"] = "；".join(str(_BAND) % {"start": start, "points": points} for start, points in steps)
    for name in ("fields", "group"):
        if name in values:
            values[name] = "、".join(figure_name(one, names) for one in getattr(rule, name))
    return formula_sentence(rule.kind, values)


def _in_units(rule: ScoringCriterion) -> ScoringCriterion:
    field = describe(getattr(rule, "field", ""))
    factor = field.factor if field else 1
    if factor == 1:
        return rule
    have = {part.name: getattr(rule, part.name) for part in fields(rule)}
    changed = {name: have[name] / factor for name in IN_UNITS if have.get(name) is not None}
    if "bands" in have:
        changed["bands"] = tuple((start / factor, points) for start, points in have["bands"])
    return replace(rule, **changed)


def bonus_sentence(item: Mapping[str, object], names: Mapping[str, str] = {}) -> str:
    """A bonus line of a rubric."""
    return _extra_sentence(_BONUS, item, names)


def veto_sentence(item: Mapping[str, object], names: Mapping[str, str] = {}) -> str:
    """A veto line of a rubric."""
    return _extra_sentence(_VETO, item, names)


def _extra_sentence(sentences: Mapping[str, object], item: Mapping[str, object], names: Mapping[str, str]) -> str:
    code = str(item["field"])
    field, test = describe(code), next(name for name in sentences if item.get(name) is not None)
    limit = item[test]
    if not isinstance(limit, str):
        limit = plain_number(Decimal(str(limit)) / (field.factor if field else 1))
    points = plain_number(Decimal(str(item.get("points", 0))))
    values = {"field": with_unit(code, names), "value": limit, "points": points, "flag": item.get("flag", "")}
    return str(sentences[test]) % values
