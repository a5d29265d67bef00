"""Who of the register a row is: one table of cases, and the same woman twice in one file."""

import pytest

from trainer.domain.imports import RowAction
from trainer.domain.people import Sex
from trainer.domain.roster import Change, KnownPerson, Register, Remark, RosterRow, find_duplicates, match_row


def row(number=4, **fields):
    return RosterRow(number, **({"name": "王秀英", "village": "上庄村", "township": "城关镇"} | fields))


def known(person_id=1, name="王秀英", id_index=None, phone_index=None, **values):
    return KnownPerson(
        person_id, name, id_index, phone_index, {"village": "上庄村", "township": "城关镇", "phone": "1400000"} | values
    )


def match(candidates, id_index=None, phone_index=None, resolved=None, **fields):
    fields.setdefault("id_number", id_index and f"number of {id_index}")
    fields.setdefault("phone", phone_index and f"number of {phone_index}")
    return match_row(row(**fields), candidates, id_index=id_index, phone_index=phone_index, resolved=resolved)


NEW, SAME, UPDATE, ASK = RowAction.NEW, RowAction.SAME, RowAction.UPDATE, RowAction.NEEDS_PERSON


@pytest.mark.parametrize(
    ("candidates", "id_index", "phone_index", "action", "person_id", "reason"),
    [
        pytest.param([], "i1", "p1", NEW, None, None, id="nobody known"),
        pytest.param([], None, "p1", NEW, None, None, id="nobody known, phone only"),
        pytest.param([], None, None, ASK, None, "no_id_and_no_phone", id="neither ID nor phone"),
        pytest.param([known(7)], None, None, ASK, None, "no_id_and_no_phone", id="neither, though namesake known"),
        pytest.param([known(7, id_index="i1", phone_index="p1")], "i1", "p1", SAME, 7, None, id="same ID and phone"),
        pytest.param([known(7, id_index="i1", phone_index="p9")], "i1", None, SAME, 7, None, id="same ID, no phone"),
        pytest.param([known(7, id_index="i1", phone_index="p9")], "i1", "p1", UPDATE, 7, None, id="same ID, new phone"),
        pytest.param([known(7, id_index="i1", phone_index="p1")], None, "p1", SAME, 7, None, id="phone and name"),
        pytest.param([known(7, phone_index="p1")], "i1", "p1", UPDATE, 7, None, id="phone and name, ID now known"),
        pytest.param(
            [known(7, "王秀珍", id_index="i1", phone_index="p1")],
            *("i1", "p1", ASK, None, "same_id_other_name"),
            id="same ID, other name",
        ),
        pytest.param(
            [known(7, id_index="i2", phone_index="p1")],
            *("i1", "p1", ASK, None, "same_phone_and_name_other_id"),
            id="same phone and name, other ID",
        ),
        pytest.param([known(7, "王秀珍", phone_index="p1")], None, "p1", NEW, None, None, id="a shared phone"),
        pytest.param([known(7, "王秀珍", "i2", "p1")], "i1", "p1", NEW, None, None, id="a shared phone, two IDs"),
        pytest.param(
            [known(7, phone_index="p1"), known(8, phone_index="p1")],
            *(None, "p1", ASK, None, "several_match"),
            id="phone and name twice in the register",
        ),
        pytest.param(
            [known(7, phone_index="p1"), known(8, id_index="i1")], "i1", "p1", UPDATE, 8, None, id="the ID decides"
        ),
        pytest.param(
            [known(7, phone_index="p9")],
            *(None, "p1", ASK, None, "same_name_and_village"),
            id="same name and village, other phone",
        ),
        pytest.param(
            [known(7)], "i1", "p1", ASK, None, "same_name_and_village", id="same name and village, nothing else known"
        ),
        pytest.param(
            [known(7, id_index="i2", phone_index="p9")], "i1", "p1", NEW, None, None, id="namesakes with two IDs"
        ),
        pytest.param([known(7, village="下庄村")], None, "p1", NEW, None, None, id="namesake of another village"),
        pytest.param([known(7, village=None)], None, "p1", NEW, None, None, id="namesake of no village"),
        pytest.param([known(7, township="西坪镇")], None, "p1", NEW, None, None, id="village of that name elsewhere"),
        pytest.param(
            [known(7, township=None)], None, "p1", ASK, None, "same_name_and_village", id="one township unknown"
        ),
    ],
)
def test_match(candidates, id_index, phone_index, action, person_id, reason):
    for order in (candidates, candidates[::-1]):
        found = match(order, id_index, phone_index)
        assert (found.action, found.person_id, found.reason) == (action, person_id, reason)


def test_who_it_might_be():
    assert match([known(7), known(8)], None, "p1").might_be == (7, 8)


def test_no_village_is_not_the_same_village():
    assert match([known(7, village=None)], None, "p1", village=None).action is NEW


def test_changes_name_field_old_and_new():
    person = known(
        7, phone_index="p9", education="初中", note="旧", sex="F", birth_year=None, accounts={"douyin": "d1"}
    )
    found = match(
        [person, known(8, "别人")],
        "i1",
        "p9",
        education="高中",
        note=None,
        sex=Sex.FEMALE,
        birth_year=1993,
        business="杂粮",
        accounts={"douyin": "d1", "kuaishou": "k1"},
        phone="140",
        id_number="1402",
    )
    assert found.action is UPDATE
    assert found.person_id == 7
    assert set(found.changes) == {
        Change("id_number", None, "1402"),
        Change("birth_year", None, 1993),
        Change("education", "初中", "高中"),
        Change("accounts.kuaishou", None, "k1"),
    }


def test_new_phone_gives_the_old_one_too():
    found = match([known(7, id_index="i1", phone_index="p9", phone="14000000201")], "i1", "p1", phone="14000000202")
    assert found.changes == (Change("phone", "14000000201", "14000000202"),)


def test_what_was_looked_up_is_compared_too():
    person = known(7, id_index="i1", region_code="140215")
    assert match([person], "i1", resolved={"region_code": "140215"}).action is SAME
    assert match([person], "i1", resolved={"region_code": None}).action is SAME
    assert match([person], "i1", resolved={"region_code": "140221"}).changes == (
        Change("region_code", "140215", "140221"),
    )


def test_no_shop_is_an_answer():
    person = known(7, id_index="i1", has_shop=True)
    assert match([person], "i1", has_shop=False).changes == (Change("has_shop", True, False),)
    assert match([person], "i1", has_shop=None).action is SAME


def test_register_gives_namesakes_and_the_holder_of_the_id_once():
    holder, namesake, stranger = known(1, "李雪", "i1"), known(2), known(3, "李雪", "i3")
    register = Register([holder, namesake, stranger])
    assert register.near(row(), "i1") == [holder, namesake]
    assert register.near(row(), None) == [namesake]
    assert register.near(row(name="李雪"), "i1") == [holder, stranger]
    assert register.near(row(name="无名"), "i9") == []


def test_personal_values_stay_out_of_what_is_printed():
    shown = repr(
        (
            row(name="黄晓燕", id_number="14029919930713106X", phone="14000000200", raw=("14000000200",)),
            known(name="黄晓燕", phone="14000000200"),
            Change("phone", "14000000200", "14000000201"),
        )
    )
    assert "1402" not in shown
    assert "14000" not in shown


BAD = (Remark("phone", "phone_digits", {"digits": 10}),)


@pytest.mark.parametrize(
    ("rows", "pairs", "conflicts"),
    [
        ([row(4, id_number="i1"), row(5, id_number="i1")], ((4, 5),), {}),
        ([row(4, id_number="i1"), row(5, id_number="i1"), row(6, id_number="i1")], ((4, 5), (4, 6)), {}),
        ([row(4, phone="p1"), row(5, phone="p1")], ((4, 5),), {}),
        ([row(4, id_number="i1", phone="p1"), row(5, phone="p1")], ((4, 5),), {}),
        ([row(4, phone="p1"), row(5, id_number="i1", phone="p1")], ((4, 5),), {}),
        ([row(4, phone="p1"), row(5, phone="p1", name="李雪")], (), {}),
        ([row(4), row(5)], (), {}),
        ([row(4, id_number="i1"), row(5, id_number="i2")], (), {}),
        ([row(4, id_number="i1", problems=BAD), row(5, id_number="i1")], (), {}),
        (
            [row(4, id_number="i1"), row(5, id_number="i1", name="李雪")],
            (),
            {4: "same_id_other_name", 5: "same_id_other_name"},
        ),
        (
            [row(4, id_number="i1", phone="p1"), row(5, id_number="i2", phone="p1")],
            (),
            {4: "same_phone_and_name_other_id", 5: "same_phone_and_name_other_id"},
        ),
    ],
)
def test_duplicates_in_a_file(rows, pairs, conflicts):
    found = find_duplicates(rows)
    assert found.pairs == pairs
    assert found.needs_a_person == conflicts
