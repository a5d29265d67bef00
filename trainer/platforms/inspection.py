"""A sales file taken apart: which platform's and kind, its rows, what was refused and why, and its sums."""

import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import BinaryIO

from trainer.domain.sales import Platform, Problem, SalesKind, SalesRow
from trainer.errors import UnreadableFile
from trainer.platforms.headers import Match, find_header
from trainer.platforms.livestreams import Period, read_livestreams
from trainer.platforms.mapping import Mapping
from trainer.platforms.orders import read_orders
from trainer.platforms.plain import row_of
from trainer.platforms.reading import read_rows
from trainer.platforms.settlements import read_settlements
from trainer.platforms.sheet import Control, Sheet
from trainer.platforms.spool import Spool
from trainer.platforms.tables import open_tables
from trainer.platforms.totals import TOTALS, Totals

STATED_PERIOD = re.compile(
    r"(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})日?\s*[~～至—-]+\s*(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})"
)


@dataclass(frozen=True)
class Inspection:
    """`rows` are the accepted ones, unless they wait on a spool, and `row_count` how many; `data_rows` counts those
    of the file, refused and repeated ones too. `warnings` are the first 20,000, `warning_count` is of all.

    `rejected_cells`: row number → heading → cell as written, of refused rows, personal columns left out.
    """

    platform: Platform
    kind: SalesKind
    variant: str
    # A commission host's own file: orders of other shops that she sold.
    is_of_host: bool
    evidence: str
    sha256: str
    fingerprint: str
    sheet: str | None
    header_row: int
    data_rows: int
    rows: tuple[SalesRow, ...]
    row_count: int
    sums: dict[str, object]
    rejected: tuple[Problem, ...]
    rejected_cells: dict[int, dict[str, str]]
    warnings: tuple[Problem, ...]
    warning_count: int
    unknown_columns: tuple[str, ...]
    controls: tuple[Control, ...]
    accounts: tuple[str, ...]


def inspect_file(
    content: bytes | BinaryIO,
    *,
    today: date,
    platform: Platform | None = None,
    period: Period | None = None,
    mappings: Sequence[Mapping] = (),
) -> Inspection:
    """As `inspect_stream`, with the rows in memory: for small files."""
    spool = Spool(io.BytesIO())
    found = inspect_stream(content, spool, today=today, platform=platform, period=period, mappings=mappings)
    return replace(found, rows=tuple(row_of(found.kind, row) for chunk in spool.chunks() for row in chunk))


def inspect_stream(
    content: bytes | BinaryIO,
    spool: Spool,
    *,
    today: date,
    platform: Platform | None = None,
    period: Period | None = None,
    mappings: Sequence[Mapping] = (),
) -> Inspection:
    """The accepted rows on the spool (`plain.FIELDS` of the kind), none of them in the answer.

    `platform` helps where headings alone leave it open, `mappings` are what people said of them; `period` dates
    lists that print no year. Raises UnreadableFile. Run through `limits.run_spooled` where the file comes from
    outside.
    """
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    match, notes = find_header(open_tables(file).tables, platform, mappings)
    sheet = Sheet(match)
    for note in notes:
        sheet.note(note)
    for heading in match.twice:
        sheet.note(Problem(match.row + 1, heading, "column_twice"))
    spool.tally = totals = TOTALS[match.profile.kind]()
    _read(sheet, spool, today, period or _stated_period(match))
    if not sheet.data_rows:
        raise UnreadableFile("no_rows")
    spool.flush()
    return _inspection(sheet, totals, sha256)


def _inspection(sheet: Sheet, totals: Totals, sha256: str) -> Inspection:
    """What was seen of the file once every row was read."""
    match, controls = sheet.match, sheet.controls()
    for control in controls:
        if not control.agrees:
            told = {"stated": control.stated, "summed": control.summed}
            sheet.note(Problem(control.row, control.field, "total_differs", told))
    return Inspection(
        platform=match.profile.platform,
        kind=match.profile.kind,
        variant=match.profile.variant,
        is_of_host=match.profile.is_of_host,
        evidence=match.profile.evidence,
        sha256=sha256,
        fingerprint=match.fingerprint,
        sheet=match.table.name,
        header_row=match.row + 1,
        data_rows=sheet.data_rows,
        rows=(),
        row_count=totals.count,
        sums=totals.answer(),
        rejected=_in_order(sheet.rejected),
        rejected_cells=sheet.rejected_cells,
        warnings=_in_order(sheet.warnings),
        warning_count=sheet.warning_count,
        unknown_columns=match.unknown,
        controls=tuple(controls),
        accounts=tuple(sheet.accounts),
    )


def _in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: problem.row))


def _read(sheet: Sheet, spool: Spool, today: date, period: Period | None) -> None:
    kind = sheet.match.profile.kind
    if kind is SalesKind.LIVE_SESSION:
        read_livestreams(sheet, read_rows(sheet), spool, today=today, period=period)
    elif kind is SalesKind.ORDER:
        read_orders(sheet, read_rows(sheet), spool)
    else:
        read_settlements(sheet, read_rows(sheet), spool)


def _stated_period(match: Match) -> Period | None:
    """A preamble such as 统计周期：2026-03-01~2026-04-12 says which year dates are of."""
    for cells in match.table.rows[: match.row]:
        for cell in cells:
            if isinstance(cell, str) and (found := STATED_PERIOD.search(cell)):
                year, month, day, *last = map(int, found.groups())
                try:
                    return date(year, month, day), date(*last)
                except ValueError:
                    return None
    return None


def inspection_summary(inspection: Inspection) -> dict[str, object]:
    """The answer of `sales inspect`; problems as [row, field, code, values], to which a sentence is put later."""
    return {
        "platform": inspection.platform.value,
        "kind": inspection.kind.value,
        "header_row": inspection.header_row,
        "data_rows": inspection.data_rows,
        "rows": inspection.data_rows,
        "rejected": _told(inspection.rejected),
        "warnings": _told(inspection.warnings),
        **inspection.sums,
    }


def _told(problems: tuple[Problem, ...]) -> list[list[object]]:
    return [[problem.row, problem.field, problem.code, dict(problem.values)] for problem in problems]
