"""Every sample reaches its figures: as it is, and renamed, reordered, re-encoded, moved down, on another sheet."""

import random

import pytest

from tests.platforms.makers import EXPECTED, TODAY, as_csv, as_html, as_xlsx, sample
from trainer.domain.sales import Platform
from trainer.platforms.inspection import inspect_file, inspection_summary
from trainer.platforms.tables import read_tables

NAMES = [name for name in EXPECTED if not name.startswith("roster")]

ALWAYS = {"platform", "kind", "header_row", "data_rows", "rows", "rejected", "warnings"}
OF_KIND = {
    "live_session": {
        *("gmv_fen", "gmv_incl_abnormal_fen", "refund_fen", "refund_basis"),
        *("orders", "viewers", "viewers_exact", "duration_s"),
    },
    "order": {"main_orders", "paid_fen", "refunded_fen", "net_fen", "settled_fen", "closed_rows"},
}

RENAMED = {
    "kuaishou_live_sessions_SYNTHETIC.xlsx": {
        "开播时间": "直播时间",
        "累计观众数": "观众数",
        "累计成交金额(元)": "成交金额（元）",
        "累计订单数": "成交订单数",
        "退款金额(退款日)": "退款金额（退款日）",
        "商品点击次数": "商品点击",
    },
    "douyin_live_sessions_SYNTHETIC_gbk.csv": {
        "直播间ID": "room_id",
        "直播间观看人数": "累计观看人数",
        "直播间成交金额（含异常交易）": "直播间成交金额(含异常交易)",
        "开播时间": "直播开始时间",
        "千次观看成交金额": "千次观看成交金额(GPM)",
    },
    "douyin_orders_SYNTHETIC_tabids.csv": {
        "主订单编号": "订单编号",
        "子订单编号": "子订单号",
        "选购商品": "商品名称",
        "订单应付金额": "实付金额",
        "支付完成时间": "付款时间",
        "订单提交时间": "下单时间",
    },
    "taobao_orders_SYNTHETIC.xlsx": {
        "买家实付金额": "买家实际支付金额",
        "确认收货打款金额": "打款商家金额",
        "商品标题": "宝贝标题",
        "商家备注": "订单备注",
        "店铺ID": "店铺Id",
        "订单付款时间": "付款时间",
    },
    "wechat_channels_live_SYNTHETIC.csv": {
        "直播信息": "直播标题",
        "观看人数": "累计观看人数",
        "成交金额": "成交金额(元)",
        "成交订单数": "订单数",
        "开播时间": "直播开始时间",
    },
}


def rows_of(name: str) -> list[tuple[object, ...]]:
    return read_tables(sample(name)).tables[0].rows


def check(content: bytes, name: str, header_row: int | None = None) -> None:
    answer = inspection_summary(inspect_file(content, today=TODAY))
    expected = {key: value for key, value in EXPECTED[name].items() if key in answer}
    if header_row is not None:
        expected["header_row"] = header_row
    assert {key: answer[key] for key in expected} == expected
    assert len(expected) >= 6
    assert answer["rejected"] == []


@pytest.mark.parametrize("name", NAMES)
def test_sample_reaches_its_figures(name):
    check(sample(name), name)


@pytest.mark.parametrize("name", NAMES)
def test_answer_has_exactly_the_agreed_keys(name):
    answer = inspection_summary(inspect_file(sample(name), today=TODAY))
    assert set(answer) == ALWAYS | OF_KIND[answer["kind"]]


@pytest.mark.parametrize("name", NAMES)
def test_renamed_by_alias(name):
    header = EXPECTED[name].get("header_row", 1) - 1
    rows = rows_of(name)
    renamed = RENAMED[name]
    assert set(renamed) <= set(rows[header])
    rows[header] = tuple(renamed.get(cell, cell) for cell in rows[header])
    check(as_csv(rows), name)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", NAMES)
def test_columns_reordered(name, seed):
    header = EXPECTED[name].get("header_row", 1) - 1
    rows = rows_of(name)
    width = max(map(len, rows))
    order = list(range(width))
    random.Random(seed).shuffle(order)
    padded = [row + (None,) * (width - len(row)) for row in rows]
    moved = [row if at < header else tuple(row[i] for i in order) for at, row in enumerate(padded)]
    check(as_csv(moved), name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", NAMES)
def test_encodings(name, encoding):
    check(as_csv(rows_of(name), encoding), name)


@pytest.mark.parametrize("delimiter", ["\t", ";"])
@pytest.mark.parametrize("name", [name for name in NAMES if "tabids" not in name])
def test_delimiters(name, delimiter):
    check(as_csv(rows_of(name), delimiter=delimiter), name)


@pytest.mark.parametrize("name", NAMES)
def test_other_containers(name):
    check(as_xlsx(rows_of(name)), name)
    check(as_html(rows_of(name)), name)


@pytest.mark.parametrize("name", NAMES)
def test_moved_down_under_another_preamble(name):
    moved = [("数据导出",), (), ("导出人：", "某某"), ("说明：金额单位为元",), *rows_of(name)]
    header = 4 + EXPECTED[name].get("header_row", 1)
    check(as_xlsx(moved), name, header)
    check(as_csv(moved), name, header)


@pytest.mark.parametrize("name", NAMES)
def test_on_the_second_sheet(name):
    notes = [("填写说明",), ("请勿改动表头",), ("字段", "含义", "例子"), ("成交金额", "元", "12.50")]
    check(as_xlsx(rows_of(name), before=[("说明", notes)]), name)


def test_every_sample_names_its_platform_alone():
    found = {inspect_file(sample(name), today=TODAY).platform for name in NAMES}
    assert found == set(Platform) - {Platform.PINDUODUO}


def test_no_personal_data_of_the_buyer_is_kept():
    rows = rows_of("douyin_orders_SYNTHETIC_tabids.csv")
    header = list(rows[0])
    secrets = {
        "收件人": "王小花",
        "收件人手机号": "14000009999",
        "详细地址": "幸福路8号",
        "买家留言": "快点发",
        "街道": "和平街",
    }
    width = len(header)
    filled = [list(row) + [None] * (width - len(row)) for row in rows]
    for row in filled[1:]:
        for label, secret in secrets.items():
            row[header.index(label)] = secret
    filled[5][header.index("订单应付金额")] = "不知道"
    inspection = inspect_file(as_csv(filled), today=TODAY)
    assert len(inspection.rejected) == 1
    assert not any(secret in repr(inspection) for secret in secrets.values())
    assert {row.province for row in inspection.rows} == {"四川省", "浙江省", "北京市", "陕西省", "广东省"}
