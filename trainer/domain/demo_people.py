"""Invented women for the demonstration: names, ID numbers of areas that do not exist, phones nobody has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from trainer.domain.people import birth_year_from_id, id_check_digit

# Counties under this number do not exist, and 99 is left to the sample rosters that people try the imports with.
NO_COUNTY = "98"
PHONES = "1400000{:04d}"
# Below it are the phones of the sample rosters.
FIRST_PHONE, PHONE_COUNT = 1000, 9000
BORN = (date(1966, 1, 1), date(2004, 12, 31))

SURNAMES = (
    *("王", "张", "李", "刘", "赵", "杨", "郭", "高", "武", "任", "郝", "韩", "薛", "贾", "白", "冯", "马", "梁", "宋"),
    *("陈", "田", "孙", "吴", "段", "董", "曹", "崔", "周", "侯", "苏", "申", "卫", "乔", "樊", "原", "史", "秦", "孟"),
    *("温", "常", "牛", "景", "毛", "姚", "许", "贺", "乐", "单", "解", "仇", "翟", "欧阳", "上官", "尉迟"),
)
FIRST = "秀桂玉春丽红艳晓海雪爱金小美文彩改翠月俊慧燕瑞素建巧凤志"
SECOND = "芳英兰梅霞花萍琴珍莲香云娥玲燕平仙娟敏丽青红婷荣霄洁"
SINGLE = "芳丽敏静娟艳霞燕婷萍红梅洁瑶倩颖娜"
# What lists, masks and fonts trip over: a dot, four characters, characters off the beaten track.
RARE = ("阿依努尔·麦麦提", "其其格·乌兰", "欧阳秀兰", "赵𬱖", "郭㛃然", "李春燕子", "王䶮", "尉迟玉珍")

TOWNSHIPS = ("城关镇", "西坪镇", "王官屯镇", "大白登镇", "壶泉镇", "武灵镇", "永安镇", "龙泉镇", "南关镇", "古城乡")
VILLAGES = (
    "大西沟村",
    "三里屯村",
    "上庄村",
    "下寨村",
    "南坡村",
    "河湾村",
    "柳树底村",
    "石家岭村",
    "东堡村",
    "寺儿沟村",
)
EDUCATION = (("小学", 10), ("初中", 42), ("高中", 18), ("中专", 12), ("大专", 13), ("本科", 5))
ETHNICITIES = (("汉族", 95), ("回族", 2), ("满族", 2), ("蒙古族", 1))


@dataclass(frozen=True, slots=True)
class Woman:
    """One invented human being."""

    name: str
    id_number: str
    phone: str
    ethnicity: str
    education: str
    region_code: str
    township: str
    village: str
    business: str
    has_shop: bool

    @property
    def birth_year(self) -> int:
        return birth_year_from_id(self.id_number)


def pick(stream: Random, weighted: Sequence[tuple[str, int]]) -> str:
    """One of `weighted`, as often as its weight says."""
    words, weights = zip(*weighted, strict=True)
    return stream.choices(words, weights)[0]


class Maker:
    """Makes women who differ in ID number, and in phone until the numbers run out (then phones are shared)."""

    def __init__(self) -> None:
        self.made = 0
        self.id_numbers: set[str] = set()

    def woman(self, stream: Random, county: str, businesses: Sequence[str], **told: object) -> Woman:
        """`told` are the fields of which the story is known already."""
        village = stream.choice(VILLAGES)
        invented = {
            "name": self._name(stream),
            "id_number": self._id_number(stream, county[:4]),
            "phone": PHONES.format(FIRST_PHONE + self.made % PHONE_COUNT),
            "ethnicity": pick(stream, ETHNICITIES),
            "education": pick(stream, EDUCATION),
            "region_code": county,
            "township": stream.choice(TOWNSHIPS),
            "village": village,
            "business": stream.choice(businesses),
            "has_shop": False,
        }
        self.made += 1
        return Woman(**{**invented, **told})

    def _name(self, stream: Random) -> str:
        if self.made % 67 == 41:
            return RARE[self.made // 67 % len(RARE)]
        surname = SURNAMES[int(stream.expovariate(0.06)) % len(SURNAMES)]
        given = stream.choice(SINGLE) if stream.random() < 0.18 else stream.choice(FIRST) + stream.choice(SECOND)
        return surname + given

    def _id_number(self, stream: Random, city: str) -> str:
        """A woman's: the 17th digit is even."""
        while True:
            born = BORN[0] + timedelta(days=stream.randrange((BORN[1] - BORN[0]).days))
            digits = f"{city}{NO_COUNTY}{born:%Y%m%d}{2 * stream.randrange(500):03d}"
            number = digits + id_check_digit(digits)
            if number not in self.id_numbers:
                self.id_numbers.add(number)
                return number
