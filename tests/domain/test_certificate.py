"""Numbers of certificates: the check digit, what people type, which numbers are ours; what is kept of a certificate."""

from datetime import date

import pytest

from trainer.domain.attendance import Evidence
from trainer.domain.certificate import (
    CertificateFacts,
    check_address,
    check_digit,
    from_content,
    has_right_digit,
    is_ours,
    make_number,
    tidy_number,
)
from trainer.domain.programme import Track

NUMBER = "JY2026-000123-8"


def test_the_digit_is_damms():
    assert check_digit("572") == "4"  # the example of his thesis
    assert make_number("JY2026", 123) == NUMBER


def test_every_wrong_digit_and_every_pair_that_changed_places_is_found():
    digits = "2026000123"
    right = check_digit(digits)
    for at, there in enumerate(digits):
        for other in set("0123456789") - {there}:
            assert check_digit(digits[:at] + other + digits[at + 1 :]) != right
    for at in range(len(digits) - 1):
        changed = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
        assert changed == digits or check_digit(changed) != right


@pytest.mark.parametrize(
    "typed",
    [
        NUMBER,
        "jy2026-000123-8",
        "  JY2026 000123 8 ",
        "JY20260001238",
        "ＪＹ２０２６－０００１２３－８",
        "第JY2026-000123-8号",
        "证书编号：JY2026-000123-8",
        "编号:JY2026—000123—8",
        "JY2O26-OOOI23-8",
    ],
)
def test_what_people_type(typed):
    assert tidy_number(typed) == NUMBER
    assert is_ours(NUMBER, "JY")
    assert has_right_digit(NUMBER)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("晋妇培字（2022）第 0123 号", "晋妇培字〔2022〕第0123号"),
        ("晋妇培字[2022]第0123号", "晋妇培字〔2022〕第0123号"),
        ("dt-2022-15", "DT-2022-15"),
        ("JY2026-000123", "JY2026-000123"),
        ("", ""),
    ],
)
def test_a_number_from_before_this_system_stays_as_it_is(typed, kept):
    assert tidy_number(typed) == kept
    assert tidy_number(kept) == kept
    assert not is_ours(kept)


def test_ours_by_prefix_and_wrong_digit():
    assert not is_ours(NUMBER, "SX")
    assert is_ours("OIL2026-000123-8", "OIL")
    assert not has_right_digit("JY2026-000132-8")


def test_the_address_that_proves_it():
    assert check_address("https://example.org/", NUMBER) == f"https://example.org/check/{NUMBER}"


def test_what_is_printed_is_kept_as_it_was():
    facts = CertificateFacts(
        *("王秀芳", "她力量", "大同市第1期", "大同市", Track.FOUNDATION, "山西省妇女联合会", 1440),
        *(date(2026, 3, 9), date(2026, 3, 13)),
        lessons=8,
        evidence={Evidence.SEEN_BY_STAFF: 7, Evidence.CLAIM: 1},
        rule=2,
        by_exception=True,
    )
    assert from_content(facts.to_content()) == facts
    assert from_content("{}") is None
