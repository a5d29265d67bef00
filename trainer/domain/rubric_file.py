"""A rubric as a file of rules, the same that `selection score` reads: written, and read with what it would change."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from trainer.domain.figures import TABLE, describe
from trainer.domain.round_inputs import RoundCriterion, exact
from trainer.domain.rubric import BadSelectionInput
from trainer.domain.scoring_kinds import EXTREMES_NEED
from trainer.domain.selection import FULL_WEIGHT_BP, Aggregate, CriterionDraft, CriterionKind
from trainer.domain.selection_files import BYTE_ORDER_MARK, EVERY_KIND, NEEDED, OPTIONAL, read_rules

MOST_CRITERIA, FEWEST_LEVELS, MOST_LEVELS, LONGEST_WORDS, LONGEST_NAME = 30, 2, 10, 200, 60
MOST_EXTRAS, MOST_ADVANCE = 30, 10_000
CODE = re.compile(r"[\w-]{1,30}")


@dataclass(frozen=True)
class RubricContent:
    """A version of a rubric: its lines, bonus and vetoes, these two as they stand in a file of rules."""

    lines: tuple[CriterionDraft, ...] = ()
    bonus: tuple[Mapping[str, object], ...] = ()
    veto: tuple[Mapping[str, object], ...] = ()

    @property
    def weight_bp(self) -> int:
        return sum(line.weight_bp for line in self.lines)

    @property
    def missing_bp(self) -> int:
        """What is lacking to 100 %; below zero where it is too much."""
        return FULL_WEIGHT_BP - self.weight_bp

    def line(self, code: str) -> CriterionDraft | None:
        return next((line for line in self.lines if line.code == code), None)

    def put(self, line: CriterionDraft) -> "RubricContent":
        """In place of the line with its code, else at the end."""
        if self.line(line.code) is None:
            return replace(self, lines=(*self.lines, line))
        return replace(self, lines=tuple(line if old.code == line.code else old for old in self.lines))

    def without(self, code: str) -> "RubricContent":
        return replace(self, lines=tuple(line for line in self.lines if line.code != code))

    def move(self, code: str, places: int) -> "RubricContent":
        """Up (below zero) or down, as far as there is room."""
        lines = list(self.lines)
        at = next((at for at, line in enumerate(lines) if line.code == code), None)
        if at is not None:
            line = lines.pop(at)
            lines.insert(max(0, at + places), line)
        return replace(self, lines=tuple(lines))

    def criteria(self) -> tuple[RoundCriterion, ...]:
        """As they are reckoned with."""
        return tuple(
            RoundCriterion(line.code, line.name, line.kind, line.weight_bp, 1, len(line.levels) or 100, line.rule)
            for line in self.lines
        )


@dataclass(frozen=True)
class RulesFile:
    """What a file of rules says. `columns`: names that are no figures of ours and so are taken for a table's columns."""

    content: RubricContent
    advance: int | None
    aggregate: Aggregate | None
    columns: tuple[str, ...] = ()


def write_rules(content: RubricContent, *, title: str, advance: int, aggregate: Aggregate, readers: int) -> dict:
    """As JSON. Judged criteria have a column for each of the `readers`, with the level above the lowest as the mark.

    What cannot be dropped with fewer than five readers is said as a mean.
    """
    dropping = aggregate is Aggregate.DROP_EXTREMES and readers < EXTREMES_NEED
    return {
        "title": title,
        "key": "code",
        "advance": advance,
        "criteria": [
            _judged_rule(line, readers, Aggregate.MEAN if dropping else aggregate)
            if line.kind is CriterionKind.JUDGED
            else _computed_rule(line)
            for line in content.lines
        ],
        "bonus": [dict(item) for item in content.bonus],
        "veto": [dict(item) for item in content.veto],
    }


def _judged_rule(line: CriterionDraft, readers: int, aggregate: Aggregate) -> dict:
    return {
        "code": line.code,
        "name": line.name,
        "kind": "judged",
        "levels": list(line.levels),
        "fields": [f"{line.code}_{reader}" for reader in range(1, readers + 1)],
        "points": _points(line.weight_bp),
        "of": len(line.levels) - 1,
        **({} if aggregate is Aggregate.MEAN else {"aggregate": aggregate.value}),
    }


def _computed_rule(line: CriterionDraft) -> dict:
    criterion = RoundCriterion(line.code, line.name, line.kind, line.weight_bp, 1, 100, line.rule)
    rule = {"code": line.code, "name": line.name, **criterion.as_rule()}
    return {name: plain(value) if isinstance(value, Decimal) else value for name, value in rule.items()}


def _points(weight_bp: int) -> int | float:
    return plain(Decimal(weight_bp) / 100)


def plain(value: Decimal) -> int | float:
    """A number as JSON and the database keep it: 20, 0.5. Raises BadSelectionInput where it would come out as another."""
    if value == value.to_integral_value():
        return int(value)
    if Decimal(repr(float(value))) != value:
        raise BadSelectionInput("too_many_digits", value=str(value))
    return float(value)


def read_rules_file(text: str) -> RulesFile:
    """Raises BadSelectionInput, as `selection score` would, and where a round cannot have such a rule."""
    rules = read_rules(text)
    data = json.loads(text.removeprefix(BYTE_ORDER_MARK), parse_float=Decimal)
    if len(data["criteria"]) > MOST_CRITERIA:
        raise BadSelectionInput("too_many_criteria", most=MOST_CRITERIA)
    bonus, veto = data.get("bonus") or [], data.get("veto") or []
    if max(len(bonus), len(veto)) > MOST_EXTRAS:
        raise BadSelectionInput("too_many_criteria", most=MOST_EXTRAS)
    sheets = [item for item in data["criteria"] if item["kind"] == "judged" and "levels" in item]
    content = RubricContent(
        lines=tuple(_line(item) for item in data["criteria"]),
        bonus=tuple(_extra(item, "equals", "at_least", "points", "words") for item in bonus),
        veto=tuple(_extra(item, "below", "above", "flag") for item in veto),
    )
    read = [name for item in data["criteria"] if item not in sheets for name in _read_columns(item)]
    named = [*read, *(item["field"].strip() for item in (*bonus, *veto))]
    if rules.advance is not None and rules.advance > MOST_ADVANCE:
        raise BadSelectionInput("setting_not_a_number", setting="advance", value=str(rules.advance))
    together = {item.get("aggregate", "mean") for item in sheets}
    return RulesFile(
        content=content,
        advance=rules.advance,
        aggregate=Aggregate(together.pop()) if len(together) == 1 else None,
        columns=tuple(dict.fromkeys(name for name in named if describe(name) is None)),
    )


def _read_columns(item: Mapping) -> list[str]:
    names = [*item.get("fields", ()), *(item.get("group") or ()), *([item["field"]] if "field" in item else [])]
    return [name.strip() for name in names]


def own_name(name: str) -> str:
    """A name that is no figure of ours is a column of the table that is brought along."""
    return name if describe(name) else TABLE + name


def _line(item: Mapping) -> CriterionDraft:
    code, kind = item["code"].strip(), _kind(item)
    if not CODE.fullmatch(code):
        raise BadSelectionInput("code_unfit", criterion=code[:40])
    name = item.get("name") or code
    if not isinstance(name, str) or len(name.strip()) > LONGEST_NAME:
        raise BadSelectionInput("name_unfit", criterion=code, most=LONGEST_NAME)
    levels = _levels(item, code) if kind is CriterionKind.JUDGED else ()
    weight_bp = _weight_bp(item, kind, code)
    return CriterionDraft(name.strip(), kind, weight_bp, levels, {} if levels else _rule(item, kind), code)


def _kind(item: Mapping) -> CriterionKind:
    if item["kind"] == "judged":
        return CriterionKind.JUDGED if "levels" in item else CriterionKind.MARKS
    return CriterionKind(item["kind"])


def _levels(item: Mapping, code: str) -> tuple[str, ...]:
    levels = item["levels"]
    fit = isinstance(levels, list) and FEWEST_LEVELS <= len(levels) <= MOST_LEVELS
    if not fit or not all(isinstance(w, str) and 0 < len(w.strip()) <= LONGEST_WORDS for w in levels):
        raise BadSelectionInput("levels_unfit", criterion=code)
    if item["of"] != len(levels) - 1:
        raise BadSelectionInput("levels_and_scale", criterion=code, of=str(item["of"]), levels=len(levels))
    for name in EVERY_KIND:
        if item.get(name) is not None:
            raise BadSelectionInput("not_on_sheets", criterion=code, setting=name)
    return tuple(words.strip() for words in levels)


def _weight_bp(item: Mapping, kind: CriterionKind, code: str) -> int:
    """A criterion's weight is the most that it can bring."""
    if kind is CriterionKind.PER_UNIT:
        if item.get("cap") is None:
            raise BadSelectionInput("needs_a_cap", criterion=code)
        points = item["cap"]
    else:
        points = max(p for _, p in item["bands"]) if kind is CriterionKind.BANDS else item["points"]
    weight = Decimal(points) * 100
    if not 0 < weight <= FULL_WEIGHT_BP or weight != weight.to_integral_value():
        raise BadSelectionInput("points_unfit", criterion=code, points=str(points))
    return int(weight)


def _rule(item: Mapping, kind: CriterionKind) -> dict:
    name = "judged" if kind is CriterionKind.MARKS else kind.value
    silent = ("points", "cap") if kind is CriterionKind.PER_UNIT else ("points",)
    allowed = [setting for setting in (*NEEDED[name], *OPTIONAL.get(name, ()), *EVERY_KIND) if setting not in silent]
    return {setting: _setting(setting, item[setting]) for setting in allowed if item.get(setting) is not None}


def _setting(name: str, value: object):
    if name == "field":
        return own_name(value.strip())
    if name in ("fields", "group"):
        return [own_name(one.strip()) for one in value]
    if name == "bands":
        return [[plain(Decimal(start)), plain(Decimal(points))] for start, points in value]
    return value if isinstance(value, str) else plain(Decimal(value))


def _extra(item: Mapping, *names: str) -> dict:
    found = {"field": own_name(item["field"].strip())}
    for name in names:
        value = item.get(name)
        if isinstance(value, str) and value.strip():
            found[name] = value.strip()[:LONGEST_WORDS]
        elif isinstance(value, int | Decimal) and not isinstance(value, bool):
            found[name] = plain(Decimal(value))
    return found


def differences(before: RubricContent, after: RubricContent) -> list[tuple[str, CriterionDraft | dict]]:
    """What is "new", "gone" or "changed" (as it is afterwards) from one version to another, criteria first.

    A mere change of the order is "moved", said once with the first line it touches.
    """
    old, new = {line.code: line for line in before.lines}, {line.code: line for line in after.lines}
    found: list[tuple[str, CriterionDraft | dict]] = [("gone", line) for code, line in old.items() if code not in new]
    found += [
        ("changed" if code in old else "new", line)
        for code, line in new.items()
        if code not in old or exact(old[code].__dict__) != exact(line.__dict__)
    ]
    shared = [code for code in old if code in new]
    moved = next((a for a, b in zip(shared, [c for c in new if c in old], strict=True) if a != b), None)
    if moved:
        found.append(("moved", new[moved]))
    for name in ("bonus", "veto"):
        was, now = getattr(before, name), getattr(after, name)
        found += [("gone", dict(item)) for item in was if item not in now]
        found += [("new", dict(item)) for item in now if item not in was]
    return found
