"""A cohort's outcomes as of a day, reckoned afresh from what is known of its women."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import BigInteger, and_, case, cast, func, select

from trainer.database import db
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.outcome_difference import changes, difference
from trainer.domain.outcome_effort import costs, jobs
from trainer.domain.outcome_funnel import funnel
from trainer.domain.outcome_groups import areas, bands
from trainer.domain.outcome_money import middle_of, money
from trainer.domain.outcome_retention import retention
from trainer.domain.outcome_survival import first_order
from trainer.domain.outcome_weeks import coverage, months, weeks
from trainer.domain.outcome_woman import with_derived_stages
from trainer.domain.outcomes import (
    CohortFigures,
    ComparisonKind,
    Difference,
    ProductSales,
    Stage,
    WaveFigures,
    Woman,
)
from trainer.domain.sales import ShopRole
from trainer.domain.survey import ENDLINE, MIDLINE, SheetState, Wave
from trainer.models.enrolment import Enrolment
from trainer.models.outcomes import ProductDay
from trainer.models.product import Product
from trainer.models.sales import Shop
from trainer.models.survey import SurveySheet
from trainer.queries.effort import get_effort, list_paid_work
from trainer.queries.outcome_facts import CohortFacts, get_cohort_facts, list_compared, list_earlier

# The longest of the waves whose day has come is compared first.
COMPARED_WAVES = (ENDLINE, MIDLINE)


def get_figures(cohort_id: int, as_of: date) -> tuple[CohortFigures, tuple[Woman, ...]]:
    """The figures, and the women they are made of. A fixed number of statements."""
    facts = get_cohort_facts(cohort_id, as_of)
    women = tuple(with_derived_stages(woman, as_of) for woman in facts.women)
    steps = funnel(women, as_of)
    reached = {step.stage: step.reached for step in steps}
    effort = get_effort(cohort_id, as_of)
    figures = CohortFigures(
        as_of=as_of,
        course_end=facts.ends_on,
        n=len(women),
        completed=reached[Stage.COMPLETED],
        undecided=facts.undecided,
        funnel=steps,
        retention=retention(women, as_of),
        first_order=first_order(women, as_of),
        money=money(women, as_of),
        months=months(women, as_of),
        weeks=weeks(women, as_of, facts.ends_on),
        areas=areas(women, as_of),
        products=_products(facts),
        coverage=coverage(women, as_of),
        bands=bands(women, facts.ends_on, as_of),
        waves=_waves(facts),
        changes=changes([woman for woman in women if woman.completed_on], _waves_due(facts)),
        difference=_difference(facts),
        costs=costs(
            effort.cost_by_kind,
            completed=reached[Stage.COMPLETED],
            sustained=reached[Stage.SUSTAINED],
            calls=effort.calls,
            visits=effort.visits,
            minutes=effort.minutes,
        ),
        jobs=jobs(list_paid_work(cohort_id, as_of)),
    )
    return figures, women


def _waves_due(facts: CohortFacts) -> list[Wave]:
    return [wave for wave in (MIDLINE, ENDLINE) if wave.due_on(facts.starts_on, facts.ends_on) <= facts.as_of]


def _products(facts: CohortFacts) -> tuple[ProductSales, ...]:
    """By category, what graduates' own shops sold since the course ended; the best first."""
    net = cast(func.sum(ProductDay.paid_fen - ProductDay.refunded_fen), BigInteger)
    graduates = [woman.id for woman in facts.women if woman.completed_on]
    rows = db.session.execute(
        select(Product.category, func.count(Shop.person_id.distinct()), net)
        .select_from(ProductDay)
        .join(Shop, and_(Shop.id == ProductDay.shop_id, Shop.role == ShopRole.OWN))
        .join(Enrolment, and_(Enrolment.person_id == Shop.person_id, Enrolment.id.in_(graduates)))
        .outerjoin(Product, and_(Product.shop_id == ProductDay.shop_id, Product.key == ProductDay.product_key))
        .where(ProductDay.day > facts.ends_on, ProductDay.day <= facts.as_of)
        .group_by(Product.category)
    )
    found = [ProductSales(category.value if category else "", women, int(sold)) for category, women, sold in rows]
    return tuple(sorted(found, key=lambda one: (-one.net_fen, one.category)))


def _waves(facts: CohortFacts) -> tuple[WaveFigures, ...]:
    """Of the women who were on the roll: whoever was asked to be compared with is not in it."""
    ids = [woman.id for woman in facts.women]
    answered = and_(SurveySheet.state == SheetState.ANSWERED, SurveySheet.answered_on <= facts.as_of)
    rows = db.session.execute(
        select(
            SurveySheet.wave,
            func.count(),
            func.sum(case((answered, 1), else_=0)),
            func.sum(case((SurveySheet.state == SheetState.DECLINED, 1), else_=0)),
        )
        .where(SurveySheet.enrolment_id.in_(ids), SurveySheet.due_on <= facts.as_of)
        .group_by(SurveySheet.wave)
    )
    counts = {wave: numbers for wave, *numbers in rows}
    return tuple(_wave(wave, counts[wave], facts.women) for wave in Wave if wave in counts)


def _wave(wave: Wave, counts: Sequence[int], women: Iterable[Woman]) -> WaveFigures:
    named = [woman.profits[wave] for woman in women if wave in woman.profits]
    return WaveFigures(wave.value, *map(int, counts), profits=len(named), profit_fen_median=middle_of(named))


def _difference(facts: CohortFacts) -> Difference | None:
    """Against the best group there is for the last wave that both sides answered; None where none is big enough."""
    graduates = [woman for woman in facts.women if woman.completed_on]
    waves = [wave for wave in COMPARED_WAVES if wave in _waves_due(facts)]
    if not waves or not any(woman.profits for woman in graduates):
        return None
    groups = {
        ComparisonKind.WAITLIST: list_compared(facts, EnrolmentStatus.WAITLISTED),
        ComparisonKind.NOT_ADMITTED: list_compared(facts, EnrolmentStatus.REJECTED),
    }
    for wave in waves:
        earlier = {ComparisonKind.EARLIER_COHORT: list_earlier(facts, wave)}
        for kind, compared in (groups | earlier).items():
            if found := difference(kind, wave, graduates, compared):
                return found
    return None
