"""The short way to read a cell gives what the long way gives, whatever stands in the cell."""

from datetime import date, datetime

from hypothesis import example, given, settings
from hypothesis import strategies as st

from trainer.platforms.cells import (
    FIRST_YEAR,
    Bad,
    Reader,
    lenient_id,
    plain_count,
    plain_id,
    plain_moment,
    plain_money,
)
from trainer.platforms.normalise import BadCellError, Figure, count, identifier, moment, money
from trainer.platforms.plain import moment_of

NUMBERS = st.one_of(
    st.integers(-(10**15), 10**15), st.floats(allow_nan=False), st.decimals(-(10**9), 10**9, places=2).map(float)
)
WRITTEN = st.one_of(
    st.text("0123456789.,-+ \t¥元万%'=\"e", max_size=14),
    st.from_regex(r"[\t ]?[0-9]{1,9}(\.[0-9]{1,3})?[\t ]?", fullmatch=True),
    st.from_regex(r"[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}( [0-9]{2}:[0-9]{2}(:[0-9]{2})?)?", fullmatch=True),
    st.datetimes(datetime(1900, 1, 2), datetime(2199, 1, 1)).map(lambda at: f"{at:%Y-%m-%d %H:%M:%S}"),  # noqa: DTZ001
    st.datetimes(datetime(1990, 1, 1), datetime(2099, 1, 1)).map(lambda at: f"\t{at:%Y/%m/%d %H:%M}"),  # noqa: DTZ001
)
CELLS = st.one_of(NUMBERS, WRITTEN, st.text(max_size=8), st.booleans(), st.none(), st.dates(date(1900, 1, 2)))


def said(read, cell):
    try:
        found = read(cell)
    except BadCellError as bad:
        return bad.code
    if isinstance(found, datetime) and found.year < FIRST_YEAR:
        return "bad_moment"
    if isinstance(found, datetime):
        return moment_of(round(found.timestamp()))
    return found.number if isinstance(found, Figure) and found.exact else found


@settings(max_examples=400, deadline=None)
@given(CELLS)
@example("1.005")
@example(1.005)
@example("２０26-03-01 08:00:00")
@example("2026-03-01 24:00:00")
@example("2026-02-30")
@example("\t6923456789012345671")
@example("9" * 81)
def test_short_ways_read_as_long_ways_do(cell):
    assert said(plain_money, cell) == said(money, cell)
    assert said(plain_count, cell) == said(count, cell)
    assert said(plain_id, cell) == said(identifier, cell)
    short, long = said(plain_moment, cell), said(moment, cell)
    assert (moment_of(short) if isinstance(short, int) else short) == long


@settings(max_examples=100, deadline=None)
@given(st.lists(CELLS, max_size=12))
def test_what_is_remembered_is_what_would_be_read(cells):
    reader = Reader(plain_money)
    for _ in range(2):
        found = reader(cells)
        assert [value.code if isinstance(value, Bad) else value for value in found] == [
            said(plain_money, cell) for cell in cells
        ]


def test_true_is_not_one():
    reader = Reader(plain_count)
    assert reader([1, True, "1"]) == [1, Bad("bad_number"), 1]
    assert reader.is_spoilt


def test_a_moment_before_there_were_files_is_none():
    """Programs write it for "no time"; it could not be brought to UTC."""
    assert said(plain_moment, "0001-01-01 00:00:00") == "bad_moment"


def test_a_number_that_nothing_hangs_on_may_be_spoilt():
    assert lenient_id("6.92345E+18") is None
