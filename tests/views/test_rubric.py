"""The rubric's pages: every kind set up as a person would, versions, files of rules, the table, the rules of the round."""

import io
import json
import re

import pytest

from tests import factories, selections
from trainer.database import db
from trainer.domain.rubric_file import read_rules_file
from trainer.domain.rubric_templates import TEMPLATES
from trainer.domain.scoring_kinds import KINDS
from trainer.domain.scoring_rules import score_answer, score_table
from trainer.domain.selection import CriterionDraft, CriterionKind, RoundState
from trainer.domain.selection_files import read_rules, read_table
from trainer.forms.rubric import FORMS
from trainer.models import Application, AuditEvent, RankingRow, Round
from trainer.queries.rubric import get_rubric, list_rubric_versions
from trainer.services import round as rounds
from trainer.services import rubric as rubrics
from trainer.services import selection as services
from trainer.wording.scoring_rules import KINDS as WORDS

LEVELS = "没有想法\n有初步想法\n计划可行"
# The worked example of a county livestream contest.
CONTEST = (
    ("甲", 5200, 31000, 86, 412300),
    ("乙", 8100, 29500, 86, 398000),
    ("丙", 3900, 45200, 51, 515050),
    ("丁", 8100, 12000, 40, 99000),
    ("戊", 450, 800, 2, 3600),
)


@pytest.fixture
def made(app):
    return selections.make()


@pytest.fixture
def client(signed_in, made):
    return signed_in(made.manager)


def content(made):
    return get_rubric(made.round_id).content


def add(client, made, kind: str, **data):
    return client.post(f"{made.url}/rubric/new?kind={kind}", data={"name": kind, "version": made.version, **data})


def sent(client, made, rows: str, name: str = "数据.csv", **more):
    data = {"version": made.version, "file": (io.BytesIO(rows.encode()), name), **more}
    return client.post(f"{made.url}/rubric/table", data=data)


def with_contest(app, client, made) -> str:
    """Five candidates by their codes with the example's figures in a table that counts; answers the table."""
    made.enrolments += [factories.enrolment(made.cohort, factories.person(name)) for name in ("赵四", "钱五")]
    made.act(services.add_candidates, made.cohort.id, None)
    codes = [application.code for application in made.applications()]
    lines = ["编号,观看人数,点赞数,订单数,销售额"]
    lines += [f"{code},{','.join(map(str, row[1:]))}" for code, row in zip(codes, CONTEST, strict=True)]
    answer = sent(client, made, "\n".join(lines))
    assert answer.status_code == 302, answer.text
    assert client.post(f"{answer.location}/use", data={"version": made.version}).status_code == 302
    return codes


def test_the_county_contest_is_set_up_on_the_page_and_reckoned_on_closing(app, client, made):
    codes = with_contest(app, client, made)
    for name, column, points in (
        ("人气", "观看人数", 20),
        ("点赞", "点赞数", 20),
        ("订单", "订单数", 20),
        ("销售", "销售额", 40),
    ):
        data = {"name": name, "column": column, "points": points, "step": "0.5"}
        assert add(client, made, "rank_step", **data).status_code == 302
    shown = client.get(f"{made.url}/rubric").text
    assert "合计 100 分" in shown
    made.act(rounds.open_round)
    made.act(rounds.close_round)
    totals = db.select(Application.code, RankingRow.total_hundredths).join(
        RankingRow, RankingRow.application_id == Application.id
    )
    rows = dict(db.session.execute(totals).all())
    assert [rows[code] for code in codes] == [9800, 9800, 9750, 9550, 9200]
    parts = db.session.scalars(db.select(RankingRow.parts).order_by(RankingRow.rank)).all()
    assert parts[-1]["c1"]["points"] == 9000  # 18 of 20


def test_the_files_given_out_are_scored_alike_by_the_command(app, client, made):
    codes = with_contest(app, client, made)
    made.act(rubrics.set_rubric, from_template("contest").lines)
    rules_text = client.get(f"{made.url}/rubric/rules.json").text
    table_text = client.get(f"{made.url}/rubric/figures.csv").get_data().decode()
    rules = read_rules(rules_text)
    answer = score_answer(score_table(rules, read_table(table_text, rules)), lambda kind, values: "")
    totals = {row["candidate"]: row["total"] for row in answer["rows"]}
    assert [totals[code] for code in codes] == [98, 98, 97.5, 95.5, 92]
    made.act(rounds.open_round)
    made.act(rounds.close_round)
    ranked = db.session.execute(
        db.select(Application.code, RankingRow.total_hundredths, RankingRow.parts).join(
            RankingRow, RankingRow.application_id == Application.id
        )
    )
    of = {line.code: line.weight_bp for line in content(made).lines}
    for code, total, parts in ranked:
        row = next(row for row in answer["rows"] if row["candidate"] == code)
        assert total == round(row["total"] * 100)
        assert {name: part["points"] * of[name] / 1_000_000 for name, part in parts.items()} == row["points"]


def from_template(name: str):
    return read_rules_file(json.dumps(TEMPLATES[name])).content


@pytest.mark.parametrize(
    ("kind", "data", "rule"),
    [
        ("rank_step", {"field": "livestreams", "points": 20, "step": "0.5"}, {"field": "livestreams", "step": 0.5}),
        (
            "per_unit",
            {"field": "net_sales_fen", "points": 10, "points_per_unit": 1, "unit": 1000},
            {"field": "net_sales_fen", "points_per_unit": 1, "unit": 100_000},
        ),
        (
            "min_max",
            {"field": "net_sales_fen", "points": 10, "low": "0", "high": "5000.5", "floor": 1},
            {"field": "net_sales_fen", "low": 0, "high": 500_050, "floor": 1},
        ),
        (
            "percentile",
            {"field": "net_sales_fen", "points": 10, "group": ["county", "business"]},
            {"field": "net_sales_fen", "group": ["county", "business"]},
        ),
        (
            "bands",
            {"field": "attended_hours", "bands": "10 2\n20：7.5"},
            {"field": "attended_hours", "bands": [[10, 2], [20, 7.5]]},
        ),
        ("weighted", {"field": "attendance_rate", "points": 10, "of": 100}, {"field": "attendance_rate", "of": 100}),
        (
            "marks",
            {"fields": "评委1\n评委2", "points": 10, "of": 100, "aggregate": "median"},
            {"fields": ["table.评委1", "table.评委2"], "of": 100, "aggregate": "median"},
        ),
    ],
)
def test_every_kind_is_written_and_comes_back_as_typed(client, made, kind, data, rule):
    assert add(client, made, kind, **data).status_code == 302
    line = content(made).lines[0]
    assert (line.kind, line.rule, line.code) == (kind, rule, "c1")
    page = client.get(f"{made.url}/rubric/criteria/c1").text
    again = client.post(f"{made.url}/rubric/criteria/c1", data=form_values(page))
    assert again.status_code == 302, again.text
    assert content(made).lines[0] == line
    shown = client.get(f"{made.url}/rubric").text
    assert 'class="formula"' in shown


def form_values(page: str) -> dict:
    """What a browser would send of the page's form."""
    form = page.split("<main")[1].split("<form")[1].split("</form>")[0]
    found: dict = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            found.setdefault(name[1], []).append(value[1] if value else "")
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.S):
        found[name] = [text.strip("\r\n")]
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        found[name] = [chosen[1] if chosen else ""]
    return found


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("judged", {"points": 50, "levels": "只有一档"}),
        ("judged", {"points": 50, "levels": "\n".join("一二三四五六七八九十甲")}),
        ("judged", {"points": 50, "levels": "长" * 201 + "\n短"}),
        ("judged", {"points": "33.333", "levels": LEVELS}),
        ("judged", {"points": "abc", "levels": LEVELS}),
        ("rank_step", {"points": 20, "step": 1}),
        ("rank_step", {"points": 20, "step": 1, "field": "county"}),
        ("rank_step", {"points": 20, "step": 1, "field": "likes"}),
        ("weighted", {"points": 20, "of": 0, "field": "attendance_rate"}),
        ("weighted", {"points": 20, "of": 100, "field": "net_sales_fen"}),
        ("min_max", {"points": 20, "low": 5, "high": 5, "field": "livestreams"}),
        ("bands", {"bands": "3", "field": "livestreams"}),
        ("bands", {"bands": "3 200", "field": "livestreams"}),
        ("bands", {"bands": "3 5\n3 6", "field": "livestreams"}),
        ("bands", {"bands": "NaN 5", "field": "livestreams"}),
        ("percentile", {"points": 20, "field": "livestreams", "group": ["livestreams"]}),
        ("marks", {"points": 20, "of": 100, "fields": "甲\n乙", "aggregate": "drop_extremes"}),
        ("marks", {"points": 20, "of": 100, "fields": "甲\n甲", "aggregate": "mean"}),
    ],
)
def test_what_cannot_be_meant_is_shown_again(client, made, kind, data):
    answer = add(client, made, kind, **data)
    assert answer.status_code == 422
    assert "notice-bad" in answer.text
    assert content(made).lines == ()


def test_an_unknown_kind_or_criterion_is_not_there(client, made):
    assert client.get(f"{made.url}/rubric/new?kind=magic").status_code == 404
    assert client.get(f"{made.url}/rubric/criteria/c9").status_code == 404
    post = {"version": made.version}
    assert client.post(f"{made.url}/rubric/criteria/c9/up", data=post).status_code == 404


def test_points_that_do_not_sum_up_are_kept_with_a_warning(client, made):
    add(client, made, "judged", points=40, levels=LEVELS)
    add(client, made, "judged", name="二", points="25.5", levels=LEVELS)
    assert "合计 65.5 分" in client.get(f"{made.url}/rubric").text
    assert "34.5" in client.get(f"{made.url}/rubric/new?kind=judged").text
    add(client, made, "judged", name="三", points="50", levels=LEVELS)
    assert "多了 15.5 分" in client.get(f"{made.url}/rubric").text


def test_two_criteria_cannot_have_one_name(client, made):
    add(client, made, "judged", points=40, levels=LEVELS)
    assert add(client, made, "judged", points=40, levels=LEVELS).status_code == 422


def test_two_who_write_do_not_overwrite_each_other(client, made):
    seen = made.version
    add(client, made, "judged", points=40, levels=LEVELS)
    late = add(client, made, "judged", name="晚", points=70, levels=LEVELS, version=seen)
    assert late.status_code == 409
    assert 'value="70"' in late.text
    assert [line.weight_bp for line in content(made).lines] == [4000]


def test_lines_are_moved_and_taken_out_and_an_old_version_comes_back(client, made):
    made.act(rubrics.set_rubric, selections.RUBRIC)
    for what, codes in (("up", ["c2", "c1", "c3"]), ("down", ["c1", "c2", "c3"]), ("remove", ["c1", "c3"])):
        answer = client.post(f"{made.url}/rubric/criteria/c2/{what}", data={"version": made.version})
        assert answer.status_code == 302
        assert [line.code for line in content(made).lines] == codes
    history = client.get(f"{made.url}/rubric/history").text
    assert "去掉" in history
    assert made.manager.name in history
    client.post(f"{made.url}/rubric/history/2/take-up", data={"version": made.version})
    assert [line.code for line in content(made).lines] == ["c1", "c2", "c3"]
    assert [version.number for version in list_rubric_versions(made.round_id)] == [6, 5, 4, 3, 2, 1]
    assert client.post(f"{made.url}/rubric/history/9/take-up", data={"version": made.version}).status_code == 404


def test_bonus_and_floors_are_written_and_taken_out(client, made):
    made.act(rubrics.set_rubric, selections.RUBRIC)
    bonus = {"column": "脱贫县", "test": "equals", "value": "是", "points": 3, "words": "来自脱贫县"}
    veto = {"field": "judged.c1", "test": "below", "limit": 2, "flag": "可行性不足"}
    money = {"field": "net_sales_fen", "test": "at_least", "value": "5000", "points": 2}
    for what, data in (("bonus", bonus), ("bonus", money), ("veto", veto)):
        assert client.post(f"{made.url}/rubric/{what}", data={"version": made.version, **data}).status_code == 302
    kept = content(made)
    assert kept.bonus[0] == {"field": "table.脱贫县", "equals": "是", "points": 3, "words": "来自脱贫县"}
    assert kept.bonus[1] == {"field": "net_sales_fen", "at_least": 500_000, "points": 2}
    assert kept.veto == ({"field": "judged.c1", "below": 2, "flag": "可行性不足"},)
    shown = client.get(f"{made.url}/rubric").text
    assert "创业计划" in shown.split("可行性不足")[0][-200:]
    assert "5000" in shown
    client.post(f"{made.url}/rubric/bonus/1/remove", data={"version": made.version})
    assert [item["points"] for item in content(made).bonus] == [2]


@pytest.mark.parametrize(
    ("what", "data"),
    [
        ("bonus", {"field": "county", "test": "at_least", "value": "天镇县", "points": 3}),
        ("bonus", {"field": "net_sales_fen", "test": "equals", "value": "很多", "points": 3}),
        ("bonus", {"field": "nothing", "test": "equals", "value": "1", "points": 3}),
        ("veto", {"field": "county", "test": "below", "limit": 2, "flag": "x"}),
        ("veto", {"field": "judged.c1", "test": "below", "limit": "", "flag": "x"}),
    ],
)
def test_a_line_that_cannot_be_meant_is_shown_again(client, made, what, data):
    made.act(rubrics.set_rubric, selections.RUBRIC)
    assert client.post(f"{made.url}/rubric/{what}", data={"version": made.version, **data}).status_code == 422
    assert content(made).bonus == content(made).veto == ()


def test_a_floor_on_a_judged_criterion_flags_and_removes_nobody(client, made, app):
    made = selections.ready(2, 1)
    lines = content(made).lines
    made.act(rubrics.set_rubric, lines, veto=({"field": "judged.c1", "below": 2, "flag": "提交讨论"},))
    made.act(rounds.open_round)
    made.submit(0, 0, 1, 3)
    made.submit(1, 0, 2, 1)
    made.act(rounds.close_round)
    found = dict(db.session.execute(db.select(RankingRow.application_id, RankingRow.vetoes)).all())
    first, second = made.applications()
    assert found == {first.id: ["提交讨论"], second.id: []}


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_ready_rule_is_looked_at_taken_in_and_given_out_the_same(client, made, name):
    page = client.get(f"{made.url}/rubric/import?template={name}")
    assert page.status_code == 200
    values = {key: value[0].replace("&#34;", '"') for key, value in form_values(page.text).items()}
    assert client.post(f"{made.url}/rubric/import", data={**values, "act": "confirm"}).status_code == 302
    assert content(made).weight_bp == 10_000
    first = client.get(f"{made.url}/rubric/rules.json").text
    data = {"version": made.version, "file": (io.BytesIO(first.encode()), "rules.json")}
    looked_at = client.post(f"{made.url}/rubric/import", data=data)
    assert looked_at.status_code == 200
    assert "没有不同" in looked_at.text
    client.post(f"{made.url}/rubric/import", data={"version": made.version, "text": first, "act": "confirm"})
    assert client.get(f"{made.url}/rubric/rules.json").text == first
    if name != "drop_extremes":  # that one has the judges' columns for itself
        read_rules(first)


def test_a_file_brings_its_line_and_how_sheets_are_put_together(client, made):
    rules = json.loads(json.dumps(TEMPLATES["host"])) | {"advance": 7}
    for item in rules["criteria"]:
        item["aggregate"] = "median"
    text = json.dumps(rules)
    page = client.post(f"{made.url}/rubric/import", data={"version": made.version, "text": text}).text
    assert "1 → 7" in page
    client.post(f"{made.url}/rubric/import", data={"version": made.version, "text": text, "act": "confirm"})
    round_ = db.session.get(Round, made.round_id)
    assert (round_.advances, round_.aggregate) == (7, "median")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rules: rules.pop("criteria"), "criteria"),
        (lambda rules: rules["criteria"][0].update(kind="magic"), "magic"),
        (lambda rules: rules["criteria"][0].update(steps=3), "steps"),
        (lambda rules: rules["criteria"][0].pop("step"), "criteria[1].step"),
        (lambda rules: rules["criteria"][0].update(points=0), "0"),
        (lambda rules: rules["criteria"][0].update(points=20.005), "20.005"),
        (lambda rules: rules["criteria"][0].update(kind="per_unit", points_per_unit=1, step=None, points=None), "cap"),
        (lambda rules: rules["criteria"][0].update(code="a b"), "a b"),
        (lambda rules: rules["criteria"].append(rules["criteria"][0]), "viewers"),
        (lambda rules: rules.update(advance=10**9), "advance"),
        (lambda rules: rules.update(bonus=[{"field": "x", "points": 1}]), "bonus[1]"),
        (
            lambda rules: rules["criteria"][0].update(kind="weighted", step=None, field="net_sales_fen", of=5),
            "观看人数",
        ),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_in_words(client, made, change, words):
    rules = json.loads(json.dumps(TEMPLATES["contest"]))
    change(rules)
    for item in rules.get("criteria", ()):
        for name in [name for name, value in item.items() if value is None]:
            item.pop(name)
    data = {"version": made.version, "text": json.dumps(rules), "act": "confirm"}
    answer = client.post(f"{made.url}/rubric/import", data=data)
    assert answer.status_code == 422
    assert words in answer.text.split("notice-bad")[1][:600]
    assert content(made).lines == ()


def test_a_file_that_is_no_text_is_refused(client, made):
    for sent_file in (b"\xff\xfe\x00", b"[]", b"", b"x" * 300_000):
        data = {"version": made.version, "file": (io.BytesIO(sent_file), "rules.json")}
        assert client.post(f"{made.url}/rubric/import", data=data).status_code == 422


def test_a_table_is_looked_at_before_it_counts_and_taken_back(client, made):
    made.act(services.add_candidates, made.cohort.id, None)
    made.act(rubrics.set_rubric, from_template("contest").lines)
    answer = sent(client, made, '姓名,电话,观看人数\n王秀芳,13800001111,"5,200"\n李月娥,13800002222,12\n')
    page = client.get(answer.location).text
    assert "5200" in page
    assert "13800001111" not in page
    assert "点赞数" in page  # the rules ask for it, and it is not there
    assert made.applications()[2].code in page  # who is not in the table
    client.post(f"{answer.location}/use", data={"version": made.version})
    preview = client.get(f"{made.url}/rubric/preview").text
    assert "点赞数" in preview
    assert client.post(f"{made.url}/rubric/table/take-back", data={"version": made.version}).status_code == 302
    assert "没有使用" in client.get(f"{made.url}/rubric/table").text
    assert client.post(f"{made.url}/rubric/table/999/use", data={"version": made.version}).status_code == 404


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("编号,点赞数\nZ-999,5\n", "第 2 行"),
        ("姓名,点赞数\n王秀芳,5\n王秀芳,6\n", "第 3 行"),
        ("姓名,点赞数\n,5\n", "第 2 行"),
        ("姓名,点赞数\n", "没有"),
        ("姓名\n王秀芳\n", "列"),
        ("点赞数,转发\n5,6\n", "编号"),
        ("姓名,点赞数,点赞数\n王秀芳,5,6\n", "点赞数"),
        ("姓名," + "长" * 61 + "\n王秀芳,5\n", "60"),
    ],
)
def test_a_table_with_a_wrong_row_is_refused_with_its_number(client, made, rows, words):
    made.act(services.add_candidates, made.cohort.id, None)
    answer = sent(client, made, rows)
    assert answer.status_code == 422
    assert words in answer.text.split("notice-bad")[1][:400]


def test_a_table_the_rules_cannot_read_does_not_come_in_force(client, made):
    made.act(services.add_candidates, made.cohort.id, None)
    made.act(rubrics.set_rubric, from_template("contest").lines)
    answer = sent(client, made, "姓名,观看人数\n王秀芳,很多\n")
    refused = client.post(f"{answer.location}/use", data={"version": made.version})
    assert refused.status_code == 422
    assert "很多" in refused.text
    assert "观看人数" in refused.text.split("notice-bad")[1][:300]


def test_dropping_extremes_needs_every_mark_before_the_round_opens(client, made):
    made.act(services.add_candidates, made.cohort.id, None)
    made.act(rubrics.set_rubric, from_template("drop_extremes").lines)
    with pytest.raises(rubrics.BadSelectionInput):
        made.act(rounds.open_round)
    assert made.state is RoundState.DRAFT


def test_marks_of_seven_judges_without_the_highest_and_lowest(client, made):
    made.act(services.add_candidates, made.cohort.id, None)
    made.act(rubrics.set_rubric, from_template("drop_extremes").lines)
    heads = [f"评委{n}{name}" for name in ("理论", "直播", "运营") for n in range(1, 8)]
    marks = (100, 80, 80, 80, 80, 80, 0)
    rows = "\n".join(f"{name},{','.join(map(str, marks * 3))}" for name in selections.NAMES[:3])
    answer = sent(client, made, f"姓名,{','.join(heads)}\n{rows}\n")
    client.post(f"{answer.location}/use", data={"version": made.version})
    made.act(rounds.open_round)
    made.act(rounds.close_round)
    assert set(db.session.scalars(db.select(RankingRow.total_hundredths))) == {8000}


def test_the_preview_shows_points_figures_and_what_another_version_would_change(client, made):
    shop = factories.shop(db.session.get(factories.Person, made.enrolments[0].person_id))
    selections.order(shop, 50_000)
    made.act(services.add_candidates, made.cohort.id, None)
    sales = CriterionDraft(
        "净成交额", CriterionKind.MIN_MAX, 10_000, rule={"field": "net_sales_fen", "low": 0, "high": 100_000}
    )
    made.act(rubrics.set_rubric, [sales])
    made.act(rubrics.set_rubric, [*selections.RUBRIC[:1], CriterionDraft(**{**sales.__dict__, "weight_bp": 5000})])
    page = client.get(f"{made.url}/rubric/preview?with=2").text
    assert "¥500.00" in page
    assert ">25\n" in page or ">25<" in page
    assert "创业计划" in page  # left out, and said so
    assert page.count("尚不知道") == 2
    assert client.get(f"{made.url}/rubric/preview?with=99").status_code == 404


def test_there_is_no_live_rank_once_the_round_is_open(signed_in, app):
    made = selections.opened()
    client = signed_in(made.manager)
    assert client.get(f"{made.url}/rubric/preview").status_code == 302
    assert client.get(f"{made.url}/rubric/import").status_code == 302
    shown = client.get(f"{made.url}/rubric").text
    assert "计划可行" in shown
    assert "<form" not in shown.split("<main")[1]
    assert add(client, made, "judged", points=40, levels=LEVELS).status_code == 422
    assert sent(client, made, "编号,点赞数\nA-001,5\n").status_code == 422


def test_the_rules_of_the_round(client, made):
    url = f"{made.url}/rules-of-round"
    page = client.get(url).text
    assert 'value="1"' in page
    data = {"version": made.version, "advances": 3, "ranked_by": "adjusted", "aggregate": "drop_extremes"}
    data |= {"blind": "", "seed": 42, "closes_at": "2030-03-01T18:00"}
    assert client.post(url, data=data).status_code == 302
    round_ = db.session.get(Round, made.round_id)
    kept = (round_.advances, round_.ranked_by, round_.aggregate, round_.blind, round_.seed)
    assert kept == (3, "adjusted", "drop_extremes", False, 42)
    assert round_.closes_at.isoformat() == "2030-03-01T10:00:00+00:00"
    assert "2030-03-01T18:00" in client.get(url).text
    event = db.session.scalar(db.select(AuditEvent).where(AuditEvent.action == "round.set_rules"))
    assert event.details["after"]["seed"] == "42"
    for wrong in ({"advances": 0}, {"seed": -1}, {"ranked_by": "luck"}, {"closes_at": "2020-01-01T00:00"}):
        assert client.post(url, data={**data, "version": made.version, **wrong}).status_code == 422


def test_the_rules_of_an_open_round_are_only_read(signed_in, app):
    made = selections.opened()
    client = signed_in(made.manager)
    assert "<form" not in client.get(f"{made.url}/rules-of-round").text.split("<main")[1]
    data = {"version": made.version, "advances": 3, "ranked_by": "raw", "aggregate": "mean", "seed": 1}
    assert client.post(f"{made.url}/rules-of-round", data=data).status_code == 422
    assert db.session.get(Round, made.round_id).advances == 1


def test_every_kind_has_a_form_and_words():
    assert set(FORMS) == set(WORDS) == set(CriterionKind)
    assert {kind.value for kind in CriterionKind} - {"marks"} == set(KINDS)


@pytest.mark.parametrize("women", [1, 3])
def test_statements_do_not_grow(signed_in, count_statements, women):
    made = selections.ready(women, women)
    lines = (*selections.RUBRIC, CriterionDraft("点赞", CriterionKind.MIN_MAX, 100, rule={"field": "table.点赞数"}))
    made.act(rubrics.set_rubric, lines)
    made.act(rubrics.set_rubric, lines, bonus=({"field": "county", "equals": "天镇县", "points": 1},))
    table = selections.round_table(made)
    client = signed_in(made.manager)
    for path, most in (
        ("rubric", 7),
        ("rubric/new?kind=percentile", 8),
        ("rubric/criteria/c3", 8),
        ("rubric/bonus", 8),
        ("rubric/history", 6),
        ("rubric/import?template=best_k", 8),
        ("rubric/preview", 12),
        ("rubric/table", 7),
        (f"rubric/table/{table}", 8),
        ("rules-of-round", 5),
        ("rubric/rules.json", 6),
    ):
        with count_statements() as seen:
            assert client.get(f"{made.url}/{path}").status_code == 200
        assert len(seen) == most, (path, len(seen))
