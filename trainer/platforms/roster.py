"""A county's list of trainees: its sheet, its columns by whatever they are called, its rows cleaned."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise, zip_longest

from trainer.domain import people
from trainer.domain.people import Problem, Sex, cell_text, clean_text, is_formula_like
from trainer.domain.person import PersonKind
from trainer.domain.roster import Remark, RosterFile, RosterRow, TotalRow
from trainer.errors import UnreadableFile
from trainer.platforms.past_list import PAST_ALIASES, read_class, read_past
from trainer.platforms.tables import Table, TableFile, read_tables

HEADER_WITHIN = 20
NUMBER = "number"
ALIASES = {
    NUMBER: "序号 编号 序 行号 no",
    "name": "姓名 学员姓名 名字 学员 人员姓名 参训人员 参训人员姓名 学员名称",
    "sex": "性别",
    "id_number": "身份证号码 身份证号 身份证 公民身份号码 公民身份证号码 公民身份证号 居民身份证号码 居民身份证号 "
    "居民身份证 身份号码 身份证件号码 证件号码 证件号",
    "phone": "联系电话 手机号码 手机号 手机 电话 电话号码 联系方式 联系手机 联系手机号 移动电话 "
    "本人电话 本人手机号 联系号码",
    "birth_year": "出生年份 出生年月 出生日期 出生年 出生年月日 生日",
    "ethnicity": "民族",
    "education": "文化程度 学历 受教育程度 文化水平 最高学历 教育程度",
    "county": "县区 县市区 区县 县 县名 所在县区 所属县区 所在县 所属县 所在区县 县区名称",
    "township": "乡镇 乡镇街道 街道乡镇 镇 乡 所在乡镇 所属乡镇 乡镇名称",
    "village": "村 行政村 村社区 村居 村名 村庄 村委会 所在村 所属村 所在村社区 社区",
    "business": "从事产业 产业 从事行业 主营产品 主营产业 主要产业 经营项目 产业项目 创业项目 经营产品 从事产业项目",
    "has_shop": "是否开店 是否已开店 是否有店铺 是否开设店铺 是否有网店 有无店铺 有无网店 开店情况",
    "kind": "人员类别 人员类型 人员身份 身份类别 学员类别 学员类型",
    "kuaishou": "快手号 快手账号 快手id 快手",
    "douyin": "抖音号 抖音账号 抖音id 抖音",
    "taobao": "淘宝店 淘宝店铺 淘宝店铺名称 淘宝账号 淘宝",
    "wechat_channels": "视频号 微信视频号 视频号账号 视频号id",
    "pinduoduo": "拼多多店铺 拼多多店 拼多多店铺名称 拼多多账号 拼多多",
    "note": "备注 备注说明 说明 其他",
}
PAST_FIELD_OF = {alias: field for field, aliases in PAST_ALIASES.items() for alias in aliases.split()}
FIELD_OF = {alias: field for field, aliases in ALIASES.items() for alias in aliases.split()}
PLATFORMS = ("kuaishou", "douyin", "taobao", "wechat_channels", "pinduoduo")
# As long as the register's columns.
TEXTS = {"ethnicity": 20, "education": 20, "county": 60, "township": 60, "village": 60, "business": 60, "note": 500}
ACCOUNT_LENGTH = 60
BLANKS = frozenset(("", "-", "--", "—", "——", "－", "/", "／", "\\", "无", "暂无", "没有", "空", "n/a", "none", "null"))
SEXES = {"女": Sex.FEMALE, "女性": Sex.FEMALE, "f": Sex.FEMALE, "男": Sex.MALE, "男性": Sex.MALE, "m": Sex.MALE}
YES = frozenset(("是", "有", "已开", "已开店", "已有", "√", "✓", "✔", "y", "yes", "1", "true"))
NO = frozenset(("否", "无", "没有", "未", "未开", "未开店", "暂无", "×", "✗", "✘", "x", "n", "no", "0", "false"))
KINDS = {
    PersonKind.FARMER: "农户 农民 务农 村民",
    PersonKind.RETURNEE: "返乡创业 返乡 返乡人员 返乡创业人员 返乡青年",
    PersonKind.SHOPKEEPER: "开店经营 个体户 个体工商户 店主 商户",
    PersonKind.COMMUNITY_WORKER: "社区工作者 社区工作人员 网格员",
    PersonKind.MEDICAL_WORKER: "村医 乡村医生 医务人员 卫生人员",
    PersonKind.CADRE: "妇联干部 妇联主席 妇联执委 妇联工作者",
    PersonKind.OTHER: "其他 其它",
}
KIND_OF = {word: kind for kind, words in KINDS.items() for word in words.split()}
BRACKETED = re.compile(r"[(\[【].*?[)\]】]")
TOTAL = re.compile(r"合计|总计|共计|总人数|小计|共\d+人")
SUBTOTAL = "小计"
FOOTER = re.compile(r"(填报|填表|制表|审核|复核|负责|经办|联系人|盖章|单位|日期|备注|说明|注)[^:：]{0,10}[:：]")
EXAMPLE = re.compile(r"[(（【\[]?(示例|样例|范例|例$|例[:：])|.*[(（](示例|样例|范例)[)）]")
TEXT_FORCED = re.compile(r'="([^"]*)"')


@dataclass(frozen=True)
class _Header:
    """`row` is the number of the (last) row of headings, and so the index of the first row of data."""

    row: int
    headings: tuple[str, ...]
    columns: dict[str, int]


def read_roster_file(
    content: bytes, *, today: date | None = None, with_ids: bool = True, is_past: bool = False
) -> RosterFile:
    """An uploaded file as a roster; raises UnreadableFile with its reason."""
    return read_roster(read_tables(content), today=today, with_ids=with_ids, is_past=is_past)


def read_roster(
    table_file: TableFile, *, today: date | None = None, with_ids: bool = True, is_past: bool = False
) -> RosterFile:
    """The roster of a file; `today` refuses births after it. `is_past`: of a class that is over, with what such a list
    says beside its women. `with_ids` False: ID numbers are dropped wherever they
    stand, before anything is read, with a remark. Raises UnreadableFile('no_roster_header')."""
    found = [(table, header) for table in table_file.tables if (header := _find_header(table))]
    if not found:
        raise UnreadableFile("no_roster_header")
    # The first of the best: a second sheet with fewer columns is a summary or an older list.
    table, header = max(found, key=lambda pair: len(pair[1].columns))
    others = [other.name or "" for other, _ in found if other is not table]
    dropped = frozenset() if with_ids else _id_columns(header)
    if not with_ids:
        table, header = _without_ids(table, header, dropped)
    past = _past_columns(header) if is_past else {}
    rows: list[RosterRow] = []
    total: TotalRow | None = None
    for number, cells in _data_rows(table, header):
        if TOTAL.match(first := _first_text(cells)):
            total = total if first.startswith(SUBTOTAL) else TotalRow(number, _stated_total(cells))
        else:
            rows.append(_read_row(number, _padded(cells, header), header, today, past))
    return RosterFile(
        sheet=table.name,
        header_row=header.row,
        headings=header.headings,
        columns=header.columns,
        unknown_columns=_unknown(header, past),
        rows=tuple(rows),
        total_row=total,
        remarks=tuple(_remarks(header, len(rows), total, others, dropped)),
    )


def _id_columns(header: _Header) -> frozenset[int]:
    """All of them: a list may have a second one, which nothing reads but the rows handed back."""
    return frozenset(at for at, heading in enumerate(header.headings) if _field_of(heading) == "id_number")


def _without_ids(table: Table, header: _Header, dropped: frozenset[int]) -> tuple[Table, _Header]:
    """Cells of these columns empty, and no ID number in any other, such as a remark."""
    rows = [
        tuple(None if at in dropped else people.without_id_numbers(cell) for at, cell in enumerate(cells))
        for cells in table.rows[header.row :]
    ]
    columns = {field: at for field, at in header.columns.items() if at not in dropped}
    return replace(table, rows=[*table.rows[: header.row], *rows]), replace(header, columns=columns)


def _find_header(table: Table) -> _Header | None:
    """Of the first rows the one with the most known headings, together with the row below where that holds some too."""
    lines = [_headings(cells) for cells in table.rows[: HEADER_WITHIN + 1]]
    merged = [(row, _merged(upper, lower)) for row, (upper, lower) in enumerate(pairwise(lines), 2)]
    single = enumerate(lines[:HEADER_WITHIN], 1)
    found = [_Header(row, line, _columns(line)) for row, line in (*merged, *single) if line]
    best = max(found, key=lambda header: len(header.columns), default=None)
    return best if best and _is_header(best.columns) else None


def _headings(cells: tuple[object, ...]) -> tuple[str, ...]:
    return tuple(clean_text(cell) if isinstance(cell, str) else "" for cell in cells)


def _merged(upper: tuple[str, ...], lower: tuple[str, ...]) -> tuple[str, ...]:
    """Two rows of headings as one; () unless both hold some, and the lower one nothing else under those of the upper,
    as the first row of data does."""
    pairs = [(up, low, _field_of(up), _field_of(low)) for up, low in zip_longest(upper, lower, fillvalue="")]
    if not any(above for _, _, above, _ in pairs) or not any(below for _, _, _, below in pairs):
        return ()
    if any(above and low and not below for _, low, above, below in pairs):
        return ()
    return tuple(low or up for up, low, _, _ in pairs)


def _columns(headings: tuple[str, ...]) -> dict[str, int]:
    """Field → column; of two columns for one field the left one."""
    columns: dict[str, int] = {}
    for at, heading in enumerate(headings):
        field = _field_of(heading)
        if field:
            columns.setdefault(field, at)
    return columns


def _field_of(heading: str) -> str | None:
    """'*姓 名', '县（区）' and '联系电话（必填）' are all known by their letters, with or without the brackets."""
    plain = unicodedata.normalize("NFKC", heading).lower()
    for text in (plain, BRACKETED.sub("", plain)):
        if field := FIELD_OF.get(_letters(text)):
            return field
    return None


def _letters(text: str) -> str:
    return re.sub(r"[\W_]|必填|选填", "", text)


def _is_header(columns: Mapping[str, int]) -> bool:
    return "name" in columns and len(columns.keys() - {NUMBER, "note"}) > 1


def _past_columns(header: _Header) -> dict[str, int]:
    """Of the columns that are none of the register's."""
    known, columns = set(header.columns.values()), {}
    for at, heading in enumerate(header.headings):
        field = None if at in known else PAST_FIELD_OF.get(_letters(heading))
        if field:
            columns.setdefault(field, at)
    return columns


def _unknown(header: _Header, past: Mapping[str, int]) -> tuple[str, ...]:
    known = {*header.columns.values(), *past.values()}
    return tuple(heading for at, heading in enumerate(header.headings) if heading and at not in known)


def _data_rows(table: Table, header: _Header) -> Iterator[tuple[int, tuple[object, ...]]]:
    """(row number as a person sees it, cells) of what is a person or a total."""
    for number, cells in enumerate(table.rows[header.row :], header.row + 1):
        if TOTAL.match(_first_text(cells)) or not _is_aside(cells, header):
            yield number, cells


def _is_aside(cells: tuple[object, ...], header: _Header) -> bool:
    """Blank, the headings again on a new page, a line to sign under, or the template's example."""
    texts = {field: cell_text(cells[at]).strip() for field, at in header.columns.items() if at < len(cells)}
    if not any(text for field, text in texts.items() if field != NUMBER):
        return True
    if FOOTER.match(_first_text(cells)) or _field_of(texts.get("name", "")) == "name":
        return True
    return any(EXAMPLE.match(texts.get(field, "")) for field in (NUMBER, "name", "note"))


def _first_text(cells: tuple[object, ...]) -> str:
    """The row's first cell with something in it, if that is text, without its spaces."""
    first = next((cell for cell in cells if cell_text(cell).strip()), None)
    return re.sub(r"\s", "", first) if isinstance(first, str) else ""


def _stated_total(cells: tuple[object, ...]) -> int | None:
    """合计 | 100, or 共计100人."""
    texts = unicodedata.normalize("NFKC", " ".join(cell_text(cell) for cell in cells))
    number = re.search(r"\d+", texts)
    return int(number[0]) if number else None


def _remarks(
    header: _Header, counted: int, total: TotalRow | None, others: list[str], dropped: frozenset[int]
) -> Iterator[tuple[int, Remark]]:
    if dropped:
        headings = "、".join(header.headings[at] for at in sorted(dropped))
        yield header.row, Remark("id_number", "id_numbers_left_out", {"columns": headings})
    if total and total.stated is not None and total.stated != counted:
        yield total.row, Remark("total", "total_disagrees", {"stated": total.stated, "counted": counted})
    if others:
        yield header.row, Remark("sheet", "other_sheets", {"sheets": "、".join(others)})


def _padded(cells: tuple[object, ...], header: _Header) -> tuple[object, ...]:
    return cells + (None,) * (len(header.headings) - len(cells))


class _Reader:
    """One row's cells, and what is wrong with them as they are read."""

    def __init__(self, cells: tuple[object, ...], header: _Header) -> None:
        self.cells = cells
        self.header = header
        self.problems: list[Remark] = []
        self.warnings: list[Remark] = []

    def cell(self, field: str) -> object:
        """None for a missing column, an empty cell and the signs people put into one."""
        at = self.header.columns.get(field)
        cell = None if at is None else self.cells[at]
        if isinstance(cell, str):
            cell = forced[1] if (forced := TEXT_FORCED.fullmatch(cell.strip())) else cell
            return None if clean_text(cell).lower() in BLANKS else cell
        return cell

    def clean(self, field: str, rule: Callable[[object], object]) -> object:
        try:
            return rule(self.cell(field))
        except Problem as problem:
            self.problems.append(Remark(field, problem.code, problem.values))
            return None

    def text(self, field: str, most: int) -> str | None:
        text = clean_text(cell_text(self.cell(field)))
        if len(text) > most:
            self.problems.append(Remark(field, "text_too_long", {"most": most, "length": len(text)}))
        return text or None

    def past(self, columns: Mapping[str, int]) -> dict[str, str]:
        def cell(field: str) -> object:
            value = self.cells[columns[field]] if field in columns else None
            return None if isinstance(value, str) and clean_text(value).lower() in BLANKS else value

        try:
            return read_past(cell) if columns else {}
        except Problem as problem:
            field = problem.values.pop("field")
            self.problems.append(Remark(field, problem.code, problem.values))
            return read_class(cell)

    def warn(self, field: str, code: str, **values: object) -> None:
        self.warnings.append(Remark(field, code, values))


def _read_row(
    number: int, cells: tuple[object, ...], header: _Header, today: date | None, past: Mapping[str, int]
) -> RosterRow:
    reader = _Reader(cells, header)
    name = reader.clean("name", lambda cell: people.clean_name(cell_text(cell)))
    id_number = reader.clean("id_number", lambda cell: people.id_from_cell(cell, latest_birth=today))
    phone = reader.clean("phone", lambda cell: None if cell is None else people.clean_phone(cell))
    known = {
        "sex": _read_sex(reader, id_number),
        "birth_year": _read_birth_year(reader, id_number),
        "has_shop": _read_has_shop(reader),
        "kind": _read_kind(reader),
    }
    texts = {field: reader.text(field, most) for field, most in TEXTS.items()}
    accounts = {platform: reader.text(platform, ACCOUNT_LENGTH) for platform in PLATFORMS}
    _look_for_formulas(reader, name)
    return RosterRow(
        number,
        name=name,
        id_number=id_number,
        phone=phone,
        accounts={platform: account for platform, account in accounts.items() if account},
        past=reader.past(past),
        **known,
        **texts,
        problems=tuple(reader.problems),
        warnings=tuple(reader.warnings),
        raw=tuple(cell_text(cell) for cell in cells),
    )


def _read_sex(reader: _Reader, id_number: str | None) -> Sex | None:
    """The ID number's word counts where the column says otherwise."""
    text = clean_text(cell_text(reader.cell("sex"))).lower()
    stated = SEXES.get(text)
    if text and not stated:
        reader.warn("sex", "sex_unreadable", text=text[:20])
    if not id_number:
        return stated
    known = people.sex_from_id(id_number)
    if stated and stated != known:
        reader.warn("sex", "sex_contradicts_id")
    return known


def _read_birth_year(reader: _Reader, id_number: str | None) -> int | None:
    cell = reader.cell("birth_year")
    text = unicodedata.normalize("NFKC", cell_text(cell))
    year = re.match(r"\s*((?:19|20)[0-9]{2})(?:[0-9]{2}){0,2}(?![0-9])", text)
    stated = int(year[1]) if year else None
    if clean_text(text) and stated is None:
        reader.warn("birth_year", "birth_year_unreadable", text=clean_text(text)[:20])
    if not id_number:
        return stated
    known = people.birth_year_from_id(id_number)
    if stated and stated != known:
        reader.warn("birth_year", "birth_year_contradicts_id", stated=stated, known=known)
    return known


def _read_has_shop(reader: _Reader) -> bool | None:
    """'无' here is an answer, elsewhere an empty cell."""
    at = reader.header.columns.get("has_shop")
    text = "" if at is None else clean_text(cell_text(reader.cells[at])).lower()
    if text in YES or text in NO:
        return text in YES
    if text not in BLANKS:
        reader.warn("has_shop", "yes_no_unreadable", text=text[:20])
    return None


def _read_kind(reader: _Reader) -> PersonKind | None:
    text = clean_text(cell_text(reader.cell("kind")))
    if text and text not in KIND_OF:
        reader.warn("kind", "kind_unreadable", text=text[:20])
    return KIND_OF.get(text)


def _look_for_formulas(reader: _Reader, name: str | None) -> None:
    """One warning a row, naming the headings of all such cells, at the same field in whatever order the columns stand.
    A phone may begin with +86."""
    fields = [
        field
        for field in ALIASES
        if field not in ("phone", "id_number") and isinstance(cell := reader.cell(field), str) and is_formula_like(cell)
    ]
    if fields:
        headings = (reader.header.headings[reader.header.columns[field]] for field in fields)
        reader.warn(fields[0], "formula_like", columns="、".join(headings))
    if name and "name" not in fields and people.is_doubtful_name(name):
        reader.warn("name", "name_doubtful")
