"""Facts of cohorts as they are kept, on either database: parts of the figures taken out by the database itself."""

from datetime import date, timedelta

from tests import factories
from tests.outcome_figures import AS_OF, COURSE_END, keep, sample_figures
from trainer.domain.actors import Role
from trainer.domain.outcome_comparison import At, Cut, FirstOrders, Sales, Share
from trainer.queries.outcome_comparison import list_facts, years_to_compare


def test_facts_are_what_was_reckoned(app):
    cohort = factories.cohort(starts_on=COURSE_END - timedelta(days=4), ends_on=COURSE_END)
    figures = sample_figures()
    keep(cohort.id, figures)
    waits = factories.cohort(region=factories.LINFEN, ends_on=date(2027, 1, 1))
    keep(waits.id, None)
    manager, own = factories.actor(Role.MANAGER), factories.actor(Role.COHORT_STAFF, region=factories.DATONG)
    facts, waiting = list_facts(manager, Cut())
    assert (facts.as_of, facts.at[90], facts.sustained[90]) == (
        AS_OF,
        At(86, 66, 36),
        figures.retention_at(90).sustained,
    )
    assert facts.sales == Sales(66, 47, 6_204_800, 58_200)
    assert facts.first_orders == FirstOrders(65, 41, figures.first_order.median_day)
    assert (facts.months[2], facts.cost_fen) == (Share(66, 86), 8_430_000)
    assert (waiting.as_of, waiting.at) == (None, {})
    assert [one.id for one in list_facts(own, Cut())] == [cohort.id]
    assert [one.id for one in list_facts(manager, Cut(year=2027, region_code="141000"))] == [waits.id]
    assert years_to_compare(manager) == [2027, 2026]
    assert {one.is_open for one in list_facts(factories.actor(Role.PARTNER), Cut())} == {False}
