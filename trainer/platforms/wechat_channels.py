"""WeChat Channels' files: shop orders, money movements, and the list of broadcasts."""

from trainer.domain.sales import Platform, SalesKind
from trainer.platforms import aliases
from trainer.platforms.profile import IMPORTER_CODE, SCREEN_LABELS, Profile

ORDERS = Profile(
    platform=Platform.WECHAT_CHANNELS,
    kind=SalesKind.ORDER,
    variant="orders",
    evidence=IMPORTER_CODE,
    required=(("order_id",), ("paid", "order_paid"), ("status", "paid_at")),
    columns={
        "order_id": ("订单号",),
        "ordered_at": ("订单下单时间",),
        "paid_at": ("支付时间",),
        "received_at": ("订单确认收货时间",),
        "settled_at": ("订单完成结算时间",),
        "status": ("订单状态",),
        # A line's money; the order's amounts beside it are repeated on every line and only read where it is missing.
        "paid": ("商品实际价格(总共)",),
        "order_paid": ("订单实际收款金额", "订单实际支付金额"),
        "province": ("省",),
        "live_source": ("带货方式",),
        "product": ("商品名称",),
        "product_id": ("商品编码(平台)",),
        "sku_id": ("SKU编码(自定义)",),
        "spec": ("商品属性",),
        "unit_price": ("商品价格(单件)",),
        "quantity": ("商品数量",),
        "after_sale": ("商品售后",),
        "refund": ("商品已退款金额",),
        "shipped_at": ("订单发货时间",),
        "host": ("带货账号昵称",),
        "commission": ("带货费用",),
        "parcel": ("快递单号",),
        "remark": ("商家备注",),
    },
    also=(
        *("发货方式", "打标颜色", "商品总价", "订单运费", "商品优惠", "跨店优惠", "商品改价"),
        *("积分抵扣", "支付方式", "物流公司", "技术服务费", "技术服务费（将以人气卡形式返还）"),
        *("运费险预计投保费用", "带货账号类型", "带货费用渠道", "带货费用类型", "带货佣金率"),
        *("礼物单号", "商品编码(自定义)", "商品实际价格(单件)", "是否预售", "商品平台券优惠", "商品平均运费"),
        *("商品发货", "订单实际支付金额"),
    ),
    key=("order_id", "product_id", "sku_id", "spec"),
    key_is_counted=True,
    aliases={name: written for name, written in aliases.ORDER.items() if name != "paid"},
)

MOVEMENTS = Profile(
    platform=Platform.WECHAT_CHANNELS,
    kind=SalesKind.SETTLEMENT,
    variant="movements",
    evidence=IMPORTER_CODE,
    required=(("flow_id",), ("amount",), ("direction",), ("movement",)),
    columns={
        "flow_id": ("流水单号",),
        "settled_at": ("记账时间",),
        "movement": ("动账类型",),
        "direction": ("收支类型",),
        "amount": ("收支金额",),
        "order_id": ("关联订单号",),
    },
    also=("账户余额", "关联售后单号"),
    key=("flow_id",),
)

BROADCASTS = Profile(
    platform=Platform.WECHAT_CHANNELS,
    kind=SalesKind.LIVE_SESSION,
    variant="broadcasts",
    evidence=SCREEN_LABELS,
    # The list on the screen prints the time inside 直播信息.
    required=(("started_at", "title"), ("gmv",)),
    columns={
        "title": ("直播信息",),
        "session_id": ("liveObjectId",),
        "started_at": ("开播时间", "createTime"),
        "duration": ("直播时长",),
        "viewers": ("观看人数",),
        "peak_online": ("最高在线", "maxOnlineCount"),
        "gmv": ("成交金额", "payedGmv"),
        "orders": ("成交订单数", "payedNum"),
        "buyers": ("成交人数", "payedUserUv"),
        "new_followers": ("新增关注", "newFollowCount"),
        "ad_spend": ("总消耗",),
    },
    # 直接成交 is only what paid traffic brought; GPM does not say per thousand of what.
    also=(
        *("总热度", "hotQuota", "评论数", "totalCommentCount", "点赞数", "totalCheerCount", "预约人数", "预约转化率"),
        *("直接成交金额", "直接成交订单数", "直播间曝光人数", "直播间商品点击率", "GPM", "直播间转化率"),
    ),
    key=("session_id",),
    aliases=aliases.LIVE,
)

PROFILES = (ORDERS, MOVEMENTS, BROADCASTS)
