"""Leading whoever does not qualify to other support: told, recorded, followed up."""

import pytest

from tests import factories, selections
from tests.factories import AT
from trainer.database import db, transaction
from trainer.domain.selection import ApplicationState, ReferralKind
from trainer.errors import NotFound
from trainer.models import Application, Delivery, Message, Referral
from trainer.queries.application import count_applications
from trainer.services import application as applications
from trainer.services import referral as referrals
from trainer.services import round as rounds
from trainer.services import selection as services

pytestmark = pytest.mark.sqlite_is_enough

SUPPORT = referrals.Support(ReferralKind.MICROLOAN, "县妇联王主任", "带身份证去一趟")


def refer(made, woman=0, enrolment_id=None):
    with transaction():
        id_ = enrolment_id or made.enrolments[woman].id
        return referrals.refer(made.selection_id, id_, SUPPORT, by=made.by, at=AT)


def test_a_candidate_is_no_candidate_any_more_and_is_told(app):
    made = selections.applying()
    selections.handed_in(made)
    refer(made)
    (application,) = made.applications()
    assert (application.state, application.code) == (ApplicationState.REFERRED, "A-001")
    message = db.session.scalars(db.select(Message)).one()
    assert (message.code, message.link) == ("application_referred", f"/me/applications/{made.selection_id}")
    assert "王主任" not in str(message.values)
    assert db.session.scalars(db.select(Delivery.person_id)).all() == [application.person_id]
    with pytest.raises(applications.LedElsewhere):
        selections.written(made)
    assert made.act(services.add_candidates, made.cohort.id, None) == 2


def test_whoever_had_not_applied_gets_a_record_of_it(app):
    made = selections.applying(certificate=True)
    selections.written(made, 1)
    refer(made, 0)
    refer(made, 1)
    assert [row.code for row in made.applications()] == ["A-001", "A-002"]
    assert {row.state for row in made.applications()} == {ApplicationState.REFERRED}


def test_a_woman_of_another_area_is_not_known_here(app):
    made = selections.applying()
    other = factories.enrolment(factories.cohort(region=factories.LINFEN))
    with pytest.raises(NotFound):
        refer(made, enrolment_id=other.id)
    assert db.session.scalar(db.select(db.func.count()).select_from(Application)) == 0


def test_where_the_ranking_stands_her_place_in_it_stands_too(app):
    made = selections.opened()
    for woman in range(3):
        for evaluator in range(2):
            made.submit(woman, evaluator, 1, 2)
    made.act(rounds.close_round)
    refer(made)
    assert made.applications()[0].state is ApplicationState.SUBMITTED
    assert count_applications(made.selection_id).open_referrals == 1


def test_what_came_of_it_is_said_later(app):
    made = selections.applying()
    referral = refer(made)
    with pytest.raises(referrals.OutcomeMissing), transaction():
        referrals.record_outcome(made.selection_id, referral.id, "", by=made.by, at=AT)
    with pytest.raises(NotFound), transaction():
        referrals.record_outcome(made.selection_id + 1, referral.id, "x", by=made.by, at=AT)
    with transaction():
        referrals.record_outcome(made.selection_id, referral.id, "贷款已到账", by=made.by, at=AT)
    assert db.session.get(Referral, referral.id).outcome == "贷款已到账"
    assert count_applications(made.selection_id).open_referrals == 0
