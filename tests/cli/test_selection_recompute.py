"""`selection recompute`: a frozen ranking is reached from its export alone, and every change of the file is found."""

import json

import pytest

from tests import selections


@pytest.fixture
def export(app, signed_in, tmp_path):
    """The file as the page gives it."""
    made = selections.opened(3, 3, seats=1)
    for place in range(3):
        for evaluator in range(3):
            made.submit(place, evaluator, 1 + (place + evaluator) % 3, 1 + (2 * place + evaluator) % 3)
    made.act(selections.rounds.close_round)
    run_id = made.freeze()
    file = tmp_path / "run.json"
    file.write_bytes(signed_in(made.manager).get(f"{made.url}/ranking/{run_id}/run.json").data)
    return file


def test_the_file_suffices_without_a_database(export, app, monkeypatch):
    monkeypatch.setitem(app.config, "SQLALCHEMY_DATABASE_URI", "sqlite:////nowhere/at/all")
    result = app.test_cli_runner().invoke(args=["selection", "recompute", str(export), "--json"])
    assert result.exit_code == 0, result.output
    answer, document = json.loads(result.stdout), json.loads(export.read_text())
    assert (answer["same"], answer["candidates"]) == (True, 3)
    assert answer["output_sha256"] == document["output_sha256"]
    assert "王秀芳" not in export.read_text()


def test_in_words(export, app):
    result = app.test_cli_runner().invoke(args=["selection", "recompute", str(export)])
    assert (result.exit_code, "3" in result.stdout) == (0, True)


def changed(document, change):
    copy = json.loads(json.dumps(document))
    change(copy)
    return copy


CHANGES = {
    "a level": lambda d: d["inputs"]["sheets"][0]["levels"].update(
        c1=3 if d["inputs"]["sheets"][0]["levels"]["c1"] == 1 else 1
    ),
    "a weight": lambda d: d["inputs"]["criteria"][0].update(weight_bp=4000),
    "the line": lambda d: d["inputs"].update(seats=2),
    "a rank written down": lambda d: d["output"]["rows"][0].update(rank=3),
    "a hash": lambda d: d.update(output_sha256="0" * 64),
    "the hash of the inputs": lambda d: d.update(input_sha256="0" * 64),
    "a sheet left out": lambda d: d["inputs"]["sheets"].pop(),
    "no inputs": lambda d: d.pop("inputs"),
    "another kind": lambda d: d.update(kind="x"),
    "sheets that are none": lambda d: d["inputs"].update(sheets=[3]),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_was_changed_is_found(export, app, what):
    export.write_text(json.dumps(changed(json.loads(export.read_text()), CHANGES[what])))
    result = app.test_cli_runner().invoke(args=["selection", "recompute", str(export)])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1


def test_the_order_of_rows_is_nothing(export, app):
    document = json.loads(export.read_text())
    document["inputs"]["sheets"].reverse()
    document["inputs"]["figures"] = dict(reversed(document["inputs"]["figures"].items()))
    export.write_text(json.dumps(document))
    assert app.test_cli_runner().invoke(args=["selection", "recompute", str(export)]).exit_code == 0


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff\xfe\x00", b'{"kind": "trainer.ranking_run"}'])
def test_no_export(app, tmp_path, content):
    file = tmp_path / "x.json"
    file.write_bytes(content)
    result = app.test_cli_runner().invoke(args=["selection", "recompute", str(file)])
    assert (result.exit_code, len(result.stderr.strip().splitlines())) == (2, 1)
