"""Outcomes kept up: every act marks its cohorts, what is kept is what a full recomputation comes to, and where it is not
somebody is told."""

import random
import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from tests import factories
from tests.factories import AT
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.enrolment import EnrolmentStatus, StatusCause
from trainer.domain.outcomes import Stage, write_figures
from trainer.domain.sales import ShopRole
from trainer.domain.survey import SheetState, Wave
from trainer.jobs import reckon_outcomes, reckon_sales, recompute_metrics
from trainer.models import (
    CohortOutcomes,
    Delivery,
    EnrolmentOutcome,
    ImportBatch,
    Message,
    OrderLine,
    Shop,
    ShopDay,
    SurveyAnswer,
)
from trainer.queries.outcome_figures import get_figures
from trainer.queries.outcomes import get_cohort_figures
from trainer.services import enrolment as enrolments
from trainer.services import outcomes, sales_reckoning, shop_lock

pytestmark = pytest.mark.postgresql
# The course ended on 13 March 2026: so many days later.
END = date(2026, 3, 13)
BY = factories.SYSTEM


def moment(day: int, hour: int = 12) -> datetime:
    return datetime(END.year, END.month, END.day, hour, tzinfo=UTC) + timedelta(days=day)


def graduate(cohort, **values):
    return factories.enrolment(cohort, factories.person(**values), status=EnrolmentStatus.COMPLETED)


def shop_of(enrolment, **values) -> Shop:
    return factories.shop(enrolment.person, name=f"店{enrolment.id}", **values)


def broadcast(shop, *days: int) -> None:
    for day in days:
        factories.livestream(shop, moment(day), duration_s=3600, viewers=80)


def sums_of(*shops) -> None:
    with transaction():
        for shop in shops:
            shop_lock.touch(db.session.get(Shop, shop.id), at=AT)
    reckon_sales.run({})


@pytest.fixture
def half_a_year_later(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: moment(200))
    return moment(200).date()


@pytest.fixture
def cohort(app):
    return factories.cohort()


def figures_of(cohort, day: int = 200):
    return get_figures(cohort.id, END + timedelta(days=day))[0]


def test_a_cohort_by_hand(cohort, half_a_year_later):
    """Four graduates and one who left: one sells for months, one stopped, one has no data, one had sold before."""
    lasting, stopped, silent, older = (graduate(cohort) for _ in range(4))
    left = factories.enrolment(cohort, status=EnrolmentStatus.WITHDRAWN)
    shops = {one.id: shop_of(one) for one in (lasting, stopped, older)}
    broadcast(shops[lasting.id], *range(5, 120, 6))
    for day in (10, 40, 70, 100):
        factories.order_line(shops[lasting.id], moment(day), 20_000, refunded_fen=5_000, settled_fen=14_000)
    broadcast(shops[stopped.id], 8, 9)
    factories.order_line(shops[stopped.id], moment(95), 3_000)
    factories.order_line(shops[older.id], moment(-40), 9_000)
    factories.order_line(shops[older.id], moment(91), 1_000)
    sums_of(*shops.values())
    found = figures_of(cohort)
    assert (found.n, found.completed, found.undecided) == (5, 4, 0)
    assert left.id not in [row.id for row in get_figures(cohort.id, END)[1] if row.completed_on]
    reached = {step.stage: step.reached for step in found.funnel}
    assert reached[Stage.ENROLLED] == 5
    assert reached[Stage.SHOP_OPENED] == 3
    assert reached[Stage.FIRST_BROADCAST] == 2
    assert reached[Stage.FIRST_PAID_ORDER] == 3
    assert reached[Stage.FIRST_SETTLED] == 1
    assert (reached[Stage.ACTIVE_30], reached[Stage.SUSTAINED]) == (2, 1)
    by_day = {cell.day: (cell.due, cell.eligible, cell.active, cell.no_data) for cell in found.retention}
    # The day 90: the data of three reach it; the day 180: nobody's do; the 365th has not come.
    assert by_day == {30: (4, 3, 2, 1), 60: (4, 3, 1, 1), 90: (4, 3, 1, 1), 180: (4, 0, 0, 4), 365: (0, 0, 0, 0)}
    assert (found.first_order.n, found.first_order.events, found.first_order.already) == (2, 2, 1)
    assert [(step.day, step.at_risk, step.events, step.survival) for step in found.first_order.steps] == [
        (10, 2, 1, 0.5),
        (95, 1, 1, 0.0),
    ]
    # Firm net of the first ninety days: 3 × 150 yuan, nothing, nothing.
    assert (found.money.n, found.money.no_data, found.money.net_fen_total, found.money.net_fen_median) == (
        3,
        1,
        45_000,
        0,
    )
    assert silent.id in [woman.id for woman in get_figures(cohort.id, END)[1]]


def test_who_completed_a_class_without_a_roll_was_there(cohort, half_a_year_later):
    """A class taken over has no lessons here: it would end at the second stage."""
    shop_of(graduate(cohort), opened_on=END)
    factories.enrolment(cohort, factories.person(phone="13800138001"), status=EnrolmentStatus.NOT_COMPLETED)
    figures, _women = get_figures(cohort.id, half_a_year_later)
    steps = {step.stage: (step.reached, step.reached_all_before) for step in figures.funnel}
    assert (steps[Stage.ENROLLED], steps[Stage.ATTENDED], steps[Stage.SHOP_OPENED]) == ((2, 2), (1, 1), (1, 1))
    assert sum(band.women for band in figures.bands) == 0


def test_goods_sold_for_others_count_by_their_commission(cohort, half_a_year_later):
    hers = graduate(cohort)
    host = shop_of(hers, role=ShopRole.HOST)
    factories.order_line(host, moment(20), 100_000, commission_fen=8_000)
    factories.order_line(host, moment(95), 100_000, commission_fen=8_000)
    sums_of(host)
    assert figures_of(cohort).money.net_fen_total == 8_000


def test_a_named_day_is_how_far_a_file_tells(cohort, half_a_year_later):
    """Without it the data end with the last row, and she would be unknown instead of inactive."""
    hers = graduate(cohort)
    shop = shop_of(hers)
    broadcast(shop, 5)
    sums_of(shop)
    assert [(cell.eligible, cell.no_data) for cell in figures_of(cohort).retention[:2]] == [(0, 1), (0, 1)]
    with transaction() as session:
        batch = {"kind": "sales", "shop_id": shop.id, "filename": "f", "sha256": "1" * 64, "summary": {}}
        session.add(ImportBatch(**batch, state="committed", created_at=AT, reaches_on=END + timedelta(days=65)))
    cells = figures_of(cohort).retention
    assert [(cell.eligible, cell.active, cell.no_data) for cell in cells[:3]] == [(1, 1, 0), (1, 0, 0), (0, 0, 1)]


def test_what_she_says_leaves_her_without_data_and_stands_in_the_strip(cohort, half_a_year_later):
    hers = graduate(cohort)
    sheet = factories.survey_sheet(hers, Wave.DAY_60, SheetState.ANSWERED, answered_on=END + timedelta(days=62))
    with transaction() as session:
        session.add(SurveyAnswer(sheet_id=sheet.id, question="broadcasts_30", entry=1, number=9, at=AT))
        session.add(SurveyAnswer(sheet_id=sheet.id, question="profit", entry=1, number=30_000, at=AT))
    factories.follow_up(graduate(cohort), day=END + timedelta(days=40), broadcasts_still=True)
    factories.follow_up(graduate(cohort), day=END + timedelta(days=40))  # she was not asked
    found = figures_of(cohort)
    assert [(cell.eligible, cell.no_data) for cell in found.retention[:3]] == [(0, 3), (0, 3), (0, 3)]
    assert [month.said for month in found.coverage[:3]] == [1, 2, 1]
    assert [(wave.wave, wave.due, wave.answered, wave.profit_fen_median) for wave in found.waves] == [
        ("day_60", 1, 1, 30_000)
    ]


def test_as_of_an_earlier_day_nothing_later_is_known(cohort):
    hers = graduate(cohort)
    shop = shop_of(hers)
    broadcast(shop, 5, 35)
    sums_of(shop)
    early = figures_of(cohort, 34)
    assert early.step(Stage.FIRST_BROADCAST).reached == 1
    assert [(cell.due, cell.eligible, cell.no_data) for cell in early.retention[:2]] == [(1, 0, 1), (0, 0, 0)]
    assert [(cell.due, cell.eligible, cell.active) for cell in figures_of(cohort, 35).retention[:1]] == [(1, 1, 1)]


def test_a_fixed_number_of_statements(cohort, count_statements):
    shop = shop_of(graduate(cohort))
    broadcast(shop, 5)
    sums_of(shop)
    cohort_id = cohort.id
    with count_statements() as few:
        get_figures(cohort_id, END)
    for _ in range(2):
        shop = shop_of(graduate(cohort))
        broadcast(shop, 6)
        sums_of(shop)
    with count_statements() as many:
        get_figures(cohort_id, END)
    assert len(few) == len(many) == 14


def waiting(cohort) -> bool:
    return cohort.id in outcomes.list_waiting()


def settle() -> None:
    reckon_sales.run({})
    reckon_outcomes.run({})


def test_every_kind_of_act_marks_the_cohort(cohort, half_a_year_later):
    """Each is followed by the job, and the night finds nothing that the day has missed."""
    hers, other = graduate(cohort), factories.enrolment(cohort)
    shop = shop_of(hers)
    settle()

    def sell():
        factories.order_line(shop, moment(3), 5_000)
        with transaction():
            shop_lock.touch(db.session.get(Shop, shop.id), at=AT)
        reckon_sales.run({})

    def complete():
        with transaction():
            row = db.session.get(type(other), other.id)
            enrolments.move_enrolment(row, EnrolmentStatus.COMPLETED, cause=StatusCause.STAFF, by=BY, at=AT)

    def complete_many():
        with transaction():
            moves = {EnrolmentStatus.NOT_COMPLETED: [factories_other.id]}
            enrolments.move_enrolments(moves, cause=StatusCause.COMPLETION, by=BY, at=AT)

    def enrol():
        with transaction():
            how = {"joined_on": END, "cause": StatusCause.STAFF, "by": BY, "at": AT}
            enrolments.enrol(cohort.id, factories_person.id, EnrolmentStatus.ACTIVE, **how)

    factories_other, factories_person = factories.enrolment(cohort), factories.person()
    settle()
    with transaction():
        outcomes.touch_cohort(cohort.id, at=AT)
    settle()
    for act in (sell, complete, complete_many, enrol):
        assert not waiting(cohort), act
        act()
        assert waiting(cohort), act
        settle()
        with transaction():
            assert outcomes.check_cohort(cohort.id, at=clock.now()) == [], act


def test_a_day_of_sales_in_any_order_comes_to_the_same_as_all_at_once(cohort, half_a_year_later):
    dice = random.Random(7)
    shops = [shop_of(graduate(cohort)) for _ in range(3)]
    for _ in range(8):
        shop, day = dice.choice(shops), dice.randrange(-20, 190)
        factories.order_line(shop, moment(day), dice.randrange(100, 90_000), product_key=dice.choice("abc"))
        broadcast(shop, day)
        sums_of(shop)
        reckon_outcomes.run({})
    kept = get_cohort_figures(cohort.id).figures
    sums_of(*shops)
    with transaction():
        assert outcomes.check_cohort(cohort.id, at=clock.now()) == []
        assert outcomes.reckon_cohort(cohort.id, at=clock.now()) == kept


def test_a_difference_is_written_down_and_told_once_a_day(cohort, half_a_year_later):
    manager = factories.account(Role.MANAGER)
    shop = shop_of(graduate(cohort))
    factories.order_line(shop, moment(20), 5_000)
    sums_of(shop)
    settle()
    assert get_cohort_figures(cohort.id).differed_at is None
    with transaction() as session:
        session.execute(db.update(ShopDay).values(paid_fen=4_000))
        session.add(ShopDay(shop_id=shop.id, day=END, orders=1))  # of which no row tells
    assert "job_outcomes_differ" in recompute_metrics.run({})
    row = db.session.get(CohortOutcomes, cohort.id)
    assert row.difference == [f"shop_days.{shop.id}.{day}" for day in ("2026-03-13", "2026-04-02")]
    assert row.differed_at == clock.now()
    assert db.session.scalar(db.select(ShopDay.paid_fen)) == 5_000
    told = db.select(Delivery.account_id).join(Message).where(Message.code == "outcomes_differ")
    assert db.session.scalars(told).all() == [manager.id]
    assert "job_outcomes_differ" not in recompute_metrics.run({})
    assert db.session.get(CohortOutcomes, cohort.id, populate_existing=True).difference is None


def test_figures_that_were_tampered_with_are_found(cohort, half_a_year_later):
    graduate(cohort)
    settle()
    with transaction() as session:
        row = session.get(CohortOutcomes, cohort.id)
        row.figures = row.figures | {"n": 7}
    with transaction():
        assert outcomes.check_cohort(cohort.id, at=clock.now()) == ["n"]
    assert get_cohort_figures(cohort.id).figures.n == 1


def test_what_waits_to_be_reckoned_is_no_difference(cohort, half_a_year_later):
    shop = shop_of(graduate(cohort))
    settle()
    factories.order_line(shop, moment(20), 5_000)
    with transaction():
        shop_lock.touch(db.session.get(Shop, shop.id), at=AT)
    with transaction():
        assert outcomes.check_cohort(cohort.id, at=clock.now()) == []


def test_the_rows_behind_the_figures(cohort, half_a_year_later):
    hers = graduate(cohort)
    shop = shop_of(hers)
    broadcast(shop, 20, 95)
    factories.order_line(shop, moment(20), 5_000, refunded_fen=1_000)
    sums_of(shop)
    settle()
    row = db.session.get(EnrolmentOutcome, hers.id)
    assert row.stages["first_broadcast"] == "2026-04-02"
    assert row.activity == {"30": "active", "60": "inactive", "90": "inactive", "180": "no_data"}
    assert row.sources == {"1": "typed", "2": "none", "3": "none", "4": "typed", "5": "none", "6": "none"}
    assert (row.paid_90_fen, row.refunded_90_fen, row.net_90_fen) == (5_000, 1_000, 4_000)
    assert row.reach_on == END + timedelta(days=95)


def test_figures_are_kept_as_they_are_reckoned(cohort, half_a_year_later):
    graduate(cohort)
    settle()
    kept = get_cohort_figures(cohort.id)
    assert write_figures(kept.figures) == write_figures(figures_of(cohort))
    assert (kept.as_of, kept.changed_at) == (half_a_year_later, None)


def test_changes_beside_a_reckoning_are_not_lost(app, cohort, half_a_year_later):
    """Sales, the two jobs and the night at once: whatever came last is in the figures, or still marked."""
    shops = [shop_of(graduate(cohort)).id for _ in range(2)]
    cohort_id, at = cohort.id, clock.now()
    db.session.rollback()

    def sell(shop_id, number):
        with transaction() as session:
            shop = shop_lock.hold_shop(shop_id)
            key = f"{shop_id}-{number}"
            facts = {"natural_key": key, "order_key": key, "status": "received", "trust": 3, "platform": shop.platform}
            session.add(OrderLine(shop_id=shop_id, paid_at=moment(number), paid_fen=1_000, **facts))
            shop_lock.touch(shop, at=at)

    def reckon(shop_id, _number):
        with transaction():
            sales_reckoning.reckon(shop_id, at=at)

    def reckon_figures(_shop_id, _number):
        with transaction():
            outcomes.reckon_cohort(cohort_id, at=at)

    def check(_shop_id, _number):
        with transaction():
            outcomes.check_cohort(cohort_id, at=at)

    failed = []

    def work(acts, shop_id):
        with app.app_context():
            for number in range(1, 5):
                for act in acts:
                    try:
                        act(shop_id, number)
                    except Exception as error:  # the answer is what the test is about
                        failed.append(error)
            db.session.remove()

    threads = [threading.Thread(target=work, args=((sell, reckon), shop_id)) for shop_id in shops]
    threads.append(threading.Thread(target=work, args=((reckon_figures, check), shops[0])))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    settle()
    with transaction():
        assert outcomes.check_cohort(cohort_id, at=at) == []
    assert sum(db.session.scalars(db.select(ShopDay.paid_fen))) == 8_000
    assert get_cohort_figures(cohort_id).figures.step(Stage.FIRST_PAID_ORDER).reached == 2
