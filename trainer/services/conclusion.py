"""Concluding a class in one act: everybody who meets the rule or has an approved exception completes, the rest do not;
and taking it back."""

from collections.abc import Sequence
from datetime import datetime

from trainer.database import LockKey, take_turns
from trainer.domain.actors import Actor
from trainer.domain.conclusion import Conclusion, Verdict
from trainer.domain.enrolment import EnrolmentStatus, StatusCause
from trainer.errors import Refused
from trainer.models.programme import Cohort
from trainer.queries.conclusion import get_conclusion, list_certified, list_concluded
from trainer.services import audit
from trainer.services.cohort import hold_cohort
from trainer.services.enrolment import move_enrolments


class LessonsOpen(Refused):
    """A class is concluded when its last lesson is closed."""

    code = "conclusion_lessons_open"


class ConclusionStale(Refused):
    """What was shown is not what would happen now."""

    code = "conclusion_stale"
    status = 409


class NothingToConclude(Refused):
    code = "conclusion_nothing"


class NothingToTakeBack(Refused):
    code = "conclusion_nothing_to_take_back"


def conclude_cohort(cohort_id: int, *, seen: str, by: Actor, at: datetime) -> Conclusion:
    """Only what changes is written; run again it settles what was marked late. `seen`: the fingerprint of what was
    shown. A woman with a valid certificate is left as she is. Raises LessonsOpen, NothingToConclude, ConclusionStale."""
    _take_turn(cohort_id)
    found = get_conclusion(cohort_id)
    if not found.open_ends.is_over:
        raise LessonsOpen(lessons=found.open_ends.lessons)
    if not found.changes:
        raise NothingToConclude()
    if found.fingerprint != seen:
        raise ConclusionStale()
    facts = {"by": by, "at": at, "rule_id": found.rule_id}
    ruled = [one for one in found.changes if not one.is_exception]
    move_enrolments(_by_status(ruled), cause=StatusCause.COMPLETION, **facts)
    excepted = [one for one in found.changes if one.is_exception]
    move_enrolments(_by_status(excepted), cause=StatusCause.EXCEPTION, **facts)
    counts = {status.value: ids for status, ids in _by_status(found.changes).items()}
    audit.record(
        *("cohort.conclude", "cohort", cohort_id),
        **{"by": by, "at": at, "rule": found.rule_id, "count": len(found.changes)},
        after=counts,
        exceptions=[one.woman.enrolment_id for one in excepted],
    )
    return found


def take_conclusion_back(cohort_id: int, *, reason: str, by: Actor, at: datetime) -> int:
    """Everybody whom a conclusion settled is in training again, save those with a valid certificate, which has to be
    revoked first; returns how many. Raises NothingToTakeBack."""
    _take_turn(cohort_id)
    certified = list_certified(cohort_id)
    settled = {id_: status for id_, status in list_concluded(cohort_id).items() if id_ not in certified}
    if not settled:
        raise NothingToTakeBack()
    before = {status: [id_ for id_, one in settled.items() if one is status] for status in set(settled.values())}
    facts = {"cause": StatusCause.STAFF, "reason": reason, "by": by, "at": at}
    move_enrolments({EnrolmentStatus.ACTIVE: list(settled)}, **facts)
    audit.record(
        *("cohort.take_conclusion_back", "cohort", cohort_id),
        **{"by": by, "at": at, "count": len(settled), "with_reason": True},
        before={status.value: ids for status, ids in sorted(before.items())},
    )
    return len(settled)


def _take_turn(cohort_id: int) -> Cohort:
    take_turns(LockKey.ROSTER)
    return hold_cohort(cohort_id)


def _by_status(verdicts: Sequence[Verdict]) -> dict[EnrolmentStatus, list[int]]:
    found: dict[EnrolmentStatus, list[int]] = {}
    for one in verdicts:
        found.setdefault(one.to, []).append(one.woman.enrolment_id)
    return found
