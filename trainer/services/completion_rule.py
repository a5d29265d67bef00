"""A cohort's completion rule, version by version; a new one takes effect as it was previewed."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.completion import Requirements, preview_rule, terms_of
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.errors import Refused
from trainer.models.enrolment import Enrolment
from trainer.models.programme import CompletionRuleVersion
from trainer.queries.completion import list_progress, requirements_of
from trainer.queries.completion_rule import list_demandable
from trainer.services.cohort import add_rule_version, hold_cohort
from trainer.services.metrics import hold_figures, recompute_cohort
from trainer.services.outcomes import touch_cohort


class RuleUnchanged(Refused):
    code = "rule_unchanged"


class RuleReasonMissing(Refused):
    """Once women are measured by it, a rule is only changed with a reason."""

    code = "rule_reason_missing"


class RulePreviewStale(Refused):
    """Marks, scores or the rule itself changed since the preview."""

    code = "rule_preview_stale"
    status = 409


class NotDemandable(Refused):
    """Not of this cohort, called off or dropped, or a score above the maximum."""

    code = "rule_not_demandable"


def set_rule(
    cohort_id: int, wanted: Requirements, *, seen: str, reason: str, by: Actor, at: datetime
) -> CompletionRuleVersion:
    """A new version that rules from now on. `seen`: the fingerprint of the preview.

    Raises RuleUnchanged, NotDemandable, RuleReasonMissing, RulePreviewStale.
    """
    hold_cohort(cohort_id)
    now = requirements_of([cohort_id])[cohort_id]
    if terms_of(now) == terms_of(wanted):
        raise RuleUnchanged()
    check_demands(cohort_id, wanted)
    enrolled = select(Enrolment.id).where(Enrolment.cohort_id == cohort_id, Enrolment.status.in_(ON_THE_ROLL)).limit(1)
    if not reason.strip() and db.session.scalar(enrolled) is not None:
        raise RuleReasonMissing()
    if preview_rule(list_progress(cohort_id, now), now, wanted).fingerprint != seen:
        raise RulePreviewStale()
    hold_figures(cohort_id)
    version = add_rule_version(cohort_id, wanted, reason=reason, by=by, at=at)
    recompute_cohort(cohort_id, at=at)
    touch_cohort(cohort_id, at=at)
    return version


def check_demands(cohort_id: int, wanted: Requirements) -> None:
    """Raises NotDemandable."""
    offered = list_demandable(cohort_id)
    for named, there in ((wanted.lessons, offered.lessons), (wanted.tasks, offered.tasks)):
        _all_in({one.id for one in named}, {one.id for one in there})
    most = {one.id: one.max_score for one in offered.assessments}
    _all_in({one.id for one in wanted.assessments}, set(most))
    for one in wanted.assessments:
        if not 0 < one.min_score <= most[one.id]:
            raise NotDemandable(name=one.name)


def _all_in(named: Collection[int], there: Collection[int]) -> None:
    if not set(named) <= set(there):
        raise NotDemandable(name="—")
