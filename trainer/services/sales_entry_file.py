"""Typed broadcasts and the platform's files: a file takes one over, both versions kept; undone, it is given back."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, update

from trainer.database import db
from trainer.domain.sales import CHECKED_TRUST, SELF_REPORT_TRUST
from trainer.domain.sales_entry import (
    SAME_START,
    STANDING,
    EntryState,
    facts_of_entry,
    pair,
)
from trainer.domain.sales_import import Facts
from trainer.models.sales import Livestream, LivestreamFacts
from trainer.models.sales_entry import SalesEntry
from trainer.services.sales_entry import typed_of

# What a row that somebody typed has of them: the rest is blank, or as the table has it for nothing.
COLUMNS = tuple(LivestreamFacts.__annotations__)
BLANK = {
    column.key: column.default.arg if column.default else None
    for column in Livestream.__table__.c
    if column.key in COLUMNS
}


def match_typed(shop_id: int, new: Sequence[Facts]) -> dict[str, int]:
    """Natural key of a file's broadcast → number of the typed one that is the same."""
    typed = _list_typed(shop_id, [facts["started_at"] for facts in new])
    return pair(typed, {facts["natural_key"]: facts["started_at"] for facts in new})


def take_over(shop_id: int, new: Sequence[Facts], *, batch_id: int, at: datetime) -> dict[str, int]:
    """The file's broadcasts that were typed before: each typed row becomes the file's, its entry keeps its numbers.

    `new`: broadcasts of a file that are not known yet, or known as typed alone. Returns the broadcast's number by the
    file's natural key: these are written. Within the act that takes the file in, the shop being held. Four statements.
    """
    said, found = {facts["natural_key"]: facts for facts in new}, match_typed(shop_id, new)
    _write({id_: BLANK | _known_columns(said[key]) | {"batch_id": batch_id} for key, id_ in found.items()})
    replaced = update(SalesEntry).where(SalesEntry.livestream_id.in_(found.values()), SalesEntry.state.in_(STANDING))
    values = {"state": EntryState.REPLACED, "replaced_at": at, "version": SalesEntry.version + 1}
    db.session.execute(replaced.values(values).execution_options(synchronize_session=False))
    return found


def give_back(livestream_ids: Iterable[int]) -> set[int]:
    """Of broadcasts that no file speaks of any more, those that were typed: what was typed stands again, checked or not
    as it was. The others are the caller's to delete. Three statements."""
    replaced = select(SalesEntry).where(
        SalesEntry.livestream_id.in_(list(livestream_ids)), SalesEntry.state == EntryState.REPLACED
    )
    entries = db.session.scalars(replaced, execution_options={"populate_existing": True}).all()
    rows = {}
    for entry in entries:
        entry.state = EntryState.CHECKED if entry.checked_at else EntryState.SUBMITTED
        entry.replaced_at = None
        trust = CHECKED_TRUST if entry.checked_at else SELF_REPORT_TRUST
        facts = facts_of_entry(entry.shop_id, typed_of(entry), trust)
        rows[entry.livestream_id] = BLANK | facts | {"batch_id": None}
    _write(rows)
    db.session.flush()
    return set(rows)


def _list_typed(shop_id: int, moments: Sequence[datetime]) -> dict[int, datetime]:
    """Rows of the shop that no file has said anything of, where one of these may be the same: number and beginning."""
    if not moments:
        return {}
    between = Livestream.started_at.between(min(moments) - SAME_START, max(moments) + SAME_START)
    rows = db.session.execute(
        select(Livestream.id, Livestream.started_at).where(
            Livestream.shop_id == shop_id, Livestream.batch_id.is_(None), between
        )
    )
    return dict(rows.all())


def _known_columns(facts: Facts) -> Facts:
    return {name: value for name, value in facts.items() if name in COLUMNS}


def _write(rows: dict[int, Facts]) -> None:
    if rows:
        db.session.execute(update(Livestream), [{"id": id_, **facts} for id_, facts in rows.items()])
