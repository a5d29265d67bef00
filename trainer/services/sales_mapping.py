"""Columns that no profile knows: a person says once which is which, and it is remembered by the headings."""

from collections.abc import Mapping as Columns
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.days import china_day
from trainer.domain.sales import Platform, SalesKind
from trainer.errors import NotFound
from trainer.models.sales import ColumnMapping
from trainer.platforms.limits import run_limited
from trainer.platforms.mapping import FIELDS, FoundHeadings, Mapping, headings_of, suggested
from trainer.platforms.trial import Trial, try_mapping
from trainer.services import audit, reading_room


@dataclass(frozen=True)
class Offer:
    """What may be said of a file's columns: fields in groups of which one is needed, the others, and first guesses."""

    required: tuple[tuple[str, ...], ...]
    optional: tuple[str, ...]
    guesses: dict[str, str]


def remembered(platform: str | None) -> tuple[Mapping, ...]:
    """What people said of columns, for the reader; of every platform where none is named."""
    statement = select(ColumnMapping).order_by(ColumnMapping.id)
    if platform:
        statement = statement.where(ColumnMapping.platform == platform)
    return tuple(
        Mapping(Platform(row.platform), SalesKind(row.kind), row.fingerprint, row.columns)
        for row in db.session.scalars(statement)
    )


def find_headings(content: bytes) -> FoundHeadings:
    """Read in a limited child process; call it outside a transaction. Raises UnreadableFile and ReadersBusy."""
    with reading_room.place():
        return run_limited(headings_of, content)


def try_out(content: bytes, mapping: Mapping, *, at: datetime) -> Trial:
    """The first rows as they would be read so. Raises UnreadableFile, UnfitMapping and ReadersBusy."""
    with reading_room.place():
        return run_limited(try_mapping, content, today=china_day(at), mapping=mapping)


def likeliest_kind(headings: tuple[str, ...]) -> SalesKind:
    """The kind of file of which most headings are familiar; orders where none is."""
    return max(
        (SalesKind.ORDER, SalesKind.LIVE_SESSION, SalesKind.SETTLEMENT), key=lambda kind: len(suggested(headings, kind))
    )


def offer(kind: SalesKind, headings: tuple[str, ...]) -> Offer:
    known = FIELDS[kind]
    needed = {name for group in known.required for name in group}
    optional = tuple(name for name in known.fields if name not in needed)
    return Offer(known.required, optional, suggested(headings, kind))


def said(platform: str, kind: SalesKind, found: FoundHeadings, columns: Columns[str, str]) -> Mapping:
    """What was chosen, checked against the headings of the file. Raises UnfitMapping."""
    mapping = Mapping(Platform(platform), kind, found.fingerprint, dict(columns))
    mapping.check(dict.fromkeys(found.headings))
    return mapping


def remember(mapping: Mapping, *, by: Actor, at: datetime) -> None:
    """Kept for every later file of the platform with these headings; said anew, it takes the place of what was said."""
    row = db.session.scalar(
        select(ColumnMapping).where(
            ColumnMapping.platform == mapping.platform, ColumnMapping.fingerprint == mapping.fingerprint
        )
    )
    before = {"kind": row.kind, "columns": row.columns} if row else None
    if row is None:
        row = ColumnMapping(platform=mapping.platform.value, fingerprint=mapping.fingerprint)
        db.session.add(row)
    row.kind, row.columns = mapping.kind.value, dict(mapping.columns)
    row.created_at, row.created_by = at, by.account_id
    db.session.flush()
    after = {"kind": row.kind, "columns": row.columns}
    audit.record("column_mapping.set", "column_mapping", row.id, by=by, at=at, before=before, after=after)


def forget(mapping_id: int, *, by: Actor, at: datetime) -> None:
    """The next such file is asked about again. Raises NotFound."""
    row = db.session.get(ColumnMapping, mapping_id)
    if row is None:
        raise NotFound()
    before = {"platform": row.platform, "kind": row.kind, "columns": row.columns}
    db.session.delete(row)
    audit.record("column_mapping.forget", "column_mapping", mapping_id, by=by, at=at, before=before)
