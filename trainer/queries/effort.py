"""What a class cost, how much staff followed it up, and whom its graduates pay: what the figures are reckoned from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select

from trainer.database import db
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.follow_up import FollowUpKind
from trainer.domain.outcome_effort import PaidDays
from trainer.models.enrolment import Enrolment
from trainer.models.follow_up import CohortCost, FollowUp, PaidWork
from trainer.models.programme import Cohort


@dataclass(frozen=True)
class Effort:
    """Money in fen by kind; calls and visits whatever came of them; `minutes` of both together, ways included."""

    cost_by_kind: Mapping[str, int]
    calls: int
    visits: int
    minutes: int


def get_effort(cohort_id: int, until: date) -> Effort:
    """Up to the end of `until`, without what was taken back. Two statements."""
    spent = (
        select(CohortCost.kind, func.sum(CohortCost.amount_fen))
        .where(CohortCost.cohort_id == cohort_id, CohortCost.spent_on <= until, CohortCost.taken_back_at.is_(None))
        .group_by(CohortCost.kind)
        .order_by(CohortCost.kind)
    )
    made = (
        select(FollowUp.kind, func.count(), func.sum(FollowUp.minutes))
        .join(Enrolment, Enrolment.id == FollowUp.enrolment_id)
        .where(Enrolment.cohort_id == cohort_id, FollowUp.day <= until, FollowUp.taken_back_at.is_(None))
        .group_by(FollowUp.kind)
    )
    kinds = {kind: (count, int(minutes)) for kind, count, minutes in db.session.execute(made)}
    calls, visits = (kinds.get(kind, (0, 0)) for kind in (FollowUpKind.CALL, FollowUpKind.VISIT))
    by_kind = {kind.value: int(fen) for kind, fen in db.session.execute(spent)}
    return Effort(by_kind, calls[0], visits[0], calls[1] + visits[1])


def list_paid_work(cohort_id: int, until: date) -> list[PaidDays]:
    """Rows of its graduates that begin after the course and end by `until`. One statement."""
    rows = db.session.execute(
        of_graduates(
            cohort_id, PaidWork.person_id, PaidWork.worker, PaidWork.is_woman, PaidWork.is_seasonal, PaidWork.paid_days
        ).where(PaidWork.until_on <= until, PaidWork.taken_back_at.is_(None))
    )
    return [PaidDays(*facts, worker_key(person_id, worker)) for person_id, worker, *facts in rows]


def worker_key(person_id: int, worker: str) -> str:
    """A worker is known by her name within one woman's business."""
    return f"{person_id} {worker}"


def of_graduates(cohort_id: int, *columns: ColumnElement) -> Select:
    """What the businesses of those who completed this class paid since its last day."""
    return (
        select(*columns)
        .select_from(PaidWork)
        .join(Enrolment, Enrolment.person_id == PaidWork.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(
            *(Cohort.id == cohort_id, Enrolment.status == EnrolmentStatus.COMPLETED),
            PaidWork.from_on > Cohort.ends_on,
        )
        .order_by(PaidWork.person_id, PaidWork.id)
    )
