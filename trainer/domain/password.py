"""What a password must be: policies as data, and what is wrong with one that somebody chose."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 128
# A user name of one or two letters stands in too many words to be held against any.
TELLING = 3
_KINDS = (str.islower, str.isupper, str.isdigit, lambda character: not character.isalnum())
# Signs that stand for letters in the passwords people are proud of.
_DISGUISE = str.maketrans("@4301$57!", "aaeoissti")
_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")


class Fault(StrEnum):
    """What is wrong with a password; each has its own sentence."""

    TOO_SHORT = "password_too_short"
    TOO_LONG = "password_too_long"
    TOO_FEW_KINDS = "password_too_few_kinds"
    HAS_USERNAME = "password_has_username"
    HAS_PHONE = "password_has_phone"
    KNOWN = "password_known"
    USED_BEFORE = "password_used_before"


@dataclass(frozen=True)
class PasswordPolicy:
    """What a password must be here, besides not known to everybody and without the user name or phone in it."""

    name: str
    shortest: int
    # Of small letters, capital letters, digits and signs.
    kinds: int
    # Not one of so many that the account had before.
    remembered: int
    # Whether an old one has to make room for a new one.
    renewed: bool


# 等保 2.0 (GB/T 22239-2019, 8.1.4.1 a): complex, and changed regularly.
DENGBAO = PasswordPolicy("dengbao", shortest=10, kinds=3, remembered=5, renewed=True)
# OWASP ASVS 5.0, 6.2.1, asks for 8 and recommends 15, which NIST SP 800-63B-4 demands where a password stands alone, as
# it does here for most roles; 6.2.5 and 6.2.10 forbid rules of composition and forced renewal.
ASVS = PasswordPolicy("asvs", shortest=15, kinds=0, remembered=0, renewed=False)
POLICIES = {policy.name: policy for policy in (DENGBAO, ASVS)}


def find_fault(
    password: str, policy: PasswordPolicy, *, username: str = "", phone: str = "", is_known: Callable[[str], bool]
) -> Fault | None:
    """What is wrong with `password`, the plainest thing first; None where nothing is.

    `is_known` says whether a word is among the passwords that everybody who guesses tries first.
    """
    if len(password) < policy.shortest:
        return Fault.TOO_SHORT
    if len(password) > LONGEST:
        return Fault.TOO_LONG
    if sum(any(kind(character) for character in password) for kind in _KINDS) < policy.kinds:
        return Fault.TOO_FEW_KINDS
    if len(username) >= TELLING and username.casefold() in password.casefold():
        return Fault.HAS_USERNAME
    if phone and phone in "".join(filter(str.isdigit, password)):
        return Fault.HAS_PHONE
    return Fault.KNOWN if any(map(is_known, bare_words(password))) else None


def bare_words(password: str) -> set[str]:
    """`password` as lists of known ones hold it: small, without a year or signs at its ends, its disguise taken off."""
    small = password.casefold()
    bare = _ENDS.sub("", small)
    shown = _ENDS.sub("", bare.translate(_DISGUISE))
    return {small, bare, shown, _ENDS.sub("", small.translate(_DISGUISE))} - {""}
