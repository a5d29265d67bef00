"""What a file of marks would do: whom each row means, at which lesson, and how that stands to what the roll says now."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from trainer.domain.attendance import AttendanceStatus, LessonState, MarkChannel
from trainer.domain.check_in import CheckInRules
from trainer.domain.days import china_day
from trainer.domain.imports import RowAction
from trainer.domain.mark_import import (
    MarkFileKind,
    MarkRow,
    Stay,
    UnclearCell,
    minutes_watched,
    read_minutes,
    read_moment,
    read_status,
)
from trainer.domain.mark_match import FileRules, Known, LessonAt, NeedsPerson, NoMark, Register, Woman

# What another list said, a newer list may say otherwise; what a person said, only whoever ticks it.
LISTS = frozenset({MarkChannel.IMPORT, MarkChannel.PLATFORM_LIST})
LEAVE_OUT = "leave_out"


@dataclass(frozen=True)
class Decision:
    """What staff said about one row: who it is (`who`: LEAVE_OUT or the number of an enrolment), and whether it counts
    against what somebody marked."""

    who: str = ""
    overwrite: bool = False


@dataclass(frozen=True)
class PlannedMark:
    """A row and what it would do. `status` is what the file says, `old` what the roll says now."""

    row: MarkRow
    action: RowAction
    enrolment_id: int | None = None
    lesson_id: int | None = None
    status: AttendanceStatus | None = None
    said_at: datetime | None = None
    old: AttendanceStatus | None = None
    old_mark_id: int | None = None
    reason: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    might_be: tuple[int, ...] = ()
    of_row: int | None = None
    minutes: int | None = None
    decision: Decision = Decision()

    @property
    def outcome(self) -> tuple[object, ...]:
        """What must not have changed between the preview and the confirmation."""
        return self.action, self.enrolment_id, self.lesson_id, self.status, self.old, self.old_mark_id, self.reason

    @property
    def counts(self) -> bool:
        """Whether confirming writes it."""
        if self.action is RowAction.CONFLICT:
            return self.decision.overwrite
        return self.action in (RowAction.NEW, RowAction.UPDATE)


def make_plan(
    rows: Sequence[MarkRow], known: Known, rules: FileRules, decisions: Mapping[int, Decision]
) -> list[PlannedMark]:
    """What each row would do, in the order of the file."""
    register = Register(known, rules)
    placed = [_placed(row, register, rules, decisions.get(row.number, Decision())) for row in rows]
    if rules.kind is MarkFileKind.PLATFORM:
        placed = _summed(placed, register, rules)
    first: dict[tuple[int, int], int] = {}
    return [_held_against_the_roll(line, known, first) for line in placed]


def _placed(row: MarkRow, register: Register, rules: FileRules, decision: Decision) -> PlannedMark:
    """Who, which lesson and what: or why not."""
    line = PlannedMark(row, RowAction.NEW, decision=decision)
    try:
        woman = _woman(row, register, decision)
        lesson = register.lesson_of(row)
        line = replace(line, enrolment_id=woman.enrolment_id, lesson_id=lesson.id)
        _check(woman, lesson, rules)
        if rules.kind is MarkFileKind.PLATFORM:
            return line
        status, said_at = _said(row, lesson, rules)
    except NeedsPerson as needs:
        return replace(line, action=RowAction.NEEDS_PERSON, reason=needs.reason, might_be=needs.might_be)
    except NoMark as no:
        return replace(line, action=RowAction.REJECTED, reason=no.reason, values=no.values)
    except UnclearCell as unclear:
        return replace(line, action=RowAction.REJECTED, reason="mark_unclear", values={"text": str(unclear)[:40]})
    return replace(line, status=status, said_at=said_at)


def _woman(row: MarkRow, register: Register, decision: Decision) -> Woman:
    if decision.who == LEAVE_OUT:
        raise NoMark("mark_left_out")
    if not decision.who:
        return register.find(row)
    if woman := register.by_id.get(int(decision.who)):
        return woman
    raise NoMark("mark_nobody")  # taken off the roll with the roster that had put her there


def _check(woman: Woman, lesson: LessonAt, rules: FileRules) -> None:
    if not woman.on_the_roll:
        raise NoMark("mark_left_the_cohort")
    if woman.joined_on > lesson.day:
        raise NoMark("roll_joined_later", name=woman.name, day=woman.joined_on.isoformat())
    if lesson.state is LessonState.CANCELLED:
        raise NoMark("roll_cancelled")
    if lesson.day > rules.today:
        raise NoMark("roll_not_begun", day=lesson.day.isoformat())


def _said(row: MarkRow, lesson: LessonAt, rules: FileRules) -> tuple[AttendanceStatus, datetime | None]:
    """A status as it is written, else by the time."""
    moment = _of_the_day(read_moment(row.time, lesson.day), lesson)
    if status := read_status(row.status):
        return status, moment
    if moment is None:
        raise NoMark("mark_says_nothing")
    if moment > lesson.ends_at:
        raise NoMark("mark_after_lesson", time=f"{moment:%H:%M}")
    return CheckInRules(late_minutes=rules.late_minutes).status(lesson.starts_at, moment), moment


def _of_the_day(moment: datetime | None, lesson: LessonAt) -> datetime | None:
    if moment and china_day(moment) != lesson.day:
        raise NoMark("mark_other_day", day=f"{moment:%Y-%m-%d}")
    return moment


def _summed(placed: Sequence[PlannedMark], register: Register, rules: FileRules) -> list[PlannedMark]:
    """The first entry of each woman bears the minutes of all of hers; the others are counted with it."""
    lines = [_with_stay(line, register) for line in placed]
    entries: dict[tuple[int, int], list[Stay]] = defaultdict(list)
    for line, stay in lines:
        if stay:
            entries[line.enrolment_id, line.lesson_id].append(stay)
    done: dict[tuple[int, int], int] = {}
    summed = []
    for line, stay in lines:
        key = (line.enrolment_id, line.lesson_id)
        if stay and key in done:
            line = replace(line, action=RowAction.DUPLICATE, of_row=done[key])
        elif stay:
            done[key] = line.row.row
            line = _watched(line, entries[key], register.lesson_by_id[line.lesson_id], rules)
        summed.append(line)
    return summed


def _with_stay(line: PlannedMark, register: Register) -> tuple[PlannedMark, Stay | None]:
    if line.action is not RowAction.NEW:
        return line, None
    lesson = register.lesson_by_id[line.lesson_id]
    try:
        came, went = (_of_the_day(read_moment(text, lesson.day), lesson) for text in (line.row.time, line.row.left))
        minutes = read_minutes(line.row.minutes)
        if came and went and went >= came:
            return line, Stay(0, came, went)
        if minutes is None:
            raise NoMark("mark_says_nothing")
        return line, Stay(minutes, came)
    except NoMark as no:
        return replace(line, action=RowAction.REJECTED, reason=no.reason, values=no.values), None
    except UnclearCell as unclear:
        values = {"text": str(unclear)[:40]}
        return replace(line, action=RowAction.REJECTED, reason="mark_unclear", values=values), None


def _watched(line: PlannedMark, stays: Sequence[Stay], lesson: LessonAt, rules: FileRules) -> PlannedMark:
    minutes, least = minutes_watched(stays), lesson.minutes * rules.share / 100
    said_at = min((stay.came for stay in stays if stay.came), default=None)
    line = replace(line, minutes=int(minutes), said_at=said_at)
    if minutes + 1e-6 < least:
        values = {"minutes": int(minutes), "least": round(least)}
        return replace(line, action=RowAction.REJECTED, reason="mark_watched_short", values=values)
    return replace(line, status=AttendanceStatus.PRESENT)


def _held_against_the_roll(line: PlannedMark, known: Known, first: dict[tuple[int, int], int]) -> PlannedMark:
    if line.action is not RowAction.NEW:
        return line
    key = (line.lesson_id, line.enrolment_id)
    if key in first:
        return replace(line, action=RowAction.DUPLICATE, of_row=first[key])
    first[key] = line.row.row
    now = known.standings.get(key)
    if now is None:
        return line
    action = RowAction.UPDATE if now.channel in LISTS else RowAction.CONFLICT
    if now.status is line.status:
        action = RowAction.SAME
    return replace(line, action=action, old=now.status, old_mark_id=now.mark_id)


def to_content(planned: PlannedMark) -> str:
    """As it is staged, to be stored encrypted."""
    said = asdict(planned)
    del said["action"]
    said["said_at"] = planned.said_at.isoformat() if planned.said_at else None
    return json.dumps(said, ensure_ascii=False)


def from_content(action: RowAction, content: str) -> PlannedMark:
    said = json.loads(content)
    row = said.pop("row")
    row["raw"] = tuple(row["raw"])
    for name in ("status", "old"):
        said[name] = AttendanceStatus(said[name]) if said[name] else None
    said["said_at"] = datetime.fromisoformat(said["said_at"]) if said["said_at"] else None
    said["might_be"] = tuple(said["might_be"])
    said["decision"] = Decision(**said["decision"])
    return PlannedMark(MarkRow(**row), action, **said)
