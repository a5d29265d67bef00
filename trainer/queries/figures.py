"""The figures that computed criteria ask for: what the records say of every candidate of a round, by her code."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, and_, case, exists, func, or_, select

from trainer.database import db
from trainer.domain.attendance import AttendanceStatus, summarise
from trainer.domain.figures import ASSESSMENT, ROUND, SURVEY, TABLE
from trainer.domain.round_inputs import Figure, rate_text
from trainer.domain.sales import MATURE_TRUST, ShopRole
from trainer.models.attendance import Attendance
from trainer.models.sales import OrderLine, Settlement, Shop
from trainer.queries import recorded_figures as recorded
from trainer.queries.attendance import get_rules, list_lessons_that_count, outcomes
from trainer.queries.ranking import Candidate, list_candidates
from trainer.queries.recorded_figures import Found, ratio_text


def list_figures(round_id: int, fields: Collection[str], *, at: datetime) -> dict[str, dict[str, Figure]]:
    """Candidate → figure by its name, only those of `fields`; what is not known is not there. Names every candidate.

    At most some two dozen statements, however many candidates; only those that the fields need.
    """
    candidates = list_candidates(round_id)
    found: dict[str, dict[str, Figure]] = {c.code: {} for c in candidates}
    for reads, family in _FAMILIES:
        wanted = [field for field in fields if reads(field)]
        if wanted:
            for code, name, figure in family(round_id, candidates, wanted, at):
                if code in found and name in wanted:
                    found[code][name] = figure
    return found


def _attendance(round_id: int, candidates: Sequence[Candidate], wanted: Sequence[str], at: datetime) -> Found:
    minutes = attended_minutes(candidates)
    for c in candidates:
        attended, counted = minutes[c.enrolment_id]
        if counted:
            yield c.code, "attendance_rate", Figure(rate_text(attended, counted), attended, counted)
            yield c.code, "attended_hours", Figure(ratio_text(attended, 60), attended, counted)


def _net_sales(round_id: int, candidates: Sequence[Candidate], wanted: Sequence[str], at: datetime) -> Found:
    sales = net_sales([c.person_id for c in candidates], at=at)
    for c in candidates:
        net, counted, lines = sales.get(c.person_id, (None, 0, 0))
        if net is not None:
            yield c.code, "net_sales_fen", Figure(str(net), counted, lines)


def _one_of(*names: str) -> Callable[[str], bool]:
    return lambda field: field in names


def _begins(prefix: str) -> Callable[[str], bool]:
    return lambda field: field.startswith(prefix)


# Which names each reads.
_FAMILIES: tuple[tuple[Callable[[str], bool], Callable], ...] = (
    (_one_of("attendance_rate", "attended_hours"), _attendance),
    (_one_of("net_sales_fen"), _net_sales),
    (_one_of("gross_sales_fen", "paid_orders"), recorded.orders),
    (_one_of("weekly_net_fen", "net_growth_fen", "still_selling"), recorded.after_course),
    (_one_of("livestreams", "live_viewers"), recorded.broadcasts),
    (_one_of("service_hours"), recorded.service_hours),
    (_one_of("certificate"), recorded.certificates),
    (_one_of("county", "cohort", "business"), recorded.groups),
    (_begins(ASSESSMENT), recorded.assessments),
    (_begins(SURVEY), recorded.surveys),
    (_begins(TABLE), recorded.table_cells),
    (_begins(ROUND), recorded.earlier_rounds),
)


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
