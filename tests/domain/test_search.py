"""What was typed into the search box: a name, four digits, a whole number, or both at once."""

import pytest

from trainer.domain.search import Wanted, parse, phone_tail


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("", Wanted()),
        (" 王秀芳 ", Wanted("王秀芳")),
        ("wxf", Wanted("wxf")),
        ("A-017", Wanted("A-017")),
        ("0001", Wanted("0001")),
        ("００ 0１", Wanted("0001")),
        ("DT-2026-011", Wanted("DT-2026-011")),
        ("2026-01-02", Wanted("2026-01-02")),
        ("100%_\\", Wanted("100%_\\")),
        ("'; DROP TABLE people; --", Wanted("'; DROP TABLE people; --")),
        ("王" * 200, Wanted("王" * 60)),
        ("x\x00\ny", Wanted("x y")),
        ("13800001234", Wanted(number="13800001234")),
        ("138 0000-1234", Wanted(number="13800001234")),
        ("１３８００００１２３４", Wanted(number="13800001234")),
        ("0352-1234567", Wanted(number="03521234567")),
        ("14029919931102840x", Wanted(number="14029919931102840X")),
        ("1" * 300, Wanted(number="1" * 18)),
        ("王芳 13800001234", Wanted(mixed=True)),
        ("王芳138-0000-1234", Wanted(mixed=True)),
        ("号140299199311028401", Wanted(mixed=True)),
    ],
)
def test_what_is_wanted(typed, wanted):
    assert parse(typed) == wanted
    assert wanted.may_stand_in_address == (not wanted.number and not wanted.mixed)


def test_which_number_it_is():
    assert parse("14029919931102840X").is_id_number
    assert not parse("13800001234").is_id_number
    assert not Wanted("x").is_id_number
    assert [phone_tail(text) for text in ("1234", "123", "12345", "一二三四", "１２３４")] == ["1234"] + [None] * 4
