"""Every list of columns that a platform is known to export: one invented file each, and the figures it must reach.

In every personal column of these files stand a planted name, phone or address.
"""

import pickle
from datetime import datetime

import pytest

from tests.platforms.makers import TODAY, as_xlsx, codes, inspected, sample, sums
from trainer.domain.days import CHINA
from trainer.domain.sales import GmvMeasure, Platform
from trainer.platforms import headers
from trainer.platforms.douyin import REVIEW
from trainer.platforms.headers import PROFILES, find_header
from trainer.platforms.inspection import inspect_file, inspection_summary
from trainer.platforms.profile import IMPORTER_CODE, PERSONAL_LABELS, REMARKS, SCREEN_LABELS, UNVERIFIED, labels
from trainer.platforms.tables import read_tables

PLANTED = ("王小花", "14000009999", "幸福路8号", "空包", "SYN0000001")

# File → platform, variant, evidence, and what was reckoned by hand.
FILES = {
    # 56 + 30 (one order of two lines, printed on both) + 12 paid; the line of 20 of the 30 and the closed 12 came back.
    "kuaishou_orders_SYNTHETIC.xlsx": (
        *("kuaishou", "orders", IMPORTER_CODE),
        {"data_rows": 6, "main_orders": 5, "paid_fen": 9800, "refunded_fen": 3200, "net_fen": 6600, "closed_rows": 1},
    ),
    "kuaishou_settlement_SYNTHETIC.xls": (
        *("kuaishou", "settlement", IMPORTER_CODE),
        {"data_rows": 2, "income_fen": 15200, "refund_fen": 5000, "fees_fen": 1200, "settled_fen": 9000},
    ),
    # Money taken to the bank is neither income nor cost.
    "kuaishou_movements_SYNTHETIC_utf16.tsv": (
        *("kuaishou", "movements", IMPORTER_CODE),
        {"data_rows": 4, "income_fen": 10000, "refund_fen": 3000, "fees_fen": 500, "settled_fen": 6500},
    ),
    "kuaishou_broadcasts_SYNTHETIC.csv": (
        *("kuaishou", "broadcasts", SCREEN_LABELS),
        {
            **{"data_rows": 2, "gmv_fen": 351050, "orders": 57, "viewers": 12980, "viewers_exact": False},
            **{"duration_s": 16200, "refund_fen": None},
        },
    ),
    "kuaishou_live_sessions_SYNTHETIC.xlsx": (*("kuaishou", "broadcasts", SCREEN_LABELS), {"gmv_fen": 1778050}),
    "douyin_orders_SYNTHETIC_tabids.csv": (*("douyin", "orders", IMPORTER_CODE), {"net_fen": 230140}),
    "douyin_affiliate_SYNTHETIC.csv": (
        *("douyin", "affiliate", IMPORTER_CODE),
        {"data_rows": 3, "paid_fen": 18000, "refunded_fen": 3000, "settled_fen": 2000, "closed_rows": 1},
    ),
    "douyin_movements_SYNTHETIC.xlsx": (
        *("douyin", "movements", IMPORTER_CODE),
        {"data_rows": 2, "income_fen": 10500, "refund_fen": 5000, "fees_fen": 1400, "settled_fen": 4100},
    ),
    "douyin_live_sessions_SYNTHETIC_gbk.csv": (*("douyin", "broadcasts", SCREEN_LABELS), {"gmv_fen": 2533300}),
    "douyin_review_SYNTHETIC.xlsx": (
        *("douyin", "review", SCREEN_LABELS),
        {
            **{"data_rows": 1, "gmv_fen": 240000, "gmv_incl_abnormal_fen": 300000, "refund_fen": 12000},
            **{"refund_basis": "payment_day", "orders": 66, "viewers": 12034, "viewers_exact": True},
            **{"duration_s": 25246},
        },
    ),
    "taobao_orders_SYNTHETIC.xlsx": (*("taobao", "orders", IMPORTER_CODE), {"settled_fen": 94130}),
    # Of the closed one the export has taken the refund off already: 8 were paid and 8 came back.
    "taobao_lines_SYNTHETIC.xlsx": (
        *("taobao", "lines", IMPORTER_CODE),
        {"data_rows": 4, "main_orders": 3, "paid_fen": 3800, "refunded_fen": 1200, "net_fen": 2600, "closed_rows": 1},
    ),
    "taobao_live_orders_SYNTHETIC.xlsx": (
        *("taobao", "live_orders", IMPORTER_CODE),
        {"data_rows": 2, "main_orders": 2, "paid_fen": 3000, "refunded_fen": 0, "settled_fen": 950},
    ),
    "taobao_broadcasts_SYNTHETIC.xlsx": (
        *("taobao", "broadcasts", IMPORTER_CODE),
        {"data_rows": 2, "gmv_fen": 88000, "orders": 10, "viewers": 500, "viewers_exact": True, "duration_s": None},
    ),
    "taobao_anchor_list_SYNTHETIC.csv": (
        *("taobao", "anchor_list", IMPORTER_CODE),
        {"data_rows": 1, "gmv_fen": 88000, "viewers": 500, "duration_s": 8100, "orders": None},
    ),
    # 10 + 20 + 7 by line; 36, with 6 of freight, stands on both lines of the first order.
    "wechat_channels_orders_SYNTHETIC_gbk.csv": (
        *("wechat_channels", "orders", IMPORTER_CODE),
        {"data_rows": 3, "main_orders": 2, "paid_fen": 3700, "refunded_fen": 500, "net_fen": 3200, "closed_rows": 0},
    ),
    "wechat_channels_movements_SYNTHETIC.xlsx": (
        *("wechat_channels", "movements", IMPORTER_CODE),
        {"data_rows": 5, "income_fen": 10000, "refund_fen": 3000, "fees_fen": 1500, "settled_fen": 5500},
    ),
    "wechat_channels_live_SYNTHETIC.csv": (*("wechat_channels", "broadcasts", SCREEN_LABELS), {"gmv_fen": 861720}),
    # What the seller gets: 10 + 20 + 30; one order without any time is dated by its number.
    "pinduoduo_orders_SYNTHETIC.csv": (
        *("pinduoduo", "orders", IMPORTER_CODE),
        {"data_rows": 4, "main_orders": 4, "paid_fen": 6000, "refunded_fen": 3000, "settled_fen": 1000},
    ),
    "pinduoduo_broadcasts_SYNTHETIC.xlsx": (
        *("pinduoduo", "broadcasts", UNVERIFIED),
        {"data_rows": 1, "gmv_fen": 123450, "orders": 31, "viewers": 321, "duration_s": 8133},
    ),
}


def read(name: str):
    platform = Platform.PINDUODUO if name == "pinduoduo_broadcasts_SYNTHETIC.xlsx" else None
    return inspect_file(sample(name), today=TODAY, platform=platform)


@pytest.mark.parametrize("name", FILES)
def test_every_variant_reaches_its_figures_and_names_nobody(name):
    platform, variant, evidence, expected = FILES[name]
    found = read(name)
    assert (found.platform, found.variant, found.evidence) == (platform, variant, evidence)
    assert (found.rejected, found.unknown_columns) == ((), ())
    answer = inspection_summary(found)
    assert {key: answer[key] for key in expected} == expected
    assert all(control.agrees for control in found.controls)
    kept = pickle.dumps(found)
    assert not any(word.encode() in kept for word in PLANTED if word != "SYN0000001")


# Older and other spellings of the same columns: half and full width, 账 and 帐, names of the programming interface.
SPELT = [
    ("kuaishou_movements_SYNTHETIC_utf16.tsv", {"账务方向": "财务方式", "发生额（元）": "发生额(元)"}),
    ("kuaishou_settlement_SYNTHETIC.xls", {"合计收入(元)": "合计收入（元）", "订单退款(元)": "订单退款 （元）"}),
    (
        "kuaishou_broadcasts_SYNTHETIC.csv",
        {"直播时间": "开播时间", "累计观众数": "观众数", "累计成交金额": "成交金额（元）"},
    ),
    ("douyin_movements_SYNTHETIC.xlsx", {"动账时间": "动帐时间", "动帐流水号": "动账流水号", "动账金额": "动帐金额"}),
    ("wechat_channels_movements_SYNTHETIC.xlsx", {"动帐类型": "动账类型"}),
    (
        "wechat_channels_orders_SYNTHETIC_gbk.csv",
        {"商品实际价格(总共)": "商品实际价格（总共）", "商品编码(平台)": "商品编码（平台）", "订单号": "* 订单号"},
    ),
    ("taobao_lines_SYNTHETIC.xlsx", {"商品标题": "标题", "商品价格": "价格", "买家实付金额": "买家实际支付金额"}),
    (
        "taobao_broadcasts_SYNTHETIC.xlsx",
        {
            **{
                "直播标题": "contentTitle",
                "场次id": "contentId",
                "开播时间": "liveStartTime",
                "种草成交金额": "payAmt",
            },
            **{"直播间观看次数": "pv", "观看人数": "uv", "种草成交笔数": "payOrderCnt", "新增粉丝数": "atnUv"},
        },
    ),
    (
        "taobao_broadcasts_SYNTHETIC.xlsx",
        {"种草成交金额": "成交金额", "种草成交笔数": "成交笔数", "直播间观看次数": "浏览次数", "观看人数": "访问人数"},
    ),
    ("pinduoduo_orders_SYNTHETIC.csv", {"商家实收金额(元)": "商家实收金额（元）", "商品数量(件)": "商品数量（件）"}),
]


@pytest.mark.parametrize(("name", "spelt"), SPELT)
def test_other_spellings_of_the_columns(name, spelt):
    table = read_tables(sample(name)).tables[0]
    assert spelt.keys() <= {cell for row in table.rows[:4] for cell in row}
    rows = [[spelt.get(cell, cell) if isinstance(cell, str) else cell for cell in row] for row in table.rows]
    answer = inspection_summary(inspect_file(as_xlsx(rows), today=TODAY))
    expected = FILES[name][3]
    assert {key: answer[key] for key in expected} == expected


def test_every_profile_has_a_file():
    assert {(platform, variant) for platform, variant, *_ in FILES.values()} == {
        (profile.platform, profile.variant) for profile in (*PROFILES, REVIEW)
    }


@pytest.mark.parametrize("profile", [*PROFILES, REVIEW], ids=lambda one: f"{one.platform}-{one.variant}")
def test_no_profile_reads_what_is_personal(profile):
    read_labels = {label for found in (profile.own, profile.general) for written in found.values() for label in written}
    read_labels |= {label for written in (profile.incomes, profile.expenses) for label in labels(written)}
    assert read_labels.isdisjoint(PERSONAL_LABELS)
    notes = frozenset(labels(REMARKS))
    assert all(name == "remark" or notes.isdisjoint(written) for name, written in profile.own.items())
    assert all(name == "remark" or notes.isdisjoint(written) for name, written in profile.general.items())


def test_a_file_about_people_leaves_none_of_them_where_it_is_refused():
    rows = list(read_tables(sample("kuaishou_orders_SYNTHETIC.xlsx")).tables[0].rows)
    paid = rows[0].index("实付款")
    broken = [rows[0], *((*row[:paid], "不知道", *row[paid + 1 :]) for row in rows[1:])]
    found = inspect_file(as_xlsx(broken), today=TODAY)
    assert len(found.rejected) == 6
    assert found.rows == ()
    kept = pickle.dumps(found)
    assert not any(word.encode() in kept for word in PLANTED)


def test_what_an_order_says_beside_its_money():
    first, gift, *_ = read("kuaishou_orders_SYNTHETIC.xlsx").rows
    assert (first.sku, first.host, first.commission_fen) == ("S1", "达人甲SYNTHETIC", 560)
    assert (first.parcel, first.empty_parcel, gift.parcel, gift.empty_parcel) == ("SYN0000001", True, None, False)
    assert first.shipped_at == datetime(2026, 3, 7, 9, tzinfo=CHINA)
    wechat = read("wechat_channels_orders_SYNTHETIC_gbk.csv").rows
    assert [(row.host, row.commission_fen) for row in wechat] == [("达人乙SYNTHETIC", 100), (None, None), (None, None)]
    pinduoduo = read("pinduoduo_orders_SYNTHETIC.csv").rows[0]
    assert pinduoduo.received_at == datetime(2026, 5, 22, 10, tzinfo=CHINA)
    assert (pinduoduo.sku, pinduoduo.province) == ("77", None)


def test_what_a_broadcast_says_beside_its_money():
    row = read("douyin_review_SYNTHETIC.xlsx").rows[0]
    assert (row.product_exposed, row.product_clickers, row.new_followers, row.buyers, row.items) == (
        *(8000, 1500, 36, 60, 71),
    )
    assert (row.ad_spend_fen, row.stated_gpm_fen, row.stated_per_buyer_fen, row.stated_buyer_rate_bp) == (
        *(30000, 12000, 4000, 50),
    )
    assert (row.views, row.avg_online, row.title) == (20000, 55, "夜播 SYNTHETIC")


@pytest.mark.parametrize(
    ("name", "measure"),
    [
        ("taobao_broadcasts_SYNTHETIC.xlsx", GmvMeasure.WINDOW),
        ("taobao_anchor_list_SYNTHETIC.csv", GmvMeasure.WINDOW),
        ("douyin_live_sessions_SYNTHETIC_gbk.csv", GmvMeasure.ROOM),
    ],
)
def test_what_an_amount_counts(name, measure):
    assert {row.gmv_measure for row in read(name).rows} == {measure}


def test_orders_that_name_their_broadcast():
    assert {row.session_id for row in read("taobao_live_orders_SYNTHETIC.xlsx").rows} == {
        read("taobao_broadcasts_SYNTHETIC.xlsx").rows[0].session_id
    }


AFFILIATE = ("订单id", "商品id", "支付金额", "佣金率", "结算金额", "订单状态", "付款时间", "分销来源")


@pytest.mark.parametrize(
    ("paid", "rate", "settled", "commission"),
    [
        ("100.00", "20%", "20.00", 2000),
        ("100.00", "20%", "100.00", 2000),
        ("100.00", "0.2", "90.00", 1800),
        ("100.00", "-", "20.00", 2000),
        ("100.00", "20%", "-", None),
        # 3.336, rounded up.
        ("16.68", "20%", "3.34", 334),
    ],
)
def test_a_host_earns_the_commission_whatever_the_settled_amount_is_reckoned_on(paid, rate, settled, commission):
    found = inspected(AFFILIATE, ("1", "9", paid, rate, settled, "订单结算", "2026-03-06 20:00:00", "x"))
    assert (found.rows[0].commission_fen, found.rows[0].settled_fen) == (commission, commission)


@pytest.mark.parametrize(("host_id", "host"), [("0", None), ("88", "达人甲"), (None, "达人甲")])
def test_host_zero_is_the_shop_itself(host_id, host):
    header = ("主订单编号", "子订单编号", "订单应付金额", "支付完成时间", "达人ID", "达人昵称", "流量体裁")
    found = inspected(header, ("1", "11", "9.00", "2026-03-06 20:00:00", host_id, "达人甲", "直播"))
    assert found.rows[0].host == host


# --- The review of one broadcast, and workbooks that are none

BASE = ("基本信息", [("直播标题", "直播时间", "直播间成交金额"), ("夜播", "2026-03-06 19:30", "10.00")])
PEOPLE = [("新增粉丝数", "36"), ("退款金额", "2.00")]


def book(*sheets):
    (name, rows), *others = sheets
    return as_xlsx(rows, name=name, after=others)


@pytest.mark.parametrize(
    ("sheet", "expected"),
    [
        (("竖", PEOPLE), (36, 200)),
        (("两列并排", [(*PEOPLE[0], *PEOPLE[1])]), (36, 200)),
        (("两行并排", [(*PEOPLE[0], "UV价值", "1"), (*PEOPLE[1], "成交件数", "3")]), (36, 200)),
        (("横", list(zip(*PEOPLE, strict=True))), (36, 200)),
        (("渠道", [("渠道名称", "新增粉丝数", "退款金额"), ("推荐", 30, "1.00"), ("整体", 36, "2.00")]), (36, 200)),
        (("一个渠道", [("渠道名称", "新增粉丝数", "退款金额"), ("推荐", 30, "1.00")]), (None, None)),
        (("商品", [("商品名称", "新增粉丝数", "退款金额"), ("蛋", 30, "1.00")]), (None, None)),
        (("多行", [("日期", "新增粉丝数", "退款金额"), ("一", 30, "1.00"), ("二", 6, "1.00")]), (None, None)),
    ],
)
def test_sheets_of_every_shape_give_their_figures(sheet, expected):
    found = inspect_file(book(BASE, sheet), today=TODAY, platform=Platform.DOUYIN)
    assert sums(found, "data_rows", "gmv_fen") == (1, 1000)
    assert (found.rows[0].new_followers, found.rows[0].refund_fen) == expected


def test_lists_of_broadcasts_are_no_review():
    name, rows = BASE
    found = inspect_file(book((name, [*rows, ("早播", "2026-03-07 08:30", "5.00")]), ("竖", PEOPLE)), today=TODAY)
    assert (found.variant, len(found.rows)) == ("broadcasts", 2)


def test_another_sheet_that_could_be_read_is_not_hidden():
    tables = [
        read_tables(sample(f"douyin_{name}")).tables[0]
        for name in ("movements_SYNTHETIC.xlsx", "orders_SYNTHETIC_tabids.csv")
    ]
    content = book(*((f"表{at}", table.rows) for at, table in enumerate(tables)))
    match, notes = find_header(read_tables(content).tables)
    assert codes(notes) == [(1, "sheet_not_read")]
    assert match.profile.variant in ("orders", "movements")
    assert match.weight > headers.LEAST_WEIGHT
