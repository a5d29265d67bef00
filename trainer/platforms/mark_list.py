"""A list of marks, or of who watched a live lesson: its sheet, its columns by whatever they are called, its rows."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from trainer.domain.mark_import import MarkFile, MarkRow, read_day
from trainer.domain.people import cell_text, clean_text
from trainer.errors import UnreadableFile
from trainer.platforms.roster import BRACKETED, FOOTER, HEADER_WITHIN, TEXT_FORCED, TOTAL
from trainer.platforms.tables import Table, read_tables

ALIASES = {
    "number": "序号 编号 序 no",
    "seat": "座号 座位号 座位 座次 座次号 seat",
    "name": "姓名 学员姓名 名字 学员 人员姓名 参训人员 真实姓名 签到人 name",
    "nickname": "昵称 用户昵称 用户名 用户名称 用户 观众昵称 观众 微信昵称 微信名 快手昵称 抖音昵称 参会者 参会人 参会者名称 "
    "成员 成员姓名 观看用户 nickname",
    "phone": "手机 手机号 手机号码 电话 电话号码 联系电话 联系方式 phone",
    "tail": "后四位 手机后四位 手机号后四位 电话后四位 尾号 手机尾号 手机号尾号",
    "status": "状态 考勤 考勤状态 考勤结果 考勤情况 出勤 出勤状态 出勤情况 到课 到课情况 到课状态 签到 签到状态 签到情况 签到结果 "
    "是否到课 是否签到 是否出勤 是否到场 点名 点名结果 打卡状态 打卡结果 status",
    "time": "签到时间 扫码时间 打卡时间 到课时间 到场时间 时间 提交时间 填写时间 答题时间 进入时间 进入直播间时间 进入直播时间 "
    "加入时间 入会时间 首次进入时间 开始观看时间 time",
    "left": "离开时间 退出时间 离会时间 离开直播间时间 退出直播间时间 最后离开时间 结束观看时间",
    "minutes": "观看时长 观看分钟 观看分钟数 观看时间 时长 在线时长 观看总时长 累计观看时长 总观看时长 参会时长 停留时长 累计时长 minutes",
    "day": "日期 上课日期 签到日期 课程日期 date",
    "lesson": "课程 课程名称 课次 课程内容 上课内容 半天 时段 上课时段 lesson",
    "note": "备注 备注说明 说明 note",
}
FIELD_OF = {alias: field for field, aliases in ALIASES.items() for alias in aliases.split()}
WHO, WHAT = {"name", "nickname", "seat", "phone"}, {"status", "time", "minutes"}
# What a bare number under such a heading counts.
UNITS = (("秒", "秒"), ("小时", "小时"))
LONGEST = {"name": 60, "note": 200}


@dataclass(frozen=True)
class _Header:
    """`row` is the index of the first row below; `slots` are columns that are a lesson each."""

    row: int
    headings: tuple[str, ...]
    columns: dict[str, int]
    slots: tuple[int, ...]

    @property
    def weight(self) -> int:
        return len(self.columns) + len(self.slots)


def read_mark_list(content: bytes, *, today: date) -> MarkFile:
    """An uploaded file as marks; raises UnreadableFile with its reason."""
    tables = read_tables(content).tables
    found = [(table, header) for table in tables if (header := _find_header(table, today))]
    if not found:
        raise UnreadableFile("no_mark_header")
    table, header = max(found, key=lambda pair: pair[1].weight)
    known = {*header.columns.values(), *header.slots}
    rows = [MarkRow(number, **said) for number, said in enumerate(_sayings(table, header), 1)]
    return MarkFile(
        table.name,
        header.headings,
        tuple(heading for at, heading in enumerate(header.headings) if heading and at not in known),
        tuple(rows),
    )


def _find_header(table: Table, today: date) -> _Header | None:
    """Of the first rows the one with the most known headings: who, and what is said of her."""
    found = []
    for number, cells in enumerate(table.rows[:HEADER_WITHIN], 1):
        headings = tuple(clean_text(cell_text(cell)) for cell in cells)
        columns: dict[str, int] = {}
        for at, heading in enumerate(headings):
            if field := _field_of(heading):
                columns.setdefault(field, at)
        slots = tuple(at for at, text in enumerate(headings) if not _field_of(text) and read_day(text, today))
        if columns.keys() & WHO and (columns.keys() & WHAT or slots):
            found.append(_Header(number, headings, columns, slots))
    return max(found, key=lambda header: header.weight, default=None)


def _field_of(heading: str) -> str | None:
    plain = unicodedata.normalize("NFKC", heading).lower()
    for text in (plain, BRACKETED.sub("", plain)):
        if field := FIELD_OF.get(re.sub(r"[\W_]|必填|选填", "", text)):
            return field
    return None


def _sayings(table: Table, header: _Header) -> Iterator[dict]:
    """One for each row, or for each lesson of a row; what says nothing is left out."""
    for number, cells in enumerate(table.rows[header.row :], header.row + 1):
        texts = [_text(cell) for cell in cells[: len(header.headings)]]
        texts += [""] * (len(header.headings) - len(texts))
        said = {field: texts[at] for field, at in header.columns.items()}
        if _is_aside(said, texts):
            continue
        row = _row(number, said, header) | {"raw": tuple(texts)}
        if not header.slots:
            yield row
        for at in header.slots:
            yield row | {"status": texts[at], "lesson": header.headings[at]}


def _row(number: int, said: dict[str, str], header: _Header) -> dict:
    row = {field: said.get(field, "") for field in ("seat", "status", "time", "left", "day", "lesson")}
    row |= {field: said.get(field, "")[:most] for field, most in LONGEST.items()}
    row["name"] = row["name"] or said.get("nickname", "")[: LONGEST["name"]]
    row["phone"] = said.get("phone") or said.get("tail", "")
    minutes = said.get("minutes", "")
    if re.fullmatch(r"[0-9.]+", minutes):
        heading = header.headings[header.columns["minutes"]]
        minutes += next((unit for word, unit in UNITS if word in heading), "")
    return row | {"row": number, "minutes": minutes}


def _text(cell: object) -> str:
    text = cell_text(cell).strip()
    return clean_text(forced[1] if (forced := TEXT_FORCED.fullmatch(text)) else text)


def _is_aside(said: dict[str, str], texts: list[str]) -> bool:
    """Blank, a total, a line to sign under, or the headings again on a new page."""
    who = [said.get(field, "") for field in WHO | {"tail"}]
    first = re.sub(r"\s", "", next((text for text in texts if text), ""))
    if not any(who) or TOTAL.match(first) or FOOTER.match(first):
        return True
    return _field_of(said.get("name") or said.get("nickname") or said.get("seat") or "") in WHO
