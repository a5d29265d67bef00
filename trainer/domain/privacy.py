"""Data classes of columns, and the one mask for each field of the two strictest; audit trail, workbooks and logs ask here."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from ipaddress import ip_address

from trainer.domain.people import mask_bank_card, mask_id_number, mask_phone

HIDDEN = "…"
# What a mask leaves behind is not masked again: callers may have been careful already.
MASKED = re.compile(
    r"…|\*+|[0-9]{3}\*{4}[0-9]{4}|[0-9]{3}\*{11}[0-9]{3}[0-9X]|(?:\*{4} ){3}(?:[0-9]{4}|\*{4})|[0-9]{3}\*"
)
# A village ends in one of these; what stands behind it leads to one house.
VILLAGE = re.compile(r"^.*?(?:社区|[村屯嘎])")
CARD = re.compile(r"(?<![0-9])(?:62|60|95|[345][0-9])[0-9]{14,17}(?![0-9])")
# Beside letters it is part of a hash or a token, no number of a person.
NUMBER_OF_A_PERSON = re.compile(r"(?<![0-9A-Za-z])(?:1[3-9][0-9]{9}|[0-9]{17}[0-9Xx])(?![0-9A-Za-z])")


class DataClass(StrEnum):
    """S0 public; S1 her name, village, results; S2 masked in lists; S3 encrypted, shown only with a reason."""

    S0 = "S0"
    S1 = "S1"
    S2 = "S2"
    S3 = "S3"


def mask_address(text: str) -> str:
    """Down to the village and no further; of a network address the first half."""
    try:
        kind = ip_address(text)
    except ValueError:
        village = VILLAGE.match(text)
        return village[0] if village else HIDDEN
    if kind.version == 6:
        return ":".join(kind.exploded.split(":")[:3]) + ":" + HIDDEN
    return ".".join(str(kind).split(".")[:2]) + "." + HIDDEN


def mask_birth_year(year: str) -> str:
    """The decade: 198*."""
    return f"{year[:3]}*" if re.fullmatch(r"[0-9]{4}", year) else HIDDEN


def hide(_value: str) -> str:
    return HIDDEN


# Every column of class S2 or S3 by its name, and how its value is masked; tests/house/test_privacy.py holds the two
# together. `bank_account` and `birth_date` are fields that callers may name before there is such a column.
MASKS: Mapping[str, Callable[[str], str]] = {
    "phone": mask_phone,
    "helper_phone": mask_phone,
    "id_number": mask_id_number,
    "bank_account": mask_bank_card,
    "birth_year": mask_birth_year,
    "birth_date": hide,
    "address": mask_address,
    "secret": hide,
    "wished": hide,
}
# Columns of these classes whose names mean something else in an act's details; they hold whole records, encrypted.
ENVELOPES = frozenset({"content", "before", "words"})


def mask(field: str, value: object) -> object:
    """`value` as it may be shown of `field`; whatever is no field of the strict classes stays as it is.

    Masked twice is masked once. Nothing, yes and no tell nothing and stay.
    """
    if field not in MASKS or value is None or isinstance(value, bool) or value == "":
        return value
    text = str(value)
    return text if MASKED.fullmatch(text) or text.endswith(HIDDEN) else MASKS[field](text)


def mask_details(details: object, field: str | None = None) -> object:
    """Everything in an act's details, however deep: by the name it stands under, and what looks like a number of hers."""
    if isinstance(details, Mapping):
        return {
            name: mask_details(value, str(name) if str(name) in MASKS else field) for name, value in details.items()
        }
    if isinstance(details, list | tuple):
        named = details[0] if details and isinstance(details[0], str) and details[0] in MASKS else None
        head, rest = ([details[0]], details[1:]) if named else ([], details)
        return [*head, *(mask_details(value, named or field) for value in rest)]
    if field is not None:
        return mask(field, details)
    if isinstance(details, str):
        return NUMBER_OF_A_PERSON.sub(_starred, details)
    return details


def _starred(found: re.Match) -> str:
    return mask_phone(found[0]) if len(found[0]) == 11 else mask_id_number(found[0].upper())


def passes_luhn(digits: str) -> bool:
    """The check digit of bank cards (ISO/IEC 7812-1)."""
    doubled = (int(d) * (1 + at % 2) for at, d in enumerate(reversed(digits)))
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


# phone=138…, 'id_number': '140…', "phone": "138…": what follows a field's name in a line of a log.
NAMED_VALUE = re.compile(
    rf"""(?i)(?<![a-z_])((?:{"|".join(MASKS)})["']?\s*[:=]\s*)(["'])?((?(2)[^"']*|[^\s,;)}}\]]+))"""
)


def mask_log_line(line: str) -> str:
    """A line of a log without values of protected fields, phones, ID numbers and bank cards."""
    line = NAMED_VALUE.sub(lambda found: f"{found[1]}{found[2] or ''}***", line)
    return CARD.sub(lambda found: _starred_card(found[0]), line)


def _starred_card(digits: str) -> str:
    return f"{'*' * (len(digits) - 4)}{digits[-4:]}" if passes_luhn(digits) else digits
