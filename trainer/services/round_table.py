"""Tables of figures brought along for a round: read, looked through, put in force, taken back; only while it is prepared."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.people import mask_numbers
from trainer.domain.rubric import BadSelectionInput
from trainer.domain.selection import RoundState
from trainer.errors import Conflict, NotFound
from trainer.models.selection import RoundTable
from trainer.platforms.limits import run_limited
from trainer.platforms.round_table import TableRead, read_round_table
from trainer.queries.rubric import list_codes
from trainer.services import audit, reading_room
from trainer.services.round import RoundNotDraft, take_round
from trainer.services.rules_check import check_rules


@dataclass(frozen=True)
class Reading:
    """A file read; only its hash is kept of the file itself."""

    file_name: str
    sha256: str
    table: TableRead


def read(file_name: str, content: bytes) -> Reading:
    """Read an upload in a limited child process; call it outside a transaction. Raises UnreadableFile, ReadersBusy."""
    with reading_room.place():
        table = run_limited(read_round_table, content)
    return Reading(file_name, hashlib.sha256(content).hexdigest(), table)


def send(round_id: int, version: int, reading: Reading, *, by: Actor, at: datetime) -> RoundTable:
    """Keep a table to be looked at; it does not count before it is put in force.

    Raises BadSelectionInput with the row where one names nobody, or somebody who is named already.
    """
    take_round(round_id, version, RoundState.DRAFT, RoundNotDraft)
    table = RoundTable(
        round_id=round_id,
        file_name=mask_numbers(reading.file_name)[-200:],
        sha256=reading.sha256,
        columns=list(reading.table.columns),
        cells=match_rows(reading.table, list_codes(round_id)),
        uploaded_at=at,
        uploaded_by=by.account_id,
        superseded_at=at,
    )
    db.session.add(table)
    db.session.flush()
    audit.record("round_table.send", "round", round_id, by=by, at=at, table=table.id, rows=len(table.cells))
    return table


def match_rows(table: TableRead, candidates: Sequence[tuple[str, str]]) -> dict[str, Mapping[str, str]]:
    """Code → cells. `candidates`: (code, name)."""
    by_name: dict[str, list[str]] = {}
    for code, name in candidates:
        by_name.setdefault(name, []).append(code)
    codes = {code.upper(): code for code, _name in candidates}
    found: dict[str, Mapping[str, str]] = {}
    for row, key, cells in table.rows:
        if not key:
            raise BadSelectionInput("table_row_nameless", row=row)
        meant = [codes[key.upper()]] if table.by_code and key.upper() in codes else []
        meant = meant if table.by_code else by_name.get(key, [])
        if not meant:
            raise BadSelectionInput("table_row_unknown", row=row, value=key)
        if len(meant) > 1:
            raise BadSelectionInput("table_row_namesakes", row=row, value=key)
        if meant[0] in found:
            raise BadSelectionInput("table_row_twice", row=row, value=key)
        found[meant[0]] = cells
    return found


def put_in_force(round_id: int, version: int, table_id: int, *, by: Actor, at: datetime) -> None:
    """Let a table count, in place of the one that does. Raises BadSelectionInput where the rules cannot read it."""
    take_round(round_id, version, RoundState.DRAFT, RoundNotDraft)
    table = _table(round_id, table_id)
    if table.superseded_at is None:
        raise Conflict()
    _end(round_id, at)
    table.superseded_at = None
    db.session.flush()
    check_rules(round_id, at=at)
    audit.record("round_table.use", "round", round_id, by=by, at=at, table=table_id)


def take_back(round_id: int, version: int, *, by: Actor, at: datetime) -> None:
    """Let no table count any more; it can be put in force again."""
    take_round(round_id, version, RoundState.DRAFT, RoundNotDraft)
    if not _end(round_id, at):
        raise NotFound()
    audit.record("round_table.take_back", "round", round_id, by=by, at=at)


def _end(round_id: int, at: datetime) -> int:
    return db.session.execute(
        update(RoundTable)
        .where(RoundTable.round_id == round_id, RoundTable.superseded_at.is_(None))
        .values(superseded_at=at)
    ).rowcount


def _table(round_id: int, table_id: int) -> RoundTable:
    table = db.session.get(RoundTable, table_id)
    if table is None or table.round_id != round_id:
        raise NotFound()
    return table
