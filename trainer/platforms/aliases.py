"""Headings that several platforms and older exports use for the same figure: read by every profile of the kind."""

from trainer.platforms.profile import REMARKS

LIVE = {
    "session_id": (
        "直播ID",
        "直播间ID",
        "场次ID",
        "直播场次ID",
        "场次编号",
        "直播编号",
        "room_id",
        "live_id",
        "liveObjectId",
    ),
    "title": ("直播标题", "直播间标题", "场次标题", "直播主题", "直播名称", "直播间名称", "直播信息", "标题"),
    "account": ("主播昵称", "主播名称", "主播", "账号名称", "账号昵称", "店铺名称"),
    "started_at": ("开播时间", "直播时间", "直播开始时间", "开始直播时间", "开始时间", "liveStartTime", "createTime"),
    "ended_at": ("下播时间", "关播时间", "直播结束时间", "结束时间"),
    "duration": ("直播时长", "开播时长", "时长"),
    "viewers": (
        *("累计观众数", "观众数", "累计观众", "累计观众人数", "观众人数", "累计观看人数", "观看人数", "直播间观看人数"),
        *("访问人数", "直播间访问人数", "浏览人数", "直播间浏览人数", "playUv", "watch_ucnt", "uv"),
    ),
    "views": (
        *("观看次数", "累计观看次数", "直播间观看次数", "观看总次数", "浏览次数", "直播间浏览次数", "pv"),
        "直播间观看次数/浏览次数",
    ),
    "peak_online": (
        *("人数峰值", "在线人数峰值", "最高在线人数", "最高在线", "峰值在线人数", "最高同时在线人数"),
        *("maxConcurrentUv", "maxOnlineCount"),
    ),
    "avg_online": ("平均在线人数", "平均在线", "online_user_cnt"),
    "buyers": (
        "成交人数",
        "支付人数",
        "购买人数",
        "成交用户数",
        "种草成交人数",
        "pay_ucnt",
        "payedUserUv",
        "payBuyerCnt",
    ),
    "orders": (
        *("累计订单数", "成交订单数", "累计成交订单数", "订单数", "支付订单数", "成交单数", "订单量", "成交笔数"),
        *("种草成交笔数", "pay_cnt", "payedNum", "payOrderCnt"),
    ),
    "items": ("成交件数", "支付件数", "种草成交件数", "pay_combo_cnt", "payItemQty"),
    "gmv": (
        *(
            "累计成交金额",
            "成交金额",
            "直播间成交金额",
            "直播成交金额",
            "支付金额",
            "成交额",
            "直播间成交额",
            "累计成交额",
        ),
        *("销售额", "累计销售额", "GMV", "直播GMV", "种草成交金额", "pay_amt", "payedGmv", "payAmt"),
    ),
    "gmv_incl_abnormal": ("直播间成交金额(含异常交易)", "成交金额(含异常交易)", "成交金额（含异常）", "pay_amt_all"),
    "refund": (
        *("退款金额(退款日)", "退款金额(支付日)", "退款金额(退款时间)", "退款金额(支付时间)", "退款金额", "退款额"),
        *("成功退款金额", "累计退款金额", "直播间退款金额", "real_refund_amt"),
    ),
    "product_exposed": ("商品曝光人数", "直播间商品曝光人数"),
    "product_clickers": ("商品点击人数", "直播间商品点击人数", "ipvUv"),
    "new_followers": (
        *("新增粉丝数", "累计新增粉丝", "累计新增粉丝数", "新增粉丝量", "新增粉丝", "新增关注", "新增关注数"),
        *("newFollowCount", "atnUv", "follow_anchor_ucnt"),
    ),
    "ad_spend": ("千川消耗", "stat_cost"),
    # Only where the heading says per thousand of what: GPM alone is reckoned per viewer on some screens.
    "gpm": ("千次观看成交金额", "千次观看成交金额(GPM)"),
    "per_buyer": ("客单价",),
    "buyer_rate": ("观看-成交率(人数)", "直播间观看-成交转化率(人数)", "观看-成交转化率(人数)"),
}

ORDER = {
    "order_id": ("订单号", "订单编号", "主订单编号", "主订单号", "订单ID"),
    "product": ("商品名称", "商品标题", "商品", "宝贝标题", "宝贝名称"),
    "product_id": ("商品ID", "宝贝ID"),
    "spec": ("商品规格", "规格", "商品属性", "SKU名称"),
    "sku_id": ("SKU编码", "SKUID", "规格ID"),
    "quantity": ("商品数量", "成交数量", "购买数量", "数量", "件数"),
    "unit_price": ("商品单价", "单价", "商品价格"),
    "ordered_at": ("订单创建时间", "下单时间", "订单提交时间", "创建时间", "订单下单时间"),
    "paid_at": ("订单支付时间", "订单付款时间", "支付时间", "付款时间", "支付完成时间"),
    "paid": ("实付款", "实付金额", "用户实付金额", "买家实付金额", "支付金额"),
    "refund": ("退款金额", "已退款金额", "商品已退款金额", "退款成功金额"),
    "after_sale": ("售后状态", "退款状态", "售后"),
    "status": ("订单状态", "交易状态"),
    "province": ("省", "省份", "收货省份", "收货地址-省", "收件省份"),
    "shipped_at": ("发货时间", "订单发货时间"),
    "received_at": ("确认收货时间", "订单确认收货时间", "收货时间"),
    "host": ("达人昵称", "达人名称", "CPS达人昵称", "带货账号昵称"),
    "host_id": ("达人ID", "CPS达人ID"),
    "commission": ("达人佣金", "预估推广佣金", "带货费用"),
    "parcel": ("快递单号", "物流单号", "运单号"),
    "remark": REMARKS,
}
