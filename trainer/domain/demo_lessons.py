"""Timetables of the demonstration's cohorts, and who came: shapes as a roll of real women has them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from random import Random

from trainer.domain.attendance import AttendanceStatus, LessonKind, LessonState, MarkChannel
from trainer.domain.days import CHINA, china_day
from trainer.domain.programme import Track
from trainer.domain.timetable import AFTERNOON, MORNING

_K = LessonKind
TITLES: dict[Track, tuple[tuple[str, LessonKind], ...]] = {
    Track.FOUNDATION: (
        ("开班仪式与电商形势", _K.LECTURE),
        ("快手账号注册与定位", _K.PRACTICE),
        ("短视频拍摄：用好一部手机", _K.PRACTICE),
        ("短视频剪辑与文案", _K.PRACTICE),
        ("农产品选品与定价", _K.CASE),
        ("直播话术与镜头表现", _K.LECTURE),
        ("直播实操（一）：搭建直播间", _K.LIVESTREAM_PRACTICE),
        ("直播实操（二）：开播与复盘", _K.LIVESTREAM_PRACTICE),
        ("包装、发货与售后", _K.DISCUSSION),
        ("法律常识与结业分享", _K.DISCUSSION),
    ),
    Track.ADVANCED: (
        ("数据复盘：从流量到成交", _K.LECTURE),
        ("爆款短视频拆解", _K.CASE),
        ("直播间团队分工", _K.DISCUSSION),
        ("主播形象与表达提升", _K.PRACTICE),
        ("参访直播基地", _K.STUDY_TOUR),
        ("参访供应链企业", _K.STUDY_TOUR),
        ("品牌故事与包装设计", _K.CASE),
        ("客服与售后管理", _K.LECTURE),
        ("专场直播演练（一）", _K.LIVESTREAM_PRACTICE),
        ("专场直播演练（二）", _K.LIVESTREAM_PRACTICE),
        ("合作社与带动就业", _K.DISCUSSION),
        ("创业计划书打磨", _K.PRACTICE),
    ),
    Track.CADRE: (
        ("妇联工作与数字平台", _K.LECTURE),
        ("怎样帮学员开好第一场直播", _K.PRACTICE),
        ("走访创业点", _K.SITE_VISIT),
        ("台账、影像与跟踪服务", _K.DISCUSSION),
    ),
}


@dataclass(frozen=True, slots=True)
class HalfDayLesson:
    """A lesson of the timetable, and how far it has come."""

    title: str
    kind: LessonKind
    starts_at: datetime
    ends_at: datetime
    state: LessonState


class Habit(StrEnum):
    """How a woman comes to her lessons."""

    STEADY = "steady"
    PATCHY = "patchy"
    DROPS_OFF = "drops_off"
    JOINS_LATE = "joins_late"
    WITHDRAWS = "withdraws"


HABITS = ((Habit.STEADY, 76), (Habit.PATCHY, 11), (Habit.DROPS_OFF, 7), (Habit.JOINS_LATE, 4), (Habit.WITHDRAWS, 2))
_S = AttendanceStatus
_CAME = ((_S.PRESENT, 92), (_S.LATE, 6), (_S.LEFT_EARLY, 2))


@dataclass(frozen=True, slots=True)
class Said:
    """What was marked of one woman at one lesson; the first of several is superseded by the next."""

    status: AttendanceStatus
    reason: str = ""
    channel: MarkChannel = MarkChannel.ROLL


def timetable(track: Track, starts_on: date, count: int, today: date, *, forgotten: bool) -> list[HalfDayLesson]:
    """`count` lessons, two a day: closed before `today`, planned after it, and the first one of today open.

    `forgotten`: the last one before today was held, but nobody closed it.
    """
    lessons = [_lesson(track, number, starts_on + timedelta(days=number // 2), today) for number in range(count)]
    held = [number for number, lesson in enumerate(lessons) if lesson.state is LessonState.CLOSED]
    if forgotten and held:
        lessons[held[-1]] = replace(lessons[held[-1]], state=LessonState.OPEN)
    return lessons


def _lesson(track: Track, number: int, day: date, today: date) -> HalfDayLesson:
    title, kind = TITLES[track][number % len(TITLES[track])]
    half = (MORNING, AFTERNOON)[number % 2]
    state = LessonState.CLOSED if day < today else LessonState.PLANNED
    if day == today and half is MORNING:
        state = LessonState.OPEN
    begins, ends = (datetime.combine(day, clock, CHINA) for clock in (half.begins, half.ends))
    return HalfDayLesson(title, kind, begins, ends, state)


def roll(stream: Random, habit: Habit, lessons: Sequence[HalfDayLesson], since: date) -> Iterator[list[Said]]:
    """What was said of one woman at each of `lessons` in turn; an empty list is 未点名 (or before she came)."""
    leaves_after = stream.randrange(1, max(len(lessons) // 2, 2))
    for at, lesson in enumerate(lessons):
        if (
            china_day(lesson.starts_at) < since
            or (habit is Habit.WITHDRAWS and at >= leaves_after)
            or stream.random() < 0.006
        ):
            yield []
        elif habit is Habit.DROPS_OFF and at >= leaves_after:
            yield [Said(_S.ABSENT)]
        else:
            yield _one(stream, 0.80 if habit is Habit.PATCHY else 0.955)


def _one(stream: Random, comes: float) -> list[Said]:
    if stream.random() < comes:
        said = stream.choices([s for s, _ in _CAME], [w for _, w in _CAME])[0]
        corrected = stream.random() < 0.01
        return [Said(_S.ABSENT), Said(said, "补签：到场时漏点")] if corrected else [Said(said)]
    if stream.random() < 0.45:
        return [Said(_S.EXCUSED, stream.choice(("孩子生病", "家中农忙", "老人住院")))]
    if stream.random() < 0.15:
        return [Said(_S.ABSENT), Said(_S.MADE_UP, "参加下一班同一课")]
    return [Said(_S.ABSENT)]
