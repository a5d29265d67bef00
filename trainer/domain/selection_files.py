"""What the texts of SCORES, RUBRIC, RULES, TABLE, CANDIDATES, JUDGES and CONFLICTS mean; what cannot be meant is refused."""

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from io import StringIO

from trainer.domain.assignment import Candidate, Judge
from trainer.domain.rubric import BadSelectionInput, Criterion, RankRubric, ScoreRow
from trainer.domain.scoring_kinds import AGGREGATES, KINDS, TableRow, is_workable, parse_number
from trainer.domain.scoring_kinds import Criterion as ScoringCriterion
from trainer.domain.scoring_rules import Bonus, Rules, Veto

SCORE_COLUMNS = ("candidate", "judge", "criterion", "level")
BYTE_ORDER_MARK = "\ufeff"
# Of the settings a kind may have: which are columns, which is a list of columns, which a word; the rest are numbers.
COLUMN, COLUMNS, WORD, BANDS, NUMBER = "column", "columns", "word", "bands", "number"
TYPES = {"field": COLUMN, "fields": COLUMNS, "group": COLUMNS, "aggregate": WORD, "bands": BANDS}
NEEDED = {
    "rank_step": ("field", "points", "step"),
    "per_unit": ("field", "points_per_unit"),
    "min_max": ("field", "points"),
    "percentile": ("field", "points"),
    "bands": ("field", "bands"),
    "weighted": ("field", "points", "of"),
    "judged": ("fields", "points", "of"),
}
OPTIONAL = {"per_unit": ("unit",), "min_max": ("low", "high"), "percentile": ("group",), "judged": ("aggregate",)}
EVERY_KIND = ("cap", "floor")
# `levels`: the words of a criterion that evaluators judge on their sheets; the arithmetic does not need them.
SILENT = ("code", "kind", "name", "levels")
POSITIVE = ("unit", "of")


def read_scores(text: str) -> list[ScoreRow]:
    """An empty level is an abstention. Which criteria and levels exist, the rubric says (see `collect_sheets`)."""
    rows = []
    for line, cells in _records(text, SCORE_COLUMNS, only=True):
        level = cells["level"]
        for name in SCORE_COLUMNS[:3]:
            if not cells[name]:
                raise BadSelectionInput("cell_blank", row=line, field=name)
        given = parse_number(level, row=line, candidate=cells["candidate"], field="level") if level else None
        rows.append(ScoreRow(cells["candidate"], cells["judge"], cells["criterion"], given, line))
    return rows


def read_table(text: str, rules: Rules) -> list[TableRow]:
    """Rows named by the rules' key, each name once; every column the rules read must be there, others may be."""
    rows: dict[str, TableRow] = {}
    for line, cells in _records(text, rules.needs):
        name = cells[rules.key]
        if not name:
            raise BadSelectionInput("cell_blank", row=line, field=rules.key)
        if name in rows:
            raise BadSelectionInput("duplicate_candidate", row=line, candidate=name)
        rows[name] = TableRow(name, cells, line)
    return list(rows.values())


def read_candidates(text: str) -> list[Candidate]:
    """Each once; an empty group is nobody's own."""
    return [
        Candidate(name, cells["group"]) for name, cells in _named(text, "candidate", "duplicate_candidate", "group")
    ]


def read_judges(text: str) -> list[Judge]:
    """Each once; an empty `max` is no limit."""
    named = _named(text, "judge", "duplicate_judge", "group", "max")
    return [Judge(name, cells["group"], _limit(cells)) for name, cells in named]


def read_conflicts(text: str, candidates: Iterable[Candidate], judges: Iterable[Judge]) -> set[tuple[str, str]]:
    """(candidate, judge); a name that is in neither list would be a conflict that nobody heeds, and is refused."""
    known = {"candidate": {c.key for c in candidates}, "judge": {j.key for j in judges}}
    pairs = set()
    for line, cells in _records(text, tuple(known)):
        for column, names in known.items():
            if cells[column] not in names:
                raise BadSelectionInput(f"unknown_{column}", row=line, **{column: cells[column]})
        pairs.add((cells["candidate"], cells["judge"]))
    return pairs


def read_share(text: str) -> Fraction:
    """A share as it was typed, so that 0.3 of 10 is 3."""
    try:
        share = parse_number(text)
    except BadSelectionInput:
        share = Decimal(-1)
    if not 0 <= share <= 1:
        raise BadSelectionInput("share_outside_one", share=text)
    return Fraction(share)


def _named(text: str, column: str, twice: str, *others: str) -> Iterable[tuple[str, dict[str, str]]]:
    seen = set()
    for line, cells in _records(text, (column, *others)):
        name = cells[column]
        if not name:
            raise BadSelectionInput("cell_blank", row=line, field=column)
        if name in seen:
            raise BadSelectionInput(twice, row=line, **{column: name})
        seen.add(name)
        yield name, {**cells, "row": str(line)}


def _limit(cells: Mapping[str, str]) -> int | None:
    value = cells["max"]
    if value and not (value.isascii() and value.isdigit() and len(value) < 10):
        raise BadSelectionInput("limit_not_a_number", row=cells["row"], value=value)
    return int(value) if value else None


def _records(text: str, needed: Iterable[str], only: bool = False) -> Iterable[tuple[int, dict[str, str]]]:
    """(line as a person counts it, cells by column) of every line that is not blank."""
    reader = csv.reader(StringIO(text.removeprefix(BYTE_ORDER_MARK)), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(header, list(needed), only)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if len(cells) != len(header):
                    raise BadSelectionInput(
                        "wrong_cell_count", row=reader.line_num, found=len(cells), expected=len(header)
                    )
                yield reader.line_num, dict(zip(header, (cell.strip() for cell in cells), strict=True))
    except csv.Error as error:
        raise BadSelectionInput("not_csv", row=reader.line_num) from error


def _check_header(header: list[str], needed: list[str], only: bool) -> None:
    for name in needed:
        if name not in header:
            raise BadSelectionInput("column_missing", column=name)
    for name in header:
        if name and header.count(name) > 1:
            raise BadSelectionInput("column_named_twice", column=name)
        if only and name not in needed:
            raise BadSelectionInput("column_unknown", column=name)


def read_rank_rubric(text: str) -> RankRubric:
    data = _json_object(text)
    criteria = tuple(
        Criterion(
            code=_word(item, "code", path),
            weight=_number(item, "weight", path),
            minimum=_number(item, "min", path),
            maximum=_number(item, "max", path),
        )
        for path, item in _objects(data, "criteria")
    )
    return RankRubric(criteria, seats=_whole(data, "seats"), seed=_whole(data, "seed"))


def read_rules(text: str) -> Rules:
    data = _json_object(text)
    criteria = tuple(read_criterion(item, path) for path, item in _objects(data, "criteria"))
    codes = [criterion.code for criterion in criteria]
    for code in codes:
        if codes.count(code) > 1:
            raise BadSelectionInput("duplicate_criterion", criterion=code)
    advance = _whole(data, "advance") if data.get("advance") is not None else None
    if advance is not None and advance < 1:
        raise BadSelectionInput("no_seats", seats=advance)
    return Rules(
        title=_word(data, "title", "") if "title" in data else "",
        key=_word(data, "key", ""),
        criteria=criteria,
        advance=advance,
        bonus=tuple(read_bonus(item, path) for path, item in _objects(data, "bonus", optional=True)),
        veto=tuple(read_veto(item, path) for path, item in _objects(data, "veto", optional=True)),
    )


def read_criterion(item: Mapping, path: str) -> ScoringCriterion:
    code, kind = _word(item, "code", path), _word(item, "kind", path)
    if kind not in KINDS:
        raise BadSelectionInput("unknown_kind", criterion=code, kind=kind)
    allowed = (*NEEDED[kind], *OPTIONAL.get(kind, ()), *EVERY_KIND)
    for name in item:
        if name not in (*SILENT, *allowed):
            raise BadSelectionInput("unknown_setting", setting=_at(path, name))
    settings = {
        name: READERS[TYPES.get(name, NUMBER)](item, name, path)
        for name in allowed
        if name in NEEDED[kind] or item.get(name) is not None
    }
    for name in POSITIVE:
        if name in settings and settings[name] <= 0:
            raise BadSelectionInput("not_positive", setting=_at(path, name))
    if settings.get("aggregate", "mean") not in AGGREGATES:
        raise BadSelectionInput("unknown_aggregate", criterion=code, aggregate=settings["aggregate"])
    if {"low", "high"} <= settings.keys() and settings["low"] >= settings["high"]:
        raise BadSelectionInput("scale_upside_down", criterion=code)
    return KINDS[kind](code=code, **settings)


def read_bonus(item: Mapping, path: str) -> Bonus:
    test = _one_of(item, path, "equals", "at_least")
    equals = item.get("equals")
    return Bonus(
        field=_word(item, "field", path),
        points=_number(item, "points", path),
        equals=equals.strip()
        if isinstance(equals, str)
        else _number(item, "equals", path)
        if test == "equals"
        else None,
        at_least=_number(item, "at_least", path) if test == "at_least" else None,
    )


def read_veto(item: Mapping, path: str) -> Veto:
    test = _one_of(item, path, "below", "above")
    limit = _number(item, test, path)
    return Veto(field=_word(item, "field", path), flag=_word(item, "flag", path), **{test: limit})


def _one_of(item: Mapping, path: str, first: str, second: str) -> str:
    given = [name for name in (first, second) if item.get(name) is not None]
    if len(given) != 1:
        raise BadSelectionInput("needs_one_of", where=path, first=first, second=second)
    return given[0]


def _json_object(text: str) -> Mapping:
    try:
        data = json.loads(text.removeprefix(BYTE_ORDER_MARK), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise BadSelectionInput("not_json") from error
    if not isinstance(data, dict):
        raise BadSelectionInput("not_json")
    return data


def _objects(data: Mapping, name: str, optional: bool = False) -> list[tuple[str, Mapping]]:
    """The objects of a list, each with its place as a person counts: "criteria[2]"."""
    items = data.get(name, [] if optional else None)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items) or not (items or optional):
        raise BadSelectionInput("missing_setting", setting=name)
    return [(f"{name}[{place}]", item) for place, item in enumerate(items, start=1)]


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _word(item: Mapping, name: str, path: str) -> str:
    value = item.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadSelectionInput("missing_setting", setting=_at(path, name))
    return value.strip()


def _words(item: Mapping, name: str, path: str) -> tuple[str, ...]:
    values = item.get(name)
    if not isinstance(values, list) or not values or len(set(map(str, values))) < len(values):
        raise BadSelectionInput("missing_setting", setting=_at(path, name))
    return tuple(_word({name: value}, name, path) for value in values)


def _number(item: Mapping, name: str, path: str) -> Decimal:
    value = item.get(name)
    if value is None:
        raise BadSelectionInput("missing_setting", setting=_at(path, name))
    return _as_number(value, name, path)


def _as_number(value: object, name: str, path: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not is_workable(Decimal(value)):
        raise BadSelectionInput("setting_not_a_number", setting=_at(path, name), value=str(value))
    return Decimal(value)


def _whole(data: Mapping, name: str) -> int:
    value = _number(data, name, "")
    if value != value.to_integral_value():
        raise BadSelectionInput("setting_not_a_number", setting=name, value=str(value))
    return int(value)


def _bands(item: Mapping, name: str, path: str) -> tuple[tuple[Decimal, Decimal], ...]:
    """[[from, points]…], each threshold once."""
    pairs = item.get(name)
    if not isinstance(pairs, list) or not pairs or not all(isinstance(p, list) and len(p) == 2 for p in pairs):
        raise BadSelectionInput("missing_setting", setting=_at(path, name))
    bands = tuple((_as_number(start, name, path), _as_number(points, name, path)) for start, points in pairs)
    if len({start for start, _ in bands}) < len(bands):
        raise BadSelectionInput("duplicate_threshold", setting=_at(path, name))
    return bands


READERS: Mapping[str, Callable[[Mapping, str, str], object]] = {
    COLUMN: _word,
    COLUMNS: _words,
    WORD: _word,
    BANDS: _bands,
    NUMBER: _number,
}
