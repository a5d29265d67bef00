"""The women behind a number of the tracker, from what was kept of each when the figures were reckoned."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, select, true

from trainer.database import db
from trainer.domain.outcome_women import Behind, Sold, Way, WomanRow, WomenOrder
from trainer.domain.outcomes import Activity, Stage
from trainer.models.enrolment import Enrolment
from trainer.models.outcomes import EnrolmentOutcome
from trainer.models.person import Person
from trainer.models.sales import Shop
from trainer.models.survey import SurveySheet
from trainer.queries.scoping import Page, fetch_page

O = EnrolmentOutcome  # noqa: E741 (named in every line of this file)
MOST = 5_000
# The first of her shops, to go on to; her page lists them all.
_SHOP = select(func.min(Shop.id)).where(Shop.person_id == Person.id).scalar_subquery()
_WOMEN = (
    select(
        *(Enrolment.id, Person.id, Enrolment.seat_number, Person.name, Person.township, Person.village),
        *(O.attendance_bp, O.completed_on, O.reach_on, O.stages, O.activity, O.sources),
        *(O.paid_90_fen, O.refunded_90_fen, O.net_90_fen, _SHOP),
    )
    .join(Enrolment, Enrolment.id == O.enrolment_id)
    .join(Person, Person.id == Enrolment.person_id)
)
_ORDERS = {
    WomenOrder.SEAT: (),
    WomenOrder.NAME: (Person.name_pinyin,),
    WomenOrder.ATTENDANCE: (O.attendance_bp.desc().nulls_last(),),
    WomenOrder.REACH: (O.reach_on.asc().nulls_first(),),
    WomenOrder.NET: (O.net_90_fen.desc().nulls_last(),),
}


def women_page(
    cohort_id: int, behind: Behind, *, order: WomenOrder = WomenOrder.SEAT, page: int = 1, per_page: int = 20
) -> Page[WomanRow]:
    """Two statements."""
    return fetch_page(_select(cohort_id, behind, order), _row, page=page, per_page=per_page)


def list_women_behind(cohort_id: int, behind: Behind, *, order: WomenOrder = WomenOrder.SEAT) -> list[WomanRow]:
    """All of them, for a workbook."""
    return [_row(row) for row in db.session.execute(_select(cohort_id, behind, order).limit(MOST))]


def _select(cohort_id: int, behind: Behind, order: WomenOrder) -> Select:
    statement = _WOMEN.where(O.cohort_id == cohort_id, *_clauses(behind))
    return statement.order_by(*_ORDERS[order], Enrolment.seat_number.asc().nulls_last(), Enrolment.id)


def _row(row) -> WomanRow:
    id_, person_id, seat, name, township, village, *rest = row
    return WomanRow(id_, person_id, seat, name, f"{township or ''}{village or ''}", *rest)


def _clauses(behind: Behind) -> Iterator[ColumnElement[bool]]:
    if behind.stage:
        yield _reached(behind.stage, behind.way)
    if behind.day is not None:
        at = O.activity[str(behind.day)].as_string()
        yield at == behind.state if behind.state else at.is_not(None)
    if behind.known is not None:
        yield O.activity[str(behind.known)].as_string().in_([Activity.ACTIVE, Activity.INACTIVE])
    if behind.month is not None:
        source = O.sources[str(behind.month)].as_string()
        yield source == behind.source if behind.source else source.is_not(None)
    if behind.bounds:
        yield and_(O.attendance_bp >= behind.bounds[0], O.attendance_bp < behind.bounds[1])
    if behind.county:
        yield and_(Person.region_code == behind.county, O.completed_on.is_not(None))
    if behind.reach:
        yield and_(O.completed_on.is_not(None), O.reach_on >= behind.reach)
    if behind.wave:
        yield _asked(behind)
    if behind.sold:
        yield _sold(behind.sold)


def _reached(stage: Stage, way: Way | None) -> ColumnElement[bool]:
    stages = list(Stage)
    reached = O.stages[str(stage)].as_string().is_not(None)
    before = and_(*(O.stages[str(one)].as_string().is_not(None) for one in stages[: stages.index(stage)]), true())
    return {None: reached, Way.THROUGH: and_(reached, before), Way.SKIPPED: and_(reached, not_(before))}[way]


def _asked(behind: Behind) -> ColumnElement[bool]:
    sheets = exists().where(SurveySheet.enrolment_id == O.enrolment_id, SurveySheet.wave == behind.wave)
    return sheets.where(SurveySheet.state == behind.sheet) if behind.sheet else sheets


def _sold(sold: Sold) -> ColumnElement[bool]:
    if sold is Sold.SOLD:
        return O.net_90_fen > 0
    if sold is Sold.KNOWN:
        return O.net_90_fen.is_not(None)
    # Her ninety days have passed: her state at day 90 is written down, whatever it is.
    return and_(O.net_90_fen.is_(None), O.activity["90"].as_string().is_not(None))
