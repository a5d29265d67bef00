"""Certificates: their states, their numbers with a check digit, and what is printed on one."""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from urllib.parse import quote

from trainer.domain.attendance import Evidence
from trainer.domain.programme import Track


class CertificateState(StrEnum):
    VALID = "valid"
    REPLACED = "replaced"
    REVOKED = "revoked"


# H. M. Damm, Total anti-symmetrische Quasigruppen (Marburg 2004): one digit that finds every single wrong digit and
# every pair of neighbours that changed places.
_DAMM = (
    *("0317598642", "7092154863", "4206871359", "1750983426", "6123045978"),
    *("3674209581", "5869720134", "8945362017", "9438617205", "2581436790"),
)
# Prefix, year, serial, check digit: JY2026-000123-7.
_OURS = re.compile(r"([A-Z]{1,8})(2[0-9]{3})([0-9]{6})([0-9])")
_TAIL = 11
_LIKE_DIGITS = str.maketrans("OIL", "011")
_AROUND = re.compile(r"^(证书)?(编号)?[::]?(第)?|号$")
_NO_CHARACTER = re.compile(r"[\W_]+")
PREFIX = re.compile(r"[A-Z]{1,8}")
MOST_SERIALS = 999_999
LONGEST_NUMBER = 60


def check_digit(digits: str) -> str:
    """Of a string of digits."""
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return str(interim)


def series_key(prefix: str, year: int) -> str:
    """A run of numbers is a prefix and a year."""
    return f"{prefix}{year}"


def make_number(key: str, serial: int) -> str:
    """The `serial`-th number of a series, with its check digit: over year and serial, without the letters."""
    return f"{key}-{serial:06d}-{check_digit(f'{key[-4:]}{serial:06d}')}"


def tidy_number(typed: str) -> str:
    """A number as it is kept and looked up, from what people type.

    Full-width and lower-case letters, blanks, 第…号 around it, an O for a nought and an I for a one in the digits of
    one of ours. Of a number from before this system: without blanks, its brackets as 〔〕.
    """
    plain = _AROUND.sub("", re.sub(r"\s+", "", unicodedata.normalize("NFKC", typed)))
    joined = _NO_CHARACTER.sub("", plain).upper()
    joined = joined[:-_TAIL] + joined[-_TAIL:].translate(_LIKE_DIGITS)
    if ours := _OURS.fullmatch(joined):
        prefix, year, serial, check = ours.groups()
        return f"{prefix}{year}-{serial}-{check}"
    foreign = re.sub(r"[\s]", "", unicodedata.normalize("NFKC", typed)).upper()
    return re.sub(r"[(\[【「]", "〔", re.sub(r"[)\]】」]", "〕", foreign))


def is_ours(number: str, prefix: str = "") -> bool:
    """Whether a tidied number has the shape of ours, and `prefix` where one is given."""
    ours = _OURS.fullmatch(number.replace("-", ""))
    return bool(ours) and (not prefix or ours[1] == prefix)


def has_right_digit(number: str) -> bool:
    """Whether the check digit of a tidied number of ours is right."""
    return check_digit(number.replace("-", "")[-_TAIL:-1]) == number[-1]


def check_address(base_url: str, number: str) -> str:
    """Where everybody can check a certificate; its QR code opens it."""
    return f"{base_url.rstrip('/')}/check/{quote(number)}"


@dataclass(frozen=True)
class Issuer:
    """Who issues: the letters its numbers begin with, and the name under the words; empty: the programme's organisers."""

    prefix: str
    organisation: str


@dataclass(frozen=True)
class CertificateFacts:
    """What is printed on a certificate, as it was when it was issued.

    `minutes` are those she attended. `evidence`: of the lessons she attended, how many are known how surely; empty
    where that is not known, for one that was issued before this system. `rule`: the number of the version by which
    she completed.
    """

    name: str
    programme: str
    cohort: str
    region: str
    track: Track
    organisation: str
    minutes: int
    first_day: date
    last_day: date
    lessons: int = 0
    evidence: Mapping[Evidence, int] = field(default_factory=dict)
    rule: int | None = None
    by_exception: bool = False

    def to_content(self) -> str:
        """As it is kept."""
        days = {"first_day": self.first_day.isoformat(), "last_day": self.last_day.isoformat()}
        return json.dumps(vars(self) | days, ensure_ascii=False)


def from_content(content: str) -> CertificateFacts | None:
    """None where it was erased."""
    kept = json.loads(content)
    if not kept:
        return None
    days = {name: date.fromisoformat(kept[name]) for name in ("first_day", "last_day")}
    evidence = {Evidence(strength): count for strength, count in kept["evidence"].items()}
    return CertificateFacts(**kept | days | {"evidence": evidence, "track": Track(kept["track"])})


@dataclass(frozen=True)
class Printable:
    """A certificate on its way to paper or into a picture: its number, its day, and the address that proves it."""

    number: str
    issued_on: date
    facts: CertificateFacts
    address: str

    @property
    def texts(self) -> tuple[str, ...]:
        """What a font has to be able to draw that people have typed."""
        return (self.facts.name, self.facts.programme, self.facts.cohort, self.facts.region, self.facts.organisation)
