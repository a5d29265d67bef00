"""Months of sales: approved level by level by different people, locked meanwhile, unlocked with a reason."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests import factories
from tests.factories import AT, DATONG, SHANXI, YUNZHOU
from tests.races import overlap
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.anomaly import AnomalyCheck, AnomalyState, Decision, Explanation
from trainer.domain.imports import BatchState, ImportKind, RowAction
from trainer.domain.sales_entry import EntryState
from trainer.domain.sales_period import PeriodStage, changes
from trainer.errors import Conflict
from trainer.models import Anomaly, AuditEvent, ImportBatch, Livestream, LivestreamVersion, SalesEntry, SalesPeriod
from trainer.queries.message import inbox_page
from trainer.queries.sales_period import homes_within, list_events, locked_spans, month_span
from trainer.queries.sales_period_figures import get_figures, list_reporters
from trainer.services import anomaly as anomalies
from trainer.services import sales_period as periods

pytestmark = pytest.mark.postgresql

OPEN, COUNTY, CITY, PROVINCE = PeriodStage
FEBRUARY = date(2026, 2, 1)
IN_FEBRUARY = datetime(2026, 2, 14, 12, tzinfo=UTC)
TIANZHEN, YANGQUAN = "140222", "140302"


def manager(region: str):
    return factories.actor_of(factories.account(Role.MANAGER, region=region))


@pytest.fixture
def shop(app):
    return factories.shop(factories.person())


def approve(unit, by, *, month=FEBRUARY, at=AT, **options):
    with transaction():
        return periods.approve(unit, month, by=by, at=at, **options)


def unlock(by, to_stage=OPEN, *, seen=COUNTY, reason="有一笔退款没记", county=YUNZHOU):
    with transaction():
        periods.unlock(county, FEBRUARY, to_stage, reason, seen=seen, by=by, at=AT)


def stages() -> dict[str, PeriodStage]:
    return dict(db.session.execute(db.select(SalesPeriod.region_code, SalesPeriod.stage)).all())


def test_a_month_goes_up_level_by_level_and_stands_locked(shop):
    factories.shop(factories.person(region=TIANZHEN))
    factories.shop(factories.person(region=YANGQUAN))
    county, city, province = manager(DATONG), manager(DATONG), manager(SHANXI)
    approve(YUNZHOU, county)
    assert locked_spans(YUNZHOU) == [month_span(FEBRUARY)]
    with pytest.raises(periods.CountiesBehind, match="天镇县"):
        approve(DATONG, city)
    approve(TIANZHEN, manager(TIANZHEN))
    assert approve(DATONG, city) == 2  # counties without a shop are passed over
    with pytest.raises(periods.CountiesBehind):
        approve(SHANXI, province)
    approve(YANGQUAN, county)
    approve("140300", manager("140300"))
    assert approve(SHANXI, province) == 3
    assert set(stages().values()) == {PROVINCE}
    actions = db.session.scalars(db.select(AuditEvent.action).where(AuditEvent.action.like("sales_period%"))).all()
    assert actions == ["sales_period.approve"] * 6


def test_nobody_approves_two_levels(shop):
    one = manager(SHANXI)
    approve(YUNZHOU, one)
    with pytest.raises(periods.ApprovedBelow):
        approve(DATONG, one)
    approve(DATONG, manager(DATONG))
    with pytest.raises(periods.ApprovedBelow):
        approve(SHANXI, one)


@pytest.mark.parametrize(
    ("unit", "month", "problem"),
    [
        (YUNZHOU, date(2026, 3, 1), periods.MonthNotOver),
        (YUNZHOU, date(2026, 5, 1), periods.MonthNotOver),
        (TIANZHEN, FEBRUARY, periods.NoShopsThere),
        (SHANXI, FEBRUARY, periods.CountiesBehind),
    ],
)
def test_what_cannot_be_approved(shop, unit, month, problem):
    with pytest.raises(problem):
        approve(unit, manager(SHANXI), month=month)
    assert stages() == {}


def leave_open(shop, name: str) -> None:
    broadcast = factories.livestream(shop, IN_FEBRUARY)
    found = {
        "shop_id": shop.id,
        "check": AnomalyCheck.BURST,
        "subject": "x",
        "weight": 2.0,
        "found_at": AT,
    }
    batch = ImportBatch(
        **{"kind": ImportKind.SALES, "shop_id": shop.id, "filename": "a.csv", "sha256": "0", "summary": {}},
        **{"state": BatchState.PREVIEWED, "created_at": AT},
    )
    with transaction() as session:
        if name == "findings":
            evidence = {"livestreams": [broadcast.id], "order_lines": []}
            session.add(Anomaly(**found, state=AnomalyState.EXPLAINED, evidence=evidence))
        elif name == "unchecked":
            facts = {"shop_id": shop.id, "state": EntryState.SUBMITTED, "nonce": "n", "entered_at": AT, "gmv_fen": 1}
            session.add(SalesEntry(**facts, started_at=IN_FEBRUARY))
        else:
            session.add(batch)
            session.flush()
            row = {"row_number": 2, "action": RowAction.NEW, "natural_key": "k", "trust": 2, "gmv_measure": "room"}
            session.add(LivestreamVersion(batch_id=batch.id, started_at=IN_FEBRUARY, **row))


@pytest.mark.parametrize("name", ["findings", "unchecked", "previews"])
def test_work_that_is_left_asks_for_a_reason(shop, name):
    leave_open(shop, name)
    by = manager(YUNZHOU)
    with pytest.raises(periods.MonthHasOpenEnds) as refused:
        approve(YUNZHOU, by)
    assert refused.value.values == {"findings": 0, "unchecked": 0, "previews": 0, name: 1}
    approve(YUNZHOU, by, month=date(2026, 1, 1))  # it is not of January
    approve(YUNZHOU, by, reason="等平台结算")
    [event] = list_events(YUNZHOU, FEBRUARY)
    assert (event.reason, getattr(event.figures, name)) == ("等平台结算", 1)


def test_an_approval_keeps_the_figures_as_they_were(shop):
    factories.person("没有店铺")
    idle = factories.shop(factories.person("赵玉梅"), platform="taobao")
    factories.livestream(shop, IN_FEBRUARY, refund_fen=5_000, refund_basis="payment_day")
    factories.livestream(shop, IN_FEBRUARY)  # says nothing of refunds
    factories.order_line(shop, IN_FEBRUARY, order_key="a")
    factories.order_line(shop, IN_FEBRUARY, order_key="a", refunded_fen=4_000)
    factories.order_line(shop, IN_FEBRUARY, is_gift=True, order_key="b")
    factories.order_line(shop, AT)  # of March
    factories.order_line(
        idle, paid_on=None, ordered_at=datetime(2026, 1, 31, 16, tzinfo=UTC), fen=700
    )  # 1 February in China
    approve(YUNZHOU, manager(YUNZHOU))
    [event] = list_events(YUNZHOU, FEBRUARY)
    kept = event.figures
    assert (kept.shops, kept.women, kept.with_data) == (2, 2, 2)
    lines = [
        (line.source, line.platform, line.count, line.gross_fen, line.refund_fen, line.net_fen) for line in kept.lines
    ]
    assert sorted(lines, key=str) == [
        ("live_session", "kuaishou", 1, 50_000, 5_000, 45_000),
        ("live_session", "kuaishou", 1, 50_000, None, None),
        ("order", "kuaishou", 1, 20_000, 4_000, 16_000),
        ("order", "taobao", 1, 700, 0, 700),
    ]
    homes = homes_within(YUNZHOU)
    assert get_figures(FEBRUARY, homes, list_reporters(FEBRUARY, homes)) == {YUNZHOU: kept}


def test_unlocking_goes_back_as_far_as_chosen_and_tells_whoever_approved(shop):
    county, city = manager(YUNZHOU), manager(DATONG)
    approve(YUNZHOU, county)
    approve(DATONG, city)
    with pytest.raises(periods.UnlockReasonMissing):
        unlock(city, reason="", seen=CITY)
    with pytest.raises(Conflict):
        unlock(city, seen=COUNTY)  # the page showed an older stage
    with pytest.raises(periods.NoStepBack):
        unlock(city, PROVINCE, seen=CITY)
    unlock(city, COUNTY, seen=CITY)
    assert locked_spans(YUNZHOU)
    unlock(city, OPEN)
    assert not locked_spans(YUNZHOU)
    [step_back, opened] = list_events(YUNZHOU, FEBRUARY)[2:]
    assert (step_back.step.to_stage, opened.step.to_stage, opened.reason) == (COUNTY, OPEN, "有一笔退款没记")
    assert inbox_page(county, page=1).total == 2
    assert inbox_page(city, page=1).total == 0
    assert approve(YUNZHOU, manager(YUNZHOU), at=AT + timedelta(hours=1)) == 1


def test_a_county_that_comes_back_goes_up_again_beside_those_that_stand(shop):
    factories.shop(factories.person(region=TIANZHEN))
    for county in (YUNZHOU, TIANZHEN):
        approve(county, manager(county))
    city = manager(DATONG)
    approve(DATONG, city)
    unlock(city, OPEN, seen=CITY)
    with pytest.raises(periods.CountiesBehind):
        approve(DATONG, city)
    approve(YUNZHOU, manager(YUNZHOU))
    assert approve(DATONG, city) == 1
    with pytest.raises(periods.MonthApproved):
        approve(DATONG, city)


def test_a_city_speaks_for_women_whose_record_names_no_county(app):
    factories.shop(factories.person(region=DATONG))
    assert approve(DATONG, manager(DATONG)) == 1
    assert stages() == {DATONG: CITY}


def test_of_two_who_approve_at_once_one_is_told(app, shop):
    people = [manager(YUNZHOU), manager(YUNZHOU)]
    acts = [lambda by=by: periods.approve(YUNZHOU, FEBRUARY, by=by, at=AT) for by in people]
    first, second = overlap(app, *acts)
    assert first == 1
    assert isinstance(second, periods.MonthApproved)
    assert len(list_events(YUNZHOU, FEBRUARY)) == 1


def test_findings_are_decided_in_a_locked_month_too(shop):
    broadcast = factories.livestream(shop, IN_FEBRUARY)
    evidence = {"said": [], "livestreams": [broadcast.id], "order_lines": [], "entries": [], "whole": True}
    finding = factories.anomaly(shop, AnomalyCheck.BURST, evidence=evidence)
    one, other = manager(YUNZHOU), manager(YUNZHOU)
    approve(YUNZHOU, one, reason="等核实")
    with transaction():
        anomalies.explain(finding.id, Explanation.GROUP_PURCHASE, "", seen=1, by=one, at=AT)
    with transaction():
        anomalies.decide(finding.id, Decision.EXCLUDE, "不像", seen=2, by=other, at=AT)
    assert db.session.get(Livestream, broadcast.id).excluded_by == finding.id
    [event] = list_events(YUNZHOU, FEBRUARY)
    homes = homes_within(YUNZHOU)
    assert changes(event.figures, get_figures(FEBRUARY, homes, list_reporters(FEBRUARY, homes))[YUNZHOU]) == []
