"""A month of sales as a workbook for the report upward: counties, then what each source says."""

from collections.abc import Sequence

from trainer.documents.workbook import Column, Sheet, write_workbook
from trainer.domain.sales import SalesKind
from trainer.domain.sales_period import Figures, PeriodLine, PeriodStage, together
from trainer.wording import label, platform_name
from trainer.wording.sales_period import BASES, FIGURES, MEASURES, NOTES, SHEET, SOURCES


def period_title(place: str, month: str) -> str:
    return str(SHEET["title"]) % {"place": place, "month": month}


def period_workbook(above: tuple[str, ...], rows: Sequence[tuple[str, PeriodStage, Figures]]) -> bytes:
    """`rows`: name of the county, how far it is approved, what is in it; `above`: the lines above each table."""
    foot = tuple(map(str, NOTES))
    counties = [(name, label(stage), *_counts(figures)) for name, stage, figures in rows]
    whole = together(figures for _name, _stage, figures in rows)
    sources = [(name, *_cells(line)) for name, _stage, figures in rows for line in figures.lines]
    return write_workbook(
        [
            Sheet(
                str(SHEET["counties"]),
                [Column(str(SHEET["county"])), Column(str(SHEET["stage"]), width=16), *_count_columns()],
                counties,
                above,
                totals=(str(SHEET["together"]), "", *_counts(whole)),
                foot_rows=foot,
            ),
            Sheet(str(SHEET["sources"]), _line_columns(), sources, above, foot_rows=foot),
        ]
    )


# Heading of the sheet, and how it is read from the figures.
_COUNTED = (
    ("shops", lambda one: one.shops),
    ("women", lambda one: one.women),
    ("with_data", lambda one: one.with_data),
    ("without_data", lambda one: one.without_data),
    ("timely", lambda one: one.timely),
    ("broadcasts", lambda one: one.count(SalesKind.LIVE_SESSION)),
    ("orders", lambda one: one.count(SalesKind.ORDER)),
    ("findings", lambda one: one.findings),
    ("unchecked", lambda one: one.unchecked),
    ("previews", lambda one: one.previews),
)


def _count_columns() -> list[Column]:
    return [Column(str(SHEET.get(name) or FIGURES[name]), "number", 11) for name, _read in _COUNTED]


def _counts(figures: Figures) -> tuple[int, ...]:
    return tuple(read(figures) for _name, read in _COUNTED)


def _line_columns() -> list[Column]:
    words = [Column(str(SHEET[name]), width=20) for name in ("county", "source", "whose", "platform", "rests_on")]
    money = [Column(str(SHEET[name]), "money", 16) for name in ("gross_fen", "refund_fen", "net_fen")]
    return [*words, Column(str(SHEET["count"]), "number", 10), *money]


def _cells(line: PeriodLine) -> tuple[object, ...]:
    said = (source_words(line), label(line.role), platform_name(line.platform), label(line.rests_on))
    return (*said, line.count, line.gross_fen, line.refund_fen, line.net_fen)


def source_words(line: PeriodLine) -> str:
    """Broadcasts · bought later by its viewers · refunds by day of refund."""
    parts = (SOURCES[line.source], MEASURES.get(line.measure), BASES.get(line.basis))
    return " · ".join(str(part) for part in parts if part)
