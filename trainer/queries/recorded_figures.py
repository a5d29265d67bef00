"""What the records say of a round's candidates beside attendance and net sales: (code, name, figure) by the family asked for."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import and_, case, exists, func, or_, select

from trainer.database import db
from trainer.domain.certificate import CertificateState
from trainer.domain.days import china_day
from trainer.domain.figures import ASSESSMENT, TABLE, numbers_after, survey_question
from trainer.domain.figures import ROUND as EARLIER
from trainer.domain.outcomes import Activity
from trainer.domain.round_inputs import Figure
from trainer.domain.rubric import plain_number
from trainer.domain.sales import CHECKED_TRUST, MATURE_TRUST, ShopRole
from trainer.domain.service_hours import ServiceState
from trainer.domain.survey import SheetState
from trainer.models.application import Application
from trainer.models.assessment import AssessmentScore
from trainer.models.certificate import Certificate
from trainer.models.enrolment import Enrolment
from trainer.models.outcomes import EnrolmentOutcome, ShopDay
from trainer.models.programme import Cohort
from trainer.models.ranking import RankingRow, RankingRun
from trainer.models.sales import Livestream, OrderLine, Shop
from trainer.models.selection import Round, RoundTable
from trainer.models.service_hours import ServiceEntry
from trainer.models.survey import SurveyAnswer, SurveySheet
from trainer.queries.quota import list_groups
from trainer.queries.ranking import Candidate
from trainer.queries.sales_figures import day_of

Found = Iterator[tuple[str, str, Figure]]
# What sales after the course are compared with: so many days before it, and the first so many after it.
COMPARED_DAYS = timedelta(days=90)
SUSTAINED_DAY = "90"


def ratio_text(part: int, whole: int) -> str:
    """Exact to 1e-6: "10.5"."""
    return plain_number(round(Decimal(part) / whole, 6))


def orders(round_id: int, candidates: Sequence[Candidate], wanted: Sequence[str], at: datetime) -> Found:
    """Paid lines of her own shops and accounts that count, before refunds: how many, and for how much."""
    paid = and_(OrderLine.paid_fen > 0, OrderLine.is_gift.is_(False))
    counts = and_(paid, OrderLine.trust >= MATURE_TRUST, OrderLine.excluded_by.is_(None))
    rows = db.session.execute(
        select(
            *(Shop.person_id, func.sum(case((counts, OrderLine.paid_fen)))),
            *(func.count(case((counts, OrderLine.order_key)).distinct()), func.count(case((counts, 1)))),
            func.count(case((paid, 1))),
        )
        .join(OrderLine, OrderLine.shop_id == Shop.id)
        .where(Shop.person_id.in_([c.person_id for c in candidates]))
        .where(or_(OrderLine.paid_at.is_(None), OrderLine.paid_at <= at))
        .group_by(Shop.person_id)
    )
    found = {person: values for person, *values in rows}
    for c in candidates:
        gross, number, counted, lines = found.get(c.person_id, (None, 0, 0, 0))
        if gross is not None:
            yield c.code, "gross_sales_fen", Figure(str(int(gross)), counted, lines)
            yield c.code, "paid_orders", Figure(str(number), counted, lines)


def broadcasts(round_id: int, candidates: Sequence[Candidate], wanted: Sequence[str], at: datetime) -> Found:
    """Since her course began: those that a list of the platform knows, or that were typed in and checked."""
    counts = and_(Livestream.trust >= CHECKED_TRUST, Livestream.excluded_by.is_(None))
    rows = db.session.execute(
        select(
            *(Enrolment.id, func.count(case((counts, 1))), func.sum(case((counts, Livestream.viewers)))),
            *(func.count(case((counts, Livestream.viewers))), func.count()),
        )
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Shop, Shop.person_id == Enrolment.person_id)
        .join(Livestream, Livestream.shop_id == Shop.id)
        .where(Enrolment.id.in_([c.enrolment_id for c in candidates]))
        .where(day_of(Livestream.started_at) >= Cohort.starts_on, Livestream.started_at <= at)
        .group_by(Enrolment.id)
    )
    found = {enrolment: values for enrolment, *values in rows}
    for c in candidates:
        number, viewers, said, every = found.get(c.enrolment_id, (0, None, 0, 0))
        if number:
            yield c.code, "livestreams", Figure(str(number), number, every)
        if viewers is not None:
            yield c.code, "live_viewers", Figure(str(int(viewers)), said, every)


def after_course(round_id: int, candidates: Sequence[Candidate], wanted: Sequence[str], at: datetime) -> Found:
    """What follows the course, as far as her own data reach; net sales of the days that count as settled or mature."""
    outcome, sums = _outcomes(candidates), _sums_around(candidates)
    for c in candidates:
        starts_on, ends_on, completed_on, reach_on, activity, net_90 = outcome[c.enrolment_id]
        state = (activity or {}).get(SUSTAINED_DAY)
        if state in (Activity.ACTIVE, Activity.INACTIVE):
            yield c.code, "still_selling", Figure("1" if state == Activity.ACTIVE else "0")
        before, after, first_on, opened_in_time = sums.get(c.enrolment_id, (None, None, None, False))
        reached = (reach_on - ends_on).days if completed_on and reach_on else 0
        if reached >= 7:
            passed = (china_day(at) - ends_on).days
            weekly = round(Decimal(7 * int(after or 0)) / reached)
            yield c.code, "weekly_net_fen", Figure(str(weekly), reached // 7, max(passed, reached) // 7)
        # Without files of before nobody knows what she sold, save that a shop opened since sold nothing.
        if net_90 is not None and ((first_on and first_on < starts_on) or opened_in_time):
            yield c.code, "net_growth_fen", Figure(str(net_90 - int(before or 0)))


def _outcomes(candidates: Sequence[Candidate]) -> dict[int, tuple]:
    rows = db.session.execute(
        select(
            *(Enrolment.id, Cohort.starts_on, Cohort.ends_on, EnrolmentOutcome.completed_on),
            *(EnrolmentOutcome.reach_on, EnrolmentOutcome.activity, EnrolmentOutcome.net_90_fen),
        )
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .outerjoin(EnrolmentOutcome, EnrolmentOutcome.enrolment_id == Enrolment.id)
        .where(Enrolment.id.in_([c.enrolment_id for c in candidates]))
    )
    return {row[0]: tuple(row[1:]) for row in rows}


def _sums_around(candidates: Sequence[Candidate]) -> dict[int, tuple]:
    """Enrolment → (net of the days before the course that are compared, of those after it that her data reach, the first
    day of which anything is known, whether every shop was opened since the course began)."""
    cohorts = select(Cohort.id, Cohort.starts_on).where(Cohort.id.in_({c.cohort_id for c in candidates}))
    starts = dict(db.session.execute(cohorts).all())
    kept = ShopDay.firm_paid_fen - ShopDay.firm_refunded_fen
    net = case((Shop.role == ShopRole.HOST, ShopDay.firm_commission_fen), else_=kept)
    before = or_(
        *(
            and_(Cohort.id == cohort, ShopDay.day >= first - COMPARED_DAYS, ShopDay.day < first)
            for cohort, first in starts.items()
        )
    )
    after = and_(ShopDay.day > Cohort.ends_on, ShopDay.day <= EnrolmentOutcome.reach_on)
    late = case((and_(Shop.opened_on.is_not(None), Shop.opened_on >= Cohort.starts_on), 1), else_=0)
    rows = db.session.execute(
        select(
            *(Enrolment.id, func.sum(case((before, net))), func.sum(case((after, net)))),
            *(func.min(ShopDay.day), func.min(late) == 1),
        )
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(EnrolmentOutcome, EnrolmentOutcome.enrolment_id == Enrolment.id)
        .join(Shop, Shop.person_id == Enrolment.person_id)
        .outerjoin(ShopDay, ShopDay.shop_id == Shop.id)
        .where(Enrolment.id.in_([c.enrolment_id for c in candidates]))
        .group_by(Enrolment.id)
    )
    return {row[0]: tuple(row[1:]) for row in rows}


def service_hours(round_id: int, candidates: Sequence[Candidate], wanted: Sequence[str], at: datetime) -> Found:
    """Approved hours of help; whoever has none in the ledger has nothing to compare."""
    rows = db.session.execute(
        select(ServiceEntry.person_id, func.sum(ServiceEntry.minutes))
        .where(ServiceEntry.person_id.in_([c.person_id for c in candidates]))
        .where(ServiceEntry.state == ServiceState.APPROVED, ServiceEntry.day <= china_day(at))
        .group_by(ServiceEntry.person_id)
    )
    minutes = dict(rows.all())
    for c in candidates:
        if c.person_id in minutes:
            yield c.code, "service_hours", Figure(ratio_text(int(minutes[c.person_id]), 60))


def certificates(round_id: int, candidates: Sequence[Candidate], wanted: Sequence[str], at: datetime) -> Found:
    """Whether the class she applies from gave her one that is valid: none is known to be none."""
    valid = set(
        db.session.scalars(
            select(Certificate.enrolment_id).where(
                Certificate.enrolment_id.in_([c.enrolment_id for c in candidates]),
                Certificate.state == CertificateState.VALID,
            )
        )
    )
    for c in candidates:
        yield c.code, "certificate", Figure("1" if c.enrolment_id in valid else "0")


def groups(round_id: int, candidates: Sequence[Candidate], wanted: Sequence[str], at: datetime) -> Found:
    for code, values in list_groups(round_id).items():
        for name, value in values.items():
            yield code, name, Figure(value)


def assessments(round_id: int, candidates: Sequence[Candidate], wanted: Sequence[str], at: datetime) -> Found:
    """The last score that was entered counts; one taken away is none."""
    later = select(func.max(AssessmentScore.id)).where(
        AssessmentScore.assessment_id.in_(numbers_after(ASSESSMENT, wanted)),
        AssessmentScore.enrolment_id.in_([c.enrolment_id for c in candidates]),
    )
    rows = db.session.execute(
        select(AssessmentScore.assessment_id, AssessmentScore.enrolment_id, AssessmentScore.score).where(
            AssessmentScore.id.in_(later.group_by(AssessmentScore.assessment_id, AssessmentScore.enrolment_id))
        )
    )
    codes = {c.enrolment_id: c.code for c in candidates}
    for assessment, enrolment, score in rows:
        if score is not None:
            yield codes[enrolment], f"{ASSESSMENT}{assessment}", Figure(ratio_text(score, 100))


def surveys(round_id: int, candidates: Sequence[Candidate], wanted: Sequence[str], at: datetime) -> Found:
    """Numbers that she gave herself; what she would rather not say is not there."""
    asked = {(found[0], found[1].code): name for name in wanted if (found := survey_question(name))}
    rows = db.session.execute(
        select(SurveySheet.enrolment_id, SurveySheet.wave, SurveyAnswer.question, SurveyAnswer.number)
        .join(SurveyAnswer, and_(SurveyAnswer.sheet_id == SurveySheet.id, SurveyAnswer.entry == SurveySheet.entry))
        .where(SurveySheet.enrolment_id.in_([c.enrolment_id for c in candidates]))
        .where(SurveySheet.state == SheetState.ANSWERED, SurveyAnswer.number.is_not(None))
        .where(SurveyAnswer.question.in_({question for _wave, question in asked}))
    )
    codes = {c.enrolment_id: c.code for c in candidates}
    for enrolment, wave, question, number in rows:
        if (wave, question) in asked:
            yield codes[enrolment], asked[wave, question], Figure(str(number))


def table_cells(round_id: int, candidates: Sequence[Candidate], wanted: Sequence[str], at: datetime) -> Found:
    cells = db.session.scalar(
        select(RoundTable.cells).where(RoundTable.round_id == round_id, RoundTable.superseded_at.is_(None))
    )
    for code, row in (cells or {}).items():
        for column, value in row.items():
            if value:
                yield code, f"{TABLE}{column}", Figure(value)


def earlier_rounds(round_id: int, candidates: Sequence[Candidate], wanted: Sequence[str], at: datetime) -> Found:
    """The total, to the hundredth, of the frozen result of an earlier round of the same selection."""
    this = select(Round.selection_id, Round.number).where(Round.id == round_id).subquery()
    later = RankingRun.__table__.alias()
    newer = exists().where(
        later.c.round_id == RankingRun.round_id, later.c.frozen_at.is_not(None), later.c.id > RankingRun.id
    )
    rows = db.session.execute(
        select(Application.code, Round.number, RankingRow.total_hundredths)
        .join(RankingRow, RankingRow.application_id == Application.id)
        .join(RankingRun, RankingRun.id == RankingRow.run_id)
        .join(Round, Round.id == RankingRun.round_id)
        .join(this, and_(this.c.selection_id == Round.selection_id, Round.number < this.c.number))
        .where(Round.number.in_(numbers_after(EARLIER, wanted)), RankingRun.frozen_at.is_not(None), ~newer)
        .where(RankingRow.total_hundredths.is_not(None))
    )
    for code, number, total in rows:
        yield code, f"{EARLIER}{number}", Figure(ratio_text(total, 100))
