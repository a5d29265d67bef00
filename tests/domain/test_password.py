"""Password policies as tables, and what a list of known passwords is asked for."""

import pytest

from trainer.domain.password import ASVS, DENGBAO, Fault, PasswordPolicy, bare_words, find_fault
from trainer.services.password import is_known

LONG = "Aa1-" * 33  # 132 characters


def fault(password: str, policy: PasswordPolicy) -> Fault | None:
    return find_fault(password, policy, username="wangfang", phone="13800138000", is_known=is_known)


@pytest.mark.parametrize(
    ("password", "wrong"),
    [
        ("Tall-Trees-99", None),
        ("高山流水Ab-12xy", None),  # Chinese characters are welcome; they are none of the four kinds
        ("Ab-1", Fault.TOO_SHORT),
        ("Tree-99-x", Fault.TOO_SHORT),
        (LONG, Fault.TOO_LONG),
        ("talltreesinwind", Fault.TOO_FEW_KINDS),
        ("talltrees999999", Fault.TOO_FEW_KINDS),
        ("TALLTREES-----", Fault.TOO_FEW_KINDS),
        ("My-WangFang-1", Fault.HAS_USERNAME),
        ("Ab-138-0013-8000", Fault.HAS_PHONE),
        ("Password-2026!", Fault.KNOWN),
        ("P@ssw0rd2026", Fault.KNOWN),
        ("!!Sunshine88", Fault.KNOWN),
        ("Dragon123456.", Fault.KNOWN),
    ],
)
def test_dengbao(password, wrong):
    assert fault(password, DENGBAO) is wrong


@pytest.mark.parametrize(
    ("password", "wrong"),
    [
        ("tall trees in the wind", None),
        ("talltreesinthewind", None),
        ("高山流水高山流水高山流水高山流水", None),
        ("Tall-Trees-99!", Fault.TOO_SHORT),
        ("Tall-Trees-999!", None),
        (LONG[:128], None),
        (LONG[:129], Fault.TOO_LONG),
        ("my wangfang in the wind", Fault.HAS_USERNAME),
        ("call me 138 0013 8000 now", Fault.HAS_PHONE),
        ("password2026202620", Fault.KNOWN),
        ("sunshine!!!!!!!!!!", Fault.KNOWN),
    ],
)
def test_asvs(password, wrong):
    assert fault(password, ASVS) is wrong


def test_the_policies_differ_in_what_comes_later_too():
    assert (DENGBAO.remembered, DENGBAO.renewed) == (5, True)
    assert (ASVS.remembered, ASVS.renewed) == (0, False)


def test_a_user_name_of_two_letters_is_held_against_nobody():
    assert find_fault("Quality-99-x", DENGBAO, username="li", is_known=is_known) is None


def test_an_account_without_name_or_phone_is_weighed_too():
    assert find_fault("Tall-Trees-99", DENGBAO, is_known=is_known) is None


def test_words_are_looked_up_bare():
    assert bare_words("P@ssw0rd2026!") >= {"p@ssw0rd2026!", "p@ssw0rd", "password"}
    assert "" not in bare_words("2026-2026!")
