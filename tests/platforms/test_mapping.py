"""Files that no profile knows: what is shown of their columns, and what a person says of them once and for all."""

import pytest

from tests.platforms.makers import TODAY, as_csv, as_xlsx, codes, inspected, sample, sums
from trainer.domain.sales import Platform, SalesKind
from trainer.errors import UnreadableFile
from trainer.platforms.aliases import LIVE, ORDER
from trainer.platforms.inspection import inspect_file
from trainer.platforms.limits import run_limited
from trainer.platforms.mapping import FIELDS, Mapping, UnfitMapping, headings_of, suggested
from trainer.platforms.profile import MAPPED

STRANGE = ("流水号码", "成交时刻", "到手价", "货名", "收货人", "联系人", "进展", "快递单号", "自己的话")
ROWS = [
    ("A1", "2026-03-06 20:00:00", "12.50", "小米", "王小花", "14000009999", "已签收", "SF1", "电话14000009999"),
    ("A2", "2026-03-06 20:01:00", "8.00", "醋", "李小红", "14000009998", "已取消", "SF2", "140121199001011234"),
    ("A3", "2026-03-06 20:02:00", "8.00", "醋", "李小红", "14000009998", "已签收", "SF3", "好"),
    ("A4", "2026-03-06 20:03:00", "8.00", "醋", "李小红", "14000009998", "已签收", "SF4", "好"),
]
FILE = as_csv([("店铺导出",), (), STRANGE, *ROWS])
SAID = {"order_id": "流水号码", "paid_at": "成交时刻", "paid": "到手价", "product": "货名", "status": "进展"}


def said(columns=SAID, *, platform=Platform.KUAISHOU, kind=SalesKind.ORDER, file=FILE) -> Mapping:
    return Mapping(platform, kind, headings_of(file).fingerprint, columns)


def test_what_a_person_is_shown_names_nobody():
    found = run_limited(headings_of, FILE)
    assert (found.sheet, found.row, found.headings) == (None, 3, STRANGE)
    assert found.samples["货名"] == ("小米", "醋")
    assert found.samples["流水号码"] == ("A1", "A2", "A3")
    assert found.samples["收货人"] == found.samples["联系人"] == found.samples["快递单号"] == ()
    assert found.samples["自己的话"] == ("电话1**********", "1*****************", "好")
    assert not any(word in repr(found) for word in ("王小花", "14000009999", "140121199001011234", "SF1"))


def test_what_was_said_once_reads_the_file_and_every_later_one_with_these_headings():
    with pytest.raises(UnreadableFile, match="unknown_columns"):
        inspect_file(FILE, today=TODAY)
    found = inspect_file(FILE, today=TODAY, mappings=[said()])
    assert (found.platform, found.kind, found.variant, found.evidence) == ("kuaishou", "order", "mapped", MAPPED)
    assert sums(found, "main_orders", "paid_fen", "refunded_fen", "closed_rows") == (4, 3650, 800, 1)
    order = (8, 2, 0, 1, 4, 3, 5, 7, 6)
    moved = as_xlsx([[row[at] for at in order] for row in (STRANGE, *ROWS)], before=[("说明", [("请看下一页",)])])
    again = inspect_file(moved, today=TODAY, mappings=[said()], platform=Platform.KUAISHOU)
    assert (again.fingerprint, [row.natural_key for row in again.rows]) == (
        found.fingerprint,
        [row.natural_key for row in found.rows],
    )
    assert "王小花" not in repr(found)


def test_it_holds_for_its_platform_and_headings_only():
    for mapping, file in ((said(platform=Platform.TAOBAO), FILE), (said(), as_csv([(*STRANGE, "又一列"), *ROWS]))):
        with pytest.raises(UnreadableFile, match="unknown_columns"):
            inspect_file(file, today=TODAY, mappings=[mapping], platform=Platform.KUAISHOU)


BARE = ("直播标题", "开播时间", "直播时长", "观众数", "成交金额", "成交订单数")


def test_it_settles_what_the_headings_leave_open():
    file = as_csv([BARE, ("好物", "2026-03-06 19:30", "2小时", 5, "10.00", 1)])
    mapping = said({"started_at": "开播时间", "gmv": "成交金额"}, kind=SalesKind.LIVE_SESSION, file=file)
    found = inspect_file(file, today=TODAY, mappings=[mapping])
    assert (found.platform, found.variant) == (Platform.KUAISHOU, "broadcasts")
    assert (found.rows[0].viewers, found.rows[0].title) == (5, "好物")


def test_it_adds_to_what_a_profile_knows_and_may_overrule_it():
    header = ("直播间ID", "直播标题", "直播时间", "直播间观看人数", "直播间成交金额", "退款金额", "实退", "涨粉")
    file = as_csv([header, ("1", "a", "2026-03-06 19:30", 5, "10.00", "3.00", "2.00", 7)])
    columns = {"started_at": "直播时间", "gmv": "直播间成交金额", "refund": "实退", "new_followers": "涨粉"}
    kind = SalesKind.LIVE_SESSION
    found = inspect_file(file, today=TODAY, mappings=[said(columns, platform=Platform.DOUYIN, kind=kind, file=file)])
    assert (found.variant, found.unknown_columns) == ("broadcasts", ())
    assert sums(found, "gmv_fen", "refund_fen", "viewers") == (1000, 200, 5)
    assert inspect_file(file, today=TODAY).unknown_columns == ("实退", "涨粉")


def test_settlements_by_hand():
    file = as_csv(
        [("单据", "到账日", "实收", "扣费"), ("F1", "2026-03-06", "9.00", "1.00"), ("F1", "2026-03-07", 5, 0)]
    )
    columns = {"order_id": "单据", "settled_at": "到账日", "settled": "实收", "expense": "扣费"}
    found = inspect_file(file, today=TODAY, mappings=[said(columns, kind=SalesKind.SETTLEMENT, file=file)])
    assert sums(found, "settled_fen", "fees_fen", "data_rows") == (1400, 100, 2)
    assert len({row.natural_key for row in found.rows}) == 2
    taobao = said(columns, platform=Platform.TAOBAO, kind=SalesKind.SETTLEMENT, file=file)
    assert sums(inspect_file(file, today=TODAY, mappings=[taobao]), "platform", "settled_fen") == ("taobao", 1400)


@pytest.mark.parametrize(
    ("changes", "code", "values"),
    [
        ({"product": "到手价"}, "mapping_heading_twice", {"heading": "到手价", "fields": ("paid", "product")}),
        ({"paid": None}, "mapping_field_missing", {"fields": ("paid",)}),
        ({"paid_at": None, "status": None}, "mapping_field_missing", {"fields": ("paid_at", "status")}),
        ({"gmv": "自己的话"}, "mapping_unknown_field", {"field": "gmv"}),
        ({"remark": "自己的话"}, "mapping_unknown_field", {"field": "remark"}),
        ({"host": "没有的列"}, "mapping_unknown_heading", {"heading": "没有的列"}),
        ({"host": ""}, "mapping_unknown_heading", {"heading": ""}),
        ({"host": "收货人"}, "mapping_personal_heading", {"heading": "收货人"}),
        ({"host": "快递单号"}, "mapping_personal_heading", {"heading": "快递单号"}),
    ],
)
def test_nonsense_is_refused(changes, code, values):
    columns = {field: heading for field, heading in {**SAID, **changes}.items() if heading is not None}
    with pytest.raises(UnfitMapping) as refused:
        said(columns).check(STRANGE)
    assert (refused.value.code, refused.value.values) == (code, values)


def test_sense_is_not():
    said().check(STRANGE)
    said().check()


def test_familiar_headings_are_offered():
    found = headings_of(sample("taobao_orders_SYNTHETIC.xlsx"))
    offered = suggested(found.headings, SalesKind.ORDER)
    assert (offered["order_id"], offered["paid"]) == ("订单编号", "买家实付金额")
    assert len(set(offered.values())) == len(offered)
    assert offered.keys() <= set(FIELDS[SalesKind.ORDER].fields)


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("douyin_movements_SYNTHETIC.xlsx", SalesKind.SETTLEMENT, {"flow_id": "动帐流水号", "settled": "动账金额"}),
        ("kuaishou_settlement_SYNTHETIC.xls", SalesKind.SETTLEMENT, {"settled": "实际结算金额(元)"}),
        ("kuaishou_orders_SYNTHETIC.xlsx", SalesKind.ORDER, {"paid": "实付款", "host": "CPS达人昵称"}),
        ("taobao_anchor_list_SYNTHETIC.csv", SalesKind.LIVE_SESSION, {"gmv": "种草成交金额(元)", "title": "场次标题"}),
    ],
)
def test_what_profiles_know_is_offered(name, kind, expected):
    offered = suggested(headings_of(sample(name)).headings, kind)
    assert expected.items() <= offered.items()
    Mapping(Platform.KUAISHOU, kind, "", offered).check()


def test_every_field_in_general_use_can_be_mapped_but_those_let_go():
    assert ORDER.keys() - set(FIELDS[SalesKind.ORDER].fields) == {"host_id", "parcel", "remark"}
    assert LIVE.keys() - set(FIELDS[SalesKind.LIVE_SESSION].fields) == {"account"}


def test_rows_of_a_mapped_file_are_refused_like_any_others():
    found = inspected(STRANGE, ("A1", "不知道", "1", "a"), mappings=[said()])
    assert codes(found.rejected) == [(2, "bad_moment")]
    with pytest.raises(UnreadableFile, match="unknown_columns"):
        headings_of(as_csv([("1", "2"), ("3", "4")]))
