"""Names, phones and ID numbers as people write them, and masks that never show what they hide."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.domain.people import (
    COMPOUND_SURNAMES,
    LONGEST_NAME,
    Problem,
    Sex,
    birth_year_from_id,
    check_id_number,
    clean_name,
    clean_phone,
    clean_text,
    id_check_digit,
    id_from_cell,
    is_doubtful_name,
    is_formula_like,
    mask_bank_card,
    mask_id_number,
    mask_name,
    mask_phone,
    sex_from_id,
)

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
DIGITS = "0123456789"


def refused(rule, *args, **kwargs):
    with pytest.raises(Problem) as caught:
        rule(*args, **kwargs)
    return caught.value.code, caught.value.values


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("姓 名", "姓名"),
        ("　黄 晓　燕\u200b", "黄晓燕"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽・买买提", "阿依古丽·买买提"),
        ("阿依古丽‧买买提", "阿依古丽·买买提"),
        ("阿依古丽 . 买买提", "阿依古丽·买买提"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("Maria   Lopez", "Maria Lopez"),
        ("ＡＮＮＡ", "ANNA"),
        ("\u2f25娃", "女娃"),
        ("\uf92c", "\u90ce"),
        ("\ufa11", "\ufa11"),
        ("𠅤丽", "𠅤丽"),
        ("䶮", "䶮"),
        ("㛃", "㛃"),
        ("\U000323af", "\U000323af"),
        ("\U0002ebf0", "\U0002ebf0"),
        ("王秀英（小）", "王秀英（小）"),
        ('＝HYPERLINK("http://x")', '＝HYPERLINK("http://x")'),
        ("王" * LONGEST_NAME, "王" * LONGEST_NAME),
    ],
)
def test_name(written, name):
    assert clean_name(written) == name
    assert clean_name(name) == name


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "name_missing"),
        (" \u3000\u200b", "name_missing"),
        ("138", "name_without_letters"),
        ("——", "name_without_letters"),
    ],
)
def test_no_name(written, code):
    assert refused(clean_name, written)[0] == code


def test_name_too_long():
    assert refused(clean_name, "王" * 61) == ("name_too_long", {"most": 60, "length": 61})


@given(st.text())
def test_cleaning_never_makes_a_formula(text):
    try:
        name = clean_name(text)
    except Problem:
        return
    assert is_formula_like(name) <= is_formula_like(clean_text(text))
    assert clean_name(name) == name


@pytest.mark.parametrize("text", ["=1", "＝1", "+1", "＋1", "-1", "－1", "@a", "＠a", "\ta", "\ra", "\0a", "  =1"])
def test_formula_like(text):
    assert is_formula_like(text)


@pytest.mark.parametrize("text", ["", "1=1", "王芳", "a@b", "王-芳"])
def test_not_formula_like(text):
    assert not is_formula_like(text)


@pytest.mark.parametrize(
    ("name", "doubtful"),
    [("李?芳", True), ("李\ufffd芳", True), ("王秀英2", True), ("王\ue000", True), ("黄晓燕", False)],
)
def test_doubtful_name(name, doubtful):
    assert is_doubtful_name(name) is doubtful


@pytest.mark.parametrize(
    "cell",
    [
        "14000000200",
        14000000200,
        14000000200.0,
        "140 0000 0200",
        "140-0000-0200",
        "+86-14000000200",
        "+86 140 0000 0200",
        "0086 14000000200",
        "8614000000200",
        "(+86)14000000200",
        "１４０００００００２００".replace("０００００００", "００００００"),
        "＋86 14000000200",
        "'14000000200",
        "\t14000000200",
        "14000000200、",
    ],
)
def test_phone(cell):
    assert clean_phone(cell) == "14000000200"


@pytest.mark.parametrize(
    ("cell", "code", "values"),
    [
        (None, "phone_missing", {}),
        ("  ", "phone_missing", {}),
        ("1400000021", "phone_digits", {"digits": 10}),
        ("１４００００００２１", "phone_digits", {"digits": 10}),
        ("140000000211", "phone_digits", {"digits": 12}),
        ("138O0000000", "phone_digits", {"digits": 10}),
        ("x14000000200", "phone_characters", {}),
        ("0352-1234567", "phone_not_mobile", {}),
        ("12000000200", "phone_not_mobile", {}),
        ("14000000200/14000000201", "phone_several", {}),
        ("14000000200，0352-1234567", "phone_several", {}),
        ("1.4E+10", "phone_lost_digits", {}),
    ],
)
def test_no_phone(cell, code, values):
    assert refused(clean_phone, cell) == (code, values)


@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.lists(st.integers(0, 10), max_size=4),
    st.sampled_from(" -－　"),
)
def test_phone_is_the_same_however_it_is_spaced(phone, places, mark):
    written = phone
    for place in places:
        written = written[:place] + mark + written[place:]
    assert clean_phone(written) == phone


ID = "14029919930713106X"


@pytest.mark.parametrize(
    "text", [ID, ID.lower(), f" {ID} ", f"'{ID}", "140299 19930713 106x", "１４０２９９１９９３０７１３１０６Ｘ"]
)
def test_id_number(text):
    assert check_id_number(text) == ID


@pytest.mark.parametrize(
    ("text", "code", "values"),
    [
        ("140299930713106", "id_old_form", {}),
        ("1402991993071310", "id_length", {"characters": 16}),
        ("", "id_length", {"characters": 0}),
        ("1402991993071310AX", "id_characters", {}),
        ("X40299199307131064", "id_characters", {}),
        ("14029919931313106X", "id_date", {}),
        ("140299199302291064", "id_date", {}),
        ("140299189907131064", "id_date", {}),
        ("140299199307131060", "id_check_digit", {}),
        ("1.402991980091675E+17", "id_lost_digits", {}),
        ("140299199307141000", "id_lost_digits", {}),
    ],
)
def test_no_id_number(text, code, values):
    assert refused(check_id_number, text) == (code, values)


def test_area_does_not_matter():
    for area in ("653228", "000000", "999999"):
        number = f"{area}19930713106"
        assert check_id_number(number + id_check_digit(number)) == number + id_check_digit(number)


def test_birth_in_the_future_is_a_typing_error():
    number = "14029920870713106"
    number += id_check_digit(number)
    assert check_id_number(number) == number
    assert refused(check_id_number, number, latest_birth=date(2026, 11, 22))[0] == "id_date"


@given(
    st.dates(date(1900, 1, 1), date(2030, 1, 1)),
    st.integers(0, 999999),
    st.integers(0, 999),
    st.integers(0, 17),
    st.integers(1, 9),
)
def test_every_single_wrong_digit_is_found(born, area, serial, place, step):
    number = f"{area:06}{born:%Y%m%d}{serial:03}"
    number += id_check_digit(number)
    assert check_id_number(number) == number
    assert birth_year_from_id(number) == born.year
    assert sex_from_id(number) is (Sex.MALE if serial % 2 else Sex.FEMALE)
    old = DIGITS.find(number[place])
    wrong = number[:place] + DIGITS[(old + step) % 10 if old >= 0 else step] + number[place + 1 :]
    assert refused(check_id_number, wrong)[0] in ("id_check_digit", "id_date", "id_lost_digits")


def test_id_from_cell():
    assert id_from_cell(None) is None
    assert id_from_cell(" ") is None
    assert id_from_cell(ID) == ID
    assert refused(id_from_cell, 1.402991980091675e17) == ("id_lost_digits", {})
    assert refused(id_from_cell, 140299198009167523) == ("id_lost_digits", {})
    assert refused(id_from_cell, 140299930713106) == ("id_old_form", {})
    assert refused(id_from_cell, 140299930713106.0) == ("id_old_form", {})


@pytest.mark.parametrize(
    ("name", "mask"),
    [
        ("", ""),
        (None, ""),
        ("王", "*"),
        ("王芳", "王*"),
        ("王小芳", "王*芳"),
        ("欧阳娜", "欧*娜"),
        ("欧阳娜娜", "欧阳*娜"),
        ("阿依古丽", "阿**丽"),
        ("阿依古丽·买买提", "阿**提"),
        ("阿·丽", "阿**丽"),
        ("𠅤小丽", "𠅤*丽"),
    ],
)
def test_mask_name(name, mask):
    assert mask_name(name) == mask


@given(HAN, HAN, st.text(HAN, min_size=2, max_size=20), st.text(HAN, min_size=2, max_size=20))
def test_long_name_shows_its_ends_and_nothing_of_its_length(first, last, one, other):
    masks = {mask_name(first + inner + last) for inner in (one, other) if first + inner[0] not in COMPOUND_SURNAMES}
    assert masks <= {f"{first}**{last}"}


@given(HAN, HAN, HAN, HAN)
def test_short_name_hides_its_middle(first, last, one, other):
    assert mask_name(first + one + last) == mask_name(first + other + last)
    assert mask_name(first + one) == mask_name(first + other)
    assert mask_name(one) == mask_name(other)


@given(st.sampled_from(sorted(COMPOUND_SURNAMES)), HAN, HAN, HAN)
def test_compound_surname_hides_the_middle_of_the_given_name(surname, one, other, last):
    assert mask_name(surname + one + last) == mask_name(surname + other + last) == f"{surname}*{last}"


@given(st.from_regex(r"[0-9]{3}", fullmatch=True), st.sampled_from(["0000", "1111", "1234"]), st.integers(0, 9999))
def test_mask_phone_hides_four_digits(head, middle, tail):
    assert mask_phone(f"{head}{middle}{tail:04}") == f"{head}****{tail:04}"


@given(st.text(DIGITS, max_size=20).filter(lambda text: len(text) != 11))
def test_mask_of_what_is_no_phone_shows_nothing(text):
    assert mask_phone(text) == ("****" if text else "")


@given(
    st.from_regex(r"[0-9]{3}", fullmatch=True),
    st.text(DIGITS, min_size=11, max_size=11),
    st.from_regex(r"[0-9]{3}[0-9X]", fullmatch=True),
)
def test_mask_id_number(head, hidden, tail):
    assert mask_id_number(head + hidden + tail) == head + "*" * 11 + tail


@given(st.text(DIGITS + "X", max_size=17))
def test_mask_of_what_is_no_id_number_shows_nothing(text):
    assert mask_id_number(text) == ("*" * 18 if text else "")


@given(st.text(DIGITS, min_size=8, max_size=15), st.text(DIGITS, min_size=4, max_size=4))
def test_mask_bank_card_hides_all_but_four_and_the_length(head, tail):
    assert mask_bank_card(head + tail) == f"**** **** **** {tail}"


@pytest.mark.parametrize("text", ["1234", "12345678901", "6222 0000", "abc"])
def test_mask_of_what_is_no_card_shows_nothing(text):
    assert mask_bank_card(text) == "**** **** **** ****"


def test_masks_of_nothing():
    assert mask_phone(None) == mask_id_number(None) == mask_bank_card(None) == mask_bank_card("") == ""
