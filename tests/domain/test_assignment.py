"""Dealing out as tables: who reads how much, who never reads whom, what stays, and what is refused with what to loosen."""

from collections import Counter
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from trainer.domain.assignment import Candidate, Judge, Reading, Terms, deal_answer, links_of, solve
from trainer.domain.assignment_links import even_out
from trainer.domain.assignment_model import CannotDeal, Table
from trainer.domain.reading_order import in_order


def people(candidates, judges, groups=1, most=None):
    chance = Random(candidates * judges)
    return (
        [Candidate(f"A-{k:03d}", f"g{chance.randrange(groups)}") for k in range(candidates)],
        [Judge(f"J{k:02d}", f"g{k % groups}", most) for k in range(judges)],
    )


def pairs_of(deal):
    return {(r.candidate, r.judge) for r in deal.everything}


def spread(values):
    return max(values) - min(values)


# candidates, judges, readers, groups, cross, anchors, share of conflicts
DEALS = [
    (3, 2, 2, 1, 0, 0, 0),
    (5, 6, 2, 1, 0, 0, 0),
    (6, 6, 2, 1, 0, 0, 0),
    (12, 12, 2, 1, 0, 0, 0),
    (20, 4, 2, 2, 0.3, 2, 0.05),
    (30, 10, 2, 5, 0.5, 0, 0.1),
    (100, 12, 3, 4, 0.3, 6, 0.02),
    (40, 8, 3, 2, 0.75, 3, 0.02),
]


@pytest.mark.parametrize(("n", "j", "readers", "groups", "cross", "anchors", "share"), DEALS)
def test_a_deal_keeps_every_rule(n, j, readers, groups, cross, anchors, share):
    candidates, judges = people(n, j, groups)
    chance = Random(n)
    conflicts = {(c.key, jj.key) for c in candidates for jj in judges if chance.random() < share}
    deal = solve(candidates, judges, Terms(readers, anchors, Fraction(str(cross)), "s"), conflicts)
    assert len(deal.anchors) == anchors
    assert not pairs_of(deal) & conflicts
    assert spread(deal.loads.values()) <= 1
    assert len(deal.loads) == j
    everybody = {judge.key for judge in judges}
    for candidate in candidates:
        here = {judge for key, judge in pairs_of(deal) if key == candidate.key}
        away = {judge for key, judge in conflicts if key == candidate.key}
        assert (here == everybody - away) if candidate.key in deal.anchors else (len(here) == readers)
    group = {thing.key: thing.group for thing in (*candidates, *judges)}
    reached = Fraction(sum(group[c] != group[jj] for c, jj in pairs_of(deal)), len(pairs_of(deal)))
    assert reached == deal.cross >= Fraction(str(cross))
    assert deal.links.components == 1
    assert deal.links.lambda2 == links_of(pairs_of(deal)).lambda2 > 0


@pytest.mark.parametrize(("n", "j", "readers"), [(300, 24, 3), (100, 12, 3), (300, 24, 2)])
def test_judges_are_linked_nearly_as_well_as_can_be(n, j, readers):
    """By lot alone λ₂ comes to two thirds to four fifths of what it could be at most."""
    links = solve(*people(n, j), Terms(readers, seed="s")).links
    assert links.lambda2 > 0.9 * links.highest
    assert not links.weak


@pytest.mark.parametrize("seed", ["a", "b"])
def test_the_same_in_any_row_order_and_another_with_another_seed(seed):
    candidates, judges = people(30, 6, 3)
    conflicts = [("A-001", "J01"), ("A-002", "J02")]
    terms = Terms(2, 2, Fraction(1, 2), seed)
    one = solve(candidates, judges, terms, conflicts)
    other = solve(candidates[::-1], judges[::-1], terms, conflicts[::-1])
    assert (one.everything, one.anchors, one.sha256) == (other.everything, other.anchors, other.sha256)
    assert one.sha256 != solve(candidates, judges, Terms(2, 2, Fraction(1, 2), seed + "x"), conflicts).sha256


def test_nobody_can_aim_for_an_applicant():
    """Over seeds every pair comes about as often as every other."""
    candidates, judges = people(6, 4)
    counts = Counter(p for s in range(60) for p in pairs_of(solve(candidates, judges, Terms(2, seed=str(s)))))
    assert len(counts) == 24
    assert min(counts.values()) >= 15
    assert max(counts.values()) <= 45


def test_limits_come_before_equal_loads():
    candidates, judges = people(20, 4)
    judges[0] = Judge("J00", most=2)
    judges[1] = Judge("J01", most=0)
    assert solve(candidates, judges, Terms(2, seed="s"), ()).loads == {"J00": 2, "J02": 19, "J03": 19}


def test_loads_part_only_as_far_as_conflicts_force_them():
    candidates, judges = people(12, 4)
    conflicts = {(f"A-{k:03d}", "J00") for k in range(10)}
    assert sorted(solve(candidates, judges, Terms(2, seed="s"), conflicts).loads.values()) == [2, 7, 7, 8]
    # Each judge may read her own half alone, and one half is larger: nothing is equal, all is read.
    conflicts = {(c.key, jj.key) for k, c in enumerate(candidates) for i, jj in enumerate(judges) if (k < 8) != (i < 2)}
    assert sorted(solve(candidates, judges, Terms(2, seed="s"), conflicts).loads.values()) == [4, 4, 8, 8]


def test_everybody_reads_everything_but_for_conflicts():
    candidates, judges = people(5, 3)
    deal = solve(candidates, judges, Terms(None, seed="s"), {("A-000", "J00")})
    assert len(pairs_of(deal)) == 14
    assert {len({r.position for r in deal.readings if r.judge == j.key}) for j in judges} == {4, 5}


def test_anchors_are_spread_over_groups_and_free_of_conflicts():
    candidates = [Candidate(f"{group}{k}", group) for group in "abc" for k in range(5)]
    judges = [Judge(f"J{k}") for k in range(5)]
    conflicts = {(f"{group}{k}", "J0") for group in "abc" for k in range(4)}
    assert set(solve(candidates, judges, Terms(2, 3, seed="s"), conflicts).anchors) == {"a4", "b4", "c4"}
    chosen = [solve(candidates, judges, Terms(2, 3, seed=str(s))).anchors for s in range(5)]
    assert all({key[0] for key in anchors} == set("abc") for anchors in chosen)
    assert len(set(chosen)) > 1


def test_whoever_is_of_no_group_is_of_nobodys_own_group():
    candidates, judges = [Candidate(f"A-{k}") for k in range(4)], [Judge(f"J{k}") for k in range(3)]
    assert solve(candidates, judges, Terms(2, cross=Fraction(1))).cross == 1


def test_whoever_reads_just_the_anchors_and_no_more_and_is_not_short():
    deal = solve(*people(3, 3, most=2), Terms(2, 0))
    assert deal.short == ()
    assert len(solve(*people(2, 3, most=2), Terms(2, 2)).anchors) == 2


def test_a_replacement_keeps_the_rest():
    candidates, judges = people(30, 6, 3)
    before = solve(candidates, judges, Terms(2, seed="s"))
    gone = judges[0].key
    kept = [r for r in before.everything if r.judge != gone]
    after = solve(candidates, judges[1:], Terms(2, seed="s", lenient=True), (), kept)
    assert set(kept) <= set(after.everything)
    assert set(after.everything) - set(kept) == set(after.readings)
    assert {r.candidate for r in after.readings} == {r.candidate for r in before.everything if r.judge == gone}
    assert spread(after.loads.values()) <= 1
    for judge in judges[1:]:
        places = sorted(r.position for r in after.everything if r.judge == judge.key)
        assert places == list(range(1, len(places) + 1))
        assert all(
            r.position <= len(places) - sum(n.judge == judge.key for n in after.readings)
            for r in kept
            if r.judge == judge.key
        )


def test_where_nobody_is_left_a_replacement_says_who_is_short():
    candidates, judges = people(3, 3)
    kept = [Reading(c.key, j.key, 1) for c in candidates for j in judges[:2]]
    after = solve(candidates, judges[:2], Terms(3, lenient=True), (), kept)
    assert (after.readings, after.short) == ((), ("A-000", "A-001", "A-002"))


def two_groups(readers=2, cross=0):
    return [
        [Candidate(k, "g") for k in range(4)],
        [Judge(k, "g") for k in range(3)],
        Terms(readers, cross=Fraction(cross)),
    ]


CANNOT = [
    ([], [Judge(1)], Terms(1), (), "nothing_to_deal", {}),
    ([Candidate(1)], [], Terms(1), (), "nothing_to_deal", {}),
    (*people(3, 2), Terms(0), (), "too_few_evaluators", {"readers": 0, "evaluators": 2}),
    (*people(3, 2), Terms(3), (), "too_few_evaluators", {"readers": 3, "evaluators": 2}),
    (
        *(*people(3, 3), Terms(2), {("A-001", "J00"), ("A-001", "J02")}),
        *("too_few_left", {"candidates": "A-001", "readers": 2, "left": 1}),
    ),
    (
        *([Candidate(k, name=f"A-{k}") for k in range(7)], [Judge("J")], Terms(None), {(k, "J") for k in range(7)}),
        *("too_few_left", {"candidates": "A-0、A-1、A-2、A-3、A-4 …", "readers": 1, "left": 0}),
    ),
    (*people(10, 4, most=4), Terms(2), (), "capacity_short", {"needed": 20, "room": 16, "missing": 4}),
    (*people(3, 3), Terms(2, 4), (), "too_many_anchors", {"anchors": 4, "candidates": 3}),
    (*people(3, 3), Terms(2, -1), (), "too_many_anchors", {"anchors": -1, "candidates": 3}),
    (*people(9, 3, most=2), Terms(2, 3), (), "anchors_beyond_limit", {"judge": "J00", "most": 2, "anchors": 3}),
    (*two_groups(cross=1), (), "cross_out_of_reach", {"reached": "0"}),
    (
        *([Candidate(k, "g") for k in range(3)], [Judge(1, "g"), Judge(2, "h")], Terms(2, cross=Fraction(2, 3)), ()),
        *("cross_out_of_reach", {"reached": "50"}),
    ),
    (
        [Candidate(k) for k in range(4)],
        [Judge(1, most=1), Judge(2), Judge(3)],
        Terms(1),
        {(0, 2), (1, 2), (0, 3), (1, 3)},
        *("limits_and_conflicts", {"missing": 1}),
    ),
]


@pytest.mark.parametrize(("candidates", "judges", "terms", "conflicts", "code", "values"), CANNOT)
def test_what_cannot_be_met_says_what_to_loosen(candidates, judges, terms, conflicts, code, values):
    with pytest.raises(CannotDeal) as refused:
        solve(candidates, judges, terms, conflicts)
    assert refused.value.code == code
    assert refused.value.values.items() >= values.items()


@pytest.mark.parametrize(("n", "j", "readers"), [(30, 6, 3), (100, 12, 3), (24, 8, 3), (7, 3, 2)])
def test_early_and_late_are_spread_for_judges_and_candidates_alike(n, j, readers):
    deal = solve(*people(n, j), Terms(readers, seed="s"))
    thirds = Counter()
    for r in deal.readings:
        thirds[r.candidate, min(2, (r.position - 1) * 3 // deal.loads[r.judge])] += 1
    uneven = [c for c in {r.candidate for r in deal.readings} if spread([thirds[c, t] for t in range(3)]) > 1]
    assert len(uneven) <= n / 8  # by lot alone a third of them would be


def test_an_order_of_reading_is_whole_and_goes_on_after_what_was_there():
    before = {("a", "J"): 1, ("b", "J"): 4}
    placed = dict(in_order([("c", "J"), ("d", "J"), ("c", "K")], before, "s"))
    assert {placed["c", "J"], placed["d", "J"]} == {5, 6}
    assert placed["c", "K"] == 1


def test_swaps_join_groups_that_share_nobody():
    reads = np.kron(np.eye(2), np.ones((3, 2))).astype(bool)
    table = Table(np.ones((6, 4), bool), np.zeros((6, 4), bool), np.zeros((6, 4), bool), np.full(4, 6), (), ())
    assert links_of([tuple(pair) for pair in np.argwhere(reads).tolist()]).components == 2
    even_out(reads, table, 12, np.random.default_rng(1))
    assert links_of([tuple(pair) for pair in np.argwhere(reads).tolist()]).components == 1
    assert (reads.sum(axis=0).tolist(), reads.sum(axis=1).tolist()) == ([3] * 4, [2] * 6)


def test_weak_links_are_called_so():
    chain = [(k, j) for k in range(12) for j in (k, k + 1)]
    assert links_of(chain).weak
    assert links_of([(1, 1), (2, 2)]).components == 2
    assert links_of([(1, 1), (2, 2)]).weak
    assert not links_of([(1, 1), (2, 1)]).weak
    assert links_of([]).lambda2 is None


def test_the_answer_of_the_command_names_everybody():
    candidates, judges = people(2, 3)
    judges[2] = Judge("J02", most=0)
    found = deal_answer(solve(candidates, judges, Terms(1, seed="s")), ["J02", "J01", "J00"])
    assert found["loads"] == {"J00": 1, "J01": 1, "J02": 0}
    assert found["components"] == 2
    assert [pair[0] for pair in found["pairs"]] == ["A-000", "A-001"]
