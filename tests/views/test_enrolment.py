"""The page of one enrolment: who looks, who acts, what it says; lists that lead to it."""

from datetime import timedelta

import pytest

from tests import factories
from trainer import clock
from trainer.database import db
from trainer.domain.actors import Role
from trainer.domain.enrolment import EnrolmentStatus as S
from trainer.models import Enrolment


def cohort_of_today():
    return factories.cohort(starts_on=clock.today(), ends_on=clock.today() + timedelta(days=4))


def status(id_: int) -> S:
    db.session.rollback()
    return db.session.get(Enrolment, id_, populate_existing=True).status


def change(client, id_: int, act: str, seen: str, **form):
    given = {"status": seen, "reason": "家中有事", **form}
    return client.post(f"/enrolments/{id_}/{act}", data={f"{act}-{name}": value for name, value in given.items()})


def test_who_looks_and_who_acts(signed_in, cohort):
    id_ = factories.placed(cohort, S.ACTIVE)
    for role, looks, acts in ((Role.AUDITOR, 200, 404), (Role.INSTRUCTOR, 404, 404), (Role.MANAGER, 200, 422)):
        client = signed_in(factories.account(role, region=factories.DATONG))
        page = client.get(f"/enrolments/{id_}")
        assert (page.status_code, change(client, id_, "withdraw", "active").status_code) == (looks, acts)
        assert ("办理退出" in page.text) == (acts == 422)
    elsewhere = signed_in(factories.account(Role.COHORT_STAFF, region=factories.LINFEN))
    assert elsewhere.get(f"/enrolments/{id_}").status_code == 404
    assert change(elsewhere, id_, "withdraw", "active", asked_by="herself").status_code == 404


def test_a_woman_is_withdrawn_transferred_and_back(staff, cohort):
    other = cohort_of_today()
    id_ = factories.placed(cohort, S.ACTIVE)
    assert change(staff, id_, "withdraw", "completed", asked_by="herself").status_code == 409
    assert change(staff, id_, "withdraw", "active", asked_by="herself", reason="").status_code == 422
    assert change(staff, id_, "withdraw", "active", asked_by="herself").status_code == 303
    page = staff.get(f"/enrolments/{id_}").text
    assert ("家中有事" in page, "提出人：本人" in page) == (True, True)
    assert change(staff, id_, "take_back", "withdrawn").status_code == 303
    gone = change(staff, id_, "transfer", "active", cohort=other.id)
    new = db.session.scalar(db.select(Enrolment).where(Enrolment.cohort_id == other.id))
    assert (gone.location, status(id_)) == (f"/enrolments/{new.id}", S.WITHDRAWN)
    assert f"/enrolments/{id_}" in staff.get(gone.location).text
    assert "撤回退出" not in staff.get(f"/enrolments/{id_}").text
    assert change(staff, new.id, "transfer_back", "active").status_code == 303
    assert (status(id_), status(new.id)) == (S.ACTIVE, S.WITHDRAWN)


def test_a_class_beyond_reach_is_no_place_to_transfer_to(staff, cohort):
    id_ = factories.placed(cohort, S.ACTIVE)
    cohort_of_today()
    beyond = factories.cohort(region=factories.LINFEN, ends_on=clock.today())
    refused = change(staff, id_, "transfer", "active", cohort=beyond.id)
    assert (refused.status_code, beyond.name in refused.text, status(id_)) == (422, False, S.ACTIVE)
    assert change(staff, id_, "sell", "active").status_code == 404


def test_the_cohort_and_the_person_lead_to_it(staff, cohort):
    waits, seated = (factories.placed(cohort, s) for s in (S.WAITLISTED, S.ACTIVE))
    factories.sign_up(cohort)
    page = staff.get(f"/cohorts/{cohort.id}").text
    assert page.index(f"/enrolments/{seated}") < page.index(f"/enrolments/{waits}")
    assert ("报名（1 个待答复）" in page, "候补 1" in page) == (True, True)
    assert f"/enrolments/{seated}" not in staff.get(f"/cohorts/{cohort.id}?status=waitlisted").text
    person_id = db.session.get(Enrolment, waits).person_id
    assert f"/enrolments/{waits}" in staff.get(f"/people/{person_id}").text
    home = staff.get("/").text
    assert "报名：待答复" in home


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_reads_a_fixed_number_of_times(staff, cohort, count_statements, count):
    id_ = factories.placed(cohort, S.ACTIVE)
    for _n in range(count):
        cohort_of_today()
        change(staff, id_, "withdraw", "active", asked_by="staff")
        change(staff, id_, "take_back", "withdrawn")
    with count_statements() as seen:
        staff.get(f"/enrolments/{id_}")
    assert len(seen) == 6
