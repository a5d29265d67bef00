"""Rows that go through the disk: all of them, in order, as often as asked for; and what is wrong kept within bounds."""

import io

import pytest

from tests.platforms.makers import SHEET, TODAY, as_csv, as_xlsx, repacked, sample, sheet_xml
from trainer.errors import UnreadableFile
from trainer.platforms import reading, sheet, spool, workbooks
from trainer.platforms.inspection import inspect_file, inspect_stream, inspection_summary
from trainer.platforms.limits import run_limited, run_spooled
from trainer.platforms.plain import plain_of, row_of
from trainer.platforms.spool import Spool
from trainer.platforms.tables import read_tables

ORDERS = "douyin_orders_SYNTHETIC_tabids.csv"
KUAISHOU = ("订单号", "订单支付时间", "订单状态", "实付款", "成交数量", "商品ID", "SKU编码", "商品单价")


def kuaishou(order: int, paid: str = "30.00", at: str = "2026-03-06 20:00:00") -> list[tuple[str, ...]]:
    return [(str(order), at, "交易成功", paid, "1", str(product), "S", f"{product * 10}") for product in (1, 2)]


def test_the_rows_wait_on_disk_and_can_be_read_again():
    whole = inspect_file(sample(ORDERS), today=TODAY)
    with run_spooled(inspect_stream, sample(ORDERS), today=TODAY) as read:
        assert (read.inspection.rows, read.inspection.row_count) == ((), len(whole.rows))
        assert inspection_summary(read.inspection) == inspection_summary(whole)
        for _ in range(2):
            plain = [row for chunk in read.chunks() for row in chunk]
            assert tuple(row_of(whole.kind, row) for row in plain) == whole.rows


@pytest.mark.parametrize("name", [ORDERS, "kuaishou_live_sessions_SYNTHETIC.xlsx", "taobao_orders_SYNTHETIC.xlsx"])
def test_a_plain_row_is_the_row(name):
    found = inspect_file(sample(name), today=TODAY)
    assert tuple(row_of(found.kind, plain_of(row)) for row in found.rows) == found.rows


def test_an_order_amount_is_shared_out_over_lines_far_apart(monkeypatch):
    monkeypatch.setattr(spool, "AT_ONCE", 3)
    monkeypatch.setattr(reading, "AT_ONCE", 2)
    lines = [line for order in range(5) for line in kuaishou(order)]
    found = inspect_file(as_csv([KUAISHOU, *lines[::2], *lines[1::2]]), today=TODAY)
    assert [row.paid_fen for row in found.rows] == [1000] * 5 + [2000] * 5
    assert inspection_summary(found)["paid_fen"] == 15_000
    assert found.warning_count == 10


def test_what_is_wrong_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(sheet, "MOST_WARNINGS", 4)
    monkeypatch.setattr(sheet, "MOST_REJECTED_CELLS", 3)
    rows = [line for order in range(5) for line in kuaishou(order, paid="x", at="y")]
    found = inspect_file(as_csv([KUAISHOU, *rows]), today=TODAY)
    assert [problem.row for problem in found.rejected] == [2, 2, 3, 3, *range(4, 12)]
    assert list(found.rejected_cells) == [2, 3, 4]
    odd = [(*line[:2], "奇怪", *line[3:]) for order in range(3) for line in kuaishou(order, paid=f"{order}.00")]
    found = inspect_file(as_csv([KUAISHOU, *odd]), today=TODAY)
    assert (len(found.warnings), found.warning_count) == (4, 6)


def test_a_refusal_in_the_middle_leaves_nothing():
    with pytest.raises(UnreadableFile), run_spooled(inspect_stream, as_csv([KUAISHOU, ("a",) * 400]), today=TODAY):
        pytest.fail("there is nothing to take in")


# --- Big workbooks, through the native reader


@pytest.fixture
def native(monkeypatch):
    monkeypatch.setattr(workbooks, "MANY_ROWS", 1)


ROWS = [("", "订单号", "数"), ("", "1", 2), (), ("", "3", 4.5)]


def test_the_native_reader_gives_what_the_other_gives(native):
    content = as_xlsx([(), *ROWS], after=[("另", [("别", 1)])])
    survey = workbooks.survey(io.BytesIO(content))
    assert survey.is_for_native_reader
    tables = read_tables(content).tables
    assert [table.name for table in tables] == ["数据", "另"]
    assert tables[0].rows == [(), *[tuple(cell or None for cell in row) for row in ROWS]]


@pytest.mark.parametrize(
    ("far", "reason"),
    [
        ('<row r="1048576"><c r="A1048576"><v>1</v></c></row>', "too_many_rows"),
        ("<row r='20002'><c r='KO20002'><v>1</v></c></row>", "too_many_columns"),
        ('<row r = "1048576"><c r = "XFD1048576"><v>1</v></c></row>', "too_many_rows"),
        (
            '<row spans="1:2" r="20002"><c s="1" r="A20002"/><c s="1" r="XFD20002"><v>1</v></c></row>',
            "too_many_columns",
        ),
        # In an order that no program writes: not seen beforehand, so the memory of the child is the limit.
        ('<row r="20002"><c r="XFD20002"><v>1</v></c><c r="A20002"><v>1</v></c></row>', "too_heavy"),
    ],
)
def test_a_far_off_cell_of_a_big_sheet(far, reason):
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, workbooks.MANY_ROWS + 2))
    content = repacked(as_xlsx(ROWS), {SHEET: sheet_xml(rows + far)})
    with pytest.raises(UnreadableFile) as refused:
        run_limited(read_tables, content)
    assert refused.value.reason == reason


def test_formatting_far_off_is_no_cell(native):
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert read_tables(repacked(as_xlsx(ROWS), {SHEET: sheet_xml(cells)})).tables[0].rows == [(1,)]


def test_a_spool_counts_again_what_was_changed():
    class Count:
        def restart(self):
            self.rows = []

        def take(self, chunk):
            self.rows += chunk

    rows = Spool(io.BytesIO())
    rows.tally = Count()
    rows.tally.restart()
    for at in range(5):
        rows.add((at,))
    rows.revise(lambda chunk: [(-at,) for (at,) in chunk])
    assert rows.tally.rows == [row for chunk in rows.chunks() for row in chunk] == [(-at,) for at in range(5)]
