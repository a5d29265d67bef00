"""What needs somebody: counted on her home page, listed on a page of its own."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, literal, select, union_all

from trainer.database import db
from trainer.domain.actors import Actor, Role
from trainer.domain.jobs import JobName
from trainer.domain.need import NeedKind
from trainer.permissions import can
from trainer.queries.need_statements import STATEMENTS, Asked
from trainer.queries.scoping import Page, fetch_page


@dataclass(frozen=True)
class NeedRow:
    """One thing that waits: what it is, where it belongs, since or until when."""

    id: int | str
    title: object
    detail: object
    moment: datetime | date | None


# Whoever holds none but these acts on little: she is shown what there is to look at.
_LOOKING = frozenset({Role.AUDITOR, Role.FINANCE, Role.PARTNER})


def kinds_of(actor: Actor) -> list[NeedKind]:
    """The kinds that may wait for her."""
    looks = actor.roles <= _LOOKING
    return [
        kind
        for kind, (permission, _statement) in STATEMENTS.items()
        if (looks or not kind.is_to_look_at) and (permission is None or can(actor, permission))
    ]


def count_needs(actor: Actor, *, at: datetime, only: Collection[NeedKind] = frozenset(NeedKind)) -> dict[NeedKind, int]:
    """What waits for her, kinds without anything left out: one statement."""
    asked = Asked(actor, at)
    counts = [
        select(literal(kind.value), select(func.count()).select_from(_plain(kind, asked)).scalar_subquery())
        for kind in kinds_of(actor)
        if kind in only
    ]
    if not counts:
        return {}
    found = dict(db.session.execute(union_all(*counts)).all())
    return {kind: found[kind] for kind in NeedKind if found.get(kind)}


def _plain(kind: NeedKind, asked: Asked):
    statement = STATEMENTS[kind][1](asked).order_by(None)
    return statement.with_only_columns(literal(1).label("one"), maintain_column_froms=True).subquery()


def needs_page(actor: Actor, kind: NeedKind, *, at: datetime, page: int = 1, per_page: int = 20) -> Page[NeedRow]:
    """What one count of the home page is made of."""
    statement = STATEMENTS[kind][1](Asked(actor, at))
    return fetch_page(
        statement, lambda row: NeedRow(row[0], _typed(kind, row[1]), *row[2:]), page=page, per_page=per_page
    )


def _typed(kind: NeedKind, title: object) -> object:
    """A run's job is kept as plain text."""
    return JobName(title) if kind is NeedKind.JOB_FAILED and title in set(JobName) else title
