"""What the demonstration's finished classes cost, how their staff followed them up, and whom their women pay."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import exists, select

from trainer.database import db
from trainer.domain.cost import CostDraft, CostKind
from trainer.domain.demonstration import STAFF, stream
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.follow_up import FollowUpDraft, FollowUpKind, FollowUpOutcome, FollowUpPurpose
from trainer.domain.paid_work import PaidWorkDraft
from trainer.domain.programme import Track
from trainer.models.enrolment import Enrolment
from trainer.models.programme import Cohort
from trainer.models.sales import Shop
from trainer.queries.account import get_account, get_actor
from trainer.services.cost import record_cost
from trainer.services.cost import take_back as take_cost_back
from trainer.services.demo_place import Place
from trainer.services.follow_up import record_follow_up
from trainer.services.paid_work import record_paid_work

# About so many yuan, of a class of a hundred for a week; days after the course.
COSTS = (
    (CostKind.INSTRUCTORS, 24_000, "外聘讲师 4 人，课酬与差旅", 0),
    (CostKind.VENUE, 9_600, "培训基地场地费", 0),
    (CostKind.MEALS, 17_500, "学员午餐，100 人 5 天", 0),
    (CostKind.MATERIALS, 4_280, "教材、学员手册印刷", 0),
    (CostKind.EQUIPMENT, 6_900, "直播支架、补光灯 20 套", 0),
    (CostKind.FOLLOW_UP, 3_150, "结业后走访交通费", 40),
)
KIND, FOR, CAME = FollowUpKind, FollowUpPurpose, FollowUpOutcome
# Days after the course, minutes, whether she broadcasts still, what she told.
FOLLOW_UPS = (
    (12, KIND.CALL, FOR.ADVICE, CAME.SPOKEN, 15, True, "已经播了三场，最多时有四十多人看。"),
    (20, KIND.CALL, FOR.SALES_DATA, CAME.NOT_REACHED, 3, None, ""),
    (21, KIND.CALL, FOR.SALES_DATA, CAME.SPOKEN, 12, True, "周末让女儿帮着导出订单。"),
    (30, KIND.VISIT, FOR.PROBLEM, CAME.SPOKEN, 150, True, "快递价格谈不下来，帮她联系了镇上的代办点。"),
    (33, KIND.CALL, FOR.SURVEY, CAME.SPOKEN, 10, False, "家里收秋，这个月没开播。"),
    (45, KIND.CALL, FOR.SALES_DATA, CAME.WRONG_NUMBER, 2, None, ""),
    (48, KIND.CALL, FOR.ADVICE, CAME.CALL_AGAIN, 4, None, "在地里，晚上再打。"),
    (61, KIND.VISIT, FOR.ADVICE, CAME.SPOKEN, 180, True, "看了她的直播间，调了灯光和话术。"),
    (90, KIND.CALL, FOR.SURVEY, CAME.SPOKEN, 14, False, "外出务工了，店铺交给嫂子。"),
)
# Days after the course (first, last), days paid, seasonal.
WORK = (
    ("冯桂英", True, True, 20, 50, 22),
    ("侯爱珍", True, False, 40, 100, 45),
    ("秦建军", False, True, 30, 60, 18),
    ("常秀兰", True, False, 101, 160, 48),
)


def add_effort(place: Place) -> None:
    """Of the cities' classes that are over; what would lie in the future is left out."""
    finished = select(Cohort).where(
        *(Cohort.track == Track.FOUNDATION, Cohort.ends_on < place.today),
        Cohort.region_code.in_([member.region_code for member in STAFF]),
    )
    for cohort in db.session.scalars(finished.order_by(Cohort.id)).all():
        staff = next(one.username for one in STAFF if one.region_code == cohort.region_code)
        facts = {"by": get_actor(get_account(place.accounts[staff])), "at": place.at}
        _add_costs(cohort, facts)
        completed = (Enrolment.cohort_id == cohort.id, Enrolment.status == EnrolmentStatus.COMPLETED)
        sells = exists().where(Shop.person_id == Enrolment.person_id)
        women = db.session.scalars(select(Enrolment.id).where(*completed, sells).order_by(Enrolment.seat_number))
        _add_follow_up(cohort, women := women.all(), place.today, facts)
        _add_paid_work(cohort, women, place.today, facts)


def _add_costs(cohort: Cohort, facts: dict) -> None:
    chance = stream(cohort.name, "costs")
    costs = [(kind, round(yuan * chance.uniform(0.85, 1.15)) * 100, *more) for kind, yuan, *more in COSTS]
    for number, (kind, fen, note, after) in enumerate((*costs, costs[2])):
        draft = CostDraft(kind, fen, cohort.ends_on + timedelta(days=after), note)
        cost = record_cost(cohort.id, draft, nonce=f"demo-cost-{cohort.id}-{number}", **facts)
    take_cost_back(cost.id, "餐费重复登记", **facts)


def _add_follow_up(cohort: Cohort, women: Sequence[int], today: date, facts: dict) -> None:
    for number, (after, *said, minutes, still, words) in enumerate(FOLLOW_UPS):
        draft = FollowUpDraft(*said, cohort.ends_on + timedelta(days=after), minutes, still, words)
        if draft.day <= today:
            nonce = f"demo-call-{cohort.id}-{number}"
            record_follow_up(women[number % len(women)], draft, nonce=nonce, **facts)


def _add_paid_work(cohort: Cohort, women: Sequence[int], today: date, facts: dict) -> None:
    for number, (worker, is_woman, is_seasonal, first, last, days) in enumerate(WORK):
        from_on, until_on = (cohort.ends_on + timedelta(days=after) for after in (first, last))
        if until_on <= today and from_on.year == until_on.year:
            draft = PaidWorkDraft(worker, is_woman, is_seasonal, from_on, until_on, days)
            nonce = f"demo-work-{cohort.id}-{number}"
            record_paid_work(women[number % len(women)], draft, nonce=nonce, **facts)
