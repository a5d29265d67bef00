"""What is measured: a page of ours, its twin, and the goals it is held against; adding one is a few lines."""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.stage import Roll, Stage
from benchmarks.visitor import Answer, Visitor
from trainer.database import db
from trainer.domain.actors import Role
from trainer.models import Assignment, Enrolment

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class Case:
    """`ours` and `twin` each make one request; `status` is what both answer with."""

    name: str
    ours: Callable[[], Answer]
    twin: Callable[[], Answer]
    ratio: float
    kilobytes: int | None = None
    statements: int = 12
    status: int = 200


def cases(stage: Stage, port: int, twin_port: int) -> list[Case]:
    """All of them; `port` is ours, `twin_port` the twins'."""
    twin = Visitor(twin_port)
    staff, trainee, evaluator = (
        Visitor(port, {"sid": stage.tokens[role]}) for role in (Role.MANAGER, Role.TRAINEE, Role.EVALUATOR)
    )
    hundred, thousand = stage.hundred, stage.thousand
    attendance = f"/cohorts/{hundred.cohort_id}/attendance"
    learner = Visitor(port, {"sid": stage.learner_token})
    ranking, first = f"/selections/{stage.ranked_selection}/ranking", f"/first/{stage.accounts[Role.TRAINEE]}"

    def look(name: str, visitor: Visitor, path: str, twin_path: str, kilobytes: int | None) -> Case:
        return Case(name, lambda: visitor.get(path), lambda: twin.get(twin_path), 2.5, kilobytes)

    def roll_twin(roll: Roll) -> str:
        return f"/roll/{roll.cohort_id}/{roll.lesson_id}"

    return [
        look("roll of 100 women", staff, f"/lessons/{hundred.lesson_id}/roll", roll_twin(hundred), 60),
        look("roll of 1,000", staff, f"/lessons/{thousand.lesson_id}/roll", roll_twin(thousand), 550),
        _save_roll(stage, staff, twin),
        look("report 30 × 100", staff, attendance, f"/summary/{hundred.cohort_id}", 80),
        look("table 30 × 100", staff, f"{attendance}/table", f"/table/{hundred.cohort_id}", 80),
        look("own attendance", learner, "/me/lessons", f"/own/{stage.learner}", 30),
        look("own first page", trainee, "/me", first, 30),
        look("ranking, 1,000 × 3", staff, ranking, f"/ranking/{stage.ranked_selection}", None),
        _submit_review(stage, evaluator, twin),
    ]


def _save_roll(stage: Stage, staff: Visitor, twin: Visitor) -> Case:
    """All women of the roll in one form, each time with fresh marks that differ from the ones before."""
    path = f"/lessons/{stage.hundred.lesson_id}/roll"
    with stage.app.app_context():
        women = db.session.scalars(
            db.select(Enrolment.id).where(
                Enrolment.cohort_id == stage.hundred.cohort_id,
                Enrolment.status.in_(["active", "admitted", "completed", "not_completed"]),
            )
        ).all()
    secret, turns = _secret(staff, path), itertools.count(1)

    def marks() -> list[str]:
        turn = next(turns)
        status = ("present", "late")[turn % 2]
        return [f"{id_}:{status}:benchmark.{turn}.{id_}" for id_ in women]

    return Case(
        "save the whole roll, 100",
        lambda: staff.post(path, {"csrf_token": secret, "mark": marks()}),
        lambda: twin.post(f"/roll/{stage.hundred.cohort_id}/{stage.hundred.lesson_id}", {"mark": marks()}),
        ratio=3,
        statements=10,
        status=303,
    )


def _submit_review(stage: Stage, evaluator: Visitor, twin: Visitor) -> Case:
    """Each time another sheet of the evaluator's; the twin fills another evaluator's."""
    with stage.app.app_context():
        own = Assignment.account_id == stage.accounts[Role.EVALUATOR]
        in_round = Assignment.round_id == stage.open_round
        ids = db.select(Assignment.id).where(in_round).order_by(Assignment.id)
        mine = iter(db.session.scalars(ids.where(own)).all())
        others = iter(db.session.scalars(ids.where(~own)).all())
    first = next(mine)
    levels = {"level_c1": "4", "level_c2": "3", "level_c3": "5", "strengths": "产品有本地特色，复购稳定。"}
    secret = _secret(evaluator, f"/reviews/{first}")
    sheet = {"csrf_token": secret, "version": "0", "risks": "", "act": "submit", **levels}
    sheet |= {"confidence": "3", "recommendation": "support"}
    cookies = dict(evaluator.cookies)

    def submit():
        evaluator.cookies = dict(cookies)  # the next page would have taken the message about the last sheet out of them
        return evaluator.post(f"/reviews/{next(mine)}", sheet)

    return Case("submit a review", submit, lambda: twin.post(f"/review/{next(others)}", levels), ratio=4, status=302)


def _secret(visitor: Visitor, path: str) -> str:
    page = visitor.get(path)
    found = TOKEN.search(page.body.decode())
    if found is None:
        raise SystemExit(f"{path} answered {page.status} without a form")
    return found[1]
