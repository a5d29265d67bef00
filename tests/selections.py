"""Makers of selections for tests, through the services as pages use them."""

from dataclasses import dataclass, field
from datetime import timedelta

from tests import factories
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.eligibility import Eligibility
from trainer.domain.field_visit import FactKind
from trainer.domain.file import FilePurpose
from trainer.domain.selection import CriterionDraft, CriterionKind, RoundKind, SelectionKind, SheetDraft
from trainer.models import (
    Account,
    Application,
    ApplicationFile,
    Assignment,
    Attendance,
    CalibrationFile,
    Enrolment,
    FieldVisit,
    Mark,
    OrderLine,
    RankingRun,
    Round,
    Selection,
    VisitFact,
    VisitPicture,
    VisitQuestion,
    VisitStay,
)
from trainer.models.selection import RoundTable
from trainer.queries.account import get_actor
from trainer.services import application as applications
from trainer.services import dealing, picture, reopening
from trainer.services import field_visit as field_visits
from trainer.services import file as files
from trainer.services import next_round as next_rounds
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

    def act(self, service, *values, by=None, at=AT, **more):
        with transaction():
            return service(self.round_id, self.version, *values, by=by or self.by, at=at, **more)

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


def attachment(
    made: Made, woman: int, words: str = "", content: bytes | None = None, *, is_blind: bool = False, position: int = 1
) -> int:
    """A picture beside what she wrote, taken in as the form does it."""
    application = made.applications()[woman]
    with transaction() as session:
        stored = files.keep_file(
            picture.redraw(content or factories.picture()),
            f"application-{application.id}-{position}.jpg",
            "image/jpeg",
            purpose=FilePurpose.APPLICATION_FILE,
            person_id=application.person_id,
            by=made.by,
            at=AT,
        )
        row = ApplicationFile(application_id=application.id, position=position, file_id=stored.id, added_at=AT)
        row.words, row.is_blind = words, is_blind
        session.add(row)
        session.flush()
        return row.id


def calibration_file(made: Made, *levels: int, position: int = 1) -> int:
    """An invented application, whatever the round is at."""
    with transaction() as session:
        reference = {f"c{k}": level for k, level in enumerate(levels or (2, 2), start=1)}
        row = CalibrationFile(round_id=made.round_id, position=position, text="想开直播卖小米", levels=reference)
        row.words = "计划具体"
        session.add(row)
        session.flush()
        return row.id


def write(made: Made, woman: int, title: str = "", plan: str = "", uses=(), **values) -> Application:
    """What she wants to do, in her own words."""
    with transaction() as session:
        application = session.get(Application, made.applications()[woman].id)
        application.title, application.plan, application.uses = title, plan, list(uses)
        for name, value in values.items():
            setattr(application, name, value)
    return application


def round_table(made: Made, cells: dict | None = None, *, in_force: bool = True) -> int:
    """A table of figures brought along; without `cells` everybody's likes are 5."""
    cells = cells or {application.code: {"点赞数": "5"} for application in made.applications()}
    columns = list(dict.fromkeys(column for row in cells.values() for column in row))
    with transaction() as session:
        facts = {"file_name": "数据.xlsx", "sha256": "0" * 64, "columns": columns, "cells": cells, "uploaded_at": AT}
        table = RoundTable(round_id=made.round_id, superseded_at=None if in_force else AT, **facts)
        session.add(table)
        session.flush()
        return table.id


OPEN_FROM, OPEN_UNTIL = AT - timedelta(days=2), AT + timedelta(days=5)


def applying(women: int = 3, *, highest_amount_fen: int | None = None, **values) -> Made:
    """A selection that women may apply to at `AT`; `values`: conditions of `Eligibility`."""
    made = make(women, region=values.pop("region", factories.DATONG))
    data = applications.Applying("选出六名创业带头人", OPEN_FROM, OPEN_UNTIL, highest_amount_fen, Eligibility(**values))
    made.act(applications.set_applying, data, "", at=OPEN_FROM - timedelta(days=1))
    return made


def written(made: Made, woman: int = 0, *, by=None, at=AT, **changes):
    """What one of the women has written."""
    changes = {"title": "黄花菜直播", "plan": "把村里的黄花菜卖出去", **changes}
    with transaction():
        return applications.write(made.selection_id, made.enrolments[woman].id, 0, changes, by=by or made.by, at=at)


def handed_in(made: Made, woman: int = 0, *, by=None, at=AT, **changes):
    version = written(made, woman, by=by, at=at, **changes).version
    with transaction():
        return applications.hand_in(made.selection_id, made.enrolments[woman].id, version, by=by or made.by, at=at)


def next_round(made: Made) -> int:
    """The round after a frozen one, with who was above its line."""
    return made.act(next_rounds.start_next_round, RoundKind.FINAL, 1).id


VISIT_FACTS = (("在经营", FactKind.YES_NO, True), ("面积", FactKind.NUMBER, False), ("看到什么", FactKind.WORDS, False))


def visiting(women: int = 1, evaluators: int = 2, *, facts=VISIT_FACTS, opened: bool = True) -> Made:
    """A round of visits, two to each candidate unless said otherwise."""
    made = ready(women, evaluators)
    with transaction() as session:
        round_ = session.get(Round, made.round_id)
        round_.kind, round_.blind = RoundKind.FIELD, False
    for words, kind, is_veto in facts:
        made.act(field_visits.add_question, words, kind, is_veto)
    if opened:
        made.act(rounds.open_round)
    return made


def visited(made: Made) -> dict[str, int]:
    """Of a round that is over: the ids of its first candidate's visit, a question answered there, and a picture."""
    application, judge = made.applications()[0], made.evaluators[0]
    with transaction() as session:
        session.get(Round, made.round_id).kind = RoundKind.FIELD
        visit = FieldVisit(round_id=made.round_id, application_id=application.id, words="村委会")
        question = VisitQuestion(round_id=made.round_id, position=1, words="在经营", kind=FactKind.YES_NO, is_veto=True)
        kept = {"purpose": FilePurpose.VISIT_PICTURE, "person_id": application.person_id, "by": made.by, "at": AT}
        stored = files.keep_file(picture.redraw(factories.picture()), "visit.jpg", "image/jpeg", **kept)
        session.add_all([visit, question])
        session.flush()
        hers = {"visit_id": visit.id, "account_id": judge.id, "nonce": f"v{visit.id}"}
        taken = VisitPicture(file_id=stored.id, words="门面", taken_at=AT, **hers)
        fact = VisitFact(question_id=question.id, value="yes", found_at=AT, received_at=AT, **hers)
        session.add_all(
            [taken, fact, VisitStay(arrived_at=AT, latitude=40.0768, longitude=113.3, accuracy_m=9, **hers)]
        )
        session.flush()
        return {"field_visit_id": visit.id, "question_id": question.id, "picture_id": taken.id}
