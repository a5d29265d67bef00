"""A table of figures that staff bring along for a round: one row a candidate, by her code or her name."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from trainer.domain.people import cell_text, clean_text, mask_numbers
from trainer.errors import UnreadableFile
from trainer.platforms.tables import read_tables

CODES = frozenset(["编号", "申报编号", "候选人编号", "选手编号", "代码", "申报代码", "code", "candidate"])
NAMES = frozenset(["姓名", "候选人", "选手", "选手姓名", "候选人姓名", "学员", "学员姓名", "name"])
# What tells who she is, or only counts the rows: never kept.
LEFT_OUT = frozenset(
    [
        "序号",
        "序",
        "no",
        "电话",
        "手机",
        "手机号",
        "手机号码",
        "联系电话",
        "联系方式",
        "身份证",
        "身份证号",
        "身份证号码",
        "证件号码",
        "银行卡",
        "银行卡号",
        "开户行",
        "住址",
        "地址",
        "家庭住址",
        "家庭地址",
        "phone",
    ]
)
MOST_ROWS, MOST_COLUMNS, LONGEST_HEADING, LONGEST_CELL = 5_000, 60, 60, 60
HEADER_WITHIN = 10
GROUPED = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")


@dataclass(frozen=True)
class TableRead:
    """`rows`: (row number in the sheet, code or name, text by column). `by_code`: which of the two they go by."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, str, dict[str, str]], ...]
    by_code: bool
    left_out: tuple[str, ...]


def read_round_table(content) -> TableRead:
    """The first sheet that has a column of codes or names. Raises UnreadableFile."""
    for table in read_tables(content).tables:
        for at, cells in enumerate(table.rows[:HEADER_WITHIN]):
            headings = [clean_text(cell_text(cell)) for cell in cells]
            key = _key(headings)
            if key is not None:
                return _read(table.rows, at, headings, key)
    raise UnreadableFile("table_without_codes")


def _key(headings: list[str]) -> int | None:
    plain = [heading.lower() for heading in headings]
    for wanted in (CODES, NAMES):
        found = next((at for at, heading in enumerate(plain) if heading in wanted), None)
        if found is not None:
            return found
    return None


def _read(rows, header: int, headings: list[str], key: int) -> TableRead:
    kept, left_out = [], []
    for at, heading in enumerate(headings):
        if at == key or not heading:
            continue
        (left_out if heading.lower() in LEFT_OUT | NAMES | CODES else kept).append(at)
    columns = [headings[at] for at in kept]
    _check(columns, len(rows))
    found = []
    for number, cells in enumerate(rows[header + 1 :], start=header + 2):
        texts = [_text(cell) for cell in cells] + [""] * (len(headings) - len(cells))
        if any(texts):
            found.append((number, texts[key], {headings[at]: texts[at] for at in kept if texts[at]}))
    if not found:
        raise UnreadableFile("table_without_rows")
    by_code = headings[key].lower() in CODES
    return TableRead(tuple(columns), tuple(found), by_code, tuple(headings[at] for at in left_out))


def _check(columns: list[str], rows: int) -> None:
    if not columns:
        raise UnreadableFile("table_without_figures")
    twice = next((column for column in columns if columns.count(column) > 1), None)
    if twice:
        raise UnreadableFile("table_column_twice", column=twice[:LONGEST_HEADING])
    if len(columns) > MOST_COLUMNS or rows > MOST_ROWS:
        raise UnreadableFile("table_too_large", rows=MOST_ROWS, columns=MOST_COLUMNS)
    long = next((column for column in columns if len(column) > LONGEST_HEADING), None)
    if long:
        raise UnreadableFile("table_heading_long", column=long[:20], most=LONGEST_HEADING)


def _text(cell: object) -> str:
    """A number as a person would type it, without the commas of thousands."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return format(Decimal(repr(cell)).normalize() + 0, "f")
    text = unicodedata.normalize("NFKC", cell_text(cell)).strip()
    if GROUPED.fullmatch(text):
        text = text.replace(",", "")
    return mask_numbers(text)[:LONGEST_CELL]
