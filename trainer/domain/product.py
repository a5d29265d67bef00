"""Products: what they are sorted into, what a name suggests, and their seasons."""

from dataclasses import dataclass
from enum import StrEnum


class ProductCategory(StrEnum):
    FRUIT = "fruit"
    VEGETABLES = "vegetables"
    GRAIN_AND_OIL = "grain_and_oil"
    MEAT_AND_EGGS = "meat_and_eggs"
    DRIED_GOODS = "dried_goods"
    TEA_AND_HERBS = "tea_and_herbs"
    PREPARED_FOOD = "prepared_food"
    HANDICRAFT = "handicraft"
    CLOTHING = "clothing"
    OTHER = "other"


C = ProductCategory
# Words of a name, blanks between them. Compounds stand beside what they are made of: the longer word speaks.
_WORDS: dict[ProductCategory, str] = {
    C.FRUIT: (
        "苹果 梨 香梨 酥梨 桃 桃子 水蜜桃 油桃 杏 鲜杏 李子 葡萄 樱桃 草莓 蓝莓 山楂 鲜枣 冬枣 柿子 西瓜 甜瓜 蜜瓜 哈密瓜 橙 橙子 "
        "脐橙 桔 橘 蜜桔 柚子 猕猴桃 石榴 沙棘 沙棘果 海棠 车厘子 香蕉 芒果 荔枝 龙眼 桑葚 树莓 水果"
    ),
    C.VEGETABLES: (
        "土豆 马铃薯 红薯 紫薯 山药 鲜山药 胡萝卜 萝卜 白菜 番茄 西红柿 圣女果 黄瓜 茄子 辣椒 青椒 豆角 芹菜 菠菜 大葱 洋葱 生姜 "
        "大蒜 南瓜 贝贝南瓜 冬瓜 莲藕 玉米 鲜玉米 甜玉米 糯玉米 芦笋 花菜 西兰花 蔬菜 鲜菇 平菇 香菇 鲜香菇 羊肚菌"
    ),
    C.GRAIN_AND_OIL: (
        "小米 黄小米 新米 大米 糯米 黑米 黄米 大黄米 高粱 高粱米 薏米 燕麦 燕麦米 燕麦片 莜麦 莜面 荞麦 荞面 藜麦 玉米面 玉米糁 玉米碴 "
        "面粉 白面 全麦粉 豆面 黄豆 绿豆 红豆 黑豆 芸豆 豌豆 杂粮 五谷 胡麻油 亚麻籽油 菜籽油 花生油 核桃油 香油 葵花籽油 食用油 "
        "月子米 胚芽米"
    ),
    C.MEAT_AND_EGGS: (
        "羊肉 牛肉 猪肉 驴肉 鸡肉 鸭肉 鹅肉 兔肉 土鸡 老母鸡 鸡蛋 土鸡蛋 鸭蛋 鹅蛋 鹌鹑蛋 腊肉 香肠 排骨 羊排 羊腿 牛奶 羊奶 奶粉 "
        "酸奶 三文鱼 虹鳟 鱼"
    ),
    C.DRIED_GOODS: (
        "黄花菜 黄花 干黄花 木耳 黑木耳 银耳 干香菇 香菇干 红枣 大枣 干枣 骏枣 灰枣 枣 枣片 核桃 核桃仁 薄皮核桃 花生 花生米 瓜子 "
        "葵花籽 南瓜籽 杏仁 板栗 栗子 松子 莲子 葡萄干 柿饼 苹果干 杏干 山楂干 红薯干 地瓜干 干辣椒 花椒 大料 八角 粉条 土豆粉条 "
        "干菜 干货 台蘑 坚果 果干"
    ),
    C.TEA_AND_HERBS: (
        "茶 茶叶 绿茶 红茶 花茶 连翘茶 连翘叶茶 沙棘茶 沙棘叶茶 苦荞茶 黑苦荞茶 菊花 菊花茶 金银花 枸杞 黄芪 党参 连翘 黄芩 柴胡 蒲公英 "
        "蒲公英茶 药茶 中药材 艾草 艾条 艾叶 蜂蜜 土蜂蜜 槐花蜜 阿胶"
    ),
    C.PREPARED_FOOD: (
        "醋 陈醋 老陈醋 米醋 果醋 苹果醋 酱 辣椒酱 辣酱 香菇酱 西红柿酱 番茄酱 果酱 豆腐 豆腐干 豆干 咸菜 泡菜 酸菜 月饼 饼 饼干 石头饼 "
        "太谷饼 麻花 锅巴 小米锅巴 馍 馒头 花馍 包子 饺子 粽子 糕 枣糕 黄米糕 年糕 糕点 点心 面包 刀削面 挂面 面条 方便面 凉皮 碗托 "
        "碗团 粉面 果汁 沙棘汁 沙棘原浆 原浆 苹果汁 饮料 酒 白酒 黄酒 果酒 罐头 黄桃罐头 山楂糕 果丹皮 果脯 苹果脆片 脆片 零食 酱牛肉 "
        "平遥牛肉 卤肉 熟食 八宝粥 核桃露 核桃粉 代餐粉 藕粉 炒货 红枣夹核桃 枣夹核桃"
    ),
    C.HANDICRAFT: (
        "剪纸 刺绣 绣 绣花 手工刺绣 面塑 布老虎 泥塑 草编 柳编 编织 手工编织 手编 钩织 钩针 香包 香囊 中国结 挂件 挂饰 摆件 漆器 推光漆器 "
        "陶瓷 砂器 黑陶 木雕 根雕 皮影 年画 葫芦 烙画 手串 灯笼 窗花 手工艺品 非遗 文创 堆锦 麦秆画 绒花 盘扣"
    ),
    C.CLOTHING: (
        "布鞋 手工布鞋 老布鞋 棉鞋 绣花鞋 虎头鞋 虎头帽 鞋垫 拖鞋 鞋 袜子 围巾 帽子 手套 棉衣 棉裤 棉袄 衣服 服装 旗袍 唐装 汉服 连衣裙 裙 "
        "裤 衬衫 毛衣 羊绒衫 羊毛衫 外套 童装 围裙 肚兜 被子 棉被 被罩 床单 枕头 荞麦枕 荞麦皮枕头"
    ),
}
WORDS: dict[str, ProductCategory] = {word: category for category, words in _WORDS.items() for word in words.split()}
LONGEST = max(map(len, WORDS))


def suggest(name: str) -> ProductCategory | None:
    """What a product's name says it is; None where no word is known.

    The longest known word speaks, of equally long ones the last: in Chinese the thing itself stands at the end (苹果醋).
    """
    for length in range(min(LONGEST, len(name)), 0, -1):
        for begin in range(len(name) - length, -1, -1):
            if category := WORDS.get(name[begin : begin + length]):
                return category
    return None


@dataclass(frozen=True)
class Season:
    """First and last month in which it is sold; over New Year where the first comes after the last."""

    first: int
    last: int

    @property
    def is_whole_year(self) -> bool:
        return self.first == self.last % 12 + 1

    @property
    def crosses_new_year(self) -> bool:
        return self.first > self.last and not self.is_whole_year

    def __contains__(self, month: object) -> bool:
        if self.first <= self.last:
            return isinstance(month, int) and self.first <= month <= self.last
        return isinstance(month, int) and (month >= self.first or month <= self.last)


@dataclass(frozen=True)
class Sorting:
    """What a person says of products: None leaves it as it is, a category or season of "" takes it away."""

    category: ProductCategory | str | None = None
    season: Season | str | None = None

    @property
    def says_nothing(self) -> bool:
        return self.category is None and self.season is None
