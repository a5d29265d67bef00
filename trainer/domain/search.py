"""The search box: what somebody typed may be a name, a code, four digits of a phone, or a whole number of a person."""

import re
import unicodedata
from dataclasses import dataclass

from trainer.domain.people import ID_NUMBER, NUMBER_IN_TEXT, PHONE_MARKS, clean_text

LONGEST = 60
# From so many digits on it is a number of somebody, which must stand in no address: addresses are written down by
# browsers, servers and proxies.
PHONE_TAIL = 4
NUMBER_BEGINS = 9
RUN_OF_DIGITS = re.compile(rf"[0-9]{{{NUMBER_BEGINS},}}")


@dataclass(frozen=True)
class Wanted:
    """`number`: a whole phone or ID number and nothing else; `mixed`: a number among words, which finds nothing."""

    text: str = ""
    number: str | None = None
    mixed: bool = False

    @property
    def may_stand_in_address(self) -> bool:
        return self.number is None and not self.mixed

    @property
    def is_id_number(self) -> bool:
        return self.number is not None and ID_NUMBER.fullmatch(self.number) is not None


def parse(typed: str) -> Wanted:
    """Full-width signs are made plain, marks between digits go, and what is too long is cut."""
    text = clean_text(unicodedata.normalize("NFKC", typed[:400]))
    bare = PHONE_MARKS.sub("", text).upper()
    if ID_NUMBER.fullmatch(bare) or (bare.isdecimal() and len(bare) >= NUMBER_BEGINS):
        return Wanted(number=bare[:18])
    if RUN_OF_DIGITS.search(text) or NUMBER_IN_TEXT.search(bare):
        return Wanted(mixed=True)
    return Wanted(text=phone_tail(bare) or text[:LONGEST].strip())


def phone_tail(text: str) -> str | None:
    """The last four digits where that is what was typed."""
    return text if len(text) == PHONE_TAIL and text.isascii() and text.isdecimal() else None
