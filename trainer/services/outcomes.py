"""Outcomes kept up: what changed is marked and reckoned within a minute; every night all of it is reckoned afresh and compared."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import delete, insert, literal, or_, select, update

from trainer.database import db
from trainer.domain.actors import SYSTEM
from trainer.domain.days import china_day
from trainer.domain.outcome_woman import active_state, data_reach, days_after, due_at, firm_net, source_of_month
from trainer.domain.outcomes import RETENTION_DAYS, CohortFigures, Woman, write_figures
from trainer.models.enrolment import Enrolment
from trainer.models.outcomes import CohortOutcomes, EnrolmentOutcome, ProductDay, ShopDay
from trainer.models.programme import Cohort
from trainer.models.sales import Shop
from trainer.queries.data_request import list_handlers
from trainer.queries.outcome_figures import get_figures
from trainer.services.idempotency import dialect_insert
from trainer.services.message import notify
from trainer.services.shop_days import product_days, shop_days, sum_up_days

# The first days after a course whose money stands beside each woman's name.
FIRST_DAYS = 90
MONTHS = range(1, 13)
# So many differences are written down; there may be more.
DIFFERENCES_KEPT = 20


def touch_cohort(cohort_id: int, *, at: datetime) -> None:
    """Something of its outcomes changed, in the caller's transaction: attendance, status, answers, costs, calls."""
    _mark(select(literal(cohort_id), literal(at, CohortOutcomes.changed_at.type)))


def touch_cohorts_of(*person_ids: int, at: datetime) -> None:
    """Of every cohort that one of them belongs to: her sales changed, or whom she pays."""
    cohorts = select(Enrolment.cohort_id, literal(at, CohortOutcomes.changed_at.type))
    _mark(cohorts.where(Enrolment.person_id.in_(person_ids)).distinct().order_by(Enrolment.cohort_id))


def touch_cohorts_with(enrolment_ids: Collection[int], *, at: datetime) -> None:
    """Of the cohorts of these enrolments."""
    cohorts = select(Enrolment.cohort_id, literal(at, CohortOutcomes.changed_at.type))
    _mark(cohorts.where(Enrolment.id.in_(enrolment_ids)).distinct().order_by(Enrolment.cohort_id))


def _mark(rows) -> None:
    insert_it = dialect_insert()(CohortOutcomes).from_select(["cohort_id", "changed_at"], rows.where(literal(True)))
    changed = {"changed_at": insert_it.excluded.changed_at}
    db.session.execute(insert_it.on_conflict_do_update(index_elements=["cohort_id"], set_=changed))


def list_waiting(*, most: int = 200) -> list[int]:
    """Cohorts whose outcomes changed since they were reckoned, or never were, the longest waiting first."""
    waiting = or_(CohortOutcomes.changed_at.is_not(None), CohortOutcomes.reckoned_at.is_(None))
    rows = select(Cohort.id).outerjoin(CohortOutcomes, CohortOutcomes.cohort_id == Cohort.id).where(waiting)
    return list(db.session.scalars(rows.order_by(CohortOutcomes.changed_at, Cohort.id).limit(most)))


def reckon_cohort(cohort_id: int, *, at: datetime) -> CohortFigures:
    """Write the figures of one cohort and what stands behind them, as of the day of `at` in China."""
    _hold(cohort_id)
    figures, women = get_figures(cohort_id, china_day(at))
    _write(cohort_id, figures, women, at)
    return figures


def check_cohort(cohort_id: int, *, at: datetime) -> list[str]:
    """Reckon everything of a cohort afresh from its rows, compare with what was kept up, and keep the fresh figures.

    Returns what differed: names of figures, or of days of shops. Nothing is compared that waits to be reckoned anyway.
    """
    shops = _hold_shops_of(cohort_id)
    kept = _hold(cohort_id)
    differing: list[str] = []
    for shop_id, _settled in (shop for shop in shops if shop[1]):
        if days := list(_differing_days(shop_id)):
            differing += days
            sum_up_days(shop_id, at)
    if kept.figures is not None and kept.changed_at is None and all(settled for _id, settled in shops):
        fresh, _women = get_figures(cohort_id, kept.as_of)
        differing += differing_figures(kept.figures, write_figures(fresh))
    reckon_cohort(cohort_id, at=at)
    said = {"difference": differing[:DIFFERENCES_KEPT] or None, "differed_at": at if differing else None}
    db.session.execute(update(CohortOutcomes).where(CohortOutcomes.cohort_id == cohort_id).values(said))
    if differing:
        _raise_alarm(cohort_id, differing, at)
    return differing


def differing_figures(kept: Mapping, fresh: Mapping, name: str = "") -> list[str]:
    """The names of all values that are not the same, as funnel.2.reached."""
    return list(_differing(kept, fresh, name))


def _differing(kept, fresh, name: str) -> Iterator[str]:
    if isinstance(kept, Mapping) and isinstance(fresh, Mapping):
        for key in sorted({*kept, *fresh}):
            yield from _differing(kept.get(key), fresh.get(key), f"{name}.{key}".strip("."))
    elif isinstance(kept, list) and isinstance(fresh, list) and len(kept) == len(fresh):
        for at, (one, other) in enumerate(zip(kept, fresh, strict=True)):
            yield from _differing(one, other, f"{name}.{at}")
    elif kept != fresh:
        yield name


def _hold(cohort_id: int) -> CohortOutcomes:
    """Its row, made where there is none, until the act ends: whoever touches it meanwhile waits."""
    fresh = dialect_insert()(CohortOutcomes).values(cohort_id=cohort_id).on_conflict_do_nothing()
    db.session.execute(fresh)
    row = select(CohortOutcomes).where(CohortOutcomes.cohort_id == cohort_id).with_for_update()
    return db.session.execute(row.execution_options(populate_existing=True)).scalar_one()


def _hold_shops_of(cohort_id: int) -> list[tuple[int, bool]]:
    """(shop, whether nothing of it waits to be reckoned); before the cohort's row, as reckoning a shop takes them."""
    women = select(Enrolment.person_id).where(Enrolment.cohort_id == cohort_id)
    shops = select(Shop.id, Shop.changed_at, Shop.reckoned_at).where(Shop.person_id.in_(women))
    rows = db.session.execute(shops.order_by(Shop.id).with_for_update(of=Shop))
    return [(id_, changed_at is None or reckoned_at is not None) for id_, changed_at, reckoned_at in rows]


def _differing_days(shop_id: int) -> Iterator[str]:
    """Days of which the kept sums are not those of the rows."""
    for table, rows in ((ShopDay, shop_days([shop_id])), (ProductDay, product_days([shop_id]))):
        names = [column.name for column in table.__table__.columns]
        fresh = rows.subquery()
        kept = select(*(table.__table__.c[name] for name in names)).where(table.shop_id == shop_id)
        reckoned = {tuple(row) for row in db.session.execute(select(*(fresh.c[name] for name in names)))}
        stored = {tuple(row) for row in db.session.execute(kept)}
        for day in sorted({str(row[1]) for row in reckoned ^ stored}):
            yield f"{table.__tablename__}.{shop_id}.{day}"


def _write(cohort_id: int, figures: CohortFigures, women: Sequence[Woman], at: datetime) -> None:
    unsynced = {"synchronize_session": False}
    old = delete(EnrolmentOutcome).where(EnrolmentOutcome.cohort_id == cohort_id)
    db.session.execute(old, execution_options=unsynced)
    if rows := [_outcome(cohort_id, woman, figures.as_of) for woman in women]:
        db.session.execute(insert(EnrolmentOutcome), rows)
    said = {"figures": write_figures(figures), "as_of": figures.as_of, "reckoned_at": at, "changed_at": None}
    kept = update(CohortOutcomes).where(CohortOutcomes.cohort_id == cohort_id).values(said)
    db.session.execute(kept, execution_options=unsynced)


def _outcome(cohort_id: int, woman: Woman, as_of: date) -> dict[str, object]:
    """The row behind the figures."""
    states = {day: active_state(woman, day, as_of) for day in RETENTION_DAYS}
    months = [number for number in MONTHS if due_at([woman], number * 30, as_of)]
    first = days_after(woman, 0, FIRST_DAYS) if woman.completed_on else ()
    knows = bool(due_at([woman], FIRST_DAYS, as_of)) and data_reach(woman, FIRST_DAYS)
    return {
        "enrolment_id": woman.id,
        "cohort_id": cohort_id,
        "attendance_bp": woman.attendance_bp,
        "completed_on": woman.completed_on,
        "reach_on": woman.reach_on,
        "stages": {stage.value: day.isoformat() for stage, day in woman.stages.items()},
        "activity": {str(day): state.value for day, state in states.items() if state},
        "sources": {str(number): source_of_month(woman, number, as_of).value for number in months},
        "paid_90_fen": sum(day.paid_fen for day in first),
        "refunded_90_fen": sum(day.refunded_fen for day in first),
        "net_90_fen": firm_net(first) if knows else None,
    }


def _raise_alarm(cohort_id: int, differing: Sequence[str], at: datetime) -> None:
    """Whoever manages the cohort's area is told, once a day."""
    name, region_code = db.session.execute(select(Cohort.name, Cohort.region_code).where(Cohort.id == cohort_id)).one()
    key = f"outcomes_differ:{cohort_id}:{china_day(at)}"
    facts = {"cohort": name, "count": len(differing)}
    link = f"/cohorts/{cohort_id}/outcomes"
    notify(
        "outcomes_differ", to_accounts=list_handlers(region_code), link=link, once_key=key, by=SYSTEM, at=at, **facts
    )
