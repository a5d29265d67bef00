"""The pages of sign-ups: who comes in, one answered, many answered, the waitlist, women told, numbers shown."""

import pytest
from sqlalchemy import func, select

from tests import factories
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.enrolment import EnrolmentStatus as S
from trainer.models import Disclosure, Enrolment, Person, SignUp
from trainer.models.programme import Cohort

PHONE = "14100001234"


@pytest.fixture
def staff(signed_in):
    return signed_in(factories.account(Role.COHORT_STAFF, region=factories.DATONG))


def stored(id_: int) -> SignUp:
    db.session.rollback()
    return db.session.get(SignUp, id_, populate_existing=True)


def settled(client, id_: int, **form):
    given = {"version": stored(id_).version, "who": "new", "offered": "", "decision": "admitted"} | form
    return client.post(f"/sign-ups/{id_}", data=given)


def test_who_reviews_the_sign_ups_of_a_cohort(signed_in, cohort):
    id_ = factories.sign_up(cohort)
    for role, status in ((Role.INSTRUCTOR, 404), (Role.AUDITOR, 404), (Role.MANAGER, 200)):
        client = signed_in(factories.account(role, region=factories.DATONG))
        assert [client.get(page).status_code for page in (f"/cohorts/{cohort.id}/sign-ups", f"/sign-ups/{id_}")] == [
            status,
            status,
        ]
    elsewhere = signed_in(factories.account(Role.COHORT_STAFF, region=factories.LINFEN))
    assert settled(elsewhere, id_).status_code == 404


def test_one_is_answered_by_what_somebody_saw(staff, cohort):
    her = factories.person("郭美玲", phone=PHONE, township=None)
    id_ = factories.sign_up(cohort, phone=PHONE, township="周士庄镇")
    page = staff.get(f"/sign-ups/{id_}").text
    assert (PHONE in page, "141****1234" in page, "同名同手机" in page or "姓名和手机号相同" in page) == (
        False,
        True,
        True,
    )
    assert settled(staff, id_).status_code == 409  # somebody new, without having seen her
    assert settled(staff, id_, who=her.id + 1, offered=her.id).status_code == 422
    done = settled(staff, id_, who=her.id, offered=her.id, **{f"take-{her.id}": ["township", "note"]})
    assert done.status_code == 303
    assert (stored(id_).state, db.session.get(Person, her.id).township) == ("settled", "周士庄镇")
    assert "打电话" in staff.get(f"/sign-ups/{id_}").text
    told = staff.post(f"/sign-ups/{id_}/told", data={"status": "waitlisted"})
    assert (told.status_code, stored(id_).told_at) == (303, None)
    staff.post(f"/sign-ups/{id_}/told", data={"status": "active"})
    assert stored(id_).told_at is not None
    back = staff.post(f"/sign-ups/{id_}/take-answer-back", data={"version": stored(id_).version, "reason": ""})
    assert (back.status_code, stored(id_).state) == (422, "settled")
    staff.post(f"/sign-ups/{id_}/take-answer-back", data={"version": stored(id_).version, "reason": "认错人"})
    assert stored(id_).state == "open"


def test_what_is_refused_keeps_what_was_typed(staff, cohort):
    id_ = factories.sign_up(cohort)
    page = settled(staff, id_, decision="rejected", reason="")
    assert (page.status_code, "不录取的原因" in page.text) == (422, True)
    page = staff.post(f"/sign-ups/{id_}/strike-out", data={"version": 1, "reason": ""})
    assert (page.status_code, stored(id_).state) == (422, "open")
    staff.post(f"/sign-ups/{id_}/strike-out", data={"version": 1, "reason": "广告"})
    assert (stored(id_).state, "广告" in staff.get(f"/cohorts/{cohort.id}/sign-ups?tab=gone").text) == (
        "struck_out",
        True,
    )
    staff.post(f"/sign-ups/{id_}/put-back", data={"version": 2})
    assert stored(id_).state == "open"


def test_one_that_she_took_back_is_not_answered(staff, cohort):
    page = staff.get(f"/sign-ups/{factories.sign_up(cohort, state='taken_back')}").text
    assert ("不需要答复" in page, "答复报名" in page) == (True, False)


def test_many_are_answered_and_those_that_need_a_look_are_named(staff, cohort):
    factories.person("郭美玲", phone=PHONE)
    factories.person("郭美丽")
    exact, alike, new, twice = (
        factories.sign_up(cohort, name, phone=phone)
        for name, phone in (("郭美玲", PHONE), ("郭美丽", None), ("田小娟", "14100009999"), ("田小娟", "14100009999"))
    )
    page = f"/cohorts/{cohort.id}/sign-ups/decide"
    assert staff.post(page, data={"decision": "admitted"}).status_code == 422
    assert staff.post(page, data={"decision": "admitted", "row": f"{exact}.9"}).status_code == 409
    rows = [f"{id_}.1" for id_ in (exact, alike, new, twice)]
    done = staff.post(page, data={"decision": "admitted", "row": rows}, follow_redirects=True)
    assert [stored(id_).state for id_ in (exact, alike, new, twice)] == ["settled", "open", "settled", "open"]
    assert "郭美丽、田小娟" in done.text
    assert db.session.scalar(select(func.count(Person.id))) == 3


def test_the_lists_are_found_by_name_sound_and_the_end_of_the_phone(staff, cohort):
    factories.sign_up(cohort, phone=PHONE)
    factories.sign_up(cohort, "田小娟", region_code="140212")
    for question, found in (
        ("gml", "郭美玲"),
        ("郭", "郭美玲"),
        ("1234", "郭美玲"),
        ("tianxiao", "田小娟"),
        ("x", None),
    ):
        page = staff.get(f"/cohorts/{cohort.id}/sign-ups?q={question}").text
        assert [name in page for name in ("郭美玲", "田小娟")] == [found == "郭美玲", found == "田小娟"]
    assert "郭美玲" not in staff.get(f"/cohorts/{cohort.id}/sign-ups?region=140212").text


def test_the_first_of_the_waitlist_are_admitted_as_they_are_named(staff, cohort):
    with transaction():
        row = db.session.get(Cohort, cohort.id)
        row.capacity, row.waitlist_moves_up = 1, False
    one, two = (factories.placed(cohort, S.WAITLISTED) for _n in range(2))
    page = staff.get(f"/cohorts/{cohort.id}/sign-ups?tab=waitlist").text
    assert (f'name="first" value="{one}"' in page, "空出 1 个名额，2 人候补" in page) == (True, True)
    staff.post(f"/cohorts/{cohort.id}/waitlist/admit", data={"first": two})
    assert db.session.get(Enrolment, two, populate_existing=True).status is S.WAITLISTED
    staff.post(f"/cohorts/{cohort.id}/waitlist/admit", data={"first": one})
    assert db.session.get(Enrolment, one, populate_existing=True).status is S.ACTIVE


def test_a_number_is_shown_for_a_call_and_counts_as_a_look(app, staff, cohort):
    id_ = factories.sign_up(cohort, phone=PHONE, helper_name="田主任", helper_phone="14100005678")
    assert PHONE in staff.post(f"/sign-ups/{id_}/number", data={"field": "phone"}).text
    assert "14100005678" in staff.post(f"/sign-ups/{id_}/number", data={"field": "helper_phone"}).text
    assert staff.post(f"/sign-ups/{id_}/number", data={"field": "id_number"}).status_code == 404
    assert db.session.scalar(select(func.count(Disclosure.id))) == 2
    app.config["UNMASK_PER_DAY"], most = 2, app.config["UNMASK_PER_DAY"]
    try:
        refused = staff.post(f"/sign-ups/{id_}/number", data={"field": "phone"})
    finally:
        app.config["UNMASK_PER_DAY"] = most
    assert (refused.status_code, PHONE in refused.text) == (429, False)


@pytest.mark.parametrize("count", [1, 3])
def test_every_list_reads_a_fixed_number_of_times(staff, cohort, count_statements, count):
    ids = [factories.sign_up(cohort, f"郭美{n}") for n in "玲丽芳"[:count]]
    factories.person("郭美玲")
    for _n in range(count):
        factories.placed(cohort, S.WAITLISTED)
    staff.get(f"/cohorts/{cohort.id}/sign-ups")
    for page, expected in (("?tab=open", 9), ("?tab=waitlist", 6), ("?tab=decided", 7), ("?q=gml", 8)):
        with count_statements() as seen:
            staff.get(f"/cohorts/{cohort.id}/sign-ups{page}")
        assert len(seen) == expected, page
    with count_statements() as seen:
        staff.get(f"/sign-ups/{ids[0]}")
    assert len(seen) == 7
