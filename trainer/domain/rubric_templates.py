"""Ready rules to start from: those that public notices really used, as files of rules. Names are data and stay Chinese."""

from collections.abc import Mapping, Sequence

FIVE = ("很差，基本没有", "较弱，问题明显", "一般，能说得过去", "较好，亮点清楚", "很好，可以作示范")


def _judged(code: str, name: str, points: float, levels: Sequence[str] = FIVE) -> dict:
    return {
        **{"code": code, "name": name, "kind": "judged", "levels": list(levels)},
        **{"fields": [f"{code}_1"], "points": points, "of": len(levels) - 1},
    }


def _marks(code: str, name: str, points: int) -> dict:
    judges = [f"评委{number}{name}" for number in range(1, 8)]
    return {
        **{"code": code, "name": name, "kind": "judged", "fields": judges},
        **{"points": points, "of": 100, "aggregate": "drop_extremes"},
    }


def _place(code: str, name: str, points: int) -> dict:
    return {"code": code, "name": name, "kind": "rank_step", "field": name, "points": points, "step": 0.5}


CONTEST = {
    "title": "县级直播带货大赛",
    "key": "code",
    "criteria": [
        _place("viewers", "观看人数", 20),
        _place("likes", "点赞数", 20),
        _place("orders", "订单数", 20),
        _place("sales", "销售额", 40),
    ],
}
HOST = {
    "title": "主播大赛：理论、直播、运营",
    "key": "code",
    "criteria": [
        _judged("theory", "理论知识", 30),
        _judged("live", "现场直播", 40),
        _judged("operation", "账号运营", 30),
    ],
}
DROP_EXTREMES = {
    "title": "去掉一个最高分和一个最低分，其余平均",
    "key": "code",
    "criteria": [_marks("theory", "理论", 30), _marks("live", "直播", 40), _marks("operation", "运营", 30)],
}
VISIT = {
    "title": "六位专家实地走访",
    "key": "code",
    "criteria": [
        _judged(code, name, 12.5)
        for code, name in (
            ("location", "选址"),
            ("scale", "规模"),
            ("site", "场地"),
            ("team", "团队"),
            ("prospects", "前景"),
            ("benefit", "效益"),
            ("spillover", "带动他人"),
            ("paperwork", "手续资料"),
        )
    ],
}
BEST_K = {
    "title": "择优进入下一轮：评审与数据结合，偏远县加分，可行性过低提交讨论",
    "key": "code",
    "criteria": [
        _judged("plan", "创业计划", 30),
        _judged(
            "feasibility",
            "可行性",
            20,
            (
                "做不成：缺少最基本的条件",
                "很难：关键条件还没有落实",
                "可以试：条件基本具备",
                "可行：条件具备，步骤清楚",
                "很可行：已经在做，有成效",
            ),
        ),
        _judged("spillover", "带动作用", 10),
        {
            **{"code": "attendance", "name": "培训出勤", "kind": "weighted"},
            **{"field": "attendance_rate", "points": 15, "of": 100},
        },
        {
            **{"code": "sales", "name": "净销售额", "kind": "percentile"},
            **{"field": "net_sales_fen", "points": 15, "group": ["business"]},
        },
        {
            **{"code": "broadcasts", "name": "开播场次", "kind": "bands"},
            **{"field": "livestreams", "bands": [[1, 2], [4, 5], [12, 10]]},
        },
    ],
    "bonus": [{"field": "脱贫县产品", "equals": "是", "points": 3, "words": "产品来自脱贫县"}],
    "veto": [{"field": "judged.feasibility", "below": 2, "flag": "可行性低于2档，提交评审会讨论"}],
}
# In the order in which they are offered.
TEMPLATES: Mapping[str, dict] = {
    "contest": CONTEST,
    "host": HOST,
    "drop_extremes": DROP_EXTREMES,
    "visit": VISIT,
    "best_k": BEST_K,
}
