"""Enrolments: every status has a way on and a way back, and what can be done from each."""

from itertools import pairwise

import pytest

from trainer.domain.enrolment import STEPS, EnrolmentAct, acts_from, steps_between
from trainer.domain.enrolment import EnrolmentStatus as S


@pytest.mark.parametrize(
    ("start", "end", "way"),
    [
        (S.ADMITTED, S.ADMITTED, ()),
        (S.WAITLISTED, S.APPLIED, (S.APPLIED,)),
        (S.ACTIVE, S.APPLIED, (S.WITHDRAWN, S.APPLIED)),
        (S.ACTIVE, S.REJECTED, (S.WITHDRAWN, S.APPLIED, S.REJECTED)),
        (S.REJECTED, S.WITHDRAWN, (S.APPLIED, S.WITHDRAWN)),
    ],
)
def test_the_fewest_steps_that_lead_there(start, end, way):
    assert steps_between(start, end) == way


def test_from_everywhere_a_way_leads_everywhere():
    for start in S:
        for end in S:
            way = (start, *steps_between(start, end))
            assert all(to in STEPS[at] for at, to in pairwise(way))


@pytest.mark.parametrize(
    ("status", "came", "went", "acts"),
    [
        (S.APPLIED, False, False, "admit waitlist reject transfer withdraw"),
        (S.WAITLISTED, False, False, "admit reject transfer withdraw"),
        (S.ADMITTED, False, False, "waitlist transfer withdraw"),
        (S.ACTIVE, False, False, "transfer withdraw"),
        (S.ACTIVE, True, False, "transfer withdraw transfer_back"),
        (S.COMPLETED, True, False, "reopen"),
        (S.NOT_COMPLETED, False, False, "reopen"),
        (S.WITHDRAWN, False, False, "take_back"),
        (S.WITHDRAWN, False, True, ""),
        (S.REJECTED, False, False, "admit waitlist"),
    ],
)
def test_what_can_be_done_from_each(status, came, went, acts):
    assert acts_from(status, came=came, went=went) == tuple(EnrolmentAct(act) for act in acts.split())
