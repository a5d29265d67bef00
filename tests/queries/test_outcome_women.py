"""Behind each number of the tracker stand as many women as it says."""

from tests import factories
from tests.services.test_outcomes import broadcast, cohort, graduate, half_a_year_later, moment, shop_of, sums_of  # noqa: F401
from trainer.database import transaction
from trainer.documents import outcome_tables as tables
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.outcomes import Stage
from trainer.domain.survey import SheetState, Wave
from trainer.models import SurveySheet
from trainer.queries.outcome_women import women_page
from trainer.queries.outcomes import get_cohort_figures
from trainer.services.outcomes import reckon_cohort


def test_as_many_women_as_each_number_says(app, cohort, half_a_year_later):  # noqa: F811 (fixtures)
    """One lasts, one stopped, one has no data, one had sold before, one left; two were asked."""
    lasting, stopped, silent, older = (graduate(cohort, region=factories.YUNZHOU) for _ in range(4))
    factories.enrolment(cohort, status=EnrolmentStatus.WITHDRAWN)
    shops = {one.id: shop_of(one) for one in (lasting, stopped, older)}
    broadcast(shops[lasting.id], *range(5, 120, 6))
    for day in (10, 40, 70, 100):
        factories.order_line(shops[lasting.id], moment(day), 20_000, settled_fen=14_000)
    broadcast(shops[stopped.id], 8, 95)
    factories.order_line(shops[older.id], moment(-30), 20_000)
    sums_of(*shops.values())
    with transaction() as session:
        for one, state in ((lasting, SheetState.ANSWERED), (silent, SheetState.OPEN)):
            facts = {"due_on": moment(90).date(), "opened_at": moment(90), "answered_on": moment(91).date()}
            session.add(SurveySheet(enrolment_id=one.id, wave=Wave.DAY_90, state=state, **facts))
    with transaction():
        reckon_cohort(cohort.id, at=moment(200))
    figures = get_cohort_figures(cohort.id).figures
    assert figures.step(Stage.FIRST_BROADCAST).reached == 2
    with app.test_request_context():
        made = [table(figures) for table in COUNTED] + [tables.areas_table(figures, {})]
    numbers = [cell for table in made for row in table.rows for cell in row if cell.behind]
    assert len({cell.behind for cell in numbers}) > 40
    wrong = [(cell.value, cell.behind) for cell in numbers if women_page(cohort.id, cell.behind).total != cell.value]
    assert wrong == []


COUNTED = (
    *(tables.funnel_table, tables.retention_table, tables.weeks_table, tables.money_table, tables.months_table),
    *(tables.coverage_table, tables.bands_table, tables.waves_table),
)
