"""The results sheet of a programme: targets against what was reached, and what stands behind each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from trainer.documents.workbook import worded_sheet, write_workbook
from trainer.domain.programme import TargetKind
from trainer.domain.target import TargetRow
from trainer.wording import label
from trainer.wording.programme import TARGET_MEANINGS
from trainer.wording.target import NOTES, SHEET, TOO_FEW

_TARGETS = (
    *(("kind", "text", 24), ("value", "number", 12), ("actual", "number", 12), ("share", "percent", 12)),
    *(("state", "text", 16), ("due_on", "date", 12), ("as_of", "date", 12), ("source", "text", 30)),
    ("meaning", "text", 50),
)
_EVIDENCE = (
    *(("kind", "text", 24), ("words", "text", 30), ("said", "number", 12), ("as_of", "date", 12)),
    ("note", "text", 40),
)


@dataclass(frozen=True)
class Evidence:
    """One thing behind a target: a cohort, a county, a mentor; `address`: its page, where there is one."""

    words: str
    figure: float
    as_of: date | None
    note: str
    address: str


def targets_title(programme: str) -> str:
    return str(SHEET["title"]) % {"programme": programme}


def targets_workbook(
    above: tuple[str, ...],
    targets: Sequence[TargetRow],
    evidence: Mapping[TargetKind, Sequence[Evidence]],
    *,
    today: date,
) -> bytes:
    """`above`: the lines above each table."""
    behind = [
        (label(row.kind), one.words, one.figure, one.as_of, one.note)
        for row in targets
        for one in evidence.get(row.kind, ())
    ]
    sheets = (("targets", _TARGETS, [_target(row, today) for row in targets]), ("evidence", _EVIDENCE, behind))
    foot = tuple(map(str, NOTES))
    return write_workbook([worded_sheet(SHEET, *sheet, above, foot_rows=foot) for sheet in sheets])


def _target(row: TargetRow, today: date) -> tuple[object, ...]:
    shown = row.actual.value if row.actual else str(TOO_FEW)
    state = row.state(today)
    days = (label(state) if state else "", row.due_on, row.actual.as_of if row.actual else None)
    return (label(row.kind), row.value, shown, row.share, *days, row.source, str(TARGET_MEANINGS[row.kind]))
