"""Rosters on paper and back: the blank form for counties, and the rows to be mended."""

from collections.abc import Mapping, Sequence

from trainer.documents.workbook import Column, Sheet, write_workbook
from trainer.domain.roster_plan import PlannedRow

# A county's form is Chinese in whatever language staff read the site: the importer knows these headings.
_ETHNICITIES = (
    "汉族 蒙古族 回族 藏族 维吾尔族 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族 土家族 哈尼族 哈萨克族 傣族 黎族 "
    "傈僳族 佤族 畲族 高山族 拉祜族 水族 东乡族 纳西族 景颇族 柯尔克孜族 土族 达斡尔族 仫佬族 羌族 布朗族 撒拉族 毛南族 "
    "仡佬族 锡伯族 阿昌族 普米族 塔吉克族 怒族 乌孜别克族 俄罗斯族 鄂温克族 德昂族 保安族 裕固族 京族 塔塔尔族 独龙族 "
    "鄂伦春族 赫哲族 门巴族 珞巴族 基诺族"
)
ETHNICITIES = tuple(_ETHNICITIES.split())
EDUCATIONS = ("小学", "初中", "高中", "中专", "大专", "本科", "研究生")
ID_WORD = "身份证号"
ID_HEADING = f"{ID_WORD}码"
# (heading, width, the grey example, what to write)
FORM = (
    ("序号", 6, "示例", "从 1 开始编号。写“示例”的一行不会导入，可以保留。"),
    ("姓名", 12, "王秀芳", "必填，与身份证一致。"),
    ("性别", 6, "女", "女或男。填了身份证号的，以身份证号为准。"),
    (ID_HEADING, 22, "", "18 位。补贴要求时填写；这一列已设为文本格式，请勿改成数字，否则末尾几位会丢失。"),
    ("联系电话", 14, "14000009999", "11 位手机号，只写本人常用的一个。身份证号和联系电话至少填一项。"),
    ("民族", 10, "汉族", "可从下拉列表选择。"),
    ("文化程度", 10, "初中", "可从下拉列表选择。"),
    ("县区", 12, "", "可从下拉列表选择。不填时按班级所在地登记。"),
    ("乡镇", 14, "西坪镇", "所在乡镇或街道。"),
    ("村", 14, "大西沟村", "所在村或社区。同名的人靠这一项区分。"),
    ("从事产业", 14, "黄花菜", "如黄花菜、杂粮、剪纸。"),
    ("是否开店", 10, "否", "是或否。"),
    ("人员类别", 12, "农户", "可从下拉列表选择，统计用。"),
    ("快手号", 14, "", "没有可以不填。"),
    ("抖音号", 14, "", "没有可以不填。"),
    ("备注", 20, "", "其他需要说明的情况。"),
)


def write_roster_form(title: str, counties: Sequence[str], *, with_ids: bool = True) -> bytes:
    """The blank form: a grey example that the importer skips, pick-lists, and a sheet on how to fill it in."""
    asked = [column for column in FORM if with_ids or column[0] != ID_HEADING]
    lists = {"民族": ETHNICITIES, "文化程度": EDUCATIONS, "性别": ("女", "男"), "是否开店": ("是", "否")}
    lists["人员类别"] = ("农户", "返乡创业", "开店经营", "社区工作者", "村医", "妇联干部", "其他")
    lists["县区"] = tuple(counties)
    columns = [Column(heading, width=width, choices=lists.get(heading, ())) for heading, width, _e, _h in asked]
    example = [example for _h, _w, example, _how in asked]
    form = Sheet("花名册", columns, [example], title_rows=(title,), quiet=frozenset({0}), is_form=True)
    how = Sheet(
        "填写说明",
        [Column("栏目", width=16), Column("怎么填", width=90)],
        [(heading, _how(how, with_ids)) for heading, _w, _e, how in asked],
        portrait=True,
    )
    return write_workbook([form, how])


def _how(said: str, with_ids: bool) -> str:
    """What to write, without the sentences about a number that is not asked for."""
    return said if with_ids else "".join(f"{part}。" for part in said.split("。") if part and ID_WORD not in part)


def write_bad_rows(
    title_rows: tuple[str, ...],
    headings: Sequence[str],
    columns: Mapping[str, int],
    rows: Sequence[PlannedRow],
    *,
    reasons: Mapping[int, str],
    reason_heading: str,
    row_heading: str,
) -> bytes:
    """The rows as the county wrote them, the bad cells coloured, the reason beside each; mended, it can be sent again."""
    sheet_columns = [Column(heading or " ", width=16) for heading in headings]
    sheet_columns += [Column(reason_heading, width=56), Column(row_heading, "number", 10)]
    cells = [(*_fitted(line.row.raw, len(headings)), reasons[line.row.row], line.row.row) for line in rows]
    bad = frozenset(
        (number, columns[problem.field])
        for number, line in enumerate(rows)
        for problem in line.row.problems
        if problem.field in columns
    )
    sheet = Sheet("花名册", sheet_columns, cells, title_rows=title_rows, highlighted=bad, is_form=True)
    return write_workbook([sheet])


def _fitted(raw: Sequence[str], width: int) -> list[str]:
    """Cells to the right of the last heading are no part of the roster."""
    return [*raw, *[""] * width][:width]
