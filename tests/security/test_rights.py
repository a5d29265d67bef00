"""Rights: nobody widens her own, and what concerns the whole site needs a right over the whole site."""

import pytest

from tests import factories
from tests.factories import DATONG, LINFEN
from trainer.database import db
from trainer.domain.actors import Role
from trainer.models import AccessToken, RoleGrant


def grants_of(account) -> list[tuple]:
    rows = db.session.execute(
        db.select(RoleGrant.role, RoleGrant.region_code)
        .where(RoleGrant.account_id == account.id, RoleGrant.revoked_at.is_(None))
        .order_by(RoleGrant.id)
    )
    return [tuple(row) for row in rows]


def test_an_administrator_does_not_make_herself_a_reader_of_the_register(signed_in):
    herself = factories.account(Role.SYSTEM_ADMINISTRATOR)
    answer = signed_in(herself).post(f"/accounts/{herself.id}/roles", data={"role": "manager", "region_code": ""})
    assert answer.status_code == 422
    assert grants_of(herself) == [(Role.SYSTEM_ADMINISTRATOR, None)]


@pytest.mark.parametrize(
    ("role", "path"),
    [(Role.SYSTEM_ADMINISTRATOR, "/accounts"), (Role.SYSTEM_ADMINISTRATOR, "/jobs"), (Role.AUDITOR, "/audit")],
)
def test_a_right_over_one_area_is_none_over_the_site(signed_in, role, path):
    assert signed_in(factories.account(role, region=DATONG)).get(path).status_code == 404
    assert signed_in(factories.account(role, cohort=factories.cohort())).get(path).status_code == 404
    assert signed_in(factories.account(role)).get(path).status_code == 200


def test_keeping_the_system_is_not_given_for_one_area(signed_in):
    row, administrator = factories.account(), signed_in(factories.account(Role.SYSTEM_ADMINISTRATOR))
    limited = {"role": "system_administrator", "region_code": DATONG}
    assert administrator.post(f"/accounts/{row.id}/roles", data=limited).status_code == 422
    assert grants_of(row) == []


def test_an_administrator_finds_no_trainee_among_the_accounts(signed_in):
    _enrolment, trainee = factories.trainee(factories.cohort(), name="赵小满")
    administrator = signed_in(factories.account(Role.SYSTEM_ADMINISTRATOR))
    assert "赵小满" not in administrator.get("/accounts?q=赵小满").text.replace('value="赵小满"', "")
    assert administrator.get(f"/accounts/{trainee.id}").status_code == 404
    for act, data in (("roles", {"role": "manager"}), ("invitation", {}), ("active", {"active": "no"})):
        assert administrator.post(f"/accounts/{trainee.id}/{act}", data=data).status_code == 404
    assert db.session.scalar(db.select(db.func.count(AccessToken.id))) == 0
    assert grants_of(trainee) == [(Role.TRAINEE, None)]


def new_cohort(programme, region: str) -> dict:
    return {
        "code": "X-1",
        "name": "新班",
        "programme_id": programme.id,
        "track": "foundation",
        "region_code": region,
        "place": "基地",
        "starts_on": "2026-03-09",
        "ends_on": "2026-03-13",
        "capacity": 10,
        "teacher_name": "李老师",
        "teacher_phone": "14000009999",
        "min_rate": 80,
        "excused_counts": "absent",
    }


def test_a_cohort_is_not_made_in_or_moved_to_another_area(signed_in):
    programme, cohort = factories.programme(), factories.cohort()
    manager = signed_in(factories.account(Role.MANAGER, region=DATONG))
    for path in ("/cohorts/new", f"/cohorts/{cohort.id}/edit"):
        assert manager.post(path, data=new_cohort(programme, LINFEN)).status_code == 422
        elsewhere = new_cohort(factories.programme(region=LINFEN), DATONG)
        assert manager.post(path, data=elsewhere).status_code == 422
    assert db.session.scalar(db.text("SELECT count(*) FROM cohorts WHERE code = 'X-1'")) == 0


def test_women_of_another_cohort_are_not_put_on_a_roll(signed_in):
    cohort, other = factories.cohort(), factories.cohort()
    factories.enrolment(cohort)
    foreign, lesson = factories.enrolment(other), factories.lesson(cohort)
    client = signed_in(factories.account(Role.COHORT_STAFF, cohort=cohort))
    for number in (foreign.id, 10**9, 10**30, "9" * 5000):
        answer = client.post(
            f"/lessons/{lesson.id}/roll",
            data={"mark": f"{number}:present:n{str(number)[:20]}"},
            headers={"Accept": "application/json"},
        )
        assert answer.status_code in (400, 404, 422)
        rest = client.post(
            f"/lessons/{lesson.id}/roll/rest", data={"enrolment": number, "idempotency_key": f"k{str(number)[:9]}"}
        )
        assert rest.status_code in (303, 400, 404, 422)
    assert db.session.scalar(db.text("SELECT count(*) FROM marks")) == 0
