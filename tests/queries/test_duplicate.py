"""Which two records are offered as one woman, and which never are."""

import pytest

from tests import factories
from tests.factories import AT, DATONG, LINFEN
from trainer.database import transaction
from trainer.domain.actors import SYSTEM, Role
from trainer.domain.person_merge import DuplicateSign as D
from trainer.models import Person, SignUp
from trainer.queries.duplicate import duplicates_page
from trainer.services.person_merge import tell_apart
from trainer.services.roster_commit import stored_values

pytestmark = pytest.mark.sqlite_is_enough

ONE_PHONE, OTHER_PHONE = "14000001111", "14000002222"
IDS = "140299198703150022", "140299199005200023"


def woman(name="王小芳", phone=None, id_number=None, region="140215", **place):
    values = stored_values({"name": name, "phone": phone, "id_number": id_number})
    return factories.person(region=region, **{"village": None, "township": None} | place | values)


def offered(account=None):
    who = factories.actor_of(account or factories.account(Role.MANAGER))
    pairs = duplicates_page(who).items
    return [(pair.sign, pair.first.id, pair.second.id) for pair in pairs]


LIJIA = {"village": "李家庄村", "township": "古店镇"}


@pytest.mark.parametrize(
    ("first", "second", "sign"),
    [
        ({"phone": ONE_PHONE}, {"phone": ONE_PHONE}, D.PHONE_AND_NAME),
        ({"phone": ONE_PHONE}, {"phone": ONE_PHONE, "name": "王晓芳"}, D.PHONE_AND_NEAR_NAME),
        ({"phone": ONE_PHONE, "name": "李月娥"}, {"phone": ONE_PHONE, "name": "李月娟"}, D.PHONE_AND_NEAR_NAME),
        ({"phone": ONE_PHONE, "name": "王芳"}, {"phone": ONE_PHONE, "name": "王丽"}, D.SHARED_PHONE),
        ({"phone": ONE_PHONE}, {"phone": ONE_PHONE, "name": "赵翠平"}, D.SHARED_PHONE),
        ({"phone": ONE_PHONE, "id_number": IDS[0]}, {"phone": ONE_PHONE}, D.PHONE_AND_NAME),
        ({"phone": ONE_PHONE, "id_number": IDS[0]}, {"phone": ONE_PHONE, "id_number": IDS[1]}, None),
        ({"phone": ONE_PHONE}, {"phone": OTHER_PHONE}, None),
        (LIJIA, {"village": "李家", "name": "王晓芳"}, D.NAME_AND_VILLAGE),
        (LIJIA, {"village": "古店镇李家庄"}, D.NAME_AND_VILLAGE),
        (LIJIA, LIJIA | {"township": "古店乡"}, D.NAME_AND_VILLAGE),
        (LIJIA, LIJIA | {"township": "倍加造镇"}, None),
        (LIJIA, LIJIA | {"village": "张家庄村"}, None),
        (LIJIA, LIJIA | {"region": "140212"}, None),
        ({}, {}, None),
    ],
)
def test_what_two_records_have_in_common(app, first, second, sign):
    one, other = woman(**first), woman(**second)
    assert offered() == ([(sign, one.id, other.id)] if sign else [])


def test_an_id_number_at_sign_up_that_another_record_holds(app):
    cohort = factories.cohort()
    enrolment = factories.enrolment(cohort, woman("赵翠平"))
    holder = woman("王秀芳", id_number=IDS[0])
    told = {"cohort_id": cohort.id, "state": "settled", "name": "赵翠平", "region_code": DATONG, "at": AT}
    told |= {"code_index": "c", "nonce": "n", "answer_by": "code", "notice_version": "1", "enrolment_id": enrolment.id}
    with transaction() as session:
        session.add(SignUp(**told, id_number_index=holder.id_number_index))
    assert offered() == [(D.SIGN_UP_ID, enrolment.person_id, holder.id)]


def test_a_phone_of_many_tells_only_of_namesakes(app):
    women = [woman(f"{surname}翠平", ONE_PHONE) for surname in "王李张赵刘陈"]
    namesake = woman("王翠平", ONE_PHONE)
    assert offered() == [(D.PHONE_AND_NAME, women[0].id, namesake.id)]


def test_pairs_told_apart_erased_or_put_together_are_not_offered(app):
    first, second, third = (woman(phone=ONE_PHONE) for _ in range(3))
    assert len(offered()) == 3
    with transaction() as session:
        tell_apart(second.id, first.id, by=SYSTEM, at=AT)
        session.get(Person, third.id).erased_at = AT
    assert offered() == []


def test_both_must_be_within_reach(app):
    woman(phone=ONE_PHONE)
    woman(phone=ONE_PHONE, region=LINFEN)
    assert offered(factories.account(Role.MANAGER, region=DATONG)) == []
    assert len(offered()) == 1
