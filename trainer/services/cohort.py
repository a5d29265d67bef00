"""Cohorts: making and changing them, with their completion rule version by version."""

from datetime import datetime

from sqlalchemy.orm.attributes import flag_modified

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.days import china_day
from trainer.domain.programme import CohortDraft, CompletionRule, lies_within
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.programme import Cohort, CompletionRuleVersion, Programme
from trainer.queries.cohort import get_cohort_by_code, get_rule, lesson_span
from trainer.services import audit


class CohortCodeTaken(Refused):
    code = "cohort_code_taken"


class OutsideProgramme(Refused):
    """A cohort takes place within the area of its programme."""

    code = "outside_programme"


class LessonsOutsideDates(Refused):
    """The days of a cohort cannot shrink away from its lessons."""

    code = "lessons_outside_dates"


_PLAIN = ("code", "programme_id", "name", "track", "region_code", "place", "starts_on", "ends_on", "capacity")
_FIELDS = (*_PLAIN, "teacher_name", "teacher_phone")


def create_cohort(draft: CohortDraft, *, by: Actor, at: datetime) -> Cohort:
    """With the first version of its completion rule. Raises CohortCodeTaken, OutsideProgramme."""
    _check(draft, None)
    cohort = Cohort(created_at=at, **{name: getattr(draft, name) for name in _FIELDS})
    db.session.add(cohort)
    db.session.flush()
    audit.record("cohort.create", "cohort", cohort.id, by=by, at=at, after=_facts(cohort))
    _set_rule(cohort, draft.rule, 1, by=by, at=at)
    return cohort


def update_cohort(cohort: Cohort, draft: CohortDraft, *, seen: int, by: Actor, at: datetime) -> None:
    """A changed completion rule adds a version of it. `seen`: the version of the cohort the person had before her.

    Raises Conflict, CohortCodeTaken, OutsideProgramme, LessonsOutsideDates.
    """
    cohort = hold_cohort(cohort.id)
    if cohort.version != seen:
        raise Conflict()
    _check(draft, cohort.id)
    first, last = lesson_span(cohort.id)
    if first and (china_day(first) < draft.starts_on or china_day(last) > draft.ends_on):
        raise LessonsOutsideDates(first=china_day(first), last=china_day(last))
    before = _facts(cohort)
    for name in _FIELDS:
        setattr(cohort, name, getattr(draft, name))
    flag_modified(cohort, "name")  # the rule is of the same version
    db.session.flush()
    if _facts(cohort) != before:
        audit.record("cohort.update", "cohort", cohort.id, by=by, at=at, before=before, after=_facts(cohort))
    now = get_rule(cohort.id)
    if now is None or now.rule != draft.rule:
        _set_rule(cohort, draft.rule, now.number + 1 if now else 1, by=by, at=at)


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


def _set_rule(cohort: Cohort, rule: CompletionRule, number: int, *, by: Actor, at: datetime) -> None:
    version = CompletionRuleVersion(
        cohort_id=cohort.id,
        number=number,
        min_rate_bp=rule.min_rate_bp,
        max_unexcused=rule.max_unexcused,
        excused_counts=rule.excused_counts,
        set_at=at,
        set_by=by.account_id,
    )
    db.session.add(version)
    audit.record(
        "cohort.set_rule",
        "cohort",
        cohort.id,
        by=by,
        at=at,
        number=number,
        min_rate_bp=rule.min_rate_bp,
        max_unexcused=rule.max_unexcused,
        excused_counts=rule.excused_counts,
    )


def _facts(cohort: Cohort) -> dict[str, object]:
    """The teacher's phone is hers: the trail holds that it changed, not what it was."""
    return {name: getattr(cohort, name) for name in _FIELDS if name != "teacher_phone"}
