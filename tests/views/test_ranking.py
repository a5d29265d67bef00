"""The ranking's pages: only after the closing, for whoever may look, in a fixed number of statements."""

import io

import pytest
from openpyxl import load_workbook

from tests import factories, selections
from trainer.database import db
from trainer.domain.actors import Role
from trainer.models import AuditEvent
from trainer.services import round as rounds


def closed(women: int = 3, **values):
    made = selections.opened(women, 2, **values)
    for woman in range(women):
        for evaluator in range(2):
            made.submit(woman, evaluator, 3 if woman == 0 else 2, 2, strengths="踏实", risks="物流")
    made.act(rounds.close_round)
    return made


def urls(made) -> list[str]:
    id_ = made.applications()[0].id
    return [f"{made.url}/ranking", f"{made.url}/ranking/{id_}", f"{made.url}/ranking/export.xlsx"]


def test_nobody_sees_a_live_rank(signed_in, app):
    made = selections.opened(2, 2)
    made.submit(0, 0, 3, 3)
    client = signed_in(made.manager)
    for url in urls(made):
        answer = client.get(url)
        assert answer.status_code == 404
        assert "评分截止后才有排名" in answer.text
    made.act(rounds.close_round)
    assert client.get(f"{made.url}/ranking").status_code == 200
    made.act(rounds.reopen_round, "补交")
    for url in urls(made):
        assert client.get(url).status_code == 404


@pytest.mark.parametrize("role", [Role.EVALUATOR, Role.COHORT_STAFF, Role.PARTNER, Role.SYSTEM_ADMINISTRATOR])
def test_others_find_nothing(signed_in, app, role):
    made = closed()
    client = signed_in(factories.account(role))
    for url in urls(made):
        assert client.get(url).status_code == 404


def test_a_manager_of_another_area_finds_nothing(signed_in, app):
    made = closed()
    client = signed_in(factories.account(Role.MANAGER, region=factories.LINFEN))
    for url in urls(made):
        assert client.get(url).status_code == 404


def test_another_selections_candidate_or_run_is_not_there(signed_in, app):
    made, other = closed(), closed()
    client = signed_in(factories.account(Role.MANAGER))
    assert client.get(f"{made.url}/ranking/{other.applications()[0].id}").status_code == 404
    assert client.get(f"{made.url}/ranking?run=2").status_code == 404
    assert client.get(f"{made.url}/ranking?run=1").status_code == 200


def test_the_page_shows_ranks_the_line_and_ties(signed_in, app):
    made = closed(3, seats=2)
    page = signed_in(made.manager).get(f"{made.url}/ranking").text
    assert page.count("并列压线") == 2
    assert "以上为 2 个名额" not in page  # nobody is left below the tie
    page = signed_in(closed(3, seats=1).manager).get("/selections/2/ranking").text
    assert page.index("王秀芳") < page.index("以上为 1 个名额") < page.index("李月娥")
    assert "排名只供参考，由人决定" in page


def test_one_candidates_arithmetic_in_words(signed_in, app):
    made = closed()
    page = signed_in(made.manager).get(f"{made.url}/ranking/{made.applications()[0].id}").text
    assert "<strong>81.25</strong>" in page  # (50·100 + 30·50)/80, attendance left out
    assert "× 80 %" in page
    assert "÷ 80 %" in page
    assert "评委 1" in page
    assert "没有可计入的已结课次" in page
    assert "物流" in page
    assert all(judge.name not in page for judge in made.evaluators)


def test_the_workbook_says_the_same_and_is_audited(signed_in, app):
    made = closed(3, seats=1)
    answer = signed_in(made.manager).get(f"{made.url}/ranking/export.xlsx")
    ranks, details, rubric = (list(sheet.values) for sheet in load_workbook(io.BytesIO(answer.data)))
    header = next(k for k, row in enumerate(ranks) if row[0] == "名次")
    first = dict(zip(ranks[header], ranks[header + 1], strict=True))
    assert (first["名次"], first["姓名"], first["总分"], first["计入评分份数"]) == (1, "王秀芳", 81.25, 2)
    assert first["是否在名额内"] == "是"
    assert len(ranks) == header + 4
    assert sorted(row[1:] for row in details[-6:]) == [
        *[("评委 1", 2, 2, 50)] * 2,
        ("评委 1", 3, 2, 81.25),
        *[("评委 2", 2, 2, 50)] * 2,
        ("评委 2", 3, 2, 81.25),
    ]
    assert rubric[-1][0] == "出勤率"
    assert all(judge.name not in str((ranks, details, rubric)) for judge in made.evaluators)
    assert db.session.scalar(db.select(AuditEvent.details).where(AuditEvent.action == "ranking.export")) == {"rows": 3}


def test_an_earlier_ranking_stays_readable(signed_in, app):
    made = closed()
    made.act(rounds.reopen_round, "更正")
    made.submit(0, 0, 1, 1, version=1, reason="更正")
    made.act(rounds.close_round)
    client = signed_in(made.manager)
    assert "81.25" in client.get(f"{made.url}/ranking?run=1").text
    assert "81.25" not in client.get(f"{made.url}/ranking").text


@pytest.mark.parametrize("women", [1, 3])
def test_statements_do_not_grow(signed_in, count_statements, women):
    made = closed(women)
    client = signed_in(made.manager)
    for path, number in zip(urls(made)[:2], (6, 7), strict=True):
        with count_statements() as seen:
            assert client.get(path).status_code == 200
        assert len(seen) == number, (path, len(seen))
