"""`sales inspect` and `sales import`: JSON alone on standard output, exit 2 with one sentence where a file cannot be taken."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import factories
from tests.platforms.makers import EXPECTED, SAMPLES
from tests.services.test_sales import order, orders_file
from trainer.database import db
from trainer.models import ImportBatch, Livestream, OrderLine

ROOT = Path(__file__).parents[2]
PLATFORM_FILES = [name for name in EXPECTED if not name.startswith("roster")]
ALWAYS = ["platform", "kind", "header_row", "data_rows", "rows", "rejected", "warnings"]
OF_KIND = {
    "live_session": [
        *("gmv_fen", "gmv_incl_abnormal_fen", "refund_fen", "refund_basis"),
        *("orders", "viewers", "viewers_exact", "duration_s"),
    ],
    "order": ["main_orders", "paid_fen", "refunded_fen", "net_fen", "settled_fen", "closed_rows"],
}


@pytest.fixture
def run(app):
    """`run("sales", …)`: exit code, the JSON on standard output or None, standard error."""

    def call(*words: object):
        result = app.test_cli_runner().invoke(args=[str(word) for word in words])
        return result.exit_code, json.loads(result.stdout) if result.stdout else None, result.stderr

    return call


@pytest.mark.parametrize("name", PLATFORM_FILES)
def test_every_sample_reaches_its_figures(run, name):
    code, told, errors = run("sales", "inspect", SAMPLES / name, "--json")
    assert (code, errors) == (0, "")
    assert list(told) == ALWAYS + OF_KIND[told["kind"]]
    agreed = {key: value for key, value in EXPECTED[name].items() if key in told}
    assert {key: told[key] for key in agreed} == agreed
    assert len(agreed) >= 6


def test_problems_come_as_row_field_code_and_sentence(run, tmp_path):
    file = tmp_path / "orders.csv"
    file.write_bytes(orders_file(order(1), order(2, paid="很多"), order(1)))
    _code, told, _errors = run("sales", "inspect", file, "--json")
    assert told["rejected"] == [[3, "买家实付金额", "bad_money", "“很多”看不出是多少钱。"]]
    assert told["warnings"] == [[4, "订单编号", "duplicate_row", "与第 2 行重复，只算一次。"]]


def test_inspecting_needs_no_database_and_leaves_its_output_clean(tmp_path):
    """The command as it is really called, over an instance that has nothing yet."""
    environment = {**os.environ, "INSTANCE_PATH": str(tmp_path), "TRAINER_MODE": "production"}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "sales", "inspect"]

    def call(*words: str):
        return subprocess.run(
            [*command, *words], capture_output=True, cwd=ROOT, env=environment, check=False, timeout=300
        )

    name = "kuaishou_live_sessions_SYNTHETIC.xlsx"
    done = call(str(SAMPLES / name), "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["gmv_fen"] == EXPECTED[name]["gmv_fen"]
    refused = call(str(SAMPLES / "EXPECTED.json"), "--json")
    assert (refused.returncode, refused.stdout) == (2, b"")
    assert refused.stderr.decode().startswith("没有认出这是哪个平台的文件")
    assert len(refused.stderr.decode().splitlines()) == 1


def test_without_json_it_reads_like_a_list(app, tmp_path):
    result = app.test_cli_runner().invoke(args=["sales", "inspect", str(SAMPLES / PLATFORM_FILES[0])])
    assert 'platform: "kuaishou"' in result.stdout


def test_a_missing_file_is_one_sentence(run, tmp_path):
    code, told, errors = run("sales", "inspect", tmp_path / "nothing.csv", "--json")
    assert (code, told) == (2, None)
    assert "nothing.csv" in errors


@pytest.mark.parametrize("name", PLATFORM_FILES)
def test_every_sample_is_taken_in(run, name):
    expected = EXPECTED[name]
    shop = factories.shop(factories.person(), expected["platform"])
    code, told, errors = run("sales", "import", SAMPLES / name, "--shop", shop.id, "--json")
    assert (code, errors) == (0, "")
    assert list(told)[-5:] == ["batch", "new", "changed", "unchanged", "conflicts"]
    assert (told["new"], told["changed"], told["unchanged"], told["conflicts"]) == (told["rows"], 0, 0, 0)
    table, money, key = (
        (OrderLine, OrderLine.paid_fen, "paid_fen")
        if expected["kind"] == "order"
        else (Livestream, Livestream.gmv_fen, "gmv_fen")
    )
    assert db.session.scalar(db.select(db.func.sum(money)).where(table.shop_id == shop.id)) == expected[key]


def test_the_same_file_twice_changes_nothing(run):
    shop = factories.shop(factories.person(), "kuaishou")
    words = ("sales", "import", SAMPLES / "kuaishou_live_sessions_SYNTHETIC.xlsx", "--shop", shop.id, "--json")
    _code, first, _errors = run(*words)
    code, again, errors = run(*words)
    assert code == 0
    assert "已于" in errors
    assert (again["batch"], again["new"], again["changed"], again["unchanged"]) == (first["batch"], 0, 0, 6)


def test_known_rows_in_another_file_leave_no_batch(run, tmp_path):
    shop = factories.shop(factories.person(), "taobao")
    counts = []
    for number, orders in enumerate(((order(1), order(2)), (order(2), order(1)), (order(2, refund="9.00"), order(3)))):
        file = tmp_path / f"{number}.csv"
        file.write_bytes(orders_file(*orders))
        _code, told, _errors = run("sales", "import", file, "--shop", shop.id, "--json")
        counts.append((told["batch"] is None, told["new"], told["changed"], told["unchanged"]))
    assert counts == [(False, 2, 0, 0), (True, 0, 0, 2), (False, 1, 1, 0)]
    assert db.session.scalar(db.select(db.func.count(ImportBatch.id))) == 2


@pytest.mark.parametrize(
    ("platform", "sentence"), [("taobao", "这是快手的文件，而这家店铺在淘宝"), (None, "没有编号为 77 的店铺")]
)
def test_a_file_that_does_not_belong_there_exits_with_2(run, platform, sentence):
    shop_id = factories.shop(factories.person(), platform).id if platform else 77
    file = SAMPLES / "kuaishou_live_sessions_SYNTHETIC.xlsx"
    code, told, errors = run("sales", "import", file, "--shop", shop_id, "--json")
    assert (code, told) == (2, None)
    assert sentence in errors
    assert len(errors.splitlines()) == 1
