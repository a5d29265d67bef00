"""Completion: what a cohort's rule demands, how far a woman has come, and what she still needs."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from trainer.domain.attendance import AttendanceSummary, LessonOutcome, counts, is_attended, summarise
from trainer.domain.course_task import HandInState
from trainer.domain.people import mask_name
from trainer.domain.programme import CompletionRule


@dataclass(frozen=True)
class Required:
    """A thing demanded by name: a lesson to attend, a task to pass, an assessment to score at. Scores are hundredths."""

    id: int
    name: str
    min_score: int = 0


@dataclass(frozen=True)
class Requirements:
    """All that one version of a cohort's rule demands; `rule_id` None where the cohort has none of its own."""

    rule: CompletionRule = field(default_factory=CompletionRule)
    lessons: Sequence[Required] = ()
    tasks: Sequence[Required] = ()
    assessments: Sequence[Required] = ()
    rule_id: int | None = None

    @property
    def is_by_attendance_alone(self) -> bool:
        return not (self.lessons or self.tasks or self.assessments)


class MissingKind(StrEnum):
    """What a woman lacks; the kinds with LOST cannot be mended by anything that is still planned."""

    NOTHING_MARKED = "nothing_marked"
    HOURS = "hours"
    HOURS_LOST = "hours_lost"
    UNEXCUSED = "unexcused"
    LESSON_TO_COME = "lesson_to_come"
    LESSON_UNMARKED = "lesson_unmarked"
    LESSON_MISSED = "lesson_missed"
    TASK_TO_DO = "task_to_do"
    TASK_WAITING = "task_waiting"
    TASK_AGAIN = "task_again"
    ASSESSMENT_TO_COME = "assessment_to_come"
    SCORE_BELOW = "score_below"


@dataclass(frozen=True)
class Missing:
    """One thing she lacks. `number`: minutes still to attend (or that cannot be reached any more), absences over the
    limit, or the score demanded; `has`: the score she has, in hundredths."""

    kind: MissingKind
    name: str = ""
    number: int = 0
    has: int = 0


class ProgressState(StrEnum):
    """Where she stands by the whole rule."""

    MEETS = "meets"
    NOT_YET = "not_yet"
    OUT_OF_REACH = "out_of_reach"


@dataclass(frozen=True)
class Progress:
    """How far one woman has come by the whole rule.

    `meets`: she would complete if the class ended now; only closed lessons, marked tasks and entered scores say so.
    `missing`: what she still needs until it ends, so a woman who has come to everything so far still lacks hours while
    lessons are to come. `can_reach`: nothing is lost by what has been said of her, provisional marks included; lessons
    made up and corrections aside.
    """

    meets: bool
    missing: tuple[Missing, ...]
    summary: AttendanceSummary
    can_reach: bool

    @property
    def state(self) -> ProgressState:
        if self.meets:
            return ProgressState.MEETS
        return ProgressState.NOT_YET if self.can_reach else ProgressState.OUT_OF_REACH


@dataclass(frozen=True)
class Facts:
    """What is known of one woman: lessons by id in order of time without the cancelled ones, her last hand-in of a
    task that was not taken back, her scores in hundredths."""

    lessons: Mapping[int, LessonOutcome]
    tasks: Mapping[int, HandInState] = field(default_factory=dict)
    scores: Mapping[int, int] = field(default_factory=dict)

    def without(self, lessons: Collection[int]) -> "Facts":
        """As if these lessons were cancelled and nothing put in their place."""
        return Facts({id_: o for id_, o in self.lessons.items() if id_ not in lessons}, self.tasks, self.scores)


def judge(facts: Facts, requirements: Requirements) -> Progress:
    """One woman by the whole rule; a required lesson that was cancelled or does not apply to her is not demanded."""
    rule = requirements.rule
    outcomes = list(facts.lessons.values())
    summary = summarise(outcomes, rule)
    by_name = [
        *_lessons(facts, requirements),
        *(m for task in requirements.tasks if (m := _task(task, facts.tasks.get(task.id)))),
        *(m for one in requirements.assessments if (m := _assessment(one, facts.scores.get(one.id)))),
    ]
    missing = (*_hours(outcomes, summary, rule), *_unexcused(summary, rule), *by_name)
    if not summary.counted_minutes and not missing:
        missing = (Missing(MissingKind.NOTHING_MARKED),)
    lost = any(m.kind in (MissingKind.LESSON_MISSED, MissingKind.HOURS_LOST) for m in missing)
    return Progress(summary.meets_rule and not by_name, missing, summary, can_reach=summary.can_reach and not lost)


def is_lost_without(facts: Facts, lessons: Collection[int], requirements: Requirements) -> bool:
    """Whether she can reach the rule now and could not if these lessons, all still to come, were cancelled."""
    return judge(facts, requirements).can_reach and not judge(facts.without(lessons), requirements).can_reach


def _hours(outcomes: Sequence[LessonOutcome], summary: AttendanceSummary, rule: CompletionRule) -> list[Missing]:
    """The minutes she must attend of what is not settled, for the share at the end to be the bar.

    Closed lessons that nobody marked come in only where those to come are not enough: left alone they do not count.
    """
    hers = [o for o in outcomes if o.applicable and (o.status is None or counts(o, rule))]
    to_come = [o for o in hers if not o.closed]
    for pending in (to_come, [o for o in hers if not o.closed or o.status is None]):
        ends_with = summary.counted_minutes + sum(o.minutes for o in pending)
        needed = -(-rule.min_rate_bp * ends_with // 10_000) - summary.minutes
        within_reach = sum(o.minutes for o in pending if o.status is None or is_attended(o.status, rule))
        if needed <= within_reach:
            return [Missing(MissingKind.HOURS, number=needed)] if needed > 0 else []
    return [Missing(MissingKind.HOURS_LOST, number=needed - within_reach)]


def _unexcused(summary: AttendanceSummary, rule: CompletionRule) -> list[Missing]:
    if rule.max_unexcused is None or summary.absent <= rule.max_unexcused:
        return []
    return [Missing(MissingKind.UNEXCUSED, number=summary.absent - rule.max_unexcused)]


def _lessons(facts: Facts, requirements: Requirements) -> list[Missing]:
    rule = requirements.rule
    found = []
    for lesson in requirements.lessons:
        outcome = facts.lessons.get(lesson.id)
        if outcome is None or not outcome.applicable:
            continue
        if kind := _lesson_lacks(outcome, rule):
            found.append(Missing(kind, lesson.name))
    return found


def _lesson_lacks(outcome: LessonOutcome, rule: CompletionRule) -> MissingKind | None:
    """An excused one is worth what the rule says: attended, left out, or missed."""
    if outcome.status is None:
        return MissingKind.LESSON_UNMARKED if outcome.closed else MissingKind.LESSON_TO_COME
    if counts(outcome, rule) and not is_attended(outcome.status, rule):
        return MissingKind.LESSON_MISSED
    return None if outcome.closed else MissingKind.LESSON_TO_COME


def _task(task: Required, state: HandInState | None) -> Missing | None:
    kinds = {
        HandInState.PASSED: None,
        HandInState.HANDED_IN: MissingKind.TASK_WAITING,
        HandInState.SENT_BACK: MissingKind.TASK_AGAIN,
    }
    kind = kinds.get(state, MissingKind.TASK_TO_DO)
    return Missing(kind, task.name) if kind else None


def _assessment(one: Required, score: int | None) -> Missing | None:
    if score is None:
        return Missing(MissingKind.ASSESSMENT_TO_COME, one.name, one.min_score)
    return Missing(MissingKind.SCORE_BELOW, one.name, one.min_score, score) if score < one.min_score else None


@dataclass(frozen=True)
class WomanProgress:
    """One woman of a cohort with how far she has come."""

    enrolment_id: int
    person_id: int
    seat: int
    name: str
    initials: str
    county: str
    status: str
    facts: Facts
    progress: Progress

    @property
    def name_masked(self) -> str:
        return mask_name(self.name)


@dataclass(frozen=True)
class Shift:
    """A woman whose standing another rule changes."""

    woman: WomanProgress
    then: Progress

    @property
    def is_better(self) -> bool:
        order = [ProgressState.OUT_OF_REACH, ProgressState.NOT_YET, ProgressState.MEETS]
        return order.index(self.then.state) > order.index(self.woman.progress.state)


@dataclass(frozen=True)
class RulePreview:
    """What another rule would do to a cohort as it stands: how many meet it and can reach it, now and then."""

    women: int
    meets_now: int
    meets_then: int
    reach_now: int
    reach_then: int
    shifts: Sequence[Shift]
    fingerprint: str


def preview_rule(women: Sequence[WomanProgress], now: Requirements, then: Requirements) -> RulePreview:
    """`women` are judged by the rule in force, `now`."""
    judged = [(woman, judge(woman.facts, then)) for woman in women]
    standing = [(woman.enrolment_id, woman.progress.state, new.state) for woman, new in judged]
    return RulePreview(
        *(len(judged), _meeting(woman.progress for woman in women), _meeting(new for _woman, new in judged)),
        *(_reaching(woman.progress for woman in women), _reaching(new for _woman, new in judged)),
        [Shift(woman, new) for woman, new in judged if new.state is not woman.progress.state],
        fingerprint(now.rule_id, terms_of(then), standing),
    )


def terms_of(requirements: Requirements) -> tuple[object, ...]:
    """What a rule comes to, whatever its version: two of the same terms demand the same."""
    rule = requirements.rule
    return (
        *(rule.min_rate_bp, rule.max_unexcused, rule.excused_counts.value),
        *(sorted(one.id for one in requirements.lessons), sorted(one.id for one in requirements.tasks)),
        sorted((one.id, one.min_score) for one in requirements.assessments),
    )


def fingerprint(*what: object) -> str:
    """The same for the same: what somebody had before her when she said yes."""
    return hashlib.sha256(repr([str(part) for part in what]).encode()).hexdigest()[:32]


def _meeting(all_of) -> int:
    return sum(1 for one in all_of if one.meets)


def _reaching(all_of) -> int:
    return sum(1 for one in all_of if one.meets or one.can_reach)
