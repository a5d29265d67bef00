"""Masks: one a field, safe for whatever somebody types, and masked twice is masked once."""

import random
import string

import pytest

from trainer.domain.people import COMPOUND_SURNAMES, mask_name
from trainer.domain.privacy import HIDDEN, MASKS, mask, mask_details, mask_log_line, passes_luhn

PHONE, ID_NUMBER, CARD = "13812345678", "140299199311028401", "6222021234567890128"


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("phone", PHONE, "138****5678"),
        ("phone", 13812345678, "138****5678"),
        ("phone", "0352-1234567", "****"),
        ("id_number", ID_NUMBER, "140***********8401"),
        ("id_number", "14029919931102840X", "140***********840X"),
        ("id_number", "140299931102840", "*" * 18),
        ("bank_account", CARD, "**** **** **** 0128"),
        ("bank_account", "6222 0212 3456 7890 128", "**** **** **** 0128"),
        ("birth_year", 1985, "198*"),
        ("birth_date", "1985-01-02", HIDDEN),
        ("address", "山西省大同市云州区西坪镇大西沟村12号院", "山西省大同市云州区西坪镇大西沟村"),
        ("address", "云州区上庄村东路3号", "云州区上庄村"),
        ("address", "御河西路1号", HIDDEN),
        ("address", "203.0.113.77", "203.0.…"),
        ("address", "2001:db8:1:2::77", "2001:0db8:0001:…"),
        ("name", "王秀芳", "王秀芳"),
        ("phone", None, None),
        ("phone", True, True),
        ("phone", "", ""),
    ],
)
def test_each_field_has_its_mask(field, value, shown):
    assert mask(field, value) == shown
    assert mask(field, mask(field, value)) == shown


@pytest.mark.parametrize("field", MASKS)
def test_no_mask_ever_shows_most_of_a_value(field):
    """Whatever is typed: more than half of it is gone, unless it is a place down to the village."""
    chance = random.Random(7)
    alphabet = string.digits + string.ascii_letters + "王芳·X- 号楼*…"
    for _ in range(3000):
        value = "".join(chance.choice(alphabet) for _ in range(chance.randint(5, 30)))
        shown = str(mask(field, value))
        assert shown == str(mask(field, shown))
        if "*" not in value and "…" not in value:
            assert value not in shown, value


def test_names_keep_their_first_and_last_sign_and_hide_their_length():
    chance = random.Random(7)
    signs = [chr(code) for code in range(0x4E00, 0x9FA5, 97)]
    for _ in range(2000):
        length = chance.choice([1, 2, 3, 4, 5, 9])
        name = "".join(chance.choice(signs) for _ in range(length))
        if chance.random() < 0.3:
            name = f"{name}·{chance.choice(signs)}{chance.choice(signs)}"
        shown = mask_name(name)
        assert "*" in shown
        assert name not in shown or len(name) == 0
        if len(name) > 3 and name[:2] not in COMPOUND_SURNAMES:
            assert shown == f"{name[0]}**{name[-1]}"
    assert [mask_name(n) for n in ("王芳", "王秀芳", "欧阳春娜", "阿依古丽", "阿依古丽·买买提", "丽")] == [
        *("王*", "王*芳", "欧阳*娜", "阿**丽", "阿**提", "*"),
    ]


def test_details_are_masked_however_deep_they_lie():
    digest = "a13812345678f" * 4
    details = {
        "before": {"phone": PHONE, "village": "大西沟村"},
        "people_changed": {"7": [["phone", PHONE, "13900000000"], ["village", "甲", "乙"]]},
        "id_number": {"was": ID_NUMBER, "is": None},
        "note": f"她说打 {PHONE} 找她",
        "sha256": digest,
        "people": [1, 2],
    }
    shown = mask_details(details)
    assert PHONE not in str(shown).replace(digest, "")
    assert "13900000000" not in str(shown)
    assert ID_NUMBER not in str(shown)
    assert shown["before"] == {"phone": "138****5678", "village": "大西沟村"}
    assert shown["people_changed"]["7"] == [["phone", "138****5678", "139****0000"], ["village", "甲", "乙"]]
    assert shown["id_number"] == {"was": "140***********8401", "is": None}
    assert shown["sha256"] == digest
    assert shown["people"] == [1, 2]


@pytest.mark.parametrize(
    ("line", "gone", "kept"),
    [
        ("saved phone=13812345678 for 7", PHONE, "for 7"),
        ("{'id_number': '14029919931102840X', 'village': '上庄村'}", "2840X", "上庄村"),
        ('{"bank_account": "6222 0212 3456"}', "0212", "bank_account"),
        ("birth_date: 1985-01-02, next", "1985", "next"),
        (f"paid into {CARD} today", CARD, "0128"),
        ("card 4111111111111111", "411111", "1111"),
    ],
)
def test_a_line_of_a_log_holds_no_value(line, gone, kept):
    shown = mask_log_line(line)
    assert gone not in shown
    assert kept in shown


def test_order_numbers_stay_readable_in_a_log():
    assert passes_luhn("6923456780706251116")
    assert mask_log_line("order 6923456780706251116 and 4111111111111112") == (
        "order 6923456780706251116 and 4111111111111112"
    )
