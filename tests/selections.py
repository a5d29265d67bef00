"""Makers of selections for tests, through the services as pages use them."""

from dataclasses import dataclass, field
from datetime import timedelta

from tests import factories
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.selection import CriterionDraft, CriterionKind, RoundKind, SelectionKind, SheetDraft
from trainer.models import (
    Account,
    Application,
    Assignment,
    Attendance,
    Enrolment,
    Mark,
    OrderLine,
    RankingRun,
    Round,
    Selection,
)
from trainer.queries.account import get_actor
from trainer.services import dealing, reopening
from trainer.services import panel as panels

from trainer.services import review as reviews
from trainer.services import round as rounds
from trainer.services import rubric as rubrics
from trainer.services import selection as selections

LEVELS = ("没有想法", "有初步想法", "计划可行")
NAMES = ("王秀芳", "李月娥", "张桂兰", "赵翠平", "刘改梅", "陈金花")
RUBRIC = (
    CriterionDraft("创业计划", CriterionKind.JUDGED, 5000, LEVELS),
    CriterionDraft("带动作用", CriterionKind.JUDGED, 3000, LEVELS),
    CriterionDraft("出勤率", CriterionKind.WEIGHTED, 2000, rule={"field": "attendance_rate", "of": 100}),
)
WITH_SALES = (*RUBRIC[:2], CriterionDraft("净成交额", CriterionKind.PERCENTILE, 2000, rule={"field": "net_sales_fen"}))


def attended(lesson, enrolment: Enrolment, status: str) -> None:
    with transaction() as session:
        mark = Mark(
            lesson_id=lesson.id,
            enrolment_id=enrolment.id,
            status=status,
            channel="roll",
            at=AT,
            nonce=f"{lesson.id}-{enrolment.id}",
        )
        session.add(mark)
        session.flush()
        session.add(Attendance(lesson_id=lesson.id, enrolment_id=enrolment.id, status=status, mark_id=mark.id))


def order(shop, paid: int, *, refunded: int = 0, days_ago: int = 60, trust: int | None = None, at=AT) -> None:
    """Trusted, unless said otherwise, as a line whose file is taken in now."""
    number = next(factories._numbers)
    with transaction() as session:
        session.add(
            OrderLine(
                shop_id=shop.id,
                platform=shop.platform,
                natural_key=f"k{number}",
                order_key=f"o{number}",
                paid_at=at - timedelta(days=days_ago),
                paid_fen=paid,
                refunded_fen=refunded,
                status="received",
                trust=trust if trust is not None else 3 if days_ago >= 30 else 2,
            )
        )


@dataclass
class Made:
    """A selection under test: everything by id, for rows go stale."""

    selection_id: int
    round_id: int
    cohort: object
    manager: Account
    enrolments: list[Enrolment]
    evaluators: list[Account] = field(default_factory=list)

    @property
    def by(self):
        return get_actor(self.manager)

    @property
    def url(self) -> str:
        return f"/selections/{self.selection_id}"

    @property
    def version(self) -> int:
        return db.session.scalar(db.select(Round.version).where(Round.id == self.round_id))

    @property
    def state(self) -> str:
        return db.session.scalar(db.select(Round.state).where(Round.id == self.round_id))

    def act(self, service, *values, by=None, at=AT):
        with transaction():
            return service(self.round_id, self.version, *values, by=by or self.by, at=at)

    def reopen(self, reason: str = "补交", at=AT) -> None:
        """Asked by the manager, granted by another."""
        with transaction():
            request = reopening.ask_to_reopen(self.round_id, reason, by=self.by, at=at)
        other = get_actor(factories.account(Role.MANAGER))
        with transaction():
            reopening.answer_reopening(self.round_id, request.id, True, "同意", by=other, at=at)

    def freeze(self, at=AT):
        run_id = db.session.scalar(db.select(db.func.max(RankingRun.id)).where(RankingRun.round_id == self.round_id))
        self.act(rounds.freeze_round, run_id, at=at)
        return run_id

    def applications(self) -> list[Application]:
        """In the order of the women."""
        rows = db.session.scalars(db.select(Application).where(Application.selection_id == self.selection_id)).all()
        found = {row.enrolment_id: row for row in rows}
        return [found[enrolment.id] for enrolment in self.enrolments if enrolment.id in found]

    def assignment(self, woman: int, evaluator: int) -> Assignment:
        return db.session.scalar(
            db.select(Assignment).where(
                Assignment.application_id == self.applications()[woman].id,
                Assignment.account_id == self.evaluators[evaluator].id,
            )
        )

    def draft(self, woman: int, evaluator: int, *levels: int | None, version: int = 0, by=None, at=AT, **words):
        content = SheetDraft({f"c{k}": level for k, level in enumerate(levels, start=1)}, **words)
        assignment_id, by = self.assignment(woman, evaluator).id, by or get_actor(self.evaluators[evaluator])
        with transaction():
            return reviews.save_draft(assignment_id, version, content, by=by, at=at)

    def submit(self, woman: int, evaluator: int, *levels: int | None, version: int = 0, at=AT, **how):
        words = {name: how.pop(name) for name in SheetDraft.__dataclass_fields__ if name in how}
        content = SheetDraft({f"c{k}": level for k, level in enumerate(levels, start=1)}, **words)
        assignment_id, by = self.assignment(woman, evaluator).id, get_actor(self.evaluators[evaluator])
        with transaction():
            return reviews.submit_review(assignment_id, version, content, **{"by": by, "at": at, **how})


def make(women: int = 3, *, seats: int = 1, region: str = factories.DATONG) -> Made:
    """A selection being prepared, with a cohort of women but nothing else yet."""
    cohort = factories.cohort(region=region)
    manager = factories.account(Role.MANAGER, region=region)
    enrolments = [factories.enrolment(cohort, factories.person(name)) for name in NAMES[:women]]
    data = selections.NewSelection(
        programme_id=cohort.programme_id,
        name="重点扶持培训",
        kind=SelectionKind.ADVANCED_TRAINING,
        region_code=region,
        seats=seats,
        round_kind=RoundKind.EXPERT,
    )
    with transaction():
        selection: Selection = selections.create_selection(data, by=get_actor(manager), at=AT)
    round_id = db.session.scalar(db.select(Round.id).where(Round.selection_id == selection.id))
    return Made(selection.id, round_id, cohort, manager, enrolments)


def ready(women: int = 3, evaluators: int = 2, *, rubric=RUBRIC, readers: int | None = None, **values) -> Made:
    """Everything there, not opened yet."""
    made = make(women, **values)
    made.evaluators = [factories.account(Role.EVALUATOR) for _ in range(evaluators)]
    made.act(selections.add_candidates, made.cohort.id, None)
    prepare(made, rubric, readers)
    return made


def prepare(made: Made, rubric=RUBRIC, readers: int | None = None) -> None:
    """A round whose candidates are there: its rubric, its evaluators, and who reads whom."""
    made.act(rubrics.set_rubric, rubric)
    seat(made)
    made.act(dealing.deal_applications, [judge.id for judge in made.evaluators], readers)


def opened(*args, **values) -> Made:
    made = ready(*args, **values)
    made.act(rounds.open_round)
    return made


def seat(made: Made) -> None:
    """Her evaluators are invited, accept, and know none of the candidates."""
    with transaction():
        for judge in made.evaluators:
            _seat, token = panels.invite_evaluator(made.round_id, judge.id, by=made.by, at=AT)
            panels.answer_invitation(token, True, at=AT)
            panels.declare(made.round_id, (), by=get_actor(judge), at=AT)
