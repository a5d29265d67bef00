"""What waits about sign-ups: those to answer, and the women nobody has told."""

from datetime import timedelta

from tests import factories
from tests.factories import AT
from trainer.domain.actors import Role
from trainer.domain.enrolment import EnrolmentStatus as S
from trainer.domain.need import NeedKind
from trainer.queries.need import count_needs

KINDS = (NeedKind.SIGN_UP, NeedKind.ANSWER_TO_TELL)


def test_only_what_is_within_reach_and_not_done(cohort):
    staff = factories.actor(Role.COHORT_STAFF, region=factories.DATONG)
    others = [factories.actor(Role.COHORT_STAFF, region=factories.LINFEN), factories.actor(Role.AUDITOR)]
    factories.sign_up(cohort)
    factories.sign_up(cohort, state="struck_out")
    placed = {"state": "settled", "enrolment_id": factories.placed(cohort, S.WAITLISTED), "settled_at": AT}
    for told_at in (None, AT):
        factories.sign_up(cohort, told_at=told_at, **placed)
    factories.sign_up(cohort, answer_by="sms", **placed)
    assert count_needs(staff, at=AT, only=KINDS) == dict.fromkeys(KINDS, 1)
    assert count_needs(staff, at=AT + timedelta(days=1), only=KINDS)[NeedKind.ANSWER_TO_TELL] == 2
    assert [count_needs(other, at=AT, only=KINDS) for other in others] == [{}, {}]
