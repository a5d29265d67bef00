"""Months of sales: approved and locked county by county, then by the city, then by the province; unlocked with a reason."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.days import china_day
from trainer.domain.sales_period import (
    Figures,
    PeriodStage,
    is_over,
    level_of,
    needed_of,
    standing_approvers,
    together,
)
from trainer.errors import Conflict, NotFound, Refused
from trainer.models.person import Person
from trainer.models.sales import Shop
from trainer.models.sales_period import SalesPeriod, SalesPeriodEvent
from trainer.queries.region import region_names
from trainer.queries.sales_period import homes_within, is_counted, list_steps
from trainer.queries.sales_period_figures import get_figures, list_reporters
from trainer.services import audit
from trainer.services.message import notify


class MonthNotOver(Refused):
    """Sales of a month are known when it is over."""

    code = "sales_period_not_over"


class NoShopsThere(Refused):
    """Nothing to approve: nobody who lives there has a shop."""

    code = "sales_period_no_shops"


class CountiesBehind(Refused):
    """The level below has not approved all of it (names)."""

    code = "sales_period_behind"


class MonthApproved(Refused):
    """Somebody was faster, or a wider area has approved it."""

    code = "sales_period_approved"
    status = 409


class ApprovedBelow(Refused):
    """Two levels are two people."""

    code = "sales_period_same_person"


class MonthHasOpenEnds(Refused):
    """Previews, entries or findings of the month are left, and no reason says why it is approved all the same."""

    code = "sales_period_open_ends"


class UnlockReasonMissing(Refused):
    code = "sales_period_no_reason"


class NoStepBack(Refused):
    """The stage chosen does not lie below."""

    code = "sales_period_no_step_back"


def approve(unit: str, month: date, *, reason: str = "", by: Actor, at: datetime) -> int:
    """The month of a county, or of all counties of a city or province in which somebody has a shop; its sales stand
    from here on, and the figures as they are now are kept. Returns how many counties.

    Raises MonthNotOver, NoShopsThere, CountiesBehind, MonthApproved, ApprovedBelow, MonthHasOpenEnds.
    """
    if not is_over(month, china_day(at)):
        raise MonthNotOver(month=f"{month:%Y-%m}")
    level = level_of(unit)
    periods = _hold_periods(_hold_counties(unit), month)
    rising = _rising(periods, unit, level)
    _require_somebody_else(rising, by)
    homes = homes_within(unit)
    figures = get_figures(month, homes, list_reporters(month, homes))
    left = together(figures[one.region_code] for one in rising).open_ends
    if left and not reason:
        raise MonthHasOpenEnds(**{"findings": 0, "unchecked": 0, "previews": 0} | left)
    before = {one.region_code: one.stage for one in rising}
    for one in rising:
        _move(one, level, figures[one.region_code], reason, by=by, at=at)
    after = {"stage": level, "counties": len(rising), "left_open": left, "with_reason": bool(reason)}
    audit.record("sales_period.approve", "sales_period", _name(unit, month), by=by, at=at, before=before, after=after)
    return len(rising)


def unlock(
    county: str, month: date, to_stage: PeriodStage, reason: str, *, seen: PeriodStage, by: Actor, at: datetime
) -> None:
    """One or more levels back; open, its sales may change again. Whoever approved what falls, or below, is told.

    Raises UnlockReasonMissing, NoStepBack, Conflict (it is not at `seen` any more), NotFound.
    """
    if not reason:
        raise UnlockReasonMissing()
    held = select(SalesPeriod).where(SalesPeriod.region_code == county, SalesPeriod.month == month).with_for_update()
    period = db.session.scalar(held, execution_options={"populate_existing": True})
    if period is None:
        raise NotFound()
    if period.stage is not seen:
        raise Conflict()
    if to_stage not in period.stage.below:
        raise NoStepBack()
    below = standing_approvers(list_steps([period.id]).get(period.id, ()), period.stage)
    _move(period, to_stage, None, reason, by=by, at=at)
    place = region_names({county}).get(county, county)
    notify(
        "sales_period_unlocked",
        to_accounts={account for account in below.values() if account != by.account_id},
        link=f"/sales/periods/{county}/{month:%Y-%m}",
        **{"by": by, "at": at, "county": place, "month": f"{month:%Y-%m}", "stage": to_stage},
    )
    facts = {"before": {"stage": seen}, "after": {"stage": to_stage, "with_reason": True}}
    audit.record("sales_period.unlock", "sales_period", _name(county, month), by=by, at=at, **facts)


def _name(unit: str, month: date) -> str:
    return f"{unit}-{month:%Y-%m}"


def _hold_counties(unit: str) -> list[str]:
    """Their shops are held until the act ends: whoever takes a file in has ended before, or finds the month locked."""
    shops = (
        select(Shop.id, Person.region_code)
        .join(Person, Person.id == Shop.person_id)
        .where(homes_within(unit), is_counted())
        .order_by(Shop.id)
        .with_for_update(of=Shop)
    )
    counties = sorted({county for _shop_id, county in db.session.execute(shops)})
    if not counties:
        raise NoShopsThere()
    return counties


def _hold_periods(counties: Sequence[str], month: date) -> list[SalesPeriod]:
    rows = select(SalesPeriod).where(SalesPeriod.region_code.in_(counties), SalesPeriod.month == month)
    held = db.session.scalars(
        rows.order_by(SalesPeriod.id).with_for_update(), execution_options={"populate_existing": True}
    )
    known = {one.region_code: one for one in held}
    for county in counties:
        if county not in known:
            known[county] = SalesPeriod(region_code=county, month=month, stage=PeriodStage.OPEN)
            db.session.add(known[county])
    db.session.flush()
    return [known[county] for county in counties]


def _rising(periods: Sequence[SalesPeriod], unit: str, level: PeriodStage) -> list[SalesPeriod]:
    behind = {one.region_code for one in periods if one.stage.rank < needed_of(one.region_code, unit).rank}
    if behind:
        names = region_names(behind)
        raise CountiesBehind(names="、".join(names.get(code, code) for code in sorted(behind)))
    rising = [one for one in periods if one.stage.rank < level.rank]
    if not rising:
        raise MonthApproved()
    return rising


def _require_somebody_else(periods: Sequence[SalesPeriod], by: Actor) -> None:
    steps = list_steps(one.id for one in periods)
    approvers = {
        account for one in periods for account in standing_approvers(steps.get(one.id, ()), one.stage).values()
    }
    if by.account_id is not None and by.account_id in approvers:
        raise ApprovedBelow()


def _move(
    period: SalesPeriod, to_stage: PeriodStage, figures: Figures | None, reason: str, *, by: Actor, at: datetime
) -> None:
    step = {"period_id": period.id, "from_stage": period.stage, "to_stage": to_stage, "reason": reason}
    kept = figures.keep() if figures else None
    db.session.add(SalesPeriodEvent(**step, figures=kept, at=at, by=by.account_id))
    period.stage = to_stage
