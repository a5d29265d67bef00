"""The figures that computed criteria ask for: what the records say of every candidate of a round, by her code."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, and_, case, exists, func, or_, select

from trainer.database import db
from trainer.domain.attendance import AttendanceStatus, summarise
from trainer.domain.round_inputs import Figure, rate_text
from trainer.domain.sales import MATURE_TRUST, ShopRole
from trainer.models.attendance import Attendance
from trainer.models.sales import OrderLine, Settlement, Shop
from trainer.queries.attendance import get_rules, list_lessons_that_count, outcomes
from trainer.queries.ranking import Candidate, list_candidates


def list_figures(round_id: int, fields: Collection[str], *, at: datetime) -> dict[str, dict[str, Figure]]:
    """Candidate → figure by its name, only those of `fields`; what is not known is not there. Names every candidate."""
    candidates = list_candidates(round_id)
    found: dict[str, dict[str, Figure]] = {c.code: {} for c in candidates}
    if "attendance_rate" in fields:
        minutes = attended_minutes(candidates)
        for c in candidates:
            attended, counted = minutes[c.enrolment_id]
            if counted:
                found[c.code]["attendance_rate"] = Figure(rate_text(attended, counted), attended, counted)
    if "net_sales_fen" in fields:
        sales = net_sales([c.person_id for c in candidates], at=at)
        for c in candidates:
            net, counted, lines = sales.get(c.person_id, (None, 0, 0))
            if net is not None:
                found[c.code]["net_sales_fen"] = Figure(str(net), counted, lines)
    return found


def attended_minutes(candidates: Sequence[Candidate]) -> dict[int, tuple[int, int]]:
    """Enrolment → (attended, counted) minutes of closed lessons, as each cohort's own rule counts them."""
    cohorts = sorted({c.cohort_id for c in candidates})
    rules, lessons = get_rules(cohorts), list_lessons_that_count(cohorts)
    by_cohort = {cohort: [lesson for lesson in lessons if lesson.cohort_id == cohort] for cohort in cohorts}
    marks: dict[int, dict[int, AttendanceStatus]] = {c.enrolment_id: {} for c in candidates}
    for enrolment, lesson, status in db.session.execute(
        select(Attendance.enrolment_id, Attendance.lesson_id, Attendance.status).where(
            Attendance.enrolment_id.in_(list(marks))
        )
    ):
        marks[enrolment][lesson] = status
    found = {}
    for c in candidates:
        of_hers = outcomes(by_cohort[c.cohort_id], marks[c.enrolment_id], c.joined_on)
        summary = summarise(of_hers, rules[c.cohort_id])
        found[c.enrolment_id] = (summary.minutes, summary.counted_minutes)
    return found


def net_sales(people: Sequence[int], *, at: datetime) -> dict[int, tuple[int | None, int, int]]:
    """Person → (net of what counts, how many lines count, how many paid lines there are); nothing = not in it.

    Orders are refunded for weeks: a line counts where its file was taken in 30 days after payment, or the money is
    settled. Its age today says nothing: whoever sends no later file would keep money that went back long ago. Lines
    that a decision took out do not count. Of a commission account the commission is what she sold for, not the goods.
    A shop that sent settlement files and never an order is there with what was settled: as certain, and less.
    """
    found = {person: list(figures) for person, *figures in db.session.execute(_from_orders(people, at))}
    for person, settled, flows in db.session.execute(_from_settlements(people, at)):
        net, counted, lines = found.get(person, (None, 0, 0))
        found[person] = [(net or 0) + settled, counted + flows, lines + flows]
    return {person: (None if net is None else int(net), *counts) for person, (net, *counts) in found.items()}


def _from_orders(people: Sequence[int], at: datetime) -> Select:
    kept = OrderLine.paid_fen - OrderLine.refunded_fen
    is_host = Shop.role == ShopRole.HOST
    earned = case((is_host, case((kept > 0, OrderLine.commission_fen), else_=0)), else_=kept)
    paid = and_(OrderLine.paid_fen > 0, OrderLine.is_gift.is_(False))
    counts = and_(
        *(paid, OrderLine.trust >= MATURE_TRUST, OrderLine.excluded_by.is_(None)),
        or_(Shop.role == ShopRole.OWN, OrderLine.commission_fen.is_not(None)),
    )
    return (
        select(
            *(Shop.person_id, func.sum(case((counts, earned)))),
            *(func.count(case((counts, 1))), func.count(case((paid, 1)))),
        )
        .join(OrderLine, OrderLine.shop_id == Shop.id)
        .where(Shop.person_id.in_(people), or_(OrderLine.paid_at.is_(None), OrderLine.paid_at <= at))
        .group_by(Shop.person_id)
    )


def _from_settlements(people: Sequence[int], at: datetime) -> Select:
    return (
        select(Shop.person_id, func.sum(Settlement.settled_fen), func.count())
        .join(Settlement, Settlement.shop_id == Shop.id)
        .where(Shop.person_id.in_(people), or_(Settlement.settled_at.is_(None), Settlement.settled_at <= at))
        .where(~exists().where(OrderLine.shop_id == Shop.id))
        .group_by(Shop.person_id)
    )
