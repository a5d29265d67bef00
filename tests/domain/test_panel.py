"""What the records hint at: a table of pairs."""

from dataclasses import replace

import pytest

from trainer.domain.panel import (
    KIND_OF_HINT,
    CandidateFacts,
    EvaluatorFacts,
    HintKind,
    find_hints,
)

HER = CandidateFacts(1, 11, "王秀芳", "140215", "大西沟村", "p1", 5, "云州站")
JUDGE = EvaluatorFacts(2, "李强", None, None, None, None, None, frozenset(), frozenset())


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({}, None),
        ({"person_id": 11}, HintKind.SAME_PERSON),
        ({"phone_index": "p1"}, HintKind.SAME_PHONE),
        ({"village": "大西沟"}, HintKind.VILLAGE),
        ({"village": "大西沟村", "region_code": "140215"}, HintKind.VILLAGE),
        ({"village": "大西沟村", "region_code": "140200"}, HintKind.VILLAGE),
        ({"village": "大西沟村", "region_code": "141000"}, None),  # a village of that name in another city
        ({"village": "大西沟", "name": "王强"}, HintKind.SURNAME_AND_VILLAGE),
        ({"name": "王强"}, None),
        ({"cohorts": frozenset({5})}, HintKind.TAUGHT_HER),
        ({"counties": frozenset({"140215"})}, HintKind.MENTOR_OF_COUNTY),
        ({"organisation": "云州站（大同市）"}, HintKind.ORGANISATION),
    ],
)
def test_the_weightiest_hint_of_a_pair(facts, kind):
    hints = list(find_hints([HER], [replace(JUDGE, **facts)]))
    assert [hint.kind for hint in hints] == ([kind] if kind else [])


def test_what_is_not_known_hints_at_nothing():
    nothing_known = replace(HER, village=None, phone_index=None, site=None)
    assert not list(find_hints([nothing_known], [JUDGE, replace(JUDGE, village="", organisation="")]))


def test_every_hint_can_be_raised():
    assert set(KIND_OF_HINT) == set(HintKind)
