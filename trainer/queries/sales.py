"""Sales files: the batches of a shop, and their rows as a person checks them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.imports import BatchState, ImportKind, RowAction, counts_in
from trainer.domain.sales import GmvMeasure, OrderStatus, RefundBasis, SalesKind
from trainer.domain.sales_import import Facts, abnormal_share, changes, compare, read_facts
from trainer.models.account import Account
from trainer.models.imports import ImportBatch, ImportRow
from trainer.models.sales import FACTS, KNOWN, VERSIONS, LivestreamVersion, Shop
from trainer.permissions import Permission
from trainer.queries.person import visible_people
from trainer.queries.scoping import Page, fetch_page
from trainer.queries.shop import SHOPS, ShopHead, shop_head


@dataclass(frozen=True)
class BatchHead:
    """One file of a shop; `summary` as the service wrote it."""

    id: int
    filename: str
    state: BatchState
    summary: dict
    created_at: datetime
    committed_at: datetime | None
    undone_at: datetime | None
    created_by: str | None

    @property
    def kind(self) -> SalesKind:
        return SalesKind(self.summary["kind"])

    @property
    def counts(self) -> list[tuple[RowAction, int]]:
        return counts_in(self.summary)


_HEAD = (
    *(ImportBatch.id, ImportBatch.filename, ImportBatch.state, ImportBatch.summary, ImportBatch.created_at),
    *(ImportBatch.committed_at, ImportBatch.undone_at, Account.name),
)


def get_batch_for(actor: Actor, permission: Permission, batch_id: int) -> tuple[BatchHead, ShopHead] | None:
    row = db.session.execute(
        SHOPS.add_columns(*_HEAD)
        .join(ImportBatch, ImportBatch.shop_id == Shop.id)
        .outerjoin(Account, Account.id == ImportBatch.created_by)
        .where(
            ImportBatch.id == batch_id,
            ImportBatch.kind == ImportKind.SALES,
            visible_people(actor, permission),
        )
    ).one_or_none()
    if row is None:
        return None
    return BatchHead(*row[10:]), shop_head(row)


def get_batch(batch_id: int) -> BatchHead | None:
    """Whoever asks: for commands, which act for the installation."""
    row = db.session.execute(
        select(*_HEAD).outerjoin(Account, Account.id == ImportBatch.created_by).where(ImportBatch.id == batch_id)
    ).one_or_none()
    return BatchHead(*row) if row else None


def list_batches(shop_id: int, *, most: int = 50) -> list[BatchHead]:
    """A shop's files, the newest first; discarded ones are not worth a line."""
    rows = db.session.execute(
        select(*_HEAD)
        .outerjoin(Account, Account.id == ImportBatch.created_by)
        .where(ImportBatch.shop_id == shop_id, ImportBatch.state != BatchState.DISCARDED)
        .order_by(ImportBatch.created_at.desc(), ImportBatch.id.desc())
        .limit(most)
    )
    return [BatchHead(*row) for row in rows]


@dataclass(frozen=True)
class BatchLine:
    """A row of the file: `facts` as it says (for a rejected row: heading → cell), `changes` as (column, old, new)."""

    row_number: int
    action: RowAction
    facts: Facts
    changes: list[tuple[str, object, object]]
    problems: list
    warnings: list


# Rows that are not taken in whatever happens; they stand apart.
LEFT_OUT = (RowAction.REJECTED, RowAction.DUPLICATE)
# What is looked at first.
IN_ORDER = (
    *(RowAction.NEEDS_PERSON, RowAction.CONFLICT, RowAction.LOCKED, RowAction.UPDATE, RowAction.NEW),
    RowAction.SAME,
)


def batch_lines_page(batch: BatchHead, action: RowAction | None, *, page: int = 1) -> Page[BatchLine]:
    """Rows of one action in the file's order; without one, all that could be taken in, what needs a look first."""
    counts = batch.summary["counts"]
    if action in LEFT_OUT or (action is None and not any(counts.get(one) for one in IN_ORDER)):
        return _left_out_page(batch, (action,) if action else LEFT_OUT, page)
    versions, known, names = VERSIONS[batch.kind], KNOWN[batch.kind], FACTS[batch.kind]
    same_key = and_(known.c.platform == batch.summary["platform"], known.c.natural_key == versions.c.natural_key)
    urgency = case({each: rank for rank, each in enumerate(IN_ORDER)}, value=versions.c.action)
    statement = (
        select(versions, *(known.c[name].label(f"known_{name}") for name in names))
        .outerjoin(known, same_key)
        .where(versions.c.batch_id == batch.id)
        .order_by(*([] if action else [urgency]), versions.c.row_number)
    )
    if action:
        statement = statement.where(versions.c.action == action)
    return fetch_page(statement, lambda row: _line(batch, row._mapping), page=page, per_page=50)


def _left_out_page(batch: BatchHead, actions: tuple[RowAction, ...], page: int) -> Page[BatchLine]:
    statement = (
        select(ImportRow.row_number, ImportRow.action, ImportRow.content, ImportRow.problems)
        .where(ImportRow.batch_id == batch.id, ImportRow.action.in_(actions))
        .order_by(ImportRow.row_number)
    )
    return fetch_page(
        statement,
        lambda row: BatchLine(row.row_number, row.action, read_facts(row.content), [], row.problems, []),
        page=page,
        per_page=50,
    )


def _line(batch: BatchHead, row: Mapping[str, object]) -> BatchLine:
    facts = {name: row[name] for name in FACTS[batch.kind]}
    warnings = list(row["warnings"] or ())
    if share := abnormal_share(facts):
        warnings.append(["", "abnormal_share", {"percent": f"{share * 100:.1f}"}])
    changed = []
    if row["action"] in (RowAction.UPDATE, RowAction.NEEDS_PERSON) and row["known_natural_key"]:
        known = read_facts(row["before"]) if row["before"] else {name: row[f"known_{name}"] for name in facts}
        known = {name: known.get(name) for name in facts}
        changed = changes(_typed(known), _typed(compare(batch.kind, known, facts)[1]))
    return BatchLine(row["row_number"], row["action"], _typed(facts), changed, row["problems"] or [], warnings)


def _typed(facts: Facts) -> Facts:
    """States as members of their kind, so that they have words."""
    kinds = (("status", OrderStatus), ("refund_basis", RefundBasis), ("gmv_measure", GmvMeasure))
    return {**facts, **{name: kind(facts[name]) for name, kind in kinds if facts.get(name)}}


def list_rejected(batch_id: int) -> list[tuple[int, dict[str, str], list]]:
    """(row number, heading → cell, problems) of every refused row."""
    rows = db.session.execute(
        select(ImportRow.row_number, ImportRow.content, ImportRow.problems)
        .where(ImportRow.batch_id == batch_id, ImportRow.action == RowAction.REJECTED)
        .order_by(ImportRow.row_number)
    )
    return [(number, read_facts(content), problems) for number, content, problems in rows]


def year_span(batch: BatchHead) -> tuple[datetime, datetime, int] | None:
    """First and last moment, and number, of the rows whose year is still to be said."""
    if batch.kind is not SalesKind.LIVE_SESSION:
        return None
    said = LivestreamVersion
    rows = db.session.execute(
        select(said.started_at, said.problems).where(said.batch_id == batch.id, said.action == RowAction.NEEDS_PERSON)
    )
    moments = [at for at, problems in rows if any(code == "year_assumed" for _, code, _ in problems or ())]
    return (min(moments), max(moments), len(moments)) if moments else None
