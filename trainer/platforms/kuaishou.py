"""Kuaishou's files: shop orders, settlement, money movements, and the list of broadcasts."""

from trainer.domain.sales import Platform, SalesKind
from trainer.platforms import aliases
from trainer.platforms.profile import IMPORTER_CODE, SCREEN_LABELS, Profile

ORDERS = Profile(
    platform=Platform.KUAISHOU,
    kind=SalesKind.ORDER,
    variant="orders",
    evidence=IMPORTER_CODE,
    required=(("order_id",), ("paid",), ("status", "paid_at")),
    columns={
        "order_id": ("订单号",),
        "gift_id": ("赠品订单号",),
        "ordered_at": ("订单创建时间",),
        "paid_at": ("订单支付时间",),
        "status": ("订单状态",),
        "paid": ("实付款",),
        "quantity": ("成交数量",),
        "after_sale": ("售后状态",),
        "live_source": ("订单载体", "渠道"),
        "product": ("商品名称",),
        "product_id": ("商品ID",),
        "spec": ("商品规格",),
        "sku_id": ("SKU编码",),
        "unit_price": ("商品单价",),
        "province": ("收货地址-省",),
        "shipped_at": ("发货时间",),
        "host": ("CPS达人昵称",),
        "host_id": ("CPS达人ID",),
        "commission": ("预估推广佣金",),
        "parcel": ("快递单号",),
        "remark": ("订单备注",),
    },
    also=(
        *("活动订单编号", "预售定金支付时间", "快递费", "店铺优惠", "平台补贴", "主播补贴", "混资活动优惠", "支付优惠"),
        *("支付方式", "账号类型", "账号明细", "旗帜颜色", "活动订单", "预售/承诺发货时间", "渠道"),
        *("预估推广者分佣比例", "团长ID", "团长昵称", "快赚客ID", "快赚客昵称", "授权推广者ID", "授权推广者昵称"),
        *("快递公司", "物流信息", "集运类型", "直邮类型", "仓库名称", "仓库地址", "服务门店ID", "服务门店名称"),
        *("服务门店地址", "国补/类国补/消费券"),
    ),
    key=("order_id", "product_id", "sku_id|spec|product"),
    # Not known whether an order of several products repeats its amount on each line: found out from the prices.
    paid_scope="unknown",
    aliases=aliases.ORDER,
)

SETTLEMENT = Profile(
    platform=Platform.KUAISHOU,
    kind=SalesKind.SETTLEMENT,
    variant="settlement",
    evidence=IMPORTER_CODE,
    required=(("order_id",), ("settled",), ("income", "paid")),
    columns={
        "order_id": ("订单号",),
        "product_id": ("商品ID",),
        "income": ("合计收入(元)",),
        "paid": ("订单实付(元)",),
        "refund": ("订单退款(元)",),
        "expense": ("合计支出(元)",),
        "settled": ("实际结算金额(元)",),
        "settled_at": ("实际结算时间",),
    },
    also=(
        *("商家ID", "商品名称", "商品数量", "订单创建时间", "政府补贴", "支付营销补贴", "平台补贴", "商家补贴(元)"),
        *("达人补贴", "达人补贴明细", "支付营销回退（元）", "达人ID", "MCN机构ID", "团长id", "佣金模式", "快赚客ID"),
        *("服务商ID", "分账基数", "其他收费明细", "结算规则", "资金渠道", "结算商户号", "消费金信息"),
    ),
    expenses=(
        *("技术服务费(元)", "预售增收技术服务费（元）", "达人佣金(元)", "团长佣金(元)", "快赚客佣金(元)"),
        *("服务商佣金(元)", "其他收费"),
    ),
    key=("order_id", "product_id", "settled_at"),
    key_is_counted=True,
)

MOVEMENTS = Profile(
    platform=Platform.KUAISHOU,
    kind=SalesKind.SETTLEMENT,
    variant="movements",
    evidence=IMPORTER_CODE,
    required=(("flow_id",), ("amount",), ("direction",), ("movement",)),
    columns={
        "flow_id": ("账务流水号",),
        "order_id": ("关联业务单号",),
        "settled_at": ("入账时间",),
        "direction": ("账务方向", "财务方式"),
        "amount": ("发生额（元）",),
        "movement": ("业务类型",),
    },
    also=("期末余额（元）",),
    key=("flow_id",),
)

BROADCASTS = Profile(
    platform=Platform.KUAISHOU,
    kind=SalesKind.LIVE_SESSION,
    variant="broadcasts",
    evidence=SCREEN_LABELS,
    required=(("started_at",), ("gmv",)),
    columns={
        "session_id": ("直播ID",),
        "title": ("直播标题",),
        "started_at": ("开播时间", "直播时间"),
        "duration": ("直播时长",),
        "viewers": ("累计观众数", "观众数"),
        "peak_online": ("人数峰值",),
        "orders": ("累计订单数", "成交订单数"),
        "items": ("成交件数",),
        "gmv": ("累计成交金额(元)", "成交金额"),
        "refund": ("退款金额(退款日)",),
        "new_followers": ("累计新增粉丝",),
    },
    # 商品点击 counts clicks, not who clicked; 成交转化率 does not say of whom; 礼物收入 is no sale.
    also=(
        *("人均观看时长", "商品点击", "商品点击次数", "成交转化率", "成交粉丝占比", "点赞量", "评论量", "礼物收入"),
        *("receiveAmount", "直播次数", "实时观看人数", "在线粉丝占比", "成交退款订单数"),
    ),
    key=("session_id",),
    aliases=aliases.LIVE,
)

PROFILES = (ORDERS, SETTLEMENT, MOVEMENTS, BROADCASTS)
