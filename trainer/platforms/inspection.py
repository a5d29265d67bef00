"""A sales file taken apart: which platform's and kind, its rows, what was refused and why, and its sums."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import BinaryIO

from trainer.domain.sales import (
    LivestreamRow,
    OrderLineRow,
    OrderStatus,
    Platform,
    Problem,
    SalesKind,
    SalesRow,
    SettlementRow,
    total,
)
from trainer.platforms.headers import Match, find_header
from trainer.platforms.livestreams import Period, read_livestreams
from trainer.platforms.mapping import Mapping
from trainer.platforms.orders import read_orders
from trainer.platforms.plain import plain_of
from trainer.platforms.reading import Control, Sheet, read_rows
from trainer.platforms.settlements import read_settlements
from trainer.platforms.spool import Spool
from trainer.platforms.tables import read_tables

STATED_PERIOD = re.compile(
    r"(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})日?\s*[~～至—-]+\s*(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})"
)


@dataclass(frozen=True)
class Inspection:
    """`rows` are the accepted ones; `data_rows` counts those of the file, refused and repeated ones too.

    `rejected_cells`: row number → heading → cell as written, of refused rows, personal columns left out.
    """

    platform: Platform
    kind: SalesKind
    variant: str
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


def inspect_stream(
    content: BinaryIO,
    spool: Spool,
    *,
    today: date,
    platform: Platform | None = None,
    period: Period | None = None,
    mappings: Sequence[Mapping] = (),
) -> Inspection:
    """As `inspect_file`, the accepted rows on the spool (`plain.FIELDS`) and none of them in the answer.

    Run through `limits.run_spooled`.
    """
    found = inspect_file(content, today=today, platform=platform, period=period, mappings=mappings)
    for row in found.rows:
        spool.add(plain_of(row))
    spool.flush()
    return replace(found, rows=())


def inspect_file(
    content: bytes | BinaryIO,
    *,
    today: date,
    platform: Platform | None = None,
    period: Period | None = None,
    mappings: Sequence[Mapping] = (),
) -> Inspection:
    """`platform` helps where headings alone leave it open; `period` dates lists that print no year; `mappings` are
    what people said of columns that no profile knows.

    Raises UnreadableFile. Run through `limits.run_limited` where the file comes from outside.
    """
    content = content if isinstance(content, bytes) else content.read()
    match, notes = find_header(read_tables(content).tables, platform, mappings)
    sheet = Sheet(match, warnings=list(notes))
    for heading in match.twice:
        sheet.warnings.append(Problem(match.row + 1, heading, "column_twice"))
    rows = _rows(sheet, today, period or _stated_period(match))
    controls = sheet.controls()
    sheet.warnings.extend(
        Problem(control.row, control.field, "total_differs", {"stated": control.stated, "summed": control.summed})
        for control in controls
        if not control.agrees
    )
    return Inspection(
        platform=match.profile.platform,
        kind=match.profile.kind,
        variant=match.profile.variant,
        evidence=match.profile.evidence,
        sha256=hashlib.sha256(content).hexdigest(),
        fingerprint=match.fingerprint,
        sheet=match.table.name,
        header_row=match.row + 1,
        data_rows=sheet.data_rows,
        rows=tuple(rows),
        row_count=len(rows),
        sums=SUMS[match.profile.kind](rows),
        rejected=_in_order(sheet.rejected),
        rejected_cells=sheet.rejected_cells,
        warnings=_in_order(sheet.warnings),
        warning_count=len(sheet.warnings),
        unknown_columns=match.unknown,
        controls=tuple(controls),
        accounts=tuple(sheet.accounts),
    )


def _in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: problem.row))


def _rows(sheet: Sheet, today: date, period: Period | None) -> list:
    kind = sheet.match.profile.kind
    if kind is SalesKind.LIVE_SESSION:
        return read_livestreams(sheet, read_rows(sheet), today=today, period=period)
    if kind is SalesKind.ORDER:
        return read_orders(sheet, read_rows(sheet))
    return read_settlements(sheet, read_rows(sheet))


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


def _sum_livestreams(rows: tuple[LivestreamRow, ...]) -> dict[str, object]:
    basis = next((row.refund_basis for row in rows if row.refund_basis), None)
    return {
        "gmv_fen": total(row.gmv_fen for row in rows),
        "gmv_incl_abnormal_fen": total(row.gmv_incl_abnormal_fen for row in rows),
        "refund_fen": total(row.refund_fen for row in rows),
        "refund_basis": basis.value if basis else None,
        "orders": total(row.orders for row in rows),
        "viewers": total(row.viewers for row in rows),
        "viewers_exact": all(row.viewers_exact for row in rows),
        "duration_s": total(row.duration_s for row in rows),
    }


def _sum_orders(rows: tuple[OrderLineRow, ...]) -> dict[str, object]:
    paid, refunded = sum(row.paid_fen for row in rows), sum(row.refunded_fen for row in rows)
    return {
        "main_orders": len({row.order_key for row in rows}),
        "paid_fen": paid,
        "refunded_fen": refunded,
        "net_fen": paid - refunded,
        "settled_fen": total(row.settled_fen for row in rows),
        "closed_rows": sum(row.status is OrderStatus.CLOSED for row in rows),
    }


def _sum_settlements(rows: tuple[SettlementRow, ...]) -> dict[str, object]:
    return {
        "income_fen": sum(row.income_fen for row in rows),
        "refund_fen": sum(row.refund_fen for row in rows),
        "fees_fen": sum(row.fees_fen for row in rows),
        "settled_fen": sum(row.settled_fen for row in rows),
    }


SUMS = {
    SalesKind.LIVE_SESSION: _sum_livestreams,
    SalesKind.ORDER: _sum_orders,
    SalesKind.SETTLEMENT: _sum_settlements,
}
