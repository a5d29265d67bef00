"""Rubrics: a round's criteria, bonus and vetoes, each change a new version; locked when the round opens."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.figures import TABLE, FigureSource, describe
from trainer.domain.round_inputs import RoundCriterion, exact
from trainer.domain.rubric import BadSelectionInput
from trainer.domain.rubric_file import MOST_CRITERIA, MOST_EXTRAS, RubricContent, RulesFile
from trainer.domain.selection import CriterionDraft, CriterionKind, RoundState
from trainer.domain.selection_files import read_bonus, read_veto
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.rubric import Criterion, CriterionLevel, Rubric
from trainer.models.selection import Round
from trainer.queries.rubric import get_rubric_version
from trainer.queries.selection import round_criteria
from trainer.services import audit
from trainer.services.round import RoundNotDraft, take_round


class SameNameTwice(Refused):
    """Two criteria cannot be told apart."""

    code = "same_name_twice"


class TooManyCriteria(Refused):
    code = "too_many_criteria"


def set_rubric(
    round_id: int,
    version: int,
    lines: Sequence[CriterionDraft],
    *,
    bonus: Sequence[Mapping] = (),
    veto: Sequence[Mapping] = (),
    by: Actor,
    at: datetime,
) -> Rubric:
    """A new version of the rubric; weights that do not sum to 100 % are kept, but the round will not open with them.

    Raises BadSelectionInput where a rule lacks what its kind needs.
    """
    take_round(round_id, version, RoundState.DRAFT, RoundNotDraft)
    _check(lines, bonus, veto)
    before = [[c.name, c.kind, c.weight_bp] for c in round_criteria(round_id)]
    number = db.session.scalar(select(func.max(Rubric.number)).where(Rubric.round_id == round_id)) or 0
    db.session.execute(
        update(Rubric).where(Rubric.round_id == round_id, Rubric.superseded_at.is_(None)).values(superseded_at=at)
    )
    codes = _codes(lines)
    rubric = Rubric(
        round_id=round_id,
        number=number + 1,
        created_at=at,
        created_by=by.account_id,
        bonus=list(bonus),
        veto=list(veto),
        criteria=[_criterion(place, next(codes), line) for place, line in enumerate(lines, start=1)],
    )
    db.session.add(rubric)
    after = [[line.name, line.kind, line.weight_bp] for line in lines]
    audit.record("rubric.set", "round", round_id, by=by, at=at, before=before, after=after, number=number + 1)
    return rubric


def set_content(round_id: int, version: int, content: RubricContent, *, by: Actor, at: datetime) -> Rubric:
    """`set_rubric` with all of a version."""
    return set_rubric(round_id, version, content.lines, bonus=content.bonus, veto=content.veto, by=by, at=at)


def take_in_rules(round_id: int, version: int, file: RulesFile, *, by: Actor, at: datetime) -> Rubric:
    """A file of rules in place of the rubric; its line and how sheets are put together too, where it says them."""
    rubric = set_content(round_id, version, file.content, by=by, at=at)
    round_ = db.session.get(Round, round_id)
    round_.advances = file.advance or round_.advances
    round_.aggregate = file.aggregate or round_.aggregate
    return rubric


def take_up_again(round_id: int, version: int, number: int, *, by: Actor, at: datetime) -> Rubric:
    """What an earlier version said, as a new one."""
    found = get_rubric_version(round_id, number)
    if found is None:
        raise NotFound()
    if found.superseded_at is None:
        raise Conflict()
    return set_content(round_id, version, found.content, by=by, at=at)


def _check(lines: Sequence[CriterionDraft], bonus: Sequence[Mapping], veto: Sequence[Mapping]) -> None:
    if len(lines) > MOST_CRITERIA or max(len(bonus), len(veto)) > MOST_EXTRAS:
        raise TooManyCriteria(most=MOST_CRITERIA)
    names = [line.name for line in lines]
    for name in names:
        if names.count(name) > 1:
            raise SameNameTwice(name=name)
    for at, item in enumerate(bonus, start=1):
        read_bonus(exact(item), f"bonus[{at}]")
    for at, item in enumerate(veto, start=1):
        read_veto(exact(item), f"veto[{at}]")


def _codes(lines: Sequence[CriterionDraft]) -> Iterator[str]:
    """The code of each line: its own, else the next free of c1, c2 …"""
    taken = {line.code for line in lines}
    free = (f"c{number}" for number in range(1, 2 * len(lines) + 1) if f"c{number}" not in taken)
    for line in lines:
        yield line.code or next(free)


def _criterion(place: int, code: str, line: CriterionDraft) -> Criterion:
    judged = line.kind is CriterionKind.JUDGED
    scale_max = len(line.levels) if judged else 100
    if not judged:
        RoundCriterion(code, line.name, line.kind, line.weight_bp, 1, scale_max, line.rule).scoring()
        _check_fields(line)
    return Criterion(
        position=place,
        code=code,
        name=line.name,
        kind=line.kind,
        weight_bp=line.weight_bp,
        scale_min=1,
        scale_max=scale_max,
        rule=dict(line.rule),
        levels=[CriterionLevel(value=value, words=words) for value, words in enumerate(line.levels, start=1)],
    )


def _check_fields(line: CriterionDraft) -> None:
    """Each name must mean something here; a share needs a figure whose highest value cannot grow while scores are given."""
    for name in (*line.rule.get("fields", ()), *line.rule.get("group", ()), line.rule.get("field", TABLE + "-")):
        field = describe(str(name))
        if field is None or field.source is FigureSource.SHEETS:
            raise BadSelectionInput("unknown_figure", criterion=line.name, field=name)
        if line.kind is CriterionKind.WEIGHTED and not field.is_bounded:
            raise BadSelectionInput("weighted_unbounded", criterion=line.name)
