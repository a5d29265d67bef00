"""Cohort metrics: the figures that SQL reckons are those of the arithmetic for each woman."""

import random
from datetime import timedelta

import pytest

from tests import factories
from trainer.database import db, transaction
from trainer.domain.attendance import AttendanceStatus, LessonOutcome, LessonState, MarkChannel, summarise
from trainer.domain.days import china_day
from trainer.domain.enrolment import ON_THE_ROLL, EnrolmentStatus
from trainer.domain.programme import CompletionRule, ExcusedCounts
from trainer.models import Attendance, CohortMetrics, CompletionRuleVersion, Livestream, Mark, OrderLine
from trainer.services.metrics import recompute_cohort

pytestmark = pytest.mark.sqlite_is_enough


def mark(lesson, enrolment, status):
    with transaction() as session:
        fact = Mark(
            lesson_id=lesson.id,
            enrolment_id=enrolment.id,
            status=status,
            channel=MarkChannel.ROLL,
            at=factories.AT,
            nonce=f"{lesson.id}-{enrolment.id}",
        )
        session.add(fact)
        session.flush()
        session.add(Attendance(lesson_id=lesson.id, enrolment_id=enrolment.id, status=status, mark_id=fact.id))


def rule_version(cohort, rule, number=2):
    with transaction() as session:
        session.add(
            CompletionRuleVersion(
                cohort_id=cohort.id,
                number=number,
                min_rate_bp=rule.min_rate_bp,
                max_unexcused=rule.max_unexcused,
                excused_counts=rule.excused_counts,
                set_at=factories.AT,
            )
        )


def metrics_of(cohort) -> CohortMetrics:
    with transaction():
        recompute_cohort(cohort.id, at=factories.AT)
    return db.session.get(CohortMetrics, cohort.id, populate_existing=True)


def random_class(seed: int):
    """A cohort with lessons in every state, women who joined late or are off the roll, and patchy marks."""
    chance = random.Random(seed)
    cohort = factories.cohort()
    lessons = [
        factories.lesson(cohort, day=n, minutes=chance.choice([60, 90, 180]), state=chance.choice(list(LessonState)))
        for n in range(5)
    ]
    women = []
    for _ in range(6):
        status = chance.choice([EnrolmentStatus.ACTIVE] * 4 + [EnrolmentStatus.WITHDRAWN, EnrolmentStatus.COMPLETED])
        joined = cohort.starts_on + timedelta(days=chance.choice([0, 0, 0, 1, 3]))
        women.append(factories.enrolment(cohort, status=status, joined_on=joined))
    statuses = {}
    for lesson in lessons:
        for woman in women:
            status = chance.choice([*AttendanceStatus, None, AttendanceStatus.PRESENT, AttendanceStatus.PRESENT])
            if status:
                statuses[lesson.id, woman.id] = status
                mark(lesson, woman, status)
    return cohort, lessons, women, statuses


@pytest.mark.parametrize("excused", list(ExcusedCounts))
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_the_figures_are_those_of_each_woman_summed(app, seed, excused):
    cohort, lessons, women, statuses = random_class(seed)
    rule = CompletionRule(6000, 1 if seed % 2 else None, excused)
    rule_version(cohort, rule)
    summaries = [
        summarise(
            [
                LessonOutcome(
                    minutes=lesson.credit_minutes,
                    closed=lesson.state is LessonState.CLOSED,
                    status=statuses.get((lesson.id, woman.id)),
                    applicable=china_day(lesson.starts_at) >= woman.joined_on,
                )
                for lesson in lessons
                if lesson.state is not LessonState.CANCELLED
            ],
            rule,
        )
        for woman in women
        if woman.status in ON_THE_ROLL
    ]
    found = metrics_of(cohort)
    assert found.enrolled == len(summaries)
    assert found.attended_minutes == sum(s.minutes for s in summaries)
    assert found.counted_minutes == sum(s.counted_minutes for s in summaries)
    assert found.meeting_rule == sum(s.meets_rule for s in summaries)
    assert found.lessons_closed == sum(lesson.state is LessonState.CLOSED for lesson in lessons)


def test_a_lesson_in_the_evening_counts_for_its_day_in_china(app):
    cohort = factories.cohort()
    lesson = factories.lesson(cohort, state=LessonState.CLOSED)
    with transaction() as session:
        row = session.get(type(lesson), lesson.id)
        row.starts_at -= timedelta(hours=9, minutes=30)  # 23:30 the evening before, in China
    woman = factories.enrolment(cohort, joined_on=cohort.starts_on)
    mark(lesson, woman, AttendanceStatus.PRESENT)
    assert metrics_of(cohort).counted_minutes == 0


def sale(shop, key, paid_fen, refunded_fen=0):
    with transaction() as session:
        session.add(
            OrderLine(
                shop_id=shop.id,
                platform=shop.platform,
                natural_key=key,
                order_key=key,
                status="paid",
                paid_fen=paid_fen,
                refunded_fen=refunded_fen,
                trust=3,
            )
        )


def stream(shop, key):
    with transaction() as session:
        session.add(
            Livestream(shop_id=shop.id, platform=shop.platform, natural_key=key, started_at=factories.AT, trust=2)
        )


def test_sales_are_those_of_the_women_on_the_roll(app):
    cohort = factories.cohort()
    seller, looker, gone = factories.person("甲"), factories.person("乙"), factories.person("丙")
    for who in (seller, looker):
        factories.enrolment(cohort, who)
    factories.enrolment(cohort, gone, status=EnrolmentStatus.WITHDRAWN)
    first, second = factories.shop(seller), factories.shop(seller, "douyin")
    idle, lost = factories.shop(looker), factories.shop(gone)
    sale(first, "a", 1000, 300)
    sale(second, "b", 500)
    sale(idle, "c", 0)
    sale(lost, "d", 9999)
    for key in ("x", "y"):
        stream(first, key)
    stream(lost, "z")
    found = metrics_of(cohort)
    assert (found.with_shop, found.with_livestream, found.with_paid_order, found.livestreams) == (2, 1, 1, 2)
    assert (found.paid_fen, found.refunded_fen) == (1500, 300)


def test_reckoning_again_replaces_the_row(app):
    cohort = factories.cohort()
    assert metrics_of(cohort).enrolled == 0
    factories.enrolment(cohort)
    assert metrics_of(cohort).enrolled == 1
    assert db.session.scalar(db.select(db.func.count()).select_from(CohortMetrics)) == 1


def test_it_takes_two_statements_whatever_the_size(app, count_statements):
    for size in (1, 3):
        cohort = factories.cohort()
        for _ in range(size):
            factories.enrolment(cohort)
        cohort_id = cohort.id
        with count_statements() as seen, transaction():
            recompute_cohort(cohort_id, at=factories.AT)
        assert len(seen) == 2
