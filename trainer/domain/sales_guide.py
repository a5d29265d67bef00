"""Where each platform's files are downloaded, as data: the site, what is clicked there, how sure that is, and the
headings of the templates for what cannot be downloaded.

Menus and headings are quoted in the platform's own words.
"""

from dataclasses import dataclass
from enum import StrEnum

from trainer.domain.sales import Platform, SalesKind


class Dates(StrEnum):
    """Which range of dates to choose."""

    # Old enough for the refunds to be in: counts more.
    MATURE = "mature"
    # The whole month, as soon as it is over.
    MONTH = "month"
    # One broadcast after the other.
    EACH = "each"


class Certainty(StrEnum):
    """How sure it is that the file has the headings we read."""

    IMPORTER_CODE = "importer code"
    SCREEN_LABELS = "screen labels"
    UNVERIFIED = "unverified"


@dataclass(frozen=True)
class Guide:
    """One way to a file. `clicks`: what is chosen one after the other; `needs`: headings that have to be in the file."""

    platform: Platform
    kind: SalesKind
    site: str
    address: str
    clicks: tuple[str, ...]
    needs: tuple[str, ...]
    dates: Dates = Dates.MATURE
    certainty: Certainty = Certainty.IMPORTER_CODE
    # Whether we are sure that the menu is still called so.
    menu_sure: bool = False
    # To be taken before the others of its kind.
    is_first: bool = False


@dataclass(frozen=True)
class Template:
    """A workbook to fill in where the platform lets nothing be downloaded, or nobody knows what is in it.

    `columns`: heading → a cell of the example; `texts`: those that have to stay text.
    """

    platform: Platform
    kind: SalesKind
    columns: dict[str, str]
    texts: frozenset[str]


@dataclass(frozen=True)
class Instead:
    """Needed as no file of its own: another kind of file says it already, in `heading`."""

    platform: Platform
    kind: SalesKind
    other: SalesKind
    heading: str


KUAISHOU_SHOP, KUAISHOU_SHOP_AT = "快手小店商家后台", "s.kwaixiaodian.com"
DOUDIAN, DOUDIAN_AT = "抖店商家后台", "fxg.jinritemai.com"
QIANNIU, QIANNIU_AT = "千牛商家工作台", "myseller.taobao.com"
SYCM, SYCM_AT = "生意参谋", "sycm.taobao.com"
WECHAT_SHOP, WECHAT_SHOP_AT = "微信小店后台", "store.weixin.qq.com"
CHANNELS, CHANNELS_AT = "视频号助手", "channels.weixin.qq.com"
PDD, PDD_AT = "拼多多商家后台", "mms.pinduoduo.com"

GUIDES = (
    Guide(
        *(Platform.KUAISHOU, SalesKind.ORDER, KUAISHOU_SHOP, KUAISHOU_SHOP_AT),
        clicks=("订单", "订单查询", "导出", "导出记录", "下载"),
        needs=("订单号", "订单支付时间", "订单状态", "实付款", "售后状态"),
    ),
    Guide(
        *(Platform.KUAISHOU, SalesKind.SETTLEMENT, KUAISHOU_SHOP, KUAISHOU_SHOP_AT),
        clicks=("资金", "结算明细", "导出", "下载"),
        needs=("订单号", "合计收入(元)", "合计支出(元)", "实际结算金额(元)", "实际结算时间"),
    ),
    Guide(
        *(Platform.KUAISHOU, SalesKind.LIVE_SESSION, "快手创作者中心", "cp.kuaishou.com"),
        clicks=("数据中心", "直播数据", "直播场次", "导出"),
        needs=("开播时间", "直播时长", "累计观众数", "累计订单数", "累计成交金额"),
        dates=Dates.MONTH,
        certainty=Certainty.SCREEN_LABELS,
    ),
    Guide(
        *(Platform.DOUYIN, SalesKind.ORDER, DOUDIAN, DOUDIAN_AT),
        clicks=("订单", "订单管理", "导出", "查看已生成报表", "下载"),
        needs=("主订单编号", "子订单编号", "支付完成时间", "订单应付金额", "订单状态", "售后状态"),
        menu_sure=True,
    ),
    Guide(
        *(Platform.DOUYIN, SalesKind.SETTLEMENT, DOUDIAN, DOUDIAN_AT),
        clicks=("资金", "动账明细", "导出", "下载"),
        needs=("动账时间", "动账流水号", "动账方向", "动账金额", "订单号"),
    ),
    Guide(
        *(Platform.DOUYIN, SalesKind.LIVE_SESSION, "电商罗盘", "compass.jinritemai.com"),
        clicks=("直播", "直播复盘", "选择一场直播", "下载"),
        needs=("直播时间", "直播间成交金额", "退款金额", "累计观看人数", "成交订单数"),
        dates=Dates.EACH,
        certainty=Certainty.SCREEN_LABELS,
    ),
    Guide(
        *(Platform.TAOBAO, SalesKind.ORDER, SYCM, SYCM_AT),
        clicks=("直播", "直播订单明细", "下载"),
        needs=("场次id", "父订单", "子订单", "支付时间", "支付金额", "确认收货金额"),
        is_first=True,
    ),
    Guide(
        *(Platform.TAOBAO, SalesKind.ORDER, QIANNIU, QIANNIU_AT),
        clicks=("交易", "已卖出的宝贝", "批量导出", "订单报表", "下载"),
        needs=("订单编号", "买家实付金额", "订单状态", "订单付款时间", "退款金额", "确认收货打款金额"),
        menu_sure=True,
    ),
    Guide(
        *(Platform.TAOBAO, SalesKind.LIVE_SESSION, SYCM, SYCM_AT),
        clicks=("直播", "直播分场次", "下载"),
        needs=("场次id", "直播标题", "开播时间", "观看人数", "种草成交金额"),
        dates=Dates.MONTH,
    ),
    Guide(
        *(Platform.WECHAT_CHANNELS, SalesKind.ORDER, WECHAT_SHOP, WECHAT_SHOP_AT),
        clicks=("订单与售后", "订单管理", "导出", "下载"),
        needs=("订单号", "支付时间", "订单状态", "商品实际价格(总共)", "商品数量", "商品已退款金额"),
    ),
    Guide(
        *(Platform.WECHAT_CHANNELS, SalesKind.SETTLEMENT, WECHAT_SHOP, WECHAT_SHOP_AT),
        clicks=("资金", "资金流水", "导出", "下载"),
        needs=("流水单号", "记账时间", "动账类型", "收支类型", "收支金额", "关联订单号"),
    ),
    Guide(
        *(Platform.WECHAT_CHANNELS, SalesKind.LIVE_SESSION, CHANNELS, CHANNELS_AT),
        clicks=("数据中心", "直播数据", "单场数据", "下载"),
        needs=("直播信息", "直播时长", "观看人数", "最高在线", "成交金额"),
        dates=Dates.MONTH,
        certainty=Certainty.SCREEN_LABELS,
    ),
    Guide(
        *(Platform.PINDUODUO, SalesKind.ORDER, PDD, PDD_AT),
        clicks=("发货管理", "订单查询", "批量导出", "下载"),
        needs=("订单号", "订单状态", "商家实收金额(元)", "订单成交时间", "售后状态"),
    ),
)

BROADCAST = {
    "直播标题": "示例：小米开播第一场（这一行不会导入，可以保留）",
    "开播时间": "2026-03-08 19:30",
    "直播时长": "02:15:00",
}
KEPT_AS_TEXT = frozenset({"直播ID", "直播标题", "开播时间", "直播时长"})
TEMPLATES = (
    Template(
        *(Platform.KUAISHOU, SalesKind.LIVE_SESSION),
        {
            **{"直播ID": "", **BROADCAST},
            **{"累计观众数": "1280", "累计订单数": "36", "累计成交金额(元)": "2160.00", "退款金额(退款日)": "120.00"},
        },
        KEPT_AS_TEXT,
    ),
    Template(
        *(Platform.PINDUODUO, SalesKind.LIVE_SESSION),
        {**BROADCAST, "观众数": "1280", "成交订单数": "36", "成交金额": "2160.00", "新增关注": "25"},
        KEPT_AS_TEXT,
    ),
)

INSTEAD = (
    Instead(Platform.TAOBAO, SalesKind.SETTLEMENT, SalesKind.ORDER, "确认收货打款金额"),
    Instead(Platform.PINDUODUO, SalesKind.SETTLEMENT, SalesKind.ORDER, "商家实收金额(元)"),
)


@dataclass(frozen=True)
class Chapter:
    """What is said of one kind of file of a platform."""

    kind: SalesKind
    guides: tuple[Guide, ...]
    template: Template | None
    instead: Instead | None


def chapters(platform: Platform) -> list[Chapter]:
    """Orders first: they are worth most."""
    order = (SalesKind.ORDER, SalesKind.SETTLEMENT, SalesKind.LIVE_SESSION)
    return [
        Chapter(
            kind,
            tuple(guide for guide in GUIDES if (guide.platform, guide.kind) == (platform, kind)),
            find_template(platform, kind),
            next((one for one in INSTEAD if (one.platform, one.kind) == (platform, kind)), None),
        )
        for kind in order
    ]


def find_template(platform: Platform, kind: SalesKind) -> Template | None:
    return next((one for one in TEMPLATES if (one.platform, one.kind) == (platform, kind)), None)
