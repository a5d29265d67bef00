"""Which file gets one more reader, whom, and why."""

from decimal import Decimal

import pytest

from trainer.domain.adaptive import Doubt, further_readers, sha256_of
from trainer.domain.assignment import Judge
from trainer.domain.selection import AssignmentOrigin as Why

JUDGES = [Judge("J1", "g"), Judge("J2", "h"), Judge("J3", "g"), Judge("J4", "h")]
READS = [("a", "J1"), ("a", "J2"), ("b", "J1"), ("b", "J2"), ("c", "J1"), ("c", "J2"), ("d", "J3"), ("d", "J4")]


def doubt(key, p, group="g", **values):
    return Doubt(key, group, None if p is None else Decimal(p), **values)


def chosen(doubts, count=9, judges=JUDGES, reads=READS, apart=(), seed="s"):
    return [(f.candidate, f.judge, f.why) for f in further_readers(doubts, judges, reads, apart, count, seed)]


def test_the_nearest_to_the_line_come_first_and_the_clear_cases_never():
    doubts = [doubt("a", "0.9"), doubt("b", "0.5"), doubt("c", "1"), doubt("d", "0"), doubt("e", None)]
    assert [key for key, *_ in chosen(doubts)] == ["b", "a"]
    assert [key for key, *_ in chosen(doubts, 1)] == ["b"]


def test_a_sheet_far_too_high_gets_a_third_reader_before_all():
    doubts = [doubt("a", "0.5"), doubt("b", "1", inflated=True)]
    assert [(key, why) for key, _, why in chosen(doubts)] == [("b", Why.THIRD_READER), ("a", Why.ADAPTIVE)]


@pytest.mark.parametrize(
    ("why", "judges", "apart", "found"),
    [
        ("another county among the idlest", JUDGES, (), "J4"),
        ("never against a conflict", JUDGES, {("a", "J4")}, "J3"),
        ("never beyond a limit", [*JUDGES[:3], Judge("J4", "h", 1)], (), "J3"),
        ("nobody is left", JUDGES[:2], (), None),
    ],
)
def test_who_reads_it(why, judges, apart, found):
    assert chosen([doubt("a", "0.5")], judges=judges, apart=apart)[0][1] == found


def test_groups_that_share_nobody_are_linked_first():
    reads = [("a", "J1"), ("a", "J3"), ("d", "J2"), ("x", "J4"), ("x", "J1")]
    # J2 (another county too) and J3, J4 read one each; only J2 is of another group than the readers.
    assert chosen([doubt("a", "0.5", "h")], reads=reads)[0][1] == "J2"


def test_whom_nobody_can_read_is_named_and_takes_no_place():
    doubts = [doubt("a", "0.5"), doubt("b", "0.6"), doubt("c", "0.7")]
    apart = {("a", "J3"), ("a", "J4")}
    assert [(key, judge is None) for key, judge, _ in chosen(doubts, 2, apart=apart)] == [
        ("a", True),
        ("b", False),
        ("c", False),
    ]


def test_loads_stay_even_and_the_list_is_always_the_same():
    doubts = [doubt(key, "0.5") for key in "abc"]
    found = chosen(doubts)
    assert found == chosen(doubts[::-1], judges=JUDGES[::-1], reads=READS[::-1])
    assert {judge for _, judge, _ in found} == {"J3", "J4"}
    one, other = (further_readers(doubts, JUDGES, READS, (), count, "s") for count in (2, 3))
    assert sha256_of(one) != sha256_of(other)
