"""The demonstration's plan: a programme as it was run in Shanxi, its cohorts around a day, everybody in it invented."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from random import Random

from trainer.domain.actors import Role, region_prefix
from trainer.domain.demo_lessons import Habit
from trainer.domain.demo_sales import Plant, Seller
from trainer.domain.programme import PartnerKind, TargetKind, Track
from trainer.domain.sales import Platform, ShopRole

PROVINCE = "140000"
MEDIUM_WOMEN = 100_000
FULL_COHORT = 100
BEGAN = timedelta(days=470)  # before the day of the filling
ENDS = timedelta(days=260)


class Size(StrEnum):
    SMALL = "small"
    MEDIUM = "medium"


def stream(*what: object) -> Random:
    """Chance that falls the same way for the same `what`, on every machine."""
    return Random("she-power:" + ":".join(map(str, what)))  # noqa: S311 - a story, not a secret


NAME = "她力量乡村振兴帮扶计划"
DESCRIPTION = "面向农村妇女的电商与短视频直播培训：普惠培训、重点扶持、创业资金、妇联干部实操培训。演示数据，全部虚构。"
PARTNERS = (
    ("山西省妇女联合会", PartnerKind.ORGANISER),
    ("中国妇女发展基金会", PartnerKind.FUNDER),
    ("快手", PartnerKind.PLATFORM),
    ("山西省妇女儿童发展基金会", PartnerKind.FUNDER),
    ("大同市妇女联合会", PartnerKind.HOST),
)
TARGETS = {
    TargetKind.PEOPLE_TRAINED: 1000,
    TargetKind.COHORTS_RUN: 12,
    TargetKind.ADVANCED_TRAINED: 40,
    TargetKind.SHOPS_OPENED: 300,
}


@dataclass(frozen=True)
class StaffMember:
    """An account with a password; an evaluator or instructor reaches what is assigned to her."""

    username: str
    name: str
    organisation: str
    role: Role
    region_code: str | None = None


STAFF = (
    StaffMember("admin", "周立新", "山西省妇联信息中心", Role.SYSTEM_ADMINISTRATOR),
    StaffMember("manager", "郝建英", "山西省妇女联合会", Role.MANAGER, PROVINCE),
    StaffMember("manager2", "申玉萍", "山西省妇女联合会", Role.MANAGER, PROVINCE),
    StaffMember("datong", "李慧敏", "大同市妇女联合会", Role.COHORT_STAFF, "140200"),
    StaffMember("laoshi", "孙晓梅", "巾帼电商讲师团", Role.INSTRUCTOR),
    *(
        StaffMember(f"pingwei{number}", name, "评审专家组", Role.EVALUATOR)
        for number, name in enumerate(
            (
                "高志远",
                "冯秀珍",
                "任爱民",
                "韩玉梅",
                "薛国强",
                "贾丽萍",
                "白文斌",
                "梁彩霞",
                "宋海燕",
                "田永红",
                "段淑芬",
                "曹建国",
            ),
            start=1,
        )
    ),
    StaffMember("caiwu", "崔桂英", "山西省妇女儿童发展基金会", Role.FINANCE),
    StaffMember("shenji", "侯正平", "山西省妇女联合会", Role.AUDITOR, None),
    StaffMember("jijinhui", "苏婷", "中国妇女发展基金会", Role.PARTNER, PROVINCE),
    StaffMember("linfen", "申红", "临汾市妇女联合会", Role.COHORT_STAFF, "141000"),
    StaffMember("yuncheng", "卫爱华", "运城市妇女联合会", Role.COHORT_STAFF, "140800"),
    StaffMember("changzhi", "乔俊仙", "长治市妇女联合会", Role.COHORT_STAFF, "140400"),
    StaffMember("yangquan", "樊素青", "阳泉市妇女联合会", Role.COHORT_STAFF, "140300"),
    StaffMember("laoshi2", "史敏", "巾帼电商讲师团", Role.INSTRUCTOR),
    StaffMember("yangquanshi", "荆红梅", "阳泉市妇女联合会", Role.MANAGER, "140300"),
)


@dataclass(frozen=True)
class Part:
    """A woman whose story is told on purpose: what is known of her, the rest falls by chance."""

    name: str
    habit: Habit = Habit.STEADY
    seller: Seller | None = None
    business: str | None = None
    # Days before the filling on which she opened her shop.
    opened: int = 300
    has_account: bool = True
    shares_phone_with_seat: int | None = None
    platform: Platform = Platform.KUAISHOU
    shop_role: ShopRole = ShopRole.OWN
    plant: Plant | None = None


def _of_shops(name: str, seller: Seller, business: str, **told: object) -> Part:
    """A woman who is there for her shop's sake."""
    return Part(name, seller=seller, business=business, has_account=False, **told)


@dataclass(frozen=True)
class CohortPlan:
    """A cohort to be filled; `counties` are where its women live, `cast` is by seat number."""

    code: str
    name: str
    track: Track
    region_code: str
    place: str
    starts_on: date
    lessons: int
    women: int
    teacher: str
    counties: Sequence[str]
    shops: float
    instructors: Sequence[str] = ("laoshi", "laoshi2")
    staff: str = "manager"
    forgotten: bool = False
    cast: Mapping[int, Part] = field(default_factory=dict)

    @property
    def ends_on(self) -> date:
        return self.starts_on + timedelta(days=(self.lessons - 1) // 2)


STORY = Part("王秀芳", seller=Seller.STEADY, business="黄花菜")
DATONG_CAST = {
    1: STORY,
    2: Part("李桂花"),
    3: Part("刘改梅", seller=Seller.BEGINNER, business="剪纸", opened=20),
    4: Part("刘小丽", has_account=False, shares_phone_with_seat=3),
    5: Part("其其格·乌兰", habit=Habit.JOINS_LATE),
    6: Part("马桂仙", habit=Habit.DROPS_OFF),
    11: Part("赵玉莲", has_account=False),
    12: Part("赵玉荣", has_account=False, shares_phone_with_seat=11),
}
LINFEN_CAST = {
    1: Part("张晓红", seller=Seller.STAR, business="苹果", opened=360),
    2: _of_shops("郭春兰", Seller.STEADY, "小杂粮", plant=Plant.BURST),
    3: _of_shops("任巧梅", Seller.STRONG, "核桃红枣", platform=Platform.DOUYIN, plant=Plant.ABNORMAL_TRADES),
}
YUNCHENG_CAST = {
    1: Part("赵巧云", seller=Seller.OCCASIONAL, business="鲜桃", opened=290),
    2: _of_shops("卫玉香", Seller.STEADY, "剪纸", platform=Platform.TAOBAO),
    3: _of_shops("解彩霞", Seller.STEADY, "苹果", shop_role=ShopRole.HOST),
}
CHANGZHI_CAST = {
    1: _of_shops("秦爱莲", Seller.STEADY, "小杂粮", plant=Plant.BURST),
    2: _of_shops("申丽英", Seller.STEADY, "陈醋胡麻油", plant=Plant.BULK_REFUNDS),
    3: _of_shops("李雪琴", Seller.STEADY, "核桃红枣", plant=Plant.BURST),
}

# city, letters, county of the place, days ago it began, women, share with a shop, cast
_CITIES = (
    ("临汾市", "LF", "141000", "尧都区", 420, 104, 0.62, LINFEN_CAST),
    ("运城市", "YC", "140800", "盐湖区", 350, 98, 0.58, YUNCHENG_CAST),
    ("长治市", "CZ", "140400", "潞州区", 270, 101, 0.52, CHANGZHI_CAST),
    ("阳泉市", "YQ", "140300", "平定县", 190, 97, 0.45, {}),
    ("大同市", "DT", "140200", "云州区", 2, 100, 0.14, DATONG_CAST),
)
_STAFF_OF = {member.region_code: member for member in STAFF if member.role is Role.COHORT_STAFF}


def small_cohorts(today: date, counties: Mapping[str, str]) -> list[CohortPlan]:
    """Four finished cohorts, Datong in the middle of its five days, one of cadres, and one that waits for its roster.

    `counties`: names by code.
    """
    return [*(_city_cohort(*city, today, counties) for city in _CITIES), _cadres(today, counties), _next_one(today)]


def _city_cohort(city, letters, code, county, ago, women, shops, cast, today, counties) -> CohortPlan:
    starts_on, staff = today - timedelta(days=ago), _STAFF_OF[code]
    return CohortPlan(
        code=f"{letters}-{starts_on.year}-01",
        name=f"{city}普惠培训班（第1期）",
        track=Track.FOUNDATION,
        region_code=code,
        place=f"{city}{county}巾帼培训基地",
        starts_on=starts_on,
        lessons=10,
        women=women,
        teacher=staff.name,
        counties=_within(code, counties),
        shops=shops,
        staff=staff.username,
        forgotten=starts_on + timedelta(days=4) >= today,
        cast=cast,
    )


def _cadres(today: date, counties: Mapping[str, str]) -> CohortPlan:
    starts_on = today - timedelta(days=100)
    return CohortPlan(
        code=f"GB-{starts_on.year}-01",
        name="妇联干部实操培训班（第1期）",
        track=Track.CADRE,
        region_code=PROVINCE,
        place="太原市妇女儿童活动中心",
        starts_on=starts_on,
        lessons=4,
        women=24,
        teacher="郝建英",
        counties=_within(PROVINCE, counties),
        shops=0.0,
    )


def _next_one(today: date) -> CohortPlan:
    """Nobody is on its roll yet: here a visitor can take in a roster of her own."""
    starts_on = today + timedelta(days=12)
    return CohortPlan(
        code=f"DT-{starts_on.year}-02",
        name="大同市普惠培训班（第2期）",
        track=Track.FOUNDATION,
        region_code="140200",
        place="大同市阳高县巾帼培训基地",
        starts_on=starts_on,
        lessons=10,
        women=0,
        teacher="李慧敏",
        counties=(),
        shops=0.0,
        staff="datong",
    )


def advanced_cohort(today: date) -> CohortPlan:
    """The twenty chosen by the finished selection, whoever they are."""
    starts_on = today - timedelta(days=95)
    return CohortPlan(
        code=f"ZD-{starts_on.year}-01",
        name="重点扶持直播电商研修班（第1期）",
        track=Track.ADVANCED,
        region_code=PROVINCE,
        place="太原市巾帼电商孵化基地",
        starts_on=starts_on,
        lessons=12,
        women=20,
        teacher="郝建英",
        counties=(),
        shops=0.0,
    )


def county_cohorts(women: int, today: date, counties: Mapping[str, str]) -> list[CohortPlan]:
    """`women` more in county cohorts of a hundred, over all counties of the province and the time since it began."""
    places = _within(PROVINCE, counties)
    count = -(-women // FULL_COHORT)
    plans = []
    for number in range(count):
        county, turn = places[number % len(places)], number // len(places) + 1
        starts_on = today - BEGAN + timedelta(days=number * (BEGAN.days + 10) // count)
        plans.append(
            CohortPlan(
                code=f"{county}-{turn:02d}",
                name=f"{counties[county]}普惠培训班（第{turn}期）",
                track=Track.FOUNDATION,
                region_code=county,
                place=f"{counties[county]}妇女之家",
                starts_on=starts_on,
                lessons=6,
                women=min(FULL_COHORT, women - number * FULL_COHORT),
                teacher="李慧敏",
                counties=(county,),
                shops=0.06,
            )
        )
    return plans


def _within(code: str, counties: Mapping[str, str]) -> list[str]:
    return sorted(county for county in counties if county.startswith(region_prefix(code)))
