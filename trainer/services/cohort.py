"""Cohorts: making and changing them, with their completion rule version by version."""

from datetime import datetime

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.completion import Requirements
from trainer.domain.days import china_day
from trainer.domain.programme import CohortDraft, lies_within
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.programme import Cohort, CompletionRuleVersion, Programme, RuleRequirement
from trainer.queries.cohort import get_cohort_by_code, lesson_span
from trainer.services import audit
from trainer.services.outcomes import touch_cohort
from trainer.services.site import check_site
from trainer.services.survey_asking import follow_dates
from trainer.services.waitlist import follow_change, hold_places


class CohortCodeTaken(Refused):
    code = "cohort_code_taken"


class OutsideProgramme(Refused):
    """A cohort takes place within the area of its programme."""

    code = "outside_programme"


class LessonsOutsideDates(Refused):
    """The days of a cohort cannot shrink away from its lessons."""

    code = "lessons_outside_dates"


_PLAIN = ("code", "programme_id", "name", "track", "region_code", "place", "starts_on", "ends_on", "capacity")
_FIELDS = (*_PLAIN, "teacher_name", "teacher_phone", "site_id")


def create_cohort(draft: CohortDraft, *, by: Actor, at: datetime) -> Cohort:
    """With the first version of its completion rule. Raises CohortCodeTaken, OutsideProgramme."""
    _check(draft, None)
    cohort = Cohort(created_at=at, **{name: getattr(draft, name) for name in _FIELDS})
    db.session.add(cohort)
    db.session.flush()
    audit.record("cohort.create", "cohort", cohort.id, by=by, at=at, after=_facts(cohort))
    add_rule_version(cohort.id, Requirements(draft.rule), by=by, at=at)
    return cohort


def update_cohort(cohort: Cohort, draft: CohortDraft, *, seen: int, by: Actor, at: datetime) -> None:
    """All but the completion rule, which has a page of its own; places that are added go to whoever waits for one.
    `seen`: the version the person had before her.

    Raises Conflict, CohortCodeTaken, OutsideProgramme, LessonsOutsideDates.
    """
    cohort = hold_places(cohort.id)[cohort.id]
    if cohort.version != seen:
        raise Conflict()
    _check(draft, cohort.id)
    first, last = lesson_span(cohort.id)
    if first and (china_day(first) < draft.starts_on or china_day(last) > draft.ends_on):
        raise LessonsOutsideDates(first=china_day(first), last=china_day(last))
    before, days = _facts(cohort), (cohort.starts_on, cohort.ends_on)
    for name in _FIELDS:
        setattr(cohort, name, getattr(draft, name))
    db.session.flush()
    if (cohort.starts_on, cohort.ends_on) != days:
        follow_dates(cohort)
    if _facts(cohort) != before:
        touch_cohort(cohort.id, at=at)
        audit.record("cohort.update", "cohort", cohort.id, by=by, at=at, before=before, after=_facts(cohort))
    if cohort.capacity > before["capacity"]:
        follow_change(cohort, at=at)


def hold_cohort(cohort_id: int) -> Cohort:
    """The cohort as it is now, held until the act ends: its dates and its timetable are changed one after the other."""
    return db.session.get(Cohort, cohort_id, with_for_update={"key_share": True}, populate_existing=True)


def _check(draft: CohortDraft, cohort_id: int | None) -> None:
    namesake = get_cohort_by_code(draft.code)
    if namesake is not None and namesake.id != cohort_id:
        raise CohortCodeTaken(cohort=draft.code, name=namesake.name)
    programme = db.session.get(Programme, draft.programme_id, with_for_update={"read": True})
    if programme is None:
        raise NotFound()
    if not lies_within(draft.region_code, programme.region_code):
        raise OutsideProgramme(programme=programme.name)
    before = db.session.get(Cohort, cohort_id).site_id if cohort_id else None
    check_site(draft.site_id, draft.region_code, before=before)


def add_rule_version(
    cohort_id: int, wanted: Requirements, *, reason: str = "", by: Actor, at: datetime
) -> CompletionRuleVersion:
    """The next version of the rule, in force from now on."""
    newest = select(func.max(CompletionRuleVersion.number)).where(CompletionRuleVersion.cohort_id == cohort_id)
    version = CompletionRuleVersion(
        cohort_id=cohort_id,
        number=(db.session.scalar(newest) or 0) + 1,
        min_rate_bp=wanted.rule.min_rate_bp,
        max_unexcused=wanted.rule.max_unexcused,
        excused_counts=wanted.rule.excused_counts,
        set_at=at,
        set_by=by.account_id,
        reason=reason,
    )
    db.session.add(version)
    db.session.flush()
    named = [
        *({"lesson_id": one.id} for one in wanted.lessons),
        *({"course_task_id": one.id} for one in wanted.tasks),
        *({"assessment_id": one.id, "min_score": one.min_score} for one in wanted.assessments),
    ]
    db.session.add_all(RuleRequirement(rule_id=version.id, **one) for one in named)
    audit.record(
        *("cohort.set_rule", "cohort", cohort_id),
        **{"by": by, "at": at, "number": version.number, "with_reason": bool(reason), **vars(wanted.rule)},
        **{name: [one.id for one in getattr(wanted, name)] for name in ("lessons", "tasks", "assessments")},
    )
    return version


def _facts(cohort: Cohort) -> dict[str, object]:
    """The teacher's phone is hers: the trail holds that it changed, not what it was."""
    return {name: getattr(cohort, name) for name in _FIELDS if name != "teacher_phone"}
