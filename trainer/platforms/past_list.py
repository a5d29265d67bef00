"""What a list of a class held before this system says beside its women: class, days, hours, result, certificate."""

import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime

from trainer.domain.certificate import LONGEST_NUMBER, tidy_number
from trainer.domain.past_cohort import (
    CERTIFICATE,
    COURSE,
    ENDS_ON,
    ISSUED_ON,
    MINUTES,
    NOT_COMPLETED,
    PLACE,
    STARTS_ON,
)
from trainer.domain.people import ID_NUMBER, Problem, cell_text, check_id_number, clean_text

PERIOD, RESULT = "period", "result"
PAST_ALIASES = {
    COURSE: "班级 班次 期次 班名 培训班 培训班名称 培训班次 培训期次 培训名称 班级名称 所在班级 期数",
    STARTS_ON: "开始日期 开班日期 开班时间 开始时间 起始日期 培训开始日期 培训开始时间",
    ENDS_ON: "结束日期 结束时间 截止日期 培训结束日期 培训结束时间",
    PERIOD: "培训时间 培训日期 培训起止时间 起止时间 起止日期 培训起止日期",
    PLACE: "培训地点 上课地点 地点 培训地址",
    MINUTES: "学时 课时 总学时 培训学时 完成学时 培训课时",
    RESULT: "是否结业 结业情况 结业状态 培训结果 考核结果 结果 是否合格",
    CERTIFICATE: "证书编号 证书号 结业证书编号 结业证书号 证书号码 合格证书编号",
    ISSUED_ON: "发证日期 发证时间 颁证日期 颁发日期 证书日期 结业日期 结业时间",
}
FAILED = frozenset(("否", "未结业", "不合格", "未合格", "未通过", "退学", "中途退出", "×", "✗", "no", "n"))
_DAY = re.compile(r"(?:(20[0-9]{2}|19[0-9]{2})\s*[年./-])?\s*([0-9]{1,2})\s*[月./-]\s*([0-9]{1,2})\s*日?")
_SOLID = re.compile(r"((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9])")


def read_past(cell: Callable[[str], object]) -> dict[str, str]:
    """From the cells of a row by field, as `RosterRow.past` keeps it. Raises Problem with its field in `values`."""
    said = read_class(cell)
    if period := _days(PERIOD, cell(PERIOD)):
        said[STARTS_ON], said[ENDS_ON] = min(period).isoformat(), max(period).isoformat()
    for field in (STARTS_ON, ENDS_ON, ISSUED_ON):
        if days := _days(field, cell(field)):
            said[field] = days[0].isoformat()
    said |= _minutes(cell(MINUTES))
    if clean_text(cell_text(cell(RESULT))).lower() in FAILED:
        said[NOT_COMPLETED] = "1"
    if number := tidy_number(clean_text(cell_text(cell(CERTIFICATE)))):
        if len(number) > LONGEST_NUMBER:
            raise Problem("past_certificate_too_long", field=CERTIFICATE, most=LONGEST_NUMBER)
        if _holds_id_number(number):  # it stands in addresses and on a public page, and is never blanked
            raise Problem("past_certificate_is_id", field=CERTIFICATE)
        said[CERTIFICATE] = number
    return said


def _holds_id_number(number: str) -> bool:
    """By date and check digit: numbers of certificates have eighteen digits too."""
    for end in range(18, len(number) + 1):
        if ID_NUMBER.fullmatch(part := number[end - 18 : end]):
            with suppress(Problem):
                return bool(check_id_number(part))
    return False


def read_class(cell: Callable[[str], object]) -> dict[str, str]:
    """Only which class a row belongs to: also of one that is refused for what else it says."""
    said = {field: clean_text(cell_text(cell(field)))[:120] for field in (COURSE, PLACE)}
    return {field: text for field, text in said.items() if text}


def _days(field: str, cell: object) -> list[date]:
    """One day, or the two of a span; of the second the year may be left out: 2023.3.8—3.20."""
    if isinstance(cell, datetime):
        return [cell.date()]
    if isinstance(cell, date):
        return [cell]
    text = unicodedata.normalize("NFKC", cell_text(cell)).strip()
    if not text:
        return []
    found = [match.groups() for match in _SOLID.finditer(text)] or [match.groups() for match in _DAY.finditer(text)]
    year = next((year for year, _month, _day in found if year), None)
    try:
        days = [date(int(own or year), int(month), int(day)) for own, month, day in found]
    except (TypeError, ValueError):
        days = []
    if not days:
        raise Problem("past_day_unreadable", field=field, text=text[:20])
    return days


def _minutes(cell: object) -> dict[str, str]:
    text = unicodedata.normalize("NFKC", cell_text(cell)).strip()
    if not text:
        return {}
    number = re.match(r"([0-9]+(?:\.[0-9]+)?)", text)
    if number is None or float(number[1]) > 2_000:
        raise Problem("past_hours_unreadable", field=MINUTES, text=text[:20])
    return {MINUTES: str(round(float(number[1]) * 60))}
