"""`selection rank` and `selection score`: exactly the documented answers, in any encoding, with exit codes."""

import json

import pytest

RULES = {
    "title": "County livestream contest",
    "key": "name",
    "advance": 3,
    "criteria": [
        {"code": "viewers", "kind": "rank_step", "field": "viewers", "points": 20, "step": 0.5},
        {"code": "likes", "kind": "rank_step", "field": "likes", "points": 20, "step": 0.5},
        {"code": "orders", "kind": "rank_step", "field": "orders", "points": 20, "step": 0.5},
        {"code": "sales", "kind": "rank_step", "field": "sales_fen", "points": 40, "step": 0.5},
    ],
    "bonus": [],
    "veto": [],
}
TABLE = """name,viewers,likes,orders,sales_fen
甲,5200,31000,86,412300
乙,8100,29500,86,398000
丙,3900,45200,51,515050
丁,8100,12000,40,99000
戊,450,800,2,3600
"""
RUBRIC = {"criteria": [{"code": "plan", "weight": 100, "min": 1, "max": 5}], "seats": 1, "seed": 1}
SCORES = """candidate,judge,criterion,level
甲,评委一,plan,5
甲,评委二,plan,4
乙,评委一,plan,4
乙,评委二,plan,2
"""


@pytest.fixture
def run(app, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: str, **files: bytes | str | dict):
        for name, content in files.items():
            content = json.dumps(content) if isinstance(content, dict) else content
            content = content.encode() if isinstance(content, str) else content
            (tmp_path / name).write_bytes(content)
        return app.test_cli_runner().invoke(args=["selection", *arguments])

    return invoke


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_worked_example(run, encoding):
    answer = run("score", "rules", "table", "--json", rules=RULES, table=TABLE.encode(encoding))
    assert answer.exit_code == 0, answer.stderr
    found = json.loads(answer.stdout)
    assert [(r["candidate"], r["total"], r["rank"], r["advances"]) for r in found["rows"]] == [
        ("甲", 98, 1, True),
        ("乙", 98, 1, True),
        ("丙", 97.5, 3, True),
        ("丁", 95.5, 4, False),
        ("戊", 92, 5, False),
    ]
    assert found["rows"][2]["points"] == {"viewers": 18.5, "likes": 20, "orders": 19, "sales": 40}
    assert set(found["formula"]) == {"viewers", "likes", "orders", "sales"}


def test_ranks_do_not_depend_on_the_order_of_rows(run):
    head, *rows = SCORES.splitlines(keepends=True)
    one = run("rank", "scores", "--rubric", "rubric", "--json", scores=SCORES, rubric=RUBRIC)
    other = run("rank", "scores", "--rubric", "rubric", "--json", scores="".join([head, *reversed(rows)]))
    assert one.exit_code == other.exit_code == 0
    assert one.stdout == other.stdout
    found = json.loads(one.stdout)
    assert [(r["candidate"], r["n"], r["raw"], r["rank"]) for r in found["rows"]] == [
        ("甲", 2, 87.5, 1),
        ("乙", 2, 50.0, 2),
    ]
    assert set(found) == {
        *("components", "lambda2", "agreement", "rows", "judges", "input_sha256", "output_sha256", "versions"),
    }


@pytest.mark.parametrize(
    ("scores", "rubric", "sentence"),
    [
        (TABLE, RUBRIC, "candidate"),
        (SCORES, "nonsense", "JSON"),
        (SCORES, {**RUBRIC, "criteria": [{**RUBRIC["criteria"][0], "weight": 90}]}, "100"),
        (b"\xff\xfe\x00\xd8\xff", RUBRIC, ""),
        (b"", RUBRIC, "candidate"),
    ],
)
def test_what_cannot_be_taken_is_one_sentence_and_exit_2(run, scores, rubric, sentence):
    answer = run("rank", "scores", "--rubric", "rubric", "--json", scores=scores, rubric=rubric)
    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert sentence in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1


def test_a_file_that_is_not_there(run):
    answer = run("rank", "nowhere.csv", "--rubric", "rubric", "--json", rubric=RUBRIC)
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert "nowhere.csv" in answer.stderr


def test_for_people_it_prints_a_table(run):
    answer = run("score", "rules", "table", rules=RULES, table=TABLE)
    assert answer.stdout.splitlines()[1].startswith("1\t甲\t98")
    answer = run("rank", "scores", "--rubric", "rubric", scores=SCORES, rubric=RUBRIC)
    assert answer.stdout.splitlines()[1].startswith("1\t甲\t2\t87.5")


CANDIDATES = "candidate,group\n甲,平城\n乙,云州\n丙,平城\n丁,云州\n戊,\n己,平城\n"
JUDGES = "judge,group,max\n评委一,平城,\n评委二,云州,4\n评委三,,\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_assign_answers_as_documented_whatever_the_order_of_rows(run, encoding):
    head, *rows = CANDIDATES.splitlines(keepends=True)
    arguments = ("assign", "c", "j", "--reviews", "2", "--anchors", "1", "--cross", "0.5", "--seed", "3", "--json")
    apart = "candidate,judge\n甲,评委一\n"
    one = run(*arguments, "--conflicts", "x", c=CANDIDATES.encode(encoding), j=JUDGES.encode(encoding), x=apart)
    other = run(*arguments, "--conflicts", "x", c="".join([head, *reversed(rows)]))
    assert one.exit_code == other.exit_code == 0, one.stderr
    assert one.stdout == other.stdout
    found = json.loads(one.stdout)
    assert set(found) == {"pairs", "loads", "components", "lambda2", "anchors"}
    assert len(found["pairs"]) == 13
    assert ["甲", "评委一"] not in [pair[:2] for pair in found["pairs"]]
    assert sorted(found["loads"].values()) == [4, 4, 5]
    assert (found["components"], len(found["anchors"])) == (1, 1)
    for judge, load in found["loads"].items():
        assert sorted(order for _, of, order in found["pairs"] if of == judge) == list(range(1, load + 1))


@pytest.mark.parametrize(
    ("options", "files", "sentence"),
    [
        (("--reviews", "4"), {}, "4"),
        (("--reviews", "0"), {}, "0"),
        (("--reviews", "2", "--cross", "1.5"), {}, "1.5"),
        (("--reviews", "2", "--cross", "nan"), {}, "nan"),
        (("--reviews", "2", "--anchors", "7"), {}, "7"),
        (("--reviews", "2", "--conflicts", "x"), {"x": "candidate,judge\n庚,评委一\n"}, "庚"),
        (("--reviews", "2", "--conflicts", "x"), {"x": "candidate,judge\n甲,评委九\n"}, "评委九"),
        (("--reviews", "2"), {"j": "judge,group,max\n评委一,,many\n"}, "many"),
        (("--reviews", "2"), {"j": "judge,group,max\n评委一,,-1\n"}, "-1"),
        (("--reviews", "1"), {"j": "judge,group,max\n评委一,,\n评委一,,\n"}, "评委一"),
        (("--reviews", "1"), {"c": "candidate,group\n甲,\n甲,\n"}, "甲"),
        (("--reviews", "1"), {"c": "candidate,group\n,a\n"}, "candidate"),
        (("--reviews", "1"), {"c": "candidate,group\n"}, ""),
        (("--reviews", "2"), {"j": "judge,group,max\n评委一,,3\n评委二,,3\n"}, "12"),
        (("--reviews", "2"), {"j": b"\xff\xfe\x00\xd8\xff"}, ""),
    ],
)
def test_what_assign_cannot_take_is_one_sentence_and_exit_2(run, options, files, sentence):
    answer = run("assign", "c", "j", *options, "--json", **{"c": CANDIDATES, "j": JUDGES, **files})
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert sentence in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1


def test_assign_prints_pairs_for_people(run):
    answer = run("assign", "c", "j", "--reviews", "1", c=CANDIDATES, j=JUDGES)
    assert answer.stdout.splitlines()[0] == "candidate\tjudge\torder"
    assert len(answer.stdout.splitlines()) == 7
