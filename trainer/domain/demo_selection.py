"""The demonstration's two selections: rubrics, what candidates plan, and what evaluators make of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from trainer.domain.selection import CriterionDraft, CriterionKind, Recommendation, RoundKind, SelectionKind, SheetDraft

READERS = 3
# How strict an evaluator is, how her sheets scatter, and how far women differ, in levels.
STRICTNESS, NOISE, SPREAD = 0.35, 0.45, 0.75

_FIVE = ("很弱", "较弱", "一般", "较好", "突出")


def _judged(name: str, weight_bp: int, levels: tuple[str, ...] = _FIVE) -> CriterionDraft:
    return CriterionDraft(name, CriterionKind.JUDGED, weight_bp, levels)


@dataclass(frozen=True)
class SelectionPlan:
    """A selection with its first round; days before the filling it is created, opened and closed (None: not yet).

    `done`: the share of their sheets that the evaluators have submitted, one after the other in turn. `highest_yuan`:
    money is asked for, and the women hand in applications of their own.
    """

    name: str
    kind: SelectionKind
    round_kind: RoundKind
    seats: int
    rubric: tuple[CriterionDraft, ...]
    candidates_per_cohort: int
    created: int
    opened: int | None
    closed: int | None
    done: Sequence[float] = ()
    highest_yuan: int | None = None
    introduction: str = ""


FINISHED = SelectionPlan(
    name="重点扶持学员评选（第1期）",
    kind=SelectionKind.ADVANCED_TRAINING,
    round_kind=RoundKind.SCREENING,
    seats=20,
    rubric=(
        _judged("学习态度与提升潜力", 2500),
        _judged("直播与表达能力", 2000),
        _judged("带动周边妇女", 1500),
        CriterionDraft("培训出勤", CriterionKind.WEIGHTED, 2000, rule={"field": "attendance_rate", "of": 100}),
        CriterionDraft("净成交额", CriterionKind.PERCENTILE, 2000, rule={"field": "net_sales_fen"}),
    ),
    candidates_per_cohort=15,
    created=130,
    opened=124,
    closed=112,
    done=(1.0,),
)
RUNNING = SelectionPlan(
    name="妇女创业资金评选（第1期）",
    kind=SelectionKind.STARTUP_FUNDING,
    round_kind=RoundKind.EXPERT,
    seats=6,
    rubric=(
        _judged("项目可行性", 2500, ("难以实施", "条件不足", "基本可行", "可行", "条件成熟")),
        _judged("市场与产品", 2000),
        _judged("带动就业", 2000, ("只有本人", "1—2 人", "3—5 人", "6—10 人", "10 人以上")),
        CriterionDraft("培训出勤", CriterionKind.WEIGHTED, 1000, rule={"field": "attendance_rate", "of": 100}),
        CriterionDraft("净成交额", CriterionKind.PERCENTILE, 2500, rule={"field": "net_sales_fen"}),
    ),
    candidates_per_cohort=9,
    created=16,
    opened=9,
    closed=None,
    highest_yuan=30_000,
    introduction=(
        "为已经开播、有固定产品的姐妹提供创业资金，帮助扩大直播销售、带动周边妇女一起增收。"
        "资金可用于设备、包装、仓储和小型加工，不用于偿还借款。"
    ),
    done=(0.5, 1.0, 0.7, 0.3, 1.0, 0.0, 0.6, 0.8, 0.4, 1.0, 0.2, 0.5),
)

OPEN = SelectionPlan(
    name="重点扶持学员评选（第2期）",
    kind=SelectionKind.ADVANCED_TRAINING,
    round_kind=RoundKind.SCREENING,
    seats=20,
    rubric=FINISHED.rubric,
    candidates_per_cohort=2,
    created=12,
    opened=None,
    closed=None,
    introduction="选出二十位姐妹参加进阶直播培训和外出参访，食宿和路费由项目承担。",
)
HANDED_IN, BEGUN = 4, 2
# What money is asked for, in yuan.
USES = (
    (("直播灯光和支架", 2_600), ("真空包装机", 6_800)),
    (("手机和声卡", 4_500), ("样品和包装盒", 3_500), ("冷链快递预付款", 4_000)),
    (("小型烘干机", 12_800), ("食品检测费", 1_800)),
    (("租用冷库半年", 9_000), ("周转筐", 1_500)),
)
DECLINED = "这段时间在外地调研，不能按时看完。"
NEIGHBOUR = "和她住在同一个村，两家常来往。"
BUYS_FROM_HER = "听村里人说，有位评委的合作社收购我家的小米。"

_NEEDS = ("添置一套直播设备", "建一间小型加工间", "做包装和商标", "租一处冷库", "请两名帮手")
_REACH = ("周边几户姐妹", "合作社的社员", "同村的留守妇女", "十来户种植户")
_STRENGTHS = (
    "产品有本地特色，复购稳定。",
    "表达自然，镜头感好。",
    "有带动意愿，账目清楚。",
    "坚持每周开播，进步明显。",
    "",
)
_WHY = "材料里没有写到，无法判断。"
_CHANGES = Recommendation.SUPPORT_WITH_CHANGES
_RISKS = ("季节性强，淡季无货。", "包装物流成本偏高。", "对数据复盘不熟。", "家中劳力少，时间难保证。", "")


def plan_text(chance: Random, business: str) -> str:
    """What evaluators read; nothing in it says who she is."""
    return (
        f"目前经营{business}，已试过短视频和直播销售。计划{chance.choice(_NEEDS)}，"
        f"每周至少直播{chance.randint(2, 5)}场，带动{chance.choice(_REACH)}一起做，"
        f"一年内争取月成交{chance.randint(3, 12)}千元以上。"
    )


class Jury:
    """Evaluators with their strictness, and candidates with their merit, both drawn once."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.strictness: dict[int, float] = {}
        self.merit: dict[int, float] = {}

    def sheet(self, evaluator: int, candidate: int, codes: Mapping[str, int], *, complete: bool = True) -> SheetDraft:
        """Levels from 1 to what `codes` says; now and then one is left open, in a draft the later half is."""
        chance = self.chance
        strict = self.strictness.setdefault(evaluator, chance.gauss(0, STRICTNESS))
        merit = self.merit.setdefault(candidate, chance.gauss(0, SPREAD))
        levels: dict[str, int | None] = {
            code: min(max(round(3.3 + merit - strict + chance.gauss(0, NOISE)), 1), highest)
            for code, highest in codes.items()
        }
        if not complete:
            return SheetDraft({code: levels[code] if at == 0 else None for at, code in enumerate(levels)})
        abstentions = {}
        if chance.random() < 0.03:
            levels[list(levels)[-1]], abstentions = None, {list(levels)[-1]: _WHY}
        words = (chance.choice(_STRENGTHS), chance.choice(_RISKS))
        high = sum(level for level in levels.values() if level) / sum(codes[c] for c, level in levels.items() if level)
        advice = Recommendation.SUPPORT if high > 0.8 else _CHANGES if high > 0.6 else Recommendation.NOT_NOW
        return SheetDraft(levels, *words, abstentions, 2 if abstentions else 3, advice)


def between_sheets(plan: SelectionPlan, count: int) -> timedelta:
    """From one of `count` sheets to the next, so that all lie within the round."""
    days = plan.opened - (plan.closed if plan.closed is not None else 0)
    return timedelta(days=days) * 0.9 / max(count, 1)


def title_of(business: str) -> str:
    return f"{business}直播销售扩大计划"[:80]
