"""The ranking's pages: only after the closing, for whoever may look, in a fixed number of statements."""

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from tests import factories, selections
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.panel import ConflictKind, ConflictSource, ConflictState
from trainer.domain.selection import QuotaAttribute
from trainer.models import Assignment, AuditEvent, Person, RankingRun, RoleGrant
from trainer.models.panel import Conflict
from trainer.models.selection import Quota
from trainer.queries.ranking import evaluator_numbers, list_sheets
from trainer.services import round as rounds

PAGES = ("", "/{id}", "/plot", "/evaluators", "/export.xlsx")


def closed(women: int = 3, evaluators: int = 2, **values):
    made = selections.opened(women, evaluators, **values)
    for woman in range(women):
        for evaluator in range(evaluators):
            made.submit(woman, evaluator, 3 if woman == 0 else 2, 2, strengths="踏实", risks="物流")
    made.act(rounds.close_round)
    return made


def frozen(*args, **values):
    made = closed(*args, **values)
    made.freeze()
    return made


def urls(made) -> list[str]:
    id_ = made.applications()[0].id
    return [f"{made.url}/ranking{page.format(id=id_)}" for page in PAGES]


def test_nobody_sees_a_live_rank(signed_in, app):
    made = selections.opened(2, 2)
    made.submit(0, 0, 3, 3)
    client = signed_in(made.manager)
    for url in urls(made):
        answer = client.get(url)
        assert answer.status_code == 404
        assert "评分截止后才有排名" in answer.text
    made.act(rounds.close_round)
    for url in urls(made):
        assert client.get(url).status_code == 200
    made.reopen()
    for url in urls(made):
        assert client.get(url).status_code == 404


@pytest.mark.parametrize("role", [Role.FINANCE, Role.AUDITOR])
def test_before_it_is_frozen_only_who_runs_the_selection_sees_it(signed_in, app, role):
    made = closed()
    client = signed_in(factories.account(role))
    for url in urls(made):
        answer = client.get(url)
        assert answer.status_code == 404
        assert "结果尚未冻结" in answer.text
    made.freeze()
    for url in urls(made):
        assert client.get(url).status_code == 200


def test_who_judges_in_the_round_sees_nothing_before_it_is_frozen(signed_in, app):
    made = closed()
    judge = made.evaluators[0]
    with transaction() as session:
        session.add(RoleGrant(account_id=judge.id, role=Role.MANAGER, granted_at=AT))
    client, nothing = signed_in(judge), "/selections/999/ranking"
    for url in urls(made):
        answer = client.get(url)
        assert answer.status_code == 404
        assert answer.text.replace(url, "") == client.get(nothing).text.replace(nothing, "")
    made.freeze()
    assert client.get(urls(made)[0]).status_code == 200


@pytest.mark.parametrize("role", [Role.EVALUATOR, Role.COHORT_STAFF, Role.PARTNER, Role.SYSTEM_ADMINISTRATOR])
def test_others_find_nothing(signed_in, app, role):
    made = frozen()
    client = signed_in(factories.account(role))
    for url in urls(made):
        assert client.get(url).status_code == 404


def test_a_manager_of_another_area_finds_nothing(signed_in, app):
    made = frozen()
    client = signed_in(factories.account(Role.MANAGER, region=factories.LINFEN))
    for url in urls(made):
        assert client.get(url).status_code == 404


def test_another_selections_candidate_or_run_is_not_there(signed_in, app):
    made, other = closed(), closed()
    client = signed_in(factories.account(Role.MANAGER))
    assert client.get(f"{made.url}/ranking/{other.applications()[0].id}").status_code == 404
    assert client.get(f"{made.url}/ranking?run=2").status_code == 404
    assert client.get(f"{made.url}/ranking?run=1").status_code == 200
    assert client.get(f"{made.url}/ranking/compare").status_code == 404  # there is nothing before it


def test_the_page_shows_ranks_the_line_and_ties(signed_in, app):
    made = closed(3, seats=2)
    page = signed_in(made.manager).get(f"{made.url}/ranking").text
    assert page.count("并列压线</span>") == 3  # both lines, and what it means
    assert "以上为 2 个名额" not in page  # nobody is left below the tie
    page = signed_in(closed(3, seats=1).manager).get("/selections/2/ranking").text
    assert page.index("王秀芳") < page.index("以上为 1 个名额") < page.index("李月娥")
    assert "排名只供参考，由人决定" in page
    assert "按原始总分排名" in page
    assert "尚未冻结" in page


def test_who_has_no_sheet_has_no_rank_and_a_reason(signed_in, app):
    made = selections.opened(2, 2)
    for evaluator in range(2):
        made.submit(0, evaluator, 3, 3)
    made.act(rounds.close_round)
    page = signed_in(made.manager).get(f"{made.url}/ranking").text
    assert page.index("没有名次的候选人") < page.index("没有完整的评分表可计入")
    assert "不是最后一名" in page


def test_one_candidates_arithmetic_in_words(signed_in, app):
    made = closed()
    page = signed_in(made.manager).get(f"{made.url}/ranking/{made.applications()[0].id}").text
    assert "<strong>81.25</strong>" in page  # (50·100 + 30·50)/80, attendance left out
    assert "× 80 %" in page
    assert "÷ 80 %" in page
    assert "= 平均 81.25 (+0.0), 81.25 (+0.0)" in page
    assert "评委 1" in page
    assert "缺失：不计入，其余重新加权" in page
    assert "物流" in page
    assert all(judge.name not in page for judge in made.evaluators)


def test_what_she_changed_and_why_stands_beside_her_words(signed_in, app):
    made = selections.opened(1, 2)
    made.submit(0, 0, 1, 1)
    made.submit(0, 0, 2, 2, version=1, reason="看漏一页")
    made.submit(0, 1, 2, 2)
    made.act(rounds.close_round)
    page = signed_in(made.manager).get(f"{made.url}/ranking/{made.applications()[0].id}").text
    assert page.count('<ol class="versions">') == 1
    assert "看漏一页" in page


def test_unlinked_evaluators_are_not_adjusted_and_the_page_says_so(signed_in, app):
    made = selections.opened(2, 4)
    for woman, evaluator in ((0, 0), (0, 1), (1, 2), (1, 3)):
        made.submit(woman, evaluator, 1 + woman, 2)
    made.act(rounds.close_round)
    client = signed_in(made.manager)
    assert "评委分成互不相关的 2 组" in client.get(f"{made.url}/ranking").text
    assert "评委分成互不相关的 2 组" in client.get(f"{made.url}/ranking/{made.applications()[0].id}").text


def test_names_of_evaluators_stand_only_where_staff_or_auditors_look(signed_in, app):
    made = frozen()
    url, names = f"{made.url}/ranking/evaluators", [judge.name for judge in made.evaluators]
    for role, sees in ((Role.MANAGER, True), (Role.AUDITOR, True), (Role.FINANCE, False)):
        page = signed_in(factories.account(role)).get(url).text
        assert all((name in page) is sees for name in names), role


def test_a_quota_moves_somebody_by_name(signed_in, app):
    made = selections.ready(3, 2, seats=1)
    with transaction() as session:
        person = made.enrolments[1].person_id
        session.get(Person, person).business = "手工"
        quota = {"attribute": QuotaAttribute.BUSINESS, "value": "手工", "at_least": 1, "basis": "方案第五条"}
        session.add(Quota(round_id=made.round_id, **quota))
    made.act(rounds.open_round)
    for woman in range(3):
        for evaluator in range(2):
            made.submit(woman, evaluator, 3 if woman == 0 else 2, 2)
    made.act(rounds.close_round)
    page = signed_in(made.manager).get(f"{made.url}/ranking").text
    codes = [application.code for application in made.applications()]
    assert f"{codes[1]} 会进入名单" in page
    assert f"{codes[0]} 会退出名单" in page
    assert "31.250" in page  # 81.25 − 50
    assert "方案第五条" in page


def test_the_drawing_folds_far_ranks_away(signed_in, app, monkeypatch):
    monkeypatch.setattr("trainer.views.ranking.DRAWN_AT_ONCE", 2)
    made = selections.opened(5, 2, seats=2)
    for woman in range(5):
        made.submit(woman, 0, 3 - woman % 3, 1 + woman // 3)
        made.submit(woman, 1, 3 - woman % 2, 1 + woman // 2)
    made.act(rounds.close_round)
    page = signed_in(made.manager).get(f"{made.url}/ranking/plot").text
    assert page.count("<figure>") == 1
    assert page.count('<details class="twin">') == 3  # above, below, and their numbers
    assert page.count("<circle") == 5
    assert "<style" not in page
    assert "style=" not in page


def test_two_runs_compared(signed_in, app):
    made = closed(3, seats=1)
    made.reopen()
    for evaluator in range(2):
        made.submit(1, evaluator, 3, 3, version=1, reason="更正")
    made.act(rounds.close_round)
    client = signed_in(made.manager)
    page = client.get(f"{made.url}/ranking/compare").text
    codes = [application.code for application in made.applications()]
    crossed = page[page.index("换到名额线另一侧") : page.index("名次有变、仍在同一侧")]
    assert crossed.index(codes[1]) < crossed.index("进入") < crossed.index(codes[0]) < crossed.index("退出")
    assert "81.25" in client.get(f"{made.url}/ranking?run=1").text  # the earlier stays readable
    assert "?run=1" in client.get(f"{made.url}/ranking?run=1").text


def test_the_workbook_says_the_same_and_is_audited(signed_in, app):
    made = closed(3, seats=1)
    answer = signed_in(made.manager).get(f"{made.url}/ranking/export.xlsx")
    book = {sheet.title: list(sheet.values) for sheet in load_workbook(io.BytesIO(answer.data))}
    ranks = book["排名"]
    header = next(k for k, row in enumerate(ranks) if row[0] == "名次")
    first = dict(zip(ranks[header], ranks[header + 1], strict=True))
    assert (first["名次"], first["姓名"], first["总分"], first["计入评分份数"]) == (1, "王秀芳", 81.25, 2)
    assert (first["是否在名额内"], first["原始总分"]) == ("是", 81.25)
    assert len(ranks) == header + 4
    assert [row[1:5] for row in book["计算过程"][-6:-4]] == [("评委 1", 81.25, 0, 81.25), ("评委 2", 81.25, 0, 81.25)]
    assert sorted(row[1:5] for row in book["评分明细"][-6:])[0] == ("评委 1", 2, 2, 50)
    assert book["评分表"][-1][0] == "出勤率"
    run = db.session.scalars(db.select(RankingRun)).one()
    made_of = {row[0]: row[1] for row in book["生成方式"]}
    assert made_of["结果的 SHA-256"] == run.output_sha256
    assert made_of["numpy"] == run.inputs["versions"]["numpy"]
    assert all(judge.name not in str(book) for judge in made.evaluators)
    assert db.session.scalar(db.select(AuditEvent.details).where(AuditEvent.action == "ranking.export")) == {"rows": 3}


def test_a_run_of_before_figures_were_kept_still_has_its_pages(signed_in, app):
    made = closed()
    with transaction() as session:
        session.execute(db.update(RankingRun).values(figures={}))
    client = signed_in(made.manager)
    for url in urls(made):
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("women", [1, 3])
def test_statements_do_not_grow(signed_in, count_statements, women):
    made = closed(women)
    client = signed_in(made.manager)
    for path, number in zip(urls(made)[:4], (10, 10, 6, 9), strict=True):
        with count_statements() as seen:
            assert client.get(path).status_code == 200
        assert len(seen) == number, (path, len(seen), seen)


def test_a_sheet_that_a_conflict_keeps_apart_does_not_count(app):
    made = selections.opened(2, 2)
    for woman in range(2):
        for evaluator in range(2):
            made.submit(woman, evaluator, 3, 3)
    with transaction() as session:
        facts = {"kind": ConflictKind.FAMILY, "source": ConflictSource.STAFF, "state": ConflictState.UPHELD}
        pair = {"application_id": made.applications()[0].id, "account_id": made.evaluators[0].id}
        session.add(Conflict(**pair, **facts, raised_at=AT))
    codes = [application.code for application in made.applications()]
    assert [(s.candidate, s.evaluator) for s in list_sheets(made.round_id)] == [
        (codes[0], 2),
        (codes[1], 1),
        (codes[1], 2),
    ]


def test_whoever_comes_later_changes_no_number(app):
    later = factories.account(Role.EVALUATOR)
    made = selections.opened(2, 2)
    before = evaluator_numbers(made.round_id)
    with transaction() as session:
        id_ = made.applications()[0].id
        when = {"created_at": AT + timedelta(days=1), "wave": 2}
        session.add(Assignment(round_id=made.round_id, application_id=id_, account_id=later.id, position=9, **when))
    assert later.id < min(before)
    assert evaluator_numbers(made.round_id) == {**before, later.id: 3}
