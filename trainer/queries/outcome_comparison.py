"""What is compared of cohorts: their kept figures, as much of them as the comparison shows."""

from datetime import date

from sqlalchemy import Select, case, func, select

from trainer.database import db
from trainer.domain.actors import Actor, region_prefix
from trainer.domain.outcome_comparison import At, CohortFacts, Cut, FirstOrders, Sales, Share
from trainer.domain.outcomes import Stage
from trainer.domain.tally import Level
from trainer.models.job import CohortMetrics
from trainer.models.outcomes import CohortOutcomes
from trainer.models.programme import Cohort
from trainer.models.region import Region
from trainer.permissions import Permission
from trainer.queries.cohort import visible_cohorts
from trainer.queries.tally import area

KEPT, METRICS = CohortOutcomes.__table__.c, CohortMetrics.__table__.c
# Parts of the figures, taken out by the database: of a thousand cohorts a third of the time of reading all of them.
_FACTS = select(
    *(Cohort.id, Cohort.name, Cohort.region_code, Cohort.ends_on, KEPT.as_of),
    *(KEPT.figures["retention"], KEPT.figures["money"], KEPT.figures["coverage"]),
    *(KEPT.figures[("first_order", name)].as_integer() for name in ("n", "events", "median_day")),
    KEPT.figures[("costs", "total_fen")].as_integer(),
    KEPT.figures[("funnel", list(Stage).index(Stage.SUSTAINED), "reached")].as_integer(),
    *(METRICS.attended_minutes, METRICS.counted_minutes),
)


def list_facts(actor: Actor, cut: Cut) -> list[CohortFacts]:
    """Of all cohorts within her reach that the cut leaves, in one statement; sums are of all of them, not of a page."""
    is_open = case((visible_cohorts(actor, Permission.VIEW_OUTCOMES), 1), else_=0)
    statement = (
        _FACTS.add_columns(is_open)
        .select_from(Cohort)
        .outerjoin(CohortOutcomes, KEPT.cohort_id == Cohort.id)
        .outerjoin(CohortMetrics, METRICS.cohort_id == Cohort.id)
        .where(*_left_by(actor, cut))
        .order_by(Cohort.ends_on, Cohort.id)
    )
    return [_facts(*row) for row in db.session.execute(statement)]


def _left_by(actor: Actor, cut: Cut) -> list:
    left = [visible_cohorts(actor, Permission.VIEW_OUTCOME_SUMS)]
    if cut.programme_id:
        left.append(Cohort.programme_id == cut.programme_id)
    if cut.region_code:
        left.append(Cohort.region_code.startswith(region_prefix(cut.region_code)))
    if cut.track:
        left.append(Cohort.track == cut.track)
    if cut.year:
        left.append(Cohort.ends_on.between(date(cut.year, 1, 1), date(cut.year, 12, 31)))
    return left


def _facts(
    id_,
    name,
    region,
    ends_on,
    as_of,
    retention,
    money,
    coverage,
    n,
    events,
    median,
    cost,
    lasting,
    attended,
    counted,
    is_open,
) -> CohortFacts:
    known = {"id": id_, "name": name, "region_code": region, "ends_on": ends_on, "is_open": bool(is_open)}
    known["attendance"] = Share(attended or 0, counted or 0)
    if retention is None:
        return CohortFacts(**known)
    return CohortFacts(
        **known,
        as_of=as_of,
        at={cell["day"]: At(cell["due"], cell["eligible"], cell["active"]) for cell in retention},
        sustained={cell["day"]: cell.get("sustained", 0) for cell in retention},
        lasting=lasting,
        sales=Sales(money["n"], money["sellers"], money["net_fen_total"], money["net_fen_median"]),
        first_orders=FirstOrders(n, events, median),
        months={month["number"]: Share(month["files"] + month["typed"], month["due"]) for month in coverage},
        cost_fen=cost or 0,
    )


def regions_to_compare(actor: Actor) -> list[tuple[str, str]]:
    """(code, name) of the cities and counties where a cohort is held whose sums she may see."""
    mine = visible_cohorts(actor, Permission.VIEW_OUTCOME_SUMS)
    codes = _codes(Cohort.region_code, mine).union(_codes(area(Cohort.region_code, Level.CITY), mine))
    rows = db.session.execute(select(Region.code, Region.name).where(Region.code.in_(codes)).order_by(Region.code))
    return [tuple(row) for row in rows]


def _codes(column, mine) -> Select:
    return select(column).where(mine)


def years_to_compare(actor: Actor) -> list[int]:
    """In which courses within her reach ended or end, the latest first."""
    ends = select(func.min(Cohort.ends_on), func.max(Cohort.ends_on))
    first, last = db.session.execute(ends.where(visible_cohorts(actor, Permission.VIEW_OUTCOME_SUMS))).one()
    return list(range(last.year, first.year - 1, -1)) if first else []
