"""Taobao's files: orders, order lines, orders by broadcast, and two lists of broadcasts."""

from trainer.domain.sales import GmvMeasure, OrderStatus, Platform, SalesKind
from trainer.platforms import aliases
from trainer.platforms.profile import IMPORTER_CODE, Profile

# Here a finished trade has been paid out to the seller.
STATUSES = (("交易成功", OrderStatus.SETTLED),)

ORDERS = Profile(
    platform=Platform.TAOBAO,
    kind=SalesKind.ORDER,
    variant="orders",
    evidence=IMPORTER_CODE,
    required=(("order_id",), ("paid",), ("status",)),
    columns={
        "order_id": ("订单编号",),
        "paid": ("买家实付金额", "买家实际支付金额"),
        "status": ("订单状态",),
        "ordered_at": ("订单创建时间",),
        "paid_at": ("订单付款时间",),
        "product": ("商品标题", "宝贝标题"),
        "quantity": ("宝贝总数量",),
        "account": ("店铺名称",),
        "refund": ("退款金额",),
        "received_at": ("确认收货时间",),
        "settled": ("确认收货打款金额", "打款商家金额"),
        "shipped_at": ("发货时间",),
        "parcel": ("物流单号",),
        "remark": ("商家备注", "订单备注"),
    },
    also=(
        *("买家应付货款", "买家应付邮费", "总金额", "宝贝种类", "物流公司", "店铺ID", "订单关闭原因", "卖家服务费"),
        *("是否主动赔付", "主动赔付金额", "C2B小额收款", "含应开票给个人红包", "总金额(旧版)"),
        *("直播返现状态", "返现金额"),
    ),
    key=("order_id",),
    statuses=STATUSES,
    aliases=aliases.ORDER,
)

LINES = Profile(
    platform=Platform.TAOBAO,
    kind=SalesKind.ORDER,
    variant="lines",
    evidence=IMPORTER_CODE,
    required=(("order_id",), ("sub_order_id",), ("paid",), ("status",)),
    columns={
        "sub_order_id": ("子订单编号",),
        "order_id": ("主订单编号",),
        "product": ("商品标题", "标题"),
        "unit_price": ("商品价格", "价格"),
        "quantity": ("购买数量",),
        "status": ("订单状态",),
        "paid": ("买家实付金额", "买家实际支付金额"),
        "after_sale": ("退款状态",),
        "refund": ("退款金额",),
        "ordered_at": ("订单创建时间",),
        "paid_at": ("订单付款时间",),
        "product_id": ("商品ID",),
        "sku_id": ("外部系统编号",),
        "spec": ("商品属性",),
        "shipped_at": ("发货时间",),
        "remark": ("备注",),
    },
    also=("套餐信息", "商家编码", "买家应付货款"),
    key=("sub_order_id",),
    statuses=STATUSES,
    aliases=aliases.ORDER,
)

LIVE_ORDERS = Profile(
    platform=Platform.TAOBAO,
    kind=SalesKind.ORDER,
    variant="live_orders",
    evidence=IMPORTER_CODE,
    required=(("order_id",), ("sub_order_id",), ("session_id",), ("paid",)),
    columns={
        "session_id": ("场次id",),
        "product_id": ("商品id",),
        "product": ("商品标题",),
        "order_id": ("父订单",),
        "sub_order_id": ("子订单",),
        "ordered_at": ("下单时间",),
        "paid_at": ("支付时间",),
        "paid": ("支付金额",),
        "received_at": ("确认收货时间",),
        "settled": ("确认收货金额",),
    },
    also=("直播标题", "开播时间", "代播主播名称"),
    key=("sub_order_id",),
    always_live=True,
    aliases=aliases.ORDER,
)

BROADCASTS = Profile(
    platform=Platform.TAOBAO,
    kind=SalesKind.LIVE_SESSION,
    variant="broadcasts",
    evidence=IMPORTER_CODE,
    required=(("started_at",), ("gmv",)),
    columns={
        "title": ("直播标题", "contentTitle"),
        "session_id": ("场次id", "contentId"),
        "started_at": ("开播时间", "liveStartTime"),
        "views": ("直播间观看次数", "浏览次数", "直播间观看次数/浏览次数"),
        "viewers": ("观看人数", "访问人数", "观看人数/访问人数"),
        "buyers": ("种草成交人数", "成交人数"),
        "items": ("种草成交件数", "成交件数"),
        "orders": ("种草成交笔数", "成交笔数"),
        "gmv": ("种草成交金额", "成交金额", "payAmt"),
        "new_followers": ("新增粉丝数", "atnUv"),
        "product_clickers": ("商品点击人数", "ipvUv"),
    },
    also=(
        *("转粉率", "商品点击次数", "商品点击率", "商品加购人数", "商品加购件数", "互动率", "种草成交转化率"),
        *("成交转化率", "当日确定收货金额", "当日成功退款金额", "atnUvRate", "ipv", "ipvUvRate", "cartUv"),
        *("cartItemQty", "payBuyerCntRate", "itrtRate"),
    ),
    key=("session_id",),
    gmv_measure=GmvMeasure.WINDOW,
    aliases=aliases.LIVE,
)

ANCHOR_LIST = Profile(
    platform=Platform.TAOBAO,
    kind=SalesKind.LIVE_SESSION,
    variant="anchor_list",
    evidence=IMPORTER_CODE,
    required=(("started_at",), ("gmv",)),
    columns={
        "title": ("场次标题",),
        "started_at": ("开播时间",),
        "duration": ("开播时长(分钟)",),
        "views": ("直播间浏览次数",),
        "viewers": ("直播间浏览人数",),
        "gmv": ("种草成交金额(元)",),
        "new_followers": ("新增粉丝量",),
    },
    also=("引导进店次数", "封面图点击率", "互动率", "人均停留时长(秒)"),
    key=("session_id",),
    gmv_measure=GmvMeasure.WINDOW,
    aliases=aliases.LIVE,
)

PROFILES = (ORDERS, LINES, LIVE_ORDERS, BROADCASTS, ANCHOR_LIST)
