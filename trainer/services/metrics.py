"""A cohort's figures, reckoned from its facts in the database and kept for lists and reports."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, distinct, func, literal, select

from trainer.database import db
from trainer.domain.attendance import AttendanceStatus, LessonState
from trainer.domain.enrolment import ON_THE_ROLL
from trainer.domain.programme import CompletionRule
from trainer.domain.sales import ShopRole
from trainer.models.attendance import Attendance
from trainer.models.enrolment import Enrolment
from trainer.models.job import CohortMetrics
from trainer.models.lesson import Lesson
from trainer.models.programme import Cohort
from trainer.models.sales import Livestream, OrderLine, Shop
from trainer.queries.completion import attended_and_counted, list_progress, requirements_of
from trainer.queries.sales_figures import SOLD, day_of
from trainer.services.idempotency import dialect_insert


def recompute_cohort(cohort_id: int, *, at: datetime) -> None:
    """Replace the figures of one cohort in one statement; they say the same as `domain.attendance.summarise`, and
    `meeting_rule` as `domain.completion.judge`: where the rule demands more than attendance, that one is asked.

    Of the women on the roll; `paid_fen` and `refunded_fen` are of all order lines of shops of their own, whenever sold:
    what goods cost that they sold for others is not theirs.
    """
    requirements = requirements_of([cohort_id])[cohort_id]
    figures = _figures(cohort_id, requirements.rule, at)
    if not requirements.is_by_attendance_alone:
        meeting = sum(1 for woman in list_progress(cohort_id, requirements) if woman.progress.meets)
        figures["meeting_rule"] = literal(meeting)
    insert = dialect_insert()(CohortMetrics).from_select(
        list(figures), select(*figures.values()).where(Cohort.id == cohort_id)
    )
    fresh = {name: insert.excluded[name] for name in figures if name != "cohort_id"}
    db.session.execute(insert.on_conflict_do_update(index_elements=["cohort_id"], set_=fresh))


def hold_figures(*cohort_ids: int) -> None:
    """Until the act ends; before its first entry in the audit trail, whose turn comes last (see roll.hold_lessons)."""
    figures = select(CohortMetrics.cohort_id).where(CohortMetrics.cohort_id.in_(cohort_ids))
    db.session.execute(figures.order_by(CohortMetrics.cohort_id).with_for_update())


def _figures(cohort_id: int, rule: CompletionRule, at: datetime) -> dict[str, ColumnElement]:
    lessons = select(func.count()).where(Lesson.cohort_id == cohort_id)
    attendance = _attendance(cohort_id, rule).cte("attendance")
    women = select(Enrolment.person_id).where(_on_the_roll(cohort_id)).cte("women")
    orders = select(OrderLine).join(Shop, Shop.id == OrderLine.shop_id).where(Shop.person_id.in_(select(women)))
    own = orders.where(SOLD, Shop.role == ShopRole.OWN)
    streams = select(Livestream).join(Shop, Shop.id == Livestream.shop_id).where(Shop.person_id.in_(select(women)))
    sellers = func.count(distinct(Shop.person_id))
    parts: dict[str, Select] = {
        "enrolled": select(func.count()).select_from(women),
        "lessons_closed": lessons.where(Lesson.state == LessonState.CLOSED),
        "attended_minutes": select(_sum(attendance.c.attended)),
        "counted_minutes": select(_sum(attendance.c.counted)),
        "meeting_rule": select(func.count()).select_from(attendance).where(_meets(attendance.c, rule)),
        "with_shop": select(sellers).where(Shop.person_id.in_(select(women))),
        "with_livestream": streams.with_only_columns(sellers),
        "with_paid_order": orders.where(OrderLine.paid_fen > 0).with_only_columns(sellers),
        "livestreams": streams.with_only_columns(func.count()),
        "paid_fen": own.with_only_columns(_sum(OrderLine.paid_fen)),
        "refunded_fen": own.with_only_columns(_sum(OrderLine.refunded_fen)),
        "sales_trust": own.with_only_columns(func.min(OrderLine.trust)),
    }
    return {
        "cohort_id": Cohort.id,
        "reckoned_at": literal(at, CohortMetrics.reckoned_at.type),
        **{name: part.scalar_subquery() for name, part in parts.items()},
    }


def _attendance(cohort_id: int, rule: CompletionRule) -> Select:
    """For each woman: minutes attended, minutes counted, absences without excuse, over closed lessons since she joined."""
    attended, counted = attended_and_counted(rule)
    return (
        select(
            _sum(case((attended, Lesson.credit_minutes), else_=0)).label("attended"),
            _sum(case((counted, Lesson.credit_minutes), else_=0)).label("counted"),
            _sum(case((Attendance.status == AttendanceStatus.ABSENT, 1), else_=0)).label("absences"),
        )
        .select_from(Enrolment)
        .join(Lesson, and_(Lesson.cohort_id == Enrolment.cohort_id, Lesson.state == LessonState.CLOSED))
        .join(Attendance, and_(Attendance.lesson_id == Lesson.id, Attendance.enrolment_id == Enrolment.id))
        .where(_on_the_roll(cohort_id), day_of(Lesson.starts_at) >= Enrolment.joined_on)
        .group_by(Enrolment.id)
    )


def _meets(woman, rule: CompletionRule) -> ColumnElement[bool]:
    enough = and_(woman.counted > 0, woman.attended * 10_000 >= woman.counted * rule.min_rate_bp)
    return enough if rule.max_unexcused is None else and_(enough, woman.absences <= rule.max_unexcused)


def _on_the_roll(cohort_id: int) -> ColumnElement[bool]:
    return and_(Enrolment.cohort_id == cohort_id, Enrolment.status.in_(ON_THE_ROLL))


def _sum(column) -> ColumnElement[int]:
    return func.coalesce(func.sum(column), 0)
