"""Douyin's files: shop orders, commission orders, money movements, lists of broadcasts, and the review of one."""

from dataclasses import replace

from trainer.domain.sales import OrderStatus, Platform, SalesKind
from trainer.platforms import aliases
from trainer.platforms.profile import IMPORTER_CODE, SCREEN_LABELS, Profile

ORDERS = Profile(
    platform=Platform.DOUYIN,
    kind=SalesKind.ORDER,
    variant="orders",
    evidence=IMPORTER_CODE,
    required=(("order_id",), ("sub_order_id",), ("paid",), ("status", "paid_at")),
    columns={
        "order_id": ("主订单编号",),
        "sub_order_id": ("子订单编号", "子订单号"),
        "product": ("选购商品",),
        "spec": ("商品规格",),
        "quantity": ("商品数量",),
        "product_id": ("商品ID",),
        "unit_price": ("商品单价",),
        "paid": ("订单应付金额", "应付金额", "订单实付金额"),
        "province": ("省",),
        "ordered_at": ("订单提交时间",),
        "paid_at": ("支付完成时间",),
        "status": ("订单状态",),
        "after_sale": ("售后状态",),
        "live_source": ("流量体裁",),
        "shipped_at": ("发货时间",),
        "host": ("达人昵称",),
        "host_id": ("达人ID",),
        "remark": ("商家备注",),
    },
    also=(
        *("商家编码", "运费", "优惠总金额", "平台优惠", "商家优惠", "达人优惠", "商家改价", "支付优惠", "红包抵扣"),
        *("支付方式", "手续费", "是否修改过地址", "地址修改时段", "旗帜颜色", "订单完成时间", "APP渠道", "流量来源"),
        *("承诺发货时间", "订单类型", "鲁班落地页ID", "所属门店ID", "取消原因", "预约发货时间"),
        *("仓库ID", "仓库名称", "序列号", "是否安心购", "广告渠道", "流量类型", "流量渠道", "发货主体", "发货主体明细"),
        *("降价类优惠", "平台实际承担优惠金额", "商家实际承担优惠金额", "达人实际承担优惠金额"),
        *("预计送达时间", "是否平台仓自流转", "车型", "商品69码", "发货SN码", "发货IMEI码1", "发货IMEI码2"),
        *("预约送达时间", "建议发货时间（起）", "建议发货时间（止）", "物流SN码", "物流IMEI码1", "物流IMEI码2"),
    ),
    key=("sub_order_id",),
    aliases=aliases.ORDER,
)

AFFILIATE = Profile(
    platform=Platform.DOUYIN,
    kind=SalesKind.ORDER,
    variant="affiliate",
    evidence=IMPORTER_CODE,
    required=(("order_id",), ("product_id",), ("paid",), ("paid_at",), ("settled",)),
    columns={
        "order_id": ("订单id",),
        "product_id": ("商品id",),
        "paid": ("支付金额",),
        # Whether this is the commission or what it is reckoned from is told by the rate.
        "settled": ("结算金额",),
        "commission_rate": ("佣金率",),
        "status": ("订单状态",),
        "paid_at": ("付款时间",),
        "received_at": ("收货时间",),
        "live_source": ("流量细分来源",),
    },
    # 订单结算时间 is not read as such: an order that was settled and came back keeps it.
    also=("超时未结算原因", "订单结算时间", "分销来源"),
    key=("order_id",),
    statuses=(("失效|退款|退货", OrderStatus.CLOSED), ("结算", OrderStatus.SETTLED), ("收货", OrderStatus.RECEIVED)),
    is_of_host=True,
    aliases=aliases.ORDER,
)

MOVEMENTS = Profile(
    platform=Platform.DOUYIN,
    kind=SalesKind.SETTLEMENT,
    variant="movements",
    evidence=IMPORTER_CODE,
    required=(("flow_id",), ("direction",), ("settled",)),
    columns={
        "settled_at": ("动账时间",),
        "flow_id": ("动账流水号",),
        "direction": ("动账方向",),
        "settled": ("动账金额",),
        "order_id": ("订单号", "子订单号"),
        "refund": ("订单退款",),
    },
    also=(
        *("动账账户", "动账场景", "计费类型", "子订单号", "售后编号", "下单时间", "商品ID", "商品名称", "达人ID"),
        *("达人名称", "订单类型", "是否免佣", "免佣金额"),
    ),
    incomes=(
        *("订单实付应结", "运费实付", "实际平台补贴_运费", "实际平台补贴", "其他平台补贴", "以旧换新抵扣"),
        *("政府补贴平台垫资", "实际达人补贴", "实际抖音支付补贴", "实际抖音月付营销补贴", "银行补贴"),
    ),
    expenses=("平台服务费", "佣金", "服务商佣金", "渠道分成", "招商服务费", "站外推广费", "其他分成"),
    key=("flow_id",),
)

BROADCASTS = Profile(
    platform=Platform.DOUYIN,
    kind=SalesKind.LIVE_SESSION,
    variant="broadcasts",
    evidence=SCREEN_LABELS,
    required=(("started_at",), ("gmv",)),
    columns={
        "session_id": ("直播间ID", "room_id"),
        "title": ("直播标题", "直播间标题"),
        "account": ("主播昵称",),
        "started_at": ("开播时间", "直播时间"),
        "ended_at": ("下播时间",),
        "duration": ("直播时长",),
        "viewers": ("直播间观看人数", "累计观看人数"),
        "views": ("观看次数",),
        "avg_online": ("平均在线人数",),
        "peak_online": ("最高在线人数",),
        "buyers": ("成交人数",),
        "orders": ("成交订单数",),
        "items": ("成交件数",),
        "gmv": ("直播间成交金额", "pay_amt"),
        "gmv_incl_abnormal": ("直播间成交金额（含异常交易）", "pay_amt_all"),
        "refund": ("退款金额", "real_refund_amt"),
        "product_exposed": ("商品曝光人数",),
        "product_clickers": ("商品点击人数",),
        "new_followers": ("新增粉丝数", "follow_anchor_ucnt"),
        "ad_spend": ("千川消耗", "stat_cost"),
        "gpm": ("千次观看成交金额", "千次观看成交金额(GPM)", "gpm"),
        "per_buyer": ("客单价",),
        "buyer_rate": ("观看-成交率(人数)", "直播间观看-成交转化率(人数)", "watch_pay_ucnt_ratio"),
    },
    also=(
        *("直播间曝光人数", "直播间曝光次数", "人均观看时长", "自然流量观看人数", "付费流量观看人数"),
        *("商品点击-成交率(人数)", "曝光-观看率(次数)", "退款金额占比", "UV价值", "预售订单数"),
        *("直播间曝光-观看率(人数)", "直播间观看-商品曝光率(人数)", "直播间商品曝光-点击率(人数)"),
        *("直播间商品点击-成交转化率(人数)", "avg_watch_duration", "uv_value", "real_refund_ratio"),
        *("product_click_pay_ucnt_ratio", "live_show_watch_cnt_ratio"),
    ),
    key=("session_id",),
    # The platform states refunds as a share of the broadcast's own amount.
    refund_basis="payment_day",
    aliases=aliases.LIVE,
)

# The review of one broadcast (电商罗盘, 巨量百应): a workbook whose sheets each hold some of these figures.
REVIEW = replace(BROADCASTS, variant="review")

PROFILES = (ORDERS, AFFILIATE, MOVEMENTS, BROADCASTS)
