"""Marks on a spreadsheet: the form to fill in for a lesson, and the rows to be mended."""

from collections.abc import Mapping, Sequence

from trainer.documents.workbook import Column, Sheet, write_workbook
from trainer.domain.mark_import import SIGNS_IN_WORDS, WORDS, MarkRow

# The importer knows these headings; they are Chinese in whatever language staff read the site.
FORM = (("座号", 8), ("姓名", 14), ("后四位", 10), ("状态", 12), ("签到时间", 18), ("备注", 28))


def write_mark_form(title: str, women: Sequence[tuple[int, str, str]]) -> bytes:
    """Seat, name and last four digits of each are filled in; the status is chosen from a list."""
    columns = [
        Column(heading, "number" if heading == "座号" else "text", width, tuple(WORDS.values()) * (heading == "状态"))
        for heading, width in FORM
    ]
    how = f"状态从下拉列表中选，也可写符号：{SIGNS_IN_WORDS}。只填签到时间（如 08:31）时，系统按上课时间判断到或迟到。留空的行不导入。"
    rows = [(seat, name, tail, "", "", "") for seat, name, tail in women]
    form = Sheet("点名", columns, rows, title_rows=(title, how), is_form=True, portrait=True)
    return write_workbook([form])


def write_unfit_marks(
    title_rows: tuple[str, ...],
    headings: Sequence[str],
    rows: Sequence[MarkRow],
    reasons: Mapping[int, str],
    words: tuple[str, str],
) -> bytes:
    """The rows as they came, each once, with the reasons beside it; mended, the workbook can be sent again."""
    columns = [Column(heading or " ", width=16) for heading in headings]
    columns += [Column(words[0], width=56), Column(words[1], "number", 10)]
    raw = {row.row: row.raw for row in rows}
    cells = [(*texts, reasons[number], number) for number, texts in sorted(raw.items())]
    return write_workbook([Sheet("点名", columns, cells, title_rows=title_rows, is_form=True)])
