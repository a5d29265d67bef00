"""Orders and settlements where a sample does not show it: repeated amounts, refunds, gifts, signs."""

from datetime import datetime

import pytest

from tests.platforms.makers import TODAY, as_csv, codes, inspected, sums
from trainer.domain.days import CHINA
from trainer.domain.sales import OrderStatus, Platform
from trainer.platforms.inspection import inspect_file

# --- Kuaishou orders

KUAISHOU = (
    *("订单号", "赠品订单号", "订单创建时间", "订单支付时间", "订单状态", "实付款", "成交数量", "售后状态", "订单载体"),
    *("商品名称", "商品ID", "SKU编码", "商品单价", "收货人姓名", "收货地址-省"),
)


def kuaishou(
    order,
    paid,
    price,
    *,
    product="1",
    gift=None,
    pieces=1,
    status="交易成功",
    after="",
    live="直播间",
    at="2026-03-06 20:00:00",
):
    return (
        order,
        gift,
        "2026-03-06 19:59:00",
        at,
        status,
        paid,
        pieces,
        after,
        live,
        "小米",
        product,
        "S",
        price,
        "王某",
        "山西省",
    )


def test_an_order_amount_repeated_on_its_lines_is_counted_once():
    found = inspected(KUAISHOU, kuaishou("11", "28.00", "10"), kuaishou("11", "28.00", "20", product="2"))
    assert [row.paid_fen for row in found.rows] == [933, 1867]
    assert codes(found.warnings) == [(2, "order_amount_repeated"), (3, "order_amount_repeated")]
    assert sums(found, "main_orders", "paid_fen") == (1, 2800)


def test_amounts_of_lines_are_added():
    found = inspected(KUAISHOU, kuaishou("11", "10.00", "10"), kuaishou("11", "18.00", "20", product="2"))
    assert sums(found, "main_orders", "paid_fen", "data_rows") == (1, 2800, 2)
    same = inspected(KUAISHOU, kuaishou("11", "10.00", "10"), kuaishou("11", "10.00", "10", product="2"))
    assert sums(same, "paid_fen") == (2000,)
    assert found.warnings == same.warnings == ()


def test_one_refunded_line_of_a_repeated_amount_gives_back_its_share():
    rows = (kuaishou("11", "30.00", "10", after="退款成功"), kuaishou("11", "30.00", "20", product="2"))
    assert sums(inspected(KUAISHOU, *rows), "paid_fen", "refunded_fen", "net_fen") == (3000, 1000, 2000)


def test_gift_lines_are_kept_and_never_counted():
    found = inspected(KUAISHOU, kuaishou("11", "10.00", "10"), kuaishou("12", "5.00", "5", gift="11"))
    assert [row.is_gift for row in found.rows] == [False, True]
    assert sums(found, "paid_fen") == (1000,)
    assert codes(found.warnings) == [(3, "gift_money_not_counted")]


def test_status_live_source_and_province():
    found = inspected(
        KUAISHOU,
        kuaishou("1", "1", "1", status="待付款", at=None),
        kuaishou("2", "1", "1", status="待发货", live="短视频"),
        kuaishou("3", "1", "1", status="已发货", live="别处"),
        kuaishou("4", "1", "1", status="交易关闭"),
        kuaishou("5", "1", "1", status="奇怪"),
    )
    assert [row.status.value for row in found.rows] == ["unpaid", "paid", "shipped", "closed", "unknown"]
    assert [row.is_live for row in found.rows] == [True, False, None, True, True]
    assert {row.province for row in found.rows} == {"山西省"}
    assert sums(found, "paid_fen", "refunded_fen", "closed_rows", "settled_fen") == (400, 100, 1, None)
    assert codes(found.warnings) == [(5, "closed_taken_as_refunded"), (6, "unknown_status")]
    assert "王某" not in repr(found)


def test_an_after_sale_that_is_not_understood_is_asked_about():
    found = inspected(
        KUAISHOU,
        kuaishou("1", "1", "1", after="退款中"),
        kuaishou("2", "1", "1", after="无售后或售后取消"),
        kuaishou("3", "1", "1", after="已补偿"),
    )
    assert sums(found, "refunded_fen") == (0,)
    assert codes(found.warnings) == [(4, "unknown_after_sale")]


# --- WeChat Channels orders

WECHAT = (
    *(
        "订单号",
        "订单下单时间",
        "订单完成结算时间",
        "订单状态",
        "收件人姓名",
        "省",
        "订单实际支付金额",
        "订单实际收款金额",
    ),
    *("支付时间", "带货方式", "商品名称", "商品编码(平台)", "SKU编码(自定义)", "商品属性", "商品实际价格(总共)"),
    *("商品数量", "商品售后", "商品已退款金额"),
)


def wechat(order, whole, line, *, product="1", settled=None, refund="0.00", paid="2026-03-06 20:00:00"):
    return (
        *(order, "2026-03-06 19:59:00", settled, "已完成", "王某", "河北省", whole, whole, paid, "直播", "小米"),
        *(product, "S", "红", line, 1, "", refund),
    )


def test_line_amounts_are_added_and_the_repeated_order_amount_is_not():
    rows = (
        wechat("1", "36.00", "10.00"),
        wechat("1", "36.00", "20.00", product="2", refund="5.00"),
        wechat("2", "7.00", "7.00", settled="2026-03-20 10:00:00"),
    )
    found = inspected(WECHAT, *rows)
    assert sums(found, "main_orders", "paid_fen", "refunded_fen", "net_fen") == (2, 3700, 500, 3200)
    assert [row.status for row in found.rows] == [OrderStatus.RECEIVED, OrderStatus.RECEIVED, OrderStatus.SETTLED]


def test_without_line_amounts_the_order_amount_counts_once():
    at = WECHAT.index("商品实际价格(总共)")
    rows = [
        row[:at] + row[at + 1 :] for row in (WECHAT, wechat("1", "36.00", "x"), wechat("1", "36.00", "x", product="2"))
    ]
    assert sums(inspected(*rows), "main_orders", "paid_fen", "data_rows") == (1, 3600, 2)


def test_equal_lines_of_one_order_are_told_apart_by_their_place():
    found = inspected(WECHAT, wechat("1", "20.00", "10.00"), wechat("1", "20.00", "10.00"))
    assert len({row.natural_key for row in found.rows}) == 2
    assert sums(found, "paid_fen") == (2000,)


# --- Pinduoduo orders

PINDUODUO = (
    *(
        "订单成交时间",
        "商品",
        "订单号",
        "订单状态",
        "用户实付金额(元)",
        "商家实收金额(元)",
        "商品数量(件)",
        "确认收货时间",
    ),
    *("商品id", "商品规格", "样式ID", "商家备注", "售后状态"),
)


def pinduoduo(order, amount, *, status="已签收", after="无售后或售后取消", at="2026-05-17 10:00:00"):
    return (at, "蛋", order, status, amount, amount, 1, None, "9", "40枚", "77", "王某电话", after)


def test_preamble_total_and_date_from_the_order_number():
    file = as_csv(
        [
            ("名称：推广",),
            PINDUODUO,
            pinduoduo("260517-607198974342268", "10.00"),
            pinduoduo("260518-607198974342269", "20.00", at=""),
            pinduoduo("260519-607198974342270", "30.00", after="退款成功", status="已发货，退款成功"),
            pinduoduo("260520-607198974342271", "40.00", status="待付款", at=""),
            pinduoduo("260521-607198974342272", "50.00", status="已取消", at=""),
            ("总计", "", "", "", "150.00", "150.00", "5"),
        ]
    )
    found = inspect_file(file, today=TODAY)
    assert (found.platform, found.header_row) == (Platform.PINDUODUO, 2)
    assert sums(found, "data_rows", "main_orders", "paid_fen", "refunded_fen", "settled_fen") == (
        5,
        5,
        6000,
        3000,
        3000,
    )
    assert found.rows[1].paid_at == datetime(2026, 5, 18, tzinfo=CHINA)
    assert (4, "date_from_order_id") in codes(found.warnings)
    assert all(control.agrees for control in found.controls)
    assert len(found.controls) == 2
    assert "王某" not in repr(found)


# --- Taobao orders

TAOBAO = (
    "订单编号",
    "买家应付邮费",
    "买家实付金额",
    "订单状态",
    "订单付款时间",
    "退款金额",
    "确认收货打款金额",
    "收货地址",
)


def test_paid_and_refund_where_the_export_has_netted_them():
    found = inspected(
        TAOBAO,
        ("1", "0", "30.00", "交易成功", "2026-03-02 20:06:00", "50.00", "30.00", "某地"),
        ("2", "0", "0.00", "交易关闭", "2026-03-02 20:06:00", "80.00", "0.00", "某地"),
        ("3", "0", "0.00", "交易关闭", None, "0.00", "0.00", "某地"),
    )
    assert sums(found, "paid_fen", "refunded_fen", "net_fen", "settled_fen", "closed_rows") == (
        16000,
        13000,
        3000,
        3000,
        2,
    )
    assert [row.status.value for row in found.rows] == ["settled", "closed", "closed"]


@pytest.mark.parametrize("comma", [",", "，"])
def test_states_with_either_comma(comma):
    states = ("等待买家付款", f"买家已付款{comma}等待卖家发货", f"卖家已发货{comma}等待买家确认", "交易成功")
    rows = [(str(n), "0", "1.00", state, None, "0", "0", "") for n, state in enumerate(states)]
    found = inspected(TAOBAO, *rows)
    assert [row.status.value for row in found.rows] == ["unpaid", "paid", "shipped", "settled"]


def test_line_file_and_main_file_are_told_apart():
    lines = (
        "子订单编号",
        "主订单编号",
        "标题",
        "价格",
        "购买数量",
        "订单状态",
        "买家实际支付金额",
        "退款状态",
        "退款金额",
        "订单付款时间",
    )
    row = ("'71", "'70", "蛋", "5.00", 2, "交易成功", "10.00", "退款成功", "4.00", "2026-03-02 20:06:00")
    found = inspected(lines, row, ("'72", *row[1:]))
    assert (found.variant, found.rows[0].order_key) == ("lines", "70")
    assert sums(found, "main_orders", "paid_fen", "refunded_fen") == (1, 2000, 800)
    assert inspected(TAOBAO, ("1", "0", "1", "交易成功", None, "0", "0", "")).variant == "orders"


def test_orders_by_broadcast():
    header = (
        "直播标题",
        "开播时间",
        "场次id",
        "代播主播名称",
        "会员名",
        "商品id",
        "商品标题",
        "父订单",
        "子订单",
        "下单时间",
        "支付时间",
        "支付金额",
        "确认收货时间",
        "确认收货金额",
    )
    row = (
        "春耕",
        "2026-03-06 19:30:00",
        "88",
        "某",
        "买家某",
        "5",
        "蛋",
        "1",
        "11",
        "2026-03-06 20:00:00",
        "2026-03-06 20:01:00",
        "10.00",
        "2026-03-16 20:01:00",
        "9.50",
    )
    found = inspected(header, row)
    assert (found.variant, found.rows[0].session_id, found.rows[0].is_live) == ("live_orders", "88", True)
    assert sums(found, "paid_fen", "settled_fen") == (1000, 950)
    assert "买家某" not in repr(found)


# --- Settlements


def test_kuaishou_settlement():
    header = (
        "订单号",
        "商品ID",
        "订单实付(元)",
        "合计收入(元)",
        "订单退款(元)",
        "技术服务费(元)",
        "预售增收技术服务费（元）",
        "达人佣金(元)",
        "合计支出(元)",
        "实际结算金额(元)",
        "实际结算时间",
        "账户名称",
    )
    found = inspected(
        header,
        (
            "1",
            "9",
            "100.00",
            "102.00",
            "0.00",
            "2.00",
            "0.00",
            "10.00",
            "12.00",
            "90.00",
            "2026-03-20 01:00:00",
            "王某",
        ),
        ("2", "9", "50.00", "50.00", "50.00", "0.00", "0.00", "0.00", "0.00", "0.00", "2026-03-20 01:00:00", "王某"),
        ("合计", "", "150.00", "152.00", "50.00", "2.00", "0", "10.00", "12.00", "91.00", "", ""),
    )
    assert sums(found, "kind", "income_fen", "refund_fen", "fees_fen", "settled_fen") == (
        "settlement",
        15200,
        5000,
        1200,
        9000,
    )
    assert codes(found.warnings) == [(4, "total_differs")]
    assert "王某" not in repr(found)


def test_douyin_movements_sign_deductions_as_negative():
    header = (
        "动账时间",
        "动帐流水号",
        "动账方向",
        "动账金额",
        "子订单号",
        "订单号",
        "订单实付应结",
        "实际平台补贴",
        "订单退款",
        "平台服务费",
        "佣金",
        "备注",
    )
    found = inspected(
        header,
        ("2026-03-20 01:00:00", "F1", "入账", "88.00", "11", "1", "100.00", "5.00", "0.00", "-5.00", "-12.00", ""),
        ("2026-03-21 01:00:00", "F2", "出账", "47.00", "12", "2", "0.00", "0.00", "-50.00", "1.00", "2.00", ""),
        ("2026-03-21 01:00:00", "F2", "出账", "47.00", "12", "2", "0.00", "0.00", "-50.00", "1.00", "2.00", ""),
    )
    assert found.platform is Platform.DOUYIN
    assert sums(found, "income_fen", "refund_fen", "fees_fen", "settled_fen") == (10500, 5000, 1400, 4100)
    assert codes(found.warnings) == [(4, "duplicate_row")]


def test_wechat_movements_are_told_by_their_type():
    header = ("流水单号", "记账时间", "动帐类型", "收支类型", "收支金额", "账户余额", "关联订单号", "关联售后单号")
    kinds = [
        ("订单支付", "收入", "100"),
        ("订单退款", "支出", "30"),
        ("技术服务费", "支出", "5"),
        ("达人佣金", "支出", "10"),
        ("技术服务费退款", "收入", "1.5"),
        ("提现", "支出", "50"),
        ("未知", "支出", "1"),
    ]
    rows = [
        (f"F{n}", "2026-03-20 01:00:00", kind, way, amount, "0", "1", "") for n, (kind, way, amount) in enumerate(kinds)
    ]
    found = inspected(header, *rows)
    assert sums(found, "income_fen", "refund_fen", "fees_fen", "settled_fen") == (10000, 3000, 1450, 5550)
    assert codes(found.warnings) == [(8, "unknown_movement")]
