"""Freezing a ranking: what goes in, what counts, and that it stays."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import factories, selections
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.attendance import LessonState
from trainer.domain.round_inputs import Figure, RoundInputs
from trainer.domain.round_ranking import rank_round
from trainer.domain.selection import RankedBy, RankingFlag
from trainer.models import Assignment, Cohort, Person, RankingRow, RankingRun, Round
from trainer.queries.figures import list_figures
from trainer.queries.ranking import list_comments, list_ranked, list_sheets
from trainer.services import round as rounds
from trainer.services import selection as services


def rows(run) -> dict[str, RankingRow]:
    return {row.name: row for row in list_ranked(run.id)}


def woman(made, place: int) -> Person:
    return db.session.get(Person, made.enrolments[place].person_id)


def test_totals_by_hand(app):
    made = selections.opened(3, 2, seats=1)
    for day, statuses in enumerate((("present", "present", "absent"), ("absent", "present", "absent"))):
        lesson = factories.lesson(made.cohort, day=day, state=LessonState.CLOSED)
        for enrolment, status in zip(made.enrolments, statuses, strict=True):
            selections.attended(lesson, enrolment, status)
    for place, sheets in enumerate((((3, 2), (2, 2)), ((2, 2), (2, 2)), ((3, 3), (1, 1)))):
        for evaluator, levels in enumerate(sheets):
            made.submit(place, evaluator, *levels)
    found = rows(made.act(rounds.close_round))
    # 0.8·65.625 + 0.2·50 = 62.5;  0.8·50 + 0.2·100 = 60;  0.8·50 + 0.2·0 = 40
    assert [(found[name].rank, found[name].total) for name in selections.NAMES[:3]] == [(1, 6250), (2, 6000), (3, 4000)]
    first, third = found["王秀芳"], found["张桂兰"]
    assert (first.reviews, first.mean, first.spread) == (2, 6563, 2210)
    assert first.parts["c3"] == {"value": "50", "points": 5000}
    assert third.parts["c1"] == {"value": None, "points": 5000}
    assert third.spread == 7071  # 100 and 0


def test_unfinished_sheets_and_withdrawn_women_do_not_count(app):
    made = selections.opened(3, 2)
    made.submit(0, 0, 3, 3)
    made.draft(0, 1, 1, 1)
    made.submit(1, 0, 2, 2)
    application = made.applications()[1]
    with transaction():
        services.withdraw(application.id, application.version, "外出务工", by=made.by, at=AT)
    found = rows(made.act(rounds.close_round))
    assert set(found) == {"王秀芳", "张桂兰"}
    assert (found["王秀芳"].reviews, found["王秀芳"].total) == (1, 10000)
    assert (found["张桂兰"].rank, found["张桂兰"].total) == (None, None)


def test_only_settled_or_mature_order_lines_count(app):
    made = selections.opened(3, 2, rubric=selections.WITH_SALES)
    shops = [factories.shop(woman(made, place), name=f"店{place}") for place in range(3)]
    selections.order(shops[0], 10_000, refunded=2_000, days_ago=31)
    selections.order(shops[0], 50_000, days_ago=29)
    selections.order(shops[0], 70_000, days_ago=90, trust=2)  # old by now, but nobody sent a file since it was fresh
    selections.order(shops[1], 50_000, days_ago=1, trust=3)
    selections.order(shops[2], 50_000, days_ago=1)
    code = {place: application.code for place, application in enumerate(made.applications())}
    found = list_figures(made.round_id, ("net_sales_fen",), at=AT)
    assert found[code[0]]["net_sales_fen"] == Figure("8000", 1, 3)
    assert found[code[1]]["net_sales_fen"].value == "50000"
    assert "net_sales_fen" not in found[code[2]]
    made.submit(2, 0, 3, 3)
    found = rows(made.act(rounds.close_round))
    assert found["张桂兰"].total == 10000
    assert RankingFlag.MISSING_FIGURE in found["张桂兰"].flags
    assert found["李月娥"].parts["c3"] == {"value": "50000", "points": 7500}


def test_the_frozen_run_can_be_recomputed_from_its_inputs(app):
    made = selections.opened(3, 2)
    for place in range(3):
        for evaluator in range(2):
            made.submit(place, evaluator, place + 1, 2)
    run = made.act(rounds.close_round)
    again = rank_round(RoundInputs.from_json(db.session.get(RankingRun, run.id).inputs))
    assert (again.input_sha256, again.output_sha256) == (run.input_sha256, run.output_sha256)


INPUT_SHA256 = "7cb9d994c894c6b438709aeb84414c6b81df01c6d0c9505a2a14f3a2a9ffe96b"
OUTPUT_SHA256 = "0f17096d6376846586f2f620438e228e44950a8e18e1b2db34a9188a3cec3d4b"


@pytest.mark.parametrize("order", [1, -1])
def test_the_same_ranking_on_every_database_and_in_every_order(app, order):
    """Literal hashes: SQLite, PostgreSQL, another machine and sheets that came in another order must all give these."""
    made = selections.ready(6, 4, seats=2, readers=3)
    with transaction() as session:
        session.get(Round, made.round_id).ranked_by = RankedBy.ADJUSTED
        session.get(Cohort, made.cohort.id).code = "C-2026"
        drawn = select(Assignment).where(Assignment.round_id == made.round_id)
        for assignment in session.scalars(drawn):
            session.delete(assignment)
        codes = made.applications()
        for place, application in enumerate(codes):
            for number, judge in enumerate(made.evaluators):
                if (place + number) % 4:
                    values = {"application_id": application.id, "account_id": judge.id, "position": place + 1}
                    session.add(Assignment(round_id=made.round_id, created_at=AT, **values))
    made.act(rounds.open_round)
    for day in range(2):
        lesson = factories.lesson(made.cohort, day=day, state=LessonState.CLOSED)
        for place, enrolment in enumerate(made.enrolments[:5]):
            selections.attended(lesson, enrolment, "absent" if place % 3 == day else "present")
    pairs = [(place, number) for place in range(6) for number in range(4) if (place + number) % 4]
    for place, number in pairs[::order]:
        levels = 1 + (place * number + number) % 3, 1 + (2 * place + number) % 3
        abstained = {"abstentions": {"c2": "看不出来"}} if place == number + 1 else {}
        made.submit(place, number, levels[0], None if abstained else levels[1], **abstained)
    run = made.act(rounds.close_round)
    offsets = [judge["offset"] for judge in run.figures["judges"]]
    assert len(set(offsets)) == 4
    assert (run.input_sha256, run.output_sha256) == (INPUT_SHA256, OUTPUT_SHA256)


def test_closing_again_makes_another_run_and_keeps_the_first(app):
    made = selections.opened(2, 2)
    made.submit(0, 0, 3, 3, strengths="原来的")
    first = made.act(rounds.close_round)
    made.reopen("补交")
    made.submit(0, 0, 1, 1, version=1, reason="更正", strengths="后来的", at=AT + timedelta(hours=1))
    second = made.act(rounds.close_round, at=AT + timedelta(hours=2))
    assert rows(first)["王秀芳"].total == 10000
    assert rows(second)["王秀芳"].total == 0
    assert first.input_sha256 != second.input_sha256
    application_id = made.applications()[0].id
    assert list_comments(made.round_id, application_id, until=first.created_at)[0].strengths == "原来的"
    assert list_comments(made.round_id, application_id, until=second.created_at)[0].strengths == "后来的"


def test_evaluators_go_into_the_run_as_numbers(app):
    made = selections.opened(1, 2)
    made.submit(0, 1, 3, 3)
    made.submit(0, 0, 2, 2)
    assert [(sheet.evaluator, sheet.levels["c1"]) for sheet in list_sheets(made.round_id)] == [(1, 2), (2, 3)]


@pytest.mark.parametrize("women", [1, 3])
def test_evidence_takes_as_many_statements_for_one_as_for_three(app, count_statements, women):
    made = selections.opened(women, 1)
    with count_statements() as seen:
        list_figures(made.round_id, ("attendance_rate", "net_sales_fen"), at=AT)
    assert len(seen) == 6
