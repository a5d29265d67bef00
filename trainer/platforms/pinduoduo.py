"""Pinduoduo's files: shop orders; the list of broadcasts is composed, no real one having been seen."""

from trainer.domain.sales import Platform, SalesKind
from trainer.platforms import aliases
from trainer.platforms.profile import IMPORTER_CODE, UNVERIFIED, Profile

ORDERS = Profile(
    platform=Platform.PINDUODUO,
    kind=SalesKind.ORDER,
    variant="orders",
    evidence=IMPORTER_CODE,
    required=(("order_id",), ("paid",), ("status",)),
    columns={
        "ordered_at": ("订单成交时间", "拼单成功时间"),
        "paid_at": ("支付时间", "订单成交时间", "拼单成功时间"),
        "product": ("商品",),
        "order_id": ("订单号",),
        "status": ("订单状态",),
        # What the seller gets, coupons paid by the platform included: refunds and settlement are on that footing too.
        "paid": ("商家实收金额(元)", "用户实付金额(元)"),
        "quantity": ("商品数量(件)",),
        "received_at": ("确认收货时间",),
        "product_id": ("商品id",),
        "spec": ("商品规格",),
        "sku_id": ("样式ID", "规格id"),
        "after_sale": ("售后状态",),
        "province": ("省",),
        "shipped_at": ("发货时间",),
        "parcel": ("快递单号",),
        "remark": ("商家备注",),
    },
    also=(
        *("商品总价(元)", "邮费(元)", "店铺优惠折扣(元)", "平台优惠折扣(元)", "多多支付立减金额(元)"),
        *("商家编码-规格维度", "商家编码-商品维度", "快递公司", "订单来源", "用户实付金额(元)"),
    ),
    key=("order_id", "sku_id|spec"),
    aliases=aliases.ORDER,
)

BROADCASTS = Profile(
    platform=Platform.PINDUODUO,
    kind=SalesKind.LIVE_SESSION,
    variant="broadcasts",
    evidence=UNVERIFIED,
    required=(("started_at",), ("gmv",)),
    columns={
        "title": ("直播标题",),
        "started_at": ("开播时间",),
        "duration": ("直播时长",),
        "viewers": ("观众数",),
        "gmv": ("成交金额",),
        "orders": ("成交订单数",),
        "new_followers": ("新增关注",),
    },
    aliases=aliases.LIVE,
)

PROFILES = (ORDERS, BROADCASTS)
