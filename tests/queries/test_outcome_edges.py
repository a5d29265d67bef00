"""Where a cohort's figures begin and end: the last day of the course, the day asked about, four fifths exactly."""

from datetime import UTC, datetime, timedelta

import pytest

from tests import completions, factories
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.attendance import AttendanceStatus, LessonState
from trainer.domain.enrolment import EnrolmentStatus, StatusCause
from trainer.domain.outcomes import Stage
from trainer.domain.sales import ShopRole
from trainer.domain.survey import SheetState, Wave
from trainer.models import EnrolmentEvent, FollowUp, ImportBatch, ShopDay, SurveyAnswer
from trainer.models.outcomes import ProductDay
from trainer.queries.outcome_facts import get_cohort_facts, list_earlier
from trainer.queries.outcome_figures import get_figures

pytestmark = pytest.mark.sqlite_is_enough


@pytest.fixture
def cohort(app):
    return factories.cohort()


def graduate(cohort, **values):
    return factories.enrolment(cohort, status=EnrolmentStatus.COMPLETED, **values)


def kept(shop, day, **sums) -> None:
    with transaction() as session:
        session.add(ShopDay(shop_id=shop.id, day=day, **sums))


def figures_of(cohort, days: int = 0):
    return get_figures(cohort.id, cohort.ends_on + timedelta(days=days))[0]


def test_on_the_last_day_of_the_course_she_has_completed(cohort):
    graduate(cohort, joined_on=cohort.ends_on)
    assert (figures_of(cohort).n, figures_of(cohort).completed, figures_of(cohort, -1).n) == (1, 1, 0)


def test_four_fifths_exactly_are_enough_and_the_day_she_joined_counts(cohort):
    hers = graduate(cohort)
    for day in range(5):
        status = AttendanceStatus.PRESENT if day < 4 else AttendanceStatus.ABSENT
        completions.mark(factories.lesson(cohort, day=day, state=LessonState.CLOSED), hers, status=status)
    _figures, (woman,) = get_figures(cohort.id, cohort.ends_on)
    assert (woman.attendance_bp, woman.stages[Stage.ATTENDED]) == (8_000, cohort.starts_on + timedelta(days=3))


def test_what_she_says_counts_from_its_day_until_it_is_taken_back(cohort):
    hers, on = graduate(cohort), cohort.ends_on + timedelta(days=30)
    sheet = factories.survey_sheet(hers, Wave.DAY_30, SheetState.ANSWERED, answered_on=on)
    with transaction() as session:
        session.add(SurveyAnswer(sheet_id=sheet.id, question="profit", entry=1, number=7, at=AT))
    call = factories.follow_up(hers, day=on, broadcasts_still=False)
    found = figures_of(cohort, 30)
    assert [(wave.due, wave.answered, wave.profits) for wave in found.waves] == [(1, 1, 1)]
    assert [month.said for month in found.coverage] == [1]
    with transaction() as session:
        session.get(FollowUp, call).taken_back_at = AT
    assert [month.said for month in figures_of(cohort, 30).coverage] == [0]
    assert figures_of(cohort, 29).waves == ()


def test_who_went_on_in_another_cohort_is_counted_there_alone(cohort):
    left, moved = (factories.enrolment(cohort, status=EnrolmentStatus.WITHDRAWN) for _ in range(2))
    with transaction() as session:
        facts = {"status": EnrolmentStatus.WITHDRAWN, "at": AT}
        session.add(EnrolmentEvent(enrolment_id=moved.id, cause=StatusCause.TRANSFER, **facts))
        session.add(EnrolmentEvent(enrolment_id=left.id, cause=StatusCause.STAFF, **facts))
    _figures, women = get_figures(cohort.id, cohort.ends_on)
    assert [woman.id for woman in women] == [left.id]


def test_only_what_was_sold_after_the_course_by_her_own_shop_is_among_the_products(cohort):
    hers, last = graduate(cohort), cohort.ends_on
    shops = factories.shop(hers.person), factories.shop(hers.person, role=ShopRole.HOST, name="代卖")
    with transaction() as session:
        for shop, after, fen in ((shops[0], 0, 1_000), (shops[0], 1, 200), (shops[1], 1, 30)):
            day = {"day": last + timedelta(days=after), "product_key": "p", "refunded_fen": 0}
            session.add(ProductDay(shop_id=shop.id, paid_fen=fen, **day))
    assert [(one.women, one.net_fen) for one in figures_of(cohort, 1).products] == [(1, 200)]


def test_a_month_is_thirty_days_and_typed_broadcasts_are_no_file(cohort):
    hers = graduate(cohort)
    shop = factories.shop(hers.person)
    for after in (0, 30, 60):
        kept(shop, cohort.ends_on + timedelta(days=after), broadcasts=1, typed_broadcasts=1)
    _figures, (woman,) = get_figures(cohort.id, cohort.ends_on + timedelta(days=90))
    assert (woman.typed_months, woman.file_months) == ({1, 2}, frozenset())


def test_a_month_on_whose_last_day_the_file_begins_is_in_it(cohort):
    hers = graduate(cohort)
    for after in (30, 60):
        kept(factories.shop(hers.person, name=f"店{after}"), cohort.ends_on + timedelta(days=after), orders=1)
    _figures, (woman,) = get_figures(cohort.id, cohort.ends_on + timedelta(days=90))
    assert (woman.file_months, woman.reach_on) == ({1, 2}, cohort.ends_on + timedelta(days=60))


@pytest.mark.parametrize(("state", "reaches"), [("committed", 40), ("undone", None)])
def test_a_file_that_was_undone_names_no_day(cohort, state, reaches):
    """And a day that is named is cut at the day asked about."""
    shop = factories.shop(graduate(cohort).person)
    with transaction() as session:
        batch = {"kind": "sales", "shop_id": shop.id, "filename": "f", "sha256": "1" * 64, "summary": {}}
        until = cohort.ends_on + timedelta(days=65)
        session.add(ImportBatch(**batch, state=state, created_at=AT, reaches_on=until))
    _figures, (woman,) = get_figures(cohort.id, cohort.ends_on + timedelta(days=40))
    assert woman.reach_on == (None if reaches is None else cohort.ends_on + timedelta(days=reaches))


def test_a_cohort_that_ended_on_the_day_this_one_began_is_not_an_earlier_one(cohort):
    days = {"starts_on": cohort.starts_on - timedelta(days=4), "programme_id": cohort.programme_id}
    for number, before in enumerate((0, 1)):
        earlier = factories.cohort(code=f"E-{number}", ends_on=cohort.starts_on - timedelta(days=before), **days)
        sheet = factories.survey_sheet(
            graduate(earlier), Wave.BASELINE, SheetState.ANSWERED, answered_on=cohort.starts_on
        )
        with transaction() as session:
            session.add(SurveyAnswer(sheet_id=sheet.id, question="profit", entry=1, number=number, at=AT))
    facts = get_cohort_facts(cohort.id, datetime(2026, 9, 1, tzinfo=UTC).date())
    assert [woman.profits for woman in list_earlier(facts, Wave.DAY_90)] == [{"baseline": 1}]


def test_only_graduates_are_missed_among_the_answers(cohort):
    """Nobody else is asked after the course."""
    for hers in (graduate(cohort), factories.enrolment(cohort, status=EnrolmentStatus.NOT_COMPLETED)):
        sheet = factories.survey_sheet(hers, Wave.BASELINE, SheetState.ANSWERED, answered_on=cohort.starts_on)
        with transaction() as session:
            session.add(SurveyAnswer(sheet_id=sheet.id, question="profit", entry=1, number=9, at=AT))
    assert [(change.n, change.lost) for change in figures_of(cohort, 90).changes] == [(0, 1)]
    assert db.session.scalar(db.select(db.func.count()).select_from(SurveyAnswer)) == 2
