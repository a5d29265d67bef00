"""Rubrics: a round's criteria, bonus and vetoes, each change a new version; locked when the round opens."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.round_inputs import RoundCriterion
from trainer.domain.selection import CriterionDraft, CriterionKind, RoundState
from trainer.errors import Refused
from trainer.models.rubric import Criterion, CriterionLevel, Rubric
from trainer.queries.selection import round_criteria
from trainer.services import audit
from trainer.services.round import RoundNotDraft, take_round


class SameNameTwice(Refused):
    """Two criteria cannot be told apart."""

    code = "same_name_twice"


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
    names = [line.name for line in lines]
    for name in names:
        if names.count(name) > 1:
            raise SameNameTwice(name=name)
    before = [[c.name, c.kind, c.weight_bp] for c in round_criteria(round_id)]
    number = db.session.scalar(select(func.max(Rubric.number)).where(Rubric.round_id == round_id)) or 0
    db.session.execute(
        update(Rubric).where(Rubric.round_id == round_id, Rubric.superseded_at.is_(None)).values(superseded_at=at)
    )
    rubric = Rubric(
        round_id=round_id,
        number=number + 1,
        created_at=at,
        created_by=by.account_id,
        bonus=list(bonus),
        veto=list(veto),
        criteria=[_criterion(place, line) for place, line in enumerate(lines, start=1)],
    )
    db.session.add(rubric)
    after = [[line.name, line.kind, line.weight_bp] for line in lines]
    audit.record("rubric.set", "round", round_id, by=by, at=at, before=before, after=after)
    return rubric


def _criterion(place: int, line: CriterionDraft) -> Criterion:
    judged = line.kind is CriterionKind.JUDGED
    code, scale_max = f"c{place}", len(line.levels) if judged else 100
    if not judged:
        RoundCriterion(code, line.name, line.kind, line.weight_bp, 1, scale_max, line.rule).scoring()
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
