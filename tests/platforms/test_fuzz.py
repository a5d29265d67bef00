"""Files and cells nobody meant to send: a proper answer or a refusal comes out, in time, and nobody's name.

FUZZ_EXAMPLES=5000 makes a long run of it, other files each time: worth an hour after the readers have changed.
"""

import os
import pickle
import random
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.platforms.makers import SAMPLES, TODAY, as_csv, as_html, as_xlsx, sample
from tests.platforms.test_variants import FILES, PLANTED
from trainer.domain.sales import LivestreamRow, OrderLineRow, Platform, SalesKind
from trainer.errors import UnreadableFile
from trainer.platforms import normalise, plain
from trainer.platforms.headings import columns_of
from trainer.platforms.inspection import Inspection, inspect_file, inspection_summary
from trainer.platforms.mapping import FIELDS, Mapping, UnfitMapping, headings_of, suggested
from trainer.platforms.normalise import BadCellError
from trainer.platforms.profile import QUIET_LABELS
from trainer.platforms.tables import read_tables

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "20"))
SECONDS = 5
FUZZED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize="FUZZ_EXAMPLES" not in os.environ,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)

NAMES = sorted(FILES)
HOSTILE = (
    *(
        "",
        " ",
        "-",
        "--",
        "合计",
        "总计：",
        "整体",
        "1.2万",
        "9亿亿",
        "１２３．５",
        "1,2,3",
        "1e400",
        "NaN",
        "inf",
        "٣",
        "½",
        "%",
        "¥",
    ),
    *(
        "-5",
        "+5",
        "--5",
        "0",
        "0.001",
        "99999999999999999999",
        "9" * 400,
        "2026-02-30",
        "03月08日 19:30",
        "02月29日",
        "24:61:61",
    ),
    *(
        "2026-03-06~",
        "~",
        "至",
        "9999-12-31 23:59:59",
        "0001-01-01",
        "2026-03-06 20:00~0001-01-01",
        "=1+1",
        '="1"',
        "'1",
        "\t1\t",
    ),
    *(
        "=cmd|' /C calc'!A0",
        "<script>",
        "\u202e1",
        "\u2028",
        "👩‍🌾",
        "x" * 3000,
        "订单号",
        "实付款",
        "退款成功",
        "部分退款成功",
        "部分",
    ),
    *(
        "6.92345678901235E+18",
        "260230-1",
        "260517-1",
        "空包",
        "直播",
        "123%",
        "0%",
        "1小时99分",
        "99999小时",
        "25:00:00",
        "无",
        "null",
    ),
)
TYPED = (
    *(0, -1, 3, 10**15, 10**30, -(10**20), 1.5, -0.0, 1e308, 6.923456789012346e18, 45000.5, 0.5, True, False, 2**63),
    *(datetime(1900, 1, 1), datetime(9999, 12, 31, 23, 59, 59), datetime(2026, 3, 6, 20, 0)),  # noqa: DTZ001 (cells)
    *(timedelta(days=900), timedelta(seconds=-1), timedelta(hours=26), clock_time(2, 15), date(2026, 3, 6)),
)
CELLS = st.sampled_from(HOSTILE + TYPED) | st.text(max_size=12) | st.integers() | st.floats()


@cache
def sheets_of(name: str) -> int:
    return len(read_tables(sample(name)).tables)


@cache
def rows_of(name: str, sheet: int) -> tuple[tuple[object, ...], ...]:
    rows = [tuple(row) for row in read_tables(sample(name)).tables[sheet].rows]
    width = max(map(len, rows))
    return tuple(row + (None,) * (width - len(row)) for row in rows)


@cache
def heading_row(name: str, sheet: int) -> int:
    rows = rows_of(name, sheet)
    return max(range(min(len(rows), 6)), key=lambda at: len(columns_of(rows[at])))


@st.composite
def mutated_tables(draw) -> list[tuple[object, ...]]:
    """A sample's rows with columns moved, left out and doubled, rows cut and repeated, hostile cells put in.

    Columns about people keep their headings and cells: names put under another heading cannot be known for names.
    """
    name = draw(st.sampled_from(NAMES))
    sheet = draw(st.integers(0, sheets_of(name) - 1))
    rows, head = list(rows_of(name, sheet)), heading_row(name, sheet)
    chance = random.Random(draw(st.integers(0, 2**32)))
    width = len(rows[0])
    order = chance.sample(range(width), chance.choice((width, width, chance.randint(min(3, width), width))))
    order += chance.sample(order, chance.randint(0, min(2, len(order))))
    rows = [tuple(row[at] for at in order) for row in rows]
    personal = {column.index for column in columns_of(rows[head]) if column.heading.label in QUIET_LABELS}
    free = [at for at in range(len(order)) if at not in personal]
    if chance.random() < 0.3:
        rows = rows[: chance.randint(1, len(rows))]
    for _ in range(chance.randint(0, 3)):
        rows.insert(chance.randint(0, len(rows)), chance.choice(rows))
    for cell in draw(st.lists(CELLS, max_size=12)) if free else ():
        at, column = chance.randrange(len(rows)), chance.choice(free)
        rows[at] = (*rows[at][:column], cell, *rows[at][column + 1 :])
    return rows


def packed(rows: list[tuple[object, ...]], container: str, others: tuple[list[tuple[object, ...]], ...] = ()) -> bytes:
    texts = [["" if cell is None else str(cell).replace("\x00", "") for cell in row] for row in rows]
    if container == "html":
        return as_html([[cell.encode("utf-8", "replace").decode() for cell in row] for row in texts], "utf-8")
    if container != "xlsx":
        return as_csv(
            [[cell.encode(container, "replace").decode(container) for cell in row] for row in texts], container
        )
    first, *after = ([[_workbook_cell(cell) for cell in row] for row in sheet] for sheet in (rows, *others))
    return as_xlsx(first, after=[(f"表{at}", sheet) for at, sheet in enumerate(after)])


def _workbook_cell(cell: object) -> object:
    """What a workbook can hold: no control signs, no infinity."""
    if isinstance(cell, str):
        return "".join(sign for sign in cell if sign.isprintable() or sign in "\t\n")
    if isinstance(cell, float) and (cell != cell or abs(cell) == float("inf")):
        return None
    return cell


def inspected(content: bytes, platform: Platform | None = None, mappings: Sequence[Mapping] = ()) -> Inspection | None:
    """Whatever the file: an answer whose sums are those of its rows, or a refusal, and soon."""
    begun = time.process_time()
    try:
        found = inspect_file(content, today=TODAY, platform=platform, mappings=mappings)
    except UnreadableFile:
        found = None
    assert time.process_time() - begun < SECONDS
    if found is not None:
        check_sums(found)
    return found


def check_sums(found: Inspection) -> None:
    answer, rows = inspection_summary(found), found.rows
    assert len({row.natural_key for row in rows}) == len(rows) <= answer["data_rows"]
    assert {row.row for row in rows}.isdisjoint(problem.row for problem in found.rejected)
    for row in rows:
        for name in plain.FIELDS[found.kind]:
            value = getattr(row, name)
            str(value).encode()  # no database takes half a sign
            assert value.__class__ is not int or abs(value) < (2**63 if name.endswith("_fen") else 2**31), name
    if found.kind is SalesKind.ORDER:
        assert all(isinstance(row, OrderLineRow) and 0 <= row.refunded_fen <= row.paid_fen for row in rows)
        assert answer["paid_fen"] == sum(row.paid_fen for row in rows)
        assert answer["refunded_fen"] == sum(row.refunded_fen for row in rows)
        assert answer["net_fen"] == sum(row.net_fen for row in rows)
    elif found.kind is SalesKind.LIVE_SESSION:
        assert all(isinstance(row, LivestreamRow) and row.started_at.tzinfo for row in rows)
        assert (answer["gmv_fen"] or 0) == sum(row.gmv_fen or 0 for row in rows)
        assert (answer["viewers"] or 0) == sum(row.viewers or 0 for row in rows)
    else:
        assert answer["settled_fen"] == sum(row.settled_fen for row in rows)


PLATFORMS = st.none() | st.sampled_from(list(Platform))
TEXTS = st.builds(packed, mutated_tables(), st.sampled_from(["utf-8", "gb18030", "utf-16", "html"]))
BOOKS = st.builds(packed, mutated_tables(), st.just("xlsx"), st.lists(mutated_tables(), max_size=2).map(tuple))
# Workbooks take ten times as long as texts to write and to read.
MADE = st.integers(0, 7).flatmap(lambda chance: TEXTS if chance else BOOKS)


@FUZZED
@given(MADE, PLATFORMS)
def test_mutated_tables(content, platform):
    found = inspected(content, platform)
    kept = pickle.dumps(found)
    assert not any(word.encode() in kept for word in PLANTED if not word.startswith(("SYN", "空包")))
    with suppress(UnreadableFile):
        assert not any(word in repr(headings_of(content)) for word in PLANTED[:3])


@cache
def bytes_of(name: str) -> bytes:
    return sample(name)


@FUZZED
@given(
    st.sampled_from(NAMES),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=3), st.integers(0, 4)), max_size=6),
    st.floats(0, 1),
    PLATFORMS,
)
def test_mutated_bytes(name, changes, end, platform):
    """Bytes overwritten, put in, taken out; the file cut off."""
    content = bytearray(bytes_of(name))
    for where, put, taken in changes:
        at = int(where * len(content))
        content[at : at + taken] = put
    inspected(bytes(content[: int(end * len(content)) or None]), platform)


@FUZZED
@given(st.binary(max_size=400), st.text(max_size=200))
def test_random_bytes_and_texts(raw, said):
    for content in (
        raw,
        said.encode("utf-8", "replace"),
        b"<table><tr><td>" + raw,
        "订单号,实付款,订单状态\n".encode() + raw,
    ):
        inspected(content)
        with suppress(UnreadableFile):
            headings_of(content)


found_in = cache(headings_of)


@st.composite
def said_of_columns(draw) -> tuple[bytes, Mapping]:
    """A sample and what somebody might say of its columns, as far as it is let pass."""
    content = bytes_of(draw(st.sampled_from(NAMES)))
    found, kind = found_in(content), draw(st.sampled_from(list(SalesKind)))
    some = st.dictionaries(st.sampled_from(FIELDS[kind].fields), st.sampled_from(found.headings), max_size=6)
    columns = {**suggested(found.headings, kind), **draw(some)}
    return content, Mapping(draw(st.sampled_from(list(Platform))), kind, found.fingerprint, columns)


@FUZZED
@given(said_of_columns())
def test_whatever_is_said_of_columns(file_and_mapping):
    content, mapping = file_and_mapping
    with suppress(UnfitMapping):
        mapping.check(dict.fromkeys(found_in(content).headings))
        found = inspected(content, mappings=[mapping])
        assert not any(word.encode() in pickle.dumps(found) for word in PLANTED[:3])


READERS = {
    "money": normalise.money,
    "count": normalise.count,
    "duration": normalise.duration,
    "moment": normalise.moment,
    "span": normalise.span,
    "identifier": normalise.identifier,
    "text": normalise.text,
    "folded": normalise.folded,
    "heading": normalise.heading,
    "rate": normalise.rate,
    "average": normalise.average,
}


@settings(FUZZED, max_examples=EXAMPLES * 4)
@given(CELLS | st.datetimes(timezones=st.none() | st.just(UTC)) | st.timedeltas() | st.times() | st.dates() | st.none())
def test_any_cell(cell):
    for read in READERS.values():
        with suppress(BadCellError):
            read(cell)


def test_the_samples_are_all_fuzzed():
    """Those of sales; rosters and marks have readers of their own."""
    assert {path.name for path in SAMPLES.glob("*SYNTHETIC*")} - set(NAMES) == {
        *("marks_lesson_SYNTHETIC_gb18030.csv", "roster_datong_SYNTHETIC.xlsx"),
    }
